//! What does not work at the moment: said once, written down, and tried again after longer and
//! longer waits.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::door::Trouble;
use super::event_loop::Daemon;
use super::failure::{Failure, Sick};
use super::workshop::Note;
use crate::schedule::Retry;

/// See the header.
#[derive(Default)]
pub(super) struct Sickness {
    /// While it is not well nobody is asked, and only a small write is tried.
    pub(super) archive: Retry,
    pub(super) is_probing: bool,
    /// The small write went well, and the next poll has to show whether large ones do.
    pub(super) trial: Option<Retry>,
    /// A large one failed after the small one had gone well.
    pub(super) has_relapsed: bool,
    pub(super) index: Retry,
    pub(super) network: Retry,
    pub(super) delivery: Retry,
    /// Digests that could not be made, by schedule.
    pub(super) digests: BTreeMap<String, Retry>,
    /// The last failure of each: archive, index, delivery.
    pub(super) reasons: BTreeMap<&'static str, Failure>,
}

impl Sickness {
    /// What is to be shown of it.
    pub(super) fn troubles(&self, now: Timestamp) -> Vec<Trouble> {
        let named =
            [("archive", &self.archive), ("index", &self.index), ("delivery", &self.delivery)];
        let sick = named.into_iter().filter_map(|(name, retry)| {
            let reason = self.reasons.get(name)?;
            Some(Trouble {
                error: reason.error.clone(),
                hint: reason.hint.clone(),
                since: retry.since(),
                again: retry.again(now)?,
            })
        });
        sick.collect()
    }
}

impl Daemon {
    /// Takes in what part of the world does not work.
    pub(super) fn fell_sick(&mut self, failure: Failure) {
        self.look_again();
        match failure.sick {
            Sick::Archive => self.archive_failed(failure),
            Sick::Index => {
                let is_first = self.sick.index.is_well();
                self.sick.index.fail(self.clock.now());
                self.is_index_behind = true;
                self.sick.reasons.insert("index", failure.clone());
                self.complain(is_first, "index-failed", failure.error, failure.hint);
            }
            Sick::Work => {
                tracing::warn!(hint = failure.hint.as_deref(), "{}", failure.error);
            }
        }
    }

    fn archive_failed(&mut self, failure: Failure) {
        let is_first = self.sick.archive.is_well() && self.sick.trial.is_none();
        if let Some(past) = self.sick.trial.take() {
            // Not a new sickness: a disk may have room for a small write and not for a poll.
            // So the waits go on growing, or all feeds were asked in vain each minute.
            (self.sick.archive, self.sick.has_relapsed) = (past, true);
            self.sick.reasons.insert("archive", failure.clone());
        }
        self.sick.archive.fail(self.clock.now());
        if is_first {
            let Failure { error, hint, .. } = &failure;
            let again = "it is tried again, and nobody asked meanwhile";
            tracing::error!(hint = hint.as_deref(), "{error}; {again}");
            self.sick.reasons.insert("archive", failure);
        } else {
            tracing::debug!(error = failure.error, "the archive cannot be written yet");
        }
    }

    pub(super) fn probed(&mut self, outcome: Result<(), Failure>) {
        self.sick.is_probing = false;
        match outcome {
            Err(failure) => self.fell_sick(Failure { sick: Sick::Archive, ..failure }),
            Ok(()) => {
                let past = std::mem::take(&mut self.sick.archive);
                self.sick.trial = Some(past);
                if !self.sick.has_relapsed {
                    self.archive_recovered(past);
                }
                self.errands.is_wanted = true;
                self.look_again();
            }
        }
    }

    /// What a whole poll has read could be kept.
    pub(super) fn archive_holds(&mut self) {
        if let Some(past) = self.sick.trial.take()
            && std::mem::take(&mut self.sick.has_relapsed)
        {
            self.archive_recovered(past);
        }
    }

    fn archive_recovered(&mut self, past: Retry) {
        tracing::info!("the archive can be written again");
        if let Some(Failure { error, hint, .. }) = self.sick.reasons.remove("archive") {
            let (kind, at) = ("write-failed", past.since());
            self.notes.push(Note { kind, text: error, hint, at });
        }
        self.recovered("archive");
    }

    pub(super) fn recovered(&mut self, what: &'static str) {
        self.sick.reasons.remove(what);
        self.note("recovered", &format!("{what}: it works again"), None);
    }

    /// An error is said and written down when it begins, and is a detail while it lasts.
    pub(super) fn complain(
        &mut self,
        is_first: bool,
        kind: &'static str,
        text: String,
        hint: Option<String>,
    ) {
        if is_first {
            tracing::error!(hint = hint.as_deref(), "{text}");
            self.note(kind, &text, hint);
        } else {
            tracing::debug!("{text}");
        }
    }
}
