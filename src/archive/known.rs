//! Looks up what the archive knows that bears on the posts of one document.

use rusqlite::{Connection, Row, params};

use super::Kept;
use super::group::optional;
use super::rows::timestamp;
use crate::dedup::{Content, Entry, Known};
use crate::model::{FeedId, Post, PostId};

/// How many posts of the same feed at one address are looked at.
const SAME_FEED: i64 = 16;

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
            if of != post.id {
                known.insert_spelling(post.id, of);
            }
            continue;
        }
        for address in post.canonical.iter().chain(&post.aliases) {
            for id in at(connection, address, post.feed)? {
                known.insert_address(address, id);
                add(connection, &mut known, id)?;
            }
        }
    }
    Ok(known)
}

/// The id under which a post is kept, if it is: its own, or the one it had first.
fn kept_id(connection: &Connection, id: PostId) -> rusqlite::Result<Option<PostId>> {
    let found = connection
        .prepare_cached(
            "SELECT id FROM post WHERE id = ?1 AND version = 1 \
             UNION ALL SELECT post FROM spelling WHERE id = ?1 LIMIT 1",
        )?
        .query_row([id.as_bytes()], |row| row.get(0));
    Ok(optional(found)?.map(PostId::from_bytes))
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
    Ok(())
}
