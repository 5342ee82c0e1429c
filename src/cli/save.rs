//! `bellwether save [ID|URL…]`: to be found again.

use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Context, partly, remarks, say};
use crate::archive::Archive;
use crate::digest::escape::terminal;
use crate::model::{Mark, MarkKind, PostId, SectionKind};
use crate::pipeline::act::Remark;

/// Keep items to be found again; without arguments, list what is saved, the newest first.
///
/// Takes ids of a digest, sent or printed, and addresses of posts that were read. Exit code 1:
/// nothing is saved.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether save t3fd\n  bellwether save https://ines.example/merges\n  bellwether save\n  bellwether save --json | jq -r .url\n  bellwether save --undo t3fd")]
pub(super) struct Arguments {
    /// An id of a digest, or a post's address
    #[arg(value_name = "ID|URL")]
    items: Vec<String>,
    /// Take it back, as `unsave`
    #[arg(long, requires = "items")]
    undo: bool,
    /// One JSON object for each
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    if arguments.items.is_empty() {
        return list(context, arguments.json);
    }
    let remark = Remark { kind: MarkKind::Save, undo: arguments.undo, until: None };
    remarks::say_of(remark, &arguments.items, context, arguments.json)
}

/// One line of JSON.
#[derive(Serialize)]
struct Row<'a> {
    item: &'a str,
    section: Option<SectionKind>,
    title: &'a str,
    url: Option<&'a str>,
    saved: Timestamp,
    posts: &'a [PostId],
}

fn list(context: &Context, json: bool) -> anyhow::Result<ExitCode> {
    let archive = Archive::read_only(&context.place.archive())?;
    let marks = archive.marks(context.now, None)?;
    let saved: Vec<&Mark> = marks.iter().rev().filter(|mark| mark.kind == MarkKind::Save).collect();
    for mark in &saved {
        if json {
            super::say_json(&Row {
                item: &mark.item,
                section: mark.section,
                title: &mark.title,
                url: mark.url.as_deref(),
                saved: mark.at,
                posts: &mark.posts,
            })?;
        } else {
            show(mark)?;
        }
    }
    if saved.is_empty() {
        if !json {
            eprintln!("nothing is saved; `bellwether save ID` keeps an item of a digest");
        }
        return Ok(partly());
    }
    Ok(ExitCode::SUCCESS)
}

fn show(mark: &Mark) -> anyhow::Result<()> {
    let day = mark.at.to_zoned(TimeZone::system()).date();
    let id = match mark.section {
        Some(_) => format!("[{}] ", mark.item),
        None => String::new(),
    };
    say!("{day} {}", terminal(&format!("{id}{}", mark.title)));
    if let Some(url) = &mark.url {
        say!("           {}", terminal(url));
    }
    Ok(())
}
