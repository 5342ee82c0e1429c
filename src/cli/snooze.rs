//! `bellwether snooze ID [3d]`: not now, but later.

use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Context, remarks, trouble};
use crate::config;
use crate::model::MarkKind;
use crate::pipeline::act::Remark;

/// Postpone an item: it is shown again when the time is over.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether snooze w7kq\n  bellwether snooze w7kq 12h\n  bellwether snooze t3fd 2026-12-24\n  bellwether snooze --undo w7kq")]
pub(super) struct Arguments {
    /// As the digest shows it, with or without brackets
    #[arg(value_name = "ID")]
    item: String,
    /// For how long (12h, 3d, 2w), or until which day
    #[arg(value_name = "TIME", default_value = "3d", conflicts_with = "undo")]
    time: String,
    /// Take it back
    #[arg(long)]
    undo: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let until = match arguments.undo {
        true => None,
        false => Some(until(&arguments.time, context)?),
    };
    let remark = Remark { kind: MarkKind::Snooze, undo: arguments.undo, until };
    remarks::say_of(remark, &[arguments.item], context, arguments.json)
}

fn until(text: &str, context: &Context) -> anyhow::Result<Timestamp> {
    let until = match config::duration(text) {
        Some(stretch) => context.now.checked_add(stretch).ok(),
        None => day(text, context),
    };
    let until = until.ok_or_else(|| {
        trouble::mistake(format!("`{text}` is no time to snooze"), "12h, 3d, 2w, or a day: 2026-12-24")
    })?;
    if until <= context.now {
        let hint = "name a later one, or `bellwether done` to close it";
        return Err(trouble::mistake(format!("{text} is over already"), hint));
    }
    Ok(until)
}

/// The beginning of a day where the digests are read.
fn day(text: &str, context: &Context) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    let zone = config::load(&context.place.settings)
        .ok()
        .and_then(|config| Some(config.schedules.first()?.zone.clone()))
        .unwrap_or_else(TimeZone::system);
    Some(day.to_zoned(zone).ok()?.timestamp())
}
