//! Digests that were sent or printed, what they showed, and where they went.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::group::{Group, optional};
use super::rows::{micros, sure_timestamp, timestamp, unreadable};
use super::{Archive, Error};
use crate::model::{PostId, SectionKind, State};

/// A digest that was sent, with what it takes to make it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The schedule's name.
    pub name: String,
    /// The instant that it was made for.
    pub now: Timestamp,
    /// The tick of its schedule that it was for, if it was late.
    pub due: Option<Timestamp>,
    /// Its civil day: `2026-10-13`.
    pub day: String,
    /// It read no row after this one.
    pub as_of: i64,
    /// The settings that it was made with.
    pub settings: String,
    /// IANA name of the zone in which it spoke of time.
    pub zone: String,
    /// The sections that were asked for; empty for all of its schedule.
    pub sections: Vec<SectionKind>,
    /// The program's version.
    pub program: String,
    /// As it was sent.
    pub markdown: String,
}

/// A digest that was only printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The schedule's name.
    pub name: String,
    /// The instant that it was made for.
    pub now: Timestamp,
    /// Its civil day.
    pub day: String,
    /// The program's version.
    pub program: String,
}

/// An item that a digest held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The digest's name.
    pub digest: String,
    /// The instant that the digest was made for.
    pub now: Timestamp,
    /// It was sent, not only printed.
    pub sent: bool,
    /// `t3fd`; empty where it was not shown.
    pub item: String,
    /// What the id is hashed from.
    pub identity: String,
    /// Its section.
    pub section: SectionKind,
    /// New, update or open; `None` where it was only printed, and in a sent digest for a topic of
    /// which the user spoke and that went on without being shown.
    pub state: Option<State>,
    /// Its line; empty where format 1 printed it.
    pub title: String,
    /// Its posts, the one that leads it first; none where format 1 printed it.
    pub posts: Vec<PostId>,
    /// `identity::Voice` keys of the people in it; none where format 1 printed it.
    pub people: Vec<String>,
}

impl Archive {
    /// Records a digest that is sent to `channels` and the items that it shows; returns its row.
    /// Committed before it is delivered: [`Archive::undelivered`] tells what is still to be done.
    pub fn record_sent(
        &mut self,
        sent: &Sent,
        items: &[Shown],
        channels: &[&str],
        at: Timestamp,
    ) -> Result<i64, Error> {
        self.recorded(at, |group| {
            let hash = PostId::new(&[&sent.settings]);
            group
                .connection()
                .prepare_cached("INSERT OR IGNORE INTO settings (hash, text) VALUES (?, ?)")?
                .execute(params![hash.as_bytes(), sent.settings])?;
            let seq = group.next_seq();
            group
                .connection()
                .prepare_cached(
                    "INSERT INTO digest (seq, name, now, sent, at, day, as_of, settings, zone, \
                     sections, program, markdown, due) \
                     VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    seq,
                    sent.name,
                    sent.now.as_microsecond(),
                    at.as_microsecond(),
                    sent.day,
                    sent.as_of,
                    hash.as_bytes(),
                    sent.zone,
                    names(&sent.sections),
                    sent.program,
                    sent.markdown,
                    micros(sent.due),
                ])?;
            present(group, seq, items, true)?;
            for channel in channels {
                group
                    .connection()
                    .prepare_cached("INSERT INTO recipient (digest, channel) VALUES (?, ?)")?
                    .execute(params![seq, channel])?;
            }
            Ok(seq)
        })
    }

    /// Records a digest that was only printed: its name, its instant and its items, so that
    /// `why`, `done` and the like know their ids, and nothing as shown. Returns its row.
    pub fn record_printed(
        &mut self,
        printed: &Printed,
        items: &[Shown],
        at: Timestamp,
    ) -> Result<i64, Error> {
        self.recorded(at, |group| {
            let seq = group.next_seq();
            group
                .connection()
                .prepare_cached(
                    "INSERT INTO digest (seq, name, now, sent, at, day, program) \
                     VALUES (?, ?, ?, 0, ?, ?, ?)",
                )?
                .execute(params![
                    seq,
                    printed.name,
                    printed.now.as_microsecond(),
                    at.as_microsecond(),
                    printed.day,
                    printed.program,
                ])?;
            present(group, seq, items, false)?;
            Ok(seq)
        })
    }

    /// The last digest of this name that was sent for an instant before `now`, nothing after row
    /// `as_of` (all, if `None`).
    pub fn last_sent(
        &self,
        name: &str,
        now: Timestamp,
        as_of: Option<i64>,
    ) -> Result<Option<(i64, Sent)>, Error> {
        self.sent(name, "d.now < ?2", now, as_of)
    }

    /// The last tick up to `to` that a digest of this name was sent for: its `due` where it was
    /// late, else its instant.
    pub fn last_tick(&self, name: &str, to: Timestamp) -> Result<Option<Timestamp>, Error> {
        let query = "SELECT max(coalesce(due, now)) FROM digest \
             WHERE name = ? AND sent = 1 AND coalesce(due, now) <= ?";
        let read = || -> rusqlite::Result<Option<Timestamp>> {
            let mut statement = self.connection.prepare_cached(query)?;
            let last = statement.query_row(params![name, to.as_microsecond()], |row| row.get(0))?;
            timestamp(last)
        };
        read().map_err(|error| self.failed("read digests", error))
    }

    /// The digest of this name that was sent for the instant `now`; the first, were there two.
    pub fn sent_at(&self, name: &str, now: Timestamp) -> Result<Option<(i64, Sent)>, Error> {
        self.sent(name, "d.now = ?2", now, None)
    }

    fn sent(
        &self,
        name: &str,
        when: &str,
        now: Timestamp,
        as_of: Option<i64>,
    ) -> Result<Option<(i64, Sent)>, Error> {
        let query = format!(
            "SELECT d.seq, d.name, d.now, d.day, d.as_of, s.text, d.zone, d.sections, \
             d.program, d.markdown, d.due \
             FROM digest d JOIN settings s ON s.hash = d.settings \
             WHERE d.name = ?1 AND d.sent = 1 AND {when} AND d.seq <= ?3 \
             ORDER BY d.now DESC, d.seq LIMIT 1"
        );
        let bounds = params![name, now.as_microsecond(), as_of.unwrap_or(i64::MAX)];
        let read = || {
            let mut statement = self.connection.prepare_cached(&query)?;
            statement.query_row(bounds, |row| Ok((row.get(0)?, sent(row)?)))
        };
        optional(read()).map_err(|error| self.failed("read digests", error))
    }

    /// What sent digests of any name showed in (`from`, `to`) of their instants, nothing after
    /// row `as_of` (all, if `None`); oldest first, then by place. The memory of a digest at `to`.
    pub fn shown(
        &self,
        from: Timestamp,
        to: Timestamp,
        as_of: Option<i64>,
    ) -> Result<Vec<Shown>, Error> {
        self.presentations(
            "d.sent = 1 AND d.now > ?1 AND d.now < ?2 AND d.seq <= ?3 \
             ORDER BY d.now, d.seq, p.place",
            params![from.as_microsecond(), to.as_microsecond(), as_of.unwrap_or(i64::MAX)],
            presented,
        )
    }

    /// Where an item with this id was shown or printed, each with its digest's row, the newest
    /// digest first; at most `limit`.
    pub fn appearances(&self, item: &str, limit: usize) -> Result<Vec<(i64, Shown)>, Error> {
        self.presentations(
            "p.item = ?1 ORDER BY d.seq DESC LIMIT ?2",
            params![item, i64::try_from(limit).unwrap_or(i64::MAX)],
            |row| Ok((row.get(10)?, presented(row)?)),
        )
    }

    /// The ids that digests have shown or printed, each once, the newest first; at most `limit`.
    pub fn items(&self, limit: usize) -> Result<Vec<String>, Error> {
        let query = "SELECT item FROM presentation WHERE item <> '' GROUP BY item \
             ORDER BY max(digest) DESC, min(place) LIMIT ?";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.rows("read what was shown", query, [limit], |row| row.get(0))
    }

    fn presentations<T>(
        &self,
        which: &str,
        bounds: impl rusqlite::Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let query = format!(
            "SELECT d.name, d.now, d.sent, p.item, p.identity, p.section, p.state, p.title, \
             p.posts, p.people, d.seq FROM presentation p JOIN digest d ON d.seq = p.digest WHERE {which}"
        );
        self.rows("read what was shown", &query, bounds, row)
    }

    pub(super) fn recorded<T>(
        &mut self,
        at: Timestamp,
        work: impl FnOnce(&mut Group<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, Error> {
        let mut group = self.group(at)?;
        let done = group.saved("record a digest", |group| work(group))?;
        group.commit()?;
        Ok(done)
    }
}

fn present(group: &Group<'_>, digest: i64, items: &[Shown], sent: bool) -> rusqlite::Result<()> {
    let mut statement = group.connection().prepare_cached(
        "INSERT INTO presentation (digest, place, item, identity, section, state, title, posts, \
         people) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (place, item) in items.iter().enumerate() {
        let json = |list: Result<String, _>| list.expect("a list of text is JSON");
        statement.execute(params![
            digest,
            i64::try_from(place).unwrap_or(i64::MAX),
            item.item,
            item.identity,
            item.section.name(),
            item.state.filter(|_| sent).map(word),
            item.title,
            json(serde_json::to_string(&item.posts)),
            json(serde_json::to_string(&item.people)),
        ])?;
    }
    Ok(())
}

fn sent(row: &Row<'_>) -> rusqlite::Result<Sent> {
    Ok(Sent {
        name: row.get(1)?,
        now: sure_timestamp(row.get(2)?)?,
        day: row.get(3)?,
        as_of: row.get(4)?,
        settings: row.get(5)?,
        zone: row.get(6)?,
        sections: row.get::<_, String>(7)?.split(',').filter_map(SectionKind::from_name).collect(),
        program: row.get(8)?,
        markdown: row.get(9)?,
        due: timestamp(row.get(10)?)?,
    })
}

fn names(sections: &[SectionKind]) -> String {
    let names: Vec<&str> = sections.iter().map(|kind| kind.name()).collect();
    names.join(",")
}

fn presented(row: &Row<'_>) -> rusqlite::Result<Shown> {
    fn list<T: serde::de::DeserializeOwned>(text: Option<String>) -> Vec<T> {
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }
    let section: String = row.get(5)?;
    let state: Option<String> = row.get(6)?;
    Ok(Shown {
        digest: row.get(0)?,
        now: sure_timestamp(row.get(1)?)?,
        sent: row.get(2)?,
        item: row.get(3)?,
        identity: row.get(4)?,
        section: SectionKind::from_name(&section)
            .ok_or_else(|| unreadable(5, format!("`{section}` is no section")))?,
        state: state.as_deref().and_then(from_word),
        title: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
        posts: list(row.get(8)?),
        people: list(row.get(9)?),
    })
}

fn word(state: State) -> &'static str {
    match state {
        State::New => "new",
        State::Update => "update",
        State::Open => "open",
    }
}

fn from_word(text: &str) -> Option<State> {
    [State::New, State::Update, State::Open].into_iter().find(|state| word(*state) == text)
}
