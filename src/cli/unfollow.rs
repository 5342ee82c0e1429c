//! `bellwether unfollow NAME…`: an entry goes from feeds.yaml; its posts stay.

use std::collections::BTreeSet;
use std::process::ExitCode;

use serde::Serialize;

use super::standing::{self, Standing};
use super::talk::Talk;
use super::{Context, follow, trouble};
use crate::config::write::{Follow, stands};
use crate::config::{self, Config};
use crate::digest::escape::terminal;
use crate::model::{FeedId, ME};

/// Take entries out of feeds.yaml: by a feed's or a person's name, by address or handle.
///
/// A person goes with all profiles. Comments and every other line stay as they are. What was read
/// stays in the archive and is found by `search`.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether unfollow \"Ines Okafor\"\n  bellwether unfollow @ines@social.example\n  bellwether unfollow https://planet.example/atom.xml --yes")]
pub(super) struct Arguments {
    /// A name as `following` has it, an address, or a handle
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// Ask nothing
    #[arg(long, short)]
    yes: bool,
    /// Show what would go, but write nothing
    #[arg(long)]
    dry_run: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// The line of JSON.
#[derive(Serialize)]
struct Row<'a> {
    feeds: Vec<&'a str>,
    removed: Vec<String>,
    written: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let path = &context.place.settings;
    let standing = Standing::read(path)?;
    let file = path.display().to_string();
    let config = config::read(standing.text(), &file, &config::Surroundings::of_this_process())?;
    let mut leaving: BTreeSet<FeedId> = BTreeSet::new();
    for name in &arguments.names {
        leaving.extend(meant(name, &config, standing.text(), &file)?);
    }
    let feeds = config.feeds.iter().filter(|feed| leaving.contains(&feed.id));
    let feeds: Vec<&str> = feeds.map(|feed| feed.name.as_str()).collect();
    let mut talk = Talk::new(arguments.yes || arguments.dry_run, false)?;
    let (removed, written) =
        standing::take_out(path, &standing, &leaving, arguments.dry_run, &mut talk)?;
    if written {
        talk.say("What was read of it stays in the archive: `search` finds it, and digests may.");
        if let Some(daemon) = super::errand::daemon(context)? {
            talk.say(&format!("{daemon} takes the file as it is now."));
        }
    }
    if arguments.json {
        super::say_json(&Row { feeds, removed, written })?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The feeds that `name` means.
fn meant(name: &str, config: &Config, text: &str, file: &str) -> anyhow::Result<Vec<FeedId>> {
    let named = config.feeds_named(name);
    let found = match named.is_empty() {
        true => {
            let at = stands(text, file, &Follow::from_text(name));
            at.map(|at| at.feeds).unwrap_or_default()
        }
        false => named.iter().map(|feed| feed.id).collect(),
    };
    let all_of_me = config.person_named(name).is_some_and(|(_, person)| person.slug == ME);
    if all_of_me {
        let text = format!("`{}` is you", terminal(name));
        return Err(trouble::mistake(text, "name one of your profiles by its address"));
    }
    if found.is_empty() {
        let text = format!("`{}` is not followed", terminal(name));
        return Err(trouble::mistake(text, follow::names_hint()));
    }
    Ok(found)
}
