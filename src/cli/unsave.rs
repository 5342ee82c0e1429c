//! `bellwether unsave ID|URL…`: what was saved and is no longer needed.

use std::process::ExitCode;

use super::{Context, remarks};
use crate::model::MarkKind;
use crate::pipeline::act::Remark;

/// Take items off the list of what is saved.
///
/// `bellwether save` without arguments shows the list.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether unsave t3fd\n  bellwether unsave https://ines.example/merges")]
pub(super) struct Arguments {
    /// An id of a digest, or a post's address
    #[arg(required = true, value_name = "ID|URL")]
    items: Vec<String>,
    /// One JSON object for each
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let remark = Remark { kind: MarkKind::Save, undo: true, until: None };
    remarks::say_of(remark, &arguments.items, context, arguments.json)
}
