//! The part of a post that shows why it was found.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::query::Query;
use crate::text::{Token, analyze};

/// A piece of one line with what was asked for marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// Plain text without line breaks; `…` where something was left out.
    pub text: String,
    /// Byte ranges of hits in `text`, in order, apart from each other.
    pub hits: Vec<Range<usize>>,
}

/// Cuts from `text`, which is in `lang`, at most `columns` columns that hold as much as possible
/// of what `query` asks for: different words first, then more of them, then the earlier place.
/// The beginning, where it holds nothing.
pub fn snippet(text: &str, lang: Option<&str>, query: Option<&Query>, columns: usize) -> Snippet {
    let tokens = analyze(text, lang);
    let hits = hits(&tokens, lang, query);
    let first = best(text, &tokens, &hits, columns);
    let start = first.map_or(0, |hit| lead_in(text, &tokens, hits[hit].0.start, columns));
    cut(text, &tokens, start, &hits, columns)
}

/// Tokens that were asked for, and by which of the words and phrases.
type Found = (Range<usize>, usize);

fn hits(tokens: &[Token], lang: Option<&str>, query: Option<&Query>) -> Vec<Found> {
    let terms = query.map(Query::terms).unwrap_or_default();
    let each = terms.iter().enumerate();
    let mut hits: Vec<Found> = each
        .flat_map(|(which, leaf)| leaf.hits(tokens, lang).into_iter().map(move |at| (at, which)))
        .collect();
    hits.sort_by_key(|(at, which)| (at.start, at.end, *which));
    hits
}

/// The hit at which the best window begins.
fn best(text: &str, tokens: &[Token], hits: &[Found], columns: usize) -> Option<usize> {
    let end = |hit: &Found| tokens[hit.0.end - 1].end;
    let worth = |from: usize| {
        let start = tokens[hits[from].0.start].start;
        let inside = hits[from..].iter().take_while(|hit| width(text, start..end(hit)) <= columns);
        let which: Vec<usize> = inside.map(|hit| hit.1).collect();
        let distinct = which.iter().collect::<std::collections::BTreeSet<_>>().len();
        (distinct, which.len(), std::cmp::Reverse(from))
    };
    // A text of nothing but hits would cost their square.
    (0..hits.len().min(200)).max_by_key(|from| worth(*from))
}

/// Where to begin so that a third of the columns leads to the hit, at a word's beginning; at
/// the beginning of its sentence, if that is nearer.
fn lead_in(text: &str, tokens: &[Token], hit: usize, columns: usize) -> usize {
    let at = tokens[hit].start;
    let mut start = at;
    for token in tokens[..hit].iter().rev() {
        if width(text, token.start..at) > columns / 3 {
            return start;
        }
        let between = &text[token.end..start];
        let ends = between.contains(". ") || between.contains(['\n', '!', '?', '…']);
        if ends && start < at {
            return start;
        }
        start = token.start;
    }
    0
}

/// Copies from `start` as much as fits, white space made one space, and marks the hits.
fn cut(text: &str, tokens: &[Token], start: usize, hits: &[Found], columns: usize) -> Snippet {
    let mut snippet = Snippet::default();
    if start > 0 {
        snippet.text.push('…');
    }
    let mut used = snippet.text.width();
    let end = text.trim_end().len();
    for (at, (piece, spaced)) in pieces(text, start, columns).enumerate() {
        let space = usize::from(spaced && at > 0);
        let needed = space + width(text, piece.clone());
        let dots = usize::from(piece.end < end);
        if used + needed + dots > columns {
            snippet.text.push('…');
            break;
        }
        snippet.text.push_str(&" "[..space]);
        mark(&mut snippet, tokens, hits, &piece);
        snippet.text.push_str(&text[piece]);
        used += needed;
    }
    snippet
}

/// What stands between white space, from `start` on; what is wider than half of `columns`
/// (scripts without spaces, addresses) in parts. The flag says that white space goes before.
fn pieces(text: &str, start: usize, columns: usize) -> impl Iterator<Item = (Range<usize>, bool)> {
    let parts = move |word: Range<usize>| -> Vec<(Range<usize>, bool)> {
        if width(text, word.clone()) <= columns / 2 {
            return vec![(word, true)];
        }
        let letters = text[word.clone()].grapheme_indices(true);
        letters
            .map(|(at, letter)| {
                let from = word.start + at;
                (from..from + letter.len(), at == 0)
            })
            .collect()
    };
    let mut rest = start;
    text[start..].split_whitespace().flat_map(move |word| {
        let at = rest + text[rest..].find(word).expect("it was split from here");
        rest = at + word.len();
        parts(at..rest)
    })
}

/// Notes the hits that reach into `piece`, which is about to be copied; neighbors become one.
fn mark(snippet: &mut Snippet, tokens: &[Token], hits: &[Found], piece: &Range<usize>) {
    let base = snippet.text.len();
    for (at, _) in hits {
        for token in &tokens[at.clone()] {
            let (from, to) = (token.start.max(piece.start), token.end.min(piece.end));
            if from >= to {
                continue;
            }
            let found = base + from - piece.start..base + to - piece.start;
            match snippet.hits.last_mut() {
                Some(last) if found.start <= last.end => last.end = last.end.max(found.end),
                _ => snippet.hits.push(found),
            }
        }
    }
}

fn width(text: &str, range: Range<usize>) -> usize {
    text[range].width()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    fn check(text: &str, query: &str, columns: usize, expected: &str) {
        let query = parse(query).expect(query);
        let snippet = snippet(text, Some("en"), Some(&query), columns);
        let mut marked = snippet.text.clone();
        for hit in snippet.hits.iter().rev() {
            marked.insert(hit.end, ']');
            marked.insert(hit.start, '[');
        }
        assert_eq!(marked, expected);
        assert!(snippet.text.width() <= columns);
    }

    const TEXT: &str = "We built a reader. It took years of work and patience.\n\nThen the index \
                        broke, and merging segments of the index took all night.";

    #[test]
    fn the_place_with_most_of_the_words_is_shown() {
        check(
            TEXT,
            "index segments",
            60,
            "…Then the [index] broke, and merging [segments] of the [index]…",
        );
    }

    #[test]
    fn words_are_marked_in_every_form() {
        check("Indexes and an index", "index", 60, "[Indexes] and an [index]");
        check("Said: \"index!\"", "index", 60, "Said: \"[index]!\"");
    }

    #[test]
    fn a_phrase_is_marked_as_a_whole_and_only_as_a_phrase() {
        check(
            "merging segments, segments",
            "\"merging segments\"",
            60,
            "[merging] [segments], segments",
        );
    }

    #[test]
    fn without_a_hit_the_beginning_is_shown() {
        check(TEXT, "author:ines", 30, "We built a reader. It took…");
        assert_eq!(snippet("", None, None, 30), Snippet::default());
    }

    #[test]
    fn wide_letters_count_twice() {
        check("東京 京都 大阪 奈良", "author:x", 12, "東京 京都…");
        check("東京京都大阪奈良", "大阪", 12, "…京都[大阪]奈…");
    }
}
