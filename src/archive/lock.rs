//! One process writes the index at a time: an advisory lock on a file beside the archive, in
//! which the holder says who it is.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::Error;

/// How often the lock is tried while all that stands in the way is somebody who looks at it.
const TRIES: usize = 10_000;

/// Commands that hold the lock for a moment: whoever else wants it waits for them.
const BRIEF: [&str; 5] = ["done", "snooze", "mute", "save", "unsave"];
const PATIENCE: Duration = Duration::from_millis(800);
const PAUSE: Duration = Duration::from_millis(20);

/// The right to write in a folder; ends when dropped, and with the process however it ends.
#[derive(Debug)]
pub struct Guard {
    _file: File,
}

/// Who has the right to write, as far as it told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holder {
    /// Its process.
    pub pid: Option<u32>,
    /// Its command: `run`, `fetch`, …; empty where it did not tell.
    pub role: String,
    /// Since when.
    pub since: Option<Timestamp>,
}

impl Holder {
    /// Reads what a holder wrote of itself: process, role and instant, as far as they are there.
    fn parse(text: &str) -> Holder {
        let mut words = text.lines().next().unwrap_or_default().split(' ');
        let pid = words.next().and_then(|word| word.parse().ok());
        let role = words.next().unwrap_or_default().to_owned();
        let since = words.next().and_then(|word| word.parse().ok());
        Holder { pid, role, since }
    }

    fn is_brief(&self) -> bool {
        BRIEF.contains(&self.role.as_str())
    }
}

/// `process 4711 (bellwether run, since 2026-11-25T07:30:00Z)`.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pid {
            Some(pid) => write!(f, "process {pid}")?,
            None => write!(f, "another process")?,
        }
        match (self.role.as_str(), self.since) {
            ("", _) => Ok(()),
            (role, None) => write!(f, " (bellwether {role})"),
            (role, Some(since)) => write!(f, " (bellwether {role}, since {since:.0})"),
        }
    }
}

/// Takes the right to write in `folder` (`index/`), which is made if it is not there, for a
/// command of the name `role`. Waits a moment (0.8 s) for a command that only notes something.
///
/// # Errors
///
/// [`Error::Locked`] with the holder while another process has it; [`Error::NotWritable`].
pub fn lock(folder: &Path, role: &str, now: Timestamp) -> Result<Guard, Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::not_writable(folder, error))?;
    let path = folder.join("lock");
    let not_writable = |error| Error::not_writable(&path, error);
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = open.map_err(not_writable)?;
    let begun = Instant::now();
    while !taken(&file).map_err(not_writable)? {
        let holder = told(&mut file);
        if !holder.is_brief() || PATIENCE <= begun.elapsed() {
            return Err(Error::Locked { path: folder.to_owned(), holder });
        }
        std::thread::sleep(PAUSE);
    }
    // On a full disk the holder stays nameless, and the write itself will say so.
    let _ = tell(&mut file, role, now);
    Ok(Guard { _file: file })
}

/// Who may write in `folder` now; `None`: nobody has asked to. What a process that is gone has
/// left in the file counts for nothing: the lock itself is tried.
///
/// # Errors
///
/// [`Error::NotWritable`] where the file cannot be looked at.
pub fn holder(folder: &Path) -> Result<Option<Holder>, Error> {
    let path = folder.join("lock");
    let failed = |error| Error::not_writable(&path, error);
    let mut file = match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(failed)?,
    };
    let free = is_locked(file.try_lock_shared()).map_err(failed)?;
    Ok((!free).then(|| told(&mut file)))
}

/// Tries the lock. Whoever only looks at it (`holder`) shares it for a moment; where it can be
/// shared nobody holds it, and it is tried again.
fn taken(file: &File) -> io::Result<bool> {
    for _ in 0..TRIES {
        if is_locked(file.try_lock())? {
            return Ok(true);
        }
        if !is_locked(file.try_lock_shared())? {
            return Ok(false);
        }
        file.unlock()?;
        std::thread::yield_now();
    }
    Ok(false)
}

fn is_locked(tried: Result<(), TryLockError>) -> io::Result<bool> {
    match tried {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn told(file: &mut File) -> Holder {
    let mut text = String::new();
    let _ = file.rewind();
    let _ = file.read_to_string(&mut text);
    Holder::parse(&text)
}

/// Whoever reads meanwhile finds the new line first, or the old one.
fn tell(file: &mut File, role: &str, now: Timestamp) -> io::Result<()> {
    let line = format!("{} {role} {now}\n", std::process::id());
    file.rewind()?;
    file.write_all(line.as_bytes())?;
    file.set_len(line.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_that_told_only_its_process_is_understood() {
        let holder = Holder::parse("4711\n");
        assert_eq!(holder, Holder { pid: Some(4711), ..Holder::default() });
        assert_eq!(holder.to_string(), "process 4711");
        assert_eq!(Holder::parse("").to_string(), "another process");
    }

    #[test]
    fn a_holder_says_process_role_and_since() {
        let holder = Holder::parse("7 run 2026-10-13T07:30:00Z\n99 fetch");
        assert_eq!(holder.to_string(), "process 7 (bellwether run, since 2026-10-13T07:30:00Z)");
    }
}
