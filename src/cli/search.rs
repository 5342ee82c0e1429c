//! `bellwether search QUERY`: everything that was kept, by words and facts.

use std::io::{BufRead as _, stdin, stdout};
use std::process::ExitCode;

use clap::ValueEnum;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::desk::Desk;
use super::errand::{carry_out, daemon_of};
use super::{Context, partly, say, screen};
use crate::archive::Archive;
use crate::config;
use crate::digest::escape::terminal;
use crate::index::{Index, Snippet, Sort};
use crate::pipeline::find::{Found, Library, Way};
use crate::pipeline::work::Work;
use crate::query;

/// Search everything that was kept.
///
/// Words (in any of their forms), "phrases", prefix*, AND, OR, NOT and parentheses; author:,
/// person:, source:, lang:, tag:, site:, after:, before:. A web address finds the page and what
/// links to it. Exit code 1: nothing was found.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  bellwether search tantivy OR lucene
  bellwether search '\"merge policy\" author:ines after:2026-01-01'
  bellwether search tantivy -lucene --sort newest --limit 50
  bellwether search 'lang:de (index* OR suche)'
  bellwether search --json - < queries.txt     one query a line, hits as JSON lines")]
pub(super) struct Arguments {
    /// The query; `-` reads queries from standard input, one a line
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// In which order
    #[arg(long, value_enum, default_value_t = Order::Relevance)]
    sort: Order,
    /// How many hits at most
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// One JSON object for each hit
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Order {
    /// Best first
    Relevance,
    /// Newest first
    Newest,
}

#[derive(Serialize)]
struct Row<'a> {
    query: &'a str,
    id: String,
    url: &'a str,
    title: &'a str,
    person: &'a str,
    source: &'a str,
    published: jiff::Timestamp,
    language: Option<&'a str>,
    score: f32,
    snippet: &'a str,
    /// Byte ranges in the snippet.
    marks: Vec<(usize, usize)>,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let config = config::load(&context.place.settings)?;
    let archive = Archive::read_only(&context.place.archive())?;
    let index = index(context, &archive, arguments.json)?;
    let library = Library::new(&archive, &index, &config);
    let zone = config.schedules.first().map_or(TimeZone::UTC, |schedule| schedule.zone.clone());
    let sort = match arguments.sort {
        Order::Relevance => Sort::Relevance,
        Order::Newest => Sort::Newest,
    };
    let way = Way { sort, limit: arguments.limit, now: context.now, zone: &zone };
    let mut any = false;
    if arguments.query == ["-"] {
        for line in stdin().lock().lines() {
            let line = line?;
            if !line.trim().is_empty() {
                any |= search(&library, line.trim(), &way, arguments.json)?;
            }
        }
    } else {
        any = search(&library, &arguments.query.join(" "), &way, arguments.json)?;
    }
    Ok(if any { ExitCode::SUCCESS } else { partly() })
}

/// Opens the index; one that is missing, damaged or of another format is built anew first, and
/// one that is behind the archive (a fetch was interrupted) catches up if nobody else writes.
fn index(context: &Context, archive: &Archive, quiet: bool) -> anyhow::Result<Index> {
    let place = context.place.search();
    let index = match Index::read_only(&place) {
        Err(error) if error.rebuild_helps() => {
            match Desk::open(context) {
                Ok(mut desk) => drop(desk.catch_up(quiet)?),
                Err(error) if daemon_of(&error).is_some() => {
                    drop(carry_out(&Work::Reindex {}, context, quiet)?);
                }
                Err(error) => return Err(error),
            }
            return Ok(Index::read_only(&place)?);
        }
        opened => opened?,
    };
    if archive.posts_after(index.through()?, 1)?.is_empty() {
        return Ok(index);
    }
    match Desk::open(context) {
        Ok(mut desk) => {
            desk.catch_up(quiet)?;
            Ok(Index::read_only(&place)?)
        }
        Err(error) => {
            tracing::warn!(%error, "the newest posts are not searched");
            Ok(index)
        }
    }
}

/// Searches and prints; says whether anything was found.
fn search(library: &Library, text: &str, way: &Way, json: bool) -> anyhow::Result<bool> {
    let query = query::parse(text)?;
    let findings = library.find(Some(&query), way)?;
    for (place, found) in findings.found.iter().enumerate() {
        if json {
            super::say_json(&row(text, found))?;
        } else {
            show(place + 1, found, way)?;
        }
    }
    if !json {
        summary(text, findings.total, findings.found.len());
    }
    Ok(!findings.found.is_empty())
}

fn row<'a>(query: &'a str, found: &'a Found) -> Row<'a> {
    let post = &found.post;
    Row {
        query,
        id: post.id.to_string(),
        url: post.url.as_deref().unwrap_or(""),
        title: post.heading(),
        person: &found.person,
        source: &found.source,
        published: post.published.unwrap_or(post.seen),
        language: post.language.as_deref(),
        score: found.score,
        snippet: &found.snippet.text,
        marks: found.snippet.hits.iter().map(|hit| (hit.start, hit.end)).collect(),
    }
}

fn show(number: usize, found: &Found, way: &Way) -> anyhow::Result<()> {
    let post = &found.post;
    let day = post.published.unwrap_or(post.seen).to_zoned(way.zone.clone()).strftime("%F");
    let heading = crate::text::shorten(post.heading(), 90);
    say!("{number}. {}", terminal(&heading));
    let who = [found.person.as_str(), found.source.as_str()].map(terminal);
    let who: Vec<&str> = who.iter().map(|name| &**name).filter(|name| !name.is_empty()).collect();
    say!("   {day} · {}", who.join(" · "));
    if !found.snippet.text.is_empty() && found.snippet.text != heading {
        say!("   {}", marked(&found.snippet));
    }
    if let Some(url) = &post.url {
        say!("   {}", terminal(url));
    }
    Ok(())
}

/// The snippet with its hits in bold on a terminal, between asterisks elsewhere.
fn marked(snippet: &Snippet) -> String {
    let (on, off) = if screen::is_styled(&stdout()) { ("\x1b[1m", "\x1b[0m") } else { ("*", "*") };
    let mut line = String::new();
    let mut end = 0;
    for hit in &snippet.hits {
        line.push_str(&terminal(&snippet.text[end..hit.start]));
        line.push_str(on);
        line.push_str(&terminal(&snippet.text[hit.start..hit.end]));
        line.push_str(off);
        end = hit.end;
    }
    line.push_str(&terminal(&snippet.text[end..]));
    line
}

fn summary(query: &str, total: usize, shown: usize) {
    match (total, shown) {
        (0, _) => eprintln!("nothing found for {}", terminal(query)),
        (total, shown) if shown < total => {
            eprintln!("{shown} of {total} posts; --limit shows more");
        }
        (1, _) => eprintln!("1 post"),
        (total, _) => eprintln!("{total} posts"),
    }
}
