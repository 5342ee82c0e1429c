//! Why a piece of work was not done, and which part of the world it is about.

use crate::{archive, index, pipeline};

/// What has to be well again before it is tried once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sick {
    /// The archive cannot be read or written: nothing is asked of anybody meanwhile.
    Archive,
    /// The search index cannot be written: posts are kept all the same.
    Index,
    /// Only this piece of work.
    Work,
}

/// See the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// What is to blame.
    pub(super) sick: Sick,
    /// It was told to end before its time.
    pub(super) stopped: bool,
    /// One line.
    pub(super) error: String,
    /// The next step for a person.
    pub(super) hint: Option<String>,
}

impl Failure {
    /// Work that has panicked: a mistake of this program.
    pub(super) fn of_ours(what: &str) -> Failure {
        Failure {
            sick: Sick::Work,
            stopped: false,
            error: format!("{what} failed by a mistake in this program"),
            hint: Some("please report it, with the lines before this one".to_owned()),
        }
    }
}

impl From<pipeline::Error> for Failure {
    fn from(error: pipeline::Error) -> Failure {
        let sick = match &error {
            pipeline::Error::Archive(_) => Sick::Archive,
            pipeline::Error::Index(_) => Sick::Index,
            _ => Sick::Work,
        };
        let stopped = matches!(error, pipeline::Error::Stopped);
        let hint = error.hint();
        Failure { sick, stopped, error: format!("{:#}", anyhow::Error::from(error)), hint }
    }
}

impl From<archive::Error> for Failure {
    fn from(error: archive::Error) -> Failure {
        pipeline::Error::from(error).into()
    }
}

impl From<index::Error> for Failure {
    fn from(error: index::Error) -> Failure {
        pipeline::Error::from(error).into()
    }
}
