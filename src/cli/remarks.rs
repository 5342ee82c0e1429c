//! What a person says of items (done, snooze, mute, save): recorded, then applied by whoever
//! holds the lock, or by this command if nobody does.

use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::errand::is_daemon;
use super::pursue::{Heard, Pursued, pursue};
use super::{Context, Place, desk, partly, say, trouble};
use crate::archive::{self, Archive, Error, Guard, Holder};
use crate::digest::escape::terminal;
use crate::model::MarkKind;
use crate::pipeline;
use crate::pipeline::act::{Acted, Ending, Remark, act_all};
use crate::pipeline::resolve::{Target, is_address, resolve};

/// Says `remark` of `items`: ids as digests show them, or addresses.
pub(super) fn say_of(
    remark: Remark,
    items: &[String],
    context: &Context,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let reading = Archive::read_only(&context.place.archive())?;
    // All of them first: a mistake in the last one must not leave half of it said.
    let mut targets = Vec::new();
    for item in items {
        targets.push(resolve(&reading, item).map_err(|error| named(error, &reading))?);
    }
    if remark.undo
        && let Some(target) = not_said(remark.kind, &targets, &reading, context.now)?
    {
        let kind = remark.kind.name();
        eprintln!("nothing to take back: `{kind}` does not stand for {}", terminal(&target.item));
        return Ok(partly());
    }
    drop(reading);
    let mut archive = desk::open(&context.place.archive())?;
    let mut intents = Vec::new();
    for target in &targets {
        intents.push(remark.record(&mut archive, &target.item, context.now)?);
    }
    let by = settle(&mut archive, &intents, context)?;
    if let By::Done(Some(daemon)) = &by {
        eprintln!("{daemon} does it");
    }
    let mut all = true;
    for (intent, target) in intents.iter().zip(&targets) {
        all &= tell(&archive, *intent, target, &by, remark, json)?;
    }
    Ok(if all { ExitCode::SUCCESS } else { partly() })
}

/// Who applies it.
enum By {
    /// It is done: by this process, or a daemon.
    Done(Option<Holder>),
    /// A command that holds the lock will do it in the end.
    Leaves(Holder),
    /// A daemon that does not answer will do it when it runs again.
    Silent(Holder, String),
}

fn settle(archive: &mut Archive, intents: &[i64], context: &Context) -> anyhow::Result<By> {
    loop {
        let holder =
            match archive::lock(&context.place.index, context.command, super::this_second()) {
                Ok(lock) => {
                    apply_and_leave(archive, lock, &context.place, context.command)?;
                    return Ok(By::Done(None));
                }
                Err(Error::Locked { holder, .. }) if is_daemon(&holder) => holder,
                Err(Error::Locked { holder, .. }) => return Ok(By::Leaves(holder)),
                Err(error) => return Err(error.into()),
            };
        let mut silence = None;
        for intent in intents {
            match pursue(&context.place, *intent, &mut |_: Heard| {})? {
                Pursued::Ended(_) => {}
                Pursued::Silent(silent) => silence = Some(silent.to_string()),
                Pursued::Left => silence = Some("interrupted".to_owned()),
            }
            if silence.is_some() {
                break;
            }
        }
        let open = archive.open_intents()?.iter().any(|open| intents.contains(&open.seq));
        if !open {
            return Ok(By::Done(Some(holder)));
        }
        // If it has ended, nobody stands in the way any more.
        if archive::holder(&context.place.index)?.is_some() {
            let why = silence.unwrap_or_else(|| "it cannot be done now".to_owned());
            return Ok(By::Silent(holder, why));
        }
    }
}

/// Applies what was said, lets go of the lock, and looks again: who recorded something meanwhile
/// has found the lock taken, and relies on this process.
pub(super) fn apply_and_leave(
    archive: &mut Archive,
    lock: Guard,
    place: &Place,
    role: &str,
) -> Result<(), pipeline::Error> {
    let mut lock = Some(lock);
    while lock.is_some() {
        act_all(archive, super::this_second())?;
        drop(lock.take());
        if archive.open_intents()?.iter().any(|intent| Remark::of(intent).is_some()) {
            lock = match archive::lock(&place.index, role, super::this_second()) {
                Err(Error::Locked { .. }) => None,
                again => Some(again?),
            };
        }
    }
    Ok(())
}

/// The first of `targets` of which `kind` does not stand.
fn not_said<'a>(
    kind: MarkKind,
    targets: &'a [Target],
    archive: &Archive,
    now: Timestamp,
) -> Result<Option<&'a Target>, Error> {
    let marks = archive.marks(now, None)?;
    // What is not applied yet counts as well.
    let open = archive.open_intents()?;
    let stands = |target: &Target| {
        marks.iter().any(|mark| mark.kind == kind && mark.identity == target.identity)
            || open.iter().any(|one| one.verb == kind.name() && one.target == target.item)
    };
    Ok(targets.iter().find(|target| !stands(target)))
}

/// An error about an id, with the nearest one as its hint.
fn named(error: pipeline::Error, archive: &Archive) -> anyhow::Error {
    const KNOWN: usize = 2_000;
    let pipeline::Error::NoItem { id } = &error else { return error.into() };
    let near = |known: &String| strsim::damerau_levenshtein(known, id) == 1;
    match archive.items(KNOWN) {
        Ok(known) => match known.iter().find(|known| near(known)) {
            Some(near) => trouble::mistake(error.to_string(), format!("did you mean `{near}`?")),
            None => error.into(),
        },
        Err(_) => error.into(),
    }
}

/// One line of JSON.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    acted: &'a Acted,
    /// The intent's row in the archive.
    intent: i64,
    /// Process that applied it, or will.
    by: Option<u32>,
    applied: bool,
}

/// Tells what came of one; whether it is done or will be for sure.
fn tell(
    archive: &Archive,
    intent: i64,
    target: &Target,
    by: &By,
    remark: Remark,
    json: bool,
) -> anyhow::Result<bool> {
    let ending = archive.intent(intent)?.as_ref().and_then(Ending::of);
    let acted = match &ending {
        Some(Ending::Failed { error, hint }) => {
            trouble::show(&trouble::mistake_of(error.clone(), hint.clone()));
            return Ok(false);
        }
        Some(Ending::Done(result)) => serde_json::from_value(result.clone()).ok(),
        None => None,
    };
    let applied = ending.is_some();
    let acted = acted.unwrap_or_else(|| remark.acted(target));
    let pid = match by {
        By::Done(holder) => holder.as_ref().map_or(Some(std::process::id()), |holder| holder.pid),
        By::Leaves(holder) | By::Silent(holder, _) => holder.pid,
    };
    if json {
        super::say_json(&Row { acted: &acted, intent, by: pid, applied })?;
    } else {
        let recorded = if applied { "" } else { "recorded: " };
        say!("{recorded}{}", line(&acted));
    }
    match by {
        _ if applied => Ok(true),
        By::Leaves(holder) => {
            eprintln!("{holder} applies it when it ends");
            Ok(true)
        }
        By::Silent(holder, why) => {
            let hint = "it is recorded, and will be done when bellwether run runs again";
            trouble::show(&trouble::mistake(format!("{holder}: {why}"), hint));
            Ok(false)
        }
        By::Done(_) => Ok(false),
    }
}

/// What came of it, for people.
fn line(acted: &Acted) -> String {
    let Acted { verb, undo, item, title, until, .. } = acted;
    let what = match (MarkKind::from_name(verb), undo) {
        (Some(MarkKind::Done), false) => "done".to_owned(),
        (Some(MarkKind::Done), true) => "open again".to_owned(),
        (Some(MarkKind::Snooze), false) => match until {
            Some(until) => {
                let until = until.to_zoned(TimeZone::system());
                format!("snoozed until {}", until.strftime("%a %-d %B %Y, %H:%M"))
            }
            None => "snoozed".to_owned(),
        },
        (Some(MarkKind::Snooze), true) => "no longer snoozed".to_owned(),
        (Some(MarkKind::Mute), false) => "muted".to_owned(),
        (Some(MarkKind::Mute), true) => "no longer muted".to_owned(),
        (Some(MarkKind::Save), false) => "saved".to_owned(),
        (Some(MarkKind::Save), true) => "no longer saved".to_owned(),
        (None, _) => verb.clone(),
    };
    let item = if is_address(item) { item.clone() } else { format!("[{item}]") };
    terminal(&format!("{what}: {item} {title}"))
}
