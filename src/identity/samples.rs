//! Invented people, feeds and posts for the tests of identity, rank, agenda and digest.

use jiff::Timestamp;

use crate::model::{Author, DEFAULT_WEIGHT, Feed, FeedId, Form, Handle, Person, Post, PostId};

/// Makes a person with handles of (network, name).
pub(crate) fn person(slug: &str, name: &str, handles: &[(&str, &str)]) -> Person {
    Person {
        slug: slug.into(),
        name: name.into(),
        also: Vec::new(),
        circles: Vec::new(),
        weight: DEFAULT_WEIGHT,
        cadence: None,
        promote: false,
        handles: handles.iter().map(|(network, name)| Handle::new(network, name)).collect(),
        pages: Vec::new(),
    }
}

/// Makes a feed that is called by its address.
pub(crate) fn feed(address: &str, owner: Option<&str>) -> Feed {
    Feed {
        id: FeedId::new(&[address]),
        address: address.into(),
        name: address.into(),
        kind: "syndication".into(),
        owner: owner.map(Into::into),
        select: None,
        account: None,
        options: Default::default(),
        secret: false,
        unreadable: None,
    }
}

/// Makes an article without a word in it, seen at `at("2026-10-13T05:00:00Z")`.
pub(crate) fn post(feed: FeedId, id: &str, author: &str, handles: &[(&str, &str)]) -> Post {
    let handles = handles.iter().map(|(network, name)| Handle::new(network, name)).collect();
    Post {
        id: PostId::new(&[&feed.to_string(), id]),
        feed,
        guid: Some(id.into()),
        url: Some(format!("https://posts.example/{id}")),
        canonical: Some(format!("posts.example/{id}")),
        aliases: Vec::new(),
        title: None,
        text: String::new(),
        html: String::new(),
        language: Some("en".into()),
        author: Author { name: author.into(), handles },
        published: None,
        seen: at("2026-10-13T05:00:00Z"),
        backlog: false,
        form: Form::Article,
        links: Vec::new(),
        mentions: Vec::new(),
        tags: Vec::new(),
        in_reply_to: None,
        repost_of: None,
        quote_of: None,
        poll: false,
        bot: false,
        teaser: None,
        version: 1,
    }
}

/// Reads an instant.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant in a test")
}
