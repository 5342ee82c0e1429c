//! One process writes at a time: an advisory lock on a file beside the archive.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use super::Error;

/// The right to write in a folder; ends when dropped, and with the process however it ends.
#[derive(Debug)]
pub struct Guard {
    _file: File,
}

/// Takes the right to write in `folder` (`index/`), which is made if it is not there.
///
/// # Errors
///
/// [`Error::Locked`] with the holder's process id while another process has it;
/// [`Error::NotWritable`].
pub fn lock(folder: &Path) -> Result<Guard, Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::not_writable(folder, error))?;
    let path = folder.join("lock");
    let not_writable = |error| Error::not_writable(&path, error);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(not_writable)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.read_to_string(&mut text);
            return Err(Error::Locked { path: folder.to_owned(), pid: text.trim().parse().ok() });
        }
        Err(TryLockError::Error(error)) => return Err(not_writable(error)),
    }
    file.set_len(0).map_err(not_writable)?;
    file.rewind().map_err(not_writable)?;
    // On a full disk the holder stays nameless, and the write itself will say so.
    let _ = writeln!(file, "{}", std::process::id());
    Ok(Guard { _file: file })
}
