//! Our query tree in the engine's terms. The engine's own query parser is never asked: it can be
//! made to overflow the stack.

use std::collections::BTreeMap;
use std::ops::Bound;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery,
    Query as EngineQuery, RangeQuery, RegexQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::documents::{Fields, name_terms, nanoseconds};
use crate::model::FeedId;
use crate::query::{Leaf, Query};

/// How much more a word in the title says than one in the text.
const TITLE_BOOST: f32 = 2.0;

/// What a query means only together with: the reader's clock, and how feeds are called.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    /// Feeds by name, for `source:`.
    pub sources: &'a BTreeMap<FeedId, String>,
    /// For `after:7d` and the like.
    pub now: Timestamp,
    /// For days.
    pub zone: &'a TimeZone,
}

type Part = Box<dyn EngineQuery>;

/// Translates queries for one schema and one reader.
pub(super) struct Translator<'a> {
    pub(super) fields: Fields,
    pub(super) asking: &'a Asking<'a>,
}

impl Translator<'_> {
    pub(super) fn query(&self, query: &Query) -> Part {
        match query {
            Query::All(parts) => {
                let mut clauses: Vec<(Occur, Part)> = parts
                    .iter()
                    .map(|part| match part {
                        Query::Not(not) => (Occur::MustNot, self.query(not)),
                        part => (Occur::Must, self.query(part)),
                    })
                    .collect();
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, everything()));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Query::Any(parts) => {
                Box::new(BooleanQuery::union(parts.iter().map(|part| self.query(part)).collect()))
            }
            Query::Not(part) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, everything()),
                (Occur::MustNot, self.query(part)),
            ])),
            Query::Leaf(leaf) => self.leaf(leaf),
        }
    }

    fn leaf(&self, leaf: &Leaf) -> Part {
        let fields = &self.fields;
        let found = match leaf {
            Leaf::Words(words) => return self.words(words),
            Leaf::Prefix(prefix) => beginning(fields.word, prefix),
            Leaf::Link(key) => exact(fields.link, key),
            Leaf::Author(name) => {
                let handle = name.trim_start_matches('@').to_lowercase();
                let either = vec![named(fields.author, name), exact(fields.handle, &handle)];
                Box::new(BooleanQuery::union(either))
            }
            Leaf::Person(name) => named(fields.person, name),
            Leaf::Source(name) => self.source(name),
            Leaf::Lang(lang) => exact(fields.lang, lang),
            Leaf::Tag(tag) => exact(fields.tag, tag),
            Leaf::Site(site) => exact(fields.site, site),
            Leaf::After(when) => {
                let from = when.instant(self.asking.now, self.asking.zone);
                range(Bound::Included(self.instant(from)), Bound::Unbounded)
            }
            Leaf::Before(when) => {
                let to = when.instant(self.asking.now, self.asking.zone);
                range(Bound::Unbounded, Bound::Excluded(self.instant(to)))
            }
        };
        Box::new(ConstScoreQuery::new(found, 0.0))
    }

    /// The phrase in the title or in the text, as each language writes it.
    fn words(&self, words: &[String]) -> Part {
        let mut rows = Leaf::rows(words);
        rows.sort_unstable();
        rows.dedup();
        let in_field = |field: Field| -> Part {
            let phrases = rows.iter().map(|row| phrase(field, row, Scored::Yes));
            Box::new(BooleanQuery::union(phrases.collect()))
        };
        let title = Box::new(BoostQuery::new(in_field(self.fields.title), TITLE_BOOST));
        Box::new(BooleanQuery::union(vec![title, in_field(self.fields.text)]))
    }

    /// The feeds whose name holds the words of `name` next to each other.
    fn source(&self, name: &str) -> Part {
        let wanted = name_terms(name);
        let called_so = |own: &str| {
            !wanted.is_empty() && name_terms(own).windows(wanted.len()).any(|some| some == wanted)
        };
        let feeds = self.asking.sources.iter().filter(|(_, own)| called_so(own));
        let terms = feeds.map(|(id, _)| Term::from_field_text(self.fields.feed, &id.to_string()));
        Box::new(TermSetQuery::new(terms))
    }

    fn instant(&self, instant: Timestamp) -> Term {
        Term::from_field_i64(self.fields.at, nanoseconds(instant))
    }
}

/// Every post, at no score.
pub(super) fn everything() -> Part {
    Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0))
}

#[derive(Clone, Copy, PartialEq)]
enum Scored {
    Yes,
    No,
}

fn phrase(field: Field, words: &[String], scored: Scored) -> Part {
    let term = |word: &String| Term::from_field_text(field, word);
    match words {
        [] => Box::new(EmptyQuery),
        [word] if scored == Scored::Yes => {
            Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs))
        }
        [word] => Box::new(TermQuery::new(term(word), IndexRecordOption::Basic)),
        words => Box::new(PhraseQuery::new(words.iter().map(term).collect())),
    }
}

fn named(field: Field, name: &str) -> Part {
    phrase(field, &name_terms(name), Scored::No)
}

fn exact(field: Field, text: &str) -> Part {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
}

fn beginning(field: Field, prefix: &str) -> Part {
    let pattern = format!("{}.*", regex::escape(prefix));
    match RegexQuery::from_pattern(&pattern, field) {
        Ok(query) => Box::new(query),
        Err(_) => Box::new(EmptyQuery),
    }
}

fn range(from: Bound<Term>, to: Bound<Term>) -> Part {
    Box::new(RangeQuery::new(from, to))
}
