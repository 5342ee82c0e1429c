//! `bellwether repair`: what can be read of a damaged archive, in a sound one.

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde::Serialize;

use super::screen::Watch;
use super::{Context, say};
use crate::archive::{self, Filled, Repair, Repaired};
use crate::config::{self, Config};
use crate::digest::escape::terminal;
use crate::pipeline::repair::{Mended, repair};

/// Save what can be read of a damaged archive.
///
/// Looks at every page, index and post. A sound archive is left as it is. Of a damaged one all
/// rows that can be read go into a new archive in its place, row by row; the damaged file stays
/// beside it, and what was saved and what was lost is told. Feeds whose posts were lost are read
/// in full again at the next poll, and the search index is built anew.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether repair\n  bellwether repair --json | jq .lost")]
pub(super) struct Arguments {
    /// Print what was found and done as one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    sound: bool,
    archive: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    wrong: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    damaged: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saved: Option<&'a BTreeMap<String, u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<&'a BTreeMap<String, u64>>,
    /// Row numbers without a row, first and last.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'a [(i64, i64)]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<u64>,
    /// Names of the feeds that are read in full again.
    #[serde(skip_serializing_if = "Option::is_none")]
    reread: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    indexed: Option<usize>,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let path = context.place.archive();
    if !path.is_file() {
        return Err(archive::Error::Missing { path }.into());
    }
    let now = super::this_second();
    let _lock = archive::lock(&context.place.index, archive::REPAIR, now).map_err(occupied)?;
    let settings = config::load(&context.place.settings).ok();
    let mut watch = Watch::new(arguments.json);
    let search = context.place.search();
    let Mended { repair, indexed } =
        repair(&path, &search, settings.as_ref(), now, &mut |told| watch.show(&told))?;
    drop(watch);
    let archive = path.display().to_string();
    let Repair::Repaired(repaired) = repair else {
        match arguments.json {
            true => super::say_json(&Report::sound(archive))?,
            false => say!("{archive} is sound; nothing was changed."),
        }
        return Ok(ExitCode::SUCCESS);
    };
    let reread = reread(&repaired.filled, settings.as_ref());
    if arguments.json {
        super::say_json(&Report::of(archive, &repaired, reread, indexed))?;
        return Ok(ExitCode::SUCCESS);
    }
    tell(&archive, &repaired, reread.as_deref())?;
    match indexed {
        Some(posts) => say!("index     {posts} posts indexed anew"),
        None => say!("index     build it anew when feeds.yaml can be read: `bellwether reindex`"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Whoever holds the lock reads and writes the damaged file.
fn occupied(error: archive::Error) -> anyhow::Error {
    match error {
        archive::Error::Locked { .. } => {
            super::trouble::mistake(error.to_string(), "stop it, then run `bellwether repair` again")
        }
        other => other.into(),
    }
}

/// Names of the feeds that are read in full again; of those that are no longer followed, none.
fn reread(filled: &Filled, config: Option<&Config>) -> Option<Vec<String>> {
    let feeds = &config?.feeds;
    let again = feeds.iter().filter(|feed| match &filled.reread {
        Some(ids) => ids.contains(&feed.id),
        None => true,
    });
    Some(again.map(|feed| feed.name.clone()).collect())
}

fn tell(archive: &str, repaired: &Repaired, reread: Option<&[String]>) -> anyhow::Result<()> {
    let Repaired { wrong, damaged, filled } = repaired;
    say!("archive   {archive}");
    for complaint in wrong {
        say!("wrong     {}", terminal(complaint));
    }
    let table = |(name, rows): (&String, &u64)| format!("{name} {rows}");
    let saved: Vec<String> = filled.saved.iter().filter(|(_, rows)| **rows > 0).map(table).collect();
    say!("saved     rows by table: {}", saved.join(", "));
    let lost: Vec<String> = filled.lost.iter().map(table).collect();
    match lost.as_slice() {
        [] => say!("lost      nothing that another row tells of"),
        lost => say!("lost      rows by table, at least: {}", lost.join(", ")),
    }
    for (first, last) in filled.missing.iter().take(RANGES) {
        say!("missing   row numbers {first} to {last}: lost, or never used");
    }
    if RANGES < filled.missing.len() {
        let more = filled.missing.len() - RANGES;
        say!("missing   … and {more} more such stretches, {} numbers in all", filled.missing_rows());
    }
    say!("kept      the damaged file: {}", damaged.display());
    match (&filled.reread, reread) {
        (None, _) => say!("again     all feeds are read in full at their next poll"),
        (Some(ids), _) if ids.is_empty() => {}
        (Some(ids), None) => say!("again     {} feeds are read in full at their next poll", ids.len()),
        (Some(_), Some(names)) => {
            say!("again     read in full at the next poll: {}", terminal(&names.join(", ")));
        }
    }
    Ok(())
}

/// Stretches of missing row numbers that are shown.
const RANGES: usize = 8;

impl<'a> Report<'a> {
    fn sound(archive: String) -> Report<'a> {
        Report {
            sound: true,
            archive,
            wrong: &[],
            damaged: None,
            saved: None,
            lost: None,
            missing: None,
            unreadable: None,
            reread: None,
            indexed: None,
        }
    }

    fn of(
        archive: String,
        repaired: &'a Repaired,
        reread: Option<Vec<String>>,
        indexed: Option<usize>,
    ) -> Report<'a> {
        let Repaired { wrong, damaged, filled } = repaired;
        Report {
            sound: false,
            archive,
            wrong,
            damaged: Some(damaged.display().to_string()),
            saved: Some(&filled.saved),
            lost: Some(&filled.lost),
            missing: Some(&filled.missing),
            unreadable: Some(filled.unreadable),
            reread,
            indexed,
        }
    }
}
