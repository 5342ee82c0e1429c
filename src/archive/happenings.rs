//! What befell the program, and how it grows: appended, for `status` and the coverage line.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Row, params};

use super::group::optional;
use super::rows::{sure_timestamp, unreadable};
use super::{Archive, Error};

/// Something that befell the program: it started, the disk was full, settings were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Its row.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// `started`, `stopped`, `settings-taken`, `settings-refused`, `disk-full`, `recovered`, …
    pub kind: String,
    /// One line.
    pub text: String,
    /// The next step.
    pub hint: Option<String>,
}

/// What lies on the disk on one day, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Size {
    /// Which day.
    pub day: Date,
    /// When it was measured.
    pub at: Timestamp,
    /// Posts in the archive.
    pub posts: u64,
    /// The archive with its log.
    pub archive: u64,
    /// The search index.
    pub search: u64,
    /// Digests that were delivered as files.
    pub digests: u64,
}

const SELECT: &str = "SELECT seq, at, kind, text, hint FROM happening";

impl Archive {
    /// Appends something that happened `at`; returns its row.
    pub fn record_happening(
        &mut self,
        kind: &str,
        text: &str,
        hint: Option<&str>,
        at: Timestamp,
    ) -> Result<i64, Error> {
        let mut group = self.group(at)?;
        let seq = group.saved("note what happened", |group| {
            let seq = group.next_seq();
            group
                .connection()
                .prepare_cached(
                    "INSERT INTO happening (seq, kind, at, text, hint) VALUES (?, ?, ?, ?, ?)",
                )?
                .execute(params![seq, kind, at.as_microsecond(), text, hint])?;
            Ok(seq)
        })?;
        group.commit()?;
        Ok(seq)
    }

    /// The newest happenings, the last one first; at most `limit`.
    pub fn happenings(&self, limit: usize) -> Result<Vec<Happening>, Error> {
        let query = format!("{SELECT} ORDER BY seq DESC LIMIT ?");
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows("read what happened", &query, [limit], happening)
    }

    /// The last happening of any of `kinds` up to `to`, nothing after row `as_of` (all, if
    /// `None`).
    pub fn last_happening(
        &self,
        kinds: &[&str],
        to: Timestamp,
        as_of: Option<i64>,
    ) -> Result<Option<Happening>, Error> {
        let query =
            format!("{SELECT} WHERE kind = ? AND at <= ? AND seq <= ? ORDER BY seq DESC LIMIT 1");
        let mut last: Option<Happening> = None;
        for kind in kinds {
            let bounds = params![kind, to.as_microsecond(), as_of.unwrap_or(i64::MAX)];
            let read = || self.connection.prepare_cached(&query)?.query_row(bounds, happening);
            let found =
                optional(read()).map_err(|error| self.failed("read what happened", error))?;
            last = [last, found].into_iter().flatten().max_by_key(|one| one.seq);
        }
        Ok(last)
    }

    /// Appends the sizes of a day; `false`, and nothing is written, where it has some already.
    pub fn record_size(&mut self, size: &Size) -> Result<bool, Error> {
        let mut group = self.group(size.at)?;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let is_new = group.saved("note the sizes", |group| {
            let seq = group.next_seq();
            let rows = group
                .connection()
                .prepare_cached(
                    "INSERT OR IGNORE INTO size (seq, day, at, posts, archive, search, digests) \
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    seq,
                    size.day.to_string(),
                    size.at.as_microsecond(),
                    number(size.posts),
                    number(size.archive),
                    number(size.search),
                    number(size.digests),
                ])?;
            Ok(rows > 0)
        })?;
        if is_new {
            group.commit()?;
        }
        Ok(is_new)
    }

    /// The sizes of the days from `since` on, oldest first.
    pub fn sizes(&self, since: Date) -> Result<Vec<Size>, Error> {
        let query = "SELECT day, at, posts, archive, search, digests FROM size \
             WHERE day >= ? ORDER BY day";
        self.rows("read sizes", query, [since.to_string()], |row| {
            let number = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
            let day: String = row.get(0)?;
            Ok(Size {
                day: day.parse().map_err(|error: jiff::Error| unreadable(0, error))?,
                at: sure_timestamp(row.get(1)?)?,
                posts: number(2)?,
                archive: number(3)?,
                search: number(4)?,
                digests: number(5)?,
            })
        })
    }
}

fn happening(row: &Row<'_>) -> rusqlite::Result<Happening> {
    Ok(Happening {
        seq: row.get(0)?,
        at: sure_timestamp(row.get(1)?)?,
        kind: row.get(2)?,
        text: row.get(3)?,
        hint: row.get(4)?,
    })
}
