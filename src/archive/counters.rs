//! Counters of posts as they were seen, appended when they differ.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::group::optional;
use super::rows::sure_timestamp;
use super::{Archive, Error};
use crate::model::{Counters, PostId, Sample};

impl Archive {
    /// The samples of each of `posts` up to `to` and up to row `as_of` (all, if `None`), oldest
    /// first. Posts without any are left out.
    pub fn samples(
        &self,
        posts: &[PostId],
        to: Timestamp,
        as_of: Option<i64>,
    ) -> Result<BTreeMap<PostId, Vec<Sample>>, Error> {
        let failed = |error| self.failed("read counters", error);
        let read = || {
            let mut statement = self.connection.prepare_cached(
                "SELECT replies, boosts, likes, views, at FROM counters \
                 WHERE post = ? AND at <= ? AND seq <= ? ORDER BY at, seq",
            )?;
            let mut samples = BTreeMap::new();
            for id in posts {
                let bounds = params![id.as_bytes(), to.as_microsecond(), as_of.unwrap_or(i64::MAX)];
                let of_post = statement
                    .query_map(bounds, |row| {
                        Ok(Sample { at: sure_timestamp(row.get(4)?)?, counters: counters(row)? })
                    })?
                    .collect::<rusqlite::Result<Vec<Sample>>>()?;
                if !of_post.is_empty() {
                    samples.insert(*id, of_post);
                }
            }
            Ok(samples)
        };
        read().map_err(failed)
    }
}

/// The newest counters of a post.
pub(super) fn newest(connection: &Connection, of: PostId) -> rusqlite::Result<Option<Counters>> {
    let found = connection
        .prepare_cached(
            "SELECT replies, boosts, likes, views FROM counters \
             WHERE post = ? ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([of.as_bytes()], counters);
    optional(found)
}

/// Appends counters seen `at`.
pub(super) fn append(
    connection: &Connection,
    seq: i64,
    of: PostId,
    at: Timestamp,
    counters: &Counters,
) -> rusqlite::Result<()> {
    let stored = |count: Option<u64>| count.map(|count| i64::try_from(count).unwrap_or(i64::MAX));
    connection
        .prepare_cached(
            "INSERT INTO counters (post, seq, at, replies, boosts, likes, views) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            of.as_bytes(),
            seq,
            at.as_microsecond(),
            stored(counters.replies),
            stored(counters.boosts),
            stored(counters.likes),
            stored(counters.views),
        ])?;
    Ok(())
}

fn counters(row: &Row<'_>) -> rusqlite::Result<Counters> {
    let count = |at| -> rusqlite::Result<Option<u64>> {
        Ok(row.get::<_, Option<i64>>(at)?.map(i64::unsigned_abs))
    };
    Ok(Counters { replies: count(0)?, boosts: count(1)?, likes: count(2)?, views: count(3)? })
}
