//! `bellwether export opml|json|csv [FILE]`: what is followed, for other programs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use serde::Serialize;

use super::{Context, trouble};
use crate::archive::Archive;
use crate::config::{self, Config};
use crate::deliver::write_whole;
use crate::model::{Feed, FeedId, FeedState};
use crate::source::lists::{Listed, opml_write, table_write};

/// Write what is followed as a list that other readers take, and `import` takes back.
///
/// OPML has circles as folders; what cannot be read (profiles noted by hand, pages without a feed)
/// stands in it as links. Addresses that are secrets are left out, and it is said.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether export opml feeds.opml\n  bellwether export json | jq length\n  bellwether export csv --force following.csv")]
pub(super) struct Arguments {
    /// The form
    format: Format,
    /// The file; standard output where there is none
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For other feed readers
    Opml,
    /// One array of objects
    Json,
    /// One line for each
    Csv,
}

/// One profile or source.
#[derive(Debug, PartialEq, Serialize)]
struct Row<'a> {
    title: &'a str,
    /// The feed; `None` where nothing can be read.
    feed: Option<&'a str>,
    /// The profile's or site's page, where it is known.
    url: Option<&'a str>,
    kind: &'a str,
    circle: Option<&'a str>,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let config = config::load(&context.place.settings)?;
    let states = match context.place.archive().exists() {
        true => Archive::read_only(&context.place.archive())?.states()?,
        false => BTreeMap::new(),
    };
    let open: Vec<&Feed> = config.feeds.iter().filter(|feed| !feed.secret).collect();
    let rows: Vec<Row> = open
        .iter()
        .map(|feed| row(feed, &config, &states))
        .filter(|row| row.feed.is_some() || row.url.is_some())
        .collect();
    let text = match arguments.format {
        Format::Opml => opml(&rows),
        Format::Json => format!("{}\n", serde_json::to_string_pretty(&rows)?),
        Format::Csv => csv(&rows),
    };
    match &arguments.file {
        None => {
            use std::io::Write as _;
            std::io::stdout().lock().write_all(text.as_bytes())?;
        }
        Some(file) if file.exists() && !arguments.force => {
            let text = format!("{} is there already", file.display());
            return Err(trouble::mistake(text, "`--force` replaces it"));
        }
        Some(file) => {
            // A bare name lies in the folder that one stands in.
            write_whole(&std::path::absolute(file)?, text.as_bytes())?;
            eprintln!("Written: {}, {} entries.", file.display(), rows.len());
        }
    }
    let (secret, other) = (config.feeds.len() - open.len(), open.len() - rows.len());
    if secret > 0 {
        eprintln!("{secret} left out: the address is a secret.");
    }
    if other > 0 {
        eprintln!("{other} left out: they have no address.");
    }
    Ok(ExitCode::SUCCESS)
}

fn row<'a>(
    feed: &'a Feed,
    config: &'a Config,
    states: &'a BTreeMap<FeedId, FeedState>,
) -> Row<'a> {
    let owner = feed.owner.as_deref();
    let person = config.people.iter().find(|person| Some(person.slug.as_str()) == owner);
    let circles = match person {
        Some(person) => Some(&person.circles),
        None => config.circles_of.get(&feed.id),
    };
    let is_web = feed.address.starts_with("http");
    let is_feed = is_web && feed.unreadable.is_none() && feed.select.is_none();
    let found = states.get(&feed.id).and_then(|state| state.found.as_deref());
    // Of an account, what is found is its API's address, which no other reader can read.
    let found = found.filter(|_| feed.account.is_none());
    let address = feed.address.as_str();
    Row {
        title: person.map_or(&feed.name, |person| &person.name),
        feed: is_feed.then(|| found.unwrap_or(address)),
        url: (is_web && (!is_feed || found.is_some_and(|found| found != address)))
            .then_some(address),
        kind: &feed.kind,
        circle: circles.and_then(|circles| circles.first()).map(String::as_str),
    }
}

fn opml(rows: &[Row]) -> String {
    let listed = |row: &Row, url: Option<&str>| {
        let (title, folder) = (Some(row.title.to_owned()), row.circle.map(str::to_owned));
        Some(Listed { title, url: url?.to_owned(), folder })
    };
    let feeds: Vec<Listed> = rows.iter().filter_map(|row| listed(row, row.feed)).collect();
    let pages = rows.iter().filter(|row| row.feed.is_none());
    let pages: Vec<Listed> = pages.filter_map(|row| listed(row, row.url)).collect();
    opml_write("Followed with Bellwether", &feeds, &pages)
}

fn csv(rows: &[Row]) -> String {
    let line = |row: &Row| {
        [Some(row.title), row.feed, row.url, Some(row.kind), row.circle]
            .map(|field| field.unwrap_or("").to_owned())
            .to_vec()
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    let lines: Vec<Vec<&str>> =
        lines.iter().map(|line| line.iter().map(String::as_str).collect()).collect();
    table_write(&["title", "feed", "url", "kind", "circle"], &lines)
}
