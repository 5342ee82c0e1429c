//! Files in `index/digests/`: `2026-10-13-morning.md`, and `.json` beside it.

use std::io::{self, Write as _};
use std::path::Path;

use super::{Channel, Error, Issue, Place};

/// Writes each digest into files of its own.
#[derive(Debug, Clone, Copy)]
pub struct File;

impl Channel for File {
    fn name(&self) -> &'static str {
        "file"
    }

    fn doc(&self) -> &'static str {
        "Markdown and JSON in index/digests/"
    }

    /// The JSON first: where the Markdown stands, both do. Tells the path of the Markdown.
    fn deliver(&self, issue: &Issue, place: &Place<'_>) -> Result<String, Error> {
        let stem = format!("{}-{}", issue.day, issue.name);
        if stem.starts_with('.') || stem.contains(['/', '\\', '\0']) {
            return Err(Error::BadName { name: stem });
        }
        clear(place.folder);
        write_whole(&place.folder.join(format!("{stem}.json")), issue.json.as_bytes())?;
        let path = place.folder.join(format!("{stem}.md"));
        write_whole(&path, issue.markdown.as_bytes())?;
        Ok(path.display().to_string())
    }
}

/// Beginning of the names of files that are not whole yet.
const UNFINISHED: &str = ".digest-";

/// Removes what a killed process left unfinished. One process writes digests at a time.
fn clear(folder: &Path) {
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if file.file_name().to_string_lossy().starts_with(UNFINISHED) {
            // What stays does no harm, and the next digest tries again.
            let _ = std::fs::remove_file(file.path());
        }
    }
}

/// Puts `content` at `path` so that whoever looks finds the old file or the new one, whole, also
/// after a power cut. Makes the folder. A file that holds the same already is left alone.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<(), Error> {
    if std::fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    replace(path, content).map_err(|source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Error::Full { path: path.to_owned() }
        }
        _ => Error::NotWritable { path: path.to_owned(), source },
    })
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)?;
    file.write_all(content)?;
    readable(file.as_file(), path)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// A temporary file is its owner's alone; the new one is read by whoever could read the old one,
/// and where there was none, by whoever may read the folder.
#[cfg(unix)]
fn readable(file: &std::fs::File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let old = std::fs::metadata(path).map(|old| old.permissions());
    file.set_permissions(old.unwrap_or_else(|_| std::fs::Permissions::from_mode(0o644)))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File, _: &Path) -> io::Result<()> {
    Ok(())
}

/// The new name lasts once the folder is on the disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
