//! Everything that can wake the daemon, and what is said through its door.
//!
//! One closed list, so that a reader sees all causes at once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedSender;

use super::workshop::Ended;

/// What wakes the loop.
#[derive(Debug)]
pub enum Event {
    /// The instant that was waited for has come, or somebody set the clock.
    Time,
    /// A clock that is driven from outside jumps to this instant, also backwards.
    Jump(Timestamp),
    /// Another command asks for something.
    Knock(Knock),
    /// `feeds.yaml` may have changed.
    SettingsChanged(Cause),
    /// Work in the workshop has come to its end.
    WorkEnded(Ended),
    /// Time to show the service manager a sign of life.
    Watchdog,
    /// End in good order; at the second time, at once.
    Stop,
}

/// Why the settings are looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// SIGHUP.
    Hangup,
    /// The file was written or replaced.
    File,
}

/// A question through the door, and where its answers go.
#[derive(Debug)]
pub struct Knock {
    /// What is asked.
    pub ask: Ask,
    /// Takes the answers; dropped after the last one.
    pub reply: Reply,
}

/// Where answers go. A client that went away is no error: what it asked for is done all the same.
pub type Reply = UnboundedSender<Answer>;

/// What a client asks. It only names rows of the archive: who may write there may knock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum Ask {
    /// Do what this row of the intents says, and all before it that are open.
    Act {
        /// Its row.
        intent: i64,
    },
    /// Tell how the doing of this intent goes on.
    Follow {
        /// Its row.
        intent: i64,
    },
    /// Say what you are doing.
    Status,
}

/// What the daemon answers: `Heard` at once, any number of `Progress`, then one of the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It was understood and will be done.
    Heard {
        /// Process id of the daemon.
        by: u32,
        /// What is being done before it, if it has to wait: `poll`, `digest` …
        after: Option<String>,
    },
    /// So much of it is done.
    Progress {
        /// `reading feeds`, `indexing` …
        what: String,
        /// Steps done so far.
        done: usize,
        /// Steps in all; 0 where that is not known.
        total: usize,
        /// What the last step met that a person wants to see, for example a feed that failed.
        note: Option<String>,
    },
    /// It is done; what came of it, as the verb defines it.
    Done(serde_json::Value),
    /// It was not done.
    Failed {
        /// One line.
        error: String,
        /// The next step.
        hint: Option<String>,
    },
    /// To `Ask::Status`.
    Status(Standing),
}

/// What the daemon is doing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Its process id.
    pub pid: u32,
    /// When it started.
    pub since: Timestamp,
    /// What runs in the workshop: `poll`, `digest`, `index` …
    pub doing: Vec<String>,
    /// When feeds are asked next, where any will be.
    pub next_poll: Option<Timestamp>,
    /// The next digest, where a schedule has one.
    pub next_digest: Option<NextDigest>,
    /// Why it cannot write, while it cannot.
    pub trouble: Option<Trouble>,
}

/// A digest that is to come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextDigest {
    /// Of its schedule.
    pub name: String,
    /// Its tick.
    pub at: Timestamp,
}

/// Something that keeps the daemon from its work, and that it tries again by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
