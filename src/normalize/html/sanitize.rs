//! HTML that may be shown: no scripts, no forms, no handlers, no invisible images.

use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use regex::Regex;
use url::Url;

use super::bounded;

/// An image that nobody is meant to see: one pixel or less in some direction.
static PIXEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)<img\b[^<>]*\b(?:width|height)\s*[=:]\s*["']?\s*[01](?:px)?\s*(?:["';\s/>])[^<>]*>?"#,
    )
    .expect("a fixed pattern that was tested")
});

/// Returns what of `html` may be shown: only http, https and mailto addresses, absolute ones.
pub fn sanitize(html: &str) -> String {
    sanitize_at(html, None)
}

/// Returns what of `html` may be shown, relative addresses as seen from `base`.
pub fn sanitize_at(html: &str, base: Option<&str>) -> String {
    let html = &*bounded(html);
    let html = PIXEL.replace_all(html, "");
    let relative = match base.and_then(|base| Url::parse(base).ok()) {
        Some(base) => UrlRelative::RewriteWithBase(base),
        None => UrlRelative::Deny,
    };
    let mut builder = Builder::default();
    builder
        .link_rel(Some("noopener noreferrer nofollow"))
        .rm_tags(["map", "area"])
        .add_clean_content_tags([
            "iframe", "object", "template", "noscript", "svg", "math", "title",
        ])
        .rm_tag_attributes("img", ["srcset"])
        .url_relative(relative);
    builder.url_schemes(["http", "https", "mailto"].into_iter().collect());
    builder.clean(&html).to_string().trim().to_owned()
}

/// Returns plain text as HTML that shows its paragraphs and lines.
pub fn of_plain(text: &str) -> String {
    let paragraph = |text: &str| {
        let escaped = html_escape::encode_text(text.trim()).replace('\n', "<br>");
        format!("<p>{escaped}</p>")
    };
    text.split("\n\n").filter(|text| !text.trim().is_empty()).map(paragraph).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(sanitize(html), expected, "{html}");
    }

    #[test]
    fn what_runs_or_loads_by_itself_is_gone() {
        check("<p onclick=x()>a<script>alert(1)</script></p>", "<p>a</p>");
        check("<iframe src=//a.example>x</iframe><form><input></form>b", "b");
        check("<p style=\"background:url(x)\">a</p>", "<p>a</p>");
        check("<svg><script>1</script></svg><math>x</math>a", "a");
        check("<meta http-equiv=refresh content=0><base href=//x>a", "a");
    }

    #[test]
    fn only_web_addresses_stay() {
        for bad in
            ["javascript:alert(1)", "JaVa\tScript:x", "data:text/html,x", "vbscript:x", "file:///x"]
        {
            assert!(!sanitize(&format!("<a href=\"{bad}\">x</a>")).contains("href"), "{bad}");
        }
        check(
            "<a href='https://a.example/'>x</a>",
            "<a href=\"https://a.example/\" rel=\"noopener noreferrer nofollow\">x</a>",
        );
    }

    #[test]
    fn tracking_pixels_are_gone_and_images_stay() {
        check("<img src='https://t.example/p' width='1' height='1'>a", "a");
        check("<img height=1 src='https://t.example/p'/>a", "a");
        check(
            "<img src=\"https://a.example/i.png\" width=\"100\">",
            "<img src=\"https://a.example/i.png\" width=\"100\">",
        );
    }

    #[test]
    fn plain_text_keeps_its_lines() {
        assert_eq!(of_plain("a < b\nc\n\nd & e"), "<p>a &lt; b<br>c</p><p>d &amp; e</p>");
    }

    #[test]
    fn relative_addresses_follow_their_page() {
        let html = sanitize_at("<img src=i.png>", Some("https://a.example/blog/post"));
        assert_eq!(html, "<img src=\"https://a.example/blog/i.png\">");
    }
}
