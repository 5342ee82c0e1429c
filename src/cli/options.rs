//! Options stand anywhere in a command line, also after words that begin with a hyphen.
//!
//! In `search tantivy -lucene --json` the query is `tantivy -lucene`. The parser of command lines
//! would read `-lucene` as options or, told to take hyphens, `--json` as a word of the query.

use std::ffi::{OsStr, OsString};

use clap::Command;

/// Moves the options that follow the subcommand `name` before its words, and marks where the
/// words begin. An option is what begins with two hyphens, and a short one that exists.
pub(super) fn first(
    name: &str,
    line: &Command,
    arguments: impl IntoIterator<Item = OsString>,
) -> Vec<OsString> {
    let mut given = arguments.into_iter();
    let mut arranged: Vec<OsString> = given.next().into_iter().collect();
    let mut line = line.clone();
    line.build();
    // What stands before the subcommand.
    loop {
        let Some(argument) = given.next() else { return arranged };
        let named = argument == name;
        let option = argument.to_string_lossy().starts_with('-');
        let valued = takes_value(&line, &argument);
        arranged.push(argument);
        if valued {
            arranged.extend(given.next());
        } else if named {
            break;
        } else if !option {
            arranged.extend(given);
            return arranged;
        }
    }
    let Some(command) = line.find_subcommand(name) else {
        arranged.extend(given);
        return arranged;
    };
    let mut words = Vec::new();
    while let Some(argument) = given.next() {
        if argument == "--" {
            words.extend(given.by_ref());
        } else if is_option(command, &argument) {
            let valued = takes_value(command, &argument);
            arranged.push(argument);
            if valued {
                arranged.extend(given.next());
            }
        } else {
            words.push(argument);
        }
    }
    if !words.is_empty() {
        arranged.push("--".into());
        arranged.extend(words);
    }
    arranged
}

fn is_option(command: &Command, argument: &OsStr) -> bool {
    let text = argument.to_string_lossy();
    if text.starts_with("--") {
        return true;
    }
    let Some(letters) = text.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
        return false;
    };
    let shorts: Vec<char> = command.get_arguments().filter_map(clap::Arg::get_short).collect();
    letters.chars().all(|letter| shorts.contains(&letter))
}

/// Whether the value of this option is the next argument.
fn takes_value(command: &Command, argument: &OsStr) -> bool {
    let text = argument.to_string_lossy();
    let Some(long) = text.strip_prefix("--") else { return false };
    command
        .get_arguments()
        .any(|known| known.get_long() == Some(long) && known.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;
    use crate::cli::Line;

    fn arranged(line: &str) -> String {
        let given = line.split(' ').map(OsString::from);
        let arranged = first("search", &Line::command(), given);
        assert!(Line::try_parse_from(&arranged).is_ok(), "{arranged:?}");
        arranged.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn options_after_the_query_are_options() {
        let wanted = "bw search --limit 3 --json -v --sort=newest -- merge policy";
        assert_eq!(arranged("bw search merge --limit 3 policy --json -v --sort=newest"), wanted);
        let wanted = "bw --dir search search --dir d -- search";
        assert_eq!(arranged("bw --dir search search search --dir d"), wanted);
    }

    #[test]
    fn words_with_a_hyphen_stay_in_the_query() {
        assert_eq!(arranged("bw search merge -lucene --json"), "bw search --json -- merge -lucene");
        assert_eq!(arranged("bw search -lucene"), "bw search -- -lucene");
        assert_eq!(arranged("bw search --json -"), "bw search --json -- -");
        assert_eq!(arranged("bw search a -- --json"), "bw search -- a --json");
    }

    #[test]
    fn other_commands_stay_as_they_are() {
        assert_eq!(arranged("bw fetch search --json"), "bw fetch search --json");
        assert_eq!(arranged("bw -v status"), "bw -v status");
    }
}
