//! The doors through which feed text leaves: for the terminal, for Markdown, for HTML, for JSON.

use unicode_width::UnicodeWidthStr as _;

use crate::text::shorten;

/// Returns `text` on one line without anything that a terminal obeys or that turns the order of
/// letters round: control characters, bidirectional controls, invisible tags.
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' | '\u{85}' => out.push(' '),
            _ if c.is_control() || is_unseen(c) => {}
            _ => out.push(c),
        }
    }
    out
}

/// Returns the JSON document `text` with what a terminal or a page would obey written as `\uXXXX`:
/// `<`, control characters and those that are not seen. It says the same.
pub fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '<' || c != '\n' && (c.is_control() || is_unseen(c)) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Bidirectional controls, zero-width spaces, interlinear marks and tags (Unicode TR36 §2).
/// Joiners stay: scripts and emoji need them.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' | '\u{ad}')
}

/// Returns `text` as CommonMark that renders as `text` and as nothing else, on one line, where
/// something of ours stands before it in its line ([`line_start`] where nothing does).
///
/// No more is escaped than must be, since the same lines are read in a terminal: `[D]` and
/// `fast_field` stay as they are.
pub fn markdown(text: &str) -> String {
    let text = terminal(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut kept_bracket_until = 0;
    for (at, c) in chars.iter().copied().enumerate() {
        if c == '[' {
            kept_bracket_until = at + short_bracket(&chars[at..]);
        }
        let escape = match c {
            '\\' => chars.get(at + 1).is_none_or(char::is_ascii_punctuation),
            '`' | '*' | '<' => true,
            '[' | ']' => kept_bracket_until <= at,
            '_' => !is_inside_word(&chars, at),
            '&' => is_entity(&chars[at + 1..]),
            '~' => {
                at + 1 == chars.len()
                    || at == 0
                    || chars.get(at + 1) == Some(&'~')
                    || chars[at - 1] == '~'
            }
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Returns one paragraph of Markdown with its underscores left bare where they cannot begin and
/// end emphasis, as in `_ines` or `jun_`: people read handles.
pub(super) fn relaxed(paragraph: &str) -> String {
    let whole: Vec<&str> = paragraph.split("\\_").collect();
    let (mut opens, mut closes) = (false, false);
    for (before, after) in whole.iter().zip(whole.iter().skip(1)) {
        let (last, next) = (before.chars().next_back(), after.chars().next());
        closes |= last.is_none_or(|c| !c.is_whitespace());
        // After a letter and before punctuation it can only close (CommonMark 6.2).
        let ends =
            last.is_some_and(char::is_alphanumeric) && next.is_none_or(|c| !c.is_alphanumeric());
        opens |= !ends && next.is_none_or(|c| !c.is_whitespace());
    }
    if opens && closes { paragraph.to_owned() } else { whole.join("_") }
}

/// Length of a bracket that no id can fill (`[D]`, at most three letters, ids have four) and
/// that leads nowhere; else 0.
fn short_bracket(chars: &[char]) -> usize {
    const LONGEST: usize = 3;
    let inside = chars[1..].iter().take_while(|c| c.is_alphanumeric()).count();
    let closed = chars.get(1 + inside) == Some(&']');
    let leads = matches!(chars.get(2 + inside), Some('(' | '[' | ':'));
    if (1..=LONGEST).contains(&inside) && closed && !leads { inside + 2 } else { 0 }
}

/// Whether an underscore, or a run of them, stands between letters: then it is no emphasis.
fn is_inside_word(chars: &[char], at: usize) -> bool {
    let before = chars[..at].iter().rev().find(|c| **c != '_');
    let after = chars[at..].iter().find(|c| **c != '_');
    is_word(before) && is_word(after)
}

fn is_word(c: Option<&char>) -> bool {
    c.is_some_and(|c| c.is_alphanumeric())
}

/// Whether `&` before these characters begins a character reference.
fn is_entity(chars: &[char]) -> bool {
    let name = chars.iter().take_while(|c| c.is_ascii_alphanumeric() || **c == '#').count();
    name > 0 && chars.get(name) == Some(&';')
}

/// Returns a line of Markdown that begins no heading, list, quote, rule or fence.
pub(super) fn line_start(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().get(digits) {
        Some(b'.' | b')')
            if digits > 0 && matches!(line.as_bytes().get(digits + 1), None | Some(b' ')) =>
        {
            format!("{}\\{}", &line[..digits], &line[digits..])
        }
        Some(b'#' | b'+' | b'-' | b'>' | b'=' | b'~' | b':' | b'|') if digits == 0 => {
            format!("\\{line}")
        }
        // A bracket at the start of a list's item is a task to some renderers.
        Some(b'[') if digits == 0 => format!("\\{line}"),
        _ => line.to_owned(),
    }
}

/// Returns `text` as Markdown of at most `columns` terminal columns, cut at a word's end.
pub(super) fn markdown_within(text: &str, columns: usize) -> String {
    let mut room = columns;
    loop {
        let escaped = markdown(&shorten(&terminal(text), room));
        let width = escaped.width();
        if width <= columns || room == 0 {
            return escaped;
        }
        room = room.saturating_sub(width - columns);
    }
}

/// Returns `text` for HTML text and quoted attributes.
pub fn html(text: &str) -> String {
    html_escape::encode_quoted_attribute(&terminal(text)).into_owned()
}

/// Returns `url` as it may stand in `<…>` and in a reference definition; `None` for one that is
/// neither http nor https.
pub fn url(url: &str) -> Option<String> {
    let url = url.trim();
    let lower = url.to_ascii_lowercase();
    if !lower.starts_with("http://") && !lower.starts_with("https://") {
        return None;
    }
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '<' | '>' | '"' | '\\' | '`' | '[' | ']' | '(' | ')' | '*' | '_'
                if must_hide(c, url) =>
            {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            ';' => out.push_str("%3B"),
            ' ' => out.push_str("%20"),
            _ if c.is_control() || c.is_whitespace() || is_unseen(c) => {}
            _ => out.push(c),
        }
    }
    Some(out)
}

/// Whether a character would end or change a link destination.
fn must_hide(c: char, url: &str) -> bool {
    match c {
        '(' | ')' => !balanced(url),
        '*' | '_' | '[' | ']' => false,
        _ => true,
    }
}

fn balanced(url: &str) -> bool {
    let mut open = 0i32;
    for c in url.chars() {
        open += i32::from(c == '(') - i32::from(c == ')');
        if open < 0 {
            return false;
        }
    }
    open == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_markup_stays_as_it_is_written() {
        for plain in ["[D] fast_field", "a & b", "Alex__007", "1. one"] {
            assert_eq!(markdown(plain), plain);
        }
        assert_eq!(
            relaxed(&markdown("Asif_ibrahim_: what, _akhaliq?")),
            "Asif_ibrahim\\_: what, \\_akhaliq?"
        );
        assert_eq!(relaxed(&markdown("ask jun_ about it")), "ask jun_ about it");
        assert_eq!(relaxed(&markdown("by _akhaliq")), "by _akhaliq");
        assert_eq!(relaxed(&markdown("a _, x_ b")), "a \\_, x\\_ b");
    }

    #[test]
    fn json_says_the_same_and_moves_no_terminal() {
        let said = "a\u{202e}b <i> \u{9b}2J\u{7f} \u{e0041} é 😀\n";
        let value = serde_json::json!({ "title": said });
        let written = json(&serde_json::to_string_pretty(&value).unwrap());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), value);
        assert!(
            written.contains("a\\u202eb \\u003ci> \\u009b2J\\u007f \\udb40\\udc41 é 😀"),
            "{written}"
        );
    }

    #[test]
    fn markup_is_escaped() {
        let cases = [
            ("[a](b)", "\\[a\\](b)"),
            ("[D](b)", "\\[D\\](b)"),
            ("*a* `b` <c>", "\\*a\\* \\`b\\` \\<c>"),
            ("_a_ &lt; &c", "\\_a\\_ \\&lt; &c"),
        ];
        for (text, expected) in cases {
            assert_eq!(markdown(text), expected);
        }
    }

    #[test]
    fn a_line_begins_no_block() {
        assert_eq!(line_start("# a"), "\\# a");
        assert_eq!(line_start("1. a"), "1\\. a");
        assert_eq!(line_start("0.1 people"), "0.1 people");
        assert_eq!(line_start("- a"), "\\- a");
    }

    #[test]
    fn only_web_addresses_are_printed() {
        assert_eq!(url("javascript:alert(1)"), None);
        assert_eq!(url("https://a.example/x (1)").as_deref(), Some("https://a.example/x%20(1)"));
        assert_eq!(url("https://a.example/(x").as_deref(), Some("https://a.example/%28x"));
        assert_eq!(url("https://a.example/<b>").as_deref(), Some("https://a.example/%3Cb%3E"));
    }

    #[test]
    fn what_a_terminal_obeys_is_gone() {
        assert_eq!(terminal("a\u{1b}[31mb\u{202e}c\nd\u{7}"), "a[31mbc d");
    }

    #[test]
    fn html_is_text() {
        assert_eq!(html("<a href=\"x\">"), "&lt;a href=&quot;x&quot;&gt;");
    }
}
