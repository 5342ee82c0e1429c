//! One poll: ask the feeds, keep what they said, tell how it went.
//!
//! Answers are kept in groups as they come in, each group one transaction with a savepoint for
//! each feed, so that posts, counters, validators and outcome of a feed stand or fall together.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::Error;
use super::articles::{self, Wanted};
use super::ask::{Asked, ask};
use crate::archive::{Archive, Group, Stored};
use crate::config::FetchSettings;
use crate::dedup;
use crate::fetch::{self, Client};
use crate::model::{Feed, FeedState};
use crate::schedule::{self, Heard, Limits};

/// Where so many feeds were asked and no host had an address, the resolver is cut off.
const MANY: usize = 3;
/// Feeds in one transaction at most.
const GROUP: usize = 64;
/// A transaction takes in no further feed after so long: others want to write as well.
const GROUP_TIME: Duration = Duration::from_millis(50);

/// Makes what asks feeds, under the user's settings; it opens no connection yet. `led` names are
/// not looked up but led to an address (`demo`).
///
/// # Errors
///
/// A `user_agent` that no header can carry.
pub fn client(
    settings: &FetchSettings,
    led: Vec<(String, SocketAddr)>,
) -> Result<Client, fetch::Failure> {
    Client::new(&fetch::Settings {
        user_agent: settings.user_agent.clone(),
        allow: settings.allow.clone(),
        requests_per_second: settings.requests_per_second,
        led,
        ..fetch::Settings::default()
    })
}

/// What a poll needs besides the archive.
pub struct Poll<'a> {
    /// Asks.
    pub client: &'a Client,
    /// The feeds to ask; unreadable ones and those under `not_before` are skipped.
    pub feeds: &'a [Feed],
    /// Bounds of the learned rhythm.
    pub limits: &'a Limits,
    /// The instant of this poll.
    pub now: Timestamp,
}

/// Told while a poll runs, once for each feed.
pub enum Told<'a> {
    /// Asked, and what came of it was kept.
    Asked {
        /// Which.
        feed: &'a Feed,
        /// New posts and edits.
        stored: Stored,
        /// What went wrong, and what to do.
        trouble: Option<(&'a str, Option<&'a str>)>,
    },
    /// Not asked: its server wants to be left alone until then.
    Skipped {
        /// Which.
        feed: &'a Feed,
        /// `Timestamp::MAX`: for ever.
        until: Timestamp,
    },
}

/// A feed that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// Its name.
    pub feed: String,
    /// One line.
    pub error: String,
    /// The next step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// How a poll went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Feeds that were asked.
    pub asked: usize,
    /// … of which a document was read,
    pub read: usize,
    /// … nothing was new (304),
    pub unchanged: usize,
    /// … something failed.
    pub failed: usize,
    /// Feeds left alone for now.
    pub skipped: usize,
    /// Posts never seen before.
    pub new: usize,
    /// Edits of known posts.
    pub changed: usize,
    /// No feed could be asked, for want of a network.
    pub offline: bool,
    /// In the order of `feeds.yaml`.
    pub failures: Vec<Failed>,
}

/// Asks the feeds of `poll` and keeps what they say in `archive`. Ends early, with all that was
/// answered kept, when `stop` is ready.
///
/// # Errors
///
/// Only of the archive: a feed's own failure is in the report.
pub async fn poll(
    archive: &mut Archive,
    poll: Poll<'_>,
    stop: impl Future<Output = ()>,
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<Report, Error> {
    let stop = Box::pin(stop).shared();
    let states = archive.states()?;
    let mut tally = Tally::default();
    let mut order = Vec::new();
    let mut pages = Vec::new();
    for (place, feed) in poll.feeds.iter().enumerate().filter(|(_, f)| f.unreadable.is_none()) {
        let state = states.get(&feed.id).cloned().unwrap_or_default();
        match schedule::may_ask(&state, poll.now) {
            Ok(()) => order.push((place, feed, state)),
            Err(until) => {
                tally.report.skipped += 1;
                tell(Told::Skipped { feed, until });
            }
        }
    }
    let (client, now) = (poll.client, poll.now);
    // As many documents are read at a time as there are processors: more would be read no sooner,
    // and each thread holds memory of its own.
    let desks = &Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from));
    let asking = order.into_iter().map(|(place, feed, state)| async move {
        let asked = ask(client, desks, feed, &state, now).await;
        (place, feed, state, asked)
    });
    // All at once: the client bounds what is under way, and queues by service, so that one slow
    // service holds up nobody else.
    let asking: FuturesUnordered<_> = asking.collect();
    let mut answers = asking.take_until(stop.clone()).ready_chunks(GROUP);
    while let Some(chunk) = answers.next().await {
        let mut chunk = chunk.into_iter().peekable();
        while chunk.peek().is_some() {
            // A command beside us waits no longer than for one group.
            archive.give_way();
            let begun = Instant::now();
            let mut group = archive.group(now)?;
            let mut kept = Vec::new();
            for (place, feed, state, mut asked) in chunk.by_ref() {
                let stored = keep(&mut group, &poll, feed, &state, &mut asked, &mut pages)?;
                kept.push((place, feed, asked, stored, state.failures > 0));
                if GROUP_TIME <= begun.elapsed() {
                    break;
                }
            }
            group.commit()?;
            // Told only now: what is told is kept.
            for (place, feed, asked, stored, fails) in kept {
                log(feed, &asked, stored, fails);
                let trouble = asked.error.as_deref().map(|error| (error, asked.hint.as_deref()));
                tell(Told::Asked { feed, stored, trouble });
                tally.count(place, feed, &asked, stored);
            }
        }
    }
    drop(answers);
    articles::read(archive, &poll, pages, stop).await?;
    Ok(tally.report())
}

/// Keeps one feed's answer under a savepoint of its own. If the archive refuses this one, the
/// others go on, and it counts as failed.
fn keep<'a>(
    group: &mut Group<'_>,
    poll: &Poll<'_>,
    feed: &'a Feed,
    state: &FeedState,
    asked: &mut Asked,
    pages: &mut Vec<Wanted<'a>>,
) -> Result<Stored, Error> {
    let Some(heard) = &asked.heard else { return Ok(Stored::default()) };
    let next = schedule::after(state, heard, poll.now, feed.id, poll.limits);
    let posts = std::mem::take(&mut asked.posts);
    let mut known = group.known_for(posts.iter().map(|(post, _)| post))?;
    let decisions = dedup::decide_all(posts, &mut known);
    match group.poll(feed.id, &next, &decisions) {
        Err(error) if error.is_of_one_feed() => {
            asked.error = Some(error.to_string());
            asked.hint = error.hint();
            Ok(Stored::default())
        }
        stored => {
            let stored = stored?;
            pages.append(&mut articles::wanted(feed, &decisions));
            Ok(stored)
        }
    }
}

#[derive(Default)]
struct Tally {
    report: Report,
    failures: BTreeMap<usize, Failed>,
    offline: usize,
    unknown_hosts: usize,
}

impl Tally {
    fn count(&mut self, place: usize, feed: &Feed, asked: &Asked, stored: Stored) {
        let report = &mut self.report;
        report.asked += 1;
        report.new += stored.new;
        report.changed += stored.changed;
        self.offline += usize::from(asked.offline);
        self.unknown_hosts += usize::from(asked.unknown_host && !asked.offline);
        match (&asked.error, &asked.heard) {
            (None, Some(Heard::Unchanged { .. })) => report.unchanged += 1,
            (None, Some(Heard::Read(_))) => report.read += 1,
            (error, _) => {
                report.failed += 1;
                let error = error.clone().unwrap_or_else(|| "gone for good".to_owned());
                let (feed, hint) = (feed.name.clone(), asked.hint.clone());
                self.failures.insert(place, Failed { feed, error, hint });
            }
        }
    }

    fn report(self) -> Report {
        let nowhere = self.offline + self.unknown_hosts == self.report.asked;
        let offline = nowhere && (self.offline > 0 || MANY <= self.unknown_hosts);
        Report { offline, failures: self.failures.into_values().collect(), ..self.report }
    }
}

/// The poll has its one line elsewhere; of a single feed only that it begins to fail is told.
fn log(feed: &Feed, asked: &Asked, stored: Stored, failed_before: bool) {
    let (name, Stored { new, changed, .. }) = (feed.name.as_str(), stored);
    match &asked.error {
        // Without a network all of them fail, and none is to blame.
        Some(error) if failed_before || asked.heard.is_none() => {
            tracing::debug!(feed = name, error, "feed fails");
        }
        Some(error) => tracing::warn!(feed = name, error, "feed failed"),
        None => {
            let problems = asked.problems.len();
            tracing::debug!(feed = name, new, changed, problems, "feed read");
        }
    }
    for problem in &asked.problems {
        tracing::debug!(feed = name, %problem, "entry with a problem");
    }
}
