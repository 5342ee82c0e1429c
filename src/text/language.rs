//! Which language a text is in.

use super::Kind;
use super::words::first_words;

/// Words that are looked at.
const WORDS: usize = 50;

/// Letters below which a guess is luck.
const FEWEST_LETTERS: usize = 24;

/// Confidence (0..=1, of whatlang) below which a guess is luck.
const LEAST_CONFIDENCE: f64 = 0.6;

/// ISO 639-3 as whatlang gives it, and the ISO 639-1 code of the same language.
#[rustfmt::skip]
const CODES: [(&str, &str); 69] = [
    ("afr", "af"), ("aka", "ak"), ("amh", "am"), ("ara", "ar"), ("aze", "az"), ("bel", "be"),
    ("ben", "bn"), ("bul", "bg"), ("cat", "ca"), ("ces", "cs"), ("cmn", "zh"), ("cym", "cy"),
    ("dan", "da"), ("deu", "de"), ("ell", "el"), ("eng", "en"), ("epo", "eo"), ("est", "et"),
    ("fin", "fi"), ("fra", "fr"), ("guj", "gu"), ("heb", "he"), ("hin", "hi"), ("hrv", "hr"),
    ("hun", "hu"), ("hye", "hy"), ("ind", "id"), ("ita", "it"), ("jav", "jv"), ("jpn", "ja"),
    ("kan", "kn"), ("kat", "ka"), ("khm", "km"), ("kor", "ko"), ("lat", "la"), ("lav", "lv"),
    ("lit", "lt"), ("mal", "ml"), ("mar", "mr"), ("mkd", "mk"), ("mya", "my"), ("nep", "ne"),
    ("nld", "nl"), ("nob", "no"), ("ori", "or"), ("pan", "pa"), ("pes", "fa"), ("pol", "pl"),
    ("por", "pt"), ("ron", "ro"), ("rus", "ru"), ("sin", "si"), ("slk", "sk"), ("slv", "sl"),
    ("sna", "sn"), ("spa", "es"), ("srp", "sr"), ("swe", "sv"), ("tam", "ta"), ("tel", "te"),
    ("tgl", "tl"), ("tha", "th"), ("tuk", "tk"), ("tur", "tr"), ("ukr", "uk"), ("urd", "ur"),
    ("uzb", "uz"), ("vie", "vi"), ("zul", "zu"),
];

/// Returns the ISO 639-1 code of the language of `text` (639-3 where there is none), or `None`
/// where it is too short or mixed to be sure. URLs and handles are not looked at.
pub fn language(text: &str) -> Option<String> {
    let found = first_words(text, WORDS).into_iter();
    let plain = found
        .filter(|word| word.kind == Kind::Plain)
        .take(WORDS)
        .map(|word| word.text)
        .collect::<Vec<_>>()
        .join(" ");
    let info = whatlang::detect(&plain)?;
    let latin = info.script() == whatlang::Script::Latin;
    let letters = plain.chars().filter(|c| c.is_alphabetic()).count();
    if latin && (letters < FEWEST_LETTERS || info.confidence() < LEAST_CONFIDENCE) {
        return None;
    }
    let code = info.lang().code();
    let short = CODES.iter().find(|(long, _)| *long == code).map(|(_, short)| *short);
    Some(short.unwrap_or(code).to_owned())
}

/// Returns the first subtag of `lang` (`en-US` is `en`); `en` where it is `None`, since most
/// texts too short to tell are English and its rules hurt others least. Sources write tags in
/// lower case before they reach this room.
pub fn base_language(lang: Option<&str>) -> &str {
    let lang = lang.unwrap_or("en");
    let base = lang.split(['-', '_']).next().unwrap_or(lang);
    if base.is_empty() { "en" } else { base }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(language(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn whole_sentences_tell_their_language() {
        check("Has anyone measured how fast the index becomes with short posts?", Some("en"));
        check("Hat jemand gemessen, wie schnell der Index mit kurzen Beiträgen wird?", Some("de"));
        check("東京で新しい検索エンジンの話をしましょう", Some("ja"));
    }

    #[test]
    fn a_few_words_or_a_url_do_not() {
        check("ok", None);
        check("https://this-is-an-address-in-english.example/with/many/words", None);
        check("", None);
    }

    #[test]
    fn the_codes_are_sorted() {
        assert!(CODES.is_sorted());
    }
}
