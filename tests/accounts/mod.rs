//! Accounts read by their services' interfaces: what is asked, what the answers become.

mod bluesky;
mod mastodon;
mod recorded;
mod whole_way;

use bellwether::model::{
    Account, Counters, Document, Feed, FeedId, FeedState, Post, Request, Validators,
};
use bellwether::normalize::{self, Context};
use bellwether::source::{self, Error, Parsed, Reply, Step};

use crate::support::files;

fn feed(kind: &str, handle: &str, api: &str, address: &str) -> Feed {
    Feed {
        id: FeedId::new(&[address]),
        address: address.to_owned(),
        name: handle.to_owned(),
        kind: kind.to_owned(),
        owner: None,
        select: None,
        account: Some(Account { handle: handle.to_owned(), api: api.to_owned() }),
        options: Default::default(),
        secret: false,
        unreadable: None,
    }
}

fn fixture(name: &str) -> String {
    files::read(&format!("tests/fixtures/{name}"))
}

fn document(url: &str, body: impl Into<Vec<u8>>) -> Document {
    Document { url: url.to_owned(), content_type: None, body: body.into() }
}

fn answer(url: &str, body: impl Into<Vec<u8>>) -> Reply {
    Reply::Document { asked: url.to_owned(), document: document(url, body) }
}

fn step(feed: &Feed, state: &FeedState, heard: &[Reply]) -> Result<Step, Error> {
    source::kind(&feed.kind).unwrap().step(feed, state, heard)
}

/// What is asked next.
#[track_caller]
fn asked(feed: &Feed, state: &FeedState, heard: &[Reply]) -> Request {
    match step(feed, state, heard).unwrap() {
        Step::Ask(request) => request,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn done(feed: &Feed, state: &FeedState, heard: &[Reply]) -> Parsed {
    match step(feed, state, heard).unwrap() {
        Step::Done(parsed) => parsed,
        other => panic!("{other:?}"),
    }
}

/// A state after a poll that found `url` and its validators.
fn found(url: &str) -> FeedState {
    let validators = Validators { etag: Some("W/\"1\"".to_owned()), ..Validators::default() };
    let first_read = Some("2026-06-01T00:00:00Z".parse().unwrap());
    FeedState { found: Some(url.to_owned()), validators, first_read, ..FeedState::default() }
}

/// The posts as they are kept.
fn kept(feed: &Feed, parsed: &Parsed) -> Vec<(Post, Counters)> {
    let ctx = Context {
        feed,
        site: parsed.site.as_deref(),
        language: parsed.language.as_deref(),
        seen: "2026-09-01T00:00:00Z".parse().unwrap(),
        backlog: false,
    };
    let (posts, problems) = normalize::posts(&parsed.posts, &ctx);
    assert_eq!(problems, []);
    posts
}

/// The post whose guid ends so.
#[track_caller]
fn by_guid<'a>(posts: &'a [(Post, Counters)], end: &str) -> &'a (Post, Counters) {
    let has = |post: &Post| post.guid.as_deref().is_some_and(|guid| guid.ends_with(end));
    posts.iter().find(|(post, _)| has(post)).unwrap_or_else(|| panic!("no post {end}"))
}

fn counted(replies: u64, boosts: u64, likes: u64) -> Counters {
    Counters { replies: Some(replies), boosts: Some(boosts), likes: Some(likes), views: None }
}

fn handles(post: &Post) -> Vec<&str> {
    post.author.handles.iter().map(|handle| handle.as_str()).collect()
}
