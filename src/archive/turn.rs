//! Whose turn it is to write. SQLite lets one write at a time, and whoever finds it taken looks
//! again now and then: beside a poll that writes group after group a command could wait for ever.
//!
//! So whoever begins a group shares a lock on a file beside the archive until it has begun, and
//! a poll lets those go first before its next group. Only a courtesy: where the file cannot be
//! made, or somebody stays there, it goes on without.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// The longest that a poll lets others go first: whoever is stopped there must not stop it.
const LONGEST: Duration = Duration::from_secs(1);
/// How often it looks whether they are through.
const AGAIN: Duration = Duration::from_millis(2);

/// Says that somebody wants to write, until it is dropped.
#[derive(Debug)]
pub(super) struct Wish {
    _file: Option<File>,
}

/// Wants to write in the archive at `archive`.
pub(super) fn want(archive: &Path) -> Wish {
    let file = open(archive).filter(|file| file.try_lock_shared().is_ok());
    Wish { _file: file }
}

/// Waits until nobody wants to write in the archive at `archive`; at most [`LONGEST`].
pub(super) fn give_way(archive: &Path) {
    let Some(file) = open(archive) else { return };
    let begun = Instant::now();
    while let Err(TryLockError::WouldBlock) = file.try_lock() {
        if LONGEST <= begun.elapsed() {
            return;
        }
        std::thread::sleep(AGAIN);
    }
}

fn open(archive: &Path) -> Option<File> {
    let path = archive.with_file_name("turn");
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poll_lets_go_first_who_wants_to_write_and_does_not_wait_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("archive.db");
        let (first, second) = (want(&archive), want(&archive));
        let waited = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let begun = Instant::now();
                give_way(&archive);
                begun.elapsed()
            });
            drop(first);
            assert!(!waiting.is_finished(), "the second one still wants to");
            drop(second);
            waiting.join().unwrap()
        });
        assert!(waited < LONGEST, "{waited:?}");
        let _stopped = want(&archive);
        give_way(&archive);
    }
}
