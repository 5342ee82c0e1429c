//! The daemon's door: a Unix socket `index/door`, by which a command tells the daemon that there
//! is something to do, and hears how it goes.
//!
//! Only notices pass it. What is to be done stands in the archive as an intent, so whoever may
//! not write there can order nothing here, and nothing is lost with a connection. Neither side
//! looks from time to time whether the other one has something: a line that comes wakes.

mod call;
mod path;
mod server;
mod words;

pub use call::{Call, Silence, call};
pub use server::{Door, Knock, Reply};
pub use words::{Answer, Ask, NextDigest, Standing, Trouble};
