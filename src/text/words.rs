//! Cuts text into words (Unicode UAX 29) and folds them.
//!
//! A URL is no word; a tag is one without its `#`; a handle is one (or several) without its
//! `@`. Scripts that put no space between words (Chinese, Japanese, Thai) or hang what belongs to
//! a sentence on its words (Korean) give one word for each character or so; searching for
//! several of them is searching for a phrase. Runs of katakana are words, but to a search.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

use super::scripts::{is_hangul, is_katakana};

/// What a word is in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Running text.
    Plain,
    /// Stood after a `#`.
    Tag,
    /// Part of somebody's handle: `@ines@host.example`.
    Handle,
}

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Folded: NFKC, lower case, without a possessive `'s`. Never empty.
    pub text: String,
    /// Byte offset of its beginning in the input.
    pub start: usize,
    /// Byte offset of its end in the input.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// More than a word and what divides it from the next need, URLs between them included.
const BYTES_PER_WORD: usize = 32;

/// Endings with an apostrophe that French and Italian put before a word: `l'index`.
const ELISIONS: [&str; 17] = [
    "all", "c", "d", "dall", "dell", "j", "jusqu", "l", "lorsqu", "m", "n", "nell", "puisqu", "qu",
    "s", "sull", "un",
];

/// Returns the words of `text` in order. URLs are left out.
pub fn words(text: &str) -> Vec<Word> {
    first_words(text, usize::MAX)
}

/// Returns the first `most` words of `text` (fewer where long URLs stand between them): a book
/// costs no more than its first page.
pub(super) fn first_words(text: &str, most: usize) -> Vec<Word> {
    let text = &text[..text.floor_char_boundary(most.saturating_mul(BYTES_PER_WORD))];
    let mut found = Vec::new();
    for (start, end, part) in parts(text) {
        let kind = match part {
            Part::Url => continue,
            Part::Handle => Kind::Handle,
            Part::Plain => Kind::Plain,
        };
        for (at, piece) in text[start..end].unicode_word_indices() {
            split(text, start + at, piece, kind, &mut found);
            if found.len() >= most {
                found.truncate(most);
                return found;
            }
        }
    }
    found
}

/// Returns the words of `text` as a search sees them: `0.1B`, `1,000`, `don't` and `データベース`
/// are parted, so that whoever types a part of one finds it, and the whole of it is a phrase.
pub fn pieces(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for word in words(text) {
        let written = &text[word.start..word.end];
        if written.starts_with(is_katakana) {
            for (at, character) in written.grapheme_indices(true) {
                let start = word.start + at;
                push(text, start, start + character.len(), word.kind, &mut found);
            }
            continue;
        }
        let marks = written.match_indices(['.', ',', '\'', '’']);
        let mut from = word.start;
        for (at, mark) in marks {
            push(text, from, word.start + at, word.kind, &mut found);
            from = word.start + at + mark.len();
        }
        if from == word.start {
            found.push(word);
        } else {
            push(text, from, word.end, word.kind, &mut found);
        }
    }
    found
}

/// Returns the URLs in `text` as they stand there.
pub fn links(text: &str) -> Vec<&str> {
    let urls = parts(text).into_iter().filter(|(_, _, part)| *part == Part::Url);
    urls.map(|(start, end, _)| &text[start..end]).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Plain,
    Url,
    Handle,
}

/// Divides `text` into running text, URLs and handles; only `@` between them is left out.
fn parts(text: &str) -> Vec<(usize, usize, Part)> {
    let mut parts = Vec::new();
    let (mut plain, mut at, mut before) = (0, 0, ' ');
    while let Some(next) = text[at..].chars().next() {
        let special = if before.is_alphanumeric() { None } else { special(&text[at..]) };
        if let Some((length, part)) = special {
            parts.push((plain, at, Part::Plain));
            parts.push((at, at + length, part));
            before = 'x';
            at += length;
            plain = at;
        } else {
            before = next;
            at += next.len_utf8();
        }
    }
    parts.push((plain, at, Part::Plain));
    parts.retain(|(start, end, _)| start < end);
    parts
}

/// Returns the length of the URL or handle that `rest` begins with.
fn special(rest: &str) -> Option<(usize, Part)> {
    if rest.starts_with('@') {
        let host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '@');
        let length = rest.find(|c| !host(c)).unwrap_or(rest.len());
        let length = rest[..length].trim_end_matches(['.', '-', '@']).len();
        return (length > 1).then_some((length, Part::Handle));
    }
    let bytes = rest.as_bytes();
    let begins = |prefix: &str| {
        bytes.len() > prefix.len()
            && bytes[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes())
            && bytes[prefix.len()].is_ascii_alphanumeric()
    };
    if !matches!(bytes.first(), Some(b'h' | b'H' | b'w' | b'W' | b'a')) {
        return None;
    }
    if !["https://", "http://", "www.", "at://"].iter().any(|prefix| begins(prefix)) {
        return None;
    }
    let stop = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”' | '…' | '|');
    let mut url = &rest[..rest.find(stop).unwrap_or(rest.len())];
    loop {
        let shorter = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', ']']);
        let open = shorter.matches('(').count() < shorter.matches(')').count();
        let shorter = if open { shorter.strip_suffix(')').unwrap_or(shorter) } else { shorter };
        if shorter.len() == url.len() {
            return Some((url.len(), Part::Url));
        }
        url = shorter;
    }
}

/// Adds the words in `piece`, which UAX 29 takes for one: it leaves Korean with all that hangs on
/// it, and whatever touches it, whole.
fn split(text: &str, start: usize, piece: &str, kind: Kind, found: &mut Vec<Word>) {
    if !piece.contains(is_hangul) {
        return split_at_marks(text, start, piece, kind, found);
    }
    let mut from = 0;
    for (at, syllable) in piece.grapheme_indices(true) {
        if syllable.starts_with(is_hangul) {
            split_at_marks(text, start + from, &piece[from..at], kind, found);
            from = at + syllable.len();
            push(text, start + at, start + from, kind, found);
        }
    }
    split_at_marks(text, start + from, &piece[from..], kind, found);
}

/// Adds the words in `piece`, which UAX 29 takes for one: it leaves `node.js`, `snake_case`,
/// `l'index` and `end.Begin` whole.
fn split_at_marks(text: &str, start: usize, piece: &str, kind: Kind, found: &mut Vec<Word>) {
    let mut from = 0;
    let mut digit = false;
    let mut chars = piece.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let digits = digit && chars.peek().is_some_and(|(_, next)| next.is_numeric());
        let cut = match c {
            '_' | ':' | '·' | '․' | '\u{2018}' => true,
            '.' | ',' => !digits,
            '\'' | '’' => ELISIONS.contains(&&*piece[from..at].to_lowercase()),
            _ => false,
        };
        if cut {
            push(text, start + from, start + at, kind, found);
            from = at + c.len_utf8();
        }
        digit = c.is_numeric();
    }
    push(text, start + from, start + piece.len(), kind, found);
}

fn push(text: &str, start: usize, end: usize, kind: Kind, found: &mut Vec<Word>) {
    if end <= start {
        return;
    }
    let end = end + suffix(&text[start..end], &text[end..]);
    let folded = fold(&text[start..end]);
    if folded.is_empty() {
        return;
    }
    let tag = kind == Kind::Plain && text[..start].ends_with(['#', '＃']);
    let kind = if tag { Kind::Tag } else { kind };
    found.push(Word { text: folded, start, end, kind });
}

/// Returns how much of `rest` belongs to the letter `word`: C++, C#, F#.
fn suffix(word: &str, rest: &str) -> usize {
    if word.len() != 1 || !word.as_bytes()[0].is_ascii_alphabetic() {
        return 0;
    }
    let length = if rest.starts_with("++") { 2 } else { usize::from(rest.starts_with('#')) };
    let ends = !rest[length..].starts_with(|c: char| c.is_alphanumeric() || c == '+' || c == '#');
    if ends { length } else { 0 }
}

/// Returns `word` in NFKC and lower case, with one kind of apostrophe and without `'s`.
fn fold(word: &str) -> String {
    let mut folded = if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        let lower = word.nfkc().flat_map(char::to_lowercase).nfkc();
        lower
            .filter_map(|c| match c {
                '’' | 'ʼ' | '＇' => Some('\''),
                // Soft hyphen, zero-width characters, variation selectors: nothing to be seen.
                '\u{ad}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2060}'
                | '\u{feff}'
                | '\u{fe00}'..='\u{fe0f}' => None,
                other => Some(other),
            })
            .collect()
    };
    if folded.ends_with("'s") {
        folded.truncate(folded.len() - 2);
    }
    if folded.contains(',') {
        folded.retain(|c| c != ',');
    }
    folded
}

/// Returns `word` with the accents of Latin letters taken off: `café` and `cafe` meet.
pub fn unaccent(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    let mut plain = String::with_capacity(word.len());
    let mut latin = false;
    for c in word.nfd() {
        match c {
            'ß' => plain.push_str("ss"),
            'ø' => plain.push('o'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ł' => plain.push('l'),
            'đ' => plain.push('d'),
            _ if latin && is_combining_mark(c) => {}
            _ => {
                latin = c.is_ascii_alphabetic();
                plain.push(c);
            }
        }
    }
    plain.nfc().collect()
}

/// Returns a 64-bit hash of `bytes` that is the same on every machine and in every year
/// (FNV-1a, then the finalizer of splitmix64 so that all bits depend on all bytes).
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in bytes {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found = words(text);
        let texts: Vec<&str> = found.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, expected, "{text}");
    }

    #[test]
    fn a_search_sees_the_parts_of_numbers_and_contractions() {
        let seen = |text| pieces(text).into_iter().map(|word| word.text).collect::<Vec<_>>();
        assert_eq!(seen("UniRec-0.1B: 1,000 don't"), ["unirec", "0", "1b", "1", "000", "don", "t"]);
        assert_eq!(seen("node.js, C++"), ["node", "js", "c++"]);
        assert_eq!(seen("データ ﾃﾞ"), ["デ", "ー", "タ", "デ"]);
    }

    #[test]
    fn words_are_folded_and_cut_where_people_see_an_end() {
        check("Tantivy’s FAST_field, end.Begin", &["tantivy", "fast", "field", "end", "begin"]);
        check(
            "don’t read e.g. node.js v0.26 or 1,000.5",
            &["don't", "read", "e", "g", "node", "js", "v0.26", "or", "1000.5"],
        );
        check("l’index d'accord O'Reilly", &["l", "index", "d", "accord", "o'reilly"]);
        check("ﬁle ＡＢＣ soft\u{ad}ware", &["file", "abc", "software"]);
    }

    #[test]
    fn languages_with_a_sign_in_their_name_are_words() {
        check("C++, C# and F#; C", &["c++", "c#", "and", "f#", "c"]);
    }

    #[test]
    fn a_url_is_no_word_and_ends_before_punctuation() {
        check("see https://a.example/x_(y)?q=1, then (www.b.example/z).", &["see", "then"]);
        assert_eq!(
            links("go (https://a.example/x), HTTP://b.example/."),
            ["https://a.example/x", "HTTP://b.example/"]
        );
        check("httpsomething and www are words", &["httpsomething", "and", "www", "are", "words"]);
    }

    #[test]
    fn tags_and_handles_say_what_they_are() {
        let found = words("@ines@fosstodon.example: #LocalFirst, a@b.example");
        let kinds: Vec<_> = found.iter().map(|word| (word.text.as_str(), word.kind)).collect();
        assert_eq!(
            kinds[..4],
            [
                ("ines", Kind::Handle),
                ("fosstodon", Kind::Handle),
                ("example", Kind::Handle),
                ("localfirst", Kind::Tag),
            ]
        );
        assert!(kinds[4..].iter().all(|(_, kind)| *kind == Kind::Plain));
    }

    #[test]
    fn scripts_without_spaces_give_a_word_for_each_character() {
        check("東京タワーへ", &["東", "京", "タワー", "へ"]);
        let thai: Vec<String> = words("ภาษาไทย").into_iter().map(|word| word.text).collect();
        assert!(thai.len() > 3 && thai.concat() == "ภาษาไทย", "{thai:?}");
    }

    #[test]
    fn korean_is_cut_into_syllables_and_from_what_it_hangs_on() {
        check("한국어 검색을", &["한", "국", "어", "검", "색", "을"]);
        check("Tantivy의 v0.26은", &["tantivy", "의", "v0.26", "은"]);
        // Written in letters, as some file systems and old mails do.
        check("\u{1112}\u{1161}\u{11ab}글", &["한", "글"]);
    }

    #[test]
    fn offsets_lead_back_to_the_text() {
        let text = "Über „C++“ und https://x.example/ – ﬁn";
        for word in words(text) {
            assert!(!text[word.start..word.end].trim().is_empty());
        }
    }

    #[test]
    fn accents_of_latin_letters_do_not_part_words() {
        assert_eq!(unaccent("café"), "cafe");
        assert_eq!(unaccent("straße"), "strasse");
        assert_eq!(unaccent("й"), "й");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_at_boundaries_in_order(text in "\\PC{0,80}") {
            let mut last = 0;
            for word in words(&text) {
                assert!(word.start >= last && word.end > word.start);
                assert!(text.is_char_boundary(word.start) && text.is_char_boundary(word.end));
                last = word.start;
            }
        }
    }
}
