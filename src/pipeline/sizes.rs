//! How much lies on the disk.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Error, Place};
use crate::archive::{Archive, Size};

/// Measures an installation; the day is that of `now` in UTC.
pub fn measure(archive: &Archive, place: &Place, now: Timestamp) -> Result<Size, Error> {
    let beside = |end: &str| {
        let mut name = place.archive().into_os_string();
        name.push(end);
        bytes(&PathBuf::from(name))
    };
    Ok(Size {
        day: now.to_zoned(TimeZone::UTC).date(),
        at: now,
        posts: archive.counts()?.posts,
        archive: bytes(&place.archive()) + beside("-wal") + beside("-shm"),
        search: bytes(&place.search()),
        digests: bytes(&place.digests()),
    })
}

/// Bytes of a file, or of the files in a folder and below; 0 for what is not there. Links are
/// not followed.
pub fn bytes(path: &Path) -> u64 {
    let Ok(meta) = path.symlink_metadata() else { return 0 };
    if meta.is_file() {
        return meta.len();
    }
    let below = std::fs::read_dir(path).into_iter().flatten().flatten();
    if meta.is_dir() { below.map(|entry| bytes(&entry.path())).sum() } else { 0 }
}
