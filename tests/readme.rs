//! The README tells nothing that the program does not do.

use std::collections::BTreeSet;
use std::process::Command;

use bellwether::config::{self, Surroundings};
use bellwether::query;

use crate::support::files::{read, repository};

/// Bodies of the README's code blocks in `language`.
fn blocks(language: &str) -> Vec<String> {
    let readme = read("README.md");
    let opening = format!("```{language}\n");
    let opened = readme.split(&opening).skip(1);
    opened.filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}

#[test]
fn each_feeds_yaml_in_the_readme_is_one() {
    let shown = blocks("yaml");
    assert!(!shown.is_empty());
    for text in shown {
        let read = config::read(&text, "README.md", &Surroundings::fixed(&[]));
        assert!(read.is_ok(), "{text}\n{}", read.unwrap_err());
    }
}

#[test]
fn the_keys_that_the_readme_explains_are_all_there_are() {
    let wrong = config::read("nonsense: 1\n", "feeds.yaml", &Surroundings::fixed(&[]));
    let told = wrong.unwrap_err().hint().unwrap();
    let (_, known) = told.split_once("known: ").unwrap_or_else(|| panic!("{told}"));
    let mut known: Vec<&str> =
        known.split([',', ' ', '\n']).filter(|key| !key.is_empty()).collect();
    let readme = read("README.md");
    let (_, after) = readme.split_once("the keys are:\n").unwrap();
    let (table, _) = after.trim_start().split_once("\n\n").unwrap();
    let mut explained: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    known.sort_unstable();
    explained.sort_unstable();
    assert_eq!(explained, known);
}

#[test]
fn searches_in_the_readme_are_understood() {
    let searches: Vec<String> = blocks("sh")
        .join("\n")
        .lines()
        .filter_map(|line| line.strip_prefix("bellwether search '")?.split('\'').next())
        .map(str::to_owned)
        .collect();
    assert!(!searches.is_empty());
    for search in searches {
        assert!(query::parse(&search).is_ok(), "{search}");
    }
}

#[test]
fn fields_in_the_readme_are_all_there_are() {
    let readme = read("README.md");
    for field in query::FIELDS {
        assert!(readme.contains(&format!("`{field}:")), "{field} is not in the README");
    }
}

#[test]
fn pages_that_the_readme_links_are_there() {
    let readme = read("README.md");
    for target in readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        if !target.contains("://") {
            assert!(repository().join(target).exists(), "{target}");
        }
    }
}

/// The part of the demo's digest that fits a screen, in a fence, as the README shows it.
fn digest_of_the_demo() -> String {
    let demo = Command::new(env!("CARGO_BIN_EXE_bellwether")).arg("demo").output().unwrap();
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
    let printed = String::from_utf8(demo.stdout).unwrap();
    let (screen, _) = printed.split_once("\n---\n").unwrap();
    format!("\n```markdown\n{}\n```\n", screen.trim())
}

/// `UPDATE_EXPECT=1` writes the digest into the README instead.
#[test]
fn the_readme_shows_the_digest_that_the_demo_prints() {
    const MARKS: (&str, &str) = ("<!-- demo:start -->", "<!-- demo:end -->");
    let readme = read("README.md");
    let (before, rest) = readme.split_once(MARKS.0).unwrap();
    let (shown, after) = rest.split_once(MARKS.1).unwrap();
    let digest = digest_of_the_demo();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let whole = format!("{before}{}{digest}{}{after}", MARKS.0, MARKS.1);
        std::fs::write(repository().join("README.md"), whole).unwrap();
        return;
    }
    assert_eq!(shown, digest, "run this test with UPDATE_EXPECT=1 and read the difference");
}

/// Words after `bellwether` in code font or in a line of a shell's block.
fn commands_named() -> BTreeSet<String> {
    let named = |text: &str| {
        let word = text.split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
        (!word.is_empty()).then(|| word.to_owned())
    };
    let readme = read("README.md");
    let in_code = readme.split("`bellwether ").skip(1).filter_map(named);
    let blocks = blocks("sh").join("\n");
    let typed = blocks.lines().filter_map(|line| named(line.rsplit_once("bellwether ")?.1));
    in_code.chain(typed).collect()
}

#[test]
fn the_commands_in_the_readme_are_all_there_are() {
    let help = Command::new(env!("CARGO_BIN_EXE_bellwether")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let mut there: BTreeSet<String> =
        list.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    there.remove("help");
    assert_eq!(commands_named(), there);
}
