//! `bellwether reindex`: the search index, built anew from the archive.

use std::process::ExitCode;

use super::desk::Desk;
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
    let indexed = desk.reindex(arguments.json)?;
    match arguments.json {
        true => say!("{}", serde_json::json!({ "indexed": indexed })),
        false => say!("{indexed} posts indexed."),
    }
    Ok(ExitCode::SUCCESS)
}
