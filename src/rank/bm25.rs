//! BM25 over a window's posts (Robertson & Zaragoza 2009, with Lucene's idf that is never negative).
//!
//! Not asked of the search index: its statistics move with every unrelated post.

use std::collections::BTreeMap;

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// What a collection of documents says of its terms.
#[derive(Debug, Clone, Default)]
pub struct Collection {
    documents: usize,
    /// Mean number of terms in a document; at least 1.
    mean_length: f64,
    frequency: BTreeMap<String, usize>,
}

impl Collection {
    /// Counts the `wanted` terms in `documents`; other terms only count as length.
    pub fn new(documents: &[Vec<String>], wanted: &[String]) -> Collection {
        let mut frequency: BTreeMap<String, usize> =
            wanted.iter().map(|term| (term.clone(), 0)).collect();
        for document in documents {
            for (term, count) in &mut frequency {
                *count += usize::from(document.contains(term));
            }
        }
        let terms: usize = documents.iter().map(Vec::len).sum();
        let mean_length = (terms as f64 / documents.len().max(1) as f64).max(1.0);
        Collection { documents: documents.len(), mean_length, frequency }
    }

    /// Returns the score of `document` for the terms of `query`, at least 0.
    pub fn score(&self, document: &[String], query: &[String]) -> f64 {
        query.iter().map(|term| self.term(document, term)).sum()
    }

    fn term(&self, document: &[String], term: &str) -> f64 {
        let often = document.iter().filter(|word| *word == term).count() as f64;
        let length = document.len() as f64 / self.mean_length;
        self.idf(term) * often * (K1 + 1.0) / (often + K1 * (1.0 - B + B * length))
    }

    fn idf(&self, term: &str) -> f64 {
        let having = self.frequency.get(term).copied().unwrap_or(0) as f64;
        (1.0 + (self.documents as f64 - having + 0.5) / (having + 0.5)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_rare_word_says_more_than_a_common_one() {
        let documents: Vec<_> =
            ["rust tantivy", "rust daemon", "rust async", "tea"].map(words).into();
        let collection = Collection::new(&documents, &words("rust tantivy"));
        let rare = collection.score(&documents[0], &words("tantivy"));
        let common = collection.score(&documents[0], &words("rust"));
        assert!(rare > common && common > 0.0);
        assert_eq!(collection.score(&documents[3], &words("rust tantivy")), 0.0);
    }

    #[test]
    fn a_word_in_a_short_text_says_more_than_in_a_long_one() {
        let documents: Vec<_> = ["rust", "rust and a lot of other things", "tea"].map(words).into();
        let collection = Collection::new(&documents, &words("rust"));
        let score = |at: usize| collection.score(&documents[at], &words("rust"));
        assert!(score(0) > score(1));
    }

    #[test]
    fn the_closed_form_holds() {
        let documents: Vec<_> = ["a b", "b c"].map(words).into();
        let collection = Collection::new(&documents, &words("a"));
        let expected = (1.0f64 + 1.5 / 1.5).ln() * 2.2 / 2.2;
        assert!((collection.score(&documents[0], &words("a")) - expected).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_nothing() {
        let collection = Collection::new(&[], &words("a"));
        assert_eq!(collection.score(&[], &words("a")), 0.0);
    }
}
