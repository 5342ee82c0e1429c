//! The status as a person reads it: some twenty lines, what needs a look at the end.

use indicatif::HumanBytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::growth::Growth;
use super::health::{Cause, Health, causes};
use super::{Running, Status};
use crate::digest::escape::terminal;

/// Causes of failing feeds that are shown.
const CAUSES: usize = 5;
/// Feeds that are named for one cause.
const NAMES: usize = 3;
/// Things that happened lately.
const HAPPENED: usize = 3;

/// Writes it, with times as clocks in `zone` show them.
pub(super) fn text(status: &Status, now: Timestamp, zone: &TimeZone) -> String {
    let date = |at| date(at, zone);
    let mut page = String::new();
    let mut line = |name: &str, text: String| {
        page.push_str(format!("{name:<9} {text}").trim_end());
        page.push('\n');
    };
    line("daemon", running(status.running.as_ref(), zone));
    line("next", next(status, now, zone));
    line("feeds", feeds(status.feeds.as_ref()));
    let seen = status.newest.map_or("nothing yet".to_owned(), date);
    let Status { posts, edits, saved, .. } = status;
    line("posts", format!("{posts} kept, {edits} edits, {saved} saved; newest seen {seen}"));
    let sent = status.last_digest.map(|at| format!("last sent {}", date(at)));
    line("digest", sent.unwrap_or("none was sent yet".to_owned()));
    line(
        "disk",
        format!(
            "archive {}, search index {}, digests {}",
            HumanBytes(status.archive_bytes),
            HumanBytes(status.search_bytes),
            HumanBytes(status.digests_bytes)
        ),
    );
    line("growth", growth(&status.growth));
    line("settings", terminal(&status.settings));
    line("index", terminal(&status.index));
    for one in status.happened.iter().take(HAPPENED) {
        line("lately", format!("{} {}", date(one.at), terminal(&one.text)));
    }
    if status.trouble.is_empty() {
        return page;
    }
    line("", String::new());
    for one in &status.trouble {
        line("look", terminal(&one.error));
        if let Some(hint) = &one.hint {
            line("", terminal(hint));
        }
    }
    for told in failing(status.feeds.as_ref(), zone) {
        line("failing", terminal(&told));
    }
    page
}

/// `2026-10-13 07:30`, as clocks in `zone` show it.
pub(super) fn date(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%F %H:%M").to_string()
}

fn running(running: Option<&Running>, zone: &TimeZone) -> String {
    let Some(Running { command, pid, since, doing, answers }) = running else {
        return "does not run (`bellwether run`, or `bellwether service install`)".to_owned();
    };
    let process = pid.map_or(String::new(), |pid| format!(", process {pid}"));
    let since = since.map_or(String::new(), |at| format!(" since {}", date(at, zone)));
    match (command.as_str(), answers, doing.is_empty()) {
        ("run", true, true) => format!("runs{since}{process}; it waits"),
        ("run", true, false) => format!("runs{since}{process}; {}", terminal(&doing.join(", "))),
        ("run" | "", ..) => format!("runs{since}{process}, and does not answer"),
        (other, ..) => format!("does not run; {other} is at work{since}{process}"),
    }
}

fn next(status: &Status, now: Timestamp, zone: &TimeZone) -> String {
    let poll = match status.next_poll {
        Some(at) if at <= now => "feeds are due now".to_owned(),
        Some(at) => format!("feeds {} ({})", date(at, zone), from_now(at, now)),
        None => "no feed".to_owned(),
    };
    let digest = match &status.next_digest {
        Some(next) => format!(
            "digest {} {} ({})",
            terminal(&next.name),
            date(next.at, zone),
            from_now(next.at, now)
        ),
        None => "no digest".to_owned(),
    };
    format!("{poll}, {digest}")
}

/// `in 4 min`, `in 9 h`, `in 3 d`.
fn from_now(at: Timestamp, now: Timestamp) -> String {
    let minutes = (at.duration_since(now).as_secs() + 59) / 60;
    match minutes {
        ..=90 => format!("in {minutes} min"),
        91..=2880 => format!("in {} h", (minutes + 30) / 60),
        _ => format!("in {} d", (minutes + 720) / 1440),
    }
}

fn feeds(health: Option<&Health>) -> String {
    let Some(Health { feeds, ok, resting, failing, never_read, unreadable }) = health else {
        return "unknown, as feeds.yaml cannot be read".to_owned();
    };
    let failing = failing.len();
    let states = [
        (*ok, "ok"),
        (*resting, "resting"),
        (failing, "failing"),
        (*never_read, "never read"),
        (*unreadable, "that cannot be read"),
    ];
    let told: Vec<String> = states
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, state)| format!("{count} {state}"))
        .collect();
    if told.is_empty() { feeds.to_string() } else { format!("{feeds}: {}", told.join(", ")) }
}

fn growth(growth: &Growth) -> String {
    let size = |bytes: i64| {
        let sign = if bytes < 0 { "-" } else { "" };
        format!("{sign}{}", HumanBytes(bytes.unsigned_abs()))
    };
    let known = [
        growth.week.map(|bytes| format!("{} in 7 days", size(bytes))),
        growth.month.map(|bytes| format!("{} in 30 days", size(bytes))),
        growth.per_year.zip(growth.base_days).map(|(bytes, days)| {
            format!("{} a year at the rate of the last {days} days", size(bytes))
        }),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    if known.is_empty() {
        return "unknown yet: the daemon notes the sizes once a day".to_owned();
    }
    known.join(", ")
}

/// A line for each cause, the first few.
fn failing(health: Option<&Health>, zone: &TimeZone) -> Vec<String> {
    let failing = health.map(|health| health.failing.as_slice()).unwrap_or_default();
    let causes = causes(failing);
    let mut lines: Vec<String> =
        causes.iter().take(CAUSES).map(|cause| told(cause, zone)).collect();
    if CAUSES < causes.len() {
        let more: usize = causes[CAUSES..].iter().map(|cause| cause.feeds.len()).sum();
        lines.push(format!("… and {more} more: `bellwether status --json | jq .failing`"));
    }
    lines
}

fn told(cause: &Cause<'_>, zone: &TimeZone) -> String {
    let date = |at| date(at, zone);
    let since = cause.feeds.iter().filter_map(|feed| feed.since).min();
    let since = since.map_or("unknown".to_owned(), date);
    if let [only] = cause.feeds.as_slice() {
        let next = only.next_check.map_or("never".to_owned(), date);
        return format!("{}: {} (since {since}; next try {next})", only.feed, cause.error);
    }
    let mut names: Vec<&str> =
        cause.feeds.iter().take(NAMES).map(|feed| feed.feed.as_str()).collect();
    if NAMES < cause.feeds.len() {
        names.push("…");
    }
    let count = cause.feeds.len();
    format!("{count} feeds: {} ({}; the first since {since})", cause.error, names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::health::Failing;
    use super::super::{Happened, trouble};
    use super::*;
    use crate::daemon::door::NextDigest;

    #[test]
    fn what_is_to_come_is_told_in_the_unit_that_fits() {
        let now: Timestamp = "2026-10-13T07:00:00Z".parse().unwrap();
        let told = |at: &str| from_now(at.parse().unwrap(), now);
        assert_eq!(told("2026-10-13T07:00:20Z"), "in 1 min");
        assert_eq!(told("2026-10-13T08:30:00Z"), "in 90 min");
        assert_eq!(told("2026-10-14T07:30:00Z"), "in 25 h");
        assert_eq!(told("2026-10-20T07:00:00Z"), "in 7 d");
    }

    #[test]
    fn a_state_that_no_feed_is_in_is_not_told() {
        let health = Health { feeds: 3, ok: 2, never_read: 1, ..Health::default() };
        assert_eq!(feeds(Some(&health)), "3: 2 ok, 1 never read");
        assert_eq!(feeds(Some(&Health::default())), "0");
    }

    #[test]
    fn growth_is_told_as_far_as_it_is_known() {
        let known = Growth { week: Some(2048), month: None, per_year: Some(1024), base_days: Some(9) };
        assert_eq!(growth(&known), "2.00 KiB in 7 days, 1.00 KiB a year at the rate of the last 9 days");
        assert!(growth(&Growth::default()).starts_with("unknown yet"));
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// What the README shows.
    fn example() -> Status {
        let failing = Failing {
            feed: "Crabs".to_owned(),
            error: "the server answered 503".to_owned(),
            since: Some(at("2026-10-13T03:10:00Z")),
            next_check: Some(at("2026-10-13T08:10:00Z")),
        };
        let health = Health {
            feeds: 24,
            ok: 21,
            resting: 0,
            never_read: 1,
            unreadable: 1,
            failing: vec![failing],
        };
        let happened = Happened {
            at: at("2026-10-12T09:12:00Z"),
            kind: "settings-taken".to_owned(),
            text: "feeds.yaml was taken: 24 feeds".to_owned(),
            hint: None,
        };
        Status {
            health: "look",
            trouble: vec![trouble::of_feeds(&health)],
            running: Some(Running {
                command: "run".to_owned(),
                pid: Some(4711),
                since: Some(at("2026-10-12T07:31:00Z")),
                doing: Vec::new(),
                answers: true,
            }),
            next_poll: Some(at("2026-10-13T07:34:00Z")),
            next_digest: Some(NextDigest {
                name: "morning".to_owned(),
                at: at("2026-10-14T07:30:00Z"),
            }),
            feeds: Some(health),
            posts: 1234,
            edits: 56,
            saved: 3,
            oldest: Some(at("2026-09-01T07:30:00Z")),
            newest: Some(at("2026-10-13T07:19:00Z")),
            last_digest: Some(at("2026-10-13T07:30:00Z")),
            archive_bytes: 12 << 20,
            search_bytes: 4 << 20,
            digests_bytes: 80 << 10,
            growth: Growth {
                week: Some(1 << 20),
                month: None,
                per_year: Some(54_674_000),
                base_days: Some(7),
            },
            happened: vec![happened],
            settings: "/home/mara/.config/bellwether/feeds.yaml".to_owned(),
            index: "/home/mara/.local/share/bellwether/index".to_owned(),
        }
    }

    #[test]
    fn the_readme_shows_a_status_as_it_is_told() {
        let readme = include_str!("../../../README.md");
        let (_, after) = readme.split_once("<!-- status:start -->\n```text\n").unwrap();
        let (shown, _) = after.split_once("```\n<!-- status:end -->").unwrap();
        assert_eq!(shown, text(&example(), at("2026-10-13T07:30:00Z"), &TimeZone::UTC));
    }
}
