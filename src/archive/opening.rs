//! What opening an archive asks of its file: is it one, of which format, and is it sound as far
//! as can be seen at once. An older format is copied beside it before it is brought up to date.

use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::Error;

/// Marks the file as ours (`PRAGMA application_id`): "Bell".
const APPLICATION_ID: i32 = 0x4265_6c6c;

/// One step for each format; what is here has been released and is never edited.
pub(super) const FORMATS: [&str; 2] = [include_str!("format_1.sql"), include_str!("format_2.sql")];

/// For each format but the newest: what lets a reader see it as the next one.
const READING: [&str; 1] = [include_str!("format_1_read.sql")];

/// Copies of older formats that may stand beside the archive.
const COPIES: usize = 100;

/// How the names of unfinished files begin. One process at a time has some: a copy is made inside
/// the transaction, a repair refuses whoever would begin one.
const UNFINISHED: &str = ".archive-";

/// An older format was brought up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// The format that it had.
    pub from: usize,
    /// The format that it has.
    pub to: usize,
    /// The archive as it was before.
    pub copy: PathBuf,
}

/// One line for a person.
impl fmt::Display for Migrated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Migrated { from, to, copy } = self;
        let copy = copy.display();
        write!(f, "the archive was brought from format {from} to {to}; as it was: {copy}")
    }
}

/// Brings the file up to the newest format; makes it where it is empty.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<Option<Migrated>, Error> {
    if format(connection, path)? == FORMATS.len() {
        return Ok(None);
    }
    // From here on nobody else writes, nor migrates: what is copied is what is migrated.
    let failed = |error| Error::sorted(path, "bring the format up to date", error);
    let tx =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    let from = format(&tx, path)?;
    if from == FORMATS.len() {
        return Ok(None);
    }
    let copy = if from == 0 { None } else { Some(copy(path, from)?) };
    let steps = || -> rusqlite::Result<()> {
        for step in &FORMATS[from..] {
            tx.execute_batch(step)?;
        }
        tx.pragma_update(None, "user_version", FORMATS.len() as u32)?;
        tx.commit()
    };
    match (steps(), copy) {
        (Ok(()), copy) => Ok(copy.map(|copy| Migrated { from, to: FORMATS.len(), copy })),
        (Err(error), copy) => {
            // The archive is as it was: its copy would only be one more at each attempt.
            copy.map(std::fs::remove_file);
            Err(failed(error))
        }
    }
}

/// The format of the file; 0: it is empty.
fn format(connection: &Connection, path: &Path) -> Result<usize, Error> {
    let number = |query| {
        connection
            .query_row(query, [], |row| row.get::<_, i32>(0))
            .map_err(|error| Error::sorted(path, "read the format", error))
    };
    let corrupt = |what: &str| Error::Corrupt { path: path.to_owned(), what: what.to_owned() };
    if number("SELECT count(*) FROM sqlite_schema")? == 0 {
        return Ok(0);
    }
    if number("PRAGMA application_id")? != APPLICATION_ID {
        return Err(corrupt("it is another program's database"));
    }
    match usize::try_from(number("PRAGMA user_version")?) {
        Ok(0) | Err(_) => Err(corrupt("it has no format")),
        Ok(format) if FORMATS.len() < format => {
            Err(Error::Newer { path: path.to_owned(), known: FORMATS.len() })
        }
        Ok(format) => Ok(format),
    }
}

/// Lets a reader see an older format as the newest one.
pub(super) fn read_as_newest(connection: &Connection, path: &Path) -> Result<(), Error> {
    let format = format(connection, path)?;
    if format == 0 {
        return Err(Error::Corrupt { path: path.to_owned(), what: "it is empty".into() });
    }
    for step in &READING[format - 1..] {
        let failed = |error| Error::sorted(path, "read an older format", error);
        connection.execute_batch(step).map_err(failed)?;
    }
    Ok(())
}

/// Looks at the ends of each table, where a file that was cut off or half copied shows it, and
/// whether the counter has kept up with them. Costs a few pages of each, however large it is.
pub(super) fn look(connection: &Connection, path: &Path) -> Result<(), Error> {
    let look = || -> rusqlite::Result<bool> {
        let mut names = connection
            .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")?;
        let names =
            names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
        let mut last = 0;
        for name in names.iter().filter(|name| !name.starts_with("sqlite_")) {
            let ends = format!("SELECT count(*) FROM (SELECT 1 FROM main.{name} LIMIT 1)");
            connection.query_row(&ends, [], |row| row.get::<_, i64>(0))?;
            if let Ok(mut newest) =
                connection.prepare(&format!("SELECT max(rowid) FROM main.{name}"))
            {
                let newest = newest.query_row([], |row| row.get::<_, Option<i64>>(0))?;
                last = last.max(newest.filter(|_| numbered(name)).unwrap_or(0));
            }
        }
        let counter = connection.query_row("SELECT last FROM main.sequence", [], |row| row.get(0));
        Ok(last <= counter?)
    };
    match look() {
        Ok(true) => Ok(()),
        Ok(false) => {
            let what = "it holds rows beyond its counter".to_owned();
            Err(Error::Corrupt { path: path.to_owned(), what })
        }
        Err(rusqlite::Error::QueryReturnedNoRows) => {
            Err(Error::Corrupt { path: path.to_owned(), what: "its counter is gone".to_owned() })
        }
        Err(error) => Err(Error::sorted(path, "look at the file", error)),
    }
}

/// Whether the row numbers of this table come from the counter.
fn numbered(table: &str) -> bool {
    !matches!(table, "sequence" | "intent_done")
}

/// Copies the archive as it is, with what is in its log, to a file beside it that stands there
/// whole or not at all.
fn copy(path: &Path, format: usize) -> Result<PathBuf, Error> {
    let folder = folder_of(path);
    let failed = |error| Error::from_io(folder, error);
    let sorted = |error| Error::sorted(path, "copy it before bringing it up to date", error);
    let file = unfinished(folder).map_err(failed)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(path, flags).map_err(sorted)?;
    let mut target = Connection::open(file.path()).map_err(sorted)?;
    let done = Backup::new(&source, &mut target).and_then(|backup| backup.step(-1));
    if done.map_err(sorted)? != StepResult::Done {
        return Err(Error::Locked { path: path.to_owned(), holder: super::Holder::default() });
    }
    drop(target);
    file.as_file().sync_all().map_err(failed)?;
    let kept = same_permissions(path, file.path()).and_then(|()| {
        let mut file = Some(file);
        free_name(path, &format!("archive.format-{format}"), |place| {
            let copy = file.take().expect("it is given back where the name is taken");
            copy.persist_noclobber(place).map(|_| ()).map_err(|taken| {
                file = Some(taken.file);
                taken.error
            })
        })
    });
    let place = kept.map_err(failed)?;
    sync_folder(folder).map_err(failed)?;
    Ok(place)
}

/// Whoever could read the archive can read its copy, and nobody else.
fn same_permissions(path: &Path, copy: &Path) -> io::Result<()> {
    std::fs::set_permissions(copy, std::fs::metadata(path)?.permissions())
}

/// SQLite takes an empty file for a new one, and deletes its log: whoever emptied it has left
/// what was committed last in there.
pub(super) fn refuse_emptied(path: &Path) -> Result<(), Error> {
    let length = |path: &Path| path.metadata().map(|file| file.len()).ok();
    if length(path) == Some(0) && length(&beside(path, "-wal")).is_some_and(|log| log > 0) {
        let what = "it is empty, and its log is not".to_owned();
        return Err(Error::Corrupt { path: path.to_owned(), what });
    }
    Ok(())
}

/// The name of the file with `ending` after all of it.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The folder that holds the file at `path`.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that is not whole yet: moved to its place when it is, and gone with the process unless
/// that is killed. What such a one has left behind is removed.
pub(super) fn unfinished(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    for file in std::fs::read_dir(folder)?.flatten() {
        if file.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes()) {
            let _ = std::fs::remove_file(file.path());
        }
    }
    tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)
}

/// Lets `put` place a file beside the archive under the first name that is not taken:
/// `stem.db`, `stem-2.db`, …
pub(super) fn free_name(
    path: &Path,
    stem: &str,
    mut put: impl FnMut(&Path) -> io::Result<()>,
) -> io::Result<PathBuf> {
    for number in 1..=COPIES {
        let name = if number == 1 { format!("{stem}.db") } else { format!("{stem}-{number}.db") };
        let place = folder_of(path).join(name);
        match put(&place) {
            Err(taken) if taken.kind() == io::ErrorKind::AlreadyExists => {}
            put => return put.map(|()| place),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Fills so many bytes of the disk that holds `folder`, and gives them back.
pub(super) fn room(folder: &Path, bytes: usize) -> io::Result<()> {
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(&vec![0x42; bytes])?;
    file.sync_data()
}

/// A new name lasts once the folder is on the disk.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
