//! Where sent digests have arrived, and where they are still awaited.

use jiff::Timestamp;
use rusqlite::params;

use super::rows::sure_timestamp;
use super::{Archive, Error};

/// A sent digest that has not reached all of its channels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// Its row.
    pub digest: i64,
    /// Its schedule's name.
    pub name: String,
    /// The instant that it was made for.
    pub now: Timestamp,
    /// When it was recorded.
    pub at: Timestamp,
    /// The channels that it has not reached, by name.
    pub channels: Vec<String>,
}

impl Archive {
    /// Records that the digest of row `digest` reached `channel`. Twice is once.
    pub fn record_delivery(
        &mut self,
        digest: i64,
        channel: &str,
        at: Timestamp,
    ) -> Result<(), Error> {
        self.recorded(at, |group| {
            let seq = group.next_seq();
            group
                .connection()
                .prepare_cached(
                    "INSERT OR IGNORE INTO delivery (seq, digest, channel, at) VALUES (?, ?, ?, ?)",
                )?
                .execute(params![seq, digest, channel, at.as_microsecond()])?;
            Ok(())
        })
    }

    /// The channels that the digest of row `digest` has reached, by name.
    pub fn deliveries(&self, digest: i64) -> Result<Vec<String>, Error> {
        self.rows(
            "read deliveries",
            "SELECT channel FROM delivery WHERE digest = ? ORDER BY channel",
            [digest],
            |row| row.get(0),
        )
    }

    /// The sent digests that have not reached all of their channels, the first one first.
    pub fn undelivered(&self) -> Result<Vec<Undelivered>, Error> {
        let query = "SELECT d.seq, d.name, d.now, d.at, r.channel \
             FROM recipient r JOIN digest d ON d.seq = r.digest WHERE NOT EXISTS \
             (SELECT 1 FROM delivery WHERE digest = r.digest AND channel = r.channel) \
             ORDER BY d.seq, r.channel";
        let rows: Vec<Undelivered> = self.rows("read what waits", query, [], |row| {
            Ok(Undelivered {
                digest: row.get(0)?,
                name: row.get(1)?,
                now: sure_timestamp(row.get(2)?)?,
                at: sure_timestamp(row.get(3)?)?,
                channels: vec![row.get(4)?],
            })
        })?;
        let mut waiting: Vec<Undelivered> = Vec::new();
        for row in rows {
            match waiting.last_mut().filter(|last| last.digest == row.digest) {
                Some(last) => last.channels.extend(row.channels),
                None => waiting.push(row),
            }
        }
        Ok(waiting)
    }
}
