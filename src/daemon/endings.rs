//! What the loop makes of work that has come to its end: one line in the log for each journey,
//! and when to try again what has failed.

use std::sync::Arc;
use std::time::Duration;

use super::event::Cause;
use super::event_loop::Daemon;
use super::failure::{Failure, Sick};
use super::settings::Settings;
use super::workshop::{Came, Issue, PollEnded, Redelivered};
use crate::config;
use crate::pipeline::due::Fallen;
use crate::pipeline::poll::{Report, client};
use crate::text::counted;

impl Daemon {
    pub(super) fn work_ended(&mut self, came: Came) {
        match came {
            Came::Outlook(outlook) => {
                self.is_looking = false;
                match outlook {
                    Ok(outlook) => self.outlook = Some(outlook),
                    Err(failure) => self.fell_sick(failure),
                }
            }
            Came::Indexed(outcome) => self.indexed(outcome),
            Came::Sent { fallen, outcome, took } => self.sent(fallen, outcome, took),
            Came::Delivered(outcome) => self.delivered(outcome),
            Came::Errands(outcome) => self.errands_done(outcome),
            Came::Carried { intent, work, outcome, took } => {
                self.carried(intent, &work, outcome, took);
            }
            Came::Loaded { cause, outcome } => self.loaded(cause, *outcome),
            Came::Probed(outcome) => self.probed(outcome),
            Came::Noted { notes, outcome } => self.noted(notes, outcome),
            Came::Measured(Ok(())) => {}
            Came::Measured(Err(failure)) => self.fell_sick(failure),
            Came::Alive(answers) => {
                self.is_alive_asked = false;
                if answers {
                    self.manager.alive();
                }
            }
            Came::Broken(failure) => self.broken(failure),
        }
    }

    /// A piece of work has panicked. What it was is not known here: all is looked at again, but
    /// not at once.
    fn broken(&mut self, failure: Failure) {
        (self.is_looking, self.is_alive_asked, self.sick.is_probing) = (false, false, false);
        self.errands.is_running = false;
        self.drop_begun(&failure);
        self.fell_sick(Failure { sick: Sick::Archive, ..failure });
    }

    pub(super) fn poll_ended(&mut self, ended: PollEnded) {
        if let Some(reading) = &mut self.reading {
            (reading.name, reading.is_asking, reading.stop) = ("index", false, None);
        }
        self.look_again();
        match ended.outcome {
            Ok(report) => self.told_of_poll(&report, ended.took),
            Err(failure) => self.fell_sick(failure),
        }
    }

    pub(super) fn told_of_poll(&mut self, report: &Report, took: Duration) {
        let Report { asked, new, changed, failed, .. } = *report;
        let now = self.clock.now();
        if report.offline {
            if self.sick.network.is_well() {
                tracing::warn!(asked, "poll: no network, tried again now and then");
            }
            self.sick.network.fail(now);
            // What was asked in vain for a digest is asked again while it has patience.
            self.asked_for = None;
            return;
        }
        if !self.sick.network.is_well() {
            tracing::info!("poll: the network is back");
        }
        self.sick.network = Default::default();
        self.archive_holds();
        let (feeds, posts) = (counted(asked, "feed"), counted(new, "new post"));
        let edits =
            if changed > 0 { format!(", {}", counted(changed, "edit")) } else { String::new() };
        let failures = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        let took = took.as_secs_f64();
        tracing::info!("poll: {feeds} asked, {posts}{edits}{failures}, {took:.1} s");
    }

    fn indexed(&mut self, outcome: Result<usize, Failure>) {
        self.look_again();
        match outcome {
            Ok(added) => {
                tracing::debug!(added, "index: up to date");
                if !self.sick.index.is_well() {
                    tracing::info!("index: can be written again, {added} posts made up for");
                    self.recovered("index");
                }
                (self.is_index_behind, self.sick.index) = (false, Default::default());
            }
            Err(failure) => self.fell_sick(failure),
        }
    }

    fn sent(&mut self, fallen: Fallen, outcome: Result<Issue, Failure>, took: Duration) {
        self.look_again();
        let (name, now) = (&fallen.name, self.clock.now());
        match outcome {
            Ok(issue) if issue.empty => {
                // No feed of these settings was read yet: there is nothing to tell.
                self.sick.digests.entry(fallen.name).or_default().fail(now);
            }
            Ok(issue) => {
                let late = if fallen.tick.is_late() { ", late" } else { "" };
                let (items, took) = (counted(issue.items, "item"), took.as_secs_f64());
                let places = issue.places.join(", ");
                tracing::info!("digest {name}: {items}{late}, {took:.1} s: {places}");
                for channel in &issue.unknown {
                    tracing::warn!("digest {name}: this version cannot deliver to {channel} yet");
                }
                self.sick.digests.remove(name);
                self.undelivered(issue.failure);
            }
            Err(failure) if failure.sick == Sick::Archive => self.fell_sick(failure),
            Err(failure) => {
                let retry = self.sick.digests.entry(name.clone()).or_default();
                let is_first = retry.is_well();
                retry.fail(now);
                let text = format!("digest {name}: {}", failure.error);
                self.complain(is_first, "digest-failed", text, failure.hint);
            }
        }
    }

    /// A channel was not reached.
    fn undelivered(&mut self, failure: Option<Failure>) {
        let Some(failure) = failure else { return };
        let is_first = self.sick.delivery.is_well();
        self.sick.delivery.fail(self.clock.now());
        self.sick.reasons.insert("delivery", failure.clone());
        self.complain(is_first, "delivery-failed", failure.error, failure.hint);
    }

    fn delivered(&mut self, outcome: Result<Redelivered, Failure>) {
        self.look_again();
        match outcome {
            Ok(again) => {
                for place in &again.places {
                    tracing::info!("digest: delivered at last: {place}");
                }
                match again.failure {
                    None => {
                        self.sick.delivery = Default::default();
                        self.recovered("delivery");
                    }
                    failure => self.undelivered(failure),
                }
            }
            Err(failure) if failure.sick == Sick::Archive => self.fell_sick(failure),
            Err(failure) => self.undelivered(Some(failure)),
        }
    }

    /// Reads the settings again, beside everything else.
    pub(super) fn load(&mut self, cause: Cause) {
        self.manager.reloading();
        let path = self.bench.place.settings.clone();
        self.aside("settings", move |_| Came::Loaded {
            cause,
            outcome: Box::new(Settings::load(&path)),
        });
    }

    /// A good file replaces the settings; work that has begun goes on with those it began with.
    fn loaded(&mut self, cause: Cause, outcome: Result<Settings, config::Error>) {
        self.watch = super::watched(&self.bench.place, self.bench.events.clone());
        match outcome {
            Err(error) => self.refuse(&error),
            Ok(new) if new.text == self.settings.text && self.refused.is_none() => {
                // A secret beside the file may have changed all the same.
                if cause == Cause::Hangup {
                    tracing::info!("settings: read again, nothing has changed");
                    self.take_settings(new);
                }
            }
            Ok(new) => {
                let feeds = counted(new.config.feeds.len(), "feed");
                tracing::info!("settings: taken, {feeds}");
                self.note("settings-taken", &format!("feeds.yaml was taken: {feeds}"), None);
                self.take_settings(new);
            }
        }
        self.manager.ready();
    }

    fn refuse(&mut self, error: &config::Error) {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default().to_owned();
        if self.refused.as_deref() == Some(&text) {
            return;
        }
        for line in text.lines() {
            tracing::error!("settings: refused, the old ones stay: {line}");
        }
        if let Some(hint) = error.hint() {
            tracing::error!("settings: {hint}");
        }
        self.note("settings-refused", &first, error.hint());
        self.refused = Some(text);
    }

    fn take_settings(&mut self, new: Settings) {
        self.refused = None;
        // What the client knows of servers that want to be left alone must not be lost.
        if new.config.fetch != self.settings.config.fetch {
            match client(&new.config.fetch, Vec::new()) {
                Ok(client) => self.client = client,
                Err(failure) => tracing::warn!("settings: {failure}; asked as before"),
            }
        }
        self.settings = Arc::new(new);
        self.look_again();
    }
}
