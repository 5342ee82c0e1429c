//! What the archive knows that bears on the posts of one document.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::near::{may_be_near, print};
use super::{Content, Decision, addresses};
use crate::model::{FeedId, Post, PostId};

/// A kept post as `decide` needs it: its newest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Given at first sight.
    pub id: PostId,
    /// The feed in which it was seen first.
    pub feed: FeedId,
    /// Of the newest version.
    pub version: u32,
    /// Of the newest version.
    pub content: Content,
    /// When it says it was published.
    pub published: Option<Timestamp>,
    /// The first post of its story, if it is not the first itself.
    pub story: Option<PostId>,
}

/// Kept posts by id, by earlier and later spellings of the id, and by address.
#[derive(Debug, Clone, Default)]
pub struct Known {
    entries: BTreeMap<PostId, Entry>,
    spellings: BTreeMap<PostId, PostId>,
    addresses: BTreeMap<String, Vec<PostId>>,
    texts: Vec<Text>,
    prints: BTreeMap<PostId, Option<u64>>,
    /// Kept posts that are taken in this document, and by whom.
    taken: BTreeMap<PostId, PostId>,
}

/// A text that posts are compared with.
#[derive(Debug, Clone)]
struct Text {
    id: PostId,
    print: u64,
    text: String,
}

impl Known {
    /// Adds a kept post.
    pub fn insert(&mut self, entry: Entry) {
        self.entries.insert(entry.id, entry);
    }

    /// Adds that `id` is another name of the kept post `of`.
    pub fn insert_spelling(&mut self, id: PostId, of: PostId) {
        self.spellings.insert(id, of);
    }

    /// Adds that the kept post `id` is found at `address`. The first one added is the first
    /// of a story.
    pub fn insert_address(&mut self, address: &str, id: PostId) {
        let there = self.addresses.entry(address.to_owned()).or_default();
        if !there.contains(&id) {
            there.push(id);
        }
    }

    /// Adds the text of the kept post `id`, whose fingerprint is `print`. The first one added is
    /// the first of a story.
    pub fn insert_text(&mut self, id: PostId, print: u64, text: String) {
        if self.texts.iter().all(|known| known.id != id) {
            self.texts.push(Text { id, print, text });
        }
    }

    /// Adds the fingerprint of a post that is to be decided on, so that it is not made again.
    pub fn insert_print(&mut self, id: PostId, print: Option<u64>) {
        self.prints.insert(id, print);
    }

    /// The fingerprint of a post that is decided on.
    pub(super) fn print(&self, post: &Post) -> Option<u64> {
        self.prints.get(&post.id).copied().unwrap_or_else(|| print(post))
    }

    /// The kept post that has or had this id.
    pub fn get(&self, id: PostId) -> Option<&Entry> {
        self.entries.get(&id).or_else(|| self.entries.get(self.spellings.get(&id)?))
    }

    /// The kept posts at this canonical URL, the first one first.
    pub fn at(&self, address: &str) -> impl Iterator<Item = &Entry> {
        let there = self.addresses.get(address).map_or(&[][..], Vec::as_slice);
        there.iter().filter_map(|id| self.entries.get(id))
    }

    /// The kept posts whose text may be one with this fingerprint, and their texts.
    pub(super) fn near(&self, print: u64) -> impl Iterator<Item = (&Entry, &str)> {
        let near = self.texts.iter().filter(move |known| may_be_near(known.print, print));
        near.filter_map(|known| Some((self.entries.get(&known.id)?, known.text.as_str())))
    }

    /// Begins a document with posts of these ids. A kept post is taken by the one that has its
    /// id, else by the first of those that had it at other times.
    pub(super) fn begin_document(&mut self, ids: impl Iterator<Item = PostId> + Clone) {
        self.taken = ids.clone().map(|id| (id, id)).collect();
        for id in ids {
            if let Some(kept) = self.get(id).map(|entry| entry.id) {
                self.taken.entry(kept).or_insert(id);
            }
        }
    }

    /// No other post of the document than `by` is the kept post `id`.
    pub(super) fn is_free(&self, id: PostId, by: PostId) -> bool {
        self.taken.get(&id).is_none_or(|taken| *taken == by)
    }

    /// Takes in what was decided on `post`, for the posts after it.
    pub(super) fn learn(&mut self, post: &Post, decision: Decision) {
        let (id, version, story) = match decision {
            Decision::New { story } => (post.id, 1, story),
            Decision::Changed { of, version } => {
                (of, version, self.get(of).and_then(|entry| entry.story))
            }
            Decision::Seen { of } => {
                self.rename(post.id, of);
                return;
            }
        };
        self.rename(post.id, id);
        self.insert(Entry {
            id,
            feed: post.feed,
            version,
            content: Content::of(post),
            published: post.published,
            story,
        });
        for address in addresses(post) {
            self.insert_address(address, id);
        }
        if let Some(print) = self.print(post) {
            self.insert_text(id, print, post.text.clone());
        }
    }

    fn rename(&mut self, id: PostId, of: PostId) {
        self.taken.insert(of, id);
        if id != of {
            self.spellings.insert(id, of);
        }
    }
}
