//! `bellwether run`: the daemon.

use std::process::ExitCode;

use clap::ValueEnum;

use super::Context;
use crate::daemon;

/// Run as a daemon: read feeds when they are due, send digests on their schedules.
///
/// It wakes when something is due and sleeps otherwise. SIGTERM ends it within seconds, SIGHUP or a
/// changed feeds.yaml has the settings read again. `bellwether status` says what it does.
///
/// Exit code 78: feeds.yaml has a mistake, or the archive is damaged or from a later version, so
/// that to start it again would not help; 2: any other error.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether run\n  bellwether service install     as a service of systemd")]
pub(super) struct Arguments {
    /// `-`: standard input drives the clock. Each line is an instant (RFC 3339) that it jumps to;
    /// when nothing is left to do, `idle` and the instant are printed
    #[arg(long, value_enum, value_name = "-", hide = true)]
    clock: Option<Driver>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Driver {
    #[value(name = "-")]
    Input,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    daemon::run(&context.place, arguments.clock.is_some())?;
    Ok(ExitCode::SUCCESS)
}
