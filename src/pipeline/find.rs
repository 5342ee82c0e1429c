//! A search: hits of the index, posts of the archive, snippets between them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Error;
use crate::archive::Archive;
use crate::config::Config;
use crate::identity::People;
use crate::index::{Asking, Index, Snippet, Sort, snippet};
use crate::model::{FeedId, Post};
use crate::query::Query;

/// Columns of a snippet.
const SNIPPET_COLUMNS: usize = 200;

/// What a search looks in, opened once for any number of queries.
pub struct Library<'a> {
    archive: &'a Archive,
    index: &'a Index,
    people: People,
    names: BTreeMap<FeedId, String>,
}

/// A post that was found.
pub struct Found {
    /// The post.
    pub post: Post,
    /// Comparable within one search only; 0 when sorted by time.
    pub score: f32,
    /// The name of the person or author.
    pub person: String,
    /// The name of its feed; empty where it is no longer followed.
    pub source: String,
    /// The part of its text that answers the query.
    pub snippet: Snippet,
}

/// What a search found.
pub struct Findings {
    /// How many posts there are.
    pub total: usize,
    /// The first of them.
    pub found: Vec<Found>,
}

/// How to search.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    /// In which order.
    pub sort: Sort,
    /// How many hits at most.
    pub limit: usize,
    /// Gives `yesterday` its meaning.
    pub now: Timestamp,
    /// In which days are told.
    pub zone: &'a TimeZone,
}

impl<'a> Library<'a> {
    /// Looks in these.
    pub fn new(archive: &'a Archive, index: &'a Index, config: &'a Config) -> Library<'a> {
        let people = People::new(&config.people, &config.feeds);
        let names = config.feeds.iter().map(|feed| (feed.id, feed.name.clone())).collect();
        Library { archive, index, people, names }
    }

    /// Finds the posts of `query`; all posts where there is none.
    pub fn find(&self, query: Option<&Query>, way: &Way<'_>) -> Result<Findings, Error> {
        let asking = Asking { now: way.now, zone: way.zone, sources: &self.names };
        let hits = self.index.search(query, &asking, way.sort, way.limit)?;
        let mut found = Vec::with_capacity(hits.hits.len());
        for hit in hits.hits {
            // A post that the archive no longer holds is no hit: the index is only derived.
            let Some(kept) = self.archive.post(hit.id)? else { continue };
            found.push(self.found(kept.post, hit.score, query));
        }
        Ok(Findings { total: hits.total, found })
    }

    fn found(&self, post: Post, score: f32, query: Option<&Query>) -> Found {
        let voice = self.people.voice(&post);
        let person = voice.person.map_or(voice.name.clone(), |person| person.name.clone());
        let source = self.names.get(&post.feed).cloned().unwrap_or_default();
        let snippet = snippet(&post.text, post.language.as_deref(), query, SNIPPET_COLUMNS);
        Found { person, source, snippet, score, post }
    }
}
