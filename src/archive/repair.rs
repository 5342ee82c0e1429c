//! A damaged archive: what is wrong, what can be saved, and the sound one in its place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::salvage::{Pages, Shapes, fill, work_in};
use super::{Archive, Error, Filled, lock, opening};

/// Complaints that are told.
const COMPLAINTS: usize = 20;

/// Posts that are looked at at one time.
const BATCH: usize = 1_000;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// Nothing is wrong; nothing was changed.
    Sound,
    /// A sound archive stands in the place of the damaged one.
    Repaired(Repaired),
}

/// A damaged archive and what was saved of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    /// What was wrong, the first complaints of it.
    pub wrong: Vec<String>,
    /// Where the damaged file is.
    pub damaged: PathBuf,
    /// What was saved, and what is lost.
    pub filled: Filled,
}

/// How far a repair has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is looked at.
    Checking,
    /// So many pages are to be read.
    Begun(u32),
    /// So many more were read.
    Read(u32),
}

/// The role in which the lock is held while an archive is repaired.
pub const REPAIR: &str = "repair";

/// Refuses to write to an archive in whose place another process puts a new one: what is written
/// would be left behind with the damaged file.
pub(super) fn refuse_repaired(path: &Path) -> Result<(), Error> {
    let folder = opening::folder_of(path);
    match lock::holder(folder)? {
        Some(holder) if holder.role == REPAIR && holder.pid != Some(std::process::id()) => {
            Err(Error::Locked { path: folder.to_owned(), holder })
        }
        _ => Ok(()),
    }
}

/// What is wrong with the archive at `path`: every page, index and post is looked at. Empty: it
/// is sound.
///
/// # Errors
///
/// [`Error::Missing`], [`Error::Newer`], [`Error::NotWritable`].
pub fn check(path: &Path) -> Result<Vec<String>, Error> {
    let complaint = |error| match error {
        Error::Corrupt { what, .. } => Ok(vec![what]),
        other => Err(other),
    };
    let archive = match Archive::read_only(path) {
        Ok(archive) => archive,
        Err(error) => return complaint(error),
    };
    let query = format!("PRAGMA integrity_check({COMPLAINTS})");
    let wrong: Vec<String> = match archive.rows("check it", &query, [], |row| row.get(0)) {
        Ok(wrong) => wrong,
        Err(error) => return complaint(error),
    };
    if wrong != ["ok"] {
        return Ok(wrong);
    }
    let mut through = 0;
    loop {
        match archive.posts_after(through, BATCH) {
            Ok(posts) => match posts.last() {
                Some(last) => through = last.seq,
                None => return Ok(Vec::new()),
            },
            Err(error) => return complaint(error),
        }
    }
}

/// Looks at the archive at `path`, and where it is damaged saves what can be read into a new one
/// in its place; the damaged file stays beside it. Until the new one is whole and on the disk
/// nothing is moved. The caller holds the lock and makes the search index anew.
///
/// # Errors
///
/// As [`check`]; [`Error::Full`]; [`Error::Hopeless`] where nothing can be read.
pub fn repair(path: &Path, now: Timestamp, tell: &mut dyn FnMut(Stage)) -> Result<Repair, Error> {
    tell(Stage::Checking);
    let wrong = check(path)?;
    if wrong.is_empty() {
        return Ok(Repair::Sound);
    }
    let failed = |error| Error::from_io(path, error);
    let folder = opening::folder_of(path);
    empty_log(path).map_err(failed)?;
    let fresh = opening::unfinished(folder).map_err(failed)?;
    let filled = salvage(path, fresh.path(), now, tell)?;
    fs::set_permissions(fresh.path(), fs::metadata(path).map_err(failed)?.permissions())
        .map_err(failed)?;
    fresh.as_file().sync_all().map_err(failed)?;
    let damaged = keep(path, now).map_err(failed)?;
    // A log without its file would be taken for the new one's; both are empty by now.
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(opening::beside(path, ending));
    }
    fresh.persist(path).map_err(|error| failed(error.error))?;
    opening::sync_folder(folder).map_err(failed)?;
    Ok(Repair::Repaired(Repaired { wrong, damaged, filled }))
}

/// Works the log into the file: by SQLite where it can, past it where it cannot.
fn empty_log(path: &Path) -> io::Result<()> {
    let log = opening::beside(path, "-wal");
    // SQLite deletes the log of a file that was emptied.
    if fs::metadata(path)?.len() == 0 {
        return work_in(path, &log);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let worked = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))
    });
    match worked {
        Ok(0) => Ok(()),
        _ => work_in(path, &log),
    }
}

/// Makes a sound archive at `fresh`.
fn salvage(
    path: &Path,
    fresh: &Path,
    now: Timestamp,
    tell: &mut dyn FnMut(Stage),
) -> Result<Filled, Error> {
    let failed = |error| Error::sorted(path, "save what can be read", error);
    let mut connection = Connection::open(fresh).map_err(failed)?;
    // It is moved to its place when it is whole: until then nothing needs to last.
    connection.pragma_update(None, "journal_mode", "off").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "off").map_err(failed)?;
    opening::migrate(&mut connection, fresh)?;
    let shapes = Shapes::of(&opening::FORMATS).map_err(failed)?;
    let mut pages = Pages::open(path).map_err(|error| Error::from_io(path, error))?;
    tell(Stage::Begun(pages.count()));
    let read = &mut |pages| tell(Stage::Read(pages));
    let filled = fill(&connection, &shapes, &mut pages, now, read).map_err(failed)?;
    if filled.saved.values().sum::<u64>() == 0 {
        return Err(Error::Hopeless { path: path.to_owned() });
    }
    let mut archive = Archive { connection, path: fresh.to_owned(), migrated: None };
    archive.record_happening("archive-repaired", &filled.to_string(), None, now)?;
    let wrong: Vec<String> =
        archive.rows("check it", "PRAGMA integrity_check", [], |row| row.get(0))?;
    match wrong.as_slice() {
        [ok] if ok == "ok" => Ok(filled),
        wrong => Err(Error::Corrupt { path: fresh.to_owned(), what: wrong.join("; ") }),
    }
}

/// Gives the damaged file a second name, never one that is taken.
fn keep(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let day = now.strftime("%F");
    opening::free_name(path, &format!("archive.damaged-{day}"), |place| {
        match fs::hard_link(path, place) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => copy_new(path, place),
            linked => linked,
        }
    })
}

/// Where the file system knows no second names.
fn copy_new(path: &Path, place: &Path) -> io::Result<()> {
    let mut copy = fs::OpenOptions::new().write(true).create_new(true).open(place)?;
    io::copy(&mut fs::File::open(path)?, &mut copy)?;
    copy.sync_all()
}
