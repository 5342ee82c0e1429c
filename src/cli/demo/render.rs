//! An outlet at an instant, as the document that its server would send.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::world::{Format, Outlet, Seen};
use super::{atom, json, markup, page, rss};

/// What a server sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// For `Content-Type`.
    pub content_type: &'static str,
    /// In UTF-8.
    pub body: String,
    /// The instant of the newest change in it.
    pub modified: Timestamp,
}

/// Renders `outlet` as it stands at `now`.
pub fn render(outlet: &Outlet, now: Timestamp) -> Rendered {
    let seen = outlet.seen(now);
    let modified = seen.iter().map(|one| one.updated).max().unwrap_or(super::begins());
    let (content_type, body) = match outlet.format {
        Format::Rss | Format::News => (RSS, rss::blog(outlet, &seen, modified)),
        Format::Mastodon => (RSS, rss::mastodon(outlet, &seen, modified)),
        Format::Bluesky => ("text/xml; charset=utf-8", rss::bluesky(outlet, &seen)),
        Format::Links => (RSS, rss::links(outlet, &seen)),
        Format::Atom => (ATOM, atom::blog(outlet, &seen, modified)),
        Format::Forum => (ATOM, atom::forum(outlet, &seen, modified)),
        Format::Videos => ("text/xml; charset=UTF-8", atom::videos(outlet, &seen)),
        Format::Releases => (ATOM, atom::releases(outlet, &seen, modified)),
        Format::Json => ("application/feed+json", json::feed(outlet, &seen)),
        Format::Page => ("text/html; charset=utf-8", page::page(outlet, &seen)),
    };
    Rendered { content_type, body, modified }
}

const RSS: &str = "application/rss+xml; charset=utf-8";
const ATOM: &str = "application/atom+xml; charset=utf-8";

/// The page of an entry: as given, else as such a service makes it. A forum's entry is its
/// thread, whatever story it links.
pub(super) fn link(outlet: &Outlet, seen: &Seen<'_>) -> String {
    let entry = seen.entry;
    if let Some(link) = entry.link.as_ref().filter(|_| outlet.format != Format::Forum) {
        return link.clone();
    }
    let home = outlet.home.trim_end_matches('/');
    match outlet.format {
        Format::Mastodon => format!("{home}/{}", markup::status_id(entry.at)),
        Format::Bluesky => format!("{home}/post/{}", markup::record_key(entry.at)),
        Format::Forum => format!("{home}/comments/{}", forum_path(seen)),
        Format::Videos => format!("https://video.example/watch?v={}", video_id(entry.at)),
        Format::Releases => format!("{home}/tag/{}", tag(seen)),
        _ => format!("{home}/2026/10/{}", markup::slug(entry.title.as_deref().unwrap_or("note"))),
    }
}

fn forum_path(seen: &Seen<'_>) -> String {
    let slug = markup::slug(seen.entry.title.as_deref().unwrap_or("")).replace('-', "_");
    format!("{}/{slug}/", forum_id(seen.entry.at))
}

/// The tag behind a release: `v0.9.0` for `ferric-index 0.9.0`.
pub(super) fn tag(seen: &Seen<'_>) -> String {
    let version = seen.entry.title.as_deref().unwrap_or_default().rsplit(' ').next();
    format!("v{}", version.unwrap_or_default())
}

/// A forum's name for a thread.
pub(super) fn forum_id(at: Timestamp) -> String {
    let key = markup::record_key(at);
    key[4..10].to_owned()
}

/// A video's name: eleven characters.
pub(super) fn video_id(at: Timestamp) -> String {
    markup::record_key(at)[..11].to_owned()
}

/// `Tue, 13 Oct 2026 05:30:00 +0000`, as RSS wants it.
pub(super) fn rfc2822(at: Timestamp) -> String {
    DateTimePrinter::new().timestamp_to_string(&at).expect("a year between 0 and 9999")
}

/// The host of an address.
pub(super) fn host(address: &str) -> &str {
    let place = address.split_once("://").map_or(address, |(_, place)| place);
    place.split('/').next().unwrap_or(place)
}
