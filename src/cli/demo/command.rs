//! `bellwether demo`: the invented world through the real pipeline, in a temporary folder.

use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};

use super::{Server, World, begins, ends, feeds_yaml};
use crate::cli::desk::Desk;
use crate::cli::screen::Progress;
use crate::cli::{Context, Place, say};
use crate::config;
use crate::pipeline::publish::{Made, Occasion};
use crate::pipeline::record;

/// Between two polls of the invented world.
const STEP: SignedDuration = SignedDuration::from_hours(3);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Show the whole path on a small invented world: eight people, ten days, real formats.
///
/// Needs no network and no feeds.yaml, and leaves nothing behind: the names under `.example` are
/// led to this computer while it runs.
#[derive(clap::Args)]
pub(in crate::cli) struct Arguments {
    /// Keep the demo's feeds.yaml and index in this new folder, to look around in
    #[arg(long, value_name = "DIR")]
    keep: Option<std::path::PathBuf>,
    /// Print the digest as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the demo.
pub(in crate::cli) fn run(arguments: Arguments, _context: &Context) -> anyhow::Result<ExitCode> {
    let temporary = tempfile::tempdir()?;
    let folder = arguments.keep.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder)?;
    let place = Place::in_folder(folder);
    if place.settings.exists() {
        let text = format!("{} is there already", place.settings.display());
        return Err(crate::cli::trouble::mistake(text, "name a new folder"));
    }
    std::fs::write(&place.settings, feeds_yaml())?;
    let made = live(&place, arguments.json)?;
    say!("{}", if arguments.json { made.json() } else { made.markdown() }.trim_end());
    if !arguments.json {
        afterwards(arguments.keep.as_deref())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Lives through the world's ten days, with a digest each morning; returns the last one.
fn live(place: &Place, quiet: bool) -> anyhow::Result<Made> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let server = runtime.block_on(Server::start(World::load(), begins()))?;
    let led = vec![(".example".to_owned(), server.address())];
    let mut desk = Desk::with(config::load(&place.settings)?, place, "demo", led)?;
    let feeds = desk.config.feeds.clone();
    let days = (ends().duration_since(begins()).as_hours() / 24) as usize;
    let progress = Progress::new("living through ten invented days", days, quiet);
    let mut now = begins();
    let mut morning = now + DAY;
    desk.poll(&feeds, now)?;
    loop {
        now = (now + STEP).min(morning);
        server.set_now(now);
        desk.poll(&feeds, now)?;
        if now == morning {
            progress.step("");
            let made = send(&mut desk, now)?;
            if ends() <= now {
                progress.finish();
                desk.catch_up(quiet)?;
                return Ok(made);
            }
            morning = now + DAY;
        }
    }
}

fn send(desk: &mut Desk, now: Timestamp) -> anyhow::Result<Made> {
    let schedule = crate::cli::digest::schedule(&desk.config, None)?.clone();
    let occasion = Occasion { config: &desk.config, schedule: &schedule, sections: &[], now, due: None };
    Ok(record::send(&mut desk.archive, &occasion, feeds_yaml(), &desk.place.digests())?.made)
}

fn afterwards(kept: Option<&std::path::Path>) -> anyhow::Result<()> {
    let program = crate::cli::program();
    eprintln!();
    match kept {
        Some(folder) => {
            let folder = folder.display();
            eprintln!("Kept in {folder}. Look around:");
            eprintln!("  {program} --dir {folder} search bm25f");
            eprintln!("  {program} --dir {folder} status");
        }
        None => eprintln!("All of that was invented, and is gone. For your own feeds:\n  {program} init"),
    }
    Ok(())
}
