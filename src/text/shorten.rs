//! The beginning of a text, for a line of a digest.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Returns `text` on one line (white space runs become one space), cut at the end of a word with
/// `…` where it is wider than `max_columns` terminal columns. A word that is wider alone is cut.
pub fn shorten(text: &str, max_columns: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.width() <= max_columns {
        return line;
    }
    let room = max_columns.saturating_sub(1);
    let (mut columns, mut fits, mut word_end) = (0, 0, 0);
    for (at, grapheme) in line.grapheme_indices(true) {
        columns += grapheme.width();
        if columns > room {
            if grapheme == " " {
                word_end = at;
            }
            break;
        }
        fits = at + grapheme.len();
        if grapheme == " " {
            word_end = at;
        }
    }
    // A last word that fills more than half of the line is better cut than dropped.
    let end = if word_end * 2 > fits { word_end } else { fits };
    let kept = line[..end].trim_end_matches([' ', ',', ';', ':', '–', '—', '-', '(', '“', '"']);
    if max_columns == 0 { String::new() } else { format!("{kept}…") }
}

/// Returns the first sentence of `text` that holds a word; the whole text where it is one.
pub fn first_sentence(text: &str) -> &str {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut sentences = lines.flat_map(|line| line.unicode_sentences());
    sentences.next().unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_is_only_put_on_one_line() {
        assert_eq!(shorten(" a\n b ", 3), "a b");
    }

    #[test]
    fn a_long_one_ends_at_a_word() {
        assert_eq!(shorten("Tantivy drops, the cache", 19), "Tantivy drops, the…");
        assert_eq!(shorten("Tantivy drops, the cache", 17), "Tantivy drops…");
    }

    #[test]
    fn width_is_counted_in_columns() {
        assert_eq!(shorten("東京タワーは高い", 7), "東京タ…");
        assert_eq!(shorten("incomprehensibilities", 7), "incomp…");
        assert_eq!(shorten("abc", 0), "");
    }

    #[test]
    fn the_first_sentence_ends_with_its_mark() {
        assert_eq!(first_sentence("\nIt works. Mostly."), "It works.");
        assert_eq!(first_sentence("no mark\nsecond line"), "no mark");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_wider_than_asked(text in "\\PC{0,60}", columns in 0_usize..30) {
            assert!(shorten(&text, columns).width() <= columns);
        }
    }
}
