//! The archive: every post, counter, feed state, digest and intent, in one SQLite file.
//!
//! It is the truth, and is written before the index. Posts are appended as versions and never
//! updated. All instants come from outside; so does the decision what a post is (`dedup`).
//! A [`Group`] is one transaction over the polls of several feeds, with a savepoint for each.

mod counters;
mod deliveries;
mod digests;
mod error;
mod feeds;
mod group;
mod happenings;
mod intents;
mod known;
mod lock;
mod marks;
mod opening;
mod posts;
mod repair;
mod rows;
mod turn;
mod salvage;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Params, Row};

pub use deliveries::Undelivered;
pub use digests::{Printed, Sent, Shown};
pub use error::Error;
pub use group::{Group, Stored};
pub use happenings::{Happening, Size};
pub use intents::{Done, Intent};
pub use lock::{Guard, Holder, holder, lock};
pub use opening::Migrated;
pub use posts::Counts;
pub use repair::{REPAIR, Repair, Repaired, Stage, check, repair};
pub use rows::Kept;
pub use salvage::Filled;

/// How long a statement waits for another connection's write.
const BUSY: Duration = Duration::from_secs(10);

/// Pages of the file that stay in memory.
const CACHE_KIBIBYTES: i64 = 16 << 10;

/// What stays of the log on disk once it is worked in; a first reading may fill more.
const LOG_BYTES: i64 = 32 << 20;

/// Room on the disk that is enough to go on with: a page or two can always be written where
/// the log has grown before.
const PROBE_BYTES: usize = 1 << 20;

/// Prepared statements that stay ready.
const STATEMENTS: usize = 64;

/// An open archive. One connection: to be used by one thread at a time.
#[derive(Debug)]
pub struct Archive {
    connection: Connection,
    path: PathBuf,
    migrated: Option<Migrated>,
}

impl Archive {
    /// Opens the archive at `path` for reading and writing; makes it, and its folder, if it is
    /// not there. An older format is copied beside it and brought up to date:
    /// [`Archive::migrated`] says so.
    ///
    /// # Errors
    ///
    /// [`Error::NotWritable`], [`Error::Newer`], [`Error::Corrupt`], [`Error::Full`].
    pub fn open(path: &Path) -> Result<Archive, Error> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::not_writable(folder, error))?;
        }
        opening::refuse_emptied(path)?;
        repair::refuse_repaired(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut archive = Archive::connect(path, path, flags)?;
        archive.prepare().map_err(|error| archive.failed("prepare the file", error))?;
        archive.migrated = opening::migrate(&mut archive.connection, path)?;
        opening::look(&archive.connection, path)?;
        Ok(archive)
    }

    /// Opens the archive at `path` for reading only, also where the folder may not be written.
    /// One of an older format is read as it is: what it does not know is empty.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::Newer`], [`Error::Corrupt`].
    pub fn read_only(path: &Path) -> Result<Archive, Error> {
        if !path.is_file() {
            return Err(Error::Missing { path: path.to_owned() });
        }
        opening::refuse_emptied(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Archive::connect(path, path, flags).and_then(Archive::read_as_newest);
        // In WAL mode readers write, too: a file of shared memory beside the archive. Where they
        // may not, the archive can be read as it lies if nothing waits in its log.
        match (opened, frozen(path)) {
            (Err(Error::NotWritable { .. }), Some(uri)) => {
                let flags = flags | OpenFlags::SQLITE_OPEN_URI;
                Archive::connect(path, Path::new(&uri), flags).and_then(Archive::read_as_newest)
            }
            (opened, _) => opened,
        }
    }

    fn read_as_newest(self) -> Result<Archive, Error> {
        opening::read_as_newest(&self.connection, &self.path)?;
        opening::look(&self.connection, &self.path)?;
        Ok(self)
    }

    /// That opening it has brought it up from an older format.
    pub fn migrated(&self) -> Option<&Migrated> {
        self.migrated.as_ref()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a group of writes: all of it is kept, or none. `now` is the instant of what is
    /// written.
    pub fn group(&mut self, now: Timestamp) -> Result<Group<'_>, Error> {
        Group::begin(self, now)
    }

    /// Lets those go first who want to write: a command that waits beside a poll. To be called
    /// between the groups of long work.
    pub fn give_way(&self) {
        turn::give_way(&self.path);
    }

    /// The number of the last row that was appended; 0 in an empty archive.
    pub fn latest_seq(&self) -> Result<i64, Error> {
        self.connection
            .query_row("SELECT last FROM sequence", [], |row| row.get(0))
            .map_err(|error| self.failed("read the sequence", error))
    }

    fn connect(path: &Path, name: &Path, flags: OpenFlags) -> Result<Archive, Error> {
        let failed = |error| Error::sorted(path, "open the file", error);
        let connection = Connection::open_with_flags(name, flags).map_err(failed)?;
        connection.busy_timeout(BUSY).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Archive { connection, path: path.to_owned(), migrated: None })
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        let connection = &self.connection;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", "on")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIBIBYTES)?;
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        Ok(())
    }

    /// Tries whether the archive can be written now: makes room for [`PROBE_BYTES`] beside it,
    /// gives them back, and commits.
    ///
    /// # Errors
    ///
    /// What a write would say: [`Error::Full`], [`Error::NotWritable`], …
    pub fn probe(&mut self) -> Result<(), Error> {
        opening::room(opening::folder_of(&self.path), PROBE_BYTES)
            .map_err(|error| Error::from_io(&self.path, error))?;
        // A row number that is skipped: an update that changes nothing would write nothing.
        let tried = self.connection.execute("UPDATE sequence SET last = last + 1", []);
        tried.map_err(|error| self.failed("try to write", error))?;
        Ok(())
    }

    fn failed(&self, doing: &'static str, source: rusqlite::Error) -> Error {
        Error::sorted(&self.path, doing, source)
    }

    /// Reads all rows that `query` finds.
    fn rows<T, L: FromIterator<T>>(
        &self,
        doing: &'static str,
        query: &str,
        bounds: impl Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<L, Error> {
        let read = || -> rusqlite::Result<L> {
            self.connection.prepare_cached(query)?.query_map(bounds, row)?.collect()
        };
        read().map_err(|error| self.failed(doing, error))
    }
}

/// The URI under which SQLite reads the file as it lies; `None` while its log holds more.
fn frozen(path: &Path) -> Option<String> {
    let text = path.to_str()?;
    let log = PathBuf::from(format!("{text}-wal"));
    let is_empty = log.metadata().map_or(true, |log| log.len() == 0);
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    is_empty.then(|| format!("file:{escaped}?immutable=1"))
}
