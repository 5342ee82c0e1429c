//! The loop: takes one event at a time, decides what begins, and sleeps until the next instant.
//! It never waits for anything else.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::clock::Clock;
use super::door::{Door, Reply};
use super::event::Event;
use super::failure::Failure;
use super::jobs::{self, Kept};
use super::outlook::Outlook;
use super::settings::Settings;
use super::sickness::Sickness;
use super::systemd::Manager;
use super::watch::Watch;
use super::workshop::{Bench, Came, Lane, Note};
use crate::fetch::Client;
use crate::pipeline::work::Work;
use crate::text::counted;

/// How long the end may take: work that is not done by then goes on at the next start.
const FAREWELL: Duration = Duration::from_secs(4);

/// So much is remembered while it cannot be written down.
const MANY_NOTES: usize = 64;

/// All that the loop knows. Nothing of it is lost with the process: what is due is in the
/// archive.
pub(super) struct Daemon {
    pub(super) bench: Bench,
    pub(super) kept: Kept,
    pub(super) settings: Arc<Settings>,
    /// On the file as it lay there when it was last read: a link may lead elsewhere since.
    pub(super) watch: Option<Watch>,
    /// Why the file as it lies there was not taken.
    pub(super) refused: Option<String>,
    pub(super) client: Client,
    pub(super) clock: Clock,
    pub(super) since: Timestamp,
    /// The instant at which time was last looked at.
    pub(super) seen: Timestamp,
    pub(super) manager: Manager,
    /// Closed while the daemon ends.
    pub(super) door: Option<Door>,

    /// The last look.
    pub(super) outlook: Option<Outlook>,
    /// Something has changed since the last look began.
    pub(super) is_stale: bool,
    pub(super) is_looking: bool,
    pub(super) reading: Option<Reading>,
    pub(super) press: Option<&'static str>,
    /// Short pieces of work under way.
    pub(super) side: usize,

    /// When feeds were last asked.
    pub(super) last_poll: Option<Timestamp>,
    /// The tick for which what was due has been asked already.
    pub(super) asked_for: Option<Timestamp>,
    /// Since when a digest waits for a poll.
    pub(super) waiting_since: Option<Timestamp>,
    /// The instant of the last digest.
    pub(super) last_issue: Option<Timestamp>,
    pub(super) is_index_behind: bool,

    pub(super) sick: Sickness,
    /// Long work that intents asked for, in their order.
    pub(super) wishes: Vec<Wish>,
    /// Who waits for which intent.
    pub(super) waiting: BTreeMap<i64, Vec<Reply>>,
    pub(super) errands: Errands,
    pub(super) is_alive_asked: bool,

    /// What befell the program, still to be written down.
    pub(super) notes: Vec<Note>,
    pub(super) is_noting: bool,

    /// When to leave at the latest, once it ends.
    pub(super) leave_by: Option<Instant>,
    /// A driven clock jumped, and nobody was told yet that all is done.
    pub(super) is_idle_owed: bool,
}

/// What asks feeds or writes the index at the moment.
pub(super) struct Reading {
    pub(super) name: &'static str,
    /// Feeds are being asked: no digest is made meanwhile.
    pub(super) is_asking: bool,
    /// Ends the asking early.
    pub(super) stop: Option<oneshot::Sender<()>>,
}

/// Long work that was asked for.
pub(super) struct Wish {
    pub(super) intent: i64,
    pub(super) work: Work,
    pub(super) is_begun: bool,
    /// Whoever asked knows that it has to wait.
    pub(super) is_told: bool,
}

/// Reading the open intents.
#[derive(Default)]
pub(super) struct Errands {
    pub(super) is_wanted: bool,
    pub(super) is_running: bool,
}

impl Daemon {
    /// Runs until it is told to stop.
    pub(super) async fn run(mut self, mut events: UnboundedReceiver<Event>) {
        self.manager.ready();
        let feeds = counted(self.settings.config.feeds.len(), "feed");
        tracing::info!("started: {feeds}, archive in {}", self.bench.place.index.display());
        self.note("started", "bellwether run started", None);
        self.errands.is_wanted = true;
        while !self.is_over() {
            self.decide();
            self.tell_state();
            if events.is_empty() {
                self.tell_idle();
            }
            let (wake, leave_by) = (self.wake(), self.leave_by);
            let event = tokio::select! {
                biased;
                event = events.recv() => event.unwrap_or(Event::Stop),
                () = self.clock.until(wake) => Event::Time,
                () = until(leave_by) => break,
            };
            self.take(event);
            // All that has come in before anything is decided: the answers to one question may
            // be several events.
            while let Ok(event) = events.try_recv() {
                self.take(event);
            }
        }
        self.farewell().await;
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Time => self.time_came(),
            Event::Jump(to) => self.jump(to),
            Event::Knock(knock) => self.hear(knock),
            Event::SettingsChanged(cause) => self.load(cause),
            Event::PollEnded(ended) => self.poll_ended(ended),
            Event::Progress { intent, progress } => self.progress(intent, progress),
            Event::WorkEnded(ended) => {
                match ended.lane {
                    Lane::Reading => self.reading = None,
                    Lane::Press => self.press = None,
                    Lane::Side => self.side -= 1,
                    Lane::Pulse => {}
                }
                self.work_ended(ended.came);
            }
            Event::Watchdog => self.show_life(),
            Event::Stop => self.stop(),
        }
    }

    /// A clock that is set back is told, for whoever wonders at the log.
    fn time_came(&mut self) {
        let now = self.clock.now();
        if now < self.seen {
            tracing::info!("clock: set back from {} to {now}", self.seen);
        }
        self.seen = now;
        self.look_again();
    }

    fn jump(&mut self, to: Timestamp) {
        self.clock.jump(to);
        self.is_idle_owed = true;
        self.time_came();
    }

    pub(super) fn look_again(&mut self) {
        self.is_stale = true;
    }

    /// Does short work beside everything else.
    pub(super) fn aside(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&Bench) -> Came + Send + 'static,
    ) {
        self.side += 1;
        self.bench.begin(Lane::Side, name, work);
    }

    /// Has it written down what befell the program. What cannot be written now is written when it
    /// can; it is in the log all the same.
    pub(super) fn note(&mut self, kind: &'static str, text: &str, hint: Option<String>) {
        let note = Note { kind, text: text.to_owned(), hint, at: self.clock.now() };
        self.notes.push(note);
    }

    /// In their order, and before a digest is made, which may have to speak of them.
    pub(super) fn write_notes(&mut self) {
        if !self.is_noting && !self.notes.is_empty() {
            self.is_noting = true;
            let (kept, notes) = (Arc::clone(&self.kept), std::mem::take(&mut self.notes));
            self.aside("notes", move |_| {
                let outcome = jobs::note(&kept, &notes);
                Came::Noted { notes, outcome }
            });
        }
    }

    pub(super) fn noted(&mut self, notes: Vec<Note>, outcome: Result<(), Failure>) {
        self.is_noting = false;
        if let Err(failure) = outcome {
            self.notes.splice(..0, notes);
            let too_many = self.notes.len().saturating_sub(MANY_NOTES);
            self.notes.drain(..too_many);
            self.fell_sick(failure);
        }
    }

    /// The service manager takes silence for death: it hears of us while the loop turns and the
    /// archive answers.
    fn show_life(&mut self) {
        if !self.is_alive_asked {
            self.is_alive_asked = true;
            let kept = Arc::clone(&self.kept);
            self.bench.begin(Lane::Pulse, "alive", move |_| jobs::alive(&kept));
        }
    }

    fn tell_idle(&mut self) {
        if self.is_idle_owed && self.is_idle() {
            self.is_idle_owed = false;
            let mut out = std::io::stdout().lock();
            // Whoever drives us and reads no answer need not have one.
            let _ = writeln!(out, "idle {}", self.clock.now()).and_then(|()| out.flush());
        }
    }

    fn stop(&mut self) {
        if self.leave_by.is_some() {
            self.leave_by = Some(Instant::now());
            return;
        }
        tracing::info!("stopping: what was answered is kept");
        self.leave_by = Some(Instant::now() + FAREWELL);
        self.manager.stopping();
        self.bench.leaving.store(true, Ordering::Relaxed);
        self.stop_asking();
        self.turn_away();
    }

    /// Ends a poll before its time; what was answered by then is kept.
    pub(super) fn stop_asking(&mut self) {
        if let Some(stop) = self.reading.as_mut().and_then(|reading| reading.stop.take()) {
            // The poll may have come to its end by itself.
            let _ = stop.send(());
        }
    }

    fn is_over(&self) -> bool {
        self.leave_by.is_some() && self.reading.is_none() && self.press.is_none() && self.side == 0
    }

    async fn farewell(mut self) {
        self.note("stopped", "bellwether run stopped", None);
        let (kept, notes) = (Arc::clone(&self.kept), self.notes);
        let noted = tokio::task::spawn_blocking(move || jobs::note(&kept, &notes));
        // A disk that is full or slow must not keep us.
        let _ = tokio::time::timeout(Duration::from_millis(500), noted).await;
        tracing::info!("stopped");
    }
}

async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
