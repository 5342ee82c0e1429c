//! The links in a piece of HTML.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{Html, Selector};

use super::{bounded, has_markup};

/// A web address in running text, without what ends the sentence around it.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)\bhttps?://[^\s<>"'\[\](){}|\\^`]*(?:\([^\s<>"'()]*\)[^\s<>"'\[\](){}|\\^`]*)*"#,
    )
    .expect("a fixed pattern that was tested")
});

/// The most links of one text that are kept.
const MAX_LINKS: usize = 200;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// As written.
    pub href: String,
    /// What stands on it.
    pub text: String,
    /// It leads to a person or a tag, as networks mark it (`class="mention"`, `rel=tag`).
    pub is_marker: bool,
}

/// Returns the links of `html`, in order; web addresses in its text where it has no tags.
pub fn anchors(html: &str) -> Vec<Anchor> {
    let html = &*bounded(html);
    if !has_markup(html) {
        let decoded = html_escape::decode_html_entities(html);
        return in_text(&decoded);
    }
    let tree = Html::parse_fragment(html);
    let selector = Selector::parse("a[href]").expect("a fixed selector that was tested");
    let anchor = |element: scraper::ElementRef<'_>| {
        let marks = |name: &str, words: &[&str]| {
            let value = element.attr(name).unwrap_or("").to_lowercase();
            value.split_whitespace().any(|word| words.contains(&word))
        };
        Anchor {
            href: element.attr("href").unwrap_or("").trim().to_owned(),
            text: element.text().collect::<String>().trim().to_owned(),
            is_marker: marks("class", &["mention", "hashtag", "u-url"]) || marks("rel", &["tag"]),
        }
    };
    let found: Vec<Anchor> = tree.select(&selector).take(MAX_LINKS).map(anchor).collect();
    if found.is_empty() { in_text(&super::plain(html)) } else { found }
}

/// Returns the web addresses in plain text, in order.
fn in_text(text: &str) -> Vec<Anchor> {
    let found = ADDRESS.find_iter(text).take(MAX_LINKS).map(|found| {
        let href = found.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?', '…', '*', '_']);
        Anchor { href: href.to_owned(), text: href.to_owned(), is_marker: false }
    });
    found.filter(|anchor| anchor.href.len() > "https://".len()).collect()
}

/// Returns the web addresses that `html` links to, as written, in order, each once; those to
/// people and tags left out.
pub fn links(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for anchor in anchors(html) {
        let web = anchor.href.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        if web && !anchor.is_marker && !found.contains(&anchor.href) {
            found.push(anchor.href);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_in_html_and_in_text() {
        let html = "<p><a href='https://a.example/1'>x</a> <a class='u-url mention' href='https://b.example/@i'>@i</a>\
            <a href='#top'>t</a> <a href='https://a.example/1'>again</a></p>";
        assert_eq!(links(html), ["https://a.example/1"]);
        assert_eq!(
            links("see https://a.example/x_(y), or (http://b.example/?a=1&amp;b=2)."),
            ["https://a.example/x_(y)", "http://b.example/?a=1&b=2",]
        );
        assert_eq!(links("<p>see https://a.example/x</p>"), ["https://a.example/x"]);
        assert_eq!(links("no links, http:// neither"), Vec::<String>::new());
    }
}
