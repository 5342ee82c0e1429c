//! What can go wrong with the archive, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::{Holder, opening};

/// Bytes without which SQLite cannot go on: the shared memory of its log.
const LITTLE: usize = 64 << 10;

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
    #[error("{} is being written by {holder}", path.display())]
    Locked {
        /// What is locked.
        path: PathBuf,
        /// Who writes, where it told.
        holder: Holder,
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
    /// A damaged archive of which nothing can be read.
    #[error("nothing in {} can be read as an archive", path.display())]
    Hopeless {
        /// The archive.
        path: PathBuf,
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

impl Error {
    /// The operator's next step, one line.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::Missing { .. } => "run `bellwether fetch` first".to_owned(),
            Error::NotWritable { path, .. } => {
                format!("make {} writable for this user, or choose another --dir", path.display())
            }
            Error::Full { .. } => "make room on the disk and run the command again".to_owned(),
            Error::Locked { holder, .. } if holder.role == "run" => {
                "the daemon does the work; `bellwether status` shows it".to_owned()
            }
            Error::Locked { holder: Holder { pid: Some(pid), .. }, .. } => {
                format!("wait for process {pid} to end")
            }
            Error::Locked { .. } => "wait for it to end".to_owned(),
            Error::Newer { .. } => "install the newer bellwether that wrote it".to_owned(),
            Error::Corrupt { .. } => {
                "run `bellwether repair`: it saves what can be read and keeps the damaged file"
                    .to_owned()
            }
            Error::Hopeless { path } => {
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
    pub(super) fn sorted(path: &Path, doing: &'static str, source: rusqlite::Error) -> Error {
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Error::Full { path },
            // Not only a write: the log's shared memory and the wait for the disk fail as well.
            Some(ErrorCode::SystemIoFailure) if is_write(&source) || !has_room(&path) => {
                Error::Full { path }
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Error::NotWritable { path, source: Box::new(source) }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Error::Locked { path, holder: Holder::default() }
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Error::Corrupt { path, what: source.to_string() }
            }
            None if is_unreadable(&source) => Error::Corrupt { path, what: source.to_string() },
            _ => Error::Sqlite { path, doing, source },
        }
    }

    /// Sorts what the system says of a file at or beside `path`.
    pub(super) fn from_io(path: impl Into<PathBuf>, source: io::Error) -> Error {
        if is_full(&source) {
            return Error::Full { path: path.into() };
        }
        Error::not_writable(path, source)
    }

    pub(super) fn not_writable(path: impl Into<PathBuf>, source: io::Error) -> Error {
        Error::NotWritable { path: path.into(), source: Box::new(source) }
    }
}

fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// Whether a little can be written beside the archive; `true` also where that cannot be known.
fn has_room(path: &Path) -> bool {
    let tried = opening::room(opening::folder_of(path), LITTLE);
    !tried.is_err_and(|error| is_full(&error))
}

/// SQLITE_IOERR_WRITE: a quota or file size limit, which SQLite does not call full.
fn is_write(source: &rusqlite::Error) -> bool {
    source
        .sqlite_error()
        .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE)
}

/// A row holds what this program never wrote there.
fn is_unreadable(source: &rusqlite::Error) -> bool {
    matches!(
        source,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..)
    )
}
