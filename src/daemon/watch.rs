//! Notices when `feeds.yaml` changes, however an editor saves it.
//!
//! Editors write a new file and rename it over the old one, so the folder is watched and not the
//! file; where the file is a link, also the folder that it leads to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::event::{Cause, Event};

/// Saving comes in several steps; after the last one it is quiet for so long.
const QUIET: Duration = Duration::from_millis(150);

/// Watches until it is dropped.
pub(super) struct Watch {
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Sends an event after each change of the file at `settings`. Needs a tokio runtime.
    ///
    /// # Errors
    /// Where the folder cannot be watched.
    pub(super) fn on(settings: &Path, events: UnboundedSender<Event>) -> notify::Result<Watch> {
        let places = places(settings);
        let names: Vec<OsString> =
            places.iter().filter_map(|file| file.file_name().map(ToOwned::to_owned)).collect();
        let (touched, mut touches) = unbounded_channel();
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                if event.is_ok_and(|event| is_change(&event, &names)) {
                    // Nobody listens any more: the daemon ends.
                    let _ = touched.send(());
                }
            })?;
        for file in &places {
            watcher.watch(folder(file), RecursiveMode::NonRecursive)?;
        }
        tokio::spawn(async move {
            while touches.recv().await.is_some() {
                while let Ok(Some(())) = tokio::time::timeout(QUIET, touches.recv()).await {}
                if events.send(Event::SettingsChanged(Cause::File)).is_err() {
                    return;
                }
            }
        });
        Ok(Watch { _watcher: watcher })
    }
}

/// The file, and where it leads to if it is a link.
fn places(settings: &Path) -> Vec<PathBuf> {
    let mut places = vec![settings.to_owned()];
    if let Ok(real) = settings.canonicalize()
        && folder(settings).canonicalize().ok().as_deref() != real.parent()
    {
        places.push(real);
    }
    places
}

fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Our own reading of the file is none.
fn is_change(event: &notify::Event, names: &[OsString]) -> bool {
    let kind = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) => true,
        EventKind::Any | EventKind::Other => event.need_rescan(),
    };
    let is_ours =
        |path: &PathBuf| path.file_name().is_some_and(|name| names.iter().any(|ours| ours == name));
    kind && (event.need_rescan() || event.paths.iter().any(is_ours))
}
