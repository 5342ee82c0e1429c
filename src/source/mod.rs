//! The kinds of places that posts come from, each with its request and its parser.
//!
//! A kind with a format of its own is one file here and two lines (`mod`, [`KINDS`]); a service
//! that only needs its feed's address is one row of `shapes`. Both are pure: `fetch` sends what
//! `request` says and `parse` reads what came back.

mod answer;
pub mod around;
pub mod article;
mod bluesky;
pub mod decode;
pub mod dialog;
pub mod discover;
mod error;
mod github;
mod hackernews;
mod lenient;
pub mod lists;
mod lobsters;
mod mastodon;
pub mod page;
mod rebase;
mod reddit;
pub mod shapes;
pub mod syndication;
mod xml;
mod youtube;

use jiff::SignedDuration;

use crate::model::{Counters, Document, Feed, FeedState, Post, Problem, RawPost, Request};

pub use dialog::{Reply, Step};
pub use error::Error;

/// One kind of place.
pub trait SourceKind: Sync {
    /// Its name in `feeds.yaml`.
    fn name(&self) -> &'static str;

    /// One clause: what it is.
    fn doc(&self) -> &'static str;

    /// The base address of the service's API for an account; `None` for kinds that are read by
    /// a feed or a page alone.
    fn api(&self, _handle: &str) -> Option<String> {
        None
    }

    /// Says what to ask for first.
    fn request(&self, feed: &Feed, state: &FeedState) -> Request;

    /// Reads a whole answer.
    ///
    /// # Errors
    /// Where nothing of it can be kept; a bad entry is a [`Problem`] instead.
    fn parse(&self, feed: &Feed, document: &Document) -> Result<Parsed, Error>;

    /// What a person can do about a refusal with this status that the service has reasons of its
    /// own for, `failing` for so long; `None`: what the status says everywhere.
    fn advice(&self, _feed: &Feed, _status: u16, _failing: SignedDuration) -> Option<String> {
        None
    }

    /// Asks for the conversation below `post`, where the service has one request for it: its
    /// counters, whether it is locked, the answers.
    fn thread(&self, _feed: &Feed, _post: &Post) -> Option<Request> {
        None
    }

    /// Reads what `thread` asked for.
    ///
    /// # Errors
    /// Where nothing of it can be used.
    fn read_thread(&self, _post: &Post, _document: &Document) -> Result<Thread, Error> {
        Err(Error::NotAFeed { looks_like: "a conversation".to_owned() })
    }

    /// Says what to do after what was `heard` in this poll, oldest first; nothing at its begin.
    /// A kind that needs more than one question has its own.
    ///
    /// # Errors
    /// As `parse`.
    fn step(&self, feed: &Feed, state: &FeedState, heard: &[Reply]) -> Result<Step, Error> {
        dialog::one_question(self, feed, state, heard)
    }
}

/// The conversation below a post.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thread {
    /// Of the post itself.
    pub counters: Counters,
    /// Nobody can answer any more; `None`: not told.
    pub locked: Option<bool>,
    /// Answers, in the order of the document, each with `in_reply_to`.
    pub answers: Vec<RawPost>,
}

/// What a document held.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// The feed's own title, plain text.
    pub title: Option<String>,
    /// The page that it is the feed of, absolute.
    pub site: Option<String>,
    /// Language tag.
    pub language: Option<String>,
    /// How long the feed says it need not be asked again.
    pub ttl: Option<SignedDuration>,
    /// Hours of the day, 0–23 in UTC, in which nobody need ask.
    pub skip_hours: Vec<u8>,
    /// English names of days on which nobody need ask.
    pub skip_days: Vec<String>,
    /// It says that it will never change again.
    pub expired: bool,
    /// It ended where it should: its validators may be kept.
    pub whole: bool,
    /// Where to ask from now on, if that is not the feed's own address.
    pub found: Option<String>,
    /// In the document's order.
    pub posts: Vec<RawPost>,
    /// What was wrong with single entries.
    pub problems: Vec<Problem>,
}

/// Kinds with a format of their own. Services read as plain feeds stand in [`shapes::SHAPES`].
pub const KINDS: [&dyn SourceKind; 9] = [
    &syndication::Syndication,
    &page::Page,
    &mastodon::Mastodon,
    &bluesky::Bluesky,
    &hackernews::HackerNews,
    &lobsters::Lobsters,
    &reddit::Reddit,
    &youtube::YouTube,
    &github::GitHub,
];

/// Returns the kind of that name, with a format of its own or a service.
pub fn kind(name: &str) -> Option<&'static dyn SourceKind> {
    let own = KINDS.into_iter().find(|kind| kind.name() == name);
    own.or_else(|| shapes::shape(name).map(|shape| shape as &dyn SourceKind))
}

/// The names of all kinds, for `feeds.yaml` and its hints.
pub fn names() -> Vec<&'static str> {
    let services = shapes::SHAPES.iter().map(|shape| shape.kind);
    let own = KINDS.iter().map(|kind| kind.name());
    own.clone()
        .chain(services.filter(|service| !own.clone().any(|name| name == *service)))
        .collect()
}
