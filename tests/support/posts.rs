//! Builds posts as the archive takes them.

use bellwether::model::{Author, FeedId, Form, Handle, Post, PostId};
use jiff::Timestamp;

/// An instant, from its RFC 3339 text.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A post of `feed`, seen at 07:00 on 13 October 2026, to be changed by struct update.
pub(crate) fn post(feed: &str, guid: &str) -> Post {
    Post {
        id: PostId::new(&[feed, guid]),
        feed: FeedId::new(&[feed]),
        guid: Some(guid.into()),
        url: Some(format!("https://{feed}.example/{guid}")),
        canonical: Some(format!("{feed}.example/{guid}")),
        aliases: Vec::new(),
        title: Some(format!("Title of {guid}")),
        text: format!("Text of {guid} in {feed}."),
        html: format!("<p>Text of {guid} in {feed}.</p>"),
        language: Some("en".into()),
        author: Author {
            name: "Ines Okafor".into(),
            handles: vec![Handle::new("web", "ines.example")],
        },
        published: Some(at("2026-10-13T06:30:00Z")),
        seen: at("2026-10-13T07:00:00Z"),
        backlog: false,
        form: Form::Article,
        links: vec!["b.example/x".into()],
        mentions: vec![Handle::new("x", "tomas")],
        tags: vec!["search".into()],
        in_reply_to: None,
        repost_of: None,
        quote_of: None,
        poll: false,
        bot: false,
        teaser: None,
        version: 1,
    }
}
