//! What `kind:` may say. `source` knows the kinds that can be read; here stand those that only
//! the settings know, and the options of their own that kinds take.

use crate::source;

/// Kinds that nothing reads yet, with why.
const UNREAD: [(&str, &str); 1] = [("opml", "lists of feeds are not followed yet")];

/// Networks on which a handle names a person. At other kinds it names a site.
const NETWORKS: [&str; 17] = [
    "mastodon",
    "bluesky",
    "x",
    "reddit",
    "github",
    "youtube",
    "hackernews",
    "lobsters",
    "linkedin",
    "medium",
    "devto",
    "lemmy",
    "peertube",
    "pixelfed",
    "stackexchange",
    "threads",
    "instagram",
];

const TOKEN: [&str; 3] = ["token_env", "token_file", "token_credential"];

/// Keys besides the shared ones.
const OPTIONS: [(&str, &[&str]); 11] = [
    ("blog", &["comments", "webmentions", TOKEN[0], TOKEN[1], TOKEN[2]]),
    ("wordpress", &["comments", "webmentions", TOKEN[0], TOKEN[1], TOKEN[2]]),
    ("ghost", &["comments", "webmentions", TOKEN[0], TOKEN[1], TOKEN[2]]),
    ("mastodon", &TOKEN),
    ("lemmy", &TOKEN),
    ("github", &["releases", "commits", "tags", "discussions"]),
    ("reddit", &["feed_token_env", "feed_token_file", "feed_token_credential", "feed_user"]),
    ("youtube", &["channel_id", "playlist_id", "shorts"]),
    ("hackernews", &["query", "min_points"]),
    ("maildir", &["path"]),
    ("opml", &["opml", "use"]),
];

/// Kinds whose `url` is read as it is where no feed follows from it: a feed, or a page that
/// names one.
const PLAIN: [&str; 14] = [
    "syndication",
    "page",
    "blog",
    "newsletter",
    "podcast",
    "bridge",
    "substack",
    "wordpress",
    "ghost",
    "tumblr",
    "microblog",
    "medium",
    "youtube",
    "peertube",
];

/// All names.
pub(super) fn names() -> Vec<&'static str> {
    source::names().into_iter().chain(UNREAD.map(|(name, _)| name)).collect()
}

/// The kind as the registries write it, if there is one.
pub(super) fn kind(name: &str) -> Option<&'static str> {
    names().into_iter().find(|known| *known == name)
}

/// The keys that only this kind takes.
pub(super) fn options(kind: &str) -> &'static [&'static str] {
    OPTIONS.iter().find(|(name, _)| *name == kind).map_or(&[], |(_, options)| *options)
}

/// Kinds whose posts have pages of their own, that may be read where the feed gives a teaser.
const WITH_ARTICLES: [&str; 11] = [
    "syndication",
    "page",
    "blog",
    "newsletter",
    "bridge",
    "substack",
    "wordpress",
    "ghost",
    "tumblr",
    "microblog",
    "medium",
];

/// The kind takes `full`.
pub(super) fn has_articles(kind: &str) -> bool {
    WITH_ARTICLES.contains(&kind)
}

/// A handle of this kind names a person on the network of the same name.
pub(super) fn is_network(kind: &str) -> bool {
    NETWORKS.contains(&kind)
}

/// Its page may be read as it is.
pub(super) fn is_plain(kind: &str) -> bool {
    PLAIN.contains(&kind)
}

/// A service whose profiles lead to nothing that can be read.
pub(super) fn is_closed(kind: &str) -> bool {
    source::shapes::shape(kind).is_some_and(source::shapes::Shape::is_closed)
}

/// Why it cannot be read where nothing leads to a feed: one clause, for the coverage line.
pub(super) fn unread(kind: &str) -> &'static str {
    let own = UNREAD.iter().find(|(name, _)| *name == kind).map(|(_, why)| *why);
    let shape = || source::shapes::shape(kind).map(|shape| shape.unread);
    own.or_else(shape).unwrap_or("it has no address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_these_lists_is_one_that_source_knows() {
        let own = OPTIONS.iter().map(|(name, _)| *name).chain(NETWORKS).chain(PLAIN);
        for name in own {
            assert!(kind(name).is_some(), "{name}");
        }
    }
}
