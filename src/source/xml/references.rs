//! `&amp;`, `&#8217;`, `&eacute;`: references, read as browsers read them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::decode::is_forbidden;

/// The longest name that is looked up, in bytes.
const MAX_NAME: usize = 32;

/// What windows-1252 has where Unicode has C1 controls: `&#150;` is an en dash on the web
/// (HTML §13.2.5.80).
const WINDOWS_1252: [u16; 32] = [
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039,
    0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc,
    0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
];

/// Returns `text` with its references replaced, once. An ampersand that begins none stays, as
/// does a name that HTML does not know.
pub(in super::super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = name_at(rest);
        match name.and_then(resolve) {
            Some(characters) => {
                out.push_str(&characters);
                rest = &rest[name.map_or(0, str::len) + 2..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The name between the ampersand that `text` begins with and its semicolon.
fn name_at(text: &str) -> Option<&str> {
    let end = text.bytes().take(MAX_NAME).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'#';
    (!name.is_empty() && name.bytes().all(plain)).then_some(name)
}

/// Returns what the reference `&name;` stands for; `None` if nobody knows. A number that is no
/// character (`&#0;`) stands for nothing.
pub(super) fn resolve(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']);
        let number = match hexadecimal {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let number = match number.ok()? {
            code @ 0x80..=0x9f => u32::from(WINDOWS_1252[code as usize - 0x80]),
            code => code,
        };
        let character = char::from_u32(number).filter(|&character| !is_forbidden(character));
        return Some(character.map(String::from).unwrap_or_default());
    }
    let reference = format!("&{name};");
    let decoded = html_escape::decode_html_entities(&reference);
    (decoded != reference).then(|| decoded.into_owned())
}

/// The most entities of one document that are kept.
const MAX_ENTITIES: usize = 100;

/// The longest text of an entity that is kept, in bytes.
const MAX_ENTITY: usize = 500;

/// Returns the entities that a document type declares as text. What is in a text is not looked
/// at again, and nothing is read from elsewhere: neither laughs nor files.
pub(super) fn declared(doctype: &str) -> BTreeMap<String, String> {
    let declarations = doctype.split("<!ENTITY").skip(1).take(MAX_ENTITIES);
    let declaration = |text: &str| {
        let (name, rest) = text.trim_start().split_once(char::is_whitespace)?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let value = rest[1..].split(quote).next()?;
        (value.len() <= MAX_ENTITY).then(|| (name.to_owned(), value.to_owned()))
    };
    declarations.filter_map(declaration).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_once_as_browsers_do() {
        for (text, expected) in [
            ("AT&amp;T", "AT&T"),
            ("AT&T", "AT&T"),
            ("a & b;", "a & b;"),
            ("caf&eacute;", "café"),
            ("&#8217;&#x2019;", "’’"),
            ("&#150;", "–"),
            ("x&#0;y", "xy"),
            ("&nosuch;", "&nosuch;"),
            ("&amp;lt;", "&lt;"),
            ("&apos;&quot;", "'\""),
            ("&#xD800;", ""),
            ("&", "&"),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
    }
}
