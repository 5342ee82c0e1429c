//! `bellwether status`: what runs, what comes next, how the feeds are, what is kept and how it
//! grows, what needs a look, where the files lie.
//!
//! It only reads, whatever else runs, and goes on where `feeds.yaml` is broken.

mod growth;
pub(super) mod health;
mod keeper;
mod show;
mod trouble;

use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::Serialize;

use self::growth::Growth;
use self::health::Health;
use self::keeper::Keeper;
use self::trouble::{Moment, Trouble};
use super::{Context, partly, say};
use crate::archive::{Archive, Counts};
use crate::config::{self, Config};
use crate::daemon::door::NextDigest;
use crate::model::MarkKind;
use crate::pipeline::sizes;
use crate::schedule;

/// Show what runs, how the feeds are, what is kept, and what needs a look.
///
/// Exit code 0: all is well; 1: something needs a look, feeds that fail among it, and it is said
/// what; 2: it cannot be told.
#[derive(clap::Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// One JSON object
    #[arg(long)]
    json: bool,
}

const HELP: &str = "\
Examples:
  bellwether status
  bellwether status --json | jq .failing
  bellwether status > /dev/null || echo 'bellwether needs a look'

The JSON object:
  health            `well` or `look`
  trouble           what needs a look: {error, hint}
  running           what has the archive in hand: {command, pid, since, doing, answers}, or null
  next_poll, next_digest      instants, of the daemon that runs or of one that would
  feeds, ok, resting, failing, never_read, unreadable     failing is a list:
                    {feed, error, since, next_check}; all are absent while feeds.yaml is broken
  posts, edits, saved, oldest, newest, last_digest
  archive_bytes, search_bytes, digests_bytes
  growth            bytes in the last {week, month}, and {per_year} as in the last {base_days}; null: unknown yet
  happened          the last few things that befell it: {at, kind, text, hint}
  settings, index   where the files lie";

#[derive(Serialize)]
struct Status {
    health: &'static str,
    trouble: Vec<Trouble>,
    running: Option<Running>,
    next_poll: Option<Timestamp>,
    next_digest: Option<NextDigest>,
    #[serde(flatten)]
    feeds: Option<Health>,
    posts: u64,
    edits: u64,
    saved: usize,
    oldest: Option<Timestamp>,
    newest: Option<Timestamp>,
    last_digest: Option<Timestamp>,
    archive_bytes: u64,
    search_bytes: u64,
    digests_bytes: u64,
    growth: Growth,
    happened: Vec<Happened>,
    settings: String,
    index: String,
}

/// What has the archive in hand.
#[derive(Serialize)]
struct Running {
    /// `run`, `fetch` …
    command: String,
    pid: Option<u32>,
    since: Option<Timestamp>,
    /// `poll`, `digest` …; nothing: it waits.
    doing: Vec<String>,
    /// A daemon does, unless something is wrong with it; another command never.
    answers: bool,
}

#[derive(Serialize)]
struct Happened {
    at: Timestamp,
    kind: String,
    text: String,
    hint: Option<String>,
}

/// How long something that happened is news.
const NEWS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Of so many of the last happenings.
const HAPPENINGS: usize = 20;

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let archive = Archive::read_only(&context.place.archive())?;
    let zone = TimeZone::system();
    let status = look(&archive, context, &zone)?;
    match arguments.json {
        true => super::say_json(&status)?,
        false => say!("{}", show::text(&status, context.now, &zone).trim_end()),
    }
    Ok(if status.trouble.is_empty() { ExitCode::SUCCESS } else { partly() })
}

fn look(archive: &Archive, context: &Context, zone: &TimeZone) -> anyhow::Result<Status> {
    let (place, now) = (&context.place, context.now);
    let config = config::load(&place.settings);
    let keeper = keeper::ask(&place.index);
    let states = archive.states()?;
    let Counts { posts, edits, since, newest, .. } = archive.counts()?;
    let feeds = config.as_ref().ok().map(|config| health::of(&config.feeds, &states, now));
    let sizes = sizes::measure(archive, place, now)?;
    let past = archive.sizes(sizes.day.saturating_sub(jiff::Span::new().days(40)))?;
    let marks = archive.marks(now, None)?;
    let (next_poll, next_digest) = match (&keeper, &config) {
        (Keeper::Daemon(standing), _) => (standing.next_poll, standing.next_digest.clone()),
        (_, Ok(config)) => (
            schedule::next_due(&states, &config.feeds, now, &config.rhythm),
            next_digest(config, now),
        ),
        _ => (None, None),
    };
    // Where the system unit in `packaging/` keeps its settings.
    let manager = if place.settings.starts_with("/etc") { "" } else { "--user " };
    let moment = Moment { now, zone, manager };
    let trouble = trouble::of(archive, &config, &keeper, feeds.as_ref(), &moment)?;
    Ok(Status {
        health: if trouble.is_empty() { "well" } else { "look" },
        trouble,
        running: running(keeper),
        next_poll,
        next_digest,
        feeds,
        posts,
        edits,
        saved: marks.iter().filter(|mark| mark.kind == MarkKind::Save).count(),
        oldest: since,
        newest,
        last_digest: last_digest(archive, config.as_ref().ok())?,
        archive_bytes: sizes.archive,
        search_bytes: sizes.search,
        digests_bytes: sizes.digests,
        growth: growth::of(&past, &sizes),
        happened: happened(archive, now)?,
        settings: place.settings.display().to_string(),
        index: place.index.display().to_string(),
    })
}

fn running(keeper: Keeper) -> Option<Running> {
    let (holder, answers) = match keeper {
        Keeper::Nobody => return None,
        Keeper::Daemon(standing) => {
            let (pid, since) = (Some(standing.pid), standing.since);
            let doing = standing.doing;
            return Some(Running { command: "run".to_owned(), pid, since, doing, answers: true });
        }
        Keeper::Closed(holder) | Keeper::Command(holder) => (holder, false),
        Keeper::Silent(holder, _) => (holder.unwrap_or_default(), false),
    };
    let crate::archive::Holder { pid, role: command, since } = holder;
    Some(Running { command, pid, since, doing: Vec::new(), answers })
}

fn next_digest(config: &Config, now: Timestamp) -> Option<NextDigest> {
    let coming = config
        .schedules
        .iter()
        .map(|one| NextDigest { name: one.name.clone(), at: one.cron.next(now, &one.zone) });
    coming.min_by_key(|next| next.at).filter(|next| next.at < Timestamp::MAX)
}

fn last_digest(archive: &Archive, config: Option<&Config>) -> anyhow::Result<Option<Timestamp>> {
    let mut last = None;
    for schedule in config.into_iter().flat_map(|config| &config.schedules) {
        let sent = archive.last_sent(&schedule.name, Timestamp::MAX, None)?;
        last = last.max(sent.map(|(_, sent)| sent.now));
    }
    Ok(last)
}

/// What befell it lately, the last one first, without its coming and going.
fn happened(archive: &Archive, now: Timestamp) -> anyhow::Result<Vec<Happened>> {
    let all = archive.happenings(HAPPENINGS)?.into_iter();
    let news = all.filter(|one| now.duration_since(one.at) <= NEWS);
    let told = news.filter(|one| !matches!(one.kind.as_str(), "started" | "stopped"));
    Ok(told
        .map(|one| Happened { at: one.at, kind: one.kind, text: one.text, hint: one.hint })
        .collect())
}
