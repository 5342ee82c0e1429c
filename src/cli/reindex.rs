//! `bellwether reindex`: the search index, built anew from the archive.

use std::process::ExitCode;

use super::desk::Desk;
use super::screen::Progress;
use super::{Context, say};

/// Build the search index anew from the archive.
///
/// The archive is the truth; deleting index/tantivy/ and running this loses nothing.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Print the number of posts as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let mut desk = Desk::open(context)?;
    let total = usize::try_from(desk.archive.counts()?.posts).unwrap_or(usize::MAX);
    let progress = Progress::new("indexing posts", total, arguments.json);
    let indexed = desk.reindex(&mut |posts| progress.add(posts))?;
    progress.finish();
    match arguments.json {
        true => say!("{}", serde_json::json!({ "indexed": indexed })),
        false => say!("{indexed} posts indexed."),
    }
    Ok(ExitCode::SUCCESS)
}
