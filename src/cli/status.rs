//! `bellwether status`: what is kept, how the feeds are, where the files lie.

use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use serde::Serialize;

use super::{Context, partly, say};
use crate::archive::{Archive, Counts};
use crate::config::{self, Config};
use crate::digest::escape::terminal;
use crate::model::{FeedState, Outcome};

/// Show what is kept, how the feeds are, and where the files lie.
///
/// Exit code 1: some feeds fail.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether status\n  bellwether status --json | jq .failing")]
pub(super) struct Arguments {
    /// One JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Status {
    settings: String,
    index: String,
    posts: u64,
    edits: u64,
    oldest: Option<Timestamp>,
    newest: Option<Timestamp>,
    feeds: usize,
    read: usize,
    never_read: usize,
    unreadable: usize,
    failing: Vec<Failing>,
    last_digest: Option<Timestamp>,
    archive_bytes: u64,
    search_bytes: u64,
}

#[derive(Serialize)]
struct Failing {
    feed: String,
    error: String,
    since: Option<Timestamp>,
    next_check: Option<Timestamp>,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let config = config::load(&context.place.settings)?;
    let archive = Archive::read_only(&context.place.archive())?;
    let status = look(&config, &archive, context)?;
    if arguments.json {
        super::say_json(&status)?;
    } else {
        show(&status)?;
    }
    Ok(if status.failing.is_empty() { ExitCode::SUCCESS } else { partly() })
}

fn look(config: &Config, archive: &Archive, context: &Context) -> anyhow::Result<Status> {
    let states = archive.states()?;
    let Counts { posts, edits, since, newest, .. } = archive.counts()?;
    let state = |feed: &crate::model::Feed| states.get(&feed.id);
    let readable: Vec<_> = config.feeds.iter().filter(|feed| feed.unreadable.is_none()).collect();
    let read = readable.iter().filter(|feed| state(feed).is_some_and(|s| s.first_read.is_some())).count();
    let failing = readable.iter().filter_map(|feed| failing(&feed.name, state(feed)?)).collect();
    let mut last_digest = None;
    for schedule in &config.schedules {
        let sent = archive.last_sent(&schedule.name, Timestamp::MAX, None)?;
        last_digest = last_digest.max(sent.map(|(_, sent)| sent.now));
    }
    Ok(Status {
        settings: context.place.settings.display().to_string(),
        index: context.place.index.display().to_string(),
        posts,
        edits,
        oldest: since,
        newest,
        feeds: config.feeds.len(),
        read,
        never_read: readable.len() - read,
        unreadable: config.feeds.len() - readable.len(),
        failing,
        last_digest,
        archive_bytes: bytes(&context.place.archive()),
        search_bytes: bytes(&context.place.search()),
    })
}

fn failing(name: &str, state: &FeedState) -> Option<Failing> {
    let fails = matches!(state.outcome, Some(Outcome::Failed | Outcome::Gone));
    fails.then(|| Failing {
        feed: name.to_owned(),
        error: state.error.clone().unwrap_or_else(|| "failed".to_owned()),
        since: state.failing_since,
        next_check: state.next_check.filter(|at| *at < Timestamp::MAX),
    })
}

/// Size on disk of a file, or of the files in a folder; 0 for what is not there.
fn bytes(path: &Path) -> u64 {
    let own = path.metadata().map_or(0, |meta| if meta.is_file() { meta.len() } else { 0 });
    let below = std::fs::read_dir(path).into_iter().flatten().flatten();
    own + below.map(|entry| bytes(&entry.path())).sum::<u64>()
}

fn show(status: &Status) -> anyhow::Result<()> {
    let date = |at: Option<Timestamp>| at.map_or("never".to_owned(), |at| at.strftime("%F %H:%MZ").to_string());
    say!("settings  {}", status.settings);
    say!("index     {}", status.index);
    say!("posts     {} kept, {} edits; newest seen {}", status.posts, status.edits, date(status.newest));
    say!(
        "feeds     {}: {} read, {} failing, {} never read, {} that cannot be read",
        status.feeds,
        status.read,
        status.failing.len(),
        status.never_read,
        status.unreadable
    );
    say!("digest    last sent {}", date(status.last_digest));
    let size = |bytes: u64| indicatif::HumanBytes(bytes).to_string();
    say!("disk      archive {}, search index {}", size(status.archive_bytes), size(status.search_bytes));
    for one in &status.failing {
        let next = one.next_check.map(|at| format!("; next try {}", date(Some(at)))).unwrap_or_default();
        let line = format!("{}: {} (since {}{next})", one.feed, one.error, date(one.since));
        say!("failing   {}", terminal(&line));
    }
    Ok(())
}
