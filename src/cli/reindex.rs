//! `bellwether reindex`: the search index, built anew from the archive.

use std::process::ExitCode;

use super::errand::carry_out;
use super::{Context, partly, say};
use crate::pipeline::work::{Outcome, Work};

/// Build the search index anew from the archive.
///
/// The archive is the truth; deleting index/tantivy/ and running this loses nothing. While
/// `bellwether run` runs, it does the work.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether reindex\n  bellwether reindex --json | jq .indexed")]
pub(super) struct Arguments {
    /// Print the number of posts as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let outcome = carry_out(&Work::Reindex {}, context, arguments.json)?;
    let Some(Outcome::Reindex { indexed }) = outcome else { return Ok(partly()) };
    match arguments.json {
        true => say!("{}", serde_json::json!({ "indexed": indexed })),
        false => say!("{indexed} posts indexed."),
    }
    Ok(ExitCode::SUCCESS)
}
