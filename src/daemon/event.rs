//! Everything that can wake the daemon.
//!
//! One closed list, so that a reader sees all causes at once.

use jiff::Timestamp;

use super::door::Knock;
use super::workshop::{Ended, PollEnded};
use crate::pipeline::work::Progress;

/// What wakes the loop.
#[derive(Debug)]
pub(super) enum Event {
    /// The instant that was waited for has come, or somebody set the clock.
    Time,
    /// A clock that is driven from outside jumps to this instant, also backwards.
    Jump(Timestamp),
    /// Another command asks for something.
    Knock(Knock),
    /// `feeds.yaml` may have changed.
    SettingsChanged(Cause),
    /// The feeds that were asked have answered.
    PollEnded(PollEnded),
    /// A long work that somebody waits for has come so far.
    Progress {
        /// Row of the intent that asked for it.
        intent: i64,
        /// How far.
        progress: Progress,
    },
    /// Work in the workshop has come to its end.
    WorkEnded(Ended),
    /// Time to show the service manager a sign of life.
    Watchdog,
    /// End in good order; at the second time, at once.
    Stop,
}

/// Why the settings are looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// SIGHUP.
    Hangup,
    /// The file was written or replaced.
    File,
}
