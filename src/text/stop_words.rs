//! Words that say nothing of what a text is about.
//!
//! English has a list of its own: the usual collections count `ai`, `system`, `computer` and
//! country codes among them, which is what people here talk about. Other languages use the
//! crate `stop-words`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::base_language;

/// Sorted; folded as `words` folds.
#[rustfmt::skip]
const ENGLISH: [&str; 195] = [
    "a", "about", "above", "after", "again", "against", "ain't", "all", "also", "am", "an", "and",
    "any", "are", "aren't", "as", "at", "be", "because", "been", "before", "being", "below",
    "between", "both", "but", "by", "can", "can't", "cannot", "could", "couldn't", "d", "did",
    "didn't", "do", "does", "doesn't", "doing", "don", "don't", "down", "during", "each", "even",
    "every", "few", "for", "from", "further", "get", "gets", "getting", "go", "going", "gonna",
    "got", "had", "hadn't", "has", "hasn't", "have", "haven't", "having", "he", "he'd", "he'll",
    "her", "here", "hers", "herself", "him", "himself", "his", "how", "i", "i'd", "i'll",
    "i'm", "i've", "if", "in", "into", "is", "isn't", "it", "it'd", "it'll", "its", "itself",
    "just", "let", "ll", "m", "me", "more", "most", "much", "mustn't", "my", "myself", "no", "nor",
    "not", "now", "of", "off", "on", "once", "only", "or", "other", "ought", "our", "ours",
    "ourselves", "out", "over", "own", "re", "really", "s", "same", "shan't", "she", "she'd",
    "she'll", "should", "shouldn't", "so", "some", "still", "such", "t", "than", "that",
    "that'll", "the", "their", "theirs", "them", "themselves", "then", "there", "these", "they",
    "they'd", "they'll", "they're", "they've", "this", "those", "through", "to", "too", "under",
    "until", "up", "us", "ve", "very", "via", "was", "wasn't", "we", "we'd", "we'll", "we're",
    "we've", "were", "weren't", "what", "when", "where", "which", "while", "who", "whom", "whose",
    "why", "will", "with", "won't", "would", "wouldn't", "yet", "you", "you'd", "you'll",
    "you're", "you've", "your", "yours", "yourself", "yourselves",
];

static OTHERS: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut lists = BTreeMap::new();
    for &code in stop_words::available_languages() {
        let mut list = stop_words::lookup(code).unwrap_or_default().to_vec();
        list.sort_unstable();
        lists.insert(code, list);
    }
    lists
});

/// Says whether the folded `word` is a stop word of `lang` (`en-US` is `en`). A text of unknown
/// language is taken for English, as in [`super::stem`].
pub fn is_stop_word(word: &str, lang: Option<&str>) -> bool {
    match base_language(lang) {
        "en" => ENGLISH.binary_search(&word).is_ok(),
        "nb" | "nn" => listed("no", word),
        other => listed(other, word),
    }
}

fn listed(lang: &str, word: &str) -> bool {
    OTHERS.get(lang).is_some_and(|list| list.binary_search(&word).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_english_list_is_sorted() {
        assert!(ENGLISH.is_sorted());
    }

    #[test]
    fn what_people_talk_about_is_no_stop_word() {
        for word in ["ai", "system", "computer", "it's", "search", "new", "use"] {
            assert!(!is_stop_word(word, Some("en")), "{word}");
        }
    }

    #[test]
    fn each_language_has_its_own() {
        assert!(is_stop_word("und", Some("de-AT")));
        assert!(!is_stop_word("und", Some("en")));
        assert!(is_stop_word("the", None));
        assert!(!is_stop_word("the", Some("xx")));
    }
}
