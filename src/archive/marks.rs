//! What the user said of items: appended, and the last word on each counts.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::group::Group;
use super::rows::{micros, sure_timestamp, timestamp, unreadable};
use super::{Archive, Error};
use crate::model::{Mark, MarkKind, SectionKind};

impl Archive {
    /// The marks in force at `to`, nothing after row `as_of` (all, if `None`), as they were
    /// said. Of each kind the last word on an item counts; what was taken back is left out. A
    /// snooze that is over is still one: its item is to come back.
    pub fn marks(&self, to: Timestamp, as_of: Option<i64>) -> Result<Vec<Mark>, Error> {
        let query = "SELECT intent, at, kind, undone, item, identity, section, title, url, posts, \
             people, until FROM mark WHERE seq IN \
             (SELECT max(seq) FROM mark WHERE at <= ?1 AND seq <= ?2 GROUP BY kind, identity) \
             AND undone = 0 ORDER BY seq";
        let bounds = params![to.as_microsecond(), as_of.unwrap_or(i64::MAX)];
        self.rows("read marks", query, bounds, mark)
    }
}

/// Appends `mark`. An intent that left one before is refused.
pub(super) fn append(group: &mut Group<'_>, mark: &Mark) -> rusqlite::Result<()> {
    let json = |list: Result<String, _>| list.expect("a list of text is JSON");
    let seq = group.next_seq();
    group
        .connection()
        .prepare_cached(
            "INSERT INTO mark (seq, intent, at, kind, undone, item, identity, section, title, \
             url, posts, people, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            seq,
            mark.intent,
            mark.at.as_microsecond(),
            mark.kind.name(),
            mark.undone,
            mark.item,
            mark.identity,
            mark.section.map(SectionKind::name),
            mark.title,
            mark.url,
            json(serde_json::to_string(&mark.posts)),
            json(serde_json::to_string(&mark.people)),
            micros(mark.until),
        ])?;
    Ok(())
}

fn mark(row: &Row<'_>) -> rusqlite::Result<Mark> {
    fn list<T: serde::de::DeserializeOwned>(at: usize, text: &str) -> rusqlite::Result<Vec<T>> {
        serde_json::from_str(text).map_err(|error| unreadable(at, error))
    }
    let kind: String = row.get(2)?;
    let section: Option<String> = row.get(6)?;
    Ok(Mark {
        intent: row.get(0)?,
        at: sure_timestamp(row.get(1)?)?,
        kind: MarkKind::from_name(&kind)
            .ok_or_else(|| unreadable(2, format!("`{kind}` is no mark")))?,
        undone: row.get(3)?,
        item: row.get(4)?,
        identity: row.get(5)?,
        section: section.as_deref().and_then(SectionKind::from_name),
        title: row.get(7)?,
        url: row.get(8)?,
        posts: list(9, &row.get::<_, String>(9)?)?,
        people: list(10, &row.get::<_, String>(10)?)?,
        until: timestamp(row.get(11)?)?,
    })
}
