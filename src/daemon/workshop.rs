//! Slow work, away from the loop: each piece in a thread of its own, with its own connection to
//! the archive, opened for it and closed after it, so that nothing stays in memory while idle.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;

use super::event::{Cause, Event};
use super::failure::Failure;
use super::outlook::Outlook;
use super::settings::Settings;
use crate::archive::{self, Archive};
use crate::config;
use crate::pipeline::Place;
use crate::pipeline::act::Ending;
use crate::pipeline::due::Fallen;
use crate::pipeline::poll::Report;
use crate::pipeline::work::{Outcome, Work};

/// Where a piece of work is done. Of `Reading` and `Press` there is one piece at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// What asks feeds or writes the search index.
    Reading,
    /// What makes and delivers digests.
    Press,
    /// Short pieces beside them.
    Side,
    /// Signs of life, which nothing waits for.
    Pulse,
}

/// A piece of work that has come to its end.
#[derive(Debug)]
pub(super) struct Ended {
    /// Is free again.
    pub(super) lane: Lane,
    /// What came of it.
    pub(super) came: Came,
}

/// How asking feeds ended; the search index may still be brought up to date.
#[derive(Debug)]
pub(super) struct PollEnded {
    /// What was read.
    pub(super) outcome: Result<Report, Failure>,
    /// From the first question to the last answer.
    pub(super) took: Duration,
}

/// A digest that was sent.
#[derive(Debug)]
pub(super) struct Issue {
    /// Where each channel left it.
    pub(super) places: Vec<String>,
    /// Channels that this version does not have.
    pub(super) unknown: Vec<String>,
    /// Why a channel was not reached.
    pub(super) failure: Option<Failure>,
    /// Items that it shows.
    pub(super) items: usize,
    /// No feed was read yet, so it was not sent.
    pub(super) empty: bool,
}

/// Digests that had not reached a channel.
#[derive(Debug)]
pub(super) struct Redelivered {
    /// Where they have arrived now.
    pub(super) places: Vec<String>,
    /// Why one is still not reached.
    pub(super) failure: Option<Failure>,
}

/// What came of a piece of work.
#[derive(Debug)]
pub(super) enum Came {
    /// What is due, and when more will be.
    Outlook(Result<Outlook, Failure>),
    /// The search index is up to date: so many posts were added.
    Indexed(Result<usize, Failure>),
    /// A digest of a schedule.
    Sent {
        /// Which.
        fallen: Fallen,
        /// What came of it.
        outcome: Result<Issue, Failure>,
        /// How long it took.
        took: Duration,
    },
    /// Digests that had not reached a channel were delivered again.
    Delivered(Result<Redelivered, Failure>),
    /// The open intents were read, and the quick ones done.
    Errands(Result<Errands, Failure>),
    /// Long work that an intent asked for.
    Carried {
        /// Its row.
        intent: i64,
        /// What.
        work: Work,
        /// What came of it.
        outcome: Result<Outcome, Failure>,
        /// How long it took.
        took: Duration,
    },
    /// The settings were read again.
    Loaded {
        /// Why.
        cause: Cause,
        /// What they are.
        outcome: Box<Result<Settings, config::Error>>,
    },
    /// Whether the archive can be written again.
    Probed(Result<(), Failure>),
    /// What befell the program was written down.
    Noted {
        /// What.
        notes: Vec<Note>,
        /// All of it, or none.
        outcome: Result<(), Failure>,
    },
    /// Today's sizes were recorded.
    Measured(Result<(), Failure>),
    /// The archive answers: for the service manager.
    Alive(bool),
    /// A mistake of this program.
    Broken(Failure),
}

/// What the open intents came to.
#[derive(Debug, Default)]
pub(super) struct Errands {
    /// Those that were done now, or had been before, and how they ended.
    pub(super) done: Vec<(i64, Ending)>,
    /// Those that take long.
    pub(super) long: Vec<(i64, Work)>,
}

/// What work is done with.
#[derive(Clone)]
pub(super) struct Bench {
    pub(super) place: Place,
    pub(super) runtime: Handle,
    pub(super) events: UnboundedSender<Event>,
    /// The daemon ends: leave out what another day can do.
    pub(super) leaving: Arc<AtomicBool>,
}

impl Bench {
    pub(super) fn archive(&self) -> Result<Archive, archive::Error> {
        Archive::open(&self.place.archive())
    }

    pub(super) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    /// Does `work` in a thread of its own; what it gives comes back as an event.
    pub(super) fn begin(
        &self,
        lane: Lane,
        name: &'static str,
        work: impl FnOnce(&Bench) -> Came + Send + 'static,
    ) {
        let bench = self.clone();
        let events = self.events.clone();
        let done = move || {
            let came = catch_unwind(AssertUnwindSafe(|| work(&bench)))
                .unwrap_or_else(|_| Came::Broken(Failure::of_ours(name)));
            // The loop may have ended without waiting.
            let _ = bench.events.send(Event::WorkEnded(Ended { lane, came }));
        };
        if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(done) {
            let error = format!("{name}: no thread could be started: {error}");
            let failure = Failure { error, hint: None, ..Failure::of_ours(name) };
            let _ = events.send(Event::WorkEnded(Ended { lane, came: Came::Broken(failure) }));
        }
    }
}

/// Something that befell the program, to be written down.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub(super) kind: &'static str,
    pub(super) text: String,
    pub(super) hint: Option<String>,
    pub(super) at: Timestamp,
}
