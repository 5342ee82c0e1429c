//! The digest as CommonMark that reads as well in a terminal as rendered.
//!
//! A screen of at most 26 lines of 100 columns, a rule, then every item again with its reasons
//! and posts. Ids are shortcut reference links, defined once at the end.

use super::escape::url;
use super::{View, detail, screen};
use crate::model::Digest;

/// Renders a digest.
pub fn markdown(digest: &Digest, view: &View) -> String {
    let mut lines = screen::lines(digest, view);
    if digest.shown().next().is_some() {
        lines.extend(["".to_owned(), "---".to_owned()]);
        for (section, item) in digest.shown() {
            lines.extend(detail::lines(section, item, digest.now));
        }
        lines.push(String::new());
        lines.extend(definitions(digest));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// `[t3fd]: https://…`, once for each id.
fn definitions(digest: &Digest) -> impl Iterator<Item = String> {
    digest.shown().filter_map(|(_, item)| Some(format!("[{}]: {}", item.id, url(&item.url)?)))
}
