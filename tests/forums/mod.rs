//! Forums and works: what Hacker News, Lobsters, Reddit, YouTube and GitHub become, which
//! questions each takes, and what is left when one is refused.

mod dialogs;
mod fixtures;
mod loopback;
mod recorded;

use bellwether::model::{Account, Document, Feed, FeedId, FeedState, Post};
use bellwether::normalize::{self, Context};
use bellwether::source::{self, Parsed, Reply, SourceKind, Step};

const SEEN: &str = "2026-12-01T00:00:00Z";

/// A feed of that kind; with a handle, one that its API reads.
fn feed(kind: &str, handle: Option<&str>) -> Feed {
    let address = format!("https://feeds.example/{kind}");
    let api = || source::kind(kind)?.api(handle?);
    Feed {
        id: FeedId::new(&[&address]),
        address,
        name: kind.to_owned(),
        kind: kind.to_owned(),
        owner: None,
        select: None,
        account: api().map(|api| Account { handle: handle.unwrap().to_owned(), api }),
        options: Default::default(),
        secret: false,
        unreadable: None,
    }
}

fn document(body: impl Into<Vec<u8>>) -> Document {
    Document { url: String::new(), content_type: None, body: body.into() }
}

fn fixture(name: &str) -> Document {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    document(std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}")))
}

fn kind(name: &str) -> &'static dyn SourceKind {
    source::kind(name).unwrap()
}

fn posts(feed: &Feed, parsed: &Parsed) -> Vec<Post> {
    let ctx = Context {
        feed,
        site: parsed.site.as_deref(),
        language: parsed.language.as_deref(),
        seen: SEEN.parse().unwrap(),
        backlog: false,
    };
    normalize::posts(&parsed.posts, &ctx).0.into_iter().map(|(post, _)| post).collect()
}

/// Each post as `title | text | its links | what it answers | replies, points`.
fn told(feed: &Feed, parsed: &Parsed) -> Vec<String> {
    let shown = |(post, raw): (&Post, &bellwether::model::RawPost)| {
        let some =
            |text: &str| if text.is_empty() { "-".to_owned() } else { text.replace('\n', "⏎") };
        let number = |count: Option<u64>| count.map_or("-".to_owned(), |count| count.to_string());
        format!(
            "{} | {} | {} | {} | {} {}",
            some(post.title.as_deref().unwrap_or("")),
            some(&post.text),
            post.url.as_deref().unwrap_or("-"),
            post.in_reply_to.as_deref().unwrap_or("-"),
            number(raw.counters.replies),
            number(raw.counters.boosts),
        )
    };
    posts(feed, parsed).iter().zip(&parsed.posts).map(shown).collect()
}

fn handles(post: &Post) -> Vec<&str> {
    post.author.handles.iter().map(|handle| handle.as_str()).collect()
}

/// The address that the kind asks for after `heard`.
#[track_caller]
fn asks(feed: &Feed, state: &FeedState, heard: &[Reply]) -> String {
    match kind(&feed.kind).step(feed, state, heard).unwrap() {
        Step::Ask(request) => request.url,
        step => panic!("{step:?}"),
    }
}

#[track_caller]
fn done(feed: &Feed, heard: &[Reply]) -> Parsed {
    match kind(&feed.kind).step(feed, &FeedState::default(), heard).unwrap() {
        Step::Done(parsed) => parsed,
        step => panic!("{step:?}"),
    }
}

fn came(asked: &str, document: Document) -> Reply {
    Reply::Document { asked: asked.to_owned(), document }
}
