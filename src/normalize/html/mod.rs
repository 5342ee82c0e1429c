//! HTML as feeds carry it: what it says in plain text, what of it is safe, what it links to.
//!
//! `plain` walks the tree that html5ever builds, without recursion; `title` is for one line;
//! `sanitize` is ammonia's; `anchors` keeps what tells a mention from a link.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

mod anchors;
mod plain;
mod sanitize;

pub use anchors::{Anchor, anchors, links};
pub use plain::{plain, title};
pub use sanitize::{of_plain, sanitize, sanitize_at};

/// The longest HTML that is looked at, in bytes; the rest is cut.
pub const MAX_BYTES: usize = 200_000;

/// The most tags of one text that are read.
const MAX_TAGS: usize = 10_000;

/// The most formatting elements that may be open at a time. html5ever opens them all again in
/// each paragraph that follows, so that its work grows with their square.
const MAX_FORMATTING: usize = 50;

/// Elements that HTML §13.2.4.3 opens again.
static FORMATTING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b[^<>]*>?")
        .expect("a fixed pattern that was tested")
});

/// Returns what is looked at of `html`: its beginning, without formatting where nobody closes it.
fn bounded(html: &str) -> Cow<'_, str> {
    let html = &html[..html.floor_char_boundary(MAX_BYTES.min(html.len()))];
    let end = html.match_indices('<').nth(MAX_TAGS).map_or(html.len(), |(at, _)| at);
    let html = &html[..end];
    let mut open = 0usize;
    for tag in FORMATTING.captures_iter(html) {
        open = if tag[1].is_empty() { open + 1 } else { open.saturating_sub(1) };
        if open > MAX_FORMATTING {
            return FORMATTING.replace_all(html, "");
        }
    }
    Cow::Borrowed(html)
}

/// Tells whether `text` holds anything that HTML would take for a tag.
pub(super) fn has_markup(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let next = text[at + 1..].chars().next();
        next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!'))
    })
}
