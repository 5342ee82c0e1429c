//! What Bluesky's interface sends, as far as it is read (lexicons `app.bsky.feed.defs`,
//! `app.bsky.embed.*`, `app.bsky.richtext.facet`). Shapes of 2023 lack some of it.

use serde::Deserialize;

use crate::source::answer::{each, maybe};

/// `feedViewPost`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Entry {
    pub(super) post: PostView,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) reply: Option<ReplyView>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) reason: Option<Reason>,
}

/// `postView`. One without an address or an author is none: it is gone, or blocked.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostView {
    /// `at://DID/app.bsky.feed.post/KEY`.
    pub(super) uri: String,
    pub(super) author: Author,
    #[serde(default)]
    pub(super) record: Record,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) embed: Option<Embed>,
    pub(super) reply_count: Option<u64>,
    pub(super) repost_count: Option<u64>,
    pub(super) like_count: Option<u64>,
    pub(super) indexed_at: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) viewer: Option<Viewer>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) threadgate: Option<Gate>,
}

/// `profileViewBasic`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Author {
    /// The account for good.
    pub(super) did: String,
    /// Its name for now; `handle.invalid` where it proves to be none.
    pub(super) handle: Option<String>,
    pub(super) display_name: Option<String>,
    #[serde(deserialize_with = "each")]
    pub(super) labels: Vec<Label>,
}

/// `label`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Label {
    pub(super) val: String,
    /// It takes an earlier one back.
    pub(super) neg: Option<bool>,
}

/// `app.bsky.feed.post`, as its author wrote it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) text: Option<String>,
    pub(super) created_at: Option<String>,
    #[serde(deserialize_with = "each")]
    pub(super) langs: Vec<String>,
    #[serde(deserialize_with = "each")]
    pub(super) tags: Vec<String>,
    #[serde(deserialize_with = "each")]
    pub(super) facets: Vec<Facet>,
    #[serde(deserialize_with = "maybe")]
    pub(super) reply: Option<ReplyRef>,
}

/// `replyRef` of a record: addresses alone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReplyRef {
    pub(super) parent: Strong,
}

/// `com.atproto.repo.strongRef`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Strong {
    pub(super) uri: Option<String>,
}

/// `replyRef` of a view: the posts themselves, or that they are gone or blocked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReplyView {
    #[serde(deserialize_with = "maybe")]
    pub(super) parent: Option<PostView>,
}

/// `reasonRepost` or `reasonPin`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Reason {
    #[serde(rename = "$type")]
    pub(super) kind: String,
    pub(super) by: Author,
    /// Of the repost; older answers lack it.
    pub(super) uri: Option<String>,
    pub(super) indexed_at: Option<String>,
}

/// A piece of a text that is more than text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Facet {
    pub(super) index: Range,
    #[serde(deserialize_with = "each")]
    pub(super) features: Vec<Feature>,
}

/// In bytes of the text's UTF-8; the end is outside.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Range {
    pub(super) byte_start: usize,
    pub(super) byte_end: usize,
}

/// What a piece is: one of the three.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Feature {
    /// A link.
    pub(super) uri: Option<String>,
    /// A mention.
    pub(super) did: Option<String>,
    /// A tag, without `#`.
    pub(super) tag: Option<String>,
}

/// What a post shows below its text; `record#view`, `recordWithMedia#view`, `images#view`,
/// `external#view` and `video#view` in one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Embed {
    #[serde(deserialize_with = "each")]
    pub(super) images: Vec<Image>,
    #[serde(deserialize_with = "maybe")]
    pub(super) external: Option<External>,
    #[serde(deserialize_with = "maybe")]
    pub(super) record: Option<Box<Shown>>,
    #[serde(deserialize_with = "maybe")]
    pub(super) media: Option<Box<Embed>>,
    /// Of a film.
    pub(super) alt: Option<String>,
    /// Of a film.
    pub(super) playlist: Option<String>,
}

/// A picture.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Image {
    pub(super) alt: Option<String>,
    pub(super) fullsize: Option<String>,
}

/// A card of a page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct External {
    pub(super) uri: Option<String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
}

/// A record that is shown: a post, a list, a feed; with media it lies one level deeper.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    #[serde(rename = "$type")]
    pub(super) kind: Option<String>,
    pub(super) uri: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) record: Option<Box<Shown>>,
}

/// What the asking account may do.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Viewer {
    pub(super) reply_disabled: Option<bool>,
}

/// `threadgateView`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Gate {
    #[serde(deserialize_with = "maybe")]
    pub(super) record: Option<GateRecord>,
}

/// `app.bsky.feed.threadgate`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct GateRecord {
    /// Who may answer: nobody where the list is empty, everybody where there is none.
    pub(super) allow: Option<Vec<serde_json::Value>>,
}

/// `threadViewPost`; without a post where it is gone or blocked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Branch {
    #[serde(deserialize_with = "maybe")]
    pub(super) post: Option<PostView>,
    #[serde(deserialize_with = "each")]
    pub(super) replies: Vec<Branch>,
}
