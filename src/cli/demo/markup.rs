//! Text into the HTML that a service makes of it, and the names that services give to posts.

use html_escape::{encode_double_quoted_attribute, encode_text};
use jiff::Timestamp;
use pulldown_cmark::{Parser, html};

/// Renders Markdown, as a blog's own program does.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, Parser::new(text));
    out.trim_end().to_owned()
}

/// Joins the lines of each paragraph, as a note is typed.
pub(super) fn flow(text: &str) -> String {
    let joined = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim().split("\n\n").map(joined).collect::<Vec<_>>().join("\n\n")
}

/// Renders a note as Mastodon does: paragraphs, and links for addresses, `#tags` and
/// `@user@host`. `host` is the author's server.
pub(super) fn note(text: &str, host: &str) -> String {
    let linked = |part: &str| {
        let words: Vec<String> = part.split(' ').map(|word| note_word(word, host)).collect();
        format!("<p>{}</p>", words.join(" "))
    };
    flow(text).split("\n\n").map(linked).collect()
}

fn note_word(word: &str, host: &str) -> String {
    if let Some(inner) = word.strip_prefix('(') {
        return format!("({}", note_word(inner, host));
    }
    let body = word.trim_end_matches(['.', ',', ':', ';', '!', '?', ')']);
    let tail = encode_text(&word[body.len()..]).into_owned();
    if body.starts_with("https://") || body.starts_with("http://") {
        return address(body) + &tail;
    }
    if let Some(tag) = body.strip_prefix('#').filter(|tag| !tag.is_empty()) {
        let page = format!("https://{host}/tags/{tag}");
        return format!(
            "<a href=\"{page}\" class=\"mention hashtag\" rel=\"tag\">#<span>{tag}</span></a>{tail}"
        );
    }
    if let Some((user, rest)) = body.strip_prefix('@').and_then(|name| name.split_once('@')) {
        let end = rest.find(|c: char| !c.is_alphanumeric() && !"-.".contains(c));
        let (at, more) = rest.split_at(end.unwrap_or(rest.len()));
        return format!(
            "<span class=\"h-card\" translate=\"no\"><a href=\"https://{at}/@{user}\" \
             class=\"u-url mention\">@<span>{user}</span></a></span>{}{tail}",
            encode_text(more)
        );
    }
    encode_text(word).into_owned()
}

fn address(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let shown: String = rest.chars().take(30).collect();
    let hidden = &rest[shown.len()..];
    let class = if hidden.is_empty() { "" } else { "ellipsis" };
    format!(
        "<a href=\"{}\" target=\"_blank\" rel=\"nofollow noopener noreferrer\" translate=\"no\">\
         <span class=\"invisible\">{scheme}://</span><span class=\"{class}\">{}</span>\
         <span class=\"invisible\">{}</span></a>",
        encode_double_quoted_attribute(url),
        encode_text(&shown),
        encode_text(hidden),
    )
}

/// Tags that a note carries, without `#`, in order.
pub(super) fn tags(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter_map(|word| word.strip_prefix('#'))
        .map(|tag| tag.trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

/// `Segment merges, measured` becomes `segment-merges-measured`.
pub(super) fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// A Mastodon status id: the milliseconds in its upper 48 bits.
pub(super) fn status_id(at: Timestamp) -> String {
    (at.as_millisecond() << 16).to_string()
}

/// A Bluesky record key: the microseconds and ten bits of clock id in sortable base 32.
pub(super) fn record_key(at: Timestamp) -> String {
    const DIGITS: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
    let number = at.as_microsecond() << 10;
    let digit = |place: i64| char::from(DIGITS[(number >> (place * 5) & 31) as usize]);
    (0..13).rev().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_links_addresses_tags_and_names() {
        let html =
            note("Hi @ines@fosstodon.example, see https://a.example/x?b=1&c=2.\n\n#rust", "h");
        assert!(html.starts_with("<p>Hi <span class=\"h-card\""));
        assert!(html.contains("href=\"https://fosstodon.example/@ines\""));
        assert!(html.contains("href=\"https://a.example/x?b=1&amp;c=2\""));
        assert!(html.contains("</p><p><a href=\"https://h/tags/rust\""));
    }

    #[test]
    fn a_name_ends_before_what_is_no_host() {
        let html = note("in @mara@hachyderm.example's numbers", "h");
        assert!(html.contains("href=\"https://hachyderm.example/@mara\""));
        assert!(html.contains("</a></span>'s numbers"));
    }

    #[test]
    fn a_tag_ends_before_punctuation() {
        assert_eq!(tags("a #Rust, #search-day. # b"), ["Rust", "search-day"]);
    }

    #[test]
    fn names_of_later_posts_sort_later() {
        let early: Timestamp = "2026-10-12T10:00:00Z".parse().unwrap();
        let late: Timestamp = "2026-10-12T10:00:01Z".parse().unwrap();
        assert!(status_id(early) < status_id(late));
        assert!(record_key(early) < record_key(late));
        assert_eq!(record_key(early).len(), 13);
        assert!(record_key(early).starts_with('3'), "as today's keys do: {}", record_key(early));
    }
}
