//! Stems by language (Snowball), written so that a query word, which has no language, can be
//! looked up in texts of all.
//!
//! A term of an English text (or one of unknown language) stands bare; one of another language
//! carries its code, `de:suchmaschin`, and one of a language without a stemmer a colon, `:szukaj`.
//! So `news` in a query finds English `news` and German `News`, and not the English `new`.

use rust_stemmers::{Algorithm, Stemmer};

use super::{base_language, unaccent};

/// Languages with a stemmer, by ISO 639-1.
const STEMMERS: [(&str, Algorithm); 18] = [
    ("ar", Algorithm::Arabic),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("en", Algorithm::English),
    ("es", Algorithm::Spanish),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("nl", Algorithm::Dutch),
    ("no", Algorithm::Norwegian),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
    ("ta", Algorithm::Tamil),
    ("tr", Algorithm::Turkish),
];

/// Longer words are no words of a language; the stemmers' time grows with them.
const LONGEST_BYTES: usize = 64;

/// Returns the term of the folded `word` in a text of `lang`, as topics and the index have it.
///
/// Unknown language: as English. A language without a stemmer: the word itself after a colon.
/// Accents of Latin letters are taken off after stemming.
pub fn stem(word: &str, lang: Option<&str>) -> String {
    let lang = match base_language(lang) {
        "nb" | "nn" => "no",
        other => other,
    };
    match STEMMERS.iter().find(|(code, _)| *code == lang) {
        Some((code, algorithm)) => term(word, code, *algorithm),
        None => format!(":{}", unaccent(word)),
    }
}

fn term(word: &str, code: &str, algorithm: Algorithm) -> String {
    let number = word.starts_with(|c: char| c.is_ascii_digit());
    let stemmed = if word.len() > LONGEST_BYTES || number {
        unaccent(word)
    } else {
        unaccent(&Stemmer::create(algorithm).stem(word))
    };
    if code == "en" { stemmed } else { format!("{code}:{stemmed}") }
}

/// Returns the terms that the folded `word` can have in a text, one for each language with
/// a stemmer and one for all others, always in the same order. A token is a hit of the query word
/// `w` exactly if its term is among `variants(w)`; a phrase is one if the terms of its words *in
/// one place of this list* stand next to each other.
pub fn variants(word: &str) -> Vec<String> {
    let stems = STEMMERS.iter().map(|(code, algorithm)| term(word, code, *algorithm));
    stems.chain([format!(":{}", unaccent(word))]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_word_meets_every_form_in_every_language() {
        for (query, word, lang) in [
            ("index", "indexes", "en"),
            ("Suchmaschine", "suchmaschinen", "de"),
            ("enquete", "enquête", "fr"),
            ("kubernetes", "kubernetes", "pl"),
        ] {
            let folded = query.to_lowercase();
            assert!(variants(&folded).contains(&stem(word, Some(lang))), "{query} {word}");
        }
    }

    #[test]
    fn a_stem_of_one_language_is_no_word_of_another() {
        assert_eq!(stem("news", Some("en")), "news");
        assert!(!variants("news").contains(&stem("new", Some("en"))));
    }

    #[test]
    fn unknown_language_is_english_and_one_without_stemmer_keeps_its_words() {
        assert_eq!(stem("running", None), "run");
        assert_eq!(stem("running", Some("en-GB")), "run");
        assert_eq!(stem("running", Some("pl")), ":running");
        assert_eq!(stem("2025s", Some("de")), "de:2025s");
    }

    proptest::proptest! {
        #[test]
        fn no_word_breaks_a_stemmer(text in "\\PC{0,20}") {
            for word in crate::text::words(&text) {
                let all = variants(&word.text);
                for (code, _) in STEMMERS {
                    assert!(all.contains(&stem(&word.text, Some(code))));
                }
                assert!(all.contains(&stem(&word.text, None)) && all.contains(&stem(&word.text, Some("zh"))));
            }
        }
    }
}
