//! What is wrong with a settings file, where, and what to do about it.

use std::{fmt, io};

/// One thing that is wrong. Its text is one line: `feeds.yaml:14:7: unknown weight …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// As the file was called.
    pub file: String,
    /// From 1 on.
    pub line: usize,
    /// In characters, from 1 on.
    pub column: usize,
    /// One clause, no full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not there or cannot be read.
    #[error("{file} cannot be read")]
    Unreadable {
        /// Where it should be.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// Above [`super::MAX_BYTES`].
    #[error("{file} has {bytes} bytes, more than settings ever need")]
    TooLarge {
        /// Which.
        file: String,
        /// Its size.
        bytes: u64,
    },
    /// No key and no entry, but for comments.
    #[error("{file} is empty")]
    Empty {
        /// Which.
        file: String,
    },
    /// Something in it is wrong: one line for each fault, and where there are several, its hint
    /// behind it.
    #[error("{}", lines(first, others))]
    Faulty {
        /// The one that stands first in the file.
        first: Fault,
        /// The others, in the file's order.
        others: Vec<Fault>,
    },
}

impl Error {
    /// The user's next step, where one is known. Several faults have theirs in their lines.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("`bellwether init` writes one, `bellwether demo` needs none".to_owned())
            }
            Error::Unreadable { .. } => None,
            Error::TooLarge { file, .. } => Some(format!("is {file} the right file?")),
            Error::Empty { .. } => Some(
                "a list of addresses is enough, each on a line of its own: \
                 - https://example.org/feed.xml"
                    .to_owned(),
            ),
            Error::Faulty { first, others } if others.is_empty() => first.hint.clone(),
            Error::Faulty { .. } => None,
        }
    }

    /// Everything that is wrong in the file, in its order.
    pub fn faults(&self) -> Vec<&Fault> {
        match self {
            Error::Faulty { first, others } => std::iter::once(first).chain(others).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn fault(first: Fault) -> Error {
        Error::Faulty { first, others: Vec::new() }
    }

    /// `faults` holds at least one.
    pub(super) fn from_faults(mut faults: Vec<Fault>) -> Error {
        faults.sort_by_key(|fault| (fault.line, fault.column));
        let first = faults.remove(0);
        Error::Faulty { first, others: faults }
    }
}

/// Faults shown at once; whoever has more begins with these.
const MOST_LINES: usize = 20;

fn lines(first: &Fault, others: &[Fault]) -> String {
    if others.is_empty() {
        return first.to_string();
    }
    let line = |fault: &Fault| {
        // The list of everything known is for a fault that stands alone.
        let hint = fault.hint.as_deref().and_then(|hint| hint.split(" known: ").next());
        hint.map_or_else(|| fault.to_string(), |hint| format!("{fault} ({hint})"))
    };
    let all = std::iter::once(first).chain(others);
    let mut lines: Vec<String> = all.take(MOST_LINES).map(line).collect();
    if others.len() >= MOST_LINES {
        lines.push(format!("… and {} more", others.len() + 1 - MOST_LINES));
    }
    lines.join("\n")
}

/// Returns `did you mean …?` with the nearest of `known`, and all of them.
pub(super) fn nearest(word: &str, known: &[&str]) -> String {
    let near = near(word, known);
    let known = known.join(", ");
    match near {
        Some(near) => format!("did you mean `{near}`? known: {known}"),
        None => format!("known: {known}"),
    }
}

/// Returns the one of `known` that `word` is most likely a slip for, if any is near.
pub(super) fn near<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(&word, &candidate.to_lowercase()), *candidate))
        .filter(|(similarity, _)| *similarity >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word() {
        assert_eq!(near("recencey", &["heat", "recency", "voices"]), Some("recency"));
        assert_eq!(near("profils", &["name", "circle", "profiles"]), Some("profiles"));
        assert_eq!(
            near("Europe/Stokholm", &["Europe/London", "Europe/Stockholm"]),
            Some("Europe/Stockholm")
        );
    }

    fn fault(line: usize, hint: &str) -> Fault {
        Fault {
            file: "feeds.yaml".to_owned(),
            line,
            column: 1,
            message: "unknown key".to_owned(),
            hint: (!hint.is_empty()).then(|| hint.to_owned()),
        }
    }

    #[test]
    fn several_faults_have_a_line_each_with_its_hint() {
        let alone = Error::from_faults(vec![fault(3, "did you mean `a`? known: a, b")]);
        assert_eq!(alone.to_string(), "feeds.yaml:3:1: unknown key");
        assert_eq!(alone.hint().as_deref(), Some("did you mean `a`? known: a, b"));
        let two = Error::from_faults(vec![fault(9, ""), fault(3, "did you mean `a`? known: a, b")]);
        assert_eq!(
            two.to_string(),
            "feeds.yaml:3:1: unknown key (did you mean `a`?)\nfeeds.yaml:9:1: unknown key"
        );
        assert_eq!(two.hint(), None);
    }

    #[test]
    fn a_file_of_nothing_but_faults_shows_the_first_twenty() {
        let many = Error::from_faults((1..=30).map(|line| fault(line, "")).collect());
        assert_eq!(many.to_string().lines().count(), 21);
        assert!(many.to_string().ends_with("\n… and 10 more"));
    }

    #[test]
    fn a_word_unlike_all_others_gets_no_guess() {
        assert_eq!(near("zzz", &["heat", "recency", "voices"]), None);
        assert_eq!(nearest("zzz", &["heat", "voices"]), "known: heat, voices");
    }
}
