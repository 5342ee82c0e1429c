//! From bytes to text: which charset a document is really in, and which characters may stay.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a document its own word about its charset is looked for, in bytes.
const DECLARATION_BYTES: usize = 1024;

/// Returns the text of `body`, without a byte order mark and without the control characters
/// that XML forbids. Never fails: what cannot be decoded becomes U+FFFD.
///
/// A byte order mark decides; then bytes that are valid UTF-8 with more than ASCII in it are
/// UTF-8, whatever was declared; then `charset` of `content_type`, then the document's own
/// declaration. Undeclared or wrongly declared bytes are UTF-8 where most of it is, else
/// windows-1252, which is what Latin-1 means on the web.
pub fn text(body: &[u8], content_type: Option<&str>) -> String {
    let text = match Encoding::for_bom(body) {
        Some((encoding, length)) => encoding.decode_without_bom_handling(&body[length..]).0,
        None => guess(body, content_type).decode_without_bom_handling(body).0,
    };
    let odd = |character: char| is_forbidden(character) || is_c1(character);
    match text.find(odd) {
        Some(_) => text.chars().filter(|&c| !is_forbidden(c)).map(demoronized).collect(),
        None => text.into_owned(),
    }
}

/// Control characters that nobody means: windows-1252 text that was taken for Latin-1.
fn is_c1(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{9f}') && character != '\u{85}'
}

fn demoronized(character: char) -> char {
    if !is_c1(character) {
        return character;
    }
    let byte = [u8::try_from(u32::from(character)).unwrap_or(b'?')];
    WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next().unwrap_or(character)
}

/// Characters that XML 1.0 §2.2 has no place for.
pub(super) fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

fn guess(body: &[u8], content_type: Option<&str>) -> &'static Encoding {
    match body {
        [b'<', 0, ..] => return UTF_16LE,
        [0, b'<', ..] => return UTF_16BE,
        _ => {}
    }
    let declared = content_type.and_then(charset).or_else(|| own_declaration(body));
    // A document that one can read byte by byte so far cannot be in UTF-16 or UTF-32.
    let declared = declared.filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE);
    match std::str::from_utf8(body) {
        Ok(text) if !text.is_ascii() => UTF_8,
        Ok(_) => declared.unwrap_or(UTF_8),
        Err(_) => match declared.filter(|encoding| *encoding != UTF_8) {
            Some(encoding) => encoding,
            None => own_declaration(body)
                .filter(|encoding| !matches!(encoding.name(), "UTF-8" | "UTF-16LE" | "UTF-16BE"))
                .unwrap_or_else(|| if mostly_utf8(body) { UTF_8 } else { WINDOWS_1252 }),
        },
    }
}

/// The `charset` parameter of a media type.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, value) = lower.split_once("charset=")?;
    let label = value.split(';').next().unwrap_or("").trim().trim_matches(['"', '\'']);
    Encoding::for_label(label.as_bytes())
}

/// `<?xml … encoding="…"?>` or `<meta charset="…">`.
fn own_declaration(body: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(&body[..body.len().min(DECLARATION_BYTES)]);
    let xml = start.find("<?xml").and_then(|at| {
        let declaration = start[at..].split("?>").next()?;
        declaration.split_once("encoding").map(|(_, rest)| rest.to_owned())
    });
    let meta = || {
        let lower = start.to_ascii_lowercase();
        lower.split_once("charset").map(|(_, rest)| rest.to_owned())
    };
    let rest = xml.or_else(meta)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    let label = rest.split(['"', '\'', ' ', ';', '>', '?']).next()?;
    Encoding::for_label(label.as_bytes())
}

/// Tells whether well-formed sequences beyond ASCII outnumber broken ones.
fn mostly_utf8(body: &[u8]) -> bool {
    let (mut good, mut broken) = (0usize, 0usize);
    for chunk in body.utf8_chunks() {
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    good >= broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_decides() {
        assert_eq!(text(b"\xef\xbb\xbf<a>\xc3\xa9", Some("text/xml; charset=latin1")), "<a>é");
        assert_eq!(text(b"\xff\xfe<\0a\0>\0\xe9\0", None), "<a>é");
        assert_eq!(text(b"\xfe\xff\0<\0a\0>\0\xe9", None), "<a>é");
        assert_eq!(text(b"<\0a\0>\0", None), "<a>");
    }

    #[test]
    fn the_declared_charset_is_used() {
        let russian = b"<?xml version='1.0' encoding='windows-1251'?><a>\xc4\xe0</a>";
        assert!(text(russian, None).ends_with("<a>Да</a>"));
        assert_eq!(
            text(b"<a>\xc4\xe0</a>", Some("text/xml; charset=\"windows-1251\"")),
            "<a>Да</a>"
        );
    }

    #[test]
    fn a_wrong_declaration_does_not_break_utf8() {
        let body = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>é“</a>";
        assert_eq!(text(body.as_bytes(), Some("text/xml; charset=us-ascii")), body);
    }

    #[test]
    fn latin1_under_a_utf8_declaration_is_read() {
        let body = b"<?xml version=\"1.0\" encoding=\"utf-8\"?><a>caf\xe9 na\xefve</a>";
        assert!(text(body, Some("text/xml; charset=utf-8")).ends_with("<a>café naïve</a>"));
    }

    #[test]
    fn one_bad_byte_spoils_only_itself() {
        assert_eq!(text("é ü \u{1f600}".as_bytes(), None), "é ü 😀");
        let mut body = "é ü ö".as_bytes().to_vec();
        body.push(0xff);
        assert_eq!(text(&body, None), "é ü ö\u{fffd}");
    }

    #[test]
    fn forbidden_characters_are_dropped() {
        assert_eq!(text("don\u{92}t".as_bytes(), None), "don’t");
        assert_eq!(text("a\u{8}b\u{1f}c\u{fffe}d\te\n".as_bytes(), None), "abcd\te\n");
    }
}
