//! What can go wrong with the archive, and what to do about it.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the archive cannot be read or written. Nothing that was committed is lost by any of these.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no archive to read.
    #[error("no archive at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The folder or the file may not be written.
    #[error("cannot write {}", path.display())]
    NotWritable {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No room is left on the disk. What was kept before is whole.
    #[error("disk full: could not write {}", path.display())]
    Full {
        /// The archive.
        path: PathBuf,
    },
    /// Another process writes.
    #[error("another bellwether writes {}{}", path.display(), holder(*pid))]
    Locked {
        /// What is locked.
        path: PathBuf,
        /// Process id of the holder, where it told.
        pid: Option<u32>,
    },
    /// Written by a later program.
    #[error("{} has a later format than {known}", path.display())]
    Newer {
        /// The archive.
        path: PathBuf,
        /// The newest format that this program knows.
        known: usize,
    },
    /// Not an archive, or a damaged one.
    #[error("{} is not a sound archive: {what}", path.display())]
    Corrupt {
        /// The archive.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// An earlier failure has undone the whole group of polls.
    #[error("{}: the group of polls was undone", path.display())]
    Undone {
        /// The archive.
        path: PathBuf,
    },
    /// Anything else that SQLite says.
    #[error("{}: could not {doing}", path.display())]
    Sqlite {
        /// The archive.
        path: PathBuf,
        /// A verb and its object.
        doing: &'static str,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(String::new, |pid| format!(" (process {pid})"))
}

impl Error {
    /// The operator's next step, one line.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::Missing { .. } => "run `bellwether fetch` first".to_owned(),
            Error::NotWritable { path, .. } => {
                format!("make {} writable for this user, or choose another --dir", path.display())
            }
            Error::Full { .. } => "make room on the disk and run the command again".to_owned(),
            Error::Locked { pid: Some(pid), .. } => format!("wait for process {pid} to end"),
            Error::Locked { pid: None, .. } => "wait for it to end".to_owned(),
            Error::Newer { .. } => "install the newer bellwether that wrote it".to_owned(),
            Error::Corrupt { path, .. } => {
                format!("restore a backup, or move {} away to begin anew", path.display())
            }
            Error::Undone { .. } => "run the command again".to_owned(),
            Error::Sqlite { .. } => return None,
        };
        Some(hint)
    }

    /// Whether it speaks of what was being written, not of the archive: the other feeds of the
    /// group may go on.
    pub fn is_of_one_feed(&self) -> bool {
        matches!(self, Error::Sqlite { .. })
    }

    /// Sorts what SQLite says while `doing` something with the archive at `path`.
    pub(super) fn sorted(
        path: &std::path::Path,
        doing: &'static str,
        source: rusqlite::Error,
    ) -> Error {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Error::Full { path },
            Some(ErrorCode::SystemIoFailure) if is_write(&source) => Error::Full { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Error::NotWritable { path, source: Box::new(source) }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Error::Locked { path, pid: None }
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Error::Corrupt { path, what: source.to_string() }
            }
            _ => Error::Sqlite { path, doing, source },
        }
    }

    pub(super) fn not_writable(path: impl Into<PathBuf>, source: io::Error) -> Error {
        Error::NotWritable { path: path.into(), source: Box::new(source) }
    }
}

/// SQLITE_IOERR_WRITE: a quota or file size limit, which SQLite does not call full.
fn is_write(source: &rusqlite::Error) -> bool {
    source
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE)
}
