//! Brings the search index up to the archive, from the row that it has reached.

use super::Error;
use crate::archive::Archive;
use crate::config::Config;
use crate::identity::People;
use crate::index::{Document, Index};

/// Rows of the archive that are held at one time.
const BATCH: usize = 1_000;
/// Posts after which what was added is made last.
const COMMIT_EVERY: usize = 20_000;

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
