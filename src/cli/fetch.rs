//! `bellwether fetch`: one poll of all feeds, now.

use std::process::ExitCode;

use jiff::Timestamp;

use super::desk::Desk;
use super::screen::Progress;
use super::{Context, partly, say};
use crate::model::Feed;
use crate::pipeline::poll::{Report, Told};
use crate::schedule;

/// Read all feeds once, now.
///
/// Feeds whose servers asked to be left alone for a while (Retry-After, max-age, ttl, back-off)
/// are skipped. Exit code 1: some feeds failed.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether fetch\n  bellwether fetch 'Ines Okafor' lobsters\n  bellwether fetch --due\n  bellwether fetch --json | jq .new")]
pub(super) struct Arguments {
    /// Only these feeds: names of feeds or people, or addresses
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only feeds whose time has come: by their rhythm, or by `refresh` and `cron` in feeds.yaml.
    /// For timers
    #[arg(long)]
    due: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let mut desk = Desk::open(context)?;
    let mut feeds = chosen(&desk, &arguments.names)?;
    if arguments.due {
        let states = desk.archive.states()?;
        let due = schedule::due(&states, &feeds, context.now, &desk.config.rhythm);
        feeds.retain(|feed| due.contains(&feed.id));
    }
    let report = poll(&mut desk, &feeds, context.now, arguments.json)?;
    if arguments.json {
        super::say_json(&report)?;
    } else {
        say!("{}", summary(&report));
    }
    if report.offline {
        return Err(super::trouble::offline());
    }
    Ok(if report.failed == 0 { ExitCode::SUCCESS } else { partly() })
}

fn chosen(desk: &Desk, names: &[String]) -> anyhow::Result<Vec<Feed>> {
    if names.is_empty() {
        return Ok(desk.config.feeds.clone());
    }
    let mut feeds: Vec<Feed> = Vec::new();
    for name in names {
        let found = desk.config.feeds_named(name);
        if found.is_empty() {
            let known = desk.config.feeds.iter().map(|feed| feed.name.as_str());
            return Err(super::trouble::unknown("feed or person", name, known));
        }
        feeds.extend(found.into_iter().filter(|feed| !feeds.iter().any(|f| f.id == feed.id)).cloned().collect::<Vec<_>>());
    }
    Ok(feeds)
}

/// Polls with progress on standard error, one line for each feed that failed, and brings the
/// search index up to date.
pub(super) fn poll(
    desk: &mut Desk,
    feeds: &[Feed],
    now: Timestamp,
    quiet: bool,
) -> anyhow::Result<Report> {
    let readable = feeds.iter().filter(|feed| feed.unreadable.is_none()).count();
    let progress = Progress::new("reading feeds", readable, quiet);
    let mut lines: Vec<String> = Vec::new();
    let report = desk.poll(feeds, now, &mut |told| {
        let (feed, line) = match told {
            Told::Asked { feed, trouble: None, .. } => (feed, None),
            Told::Asked { feed, trouble: Some((error, hint)), .. } => {
                let hint = hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
                (feed, Some(format!("{}: {error}{hint}", feed.name)))
            }
            Told::Skipped { feed, until } => (feed, Some(format!("{}: {}", feed.name, skipped(until)))),
        };
        lines.extend(line);
        progress.step(&crate::digest::escape::terminal(&feed.name));
    })?;
    if report.offline {
        lines.clear();
    }
    for line in lines.iter().take(LINES) {
        progress.line(&crate::digest::escape::terminal(line));
    }
    if LINES < lines.len() {
        let more = lines.len() - LINES;
        progress.line(&format!("… and {more} more; `{} status` names those that fail", super::program()));
    }
    progress.finish();
    desk.catch_up(quiet)?;
    Ok(report)
}

/// Lines about single feeds; a hundred failures have one cause.
const LINES: usize = 20;

fn skipped(until: Timestamp) -> String {
    if until == Timestamp::MAX {
        return "left alone: it said twice that it is gone".to_owned();
    }
    format!("left alone until {until:.0}: its server asked for it, or it just failed")
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// One line for people.
pub(super) fn summary(report: &Report) -> String {
    let Report { asked, read, unchanged, failed, skipped, new, changed, .. } = report;
    let asked = counted(*asked, "feed");
    let mut line = format!("{asked} asked: {read} read, {unchanged} unchanged, {failed} failed");
    if *skipped > 0 {
        line.push_str(&format!("; {skipped} left alone"));
    }
    line.push_str(&format!(". {}", counted(*new, "new post")));
    if *changed > 0 {
        line.push_str(&format!(", {}", counted(*changed, "edit")));
    }
    line.push('.');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_as_one() {
        let report = Report { asked: 1, read: 1, new: 1, changed: 2, ..Report::default() };
        let line = "1 feed asked: 1 read, 0 unchanged, 0 failed. 1 new post, 2 edits.";
        assert_eq!(summary(&report), line);
    }
}
