//! Slow work, away from the loop: each piece in a thread of its own, with its own connection to
//! the archive, opened for it and closed after it, so that nothing stays in memory while idle.

use std::time::Duration;

use crate::pipeline::poll::Report;

/// What came of a piece of work.
#[derive(Debug)]
pub enum Ended {
    /// Feeds were asked.
    Poll {
        /// How it went.
        report: Report,
        /// How long it took.
        took: Duration,
    },
}
