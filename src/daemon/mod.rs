//! The daemon: one loop that wakes, reads, sends, and otherwise sleeps.
//!
//! `Event` is the closed list of what can wake it. The loop decides and never waits: slow work
//! goes to the workshop, and comes back as an event. All that is due is computed anew from the
//! archive, so that a restart, a set clock or a power cut need no memory of their own.

pub mod door;
mod event;
mod event_loop;
mod decide;
mod knocks;
mod endings;
mod outlook;
mod workshop;
mod jobs;
mod orders;
mod failure;
mod sickness;
mod settings;
mod clock;
mod alarm;
mod drive;
mod signals;
mod watch;
mod systemd;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use tokio::runtime::{Builder, Handle};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use clock::Clock;
use door::Door;
use event::Event;
use event_loop::Daemon;
use settings::Settings;
use systemd::Manager;
use watch::Watch;
use workshop::Bench;

use crate::archive::{self, Archive};
use crate::pipeline::Place;
use crate::pipeline::poll::client;

/// Threads that move bytes while feeds are asked.
const THREADS: usize = 2;

/// Runs the daemon until it is told to stop. With `driven`, standard input drives the clock.
///
/// # Errors
/// What keeps it from starting: settings that are wrong, an archive that cannot be opened, or
/// another process that holds the lock. Once it runs it copes with everything by itself.
pub fn run(place: &Place, driven: bool) -> anyhow::Result<()> {
    let settings = Settings::load(&place.settings)?;
    let runtime = Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    let (events, heard) = unbounded_channel();
    let _inside = runtime.enter();
    let clock = if driven {
        let Some(start) = drive::first()? else { return Ok(()) };
        Clock::Driven(start)
    } else {
        Clock::system().context("the clock cannot be waited for")?
    };
    let _lock = archive::lock(&place.index, "run", clock.now())?;
    let client = client(&settings.config.fetch, Vec::new())?;
    let mut kept = Archive::open(&place.archive())?;
    if let Some(migrated) = kept.migrated().map(ToString::to_string) {
        tracing::info!("{migrated}");
        kept.record_happening("archive-migrated", &migrated, None, clock.now())?;
    }
    signals::listen(events.clone()).context("signals cannot be listened to")?;
    let watch = watched(place, events.clone());
    let door = opened(place, events.clone());
    systemd::watchdog(events.clone());
    if driven {
        drive::follow(events.clone());
    }
    let daemon = Daemon {
        bench: Bench {
            place: place.clone(),
            runtime: Handle::current(),
            events,
            leaving: Arc::new(AtomicBool::new(false)),
        },
        kept: Arc::new(Mutex::new(kept)),
        settings: Arc::new(settings),
        watch,
        refused: None,
        client,
        since: clock.now(),
        seen: clock.now(),
        clock,
        manager: Manager::new(),
        door,
        outlook: None,
        is_stale: true,
        is_looking: false,
        reading: None,
        press: None,
        side: 0,
        last_poll: None,
        asked_for: None,
        waiting_since: None,
        last_issue: None,
        is_index_behind: true,
        sick: Default::default(),
        wishes: Vec::new(),
        waiting: Default::default(),
        errands: Default::default(),
        is_alive_asked: false,
        notes: Vec::new(),
        is_noting: false,
        leave_by: None,
        is_idle_owed: driven,
    };
    runtime.block_on(daemon.run(heard));
    // What still runs is not waited for: it was told to end, and a next start makes up for it.
    runtime.shutdown_background();
    Ok(())
}

/// Without a watch on the settings SIGHUP still has them read.
fn watched(place: &Place, events: UnboundedSender<Event>) -> Option<Watch> {
    let watch = Watch::on(&place.settings, events);
    watch.inspect_err(|error| tracing::warn!(%error, "changes of feeds.yaml go unnoticed")).ok()
}

/// Without a door other commands still write down what they want; it is done at the next start.
fn opened(place: &Place, events: UnboundedSender<Event>) -> Option<Door> {
    let hear = move |knock| {
        // The loop has ended: whoever knocks hears that nobody answers.
        let _ = events.send(Event::Knock(knock));
    };
    let door = Door::open(&place.index, hear);
    door.inspect_err(|error| tracing::warn!(%error, "commands cannot reach this process")).ok()
}
