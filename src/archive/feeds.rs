//! What polls left behind: transitions of each feed's state, and what moves with every poll.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::group::{Group, optional};
use super::rows::{micros, timestamp};
use super::{Archive, Error};
use crate::model::{FeedId, FeedState, Outcome, Validators};

impl Archive {
    /// The states of all feeds that were ever asked, as they are now.
    pub fn states(&self) -> Result<BTreeMap<FeedId, FeedState>, Error> {
        let query = "SELECT p.feed, p.outcome, p.checked, p.succeeded, p.failures, p.next_check, \
             p.not_before, p.etag, p.last_modified, p.validator_url, \
             t.error, t.title, t.first_read, t.failing_since, t.found \
             FROM feed_poll p LEFT JOIN feed_transition t ON t.seq = \
             (SELECT max(seq) FROM feed_transition WHERE feed = p.feed)";
        self.read_states(query, &[], |row| {
            Ok(FeedState {
                outcome: outcome(row.get(1)?),
                checked: timestamp(row.get(2)?)?,
                succeeded: timestamp(row.get(3)?)?,
                failures: row.get(4)?,
                next_check: timestamp(row.get(5)?)?,
                not_before: timestamp(row.get(6)?)?,
                validators: Validators {
                    etag: row.get(7)?,
                    last_modified: row.get(8)?,
                    url: row.get(9)?,
                },
                error: row.get(10)?,
                title: row.get(11)?,
                first_read: timestamp(row.get(12)?)?,
                failing_since: timestamp(row.get(13)?)?,
                found: row.get(14)?,
            })
        })
    }

    /// The states of all feeds as their transitions tell them at `to`, nothing newer than row
    /// `as_of` (all, if `None`): outcome, error, title, first reading and since when it fails.
    ///
    /// `checked`, `succeeded` and `failures` are those of the transition; validators and the
    /// next check are not known of the past.
    pub fn states_at(
        &self,
        to: Timestamp,
        as_of: Option<i64>,
    ) -> Result<BTreeMap<FeedId, FeedState>, Error> {
        let query = "SELECT feed, outcome, error, title, first_read, succeeded, failures, \
             failing_since, at FROM feed_transition WHERE seq IN \
             (SELECT max(seq) FROM feed_transition WHERE at <= ? AND seq <= ? GROUP BY feed)";
        let bounds = [to.as_microsecond(), as_of.unwrap_or(i64::MAX)];
        self.read_states(query, &bounds, |row| {
            Ok(FeedState {
                outcome: outcome(row.get(1)?),
                error: row.get(2)?,
                title: row.get(3)?,
                first_read: timestamp(row.get(4)?)?,
                succeeded: timestamp(row.get(5)?)?,
                failures: row.get(6)?,
                failing_since: timestamp(row.get(7)?)?,
                checked: timestamp(row.get(8)?)?,
                ..FeedState::default()
            })
        })
    }

    fn read_states(
        &self,
        query: &str,
        bounds: &[i64],
        state: impl Fn(&Row<'_>) -> rusqlite::Result<FeedState>,
    ) -> Result<BTreeMap<FeedId, FeedState>, Error> {
        self.rows("read the feeds' states", query, rusqlite::params_from_iter(bounds), |row| {
            Ok((FeedId::from_bytes(row.get(0)?), state(row)?))
        })
    }
}

/// Keeps the state of `feed` after a poll.
pub(super) fn keep(group: &mut Group<'_>, feed: FeedId, state: &FeedState) -> rusqlite::Result<()> {
    if last(group, feed)?.is_none_or(|last| last != Transition::of(state)) {
        append(group, feed, state)?;
    }
    let validators = &state.validators;
    group
        .connection()
        .prepare_cached(
            "INSERT OR REPLACE INTO feed_poll (feed, outcome, checked, succeeded, failures, \
             next_check, not_before, etag, last_modified, validator_url) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            feed.as_bytes(),
            state.outcome.map(Outcome::word),
            micros(state.checked),
            micros(state.succeeded),
            state.failures,
            micros(state.next_check),
            micros(state.not_before),
            validators.etag,
            validators.last_modified,
            validators.url,
        ])?;
    Ok(())
}

/// What is worth a row of its own. Read and unchanged are one: both are success, and most feeds
/// go from one to the other all day.
#[derive(PartialEq)]
struct Transition {
    outcome: Option<Outcome>,
    error: Option<String>,
    title: Option<String>,
    found: Option<String>,
    first_read: Option<i64>,
    failing_since: Option<i64>,
}

impl Transition {
    fn of(state: &FeedState) -> Transition {
        Transition {
            outcome: success_is_one(state.outcome),
            error: state.error.clone(),
            title: state.title.clone(),
            found: state.found.clone(),
            first_read: micros(state.first_read),
            failing_since: micros(state.failing_since),
        }
    }
}

fn success_is_one(outcome: Option<Outcome>) -> Option<Outcome> {
    if outcome == Some(Outcome::Unchanged) { Some(Outcome::Read) } else { outcome }
}

fn last(group: &Group<'_>, feed: FeedId) -> rusqlite::Result<Option<Transition>> {
    let found = group
        .connection()
        .prepare_cached(
            "SELECT outcome, error, title, first_read, failing_since, found FROM feed_transition \
             WHERE feed = ? ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([feed.as_bytes()], |row| {
            Ok(Transition {
                outcome: success_is_one(outcome(row.get(0)?)),
                error: row.get(1)?,
                title: row.get(2)?,
                first_read: row.get(3)?,
                failing_since: row.get(4)?,
                found: row.get(5)?,
            })
        });
    optional(found)
}

fn append(group: &mut Group<'_>, feed: FeedId, state: &FeedState) -> rusqlite::Result<()> {
    let (seq, now) = (group.next_seq(), group.now());
    group
        .connection()
        .prepare_cached(
            "INSERT INTO feed_transition (seq, feed, at, outcome, error, title, first_read, \
             succeeded, failures, failing_since, found) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            seq,
            feed.as_bytes(),
            now.as_microsecond(),
            state.outcome.map(Outcome::word),
            state.error,
            state.title,
            micros(state.first_read),
            micros(state.succeeded),
            state.failures,
            micros(state.failing_since),
            state.found,
        ])?;
    Ok(())
}

fn outcome(word: Option<String>) -> Option<Outcome> {
    word.as_deref().and_then(Outcome::from_word)
}
