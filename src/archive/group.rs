//! One transaction over the polls of several feeds, a savepoint for each.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::{Archive, Error, Kept, counters, feeds, known, rows, turn};
use crate::dedup::{Decision, Known};
use crate::model::{Counters, FeedId, FeedState, Post, PostId};

/// What a poll added to the archive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// Posts never seen before.
    pub new: usize,
    /// Edits.
    pub changed: usize,
    /// Posts that were there.
    pub seen: usize,
}

/// Writes that are kept together, or not at all; undone when dropped without [`Group::commit`].
///
/// Groups of at most 64 feeds or 50 ms cost one wait for the disk each.
#[derive(Debug)]
pub struct Group<'a> {
    tx: Transaction<'a>,
    path: &'a std::path::Path,
    now: Timestamp,
    last: i64,
}

impl<'a> Group<'a> {
    pub(super) fn begin(archive: &'a mut Archive, now: Timestamp) -> Result<Group<'a>, Error> {
        let path = &archive.path;
        let failed = |error| Error::sorted(path, "begin to write", error);
        let _wish = turn::want(path);
        let tx = archive
            .connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(failed)?;
        let last = tx.query_row("SELECT last FROM sequence", [], |row| row.get(0));
        Ok(Group { last: last.map_err(failed)?, tx, path, now })
    }

    /// What the archive knows that bears on `posts`, earlier polls of this group included.
    pub fn known_for<'p>(&self, posts: impl IntoIterator<Item = &'p Post>) -> Result<Known, Error> {
        known::known_for(&self.tx, posts).map_err(|error| self.failed("look posts up", error))
    }

    /// Keeps one poll of a feed: its state (validators and outcome among it), posts, counters.
    ///
    /// # Errors
    ///
    /// Nothing of this poll is kept then; the others of the group are, unless the disk is full
    /// or the like: then [`Group::commit`] says [`Error::Undone`].
    pub fn poll(
        &mut self,
        feed: FeedId,
        state: &FeedState,
        posts: &[(Decision, Post, Counters)],
    ) -> Result<Stored, Error> {
        self.saved("keep a poll", |group| {
            feeds::keep(group, feed, state)?;
            let mut stored = Stored::default();
            for (decision, post, counters) in posts {
                group.post(*decision, post, &mut stored)?;
                let (Decision::Changed { of, .. } | Decision::Seen { of }) = *decision else {
                    group.sample(post.id, counters)?;
                    continue;
                };
                group.sample(of, counters)?;
            }
            Ok(stored)
        })
    }

    /// Keeps `post`, whose text is of its page, as one more version of the post `of`.
    ///
    /// # Errors
    ///
    /// As [`Group::poll`].
    pub fn article(&mut self, of: PostId, post: &Post) -> Result<(), Error> {
        self.saved("keep an article", |group| {
            let newest = "SELECT max(version) FROM post WHERE id = ?";
            let version: u32 =
                group.tx.prepare_cached(newest)?.query_row([of.as_bytes()], |row| row.get(0))?;
            let article = group.edit(of, version + 1, post)?;
            group.append(article)
        })
    }

    /// Makes all of it last.
    pub fn commit(self) -> Result<(), Error> {
        if self.tx.is_autocommit() {
            return Err(Error::Undone { path: self.path.to_owned() });
        }
        let failed = |error| Error::sorted(self.path, "commit", error);
        known::forget_old(&self.tx, self.now).map_err(failed)?;
        self.tx.execute("UPDATE sequence SET last = ?", [self.last]).map_err(failed)?;
        self.tx.commit().map_err(|error| Error::sorted(self.path, "commit", error))
    }

    /// Runs `work` in a savepoint.
    pub(super) fn saved<T>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&mut Group<'a>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        // A full disk makes SQLite roll the whole transaction back, and what came after would
        // be committed row by row.
        if self.tx.is_autocommit() {
            return Err(Error::Undone { path: self.path.to_owned() });
        }
        let failed = |error| Error::sorted(self.path, doing, error);
        self.tx.execute_batch("SAVEPOINT one").map_err(failed)?;
        let done = work(self);
        let failed = |error| Error::sorted(self.path, doing, error);
        match done {
            Ok(done) => self.tx.execute_batch("RELEASE one").map_err(failed).map(|()| done),
            Err(error) => {
                if !self.tx.is_autocommit() {
                    self.tx.execute_batch("ROLLBACK TO one; RELEASE one").map_err(failed)?;
                }
                Err(Error::sorted(self.path, doing, error))
            }
        }
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.tx
    }

    /// The instant of what is written.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The number of the next row.
    pub(super) fn next_seq(&mut self) -> i64 {
        self.last += 1;
        self.last
    }

    fn post(
        &mut self,
        decision: Decision,
        post: &Post,
        stored: &mut Stored,
    ) -> rusqlite::Result<()> {
        match decision {
            Decision::New { story } => {
                stored.new += 1;
                let at = post.seen;
                let post = Post { version: 1, ..post.clone() };
                self.append(Kept { seq: self.last + 1, at, story, post })
            }
            Decision::Changed { of, version } => {
                stored.changed += 1;
                self.spelling(post.id, of)?;
                let edit = self.edit(of, version, post)?;
                self.append(edit)
            }
            Decision::Seen { of } => {
                stored.seen += 1;
                self.spelling(post.id, of)
            }
        }
    }

    /// Makes `post` a version of `of`. An edit moves no post in time: first sight stays, and so
    /// does the date of backlog.
    fn edit(&self, of: PostId, version: u32, post: &Post) -> rusqlite::Result<Kept> {
        let newest = "SELECT feed, seen, published, backlog, story FROM post \
             WHERE id = ? ORDER BY version DESC LIMIT 1";
        self.tx.prepare_cached(newest)?.query_row([of.as_bytes()], |row| {
            let backlog: bool = row.get(3)?;
            let first = rows::timestamp(row.get(2)?)?;
            let story: Option<[u8; 16]> = row.get(4)?;
            let edit = Post {
                id: of,
                version,
                feed: FeedId::from_bytes(row.get(0)?),
                seen: rows::sure_timestamp(row.get(1)?)?,
                published: if backlog { first } else { post.published },
                backlog,
                ..post.clone()
            };
            let story = story.map(PostId::from_bytes);
            Ok(Kept { seq: self.last + 1, at: post.seen, story, post: edit })
        })
    }

    fn append(&mut self, kept: Kept) -> rusqlite::Result<()> {
        self.last = kept.seq;
        rows::insert(&self.tx, &kept)?;
        known::note(&self.tx, &kept)
    }

    fn spelling(&self, id: PostId, of: PostId) -> rusqlite::Result<()> {
        if id != of {
            self.tx
                .prepare_cached("INSERT OR IGNORE INTO spelling (id, post) VALUES (?, ?)")?
                .execute(params![id.as_bytes(), of.as_bytes()])?;
        }
        Ok(())
    }

    fn sample(&mut self, of: PostId, sample: &Counters) -> rusqlite::Result<()> {
        if sample.is_empty() || counters::newest(&self.tx, of)?.as_ref() == Some(sample) {
            return Ok(());
        }
        let (seq, at) = (self.next_seq(), self.now);
        counters::append(&self.tx, seq, of, at, sample)
    }

    fn failed(&self, doing: &'static str, error: rusqlite::Error) -> Error {
        Error::sorted(self.path, doing, error)
    }
}

/// A row, or nothing.
pub(super) fn optional<T>(found: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    found.optional()
}
