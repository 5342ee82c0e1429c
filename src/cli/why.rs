//! `bellwether why ID`: every signal of an item, its value, its weight and its points.

use std::process::ExitCode;

use super::{Context, partly, say};
use crate::archive::Archive;
use crate::config;
use crate::digest::escape::terminal;
use crate::pipeline::explain::{Explained, explain};

/// Explain why a digest showed an item: the points sum to its score.
///
/// Takes the id that stands before the item in a digest, sent or printed.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether why t3fd\n  bellwether why t3fd --json")]
pub(super) struct Arguments {
    /// As the digest shows it, with or without brackets
    id: String,
    /// The item as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let config = config::load(&context.place.settings)?;
    let archive = Archive::read_only(&context.place.archive())?;
    let id = arguments.id.trim_matches(['[', ']']).to_lowercase();
    let Some(found) = explain(&archive, &config, &id)? else {
        eprintln!("no digest showed `{}`", terminal(&id));
        eprintln!("hint: ids stand in brackets before each line: `bellwether digest`");
        return Ok(partly());
    };
    if arguments.json {
        super::say_json(&found.item)?;
    } else {
        show(&found)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(found: &Explained) -> anyhow::Result<()> {
    let Explained { digest, section, item, sent } = found;
    say!("[{}] {}", item.id, terminal(&item.title));
    let how = if *sent { "sent" } else { "printed" };
    say!("number {} in {}, in the digest `{}` of {}, {how}", item.rank, section.name(), digest.name, digest.day);
    say!("");
    say!("  {:<11} {:>6} × {:>5} = {:>6}", "signal", "weight", "value", "points");
    for reason in &item.reasons {
        let learning = if reason.learning { " (learning)" } else { "" };
        say!(
            "  {:<11} {:>6.2} × {:>5.3} = {:>6.4}  {}{learning}",
            reason.signal,
            reason.weight,
            reason.value,
            reason.points,
            terminal(&reason.text)
        );
    }
    say!("  {:<11} {:>24.4}", "score", item.score);
    say!("");
    for post in &item.posts {
        say!("- {} ({}, {})", terminal(&post.title), terminal(&post.person.name), terminal(&post.source));
        if !post.url.is_empty() {
            say!("  {}", terminal(&post.url));
        }
    }
    Ok(())
}
