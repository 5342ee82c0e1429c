//! Looks up what the archive knows that bears on the posts of one document.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};

use super::Kept;
use super::group::optional;
use super::rows::timestamp;
use crate::dedup::{Content, Entry, Known, bands, may_be_near, print};
use crate::model::{FeedId, Post, PostId};

/// How many posts of the same feed at one address are looked at.
const SAME_FEED: i64 = 16;

/// For how long texts are compared with: a wire story is copied within days.
const NEAR: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How many posts of one band are looked at, and how many texts are read for one post.
const SAME_BAND: i64 = 256;
const TEXTS: usize = 8;

const ENTRY: &str = "SELECT id, feed, version, content, published, story FROM post \
     WHERE id = ? ORDER BY version DESC LIMIT 1";

/// Fills a [`Known`] for `posts`.
pub(super) fn known_for<'p>(
    connection: &Connection,
    posts: impl IntoIterator<Item = &'p Post>,
) -> rusqlite::Result<Known> {
    let mut known = Known::default();
    for post in posts {
        if let Some(of) = kept_id(connection, post.id)? {
            add(connection, &mut known, of)?;
            if of == post.id {
                continue;
            }
            known.insert_spelling(post.id, of);
        }
        for address in post.canonical.iter().chain(&post.aliases) {
            for id in at(connection, address, post.feed)? {
                known.insert_address(address, id);
                add(connection, &mut known, id)?;
            }
        }
        add_near(connection, &mut known, post)?;
    }
    Ok(known)
}

/// Adds the texts that may be the text of `post`, the first ones first.
fn add_near(connection: &Connection, known: &mut Known, post: &Post) -> rusqlite::Result<()> {
    let own = print(post);
    known.insert_print(post.id, own);
    let Some(own) = own else { return Ok(()) };
    let mut found: Vec<(i64, u64)> = Vec::new();
    let mut same_band = connection.prepare_cached(
        "SELECT seq, print FROM near WHERE band = ? AND at > ? ORDER BY seq LIMIT ?",
    )?;
    let oldest = since(post.seen).as_microsecond();
    for band in bands(own) {
        let rows = same_band.query_map(params![band, oldest, SAME_BAND], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        for row in rows {
            found.push(row?);
        }
    }
    found.retain(|(_, other)| may_be_near(own, *other));
    found.sort_unstable();
    found.dedup();
    let mut text = connection.prepare_cached("SELECT id, text FROM post WHERE seq = ?")?;
    for (seq, other) in found.into_iter().take(TEXTS) {
        let (id, text) = text.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let id = PostId::from_bytes(id);
        add(connection, known, id)?;
        known.insert_text(id, other, text);
    }
    Ok(())
}

fn since(now: Timestamp) -> Timestamp {
    now.checked_sub(NEAR).unwrap_or(Timestamp::MIN)
}

/// Forgets fingerprints that are too old to be compared with.
pub(super) fn forget_old(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    let oldest = since(now).as_microsecond();
    connection.prepare_cached("DELETE FROM near WHERE at <= ?")?.execute([oldest])?;
    Ok(())
}

/// The id under which a post is kept, if it is: its own, or the one it had first.
fn kept_id(connection: &Connection, id: PostId) -> rusqlite::Result<Option<PostId>> {
    let found = connection
        .prepare_cached(
            "SELECT coalesce((SELECT id FROM post WHERE id = ?1 AND version = 1), \
             (SELECT post FROM spelling WHERE id = ?1))",
        )?
        .query_row([id.as_bytes()], |row| row.get::<_, Option<[u8; 16]>>(0))?;
    Ok(found.map(PostId::from_bytes))
}

/// The first post at `address`, then those of `feed`.
fn at(connection: &Connection, address: &str, feed: FeedId) -> rusqlite::Result<Vec<PostId>> {
    let id = |row: &Row<'_>| row.get(0).map(PostId::from_bytes);
    let first = connection
        .prepare_cached("SELECT post FROM address WHERE url = ? ORDER BY seq LIMIT 1")?
        .query_row([address], id);
    let Some(first) = optional(first)? else { return Ok(Vec::new()) };
    let mut found = vec![first];
    let mut same_feed = connection.prepare_cached(
        "SELECT post FROM address WHERE url = ? AND feed = ? ORDER BY seq LIMIT ?",
    )?;
    for id in same_feed.query_map(params![address, feed.as_bytes(), SAME_FEED], id)? {
        found.push(id?);
    }
    Ok(found)
}

fn add(connection: &Connection, known: &mut Known, id: PostId) -> rusqlite::Result<()> {
    if known.get(id).is_some_and(|entry| entry.id == id) {
        return Ok(());
    }
    known.insert(connection.prepare_cached(ENTRY)?.query_row([id.as_bytes()], entry)?);
    Ok(())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let story: Option<[u8; 16]> = row.get(5)?;
    Ok(Entry {
        id: PostId::from_bytes(row.get(0)?),
        feed: FeedId::from_bytes(row.get(1)?),
        version: row.get(2)?,
        content: Content::from_bytes(&row.get(3)?),
        published: timestamp(row.get(4)?)?,
        story: story.map(PostId::from_bytes),
    })
}

/// Notes where a version that was just appended is to be found again.
pub(super) fn note(connection: &Connection, kept: &Kept) -> rusqlite::Result<()> {
    let post = &kept.post;
    for address in post.canonical.iter().chain(&post.aliases) {
        connection
            .prepare_cached(
                "INSERT INTO address (url, seq, post, feed) SELECT ?1, ?2, ?3, ?4 \
                 WHERE NOT EXISTS (SELECT 1 FROM address WHERE url = ?1 AND post = ?3)",
            )?
            .execute(params![address, kept.seq, post.id.as_bytes(), post.feed.as_bytes()])?;
    }
    let print = print(post).filter(|_| post.version == 1);
    let mut insert =
        connection.prepare_cached("INSERT INTO near (band, seq, print, at) VALUES (?, ?, ?, ?)")?;
    for (print, band) in print.into_iter().flat_map(|print| bands(print).map(|band| (print, band)))
    {
        let at = kept.at.as_microsecond();
        insert.execute(params![band, kept.seq, print.cast_signed(), at])?;
    }
    Ok(())
}
