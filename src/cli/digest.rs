//! `bellwether digest`: compose, print, and with `--send` deliver and remember.

use std::process::ExitCode;

use clap::ValueEnum;

use super::desk::Desk;
use super::errand::carry_out;
use super::{Context, partly, say, trouble};
use crate::archive::Archive;
use crate::config::{self, Config, Schedule};
use crate::digest::escape::terminal;
use crate::model::SectionKind;
use crate::pipeline::publish::{Made, Occasion};
use crate::pipeline::record::{self, Delivery};
use crate::pipeline::work::{Outcome, Work};

/// Compose a digest and print it.
///
/// Only --send delivers it (to index/digests/) and remembers what was shown, so that the next
/// digest begins where this one ends; while `bellwether run` runs, it does the work. Exit code 1: a channel was not reached; the next --send
/// tries it again.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether digest\n  bellwether digest --send\n  bellwether digest --section asks --format json\n  bellwether digest morning --now 2026-10-13T05:30Z")]
pub(super) struct Arguments {
    /// Which of the schedules in feeds.yaml; the first if none is named
    name: Option<String>,
    /// Only this section (may be given several times)
    #[arg(long, value_name = "SECTION", value_parser = section)]
    section: Vec<SectionKind>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Md)]
    format: Format,
    /// Also write it to index/digests/ and remember what was shown
    #[arg(long)]
    send: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown, good as plain text
    Md,
    /// A page
    Html,
    /// Everything, with reasons; see docs/digest.schema.json
    Json,
}

fn section(text: &str) -> Result<SectionKind, String> {
    SectionKind::from_name(text).ok_or_else(|| {
        let known: Vec<&str> = SectionKind::ALL.iter().map(|kind| kind.name()).collect();
        format!("known: {}", known.join(", "))
    })
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    if arguments.send {
        return send(arguments, context);
    }
    let made = print(&arguments, context)?;
    say!("{}", rendered(&made, arguments.format).trim_end());
    Ok(ExitCode::SUCCESS)
}

fn rendered(made: &Made, format: Format) -> String {
    match format {
        Format::Md => made.markdown(),
        Format::Html => made.html(),
        Format::Json => made.json(),
    }
}

/// Sends what waits from earlier, then the digest, and prints it as it was sent.
fn send(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let Arguments { name, section: sections, format, .. } = arguments;
    if let Ok(config) = config::load(&context.place.settings) {
        schedule(&config, name.as_deref())?;
    }
    let work = Work::Send { name, sections: sections.clone() };
    let outcome = carry_out(&work, context, format == Format::Json)?;
    let Some(Outcome::Send { name, now, deliveries, unknown, empty }) = outcome else {
        return Ok(partly());
    };
    let reached = report(&deliveries);
    if empty {
        eprintln!("not sent: no feed was read yet");
    }
    for channel in &unknown {
        eprintln!("not sent to {}: this version cannot deliver there yet", terminal(channel));
    }
    let archive = Archive::read_only(&context.place.archive())?;
    let text = match archive.sent_at(&name, now)? {
        Some((_, sent)) if format == Format::Md => sent.markdown,
        _ => {
            let config = config::load(&context.place.settings)?;
            let schedule = schedule(&config, Some(&name))?;
            let occasion =
                Occasion { config: &config, schedule, sections: &sections, now, due: None };
            rendered(&record::again(&archive, &occasion)?.0, format)
        }
    };
    say!("{}", text.trim_end());
    Ok(if reached { ExitCode::SUCCESS } else { partly() })
}

/// Says where a digest was left, and why not elsewhere; whether it was left everywhere.
fn report(deliveries: &[Delivery]) -> bool {
    for Delivery { channel, outcome } in deliveries {
        match outcome {
            Ok(place) => eprintln!("written: {place}"),
            Err(trouble) => {
                eprintln!("not sent to {channel}: {}", terminal(&trouble.error));
                let hint = trouble.hint.as_deref().unwrap_or("the next --send tries again");
                eprintln!("hint: {}", terminal(hint));
            }
        }
    }
    deliveries.iter().all(|one| one.outcome.is_ok())
}

fn print(arguments: &Arguments, context: &Context) -> anyhow::Result<Made> {
    let archive = Archive::read_only(&context.place.archive())?;
    let config = config::load(&context.place.settings)?;
    let schedule = schedule(&config, arguments.name.as_deref())?;
    let occasion =
        Occasion { config: &config, schedule, sections: &arguments.section, now: context.now, due: None };
    let (made, sent) = record::again(&archive, &occasion)?;
    if !sent {
        // So that `why` knows the ids; a folder that cannot be written only loses that.
        let recorded = super::desk::open(&context.place.archive())
            .map_err(Into::into)
            .and_then(|mut archive| record::printed(&mut archive, &made, context.now));
        if let Err(error) = recorded {
            tracing::warn!(%error, "the printed ids could not be recorded");
        }
    }
    Ok(made)
}

/// Composes the first schedule's digest at an open desk, so that `why` knows its ids.
pub(super) fn print_from(desk: &mut Desk, context: &Context) -> anyhow::Result<Made> {
    let schedule = schedule(&desk.config, None)?;
    let occasion = Occasion { config: &desk.config, schedule, sections: &[], now: context.now, due: None };
    let (made, sent) = record::again(&desk.archive, &occasion)?;
    if !sent {
        record::printed(&mut desk.archive, &made, context.now)?;
    }
    Ok(made)
}

pub(super) fn schedule<'a>(config: &'a Config, name: Option<&str>) -> anyhow::Result<&'a Schedule> {
    let found = match name {
        None => config.schedules.first(),
        Some(name) => config.schedule(name),
    };
    found.ok_or_else(|| {
        let known = config.schedules.iter().map(|schedule| schedule.name.as_str());
        trouble::unknown("digest", name.unwrap_or("morning"), known)
    })
}
