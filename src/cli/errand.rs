//! Long work (fetch, reindex, send): done here or, while a daemon runs, by it. The same is shown
//! either way, and the same comes of it.

use super::desk::{self, Desk};
use super::pursue::{Heard, Pursued, pursue};
use super::screen::Watch;
use super::{Context, trouble};
use crate::archive::{self, Archive, Error, Holder};
use crate::pipeline::act::Ending;
use crate::pipeline::work::{Outcome, Work};

/// What the daemon's command is called.
const DAEMON: &str = "run";

/// The daemon that holds the lock, if one does.
pub(super) fn daemon(context: &Context) -> Result<Option<Holder>, Error> {
    Ok(archive::holder(&context.place.index)?.filter(is_daemon))
}

/// Whether the holder of the lock is a daemon.
pub(super) fn is_daemon(holder: &Holder) -> bool {
    holder.role == DAEMON
}

/// The daemon that stood in the way.
pub(super) fn daemon_of(error: &anyhow::Error) -> Option<Holder> {
    match error.downcast_ref::<Error>() {
        Some(Error::Locked { holder, .. }) => Some(holder.clone()).filter(is_daemon),
        _ => None,
    }
}

/// Carries out `work`, with progress unless `quiet`. `None`: a daemon will do it later, which has
/// been said.
pub(super) fn carry_out(
    work: &Work,
    context: &Context,
    quiet: bool,
) -> anyhow::Result<Option<Outcome>> {
    if let Some(daemon) = daemon(context)? {
        return ask(&daemon, work, context, quiet);
    }
    match Desk::open(context) {
        Ok(mut desk) => Ok(Some(desk.carry_out(work, context.now, quiet)?)),
        // It was faster.
        Err(error) => match daemon_of(&error) {
            Some(daemon) => ask(&daemon, work, context, quiet),
            None => Err(error),
        },
    }
}

fn ask(
    daemon: &Holder,
    work: &Work,
    context: &Context,
    quiet: bool,
) -> anyhow::Result<Option<Outcome>> {
    if context.replay {
        return Err(trouble::mistake(
            format!("{daemon} holds the archive, and a replay needs it for itself"),
            "leave out --now, or stop the daemon first; `digest --now T` without --send works \
             beside it",
        ));
    }
    let argument = work.argument();
    let intent = desk::open(&context.place.archive())?.record_intent(
        work.verb(),
        "",
        Some(&argument),
        context.now,
    )?;
    let mut watch = Watch::new(quiet);
    let pursued = pursue(&context.place, intent, &mut |heard| match heard {
        Heard::By(pid) => eprintln!("process {pid} (bellwether run) {}", does(work)),
        Heard::Progress(progress) => watch.show(&progress),
    })?;
    drop(watch);
    match pursued {
        Pursued::Ended(Ending::Done(result)) => Ok(Some(serde_json::from_value(result)?)),
        Pursued::Ended(Ending::Failed { error, hint }) => {
            if is_open(context, intent)? {
                return Ok(later(daemon, &error));
            }
            Err(trouble::mistake_of(error, hint))
        }
        Pursued::Silent(silence) => {
            if let Some(Ending::Done(result)) = ending(context, intent)? {
                return Ok(Some(serde_json::from_value(result)?));
            }
            Ok(later(daemon, &silence.to_string()))
        }
        Pursued::Left => Err(trouble::mistake(
            format!("left alone: {daemon} goes on with it"),
            "`bellwether status` shows what it does",
        )),
    }
}

fn does(work: &Work) -> &'static str {
    match work {
        Work::Fetch { .. } => "fetches",
        Work::Reindex {} => "builds the search index anew",
        Work::Send { .. } => "sends the digest",
    }
}

/// Says that the work is not forgotten.
fn later(daemon: &Holder, why: &str) -> Option<Outcome> {
    let hint = "it is recorded, and will be done when bellwether run runs again";
    trouble::show(&trouble::mistake(format!("{daemon}: {why}"), hint));
    None
}

fn ending(context: &Context, intent: i64) -> Result<Option<Ending>, Error> {
    let archive = Archive::read_only(&context.place.archive())?;
    Ok(archive.intent(intent)?.as_ref().and_then(Ending::of))
}

fn is_open(context: &Context, intent: i64) -> Result<bool, Error> {
    Ok(ending(context, intent)?.is_none())
}
