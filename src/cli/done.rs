//! `bellwether done ID…`: what is settled is not shown again.

use std::process::ExitCode;

use super::{Context, remarks};
use crate::model::MarkKind;
use crate::pipeline::act::Remark;

/// Close items: they are not shown again without news.
///
/// Takes the ids that stand before the items in a digest, sent or printed.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether done w7kq\n  bellwether done w7kq t3fd\n  bellwether done --undo w7kq")]
pub(super) struct Arguments {
    /// As the digest shows it, with or without brackets
    #[arg(required = true, value_name = "ID")]
    items: Vec<String>,
    /// Take it back
    #[arg(long)]
    undo: bool,
    /// One JSON object for each
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let remark = Remark { kind: MarkKind::Done, undo: arguments.undo, until: None };
    remarks::say_of(remark, &arguments.items, context, arguments.json)
}
