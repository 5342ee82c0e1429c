//! The pieces of work that other commands ask for, by intents in the archive.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::event::Event;
use super::failure::{Failure, Sick};
use super::settings::Settings;
use super::workshop::{Bench, Came, Errands};
use crate::archive::Intent;
use crate::fetch::Client;
use crate::pipeline::act::{Ending, Remark, act};
use crate::pipeline::work::{self, Outcome, Tools, Work};

/// Does the quick ones of the open intents, in their order, and sorts out the long ones. Also
/// tells what came of those of `asked` that are done already.
pub(super) fn errands(bench: &Bench, asked: &[i64], now: Timestamp) -> Came {
    let run = || -> Result<Errands, Failure> {
        let mut archive = bench.archive()?;
        let mut errands = Errands::default();
        for intent in archive.open_intents()? {
            match (act(&mut archive, &intent, now)?, Work::of(&intent)) {
                (Some(ending), _) => {
                    tell(&intent, &ending);
                    errands.done.push((intent.seq, ending));
                }
                (None, Some(work)) => errands.long.push((intent.seq, work)),
                (None, None) => errands.done.push((intent.seq, strange(&intent))),
            }
        }
        for seq in asked {
            let is_known = errands.done.iter().any(|(known, _)| known == seq)
                || errands.long.iter().any(|(known, _)| known == seq);
            if !is_known {
                let ending = archive.intent(*seq)?.as_ref().and_then(Ending::of);
                errands.done.push((*seq, ending.unwrap_or_else(|| unknown(*seq))));
            }
        }
        Ok(errands)
    };
    Came::Errands(run())
}

/// One line in the log for each.
fn tell(intent: &Intent, ending: &Ending) {
    let undo = if Remark::of(intent).is_some_and(|remark| remark.undo) { " --undo" } else { "" };
    let said = format!("{}{undo} {}", intent.verb, intent.target);
    match ending {
        Ending::Done(_) => tracing::info!("intent: {said}"),
        Ending::Failed { error, .. } => tracing::warn!("intent: {said}: {error}"),
    }
}

fn strange(intent: &Intent) -> Ending {
    let hint = "start the daemon again, so that both are of one version";
    let error = format!("this bellwether cannot `{}`", intent.verb);
    Ending::Failed { error, hint: Some(hint.to_owned()) }
}

fn unknown(intent: i64) -> Ending {
    let hint = "perhaps the daemon works in another folder: `bellwether status` names it";
    let error = format!("there is no intent {intent} in the archive");
    Ending::Failed { error, hint: Some(hint.to_owned()) }
}

/// A long work and what it takes.
pub(super) struct Order {
    pub(super) settings: Arc<Settings>,
    pub(super) client: Client,
    pub(super) intent: i64,
    pub(super) work: Work,
    pub(super) now: Timestamp,
    /// Ends it early once something is sent; `None`: it cannot be ended.
    pub(super) stop: Option<oneshot::Receiver<()>>,
}

/// Does it and notes it as done.
pub(super) fn carry_out(bench: &Bench, order: Order) -> Came {
    let started = Instant::now();
    let (intent, work) = (order.intent, order.work.clone());
    let outcome = carried_out(bench, order);
    Came::Carried { intent, work, outcome, took: started.elapsed() }
}

fn carried_out(bench: &Bench, order: Order) -> Result<Outcome, Failure> {
    let Order { settings, client, intent, work, now, stop } = order;
    let mut archive = bench.archive()?;
    // A process that died between the two may have done it, and not noted it.
    if let Some(outcome) = work::done_before(&archive, &settings.config, &work, intent)? {
        archive.fulfil(intent, None, Some(&Ending::done(&outcome).text()), now)?;
        return Ok(outcome);
    }
    let tools = Tools {
        archive: &mut archive,
        config: &settings.config,
        settings: &settings.text,
        client: &client,
        search: bench.place.search(),
        digests: bench.place.digests(),
        now,
    };
    let stop = async {
        match stop {
            Some(stop) => drop(stop.await),
            None => std::future::pending().await,
        }
    };
    let mut tell = |progress| {
        let _ = bench.events.send(Event::Progress { intent, progress });
    };
    let outcome = bench.runtime.block_on(work::carry_out(&work, tools, stop, &mut tell));
    match outcome {
        Ok(outcome) => {
            archive.fulfil(intent, None, Some(&Ending::done(&outcome).text()), now)?;
            Ok(outcome)
        }
        Err(error) => {
            let ending = Ending::failed(&error);
            let failure = Failure::from(error);
            // What can never be done is not to be tried at each start; all else stays open.
            if failure.sick == Sick::Work && !failure.stopped {
                archive.fulfil(intent, None, Some(&ending.text()), now)?;
            }
            Err(failure)
        }
    }
}
