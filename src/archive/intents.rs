//! What the user told a command to do, for the process that writes: appended, then done.

use jiff::Timestamp;
use rusqlite::params;

use super::rows::sure_timestamp;
use super::{Archive, Error};

/// Something the user wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its row.
    pub seq: i64,
    /// When it was said.
    pub at: Timestamp,
    /// `done`, `save`, `mute`, `engaged`, `forget`, `fetch`, …
    pub verb: String,
    /// An item's id, a URL, a name.
    pub target: String,
    /// A duration, a note.
    pub argument: Option<String>,
}

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

    /// Notes that the intent of row `intent` was done. Twice is once.
    pub fn record_done(&mut self, intent: i64, at: Timestamp) -> Result<(), Error> {
        let mut group = self.group(at)?;
        group.saved("note an intent as done", |group| {
            let seq = group.next_seq();
            group
                .connection()
                .prepare_cached(
                    "INSERT OR IGNORE INTO intent_done (intent, seq, at) VALUES (?, ?, ?)",
                )?
                .execute(params![intent, seq, at.as_microsecond()])
        })?;
        group.commit()
    }

    /// The intents that are not done, as they were said.
    pub fn open_intents(&self) -> Result<Vec<Intent>, Error> {
        self.rows(
            "read intents",
            "SELECT seq, at, verb, target, argument FROM intent \
             WHERE seq NOT IN (SELECT intent FROM intent_done) ORDER BY seq",
            [],
            |row| {
                Ok(Intent {
                    seq: row.get(0)?,
                    at: sure_timestamp(row.get(1)?)?,
                    verb: row.get(2)?,
                    target: row.get(3)?,
                    argument: row.get(4)?,
                })
            },
        )
    }
}
