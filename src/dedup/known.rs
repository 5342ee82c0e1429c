//! What the archive knows that bears on the posts of one document.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

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
    beside: BTreeSet<PostId>,
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

    /// The kept post that has or had this id.
    pub fn get(&self, id: PostId) -> Option<&Entry> {
        self.entries.get(self.spellings.get(&id).unwrap_or(&id))
    }

    /// The kept posts at this canonical URL, the first one first.
    pub fn at(&self, address: &str) -> impl Iterator<Item = &Entry> {
        let there = self.addresses.get(address).map_or(&[][..], Vec::as_slice);
        there.iter().filter_map(|id| self.entries.get(id))
    }

    /// Notes that `id` stands in the document that is being decided on.
    pub(super) fn stands_beside(&mut self, id: PostId) {
        let kept = self.get(id).map_or(id, |entry| entry.id);
        self.beside.insert(kept);
    }

    /// The post stands in the document that is being decided on, under a name of its own.
    pub(super) fn is_beside(&self, id: PostId) -> bool {
        self.beside.contains(&id)
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
    }

    fn rename(&mut self, id: PostId, of: PostId) {
        if id != of {
            self.spellings.insert(id, of);
        }
    }
}
