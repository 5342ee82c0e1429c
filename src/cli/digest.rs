//! `bellwether digest`: compose, print, and with `--send` deliver and remember.

use std::process::ExitCode;

use clap::ValueEnum;

use super::desk::Desk;
use super::{Context, partly, say, trouble};
use crate::archive::Archive;
use crate::config::{self, Config, Schedule};
use crate::digest::escape::terminal;
use crate::model::SectionKind;
use crate::pipeline::publish::{Made, Occasion};
use crate::pipeline::record::{self, Delivery};

/// Compose a digest and print it.
///
/// Only --send delivers it (to index/digests/) and remembers what was shown, so that the next
/// digest begins where this one ends. Exit code 1: a channel was not reached; the next --send
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

#[derive(Clone, Copy, ValueEnum)]
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
    let (made, reached) = if arguments.send {
        let mut desk = Desk::open(context)?;
        send(&mut desk, &arguments, context)?
    } else {
        (print(&arguments, context)?, true)
    };
    let text = match arguments.format {
        Format::Md => made.markdown(),
        Format::Html => made.html(),
        Format::Json => made.json(),
    };
    say!("{}", text.trim_end());
    Ok(if reached { ExitCode::SUCCESS } else { partly() })
}

/// Sends what waits from earlier, then the digest; also tells whether all channels were reached.
fn send(desk: &mut Desk, arguments: &Arguments, context: &Context) -> anyhow::Result<(Made, bool)> {
    let mut reached = true;
    for waiting in record::waiting(&desk.archive, &desk.config)? {
        let folder = desk.place.digests();
        let Desk { archive, config, .. } = desk;
        let sent = record::redeliver(archive, config, &waiting, &folder, context.now)?;
        reached &= report(&sent);
    }
    let schedule = schedule(&desk.config, arguments.name.as_deref())?.clone();
    let settings = std::fs::read_to_string(&context.place.settings)?;
    let occasion = Occasion {
        config: &desk.config,
        schedule: &schedule,
        sections: &arguments.section,
        now: context.now,
        due: None,
    };
    let issued = record::send(&mut desk.archive, &occasion, &settings, &desk.place.digests())?;
    reached &= report(&issued.deliveries);
    if issued.made.digest.profiles == 0 {
        eprintln!("not sent: no feed was read yet");
    }
    for channel in &issued.unknown {
        eprintln!("not sent to {channel}: this version cannot deliver there yet");
    }
    Ok((issued.made, reached))
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
