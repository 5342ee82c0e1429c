//! Repairs of the text itself, before any reader of tags sees it.

use std::borrow::Cow;

/// Escapes each `<` that begins no tag, comment, CDATA or declaration, so that `a < b` and
/// `<3` are text.
pub(super) fn mend_angles(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(step) = text[at..].find('<') {
        at += step;
        let rest = &text[at..];
        if let Some((open, close)) = [("<![CDATA[", "]]>"), ("<!--", "-->")]
            .into_iter()
            .find(|(open, _)| rest.starts_with(open))
        {
            at += rest[open.len()..].find(close).map_or(rest.len(), |end| open.len() + end);
            continue;
        }
        let begins = match bytes.get(at + 1) {
            Some(b'/') => bytes.get(at + 2).is_some_and(|byte| starts_a_name(*byte)),
            Some(b'!') => bytes.get(at + 2).is_some_and(u8::is_ascii_alphabetic),
            Some(b'?') => true,
            Some(byte) => starts_a_name(*byte),
            None => false,
        };
        if !begins {
            out.push_str(&text[copied..at]);
            out.push_str("&lt;");
            copied = at + 1;
        }
        at += 1;
    }
    if copied == 0 {
        return text.into();
    }
    out.push_str(&text[copied..]);
    out.into()
}

/// A document that stops inside its last end tag has said all that it had to say.
pub(super) fn close_last_tag(text: &str) -> Cow<'_, str> {
    let end = text.trim_end();
    match end.rfind(['<', '>']) {
        Some(at) if end[at..].starts_with("</") => Cow::Owned(format!("{end}>")),
        _ => Cow::Borrowed(text),
    }
}

fn starts_a_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_angle_that_begins_nothing_is_text() {
        for (text, expected) in [
            ("<a>b < c <3</a>", "<a>b &lt; c &lt;3</a>"),
            ("<![CDATA[a < b]]><", "<![CDATA[a < b]]>&lt;"),
            ("<!-- < --><b/>", "<!-- < --><b/>"),
            ("</ p><!x><?y?>", "&lt;/ p><!x><?y?>"),
        ] {
            assert_eq!(mend_angles(text), expected, "{text}");
        }
    }

    #[test]
    fn only_a_last_end_tag_is_closed() {
        assert_eq!(close_last_tag("<a></a \n"), "<a></a>");
        assert_eq!(close_last_tag("<a><b"), "<a><b");
        assert_eq!(close_last_tag("<a></a>"), "<a></a>");
    }
}
