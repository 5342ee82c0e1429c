//! A post as a row of the archive, and back.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Row, named_params};
use serde::{Deserialize, Serialize};

use crate::dedup::Content;
use crate::model::{Author, FeedId, Form, Handle, Post, PostId};

/// A post as it stands in the archive.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The row's number: later rows have larger ones.
    pub seq: i64,
    /// When this version was seen. `post.seen` is when the post was first seen.
    pub at: Timestamp,
    /// The first post of its story, if that is another one.
    pub story: Option<PostId>,
    /// The post.
    pub post: Post,
}

/// The columns that `kept` reads, in its order.
pub(super) const COLUMNS: &str = "seq, id, version, feed, at, seen, published, backlog, story, \
    language, author, canonical, url, title, rest, text, html";

/// What has no column of its own.
#[derive(Serialize, Deserialize)]
struct Rest {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guid: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    handles: Vec<Handle>,
    form: Form,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    links: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<Handle>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    in_reply_to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repost_of: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quote_of: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    poll: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    bot: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    teaser: Option<String>,
}

/// Appends `kept` to the posts.
pub(super) fn insert(tx: &rusqlite::Connection, kept: &Kept) -> rusqlite::Result<()> {
    let post = &kept.post;
    let rest = Rest {
        guid: post.guid.clone(),
        aliases: post.aliases.clone(),
        handles: post.author.handles.clone(),
        form: post.form,
        links: post.links.clone(),
        mentions: post.mentions.clone(),
        tags: post.tags.clone(),
        in_reply_to: post.in_reply_to.clone(),
        repost_of: post.repost_of.clone(),
        quote_of: post.quote_of.clone(),
        poll: post.poll,
        bot: post.bot,
        teaser: post.teaser.clone(),
    };
    let rest = serde_json::to_string(&rest).expect("text and lists of text are JSON");
    tx.prepare_cached(
        "INSERT INTO post (seq, id, version, feed, at, seen, published, instant, backlog, story, \
         content, language, author, canonical, url, title, rest, text, html) \
         VALUES (:seq, :id, :version, :feed, :at, :seen, :published, :instant, :backlog, :story, \
         :content, :language, :author, :canonical, :url, :title, :rest, :text, :html)",
    )?
    .execute(named_params! {
        ":seq": kept.seq,
        ":id": post.id.as_bytes(),
        ":version": post.version,
        ":feed": post.feed.as_bytes(),
        ":at": kept.at.as_microsecond(),
        ":seen": post.seen.as_microsecond(),
        ":published": micros(post.published),
        ":instant": micros(post.instant()),
        ":backlog": post.backlog,
        ":story": kept.story.as_ref().map(PostId::as_bytes),
        ":content": Content::of(post).to_bytes(),
        ":language": post.language,
        ":author": post.author.name,
        ":canonical": post.canonical,
        ":url": post.url,
        ":title": post.title,
        ":rest": rest,
        ":text": post.text,
        ":html": post.html,
    })?;
    Ok(())
}

/// Reads a row of [`COLUMNS`].
pub(super) fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let rest: String = row.get("rest")?;
    let rest: Rest = serde_json::from_str(&rest).map_err(|error| unreadable(0, error))?;
    let story: Option<[u8; 16]> = row.get("story")?;
    let post = Post {
        id: PostId::from_bytes(row.get("id")?),
        feed: FeedId::from_bytes(row.get("feed")?),
        guid: rest.guid,
        url: row.get("url")?,
        canonical: row.get("canonical")?,
        aliases: rest.aliases,
        title: row.get("title")?,
        text: row.get("text")?,
        html: row.get("html")?,
        language: row.get("language")?,
        author: Author { name: row.get("author")?, handles: rest.handles },
        published: timestamp(row.get("published")?)?,
        seen: sure_timestamp(row.get("seen")?)?,
        backlog: row.get("backlog")?,
        form: rest.form,
        links: rest.links,
        mentions: rest.mentions,
        tags: rest.tags,
        in_reply_to: rest.in_reply_to,
        repost_of: rest.repost_of,
        quote_of: rest.quote_of,
        poll: rest.poll,
        bot: rest.bot,
        teaser: rest.teaser,
        version: row.get("version")?,
    };
    let at = sure_timestamp(row.get("at")?)?;
    Ok(Kept { seq: row.get("seq")?, at, story: story.map(PostId::from_bytes), post })
}

/// Microseconds since 1970; `Timestamp::MAX`, which has a finer end, as `i64::MAX`.
pub(super) fn micros(instant: Option<Timestamp>) -> Option<i64> {
    instant.map(
        |instant| {
            if instant == Timestamp::MAX { i64::MAX } else { instant.as_microsecond() }
        },
    )
}

/// Takes back what [`micros`] gave.
pub(super) fn timestamp(micros: Option<i64>) -> rusqlite::Result<Option<Timestamp>> {
    micros.map(sure_timestamp).transpose()
}

/// Takes back what [`micros`] gave where it is never NULL.
pub(super) fn sure_timestamp(micros: i64) -> rusqlite::Result<Timestamp> {
    if micros == i64::MAX {
        return Ok(Timestamp::MAX);
    }
    Timestamp::from_microsecond(micros).map_err(|error| unreadable(0, error))
}

/// A column that holds what this program never wrote there.
pub(super) fn unreadable(
    column: usize,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
}
