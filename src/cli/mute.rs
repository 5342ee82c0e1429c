//! `bellwether mute ID…`: never to be shown again.

use std::process::ExitCode;

use super::{Context, remarks};
use crate::model::MarkKind;
use crate::pipeline::act::Remark;

/// Never show the items again, in any section: a thread, a topic, a person.
///
/// `mute:` in feeds.yaml hides tags, phrases, domains and handles.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether mute t9xa\n  bellwether mute --undo t9xa")]
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
    let remark = Remark { kind: MarkKind::Mute, undo: arguments.undo, until: None };
    remarks::say_of(remark, &arguments.items, context, arguments.json)
}
