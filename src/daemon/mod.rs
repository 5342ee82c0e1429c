//! The daemon: one loop that wakes, reads, sends, and otherwise sleeps.
//!
//! [`Event`] is the closed list of what can wake it. The loop decides and never waits: slow work
//! goes to the workshop, and comes back as an event. All that is due is computed anew from the
//! archive, so that a restart, a set clock or a power cut need no memory of their own.

pub mod door;
mod event;
mod workshop;

pub use event::{Cause, Event};
pub use workshop::Ended;
