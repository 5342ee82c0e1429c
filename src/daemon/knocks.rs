//! What other commands ask for: heard at once, done in the order of the archive, and answered
//! when it is done.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::door::{Answer, Ask, Knock, Reply, Standing};
use super::event_loop::{Daemon, Reading, Wish};
use super::failure::{Failure, Sick};
use super::orders::{self, Order};
use super::workshop::{Errands, Lane};
use crate::pipeline::act::Ending;
use crate::pipeline::work::{Outcome, Progress, Work};

impl Daemon {
    pub(super) fn hear(&mut self, knock: Knock) {
        let Knock { ask, reply } = knock;
        match ask {
            Ask::Alive => reply.say(Answer::Alive),
            Ask::Status => reply.say(Answer::Status(Box::new(self.standing()))),
            Ask::Act { .. } if self.leave_by.is_some() => reply.say(leaving()),
            Ask::Act { intent } => {
                reply.say(Answer::Heard { by: std::process::id() });
                self.waiting.entry(intent).or_default().push(reply);
                self.errands.is_wanted = true;
            }
        }
    }

    /// Reads the open intents and does the quick ones, beside whatever else goes on.
    pub(super) fn run_errands(&mut self) {
        if !self.errands.is_wanted || self.errands.is_running {
            return;
        }
        (self.errands.is_wanted, self.errands.is_running) = (false, true);
        let now = self.clock.now();
        let asked: Vec<i64> = self.waiting.keys().copied().collect();
        self.aside("errands", move |bench| orders::errands(bench, &asked, now));
    }

    pub(super) fn errands_done(&mut self, outcome: Result<Errands, Failure>) {
        self.errands.is_running = false;
        match outcome {
            Ok(errands) => {
                for (intent, ending) in errands.done {
                    self.answer(intent, ending.into());
                }
                for (intent, work) in errands.long {
                    self.wish(intent, work);
                }
            }
            Err(failure) => {
                let begun: Vec<i64> = self.wishes.iter().map(|wish| wish.intent).collect();
                let asked: Vec<i64> = self.waiting.keys().copied().collect();
                for intent in asked.into_iter().filter(|intent| !begun.contains(intent)) {
                    self.answer(intent, failure.clone().into());
                }
                self.fell_sick(failure);
            }
        }
    }

    fn wish(&mut self, intent: i64, work: Work) {
        if self.wishes.iter().any(|wish| wish.intent == intent) {
            return;
        }
        self.wishes.push(Wish { intent, work, is_begun: false, is_told: false });
    }

    /// A person whose work cannot begin yet is told what it waits for; `why` where nothing is
    /// being done.
    pub(super) fn tell_who_waits(&mut self, why: &str) {
        let what = self.doing().into_iter().next().unwrap_or_else(|| why.to_owned());
        for place in 0..self.wishes.len() {
            let wish = &mut self.wishes[place];
            if !wish.is_begun && !wish.is_told {
                wish.is_told = true;
                let (intent, what) = (wish.intent, format!("waiting for the {what} to end"));
                self.progress(intent, Progress { what, ..Progress::default() });
            }
        }
    }

    /// Work that has begun and broke off in a way that nobody foresaw.
    pub(super) fn drop_begun(&mut self, failure: &Failure) {
        let (begun, rest) = std::mem::take(&mut self.wishes).into_iter().partition(|w| w.is_begun);
        self.wishes = rest;
        let begun: Vec<Wish> = begun;
        for wish in begun {
            self.answer(wish.intent, failure.clone().into());
        }
    }

    /// Begins the long work that can begin.
    pub(super) fn carry_out_wishes(&mut self, now: Timestamp) {
        for place in 0..self.wishes.len() {
            let Wish { intent, work, is_begun, .. } = &self.wishes[place];
            let (intent, work) = (*intent, work.clone());
            if *is_begun {
                continue;
            }
            match work {
                Work::Send { .. } => {
                    if self.press.is_none() && !self.waits_for_answers(now) {
                        (self.press, self.waiting_since) = (Some("digest"), None);
                        self.last_issue = Some(now);
                        self.carry_out(place, intent, work, Lane::Press, now, None);
                    }
                }
                Work::Fetch { .. } => {
                    if self.reading.is_none() && self.press.is_none() {
                        let (stop, stopped) = oneshot::channel();
                        self.reading =
                            Some(Reading { name: "fetch", is_asking: true, stop: Some(stop) });
                        self.last_poll = Some(now);
                        let now = self.instant_to_read(now);
                        self.carry_out(place, intent, work, Lane::Reading, now, Some(stopped));
                    }
                }
                Work::Reindex {} => {
                    if self.reading.is_none() {
                        self.reading =
                            Some(Reading { name: "reindex", is_asking: false, stop: None });
                        self.carry_out(place, intent, work, Lane::Reading, now, None);
                    }
                }
            }
        }
    }

    fn carry_out(
        &mut self,
        place: usize,
        intent: i64,
        work: Work,
        lane: Lane,
        now: Timestamp,
        stop: Option<oneshot::Receiver<()>>,
    ) {
        self.wishes[place].is_begun = true;
        let (settings, client) = (Arc::clone(&self.settings), self.client.clone());
        let order = Order { settings, client, intent, work, now, stop };
        let name = order.work.verb();
        self.bench.begin(lane, name, move |bench| orders::carry_out(bench, order));
    }

    pub(super) fn carried(
        &mut self,
        intent: i64,
        work: &Work,
        outcome: Result<Outcome, Failure>,
        took: Duration,
    ) {
        self.look_again();
        let verb = work.verb();
        match outcome {
            Ok(outcome) => {
                self.wishes.retain(|wish| wish.intent != intent);
                self.log_outcome(&outcome, took);
                let done = serde_json::to_value(&outcome).unwrap_or_default();
                self.answer(intent, Answer::Done(done));
            }
            Err(failure) if failure.stopped && self.leave_by.is_none() => {
                // A digest went first; what is left is asked after it.
                let wishes = self.wishes.iter_mut().filter(|wish| wish.intent == intent);
                wishes.for_each(|wish| wish.is_begun = false);
            }
            Err(failure) => {
                self.wishes.retain(|wish| wish.intent != intent);
                self.answer(intent, failure.clone().into());
                tracing::warn!("{verb}: {}", failure.error);
                if failure.sick != Sick::Work {
                    self.fell_sick(failure);
                }
            }
        }
    }

    fn log_outcome(&mut self, outcome: &Outcome, took: Duration) {
        let seconds = took.as_secs_f64();
        match outcome {
            Outcome::Fetch(report) => self.told_of_poll(report, took),
            Outcome::Reindex { indexed } => {
                tracing::info!("reindex: {indexed} posts, {seconds:.1} s");
            }
            Outcome::Send { name, deliveries, .. } => {
                let places = deliveries.iter().filter_map(|one| one.outcome.as_ref().ok());
                let places: Vec<&str> = places.map(String::as_str).collect();
                tracing::info!("digest {name}: asked for, {seconds:.1} s: {}", places.join(", "));
            }
        }
    }

    /// Passes on how far a long work is.
    pub(super) fn progress(&self, intent: i64, progress: Progress) {
        for reply in self.waiting.get(&intent).into_iter().flatten() {
            reply.say(Answer::Progress(progress.clone()));
        }
    }

    fn answer(&mut self, intent: i64, answer: Answer) {
        for reply in self.waiting.remove(&intent).unwrap_or_default() {
            reply.say(answer.clone());
        }
    }

    /// The daemon ends: whoever waits hears that what was asked for is not forgotten.
    pub(super) fn turn_away(&mut self) {
        self.door = None;
        let waiting = std::mem::take(&mut self.waiting);
        waiting.into_values().flatten().for_each(|reply: Reply| reply.say(leaving()));
    }

    fn doing(&self) -> Vec<String> {
        let names = self.press.iter().copied().chain(self.reading.iter().map(|one| one.name));
        names.map(str::to_owned).collect()
    }

    fn standing(&self) -> Standing {
        let outlook = self.outlook.as_ref();
        let undelivered = outlook.into_iter().flat_map(|outlook| &outlook.undelivered);
        let zone = &self.settings.config.rhythm.zone;
        Standing {
            pid: std::process::id(),
            since: Some(self.since),
            doing: self.doing(),
            next_poll: outlook.and_then(|outlook| outlook.next_poll),
            next_digest: outlook.and_then(|outlook| outlook.next_digest.clone()),
            settings_trouble: self
                .refused
                .as_ref()
                .and_then(|text| text.lines().next().map(str::to_owned)),
            trouble: self.sick.troubles(self.clock.now()),
            undelivered: undelivered
                .map(|one| {
                    let day = one.now.to_zoned(zone.clone()).date();
                    format!("{} of {day}: {}", one.name, one.channels.join(", "))
                })
                .collect(),
        }
    }
}

impl From<Ending> for Answer {
    fn from(ending: Ending) -> Answer {
        match ending {
            Ending::Done(value) => Answer::Done(value),
            Ending::Failed { error, hint } => Answer::Failed { error, hint },
        }
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Answer {
        Answer::Failed { error: failure.error, hint: failure.hint }
    }
}

fn leaving() -> Answer {
    Answer::Failed {
        error: "bellwether run is just ending".to_owned(),
        hint: Some("it is written down, and done by whoever writes next".to_owned()),
    }
}
