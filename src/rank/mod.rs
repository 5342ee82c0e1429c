//! Scores that are sums of named signals.
//!
//! A score is Σ weight · value over [`SIGNALS`], each value in 0..=1 and told in stored facts, so
//! that `why` adds up. What cannot be known takes the signal's neutral value and says *unknown*.
//! Gathers nothing: whoever asks hands over posts with what is known of them ([`Heard`]).

pub mod bm25;
pub mod points;
mod relevance;
mod score;
pub mod signals;
mod subject;
pub mod variety;
#[cfg(test)]
mod samples;

pub use relevance::{Interest, Relevant, relevance};
pub use score::{DIGITS, reasons, sum_up, total};
pub use signals::{
    SIGNALS, Scored, Signal, own_words, room, signal, standing, substance, usual_heat,
};
pub use subject::{Heard, Subject, is_reply};
