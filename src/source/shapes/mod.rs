//! Services whose profiles have a feed: from a profile's address or a handle to the feed's.
//!
//! A row is all that a service needs that has no format of its own. A service that cannot be
//! read at all has a row too, with the reason, so that the coverage line can give it.

mod table;

use url::Url;

use crate::model::{Document, Feed, FeedState, Request};

use super::{Error, Parsed, SourceKind, syndication};
pub use table::SHAPES;

/// One service.
pub struct Shape {
    /// Its name in `feeds.yaml`.
    pub kind: &'static str,
    /// One clause: what it is.
    pub doc: &'static str,
    /// Why it cannot be read where neither an address nor a handle leads to a feed.
    pub unread: &'static str,
    /// The handle that a profile's address holds, if it is one of this service's.
    pub handle: fn(&Page) -> Option<String>,
    /// As `handle`, where the user has said that it is this service: any host will do.
    pub handle_anywhere: fn(&Page) -> Option<String>,
    /// The feed of a handle; `None` where a handle does not lead to one.
    pub feed: fn(&str) -> Option<String>,
}

/// An address in the pieces by which services are known.
#[derive(Debug)]
pub struct Page {
    /// In lower case, without `www.`, with a port that is not the scheme's.
    pub host: String,
    /// Without empty ones.
    pub segments: Vec<String>,
    /// Without the question mark.
    pub query: String,
    /// Scheme, host and port: `https://a.example`.
    pub origin: String,
}

impl Page {
    /// Takes an http or https address apart.
    pub fn of(url: &str) -> Option<Page> {
        let url = Url::parse(url.trim()).ok()?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let mut host = url.host_str()?.trim_start_matches("www.").to_owned();
        if let Some(port) = url.port() {
            host.push_str(&format!(":{port}"));
        }
        let segments = url.path_segments()?.filter(|part| !part.is_empty()).map(str::to_owned);
        Some(Page {
            host,
            segments: segments.collect(),
            query: url.query().unwrap_or("").to_owned(),
            origin: url.origin().ascii_serialization(),
        })
    }

    /// The segments, so that they can be matched on.
    pub fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The value of a query parameter, as written.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty())
    }
}

impl SourceKind for Shape {
    fn name(&self) -> &'static str {
        self.kind
    }

    fn doc(&self) -> &'static str {
        self.doc
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        syndication::request(feed, state)
    }

    fn parse(&self, _feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        syndication::read(document).map(syndication::Sheet::into_parsed)
    }
}

/// Networks that show nothing without an account.
const CLOSED: [&str; 6] = ["x", "linkedin", "instagram", "threads", "facebook", "tiktok"];

impl Shape {
    /// A network whose profiles nobody can read from outside.
    pub fn is_closed(&self) -> bool {
        CLOSED.contains(&self.kind)
    }
}

/// A profile that was recognized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The service.
    pub kind: &'static str,
    /// The name there: `ines@social.example`, `priya_n`, `r/rust`.
    pub handle: String,
    /// Its feed, where it has one that its handle leads to.
    pub feed: Option<String>,
}

/// Returns the service of that name.
pub fn shape(kind: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.kind == kind)
}

/// Returns the address of the feed of a handle or a profile's address at `kind`; `None` where
/// there is none, or where it can only be found by reading a page.
pub fn feed_of(kind: &str, handle_or_url: &str) -> Option<String> {
    let shape = shape(kind)?;
    let handle = handle_of(kind, handle_or_url)?;
    (shape.feed)(&handle)
}

/// Returns the page that people see of a handle at `kind`, where its feed's address does not lead
/// to it and the page may name the person's other profiles.
pub fn page_of(kind: &str, handle: &str) -> Option<String> {
    match (kind, handle.rsplit_once('@')) {
        ("mastodon", Some((user, host))) => Some(format!("https://{host}/@{user}")),
        ("github", None) if !handle.contains('/') => Some(format!("https://github.com/{handle}")),
        _ => None,
    }
}

/// Returns the handle that `handle_or_url` is or holds, as `kind` writes it.
pub fn handle_of(kind: &str, handle_or_url: &str) -> Option<String> {
    let shape = shape(kind)?;
    match Page::of(handle_or_url) {
        Some(page) => (shape.handle)(&page).or_else(|| (shape.handle_anywhere)(&page)),
        None => {
            let handle = handle_or_url.trim();
            let handle = handle.strip_prefix('@').unwrap_or(handle);
            let plain = !handle.is_empty() && !handle.contains(char::is_whitespace);
            plain.then(|| handle.to_owned())
        }
    }
}

/// Returns the service and handle that an address or a handle of unmistakable form names:
/// `@ines@social.example`, `@tomas.example`, `u/priya_n`, `r/rust`, a channel's id.
pub fn recognize(url_or_handle: &str) -> Option<Hit> {
    let text = url_or_handle.trim();
    let (shape, handle) = match Page::of(text) {
        Some(page) => SHAPES.iter().find_map(|shape| Some((shape, (shape.handle)(&page)?)))?,
        None => by_form(text)?,
    };
    Some(Hit { kind: shape.kind, feed: (shape.feed)(&handle), handle })
}

fn by_form(text: &str) -> Option<(&'static Shape, String)> {
    if text.is_empty() || text.contains(char::is_whitespace) || text.contains(':') {
        return None;
    }
    let is_host = |host: &str| host.contains('.') && !host.starts_with('.') && !host.ends_with('.');
    let (kind, handle) = match text.strip_prefix('@') {
        Some(rest) => match rest.split_once('@') {
            Some((user, host)) if !user.is_empty() && is_host(host) => ("mastodon", rest),
            None if is_host(rest) && !rest.contains('/') => ("bluesky", rest),
            _ => return None,
        },
        None => {
            let text = text.strip_prefix('/').unwrap_or(text);
            let is_reddit = text.starts_with("u/") || text.starts_with("r/");
            let is_channel = text.len() == 24 && text.starts_with("UC");
            match () {
                () if is_reddit && text.len() > 3 => ("reddit", text),
                () if is_channel => ("youtube", text),
                () if text.ends_with(".bsky.social") => ("bluesky", text),
                () => return None,
            }
        }
    };
    Some((shape(kind)?, handle.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, kind: &str, handle: &str, feed: &str) {
        let hit = recognize(text).unwrap_or_else(|| panic!("{text}"));
        let feed = Some(feed).filter(|feed| !feed.is_empty());
        assert_eq!(
            (hit.kind, hit.handle.as_str(), hit.feed.as_deref()),
            (kind, handle, feed),
            "{text}"
        );
    }

    #[test]
    fn profiles_lead_to_their_feeds() {
        for (text, kind, handle, feed) in [
            (
                "https://social.example/@ines",
                "mastodon",
                "ines@social.example",
                "https://social.example/@ines.rss",
            ),
            (
                "@ines@social.example",
                "mastodon",
                "ines@social.example",
                "https://social.example/@ines.rss",
            ),
            (
                "https://bsky.app/profile/tomas.example",
                "bluesky",
                "tomas.example",
                "https://bsky.app/profile/tomas.example/rss",
            ),
            (
                "@tomas.example",
                "bluesky",
                "tomas.example",
                "https://bsky.app/profile/tomas.example/rss",
            ),
            ("https://github.com/inesok", "github", "inesok", "https://github.com/inesok.atom"),
            (
                "https://github.com/inesok/ferric-index",
                "github",
                "inesok/ferric-index",
                "https://github.com/inesok/ferric-index/releases.atom",
            ),
            (
                "https://www.reddit.com/user/priya_n/",
                "reddit",
                "u/priya_n",
                "https://www.reddit.com/user/priya_n/.rss",
            ),
            (
                "https://old.reddit.com/r/rust",
                "reddit",
                "r/rust",
                "https://www.reddit.com/r/rust/.rss",
            ),
            ("u/priya_n", "reddit", "u/priya_n", "https://www.reddit.com/user/priya_n/.rss"),
            (
                "https://www.youtube.com/channel/UCexampleexampleexample0",
                "youtube",
                "UCexampleexampleexample0",
                "https://www.youtube.com/feeds/videos.xml?channel_id=UCexampleexampleexample0",
            ),
            ("https://www.youtube.com/@ines", "youtube", "@ines", ""),
            ("https://medium.com/@ines", "medium", "@ines", "https://medium.com/feed/@ines"),
            (
                "https://ines.medium.com/",
                "medium",
                "ines.medium.com",
                "https://ines.medium.com/feed",
            ),
            (
                "https://priya.substack.com/p/x",
                "substack",
                "priya.substack.com",
                "https://priya.substack.com/feed",
            ),
            ("https://ines.tumblr.com", "tumblr", "ines.tumblr.com", "https://ines.tumblr.com/rss"),
            (
                "https://ines.micro.blog/",
                "microblog",
                "ines.micro.blog",
                "https://ines.micro.blog/feed.xml",
            ),
            (
                "https://stackoverflow.com/users/12/ines",
                "stackexchange",
                "stackoverflow.com/users/12",
                "https://stackoverflow.com/feeds/user/12",
            ),
            ("https://dev.to/ines", "devto", "ines", "https://dev.to/feed/ines"),
            (
                "https://lobste.rs/~pnair",
                "lobsters",
                "pnair",
                "https://lobste.rs/~pnair/stories.rss",
            ),
            ("https://lobste.rs/t/rust", "lobsters", "t/rust", "https://lobste.rs/t/rust.rss"),
            (
                "https://news.ycombinator.com/user?id=mlq",
                "hackernews",
                "mlq",
                "https://hnrss.org/submitted?id=mlq",
            ),
            (
                "https://lemmy.world/c/rust",
                "lemmy",
                "c/rust@lemmy.world",
                "https://lemmy.world/feeds/c/rust.xml?sort=New",
            ),
            ("https://x.com/mlq", "x", "mlq", ""),
            ("https://www.linkedin.com/in/mlq", "linkedin", "in/mlq", ""),
        ] {
            check(text, kind, handle, feed);
        }
    }

    #[test]
    fn what_is_no_profile_is_not_recognized() {
        for text in [
            "https://a.example/",
            "https://a.example/feed.xml",
            "hello",
            "ines@mail.example",
            "",
            "https://github.com/",
            "https://medium.com/",
            "https://bsky.app/",
            "@",
            "@a@b",
            "https://x.com/home",
        ] {
            assert_eq!(recognize(text), None, "{text}");
        }
    }

    #[test]
    fn the_users_word_opens_any_host() {
        for (kind, text, feed) in [
            ("mastodon", "https://ines.example/users/ines", "https://ines.example/@ines.rss"),
            (
                "peertube",
                "https://tube.example/a/ines/videos",
                "https://tube.example/feeds/videos.xml?accountName=ines",
            ),
            (
                "peertube",
                "ines@tube.example",
                "https://tube.example/feeds/videos.xml?accountName=ines",
            ),
            ("pixelfed", "https://pix.example/ines", "https://pix.example/users/ines.atom"),
            (
                "lemmy",
                "https://lem.example/u/ines",
                "https://lem.example/feeds/u/ines.xml?sort=New",
            ),
            ("wordpress", "https://ines.example/blog/", "https://ines.example/blog/feed/"),
            ("ghost", "https://ines.example", "https://ines.example/rss/"),
            ("substack", "https://letter.example/", "https://letter.example/feed"),
            ("lobsters", "https://lobste.rs/t/search.json", "https://lobste.rs/t/search.rss"),
            ("hackernews", "mlq", "https://hnrss.org/submitted?id=mlq"),
            ("reddit", "priya_n", "https://www.reddit.com/user/priya_n/.rss"),
            ("bluesky", "did:plc:abc", "https://bsky.app/profile/did:plc:abc/rss"),
            ("arxiv", "cs.IR", "https://rss.arxiv.org/rss/cs.IR"),
        ] {
            assert_eq!(feed_of(kind, text).as_deref(), Some(feed), "{kind} {text}");
        }
        assert_eq!(feed_of("linkedin", "https://www.linkedin.com/in/mlq"), None);
        assert_eq!(feed_of("nosuch", "x"), None);
    }
}
