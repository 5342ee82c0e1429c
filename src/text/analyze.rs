//! From text to the terms that search, relevance and topics count.

use super::words::first_words;
use super::{Kind, is_single, is_stop_word, pieces, stem, unaccent};

/// One word of a text as the index keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// [`super::stem`] of the word by the text's language. Compare with [`super::variants`].
    pub term: String,
    /// The word folded, without accents, not stemmed: what a prefix (`tantiv*`) is compared with.
    pub word: String,
    /// Byte offset of its beginning in the input.
    pub start: usize,
    /// Byte offset of its end in the input.
    pub end: usize,
    /// Counts all words from 0: neighbors differ by 1.
    pub position: usize,
    /// What it is.
    pub kind: Kind,
    /// Says nothing of what the text is about. Kept, so that a phrase may hold it and a text of
    /// nothing else can be found; left out by [`terms`].
    pub stop: bool,
}

/// Returns every word of `text` with its term, in order.
pub fn analyze(text: &str, lang: Option<&str>) -> Vec<Token> {
    let found = pieces(text).into_iter().enumerate();
    found
        .map(|(position, word)| Token {
            term: stem(&word.text, lang),
            stop: is_stop_word(&word.text, lang),
            word: unaccent(&word.text),
            start: word.start,
            end: word.end,
            position,
            kind: word.kind,
        })
        .collect()
}

/// Returns what `text` is about: terms in order, without stop words and handles. Neighboring
/// characters of a script without spaces are joined in pairs, since one alone says little.
pub fn terms(text: &str, lang: Option<&str>) -> Vec<String> {
    content(text, lang, usize::MAX).into_iter().map(|word| word.term).collect()
}

/// A word that says what a text is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// As in [`terms`].
    pub term: String,
    /// A name or a number by its looks: begins with a capital letter or a digit, or is a tag.
    pub proper: bool,
}

/// Returns the [`terms`] among the first `most` words of `text`, with their looks.
pub fn content(text: &str, lang: Option<&str>, most: usize) -> Vec<Content> {
    let mut found: Vec<Content> = Vec::new();
    let mut last: Option<(usize, String, bool)> = None;
    for word in first_words(text, most) {
        let single = is_single(&word.text);
        if word.kind == Kind::Handle || (!single && is_stop_word(&word.text, lang)) {
            last = None;
            continue;
        }
        let term = stem(&word.text, lang);
        if !single {
            last = None;
            let first = text[word.start..].chars().next();
            let proper =
                word.kind == Kind::Tag || first.is_some_and(|c| c.is_uppercase() || c.is_numeric());
            found.push(Content { term, proper });
            continue;
        }
        match &mut last {
            Some((end, before, paired)) if *end == word.start => {
                if !*paired {
                    found.pop();
                }
                found.push(Content { term: format!("{before}{}", word.text), proper: false });
                *paired = true;
                (*end, *before) = (word.end, term);
            }
            _ => {
                found.push(Content { term: term.clone(), proper: false });
                last = Some((word.end, term, false));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_keep_their_place_in_a_text_and_leave_its_terms() {
        let tokens = analyze("The indexes of Tantivy", Some("en"));
        assert_eq!(tokens.len(), 4);
        assert_eq!((tokens[1].term.as_str(), tokens[1].word.as_str()), ("index", "indexes"));
        assert!(tokens[0].stop && tokens[2].stop && tokens[3].position == 3);
        assert_eq!(terms("The indexes of Tantivy", Some("en")), ["index", "tantivi"]);
    }

    #[test]
    fn whom_a_text_addresses_is_not_what_it_is_about() {
        assert_eq!(terms("@ines thanks for #Tantivy", None), ["thank", "tantivi"]);
    }

    #[test]
    fn characters_without_spaces_go_in_pairs() {
        assert_eq!(terms("東京都 猫", Some("zh")), [":東京", ":京都", ":猫"]);
        assert_eq!(terms("データベース", Some("ja")), [":データベース"]);
        assert_eq!(terms("검색을 검색이", Some("ko")), [":검색", ":색을", ":검색", ":색이"]);
    }
}
