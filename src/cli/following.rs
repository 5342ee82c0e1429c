//! `bellwether following`: what is followed, and how each feed is.

use std::collections::BTreeMap;
use std::process::ExitCode;

use jiff::Timestamp;
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::status::health::Condition;
use super::{Context, partly, say};
use crate::archive::{Archive, Error};
use crate::config;
use crate::digest::age;
use crate::digest::escape::terminal;
use crate::model::{Feed, FeedId, FeedState};
use crate::text::shorten;

/// List what is followed, in the order of feeds.yaml: how each feed is, its last post, when it
/// is asked next, what went wrong.
///
/// Exit code 1: nothing is followed.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether following\n  bellwether following ines\n  bellwether following --json | jq -r 'select(.health == \"failing\") | .name'\n\nHealth: ok; resting (its server asked to be left alone for a while); failing; never_read;\nunreadable (noted by hand, or a secret is missing).")]
pub(super) struct Arguments {
    /// Only those whose name, person, circle or address holds this
    #[arg(value_name = "PART")]
    part: Option<String>,
    /// One JSON object for each
    #[arg(long)]
    json: bool,
}

/// One line of JSON.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    kind: &'a str,
    person: Option<&'a str>,
    circles: Vec<&'a str>,
    /// None of a secret one.
    address: Option<&'a str>,
    health: Condition,
    last_post: Option<Timestamp>,
    next_check: Option<Timestamp>,
    error: Option<&'a str>,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let config = config::load(&context.place.settings)?;
    let (states, newest) = known(context)?;
    let part = arguments.part.as_deref().unwrap_or("").to_lowercase();
    let rows: Vec<Row> = config
        .feeds
        .iter()
        .map(|feed| row(feed, &config, &states, &newest, context.now))
        .filter(|row| row.holds(&part))
        .collect();
    if arguments.json {
        for row in &rows {
            super::say_json(row)?;
        }
    } else {
        table(&rows, context.now)?;
    }
    if rows.is_empty() {
        if !arguments.json {
            eprintln!("nothing is followed; `{} follow URL` begins", super::program());
        }
        return Ok(partly());
    }
    Ok(ExitCode::SUCCESS)
}

type Known = (BTreeMap<FeedId, FeedState>, BTreeMap<FeedId, Timestamp>);

/// What the archive knows; nothing before the first reading.
fn known(context: &Context) -> Result<Known, Error> {
    if !context.place.archive().exists() {
        return Ok(Known::default());
    }
    let archive = Archive::read_only(&context.place.archive())?;
    Ok((archive.states()?, archive.newest_of_feeds()?))
}

fn row<'a>(
    feed: &'a Feed,
    config: &'a config::Config,
    states: &'a BTreeMap<FeedId, FeedState>,
    newest: &BTreeMap<FeedId, Timestamp>,
    now: Timestamp,
) -> Row<'a> {
    let state = states.get(&feed.id);
    let health = Condition::of(feed, state, now);
    let owner = feed.owner.as_deref();
    let person = config.people.iter().find(|person| Some(person.slug.as_str()) == owner);
    let circles = match person {
        Some(person) => &person.circles,
        None => config.circles_of.get(&feed.id).unwrap_or(const { &Vec::new() }),
    };
    let next = state.and_then(|state| state.next_check.max(state.not_before));
    let failed = || state?.error.as_deref().filter(|_| health == Condition::Failing);
    Row {
        name: &feed.name,
        kind: &feed.kind,
        person: person.map(|person| person.name.as_str()),
        circles: circles.iter().map(String::as_str).collect(),
        address: (!feed.secret).then_some(feed.address.as_str()),
        health,
        last_post: newest.get(&feed.id).copied(),
        next_check: next
            .filter(|at| *at < Timestamp::MAX && health != Condition::Unreadable),
        error: feed.unreadable.as_deref().or_else(failed),
    }
}

impl Row<'_> {
    fn holds(&self, part: &str) -> bool {
        let texts = [Some(self.name), self.person, self.address];
        let mut all = texts.into_iter().flatten().chain(self.circles.iter().copied());
        all.any(|text| text.to_lowercase().contains(part))
    }
}

/// The widest name or kind in the table, in columns.
const WIDEST: usize = 40;

fn table(rows: &[Row], now: Timestamp) -> anyhow::Result<()> {
    let name = |row: &Row| shorten(&terminal(row.name), WIDEST);
    let widest = |text: &dyn Fn(&Row) -> String| {
        rows.iter().map(|row| text(row).width()).max().unwrap_or(0)
    };
    let (names, kinds) = (widest(&name), widest(&|row| row.kind.to_owned()));
    for row in rows {
        let last = row.last_post.map(|at| format!("last post {} ago", age(at, now)));
        let next = row.next_check.map(|at| match at <= now {
            true => "due".to_owned(),
            false => format!("next in {}", age(now, at)),
        });
        let facts: Vec<String> =
            [last, next, row.error.map(terminal)].into_iter().flatten().collect();
        let name = name(row);
        let space = " ".repeat(names - name.width());
        let line = format!(
            "{:<10}  {name}{space}  {:<kinds$}  {}",
            row.health.word(),
            row.kind,
            facts.join(", ")
        );
        say!("{}", line.trim_end());
    }
    Ok(())
}
