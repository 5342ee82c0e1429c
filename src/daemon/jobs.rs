//! The pieces of work that the workshop does. Each opens what it needs and closes it again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::event::Event;
use super::failure::{Failure, Sick};
use super::outlook::{Outlook, look};
use super::settings::Settings;
use super::workshop::{Bench, Came, Issue, Note, PollEnded, Redelivered};
use crate::archive::Archive;
use crate::fetch::Client;
use crate::model::Feed;
use crate::pipeline;
use crate::pipeline::catch_up::{Told as Indexing, bring_up};
use crate::pipeline::due::Fallen;
use crate::pipeline::poll::{Poll, Report, poll};
use crate::pipeline::publish::Occasion;
use crate::pipeline::record::{self, Delivery};

/// Posts after which a long indexing says how far it is.
const TELL_EVERY: usize = 50_000;

/// What is due.
pub(super) fn outlook(bench: &Bench, settings: &Settings, now: Timestamp) -> Came {
    let looked = || -> Result<Outlook, Failure> {
        Ok(look(&Archive::read_only(&bench.place.archive())?, &settings.config, now)?)
    };
    Came::Outlook(looked())
}

/// What it takes to ask feeds.
pub(super) struct Round {
    pub(super) settings: Arc<Settings>,
    pub(super) client: Client,
    pub(super) feeds: Vec<Feed>,
    pub(super) now: Timestamp,
    /// Ends it early once something is sent, or the sender dropped.
    pub(super) stop: oneshot::Receiver<()>,
}

/// Asks feeds, tells the loop, then brings the search index up to date.
pub(super) fn ask_feeds(bench: &Bench, round: Round) -> Came {
    let started = Instant::now();
    let settings = Arc::clone(&round.settings);
    let outcome = asked(bench, round);
    let is_kept = outcome.is_ok();
    let ended = PollEnded { outcome, took: started.elapsed() };
    let _ = bench.events.send(Event::PollEnded(ended));
    if is_kept { index(bench, &settings) } else { Came::Indexed(Ok(0)) }
}

fn asked(bench: &Bench, round: Round) -> Result<Report, Failure> {
    let mut archive = bench.archive()?;
    let limits = &round.settings.config.rhythm.limits;
    let work = Poll { client: &round.client, feeds: &round.feeds, limits, now: round.now };
    let stop = async {
        let _ = round.stop.await;
    };
    Ok(bench.runtime.block_on(poll(&mut archive, work, stop, &mut |_| {}))?)
}

/// Brings the search index up to the archive; one that is missing or torn is made anew.
pub(super) fn index(bench: &Bench, settings: &Settings) -> Came {
    if bench.is_leaving() {
        // The next start goes on from where the index stands.
        return Came::Indexed(Ok(0));
    }
    let (mut why, mut done, mut total) = (None, 0, 0);
    let mut tell = |told: Indexing<'_>| match told {
        Indexing::Anew(error) => why = Some(error.to_string()),
        Indexing::Begun(posts) => {
            total = posts;
            if let Some(why) = why.take().filter(|_| posts > 0) {
                tracing::warn!("index: {why}; built anew from {posts} posts");
            }
        }
        Indexing::Added(posts) => {
            if done / TELL_EVERY < (done + posts) / TELL_EVERY {
                tracing::info!("index: {} of {total} posts", done + posts);
            }
            done += posts;
        }
    };
    let mut added = || -> Result<usize, pipeline::Error> {
        let archive = Archive::read_only(&bench.place.archive())?;
        bring_up(&archive, &bench.place.search(), &settings.config, &mut tell)
    };
    Came::Indexed(added().map_err(Failure::from))
}

/// Makes and sends a digest that has fallen due.
pub(super) fn send(bench: &Bench, settings: &Settings, fallen: Fallen) -> Came {
    let started = Instant::now();
    let outcome = sent(bench, settings, &fallen);
    Came::Sent { fallen, outcome, took: started.elapsed() }
}

fn sent(bench: &Bench, settings: &Settings, fallen: &Fallen) -> Result<Issue, Failure> {
    let config = &settings.config;
    let unknown = || pipeline::Error::Unknown { what: "digest", name: fallen.name.clone() };
    let schedule = config.schedule(&fallen.name).ok_or_else(unknown)?;
    let due = fallen.tick.is_late().then_some(fallen.tick.at);
    let occasion = Occasion { config, schedule, sections: &[], now: fallen.tick.now, due };
    let mut archive = bench.archive()?;
    let issued = record::send(&mut archive, &occasion, &settings.text, &bench.place.digests())?;
    let digest = &issued.made.digest;
    let items = digest.sections.iter().flat_map(|section| &section.items);
    let (places, failure) = parted(issued.deliveries);
    Ok(Issue {
        items: items.filter(|item| item.shown).count(),
        empty: digest.profiles == 0,
        places,
        failure,
        unknown: issued.unknown,
    })
}

/// Where deliveries arrived, and why the first of the others did not.
fn parted(deliveries: Vec<Delivery>) -> (Vec<String>, Option<Failure>) {
    let (mut places, mut failure) = (Vec::new(), None);
    for one in deliveries {
        match one.outcome {
            Ok(place) => places.push(place),
            Err(trouble) => {
                let error = format!("{}: {}", one.channel, trouble.error);
                let (sick, stopped, hint) = (Sick::Work, false, trouble.hint);
                failure.get_or_insert(Failure { sick, stopped, error, hint });
            }
        }
    }
    (places, failure)
}

/// Delivers what has not reached all its channels, the oldest first.
pub(super) fn deliver_again(bench: &Bench, settings: &Settings, now: Timestamp) -> Came {
    let delivered = || -> Result<Redelivered, Failure> {
        let (config, folder) = (&settings.config, bench.place.digests());
        let mut archive = bench.archive()?;
        let mut deliveries = Vec::new();
        for one in record::waiting(&archive, config)? {
            deliveries.extend(record::redeliver(&mut archive, config, &one, &folder, now)?);
        }
        let (places, failure) = parted(deliveries);
        Ok(Redelivered { places, failure })
    };
    Came::Delivered(delivered())
}

/// The connection that stays open: it holds SQLite's shared files, so that the archive can still
/// be read when the disk is full. Used for what is short.
pub(super) type Kept = Arc<Mutex<Archive>>;

/// Writes down what befell the program.
pub(super) fn note(kept: &Kept, notes: &[Note]) -> Result<(), Failure> {
    let mut archive = kept.lock().unwrap_or_else(PoisonError::into_inner);
    for Note { kind, text, hint, at } in notes {
        archive.record_happening(kind, text, hint.as_deref(), *at)?;
    }
    Ok(())
}

/// Tries to write.
pub(super) fn probe(bench: &Bench, kept: &Kept) -> Came {
    let probed = || -> Result<(), Failure> {
        // Also by a connection of its own, as the work that failed would use.
        bench.archive()?;
        Ok(kept.lock().unwrap_or_else(PoisonError::into_inner).probe()?)
    };
    Came::Probed(probed())
}

/// Whether the archive answers a question.
pub(super) fn alive(kept: &Kept) -> Came {
    let archive = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let answer = archive.latest_seq();
    if let Err(error) = &answer {
        tracing::warn!(%error, "the archive does not answer");
    }
    Came::Alive(answer.is_ok())
}

/// Records today's sizes.
pub(super) fn sizes(bench: &Bench, kept: &Kept, now: Timestamp) -> Came {
    let recorded = || -> Result<(), Failure> {
        let size = pipeline::sizes::measure(
            &Archive::read_only(&bench.place.archive())?,
            &bench.place,
            now,
        )?;
        kept.lock().unwrap_or_else(PoisonError::into_inner).record_size(&size)?;
        Ok(())
    };
    Came::Measured(recorded())
}
