//! The demo's world as the program comes to know it: through its formats, parsers and rules.

use bellwether::cli::demo::{self, World, render};
use bellwether::config::{self, Config, Surroundings};
use bellwether::model::{Counters, Document, Feed, Post};
use bellwether::normalize;
use bellwether::source::{self, Parsed};
use jiff::Timestamp;

/// The world's `feeds.yaml`, as the program needs it.
pub(crate) fn config() -> Config {
    config::read(demo::feeds_yaml(), "feeds.yaml", &Surroundings::fixed(&[])).unwrap()
}

/// What the server would send for `feed` at `now`, parsed.
pub(crate) fn parsed(world: &World, feed: &Feed, now: Timestamp) -> Parsed {
    let outlet = world.outlets.iter().find(|outlet| outlet.feed == feed.address).unwrap();
    let sent = render(outlet, now);
    let document = Document {
        url: feed.address.clone(),
        content_type: Some(sent.content_type.to_owned()),
        body: sent.body.into_bytes(),
    };
    source::kind(&feed.kind).unwrap().parse(feed, &document).unwrap()
}

/// The posts that `feed` shows at `now`, as they would be kept.
pub(crate) fn posts(
    world: &World,
    feed: &Feed,
    now: Timestamp,
    backlog: bool,
) -> Vec<(Post, Counters)> {
    let parsed = parsed(world, feed, now);
    let context = normalize::Context {
        feed,
        site: parsed.site.as_deref(),
        language: parsed.language.as_deref(),
        seen: now,
        backlog,
    };
    let (posts, problems) = normalize::posts(&parsed.posts, &context);
    assert_eq!(problems, [], "{}", feed.address);
    posts
}
