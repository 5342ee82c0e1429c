//! What can go wrong with the index. None of it loses anything: the archive is the truth.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::error::DataCorruption;

/// Why the index cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no index.
    #[error("no index at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Made by a program that keeps other things in it.
    #[error("{} was made by another version", path.display())]
    Outdated {
        /// Its folder.
        path: PathBuf,
    },
    /// Files are damaged or gone.
    #[error("{} is damaged", path.display())]
    Damaged {
        /// Its folder.
        path: PathBuf,
        /// What the engine says.
        #[source]
        source: TantivyError,
    },
    /// Another process writes it.
    #[error("another bellwether writes {}", path.display())]
    Locked {
        /// Its folder.
        path: PathBuf,
    },
    /// No room is left on the disk.
    #[error("disk full: could not write {}", path.display())]
    Full {
        /// Its folder.
        path: PathBuf,
    },
    /// The system refuses.
    #[error("cannot use {}", path.display())]
    Io {
        /// Its folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// Anything else that the engine says.
    #[error("{}: the index could not {doing}", path.display())]
    Engine {
        /// Its folder.
        path: PathBuf,
        /// A verb and its object.
        doing: &'static str,
        /// What the engine says.
        #[source]
        source: TantivyError,
    },
}

impl Error {
    /// The operator's next step, one line.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Missing { .. } => Some("run `bellwether fetch` first"),
            Error::Outdated { .. } | Error::Damaged { .. } => {
                Some("run `bellwether reindex`: it is made anew from the archive")
            }
            Error::Locked { .. } => Some("wait for it to end"),
            Error::Full { .. } => Some("make room on the disk and run the command again"),
            Error::Io { .. } => Some("make the folder writable for this user"),
            Error::Engine { .. } => None,
        }
    }

    /// Whether making it anew from the archive helps.
    pub fn rebuild_helps(&self) -> bool {
        matches!(self, Error::Missing { .. } | Error::Outdated { .. } | Error::Damaged { .. })
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Error {
        match source.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Error::Full { path: path.to_owned() },
            _ => Error::Io { path: path.to_owned(), source },
        }
    }

    /// Sorts what the engine says while `doing` something with the index at `path`.
    pub(super) fn sorted(path: &Path, doing: &'static str, source: TantivyError) -> Error {
        let owned = || path.to_owned();
        match source {
            // Readers lock, too, for a moment, and so need a folder that can be written.
            TantivyError::LockFailure(LockError::IoError(error), _) => {
                Error::io(path, copy(&error))
            }
            TantivyError::LockFailure(LockError::LockBusy, _) => Error::Locked { path: owned() },
            TantivyError::IncompatibleIndex(_) | TantivyError::SchemaError(_) => {
                Error::Outdated { path: owned() }
            }
            TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_)) => {
                Error::Outdated { path: owned() }
            }
            TantivyError::DataCorruption(_)
            | TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))
            | TantivyError::OpenDirectoryError(OpenDirectoryError::DoesNotExist(_)) => {
                Error::Damaged { path: owned(), source }
            }
            source => match (system_error(&source), io_error(&source)) {
                (Some(error), _) => Error::io(path, error),
                // What no system said is the engine's word for files that make no sense.
                (None, Some(_)) => Error::Damaged { path: owned(), source },
                (None, None) => Error::Engine { path: owned(), doing, source },
            },
        }
    }
}

fn io_error(error: &TantivyError) -> Option<&io::Error> {
    match error {
        TantivyError::IoError(error) => Some(error),
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => {
            Some(io_error)
        }
        _ => None,
    }
}

/// What the system said. The engine wraps some of its errors so that only their text is left,
/// which ends as `io::Error` writes it.
fn system_error(error: &TantivyError) -> Option<io::Error> {
    let in_text = |text: &str| -> Option<i32> {
        text.rsplit_once("(os error ")?.1.strip_suffix(')')?.parse().ok()
    };
    let code = match (io_error(error), error) {
        (Some(error), _) if is_of_system(error.kind()) => return Some(copy(error)),
        (Some(error), _) => error.raw_os_error().or_else(|| in_text(&error.to_string())),
        (
            None,
            TantivyError::InternalError(text)
            | TantivyError::SystemError(text)
            | TantivyError::ErrorInThread(text),
        ) => in_text(text),
        _ => None,
    };
    code.map(io::Error::from_raw_os_error)
}

/// Kinds that only a system gives: they stay where an error is wrapped together with a path.
fn is_of_system(kind: io::ErrorKind) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        kind,
        Kind::StorageFull
            | Kind::QuotaExceeded
            | Kind::FileTooLarge
            | Kind::PermissionDenied
            | Kind::ReadOnlyFilesystem
    )
}

/// Runs `work`, in which the engine may panic over files that make no sense (its documentation
/// says that it does).
pub(super) fn guarded<T>(work: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(TantivyError::DataCorruption(DataCorruption::comment_only("the engine panicked")))
    })
}

/// An error of the system is shared inside the engine: this one is ours.
fn copy(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}
