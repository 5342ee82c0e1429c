//! What a post says: the longest form published, without what its service wrote around it.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::RawPost;

use super::html::{self, Anchor, anchors};
use super::url::canonical;

/// What arXiv's announcements begin with.
static ARXIV: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^arXiv:\S+\s+Announce Type:\s*\S+\s+(?:Abstract:\s*)?")
        .expect("a fixed pattern that was tested")
});

/// What Reddit puts under each post.
static REDDIT_TAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)(?:&#32;|\s|<br\s*/?>)*submitted by\s*(?:&#32;|\s)*<a href=.*?\[comments\]\s*</a>\s*</span>(?:\s*</td>\s*</tr>\s*</table>)?")
        .expect("a fixed pattern that was tested")
});

/// The target of a Reddit post.
static REDDIT_LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"<a href="([^"]*)">\s*\[link\]"#).expect("a fixed pattern that was tested")
});

/// What a post says, in its longest form.
pub(super) struct Body {
    /// Plain.
    pub(super) text: String,
    /// Safe to show.
    pub(super) html: String,
    /// Its links, those to people and tags too.
    pub(super) anchors: Vec<Anchor>,
    /// What it is about, where the service says so beside the text.
    target: Option<String>,
}

impl Body {
    /// Takes the longer of summary and content, without what the service wrote around it.
    pub(super) fn of(raw: &RawPost, url: Option<&str>) -> Body {
        let summary = raw.summary.as_deref().unwrap_or("");
        let content = raw.content.as_deref().unwrap_or("");
        let (source, text) = match (html::plain(content), html::plain(summary)) {
            (full, short) if full.len() < short.len() => (summary, short),
            (full, _) => (content, full),
        };
        let mut target = None;
        if source.contains("[comments]") && REDDIT_TAIL.is_match(source) {
            let link = REDDIT_LINK.captures(source);
            target = link.map(|found| html_escape::decode_html_entities(&found[1]).into_owned());
            let rest = REDDIT_TAIL.replace(source, "");
            return Body {
                text: html::plain(&rest),
                html: html::sanitize_at(&rest, url),
                anchors: anchors(&rest),
                target,
            };
        }
        if let Some(start) = ARXIV.find(&text) {
            let text = text[start.end()..].to_owned();
            return Body { html: html::of_plain(&text), anchors: anchors(source), text, target };
        }
        let html = match html::has_markup(source) {
            true => html::sanitize_at(source, url),
            false => html::of_plain(&text),
        };
        Body { text, html, anchors: anchors(source), target }
    }

    /// Canonical forms of what it links to, in order, each once, the post itself left out.
    pub(super) fn links(&self, raw: &RawPost, own: Option<&str>) -> Vec<String> {
        let anchors = self.anchors.iter().filter(|anchor| !anchor.is_marker);
        let hrefs = self
            .target
            .iter()
            .map(String::as_str)
            .chain(anchors.map(|anchor| anchor.href.as_str()));
        let discussion = raw.comments.as_deref().and_then(canonical);
        let mut found: Vec<String> = Vec::new();
        for href in hrefs {
            if !href.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")) {
                continue;
            }
            let Some(link) = canonical(href) else { continue };
            let itself = own == Some(link.as_str()) || discussion.as_deref() == Some(link.as_str());
            if !itself && !is_a_search(&link) && !found.contains(&link) {
                found.push(link);
            }
        }
        found
    }
}

/// Links that front ends put on tags and names lead to no page of anybody's.
fn is_a_search(link: &str) -> bool {
    link.starts_with("x.com/search") || link.starts_with("x.com/hashtag/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(content: &str) -> (Body, RawPost) {
        let raw = RawPost { content: Some(content.to_owned()), ..RawPost::default() };
        (Body::of(&raw, Some("https://www.reddit.com/r/rust/comments/1abc/t/")), raw)
    }

    #[test]
    fn reddits_tail_is_cut_and_its_link_kept() {
        let (found, raw) = body(
            "<!-- SC_OFF --><div class=\"md\"><p>See it.</p></div><!-- SC_ON --> &#32; submitted by &#32; \
             <a href=\"https://www.reddit.com/user/priya_n\"> /u/priya_n </a> <br/> <span><a href=\"https://a.example/x?a=1&amp;b=2\">\
             [link]</a></span> &#32; <span><a href=\"https://www.reddit.com/r/rust/comments/1abc/t/\">[comments]</a></span>",
        );
        assert_eq!(found.text, "See it.");
        assert_eq!(found.links(&raw, Some("reddit.com/comments/1abc")), ["a.example/x?a=1&b=2"]);
        assert!(!found.html.contains("submitted"));
    }

    #[test]
    fn arxivs_announcement_is_cut() {
        let (found, _) = body("arXiv:2601.00001v1 Announce Type: new \nAbstract: We show it.");
        assert_eq!(found.text, "We show it.");
    }

    #[test]
    fn the_longer_form_is_kept() {
        let raw = RawPost {
            summary: Some("A longer summary".into()),
            content: Some("<p>Short</p>".into()),
            ..RawPost::default()
        };
        assert_eq!(Body::of(&raw, None).text, "A longer summary");
    }
}
