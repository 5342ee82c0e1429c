//! JSON Feed 1.1.

use serde_json::{Value, json};

use super::markup;
use super::render::link;
use super::world::{Outlet, Seen};

/// A blog.
pub(super) fn feed(outlet: &Outlet, seen: &[Seen<'_>]) -> String {
    let items: Vec<Value> = seen.iter().map(|one| item(outlet, one)).collect();
    let document = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": outlet.home,
        "feed_url": outlet.feed,
        "language": outlet.language,
        "authors": [{ "name": outlet.author, "url": outlet.home }],
        "items": items,
    });
    format!("{document:#}\n")
}

fn item(outlet: &Outlet, seen: &Seen<'_>) -> Value {
    let page = link(outlet, seen);
    let mut item = json!({
        "id": page,
        "url": page,
        "title": seen.title,
        "content_html": markup::markdown(seen.text),
        "date_published": seen.entry.at,
        "tags": seen.entry.tags,
    });
    if seen.updated != seen.entry.at {
        item["date_modified"] = json!(seen.updated);
    }
    item
}
