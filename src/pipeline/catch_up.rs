//! Brings the search index up to the archive, from the row that it has reached; one that is
//! missing, damaged or of another version is made anew.

use std::path::Path;

use super::Error;
use crate::archive::Archive;
use crate::config::Config;
use crate::identity::People;
use crate::index::{self, Document, Index};

/// Rows of the archive that are held at one time.
const BATCH: usize = 1_000;
/// Posts after which what was added is made last.
const COMMIT_EVERY: usize = 20_000;

/// Told while the index is brought up.
#[derive(Debug)]
pub enum Told<'a> {
    /// It could not be used as it was, and is made anew.
    Anew(&'a index::Error),
    /// So many versions of posts are to be added.
    Begun(u64),
    /// So many more were added.
    Added(usize),
}

/// Brings the index at `path` up to the archive; returns how many versions of posts that took.
/// Damage that shows itself only while it is written is mended as well.
pub fn bring_up(
    archive: &Archive,
    path: &Path,
    config: &Config,
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<usize, Error> {
    let brought = Index::read_only(path).map_err(Error::from);
    match brought.and_then(|mut index| add(archive, &mut index, config, tell)) {
        Err(Error::Index(why)) if why.rebuild_helps() => {
            tell(Told::Anew(&why));
            rebuild(archive, path, config, tell)
        }
        brought => brought,
    }
}

/// Makes the index at `path` anew from the archive; returns how many versions of posts it holds.
pub fn rebuild(
    archive: &Archive,
    path: &Path,
    config: &Config,
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<usize, Error> {
    add(archive, &mut Index::create(path)?, config, tell)
}

fn add(
    archive: &Archive,
    index: &mut Index,
    config: &Config,
    tell: &mut dyn FnMut(Told<'_>),
) -> Result<usize, Error> {
    tell(Told::Begun(archive.versions_after(index.through()?)?));
    catch_up(archive, index, config, &mut |added| tell(Told::Added(added)))
}

/// Adds to `index` every version of a post that the archive holds beyond the index's high-water
/// mark; returns how many. `tell` hears of each batch how many posts it had. Writes nothing when
/// there is nothing new.
pub fn catch_up(
    archive: &Archive,
    index: &mut Index,
    config: &Config,
    tell: &mut dyn FnMut(usize),
) -> Result<usize, Error> {
    let mut through = index.through()?;
    if archive.posts_after(through, 1)?.is_empty() {
        return Ok(0);
    }
    let people = People::new(&config.people, &config.feeds);
    let mut writer = index.writer()?;
    let (mut added, mut open) = (0, 0);
    loop {
        let rows = archive.posts_after(through, BATCH)?;
        let Some(last) = rows.last() else { break };
        through = last.seq;
        for row in &rows {
            let person = people.voice(&row.post).person.map(|person| person.name.as_str());
            writer.add(&Document { seq: row.seq, post: &row.post, person })?;
        }
        added += rows.len();
        open += rows.len();
        if COMMIT_EVERY <= open {
            writer.commit(through)?;
            open = 0;
        }
        tell(rows.len());
    }
    writer.commit(through)?;
    writer.finish()?;
    Ok(added)
}
