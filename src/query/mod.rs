//! The one query language, for search, interests, mutes and saved searches: its parser, its
//! tree, and what it finds in a post.
//!
//! `index` translates the same tree for its engine; [`matches`] is the definition of what is a
//! hit. Words are those of `text`: a query word, which has no language, finds every form that
//! its stem has in the language of the post.
//!
//! ```text
//! tantivy OR lucene          either word      "inverted index"   next to each other
//! rust daemon                both             index*             beginning so
//! rust -game, rust NOT game  without          (a OR b) c         grouping
//! author:ines  person:"Ines Okafor"  source:lobsters  lang:de  tag:crdt  site:a.example
//! after:2026-10-01  before:yesterday  after:7d       https://a.example/page   links to it
//! ```

mod error;
mod lex;
mod parse;
mod subject;
mod when;

use std::ops::Range;

pub use error::Error;
pub use lex::FIELDS;
pub use parse::{LONGEST_BYTES, MAX_DEPTH, parse};
pub use subject::{Subject, link_key};
pub use when::When;

use crate::text::{Token, is_stop_word, stem, variants};

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Every one of them; at least two.
    All(Vec<Query>),
    /// One of them at least; at least two.
    Any(Vec<Query>),
    /// What it does not find.
    Not(Box<Query>),
    /// One condition.
    Leaf(Leaf),
}

/// One condition on a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf {
    /// These folded words next to each other in the title, or in the text; at least one.
    Words(Vec<String>),
    /// A word that begins so (folded, no accents; compared with `Token::word`, not with stems).
    Prefix(String),
    /// Is that page or links to it: [`link_key`] of a URL.
    Link(String),
    /// Words next to each other in the author's name, or a handle (`ines`, `@ines@host.example`).
    Author(String),
    /// Words next to each other in the name of the person (of `feeds.yaml`) who wrote it.
    Person(String),
    /// Words next to each other in the name of the feed.
    Source(String),
    /// Language by its first subtag, lower case: `en`.
    Lang(String),
    /// A tag, lower case, without `#`.
    Tag(String),
    /// Host of its page (subdomains included), lower case, possibly with the beginning of a path.
    Site(String),
    /// At this instant or later.
    After(When),
    /// Earlier than this instant.
    Before(When),
}

/// Says whether `query` finds the post of `subject`.
pub fn matches(query: &Query, subject: &Subject) -> bool {
    match query {
        Query::All(parts) => parts.iter().all(|part| matches(part, subject)),
        Query::Any(parts) => parts.iter().any(|part| matches(part, subject)),
        Query::Not(part) => !matches(part, subject),
        Query::Leaf(leaf) => subject.has(leaf),
    }
}

impl Query {
    /// Returns the words, phrases and prefixes that a hit may hold (those under no `NOT`), in
    /// order: what relevance counts and a snippet marks.
    pub fn terms(&self) -> Vec<&Leaf> {
        match self {
            Query::All(parts) | Query::Any(parts) => parts.iter().flat_map(Query::terms).collect(),
            Query::Leaf(leaf @ (Leaf::Words(_) | Leaf::Prefix(_))) => vec![leaf],
            Query::Not(_) | Query::Leaf(_) => Vec::new(),
        }
    }

    /// Returns the terms that the words of [`Query::terms`] can have in texts of any language, as
    /// `text::terms` writes them, sorted and distinct; words that say nothing are left out.
    pub fn stems(&self) -> Vec<String> {
        let mut stems = Vec::new();
        for leaf in self.terms() {
            let Leaf::Words(words) = leaf else { continue };
            let telling = words.iter().filter(|word| !is_stop_word(word, None));
            stems.extend(telling.flat_map(|word| variants(word)));
        }
        stems.sort_unstable();
        stems.dedup();
        stems
    }
}

impl Leaf {
    /// Returns where this word, phrase or prefix stands in `tokens` (what `text::analyze` gave
    /// for one title or text in `lang`), as ranges of indexes; nothing for other conditions.
    pub fn hits(&self, tokens: &[Token], lang: Option<&str>) -> Vec<Range<usize>> {
        match self {
            Leaf::Words(words) => {
                let wanted: Vec<String> = words.iter().map(|word| stem(word, lang)).collect();
                let windows = tokens.windows(wanted.len().max(1)).enumerate();
                let equal = windows.filter(|(_, window)| {
                    window.iter().zip(&wanted).all(|(token, term)| token.term == *term)
                });
                equal.map(|(at, _)| at..at + wanted.len()).collect()
            }
            Leaf::Prefix(prefix) => {
                let found = tokens.iter().enumerate();
                let found = found.filter(|(_, token)| token.word.starts_with(prefix.as_str()));
                found.map(|(at, _)| at..at + 1).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns the rows of terms that `words` can be in an index, one for each language: a post
    /// holds the phrase exactly if its title or text holds one of the rows, term by term in
    /// neighboring positions.
    pub fn rows(words: &[String]) -> Vec<Vec<String>> {
        let columns: Vec<Vec<String>> = words.iter().map(|word| variants(word)).collect();
        let languages = columns.first().map_or(0, Vec::len);
        (0..languages).map(|at| columns.iter().map(|column| column[at].clone()).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::terms;

    #[test]
    fn what_is_not_wanted_is_no_term() {
        let query = parse("(rust OR \"inverted index\") -game lang:en").expect("a query");
        assert_eq!(query.terms().len(), 2);
        let stems = query.stems();
        assert!(terms("Rust inverted indexes", Some("en")).iter().all(|term| stems.contains(term)));
        assert!(!stems.contains(&"game".to_owned()));
    }
}
