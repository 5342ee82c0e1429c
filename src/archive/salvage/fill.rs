//! Fills a new archive with what is left of a damaged one, and tells what is not there.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::cells::Cell;
use super::{Pages, Shape, Shapes};
use crate::archive::rows::{COLUMNS, kept};
use crate::archive::{Kept, known};
use crate::dedup::Content;
use crate::model::{FeedId, Outcome};

/// A counter further beyond the last row than this is not believed.
const FAR: i64 = 1_000_000;

/// Pages after which is told how far it came.
const STEP: u32 = 256;

/// Where the row numbers stand.
const NUMBERED: [&str; 10] = [
    "post",
    "counters",
    "feed_transition",
    "digest",
    "delivery",
    "intent",
    "intent_done",
    "mark",
    "happening",
    "size",
];

/// What cannot stand beside what was lost.
const ORPHANS: [&str; 3] = [
    "DELETE FROM spelling WHERE post NOT IN (SELECT id FROM post)",
    "DELETE FROM mark WHERE NOT json_valid(posts) OR NOT json_valid(people)",
    "DELETE FROM presentation WHERE digest NOT IN (SELECT seq FROM digest)",
];

/// Rows of which others tell, and which are not there.
const LOST: [(&str, &str); 3] = [
    ("post", "SELECT count(*) FROM told WHERE seq NOT IN (SELECT seq FROM post)"),
    (
        "digest",
        "SELECT count(*) FROM (SELECT digest FROM presentation UNION SELECT digest FROM delivery \
         UNION SELECT digest FROM recipient) WHERE digest NOT IN (SELECT seq FROM digest)",
    ),
    (
        "intent",
        "SELECT count(*) FROM (SELECT intent FROM intent_done UNION SELECT intent FROM mark) \
         WHERE intent NOT IN (SELECT seq FROM intent)",
    ),
];

/// What was saved, and what is known to be lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Rows by table.
    pub saved: BTreeMap<String, u64>,
    /// Rows by table of which others tell.
    pub lost: BTreeMap<String, u64>,
    /// Row numbers, first and last, at which there is nothing: lost, or never used.
    pub missing: Vec<(i64, i64)>,
    /// Places where a row should be and none can be read.
    pub unreadable: u64,
    /// The feeds that are to be read in full again; `None`: all of them.
    pub reread: Option<Vec<FeedId>>,
}

/// One line for a person.
impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |table: &str| self.saved.get(table).copied().unwrap_or(0);
        write!(f, "{} versions of posts and {} digests saved", count("post"), count("digest"))?;
        let lost: Vec<String> =
            self.lost.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
        if !lost.is_empty() {
            write!(f, "; known to be lost: {}", lost.join(", "))?;
        }
        match self.missing_rows() {
            0 => Ok(()),
            rows => write!(f, "; {rows} row numbers without a row"),
        }
    }
}

impl Filled {
    /// How many row numbers have no row.
    pub fn missing_rows(&self) -> u64 {
        self.missing.iter().map(|(first, last)| (last - first + 1).unsigned_abs()).sum()
    }
}

/// Fills the archive behind `connection`, which is empty and of the newest format, from `pages`;
/// `tell` hears how many pages were read.
pub(crate) fn fill(
    connection: &Connection,
    shapes: &Shapes,
    pages: &mut Pages,
    now: Timestamp,
    tell: &mut dyn FnMut(u32),
) -> rusqlite::Result<Filled> {
    connection.execute_batch(
        "BEGIN; CREATE TEMP TABLE told (seq INTEGER PRIMARY KEY, id BLOB, feed BLOB)",
    )?;
    let mut filled = Filled::default();
    let mut counter = 0;
    for number in 1..=pages.count() {
        let found = pages.found_on(number);
        filled.unreadable += found.unreadable;
        for cell in found.cells {
            take(connection, shapes, cell, &mut counter)?;
        }
        if number % STEP == 0 {
            tell(STEP);
        }
    }
    filled.unreadable += posts(connection)?;
    count(connection, counter, &mut filled)?;
    for statement in ORPHANS {
        connection.execute(statement, [])?;
    }
    states(connection, now)?;
    filled.reread = forget_validators(connection, &filled)?;
    connection.execute_batch("COMMIT; DROP TABLE told")?;
    Ok(filled)
}

/// Keeps a row, or what it tells of another one.
fn take(
    connection: &Connection,
    shapes: &Shapes,
    cell: Cell,
    counter: &mut i64,
) -> rusqlite::Result<()> {
    let Some(shape) = shapes.whose(&cell) else { return told(connection, &cell) };
    match shape.table.as_str() {
        // Made anew from the posts.
        "near" => Ok(()),
        "address" => {
            let [_, Value::Integer(seq), Value::Blob(post), Value::Blob(feed)] = &*cell.values
            else {
                return Ok(());
            };
            let note = "INSERT INTO told VALUES (?, ?, ?) \
                 ON CONFLICT (seq) DO UPDATE SET feed = excluded.feed";
            connection.prepare_cached(note)?.execute(params![seq, post, feed]).map(|_| ())
        }
        "sequence" => {
            if let [Value::Integer(last)] = *cell.values {
                *counter = last.max(*counter);
            }
            Ok(())
        }
        "feed_poll" => newest_poll(connection, shape, cell),
        _ => keep(connection, shape, cell),
    }
}

fn keep(connection: &Connection, shape: &Shape, cell: Cell) -> rusqlite::Result<()> {
    let row = rusqlite::params_from_iter(shape.row(cell));
    connection.prepare_cached(&shape.insert())?.execute(row).map(|_| ())
}

/// The one table whose rows are overwritten: of two, the later poll's stays.
fn newest_poll(connection: &Connection, shape: &Shape, cell: Cell) -> rusqlite::Result<()> {
    let place = |name| shape.column(name).expect("a column of the first format");
    let (feed, checked) = (&cell.values[place("feed")], &cell.values[place("checked")]);
    connection
        .prepare_cached("DELETE FROM feed_poll WHERE feed = ? AND coalesce(checked, 0) < ?")?
        .execute(params![feed, checked])?;
    keep(connection, shape, cell)
}

/// An entry of the index of posts by version tells that there was one. Entries of the index of
/// transitions by feed look the same, but end with the same number twice.
fn told(connection: &Connection, cell: &Cell) -> rusqlite::Result<()> {
    let [Value::Blob(id), Value::Integer(version), Value::Integer(seq)] = &*cell.values else {
        return Ok(());
    };
    if version == seq {
        return Ok(());
    }
    connection
        .prepare_cached("INSERT OR IGNORE INTO told VALUES (?, ?, NULL)")?
        .execute(params![seq, id])
        .map(|_| ())
}

/// Takes away posts that make no sense, and notes where the others are to be found; returns how
/// many went.
fn posts(connection: &Connection) -> rusqlite::Result<u64> {
    let (mut bad, mut other, mut all) = (Vec::new(), Vec::new(), 0_usize);
    each_post(connection, |seq, post| {
        all += 1;
        match post {
            Err(_) => bad.push(seq),
            Ok((post, content)) if Content::of(&post.post).to_bytes() != content => other.push(seq),
            Ok(_) => {}
        }
        Ok(())
    })?;
    // Where most texts differ from their hashes it is the hash that is another version's.
    if other.len() <= all / 2 {
        bad.append(&mut other);
    }
    for seq in &bad {
        connection.prepare_cached("DELETE FROM post WHERE seq = ?")?.execute([seq])?;
    }
    renumber(connection)?;
    each_post(connection, |_, post| post.and_then(|(post, _)| known::note(connection, &post)))?;
    Ok(bad.len() as u64)
}

fn each_post(
    connection: &Connection,
    mut visit: impl FnMut(i64, rusqlite::Result<(Kept, [u8; 24])>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let query = format!("SELECT {COLUMNS}, content FROM post ORDER BY seq");
    let mut posts = connection.prepare(&query)?;
    let mut rows = posts.query([])?;
    while let Some(row) = rows.next()? {
        visit(row.get("seq")?, kept(row).and_then(|post| Ok((post, row.get("content")?))))?;
    }
    Ok(())
}

/// A post begins with its first version: where that one is lost, the next takes its place.
fn renumber(connection: &Connection) -> rusqlite::Result<()> {
    let mut versions = connection.prepare(
        "SELECT seq, row_number() OVER (PARTITION BY id ORDER BY version) FROM post WHERE id IN \
         (SELECT id FROM post GROUP BY id HAVING min(version) > 1) ORDER BY id, version",
    )?;
    let versions = versions.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (seq, version) in versions.collect::<rusqlite::Result<Vec<(i64, i64)>>>()? {
        connection.execute("UPDATE post SET version = ? WHERE seq = ?", [version, seq])?;
    }
    Ok(())
}

/// Counts what is there and what is not, and sets the counter behind the last row.
fn count(connection: &Connection, counter: i64, filled: &mut Filled) -> rusqlite::Result<()> {
    let number = |query: &str| connection.query_row(query, [], |row| row.get::<_, i64>(0));
    let mut tables = connection
        .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let tables =
        tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    for table in tables {
        if !matches!(table.as_str(), "sequence" | "near" | "address") {
            let rows = number(&format!("SELECT count(*) FROM {table}"))?;
            filled.saved.insert(table, rows.unsigned_abs());
        }
    }
    for (table, query) in LOST {
        let rows = number(query)?.unsigned_abs();
        if rows > 0 {
            filled.lost.insert(table.to_owned(), rows);
        }
    }
    let selects = NUMBERED.map(|table| format!("SELECT seq FROM {table}"));
    let mut numbers = connection.prepare(&selects.join(" UNION "))?;
    let mut last = 0;
    let mut rows = numbers.query([])?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        if last + 1 < seq {
            filled.missing.push((last + 1, seq - 1));
        }
        last = seq.max(last);
    }
    if (last + 1..=last.saturating_add(FAR)).contains(&counter) {
        filled.missing.push((last + 1, counter));
        last = counter;
    }
    connection.execute("UPDATE sequence SET last = ?", [last])?;
    Ok(())
}

/// A feed whose state is lost would count as never read, and its next posts as backlog: its
/// state is told by its posts, and its last poll by its state.
fn states(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let read = Outcome::Read.word();
    let now = now.as_microsecond();
    connection.execute(
        "INSERT INTO feed_transition (seq, feed, at, outcome, first_read, succeeded, failures) \
         SELECT (SELECT last FROM sequence) + row_number() OVER (ORDER BY feed), feed, ?1, ?2, \
         min(seen), max(seen), 0 FROM post \
         WHERE feed NOT IN (SELECT feed FROM feed_transition) GROUP BY feed",
        params![now, read],
    )?;
    connection.execute(
        "UPDATE sequence SET last = max(last, (SELECT coalesce(max(seq), 0) FROM feed_transition))",
        [],
    )?;
    connection.execute(
        "INSERT INTO feed_poll (feed, outcome, checked, succeeded, failures) \
         SELECT feed, outcome, at, succeeded, failures FROM feed_transition WHERE seq IN \
         (SELECT max(seq) FROM feed_transition GROUP BY feed) \
         AND feed NOT IN (SELECT feed FROM feed_poll)",
        [],
    )?;
    Ok(())
}

/// A validator without its posts would hide them for ever behind a 304.
fn forget_validators(
    connection: &Connection,
    filled: &Filled,
) -> rusqlite::Result<Option<Vec<FeedId>>> {
    let forget = "UPDATE feed_poll SET etag = NULL, last_modified = NULL, validator_url = NULL";
    let mut lost = connection.prepare(
        "SELECT DISTINCT coalesce(feed, (SELECT feed FROM post WHERE id = told.id)) FROM told \
         WHERE seq NOT IN (SELECT seq FROM post)",
    )?;
    let feeds = lost.query_map([], |row| row.get(0))?;
    let feeds = feeds.collect::<rusqlite::Result<Vec<Option<[u8; 16]>>>>()?;
    let lost = filled.lost.get("post").copied().unwrap_or(0);
    if lost < filled.missing_rows() || feeds.contains(&None) {
        connection.execute(forget, [])?;
        return Ok(None);
    }
    let feeds: Vec<[u8; 16]> = feeds.into_iter().flatten().collect();
    for feed in &feeds {
        connection.execute(&format!("{forget} WHERE feed = ?"), [feed])?;
    }
    Ok(Some(feeds.into_iter().map(FeedId::from_bytes).collect()))
}
