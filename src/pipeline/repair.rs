//! A damaged archive is saved as far as it can be read, and the search index made anew from it.

use std::path::Path;

use jiff::Timestamp;

use super::Error;
use super::carry_out::rebuild;
use super::work::Progress;
use crate::archive::{self, Archive, Repair, Stage};
use crate::config::Config;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// What was found and done.
    pub repair: Repair,
    /// Versions of posts in the index that was made anew; `None` where nothing had to be, or
    /// without settings, which name the people.
    pub indexed: Option<usize>,
}

/// Repairs the archive at `path`; where that changes it, makes the index in the folder `search`
/// anew. The caller holds the lock as [`archive::REPAIR`].
///
/// # Errors
///
/// As [`archive::repair`], then those of the index.
pub fn repair(
    path: &Path,
    search: &Path,
    config: Option<&Config>,
    now: Timestamp,
    tell: &mut dyn FnMut(Progress),
) -> Result<Mended, Error> {
    let mut progress = Progress::default();
    let repair = archive::repair(path, now, &mut |stage| match stage {
        Stage::Checking => tell(Progress::begun("looking at every page and post", 0)),
        Stage::Begun(pages) => {
            progress = Progress::begun("reading pages", pages as usize);
            tell(progress.clone());
        }
        Stage::Read(pages) => progress.step(pages as usize, "", tell),
    })?;
    let indexed = match (&repair, config) {
        (Repair::Repaired(_), Some(config)) => {
            Some(rebuild(&Archive::open(path)?, search, config, tell)?)
        }
        _ => None,
    };
    Ok(Mended { repair, indexed })
}
