//! Carries out long work, for a command as for the daemon.

use std::cell::Cell;
use std::future::Future;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::catch_up::{self, Told as Indexed};
use super::poll::{Poll, Report, Told, poll};
use super::publish::Occasion;
use super::work::{Outcome, Progress, Work};
use super::{Error, record};
use crate::archive::Archive;
use crate::config::Config;
use crate::fetch::Client;
use crate::index;
use crate::model::{Feed, SectionKind};
use crate::schedule;

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
            let Tools { archive, search, config, .. } = tools;
            Ok(Outcome::Reindex { indexed: rebuild(archive, &search, config, tell)? })
        }
        Work::Send { name, sections } => send(name.as_deref(), sections, tools),
    }
}

/// What came of `work` if it was done since the intent of row `intent` asked for it, by a process
/// that could not note it any more. Only of what must not be done twice: a digest is not sent
/// again.
///
/// # Errors
///
/// Of the archive.
pub fn done_before(
    archive: &Archive,
    config: &Config,
    work: &Work,
    intent: i64,
) -> Result<Option<Outcome>, Error> {
    let Work::Send { name, sections } = work else { return Ok(None) };
    let first = config.schedules.first().map(|schedule| &schedule.name);
    let Some(name) = name.as_ref().or(first) else { return Ok(None) };
    let sent = archive.last_sent(name, Timestamp::MAX, None)?;
    let since = sent.filter(|(row, sent)| intent < *row && sent.sections == *sections);
    Ok(since.map(|(_, sent)| Outcome::Send {
        name: sent.name,
        now: sent.now,
        deliveries: Vec::new(),
        unknown: Vec::new(),
        empty: false,
    }))
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
    bring_up(tools.archive, &tools.search, tools.config, tell)?;
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

/// Brings the search index up to the archive; returns how many versions of posts that took. Tells
/// of it where it is made anew and where it takes a while.
///
/// # Errors
///
/// Of the archive and the index.
pub fn bring_up(
    archive: &Archive,
    search: &Path,
    config: &Config,
    tell: &mut dyn FnMut(Progress),
) -> Result<usize, Error> {
    let mut heard = Indexing { least: WHILE, progress: None };
    catch_up::bring_up(archive, search, config, &mut |told| heard.pass_on(&told, tell))
}

/// Makes the search index anew from the archive; returns how many versions of posts it holds.
pub(super) fn rebuild(
    archive: &Archive,
    search: &Path,
    config: &Config,
    tell: &mut dyn FnMut(Progress),
) -> Result<usize, Error> {
    let mut heard = Indexing { least: 0, progress: None };
    catch_up::rebuild(archive, search, config, &mut |told| heard.pass_on(&told, tell))
}

/// Versions of posts that are added before a person wonders.
const WHILE: u64 = 2_000;

/// What is passed on of an index that comes along.
struct Indexing {
    /// So few are added without a word.
    least: u64,
    progress: Option<Progress>,
}

impl Indexing {
    fn pass_on(&mut self, told: &Indexed<'_>, tell: &mut dyn FnMut(Progress)) {
        match told {
            // The first reading makes it; there is nothing to say.
            Indexed::Anew(index::Error::Missing { .. }) => {}
            Indexed::Anew(why) => {
                let note = Some(format!("{why}: it is made anew from the archive"));
                tell(Progress { note, ..Progress::begun(INDEXING, 0) });
            }
            Indexed::Begun(versions) if *versions <= self.least => {}
            Indexed::Begun(versions) => {
                let total = usize::try_from(*versions).unwrap_or(usize::MAX);
                let begun = Progress::begun(INDEXING, total);
                tell(begun.clone());
                self.progress = Some(begun);
            }
            Indexed::Added(versions) => {
                if let Some(progress) = &mut self.progress {
                    progress.step(*versions, "", tell);
                }
            }
        }
    }
}

const INDEXING: &str = "indexing posts";

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
