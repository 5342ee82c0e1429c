//! Long work that a command or the daemon carries out: fetch, reindex, send. Both by the same
//! function, so that it makes no difference who does it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use super::carry_out::{Tools, bring_up, carry_out, done_before, fetch};
use super::poll::Report;
use super::record::Delivery;
use crate::archive::Intent;
use crate::model::SectionKind;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// One poll.
    Fetch {
        /// Names of feeds or people, or addresses; none: all feeds.
        names: Vec<String>,
        /// Only feeds whose time has come.
        due: bool,
    },
    /// The search index, built anew.
    Reindex {},
    /// A digest, delivered and recorded.
    Send {
        /// Its schedule; the first one where none is named.
        name: Option<String>,
        /// Only these sections; all of the schedule's where it is empty.
        sections: Vec<SectionKind>,
    },
}

impl Work {
    /// The verb of its intent, and of the lines about it.
    pub fn verb(&self) -> &'static str {
        match self {
            Work::Fetch { .. } => "fetch",
            Work::Reindex {} => "reindex",
            Work::Send { .. } => "send",
        }
    }

    /// The argument of its intent.
    pub fn argument(&self) -> String {
        serde_json::to_string(self).expect("names are JSON")
    }

    /// What an intent asks for; `None` where it is no long work, or one of a later version.
    pub fn of(intent: &Intent) -> Option<Work> {
        let work: Work = serde_json::from_str(intent.argument.as_deref()?).ok()?;
        (work.verb() == intent.verb).then_some(work)
    }
}

/// What is told while it goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// `reading feeds`, `indexing posts`.
    pub what: String,
    /// Steps done so far.
    pub done: usize,
    /// Steps in all.
    pub total: usize,
    /// What the last step was about: a feed's name; may be empty.
    pub name: String,
    /// A line that a person wants to see: a feed that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Progress {
    pub(super) fn begun(what: &str, total: usize) -> Progress {
        Progress { what: what.to_owned(), total, ..Progress::default() }
    }

    pub(super) fn step(&mut self, steps: usize, name: &str, tell: &mut dyn FnMut(Progress)) {
        self.done += steps;
        name.clone_into(&mut self.name);
        tell(self.clone());
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A poll.
    Fetch(Report),
    /// A search index.
    Reindex {
        /// Posts in it.
        indexed: usize,
    },
    /// A digest, which `digest NAME --now T` gives again.
    Send {
        /// Its schedule.
        name: String,
        /// The instant that it was made for.
        now: Timestamp,
        /// What came of it at each channel, those of earlier digests that had waited first.
        deliveries: Vec<Delivery>,
        /// Channels that this version does not have.
        unknown: Vec<String>,
        /// It was not sent: no feed was read yet.
        empty: bool,
    },
}
