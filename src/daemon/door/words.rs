//! What is said at the door, one JSON object on a line: `{"ask":"act","intent":17}`, and then
//! `{"heard":{"by":4711}}`, `{"progress":…}`, `{"done":…}`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::pipeline::work::Progress;

/// What is asked of the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// Do what the intent of this row says, if it is not done yet, and tell how it goes.
    Act {
        /// Its row in the archive.
        intent: i64,
    },
    /// How are you?
    Status,
    /// Do you still turn? Asked by the door itself while a command waits.
    Alive,
}

/// What the daemon answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The intent was seen; the first answer to `act`.
    Heard {
        /// The daemon's process id.
        by: u32,
    },
    /// A step of a long work.
    Progress(Progress),
    /// Nothing happened, but the daemon is well.
    Alive,
    /// It was done, and this came of it. Nothing follows.
    Done(serde_json::Value),
    /// It could not be done. Nothing follows.
    Failed {
        /// One line.
        error: String,
        /// The next step for a person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hint: Option<String>,
    },
    /// The answer to `status`. Nothing follows.
    Status(Box<Standing>),
}

impl Answer {
    /// Whether nothing follows.
    pub fn is_last(&self) -> bool {
        matches!(self, Answer::Done(_) | Answer::Failed { .. } | Answer::Status(_))
    }
}

/// How a daemon is, as it says itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// Its process id.
    pub pid: u32,
    /// When it started.
    pub since: Option<Timestamp>,
    /// What is being done, `poll`, `digest`, `reindex` …; none: it waits.
    pub doing: Vec<String>,
    /// When feeds are asked next, where any will be.
    pub next_poll: Option<Timestamp>,
    /// The next digest, where a schedule has one.
    pub next_digest: Option<NextDigest>,
    /// Why `feeds.yaml`, as it is now, was not taken: one line.
    pub settings_trouble: Option<String>,
    /// What keeps it from its work, and what it tries again by itself.
    pub trouble: Vec<Trouble>,
    /// Digests that have not reached a channel: `morning of 2026-10-13: email`.
    pub undelivered: Vec<String>,
}

/// A digest that is to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextDigest {
    /// Of its schedule.
    pub name: String,
    /// Its tick.
    pub at: Timestamp,
}

/// Something that keeps the daemon from its work, and that it tries again by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// One line.
    pub error: String,
    /// The next step.
    pub hint: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// When it is tried again.
    pub again: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_a_line_that_a_person_can_read() {
        let said = |ask: &Ask| serde_json::to_string(ask).unwrap();
        assert_eq!(said(&Ask::Act { intent: 17 }), r#"{"ask":"act","intent":17}"#);
        assert_eq!(said(&Ask::Status), r#"{"ask":"status"}"#);
        let heard = Answer::Heard { by: 4711 };
        assert_eq!(serde_json::to_string(&heard).unwrap(), r#"{"heard":{"by":4711}}"#);
        assert_eq!(serde_json::to_string(&Answer::Alive).unwrap(), r#""alive""#);
    }

    #[test]
    fn a_standing_of_another_version_is_understood() {
        let said = r#"{"status":{"pid":4711,"mood":"fine"}}"#;
        let Answer::Status(standing) = serde_json::from_str(said).unwrap() else { panic!() };
        assert_eq!(*standing, Standing { pid: 4711, ..Standing::default() });
    }
}
