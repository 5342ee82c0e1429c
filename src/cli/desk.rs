//! What most commands work with: the settings, the archive and the search index, opened once.

use std::cell::Cell;
use std::net::SocketAddr;
use std::path::Path;

use jiff::Timestamp;
use tokio::runtime::{Builder, Runtime};

use super::screen::Progress;
use super::{Context, Place, trouble};
use crate::archive::{self, Archive, Guard};
use crate::config::{self, Config, FetchSettings};
use crate::fetch::Client;
use crate::index;
use crate::model::Feed;
use crate::pipeline::Error;
use crate::pipeline::catch_up::{self, Told as Indexed};
use crate::pipeline::poll::{Poll, Report, Told, client, poll};

/// Open for writing: holds the lock, so that one process writes the index.
pub(super) struct Desk {
    /// What the program needs.
    pub(super) config: Config,
    /// Where the files are.
    pub(super) place: Place,
    /// The truth.
    pub(super) archive: Archive,
    client: Client,
    runtime: Runtime,
    _lock: Guard,
}

/// What reads the web.
pub(super) struct Web {
    pub(super) client: Client,
    pub(super) runtime: Runtime,
}

impl Web {
    /// Opens no connection yet.
    pub(super) fn open(
        settings: &FetchSettings,
        led: Vec<(String, SocketAddr)>,
    ) -> anyhow::Result<Web> {
        let client = client(settings, led)?;
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        Ok(Web { client, runtime })
    }
}

impl Desk {
    /// Loads the settings and opens the archive for writing.
    pub(super) fn open(context: &Context) -> anyhow::Result<Desk> {
        let config = config::load(&context.place.settings)?;
        Desk::with(config, &context.place, context.command, Vec::new())
    }

    /// Opens the archive for writing, under settings that are already there, for the command
    /// `role`. `led` names are not looked up but led to an address (`demo`).
    pub(super) fn with(
        config: Config,
        place: &Place,
        role: &str,
        led: Vec<(String, SocketAddr)>,
    ) -> anyhow::Result<Desk> {
        let web = Web::open(&config.fetch, led)?;
        Desk::around(config, place, role, web)
    }

    /// As `with`, with a client that has read something already.
    pub(super) fn around(
        config: Config,
        place: &Place,
        role: &str,
        web: Web,
    ) -> anyhow::Result<Desk> {
        let lock = archive::lock(&place.index, role, super::this_second())?;
        let archive = open(&place.archive())?;
        let Web { client, runtime } = web;
        Ok(Desk { config, place: place.clone(), archive, client, runtime, _lock: lock })
    }

    /// Polls `feeds`. Ctrl-C ends it early, as an error; what was answered by then is kept.
    pub(super) fn poll(
        &mut self,
        feeds: &[Feed],
        now: Timestamp,
        tell: &mut dyn FnMut(Told<'_>),
    ) -> anyhow::Result<Report> {
        let stopped = Cell::new(false);
        let stop = async {
            interrupt().await;
            stopped.set(true);
        };
        let limits = &self.config.rhythm.limits;
        let work = Poll { client: &self.client, feeds, limits, now };
        let report = self.runtime.block_on(poll(&mut self.archive, work, stop, tell))?;
        if stopped.get() {
            return Err(trouble::interrupted());
        }
        Ok(report)
    }

    /// Brings the search index up to the archive; returns how many posts that took. Shows
    /// progress where that takes a while, unless `quiet`. Ctrl-C ends the program: the next one
    /// goes on from where the index stands.
    pub(super) fn catch_up(&mut self, quiet: bool) -> Result<usize, Error> {
        // A poll has taken the signal from the system, for as long as the process lives.
        let leaving = self.runtime.spawn(async {
            interrupt().await;
            trouble::show(&trouble::interrupted());
            std::process::exit(2);
        });
        let mut shown = Indexing { quiet, least: WHILE, progress: None };
        let search = self.place.search();
        let tell = &mut |told: Indexed<'_>| shown.show(told);
        let added = catch_up::bring_up(&self.archive, &search, &self.config, tell);
        leaving.abort();
        added
    }

    /// Builds the search index anew, with progress unless `quiet`.
    pub(super) fn reindex(&mut self, quiet: bool) -> Result<usize, Error> {
        let mut shown = Indexing { quiet, least: 0, progress: None };
        let search = self.place.search();
        let tell = &mut |told: Indexed<'_>| shown.show(told);
        catch_up::rebuild(&self.archive, &search, &self.config, tell)
    }
}

/// Posts that are added before a person wonders.
const WHILE: u64 = 2_000;

/// Shows how the index comes along.
struct Indexing {
    quiet: bool,
    /// Fewer posts than these are added without a word.
    least: u64,
    progress: Option<Progress>,
}

impl Indexing {
    fn show(&mut self, told: Indexed<'_>) {
        match told {
            // The first reading makes it; there is nothing to say.
            Indexed::Anew(index::Error::Missing { .. }) => {}
            Indexed::Anew(_) if self.quiet => {}
            Indexed::Anew(why) => eprintln!("{why}: it is made anew from the archive"),
            Indexed::Begun(posts) if posts <= self.least => {}
            Indexed::Begun(posts) => {
                let total = usize::try_from(posts).unwrap_or(usize::MAX);
                self.progress = Some(Progress::new("indexing posts", total, self.quiet));
            }
            Indexed::Added(posts) => {
                if let Some(progress) = &self.progress {
                    progress.add(posts);
                }
            }
        }
    }
}

impl Drop for Indexing {
    fn drop(&mut self) {
        if let Some(progress) = &self.progress {
            progress.finish();
        }
    }
}

/// Opens the archive at `path` for writing, and says if that has brought its format up to date.
pub(super) fn open(path: &Path) -> Result<Archive, archive::Error> {
    let archive = Archive::open(path)?;
    if let Some(migrated) = archive.migrated() {
        eprintln!("{migrated}");
    }
    Ok(archive)
}

/// Waits for Ctrl-C.
async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without a signal handler there is nothing to wait for.
        std::future::pending::<()>().await;
    }
}
