//! When a feed is asked, and how long it is left alone.
//!
//! Thought only: `now` is an argument, a jitter is a hash of the feed's id, and the answer is
//! a `FeedState` to be written by the archive. Sending the request is left to `fetch`.
//!
//! - [`due`] tells which feeds a scheduled poll asks, [`may_ask`] which ones `fetch` by hand skips;
//! - [`after`] tells what a poll's end means for the next one;
//! - [`next_due`] tells when a poll will next find a feed to ask;
//! - [`missed`] tells whether a digest has fallen due, and whether it is late;
//! - [`Retry`] tells when what has failed is tried again;
//! - [`cron`] reads crontab(5) lines and steps through them in a time zone.

mod due;
mod after;
mod rhythm;
mod tick;
mod retry;
pub mod cron;

pub use after::{Heard, Reading, after, stopped};
pub use due::{Plan, Settings, due, may_ask, next_due};
pub use retry::Retry;
pub use rhythm::Limits;
pub use tick::{Tick, missed};
