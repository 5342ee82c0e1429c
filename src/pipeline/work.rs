//! Long work that a command or the daemon carries out: fetch, reindex, send. Both by the same
//! function, so that it makes no difference who does it.

use std::cell::Cell;
use std::future::Future;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use super::catch_up::catch_up;
use super::poll::{Poll, Report, Told, poll};
use super::publish::Occasion;
use super::record::{self, Delivery};
use crate::archive::{Archive, Intent};
use crate::config::Config;
use crate::fetch::Client;
use crate::index::Index;
use crate::model::{Feed, SectionKind};
use crate::schedule;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// One poll.
    Fetch {
        /// Names of feeds or people, or addresses; none: all feeds.
        names: Vec<String>,
        /// Only feeds whose time has come.
        due: bool,
    },
    /// The search index, built anew.
    Reindex {},
    /// A digest, delivered and recorded.
    Send {
        /// Its schedule; the first one where none is named.
        name: Option<String>,
        /// Only these sections; all of the schedule's where it is empty.
        sections: Vec<SectionKind>,
    },
}

impl Work {
    /// The verb of its intent, and of the lines about it.
    pub fn verb(&self) -> &'static str {
        match self {
            Work::Fetch { .. } => "fetch",
            Work::Reindex {} => "reindex",
            Work::Send { .. } => "send",
        }
    }

    /// The argument of its intent.
    pub fn argument(&self) -> String {
        serde_json::to_string(self).expect("names are JSON")
    }

    /// What an intent asks for; `None` where it is no long work, or one of a later version.
    pub fn of(intent: &Intent) -> Option<Work> {
        let work: Work = serde_json::from_str(intent.argument.as_deref()?).ok()?;
        (work.verb() == intent.verb).then_some(work)
    }
}

/// What is told while it goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// `reading feeds`, `indexing posts`.
    pub what: String,
    /// Steps done so far.
    pub done: usize,
    /// Steps in all.
    pub total: usize,
    /// What the last step was about: a feed's name; may be empty.
    pub name: String,
    /// A line that a person wants to see: a feed that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Progress {
    fn begun(what: &str, total: usize) -> Progress {
        Progress { what: what.to_owned(), total, ..Progress::default() }
    }

    fn step(&mut self, steps: usize, name: &str, tell: &mut dyn FnMut(Progress)) {
        self.done += steps;
        name.clone_into(&mut self.name);
        tell(self.clone());
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A poll.
    Fetch(Report),
    /// A search index.
    Reindex {
        /// Posts in it.
        indexed: usize,
    },
    /// A digest, which `digest NAME --now T` gives again.
    Send {
        /// Its schedule.
        name: String,
        /// The instant that it was made for.
        now: Timestamp,
        /// What came of it at each channel, those of earlier digests that had waited first.
        deliveries: Vec<Delivery>,
        /// Channels that this version does not have.
        unknown: Vec<String>,
        /// It was not sent: no feed was read yet.
        empty: bool,
    },
}

/// What it takes.
pub struct Tools<'a> {
    /// The truth, open for writing by the holder of the lock.
    pub archive: &'a mut Archive,
    /// What the program needs.
    pub config: &'a Config,
    /// The text of `feeds.yaml` that `config` was read from.
    pub settings: &'a str,
    /// Reads the web.
    pub client: &'a Client,
    /// Folder of the search index.
    pub search: PathBuf,
    /// Folder of digests that were sent.
    pub digests: PathBuf,
    /// The instant of the work.
    pub now: Timestamp,
}

/// Carries out `work`. When `stop` is ready a poll ends early, with all that was answered kept.
///
/// # Errors
///
/// [`Error::Stopped`]; [`Error::Unknown`] where the settings do not have a name; else what stops
/// the journey.
pub async fn carry_out(
    work: &Work,
    tools: Tools<'_>,
    stop: impl Future<Output = ()>,
    tell: &mut dyn FnMut(Progress),
) -> Result<Outcome, Error> {
    match work {
        Work::Fetch { names, due } => {
            let mut feeds = chosen(tools.config, names)?;
            if *due {
                let states = tools.archive.states()?;
                let due = schedule::due(&states, &feeds, tools.now, &tools.config.rhythm);
                feeds.retain(|feed| due.contains(&feed.id));
            }
            Ok(Outcome::Fetch(fetch(&feeds, tools, stop, tell).await?))
        }
        Work::Reindex {} => {
            let mut index = Index::create(&tools.search)?;
            let indexed = index_all(tools.archive, &mut index, tools.config, tell)?;
            Ok(Outcome::Reindex { indexed })
        }
        Work::Send { name, sections } => send(name.as_deref(), sections, tools),
    }
}

/// The feeds that are called so, each once; all of them for no names.
fn chosen(config: &Config, names: &[String]) -> Result<Vec<Feed>, Error> {
    if names.is_empty() {
        return Ok(config.feeds.clone());
    }
    let mut feeds: Vec<Feed> = Vec::new();
    for name in names {
        let found = config.feeds_named(name);
        if found.is_empty() {
            return Err(Error::Unknown { what: "feed or person", name: name.clone() });
        }
        for feed in found {
            if !feeds.iter().any(|known| known.id == feed.id) {
                feeds.push(feed.clone());
            }
        }
    }
    Ok(feeds)
}

/// Polls `feeds` and brings the search index up to date.
pub async fn fetch(
    feeds: &[Feed],
    tools: Tools<'_>,
    stop: impl Future<Output = ()>,
    tell: &mut dyn FnMut(Progress),
) -> Result<Report, Error> {
    let total = feeds.iter().filter(|feed| feed.unreadable.is_none()).count();
    let mut progress = Progress::begun("reading feeds", total);
    tell(progress.clone());
    let stopped = Cell::new(false);
    let stop = async {
        stop.await;
        stopped.set(true);
    };
    let limits = &tools.config.rhythm.limits;
    let work = Poll { client: tools.client, feeds, limits, now: tools.now };
    let mut lines: Vec<String> = Vec::new();
    let report = poll(tools.archive, work, stop, &mut |told| {
        let (feed, line) = told_of(&told);
        lines.extend(line);
        progress.step(1, &feed.name, tell);
    })
    .await?;
    if stopped.get() {
        return Err(Error::Stopped);
    }
    if !report.offline {
        for line in lines {
            tell(Progress { note: Some(line), ..progress.clone() });
        }
    }
    let mut index = Index::open(&tools.search)?;
    catch_up(tools.archive, &mut index, tools.config, &mut |_| {})?;
    Ok(report)
}

fn told_of<'a>(told: &Told<'a>) -> (&'a Feed, Option<String>) {
    match told {
        Told::Asked { feed, trouble: None, .. } => (feed, None),
        Told::Asked { feed, trouble: Some((error, hint)), .. } => {
            let hint = hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
            (feed, Some(format!("{}: {error}{hint}", feed.name)))
        }
        Told::Skipped { feed, until } => {
            (feed, Some(format!("{}: {}", feed.name, skipped(*until))))
        }
    }
}

fn skipped(until: Timestamp) -> String {
    if until == Timestamp::MAX {
        return "left alone: it said twice that it is gone".to_owned();
    }
    format!("left alone until {until:.0}: its server asked for it, or it just failed")
}

fn index_all(
    archive: &Archive,
    index: &mut Index,
    config: &Config,
    tell: &mut dyn FnMut(Progress),
) -> Result<usize, Error> {
    let total = usize::try_from(archive.counts()?.posts).unwrap_or(usize::MAX);
    let mut progress = Progress::begun("indexing posts", total);
    tell(progress.clone());
    catch_up(archive, index, config, &mut |steps| progress.step(steps, "", tell))
}

/// Delivers what waits from earlier, then the digest.
fn send(name: Option<&str>, sections: &[SectionKind], tools: Tools<'_>) -> Result<Outcome, Error> {
    let Tools { archive, config, settings, digests, now, .. } = tools;
    let schedule = match name {
        Some(name) => config.schedule(name),
        None => config.schedules.first(),
    };
    let schedule = schedule.ok_or_else(|| Error::Unknown {
        what: "digest",
        name: name.unwrap_or_default().to_owned(),
    })?;
    let mut deliveries = Vec::new();
    for waiting in record::waiting(archive, config)? {
        deliveries.extend(record::redeliver(archive, config, &waiting, &digests, now)?);
    }
    let occasion = Occasion { config, schedule, sections, now, due: None };
    let issued = record::send(archive, &occasion, settings, &digests)?;
    deliveries.extend(issued.deliveries);
    Ok(Outcome::Send {
        name: schedule.name.clone(),
        now,
        deliveries,
        unknown: issued.unknown,
        empty: issued.made.digest.profiles == 0,
    })
}
