//! What most commands work with: the settings, the archive and the search index, opened once.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use super::screen::Watch;
use super::{Context, Place, remarks, trouble};
use crate::archive::{self, Archive, Guard};
use crate::config::{self, Config, FetchSettings};
use crate::fetch::Client;
use crate::model::Feed;
use crate::pipeline::Error;
use crate::pipeline::act::act_all;
use crate::pipeline::poll::{Poll, Report, client, poll};
use crate::pipeline::work::{self, Outcome, Tools, Work};

/// Open for writing: holds the lock, so that one process writes the index. What was said of items
/// meanwhile (`done`, `save` …) is applied when it is opened and when it is closed.
pub(super) struct Desk {
    /// What the program needs.
    pub(super) config: Config,
    /// Where the files are.
    pub(super) place: Place,
    /// The truth.
    pub(super) archive: Archive,
    client: Client,
    runtime: Runtime,
    role: &'static str,
    /// Until it is dropped.
    lock: Option<Guard>,
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
        role: &'static str,
        led: Vec<(String, SocketAddr)>,
    ) -> anyhow::Result<Desk> {
        let web = Web::open(&config.fetch, led)?;
        Desk::around(config, place, role, web)
    }

    /// As `with`, with a client that has read something already.
    pub(super) fn around(
        config: Config,
        place: &Place,
        role: &'static str,
        web: Web,
    ) -> anyhow::Result<Desk> {
        let lock = archive::lock(&place.index, role, super::this_second())?;
        let mut archive = open(&place.archive())?;
        act_all(&mut archive, super::this_second())?;
        let Web { client, runtime } = web;
        let (lock, place) = (Some(lock), place.clone());
        Ok(Desk { config, place, archive, client, runtime, role, lock })
    }

    /// Polls `feeds` and nothing more (`demo`, which catches up once in the end).
    pub(super) fn poll(&mut self, feeds: &[Feed], now: Timestamp) -> anyhow::Result<Report> {
        let limits = &self.config.rhythm.limits;
        let work = Poll { client: &self.client, feeds, limits, now };
        let never = std::future::pending();
        Ok(self.runtime.block_on(poll(&mut self.archive, work, never, &mut |_| {}))?)
    }

    /// Polls `feeds` and brings the search index up, with progress unless `quiet`. Ctrl-C ends
    /// the poll early, as an error; what was answered by then is kept.
    pub(super) fn fetch(
        &mut self,
        feeds: &[Feed],
        now: Timestamp,
        quiet: bool,
    ) -> anyhow::Result<Report> {
        let mut watch = Watch::new(quiet);
        let leaving = Leaving::watch(&self.runtime, true);
        let stop = leaving.stop();
        let (tools, runtime) = self.tools("", now);
        ended(runtime.block_on(work::fetch(feeds, tools, stop, &mut |told| watch.show(&told))))
    }

    /// Carries out `work` at the instant `now`, with progress unless `quiet`. Ctrl-C ends it: a
    /// poll keeps what was answered, an index goes on the next time from where it stands.
    pub(super) fn carry_out(
        &mut self,
        work: &Work,
        now: Timestamp,
        quiet: bool,
    ) -> anyhow::Result<Outcome> {
        let settings = config::text(&self.place.settings)?;
        let mut watch = Watch::new(quiet);
        let leaving = Leaving::watch(&self.runtime, matches!(work, Work::Fetch { .. }));
        let stop = leaving.stop();
        let (tools, runtime) = self.tools(&settings, now);
        ended(runtime.block_on(work::carry_out(work, tools, stop, &mut |told| watch.show(&told))))
    }

    /// Brings the search index up to the archive; returns how many versions of posts that took.
    /// Shows progress where that takes a while, unless `quiet`.
    pub(super) fn catch_up(&mut self, quiet: bool) -> Result<usize, Error> {
        let _leaving = Leaving::watch(&self.runtime, false);
        let mut watch = Watch::new(quiet);
        let tell = &mut |told| watch.show(&told);
        work::bring_up(&self.archive, &self.place.search(), &self.config, tell)
    }

    fn tools<'a>(&'a mut self, settings: &'a str, now: Timestamp) -> (Tools<'a>, &'a Runtime) {
        let tools = Tools {
            archive: &mut self.archive,
            config: &self.config,
            settings,
            client: &self.client,
            search: self.place.search(),
            digests: self.place.digests(),
            now,
        };
        (tools, &self.runtime)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let Some(lock) = self.lock.take() else { return };
        if let Err(error) =
            remarks::apply_and_leave(&mut self.archive, lock, &self.place, self.role)
        {
            tracing::warn!(%error, "what was said meanwhile waits for the next command");
        }
    }
}

fn ended<T>(outcome: Result<T, Error>) -> anyhow::Result<T> {
    outcome.map_err(|error| match error {
        Error::Stopped => trouble::interrupted(),
        error => error.into(),
    })
}

/// What Ctrl-C does while something is worked at.
struct Leaving {
    is_polling: Arc<AtomicBool>,
    watch: JoinHandle<()>,
}

impl Leaving {
    /// While a poll goes on its own `stop` hears the signal; otherwise the process ends.
    fn watch(runtime: &Runtime, is_polling: bool) -> Leaving {
        let is_polling = Arc::new(AtomicBool::new(is_polling));
        let polls = Arc::clone(&is_polling);
        let watch = runtime.spawn(async move {
            loop {
                interrupt().await;
                if !polls.load(Ordering::Relaxed) {
                    trouble::show(&trouble::interrupted());
                    std::process::exit(2);
                }
            }
        });
        Leaving { is_polling, watch }
    }

    /// Ends the poll; dropped with it.
    fn stop(&self) -> impl Future<Output = ()> + use<> {
        struct Polling(Arc<AtomicBool>);
        impl Drop for Polling {
            fn drop(&mut self) {
                self.0.store(false, Ordering::Relaxed);
            }
        }
        let polling = Polling(Arc::clone(&self.is_polling));
        async move {
            interrupt().await;
            drop(polling);
        }
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.watch.abort();
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
