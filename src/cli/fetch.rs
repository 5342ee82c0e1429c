//! `bellwether fetch`: one poll of all feeds, now.

use std::process::ExitCode;

use super::errand::carry_out;
use super::{Context, partly, say};
use crate::config;
use crate::pipeline::poll::Report;
use crate::pipeline::work::{Outcome, Work};
use crate::text::counted;

/// Read all feeds once, now.
///
/// Feeds whose servers asked to be left alone for a while (Retry-After, max-age, ttl, back-off)
/// are skipped. While `bellwether run` runs, it does the work. Exit code 1: some feeds failed.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether fetch\n  bellwether fetch 'Ines Okafor' lobsters\n  bellwether fetch --due\n  bellwether fetch --json | jq .new")]
pub(super) struct Arguments {
    /// Only these feeds: names of feeds or people, or addresses
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Only feeds whose time has come: by their rhythm, or by `refresh` and `cron` in feeds.yaml.
    /// For timers
    #[arg(long)]
    due: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let Arguments { names, due, json } = arguments;
    known(&names, context)?;
    let work = Work::Fetch { names, due };
    let Some(Outcome::Fetch(report)) = carry_out(&work, context, json)? else {
        return Ok(partly());
    };
    if json {
        super::say_json(&report)?;
    } else {
        say!("{}", summary(&report));
    }
    if report.offline {
        return Err(super::trouble::offline());
    }
    Ok(if report.failed == 0 { ExitCode::SUCCESS } else { partly() })
}

/// A name that nothing is called by is told here, where the names are at hand. With settings that
/// cannot be read, whoever does the work has older ones, or the same error.
fn known(names: &[String], context: &Context) -> anyhow::Result<()> {
    let Ok(config) = config::load(&context.place.settings) else { return Ok(()) };
    match names.iter().find(|name| config.feeds_named(name).is_empty()) {
        None => Ok(()),
        Some(name) => {
            let known = config.feeds.iter().map(|feed| feed.name.as_str());
            Err(super::trouble::unknown("feed or person", name, known))
        }
    }
}

/// One line for people.
pub(super) fn summary(report: &Report) -> String {
    let Report { asked, read, unchanged, failed, skipped, new, changed, .. } = report;
    let asked = counted(*asked, "feed");
    let mut line = format!("{asked} asked: {read} read, {unchanged} unchanged, {failed} failed");
    if *skipped > 0 {
        line.push_str(&format!("; {skipped} left alone"));
    }
    line.push_str(&format!(". {}", counted(*new, "new post")));
    if *changed > 0 {
        line.push_str(&format!(", {}", counted(*changed, "edit")));
    }
    line.push('.');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_as_one() {
        let report = Report { asked: 1, read: 1, new: 1, changed: 2, ..Report::default() };
        let line = "1 feed asked: 1 read, 0 unchanged, 0 failed. 1 new post, 2 edits.";
        assert_eq!(summary(&report), line);
    }
}
