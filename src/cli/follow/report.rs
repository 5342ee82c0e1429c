//! What was found of one address or handle, and what became of it.

use jiff::Timestamp;
use serde::Serialize;

use crate::config::write::{Sample, Stands};

/// One line of JSON.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    pub(super) asked: String,
    pub(super) name: Option<String>,
    pub(super) stands: Option<Place>,
    pub(super) unreadable: Option<String>,
    pub(super) feeds: Vec<Candidate>,
    pub(super) also: Vec<Also>,
    pub(super) blogrolls: Vec<Roll>,
    pub(super) added: Vec<String>,
    pub(super) written: bool,
}

impl Report {
    /// Something of it can be read.
    pub(super) fn is_readable(&self) -> bool {
        self.feeds.iter().any(|feed| feed.taken) || self.also.iter().any(|also| also.taken)
    }
}

/// Where it is followed already.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) name: String,
}

impl Place {
    pub(super) fn of(stands: Stands) -> Place {
        Place { line: stands.line, name: stands.name }
    }
}

/// A feed, or a page that is read as one.
#[derive(Debug, Serialize)]
pub(super) struct Candidate {
    pub(super) kind: String,
    pub(super) url: String,
    pub(super) title: Option<String>,
    pub(super) posts: usize,
    pub(super) newest: Option<Timestamp>,
    pub(super) sample: Vec<Sample>,
    pub(super) taken: bool,
}

/// Another profile that the page says is of the same person.
#[derive(Debug, Serialize)]
pub(super) struct Also {
    pub(super) url: String,
    /// It says so, too.
    pub(super) verified: bool,
    pub(super) taken: bool,
}

/// A list of what the page's author reads.
#[derive(Debug, Serialize)]
pub(super) struct Roll {
    pub(super) url: String,
    pub(super) entries: usize,
}
