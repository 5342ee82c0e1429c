//! Reads posts: by id, by address, by time, and in the order in which they came.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{Params, params};

use super::rows::{COLUMNS, Kept, kept, timestamp};
use super::{Archive, Error};
use crate::model::{FeedId, PostId};

/// How much the archive holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Posts, each once.
    pub posts: u64,
    /// Versions of posts beyond the first.
    pub edits: u64,
    /// Feeds that were ever asked.
    pub feeds: u64,
    /// When the first post was seen.
    pub since: Option<Timestamp>,
    /// When the newest version was seen.
    pub newest: Option<Timestamp>,
    /// Size of the file, in bytes.
    pub bytes: u64,
}

impl Archive {
    /// The posts whose instant lies in (`from`, `to`], each in its newest version that was seen
    /// at `to` and whose row is not after `as_of` (all, if `None`); by instant, then by id.
    ///
    /// Without their HTML, which no digest looks at: it would double what a window holds in memory.
    pub fn window(
        &self,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<i64>,
    ) -> Result<Vec<Kept>, Error> {
        let columns = COLUMNS.replace("html", "'' AS html");
        let query = format!(
            "SELECT {columns} FROM post INDEXED BY post_instant \
             WHERE instant > ?1 AND instant <= ?2 AND at <= ?2 AND seq <= ?3 \
             ORDER BY instant, id, version"
        );
        let bounds = params![from.as_microsecond(), to.as_microsecond(), as_of.unwrap_or(i64::MAX)];
        let mut window: Vec<Kept> = self.all(&query, bounds)?;
        // Versions of a post stand side by side: only the last one stays.
        window.reverse();
        window.dedup_by_key(|version| version.post.id);
        window.reverse();
        Ok(window)
    }

    /// The posts of which the first row came after row `after`, up to row `as_of` (all, if `None`),
    /// though they belong at `until` or before: their poll ran across that instant, or the clock
    /// was set back. Backlog is none of them: it was never new.
    pub fn belated(
        &self,
        after: i64,
        until: Timestamp,
        as_of: Option<i64>,
    ) -> Result<BTreeSet<PostId>, Error> {
        // By row: the rows since a digest are few, the instants before it nearly all.
        let query = "SELECT id FROM post NOT INDEXED WHERE seq > ?1 AND seq <= ?2 \
             AND version = 1 AND backlog = 0 AND instant <= ?3";
        let bounds = params![after, as_of.unwrap_or(i64::MAX), until.as_microsecond()];
        self.rows("read posts", query, bounds, |row| Ok(PostId::from_bytes(row.get(0)?)))
    }

    /// A post in its newest version. Ids that its feed gave it later lead to it as well.
    pub fn post(&self, id: PostId) -> Result<Option<Kept>, Error> {
        Ok(self.versions(id)?.pop())
    }

    /// All versions of a post, the first one first.
    pub fn versions(&self, id: PostId) -> Result<Vec<Kept>, Error> {
        let query = format!(
            "SELECT {COLUMNS} FROM post WHERE id = coalesce(\
             (SELECT id FROM post WHERE id = ?1 AND version = 1), \
             (SELECT post FROM spelling WHERE id = ?1)) ORDER BY version"
        );
        self.all(&query, params![id.as_bytes()])
    }

    /// The posts at a canonical URL, the first one first, each in its newest version.
    pub fn find_url(&self, canonical: &str) -> Result<Vec<Kept>, Error> {
        let query = format!(
            "SELECT {COLUMNS} FROM post p \
             WHERE id IN (SELECT post FROM address WHERE url = ?1) AND version = \
             (SELECT max(version) FROM post WHERE id = p.id) ORDER BY seen, id"
        );
        self.all(&query, params![canonical])
    }

    /// The posts of a story: its first post and those that tell it again, as they came.
    pub fn story(&self, first: PostId) -> Result<Vec<Kept>, Error> {
        let query = format!(
            "SELECT {COLUMNS} FROM post p WHERE (id = ?1 OR story = ?1) AND version = \
             (SELECT max(version) FROM post WHERE id = p.id) ORDER BY seen, id"
        );
        self.all(&query, params![first.as_bytes()])
    }

    /// The versions that were appended after row `seq`, at most `limit`, as they came.
    pub fn posts_after(&self, seq: i64, limit: usize) -> Result<Vec<Kept>, Error> {
        let query = format!("SELECT {COLUMNS} FROM post WHERE seq > ? ORDER BY seq LIMIT ?");
        self.all(&query, params![seq, i64::try_from(limit).unwrap_or(i64::MAX)])
    }

    /// How many versions were appended after row `seq`.
    pub fn versions_after(&self, seq: i64) -> Result<u64, Error> {
        let query = "SELECT count(*) FROM post WHERE seq > ?";
        let read = || self.connection.prepare_cached(query)?.query_row([seq], |row| row.get(0));
        read().map(i64::unsigned_abs).map_err(|error| self.failed("count posts", error))
    }

    /// The instant of the newest post of each feed that has one.
    pub fn newest_of_feeds(&self) -> Result<BTreeMap<FeedId, Timestamp>, Error> {
        let query = "SELECT feed, max(coalesce(instant, published)) AS newest FROM post \
             GROUP BY feed HAVING newest IS NOT NULL";
        let rows: Vec<(FeedId, Option<Timestamp>)> =
            self.rows("read the newest posts", query, [], |row| {
                Ok((FeedId::from_bytes(row.get(0)?), timestamp(row.get(1)?)?))
            })?;
        Ok(rows.into_iter().filter_map(|(feed, at)| Some((feed, at?))).collect())
    }

    /// How much there is.
    pub fn counts(&self) -> Result<Counts, Error> {
        let query = "SELECT (SELECT count(*) FROM post WHERE version = 1), \
             (SELECT count(*) FROM post), (SELECT count(*) FROM feed_poll), \
             (SELECT at FROM post ORDER BY seq LIMIT 1), \
             (SELECT at FROM post ORDER BY seq DESC LIMIT 1), \
             (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)";
        let read = self.connection.query_row(query, [], |row| {
            let number = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
            let (posts, versions) = (number(0)?, number(1)?);
            Ok(Counts {
                posts,
                edits: versions - posts,
                feeds: number(2)?,
                since: timestamp(row.get(3)?)?,
                newest: timestamp(row.get(4)?)?,
                bytes: number(5)?,
            })
        });
        read.map_err(|error| self.failed("count posts", error))
    }

    fn all(&self, query: &str, bounds: impl Params) -> Result<Vec<Kept>, Error> {
        self.rows("read posts", query, bounds, kept)
    }
}
