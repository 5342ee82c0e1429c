//! What the user told a command to do, for the process that writes: appended, then done, once.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::group::optional;
use super::rows::sure_timestamp;
use super::{Archive, Error, marks};
use crate::model::Mark;

/// Something the user wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its row.
    pub seq: i64,
    /// When it was said.
    pub at: Timestamp,
    /// `done`, `save`, `mute`, `fetch`, …
    pub verb: String,
    /// An item's id, a URL, a name.
    pub target: String,
    /// JSON of what else was said.
    pub argument: Option<String>,
    /// That it was done.
    pub done: Option<Done>,
}

/// That an intent was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// When.
    pub at: Timestamp,
    /// JSON of what came of it.
    pub result: Option<String>,
}

const SELECT: &str = "SELECT i.seq, i.at, i.verb, i.target, i.argument, d.at, d.result \
     FROM intent i LEFT JOIN intent_done d ON d.intent = i.seq";

impl Archive {
    /// Appends an intent; returns its row.
    pub fn record_intent(
        &mut self,
        verb: &str,
        target: &str,
        argument: Option<&str>,
        at: Timestamp,
    ) -> Result<i64, Error> {
        let mut group = self.group(at)?;
        let seq = group.saved("append an intent", |group| {
            let seq = group.next_seq();
            group
                .connection()
                .prepare_cached(
                    "INSERT INTO intent (seq, at, verb, target, argument) VALUES (?, ?, ?, ?, ?)",
                )?
                .execute(params![seq, at.as_microsecond(), verb, target, argument])?;
            Ok(seq)
        })?;
        group.commit()?;
        Ok(seq)
    }

    /// Notes that the intent of row `intent` was done, with the mark and the JSON that came of
    /// it, in one transaction. `false`, and nothing is written, where it was done already or
    /// there is no such intent.
    pub fn fulfil(
        &mut self,
        intent: i64,
        mark: Option<&Mark>,
        result: Option<&str>,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let mut group = self.group(at)?;
        let is_new = group.saved("note an intent as done", |group| {
            let open = "SELECT EXISTS (SELECT 1 FROM intent WHERE seq = ?1) \
                 AND NOT EXISTS (SELECT 1 FROM intent_done WHERE intent = ?1)";
            let open: bool =
                group.connection().prepare_cached(open)?.query_row([intent], |row| row.get(0))?;
            if !open {
                return Ok(false);
            }
            if let Some(mark) = mark {
                marks::append(group, &Mark { intent, ..mark.clone() })?;
            }
            let seq = group.next_seq();
            group
                .connection()
                .prepare_cached(
                    "INSERT INTO intent_done (intent, seq, at, result) VALUES (?, ?, ?, ?)",
                )?
                .execute(params![intent, seq, at.as_microsecond(), result])?;
            Ok(true)
        })?;
        if is_new {
            group.commit()?;
        }
        Ok(is_new)
    }

    /// The intents that are not done, as they were said.
    pub fn open_intents(&self) -> Result<Vec<Intent>, Error> {
        let query = format!("{SELECT} WHERE d.intent IS NULL ORDER BY i.seq");
        self.rows("read intents", &query, [], intent)
    }

    /// The intent of row `seq`.
    pub fn intent(&self, seq: i64) -> Result<Option<Intent>, Error> {
        let query = format!("{SELECT} WHERE i.seq = ?");
        let read = || self.connection.prepare_cached(&query)?.query_row([seq], intent);
        optional(read()).map_err(|error| self.failed("read an intent", error))
    }
}

fn intent(row: &Row<'_>) -> rusqlite::Result<Intent> {
    let done = match row.get::<_, Option<i64>>(5)? {
        Some(at) => Some(Done { at: sure_timestamp(at)?, result: row.get(6)? }),
        None => None,
    };
    Ok(Intent {
        seq: row.get(0)?,
        at: sure_timestamp(row.get(1)?)?,
        verb: row.get(2)?,
        target: row.get(3)?,
        argument: row.get(4)?,
        done,
    })
}
