//! Lists of what somebody follows: OPML, exports of Mastodon, Bluesky and LinkedIn, tables, a
//! pasted text.
//!
//! Each is read with forgiveness and gives what it has, in its order, each address once; what
//! it could not make sense of is told beside it.

mod advice;
mod json;
mod mastodon;
mod opml;
mod pasted;
mod table;

use crate::model::Problem;

pub use advice::advice;
pub use json::json;
pub use mastodon::mastodon_csv;
pub use opml::{opml, opml_write};
pub use pasted::pasted;
pub use table::{table, table_write};

/// One line of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// As the list calls it.
    pub title: Option<String>,
    /// A feed's or a page's address, or a handle (`@ines@social.example`).
    pub url: String,
    /// The folder in which it stands; `A/B` for folder B in folder A.
    pub folder: Option<String>,
}

/// Reads a list in whatever form it is: OPML by its tags, a page by its links, JSON, a CSV by its
/// heading, else text.
pub fn any(bytes: &[u8]) -> (Vec<Listed>, Vec<Problem>) {
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if bytes.contains(&0) && !wide {
        return (Vec::new(), vec![Problem::new("the file", "it is no text, so no list")]);
    }
    let text = super::decode::text(bytes, None);
    let start = text.trim_start().get(..5).unwrap_or("").to_ascii_lowercase();
    if start.starts_with('<') {
        // Bookmarks that a browser exported, or a page, have links instead of outlines.
        let list = opml(bytes);
        let links = if list.0.is_empty() { pasted(&text).0 } else { Vec::new() };
        if links.is_empty() { list } else { (links, Vec::new()) }
    } else if text.trim_start().starts_with("Account address") {
        mastodon_csv(bytes)
    } else if let Some(list) = json(&text).or_else(|| table(&text)) {
        list
    } else {
        pasted(&of_bluesky(&text).unwrap_or(text))
    }
}

/// Nothing but names of hosts, one of them Bluesky's own: handles, to which this gives their mark.
fn of_bluesky(text: &str) -> Option<String> {
    let names: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_name = |name: &&str| {
        name.contains('.') && !name.contains(|c: char| c.is_whitespace() || "/:@,".contains(c))
    };
    let all = names.iter().all(is_name);
    (all && names.iter().any(|name| name.ends_with(".bsky.social")))
        .then(|| names.iter().map(|name| format!("@{name}\n")).collect())
}

/// Keeps the first of each address.
fn once(listed: Vec<Listed>) -> Vec<Listed> {
    let mut seen = std::collections::BTreeSet::new();
    listed.into_iter().filter(|one| seen.insert(one.url.to_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_no_list_of_addresses() {
        let (listed, problems) = any(b"\x7fELF\0\0 see https://a.example/bugs \0");
        assert!(listed.is_empty());
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn a_list_is_known_by_its_form() {
        let urls = |bytes: &[u8]| any(bytes).0.into_iter().map(|one| one.url).collect::<Vec<_>>();
        assert_eq!(
            urls(b"<opml><body><outline xmlUrl='https://a.example/f'/></body></opml>"),
            ["https://a.example/f"]
        );
        assert_eq!(
            urls(b"Account address,Show boosts\nines@a.example,true\n"),
            ["@ines@a.example"]
        );
        assert_eq!(
            urls(b"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DT><A HREF=\"https://a.example/\">A</A>"),
            ["https://a.example/"]
        );
        assert_eq!(urls(b"<p>nothing</p>"), [""; 0]);
        assert_eq!(
            urls(b"https://a.example/f\n@ines@a.example"),
            ["https://a.example/f", "@ines@a.example"]
        );
    }
}
