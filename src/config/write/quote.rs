//! Text as YAML: plain where that is safe, quoted where it is not.

use crate::text;

/// Longest name or heading, in columns.
const LONGEST_COLUMNS: usize = 80;

/// Words that YAML 1.1 readers take for something else than text.
const KEYWORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// Returns `text` as a scalar that any place of a file may hold, `{…}` and `[…]` included.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) || is_plain_address(text) {
        text.to_owned()
    } else if text.contains(['"', '\\']) && text.chars().all(|c| c != '\'' && is_printable(c)) {
        format!("'{text}'")
    } else {
        // A JSON string is a double-quoted scalar, but for characters that no YAML may hold.
        let text: String = text.chars().filter(|c| c.is_control() || is_printable(*c)).collect();
        let quoted = serde_json::Value::String(text).to_string();
        let escape = |c: char| match c {
            '\u{7f}'..='\u{9f}' => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        };
        quoted.chars().map(escape).collect()
    }
}

fn is_plain(text: &str) -> bool {
    let lower = text.to_lowercase();
    let inner = |c: char| c.is_alphanumeric() || " _-./@+&()'".contains(c);
    text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(inner)
        && !KEYWORDS.contains(&lower.as_str())
}

/// An address without the characters that end a plain scalar somewhere.
fn is_plain_address(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "-._~:/?&=%+@".contains(c);
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.chars().all(inner)
        && !text.ends_with(':')
}

/// Shown as it is, on one line: no control character, no line break of Unicode's, no mark of
/// byte order, no noncharacter.
fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Returns `text` on one line, white space and unprintable characters made single spaces, and
/// shortened where it is very long.
pub(super) fn one_line(text: &str) -> String {
    let printable: String = text.chars().map(|c| if is_printable(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = printable.split_whitespace().collect();
    text::shorten(&words.join(" "), LONGEST_COLUMNS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotes_stand_only_where_they_must() {
        for (text, expected) in [
            ("Ines Okafor", "Ines Okafor"),
            ("Åsa", "Åsa"),
            ("@ines@social.example", "\"@ines@social.example\""),
            ("https://a.example/feed?a=b&c", "https://a.example/feed?a=b&c"),
            ("https://a.example/a,b", "\"https://a.example/a,b\""),
            ("https://a.example/#x", "\"https://a.example/#x\""),
            ("yes", "\"yes\""),
            ("2026", "\"2026\""),
            ("a: b", "\"a: b\""),
            ("a, b", "\"a, b\""),
            ("", "\"\""),
            ("tantivy OR \"inverted index\"", "'tantivy OR \"inverted index\"'"),
            ("it's \"so\"", "\"it's \\\"so\\\"\""),
        ] {
            assert_eq!(scalar(text), expected);
        }
    }

    #[test]
    fn a_name_with_line_breaks_becomes_one_line() {
        assert_eq!(one_line(" a\n\tb\u{2028}c\u{0}d "), "a b c d");
    }

    proptest! {
        #[test]
        fn any_printable_text_comes_back_from_any_place(text in "\\PC{0,40}|https://[!-~]{0,12}") {
            let text: String = text.chars().filter(|c| is_printable(*c)).collect();
            let yaml = format!("a: {0}\nb: [{0}, {{c: {0}}}]\n- ", scalar(&text));
            let yaml = yaml.trim_end_matches("- ");
            let value: serde_yaml::Value = serde_yaml::from_str(yaml).unwrap();
            prop_assert_eq!(value["a"].as_str(), Some(text.as_str()));
            prop_assert_eq!(value["b"][0].as_str(), Some(text.as_str()));
            prop_assert_eq!(value["b"][1]["c"].as_str(), Some(text.as_str()));
        }
    }
}
