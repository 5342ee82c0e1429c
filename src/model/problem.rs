//! Something that went wrong without stopping the rest.

use std::fmt;

/// A bad post never fails its feed: workshops return what they made, and these beside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// What it was about: an entry's title or link, a field, a line.
    pub subject: String,
    /// One clause, lower case, no full stop.
    pub text: String,
}

impl Problem {
    /// Makes one.
    pub fn new(subject: impl Into<String>, text: impl Into<String>) -> Problem {
        Problem { subject: subject.into(), text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.text)
    }
}
