//! RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF and JSON Feed.
//!
//! The way of a document: `decode` makes text of it, `xml` cuts that into a head and its
//! entries and forgives what is broken, `strict` gives feed-rs well-formed entries in batches,
//! and `entry` and `head` read beside it what feed-rs loses (dates as written, threads,
//! comments, the channel's author). JSON is read directly: feed-rs refuses a whole JSON Feed
//! for one numeric id.

mod entry;
mod fields;
mod head;
mod json;
mod sheet;
mod strict;

use crate::model::{Document, Feed, FeedState, Request};

use super::{Error, Parsed, SourceKind, decode, discover, xml};
pub use sheet::{Enclosure, Entry, Head, Sheet};

/// What a feed is asked for in, the best first.
pub const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
    application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5";

/// Any syndication feed.
#[derive(Debug)]
pub struct Syndication;

impl SourceKind for Syndication {
    fn name(&self) -> &'static str {
        "syndication"
    }

    fn doc(&self) -> &'static str {
        "an RSS, Atom, RDF or JSON feed"
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        request(feed, state)
    }

    fn parse(&self, _feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        read(document).map(Sheet::into_parsed)
    }
}

/// Asks for the feed's address as it is, or for the one that its page named.
pub(super) fn request(feed: &Feed, state: &FeedState) -> Request {
    Request {
        url: state.found.clone().unwrap_or_else(|| feed.address.clone()),
        accept: Some(ACCEPT.to_owned()),
        validators: state.validators.clone(),
    }
}

/// Reads a document with everything in it that the standards name. Relative addresses are
/// resolved against `xml:base` and the document's own URL, where it has one.
///
/// # Errors
/// Only where there is nothing to keep: no feed at all, or one cut off in its first entry.
pub fn read(document: &Document) -> Result<Sheet, Error> {
    let text = decode::text(&document.body, document.content_type.as_deref());
    let text = text.trim_start();
    if text.is_empty() {
        return Err(Error::Empty);
    }
    if text.starts_with(['{', '[']) {
        return json::read(text, &document.url);
    }
    if discover::is_html(text) {
        return Err(Error::HtmlPage { feeds: discover::feeds_in_page(text, &document.url) });
    }
    if !text.contains('<') {
        return Err(Error::NotAFeed { looks_like: looks_like(&document.body) });
    }
    let reading = xml::read(text)?;
    match reading.root.name.as_str() {
        "rss" | "rdf:rdf" | "rdf" | "channel" | "feed" | "entry" => {
            if reading.truncated && reading.entries.is_empty() {
                return Err(Error::Truncated);
            }
            Ok(sheet::from_xml(reading, &document.url))
        }
        "html" => Err(Error::HtmlPage { feeds: discover::feeds_in_page(text, &document.url) }),
        "" => Err(Error::NotAFeed { looks_like: looks_like(&document.body) }),
        name => Err(Error::NotAFeed { looks_like: format!("an XML document <{name}>") }),
    }
}

fn looks_like(body: &[u8]) -> String {
    let known: [(&[u8], &str); 6] = [
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1f\x8b", "packed data"),
    ];
    let found = known.iter().find(|(magic, _)| body.starts_with(magic));
    match found {
        Some((_, name)) => (*name).to_owned(),
        None if body.contains(&0) => "binary data".to_owned(),
        None => "plain text".to_owned(),
    }
}
