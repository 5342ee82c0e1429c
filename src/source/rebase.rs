//! Makes the addresses in a piece of HTML absolute, and changes nothing else in it.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use url::Url;

use super::xml::{decode_references, escape};

/// Attributes that hold one address, as HTML writes them.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)(<[a-z][^<>]*?\s(?:href|src|cite|poster|longdesc|background)\s*=\s*)("[^"]*"|'[^']*'|[^\s"'<>]+)"#)
        .expect("a fixed pattern that was tested")
});

/// Returns `html` with its relative addresses as seen from `base`.
pub(super) fn html(html: &str, base: &Url) -> String {
    if !html.contains('<') {
        return html.to_owned();
    }
    let mut text = html.to_owned();
    // One match for each element and pass: few elements hold more than two addresses.
    for _ in 0..2 {
        let next = ADDRESS.replace_all(&text, |found: &Captures<'_>| {
            let value = found[2].trim_matches(['"', '\'']);
            let value = decode_references(value);
            let value = value.trim();
            let mut out = String::from(&found[1]);
            out.push('"');
            match Url::parse(value) {
                Err(url::ParseError::RelativeUrlWithoutBase) => match base.join(value) {
                    Ok(url) => escape(url.as_str(), &mut out),
                    Err(_) => escape(value, &mut out),
                },
                _ => escape(value, &mut out),
            }
            out.push('"');
            out
        });
        if next == text {
            break;
        }
        text = next.into_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_become_absolute_and_others_stay() {
        let base = Url::parse("https://a.example/blog/").unwrap();
        let check = |from: &str, to: &str| assert_eq!(html(from, &base), to, "{from}");
        check(
            "<a href=\"p?x=1&amp;y=2\">q</a>",
            "<a href=\"https://a.example/blog/p?x=1&amp;y=2\">q</a>",
        );
        check("<img alt=x src='/i.png'>", "<img alt=x src=\"https://a.example/i.png\">");
        check("<a href=https://b.example/>q</a>", "<a href=\"https://b.example/\">q</a>");
        check("<a href=\"mailto:x@b.example\">", "<a href=\"mailto:x@b.example\">");
        check("a href=\"p\"", "a href=\"p\"");
    }
}
