//! `bellwether evaluate TASK DATA`: accuracy on labelled data; needs no feeds.yaml.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::ValueEnum;

use super::Context;
use crate::evaluate;

/// Measure accuracy on labelled data: one prediction for each line of input.
///
/// Touches no feeds.yaml and no archive.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether evaluate topics stream.jsonl.gz --json > predictions.jsonl\n  bellwether evaluate parse feeds/ --json < files.txt")]
pub(super) struct Arguments {
    /// What to measure
    #[arg(value_enum)]
    task: Task,
    /// A file of JSON lines (plain or .gz), or for `parse` the folder of the files on standard input
    data: PathBuf,
    /// Print nothing but the predictions
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Task {
    /// Which posts of a stream speak of one thing
    Topics,
    /// Which titles ask for an answer
    Asks,
    /// What feeds say; DATA is a folder, the files' paths below it come on standard input
    Parse,
    /// The main text of pages; DATA is a list of their files, {"id", "file", "url"} a line
    Extract,
}

pub(super) fn run(arguments: Arguments, _context: &Context) -> anyhow::Result<ExitCode> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let path = &arguments.data;
    match arguments.task {
        Task::Topics => evaluate::topics::run(open(path)?, &mut out)?,
        Task::Asks => evaluate::asks::run(open(path)?, &mut out)?,
        Task::Extract => evaluate::extract::run(open(path)?, &mut out)?,
        Task::Parse => evaluate::parse::run(path, io::stdin().lock(), &mut out)?,
    }
    out.flush()?;
    if !arguments.json {
        eprintln!("done; a scorer compares these lines with the labels");
    }
    Ok(ExitCode::SUCCESS)
}

fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    evaluate::open(path).with_context(|| format!("cannot read {}", path.display()))
}
