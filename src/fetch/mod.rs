//! The one door through which the web is read: a GET that is polite, bounded and guarded.
//!
//! `Client::get` sends one request and says what came of it: a whole document, nothing new, or
//! why not. It keeps to one request at a time per service, follows redirects itself so that each
//! hop is guarded, and never hands over half an answer. What a failure means for the next poll is
//! `schedule`'s to decide, what a document says is `source`'s.

mod settings;
mod client;
mod exchange;
mod conditional;
mod pace;
mod body;
mod budget;
mod guard;
mod politeness;
mod service;
mod outage;
mod recent;
mod robots;
mod wall;
mod fault;
mod failure;

pub use budget::Held;
pub use client::{Answer, Client};
pub use failure::Failure;
pub use settings::Settings;
