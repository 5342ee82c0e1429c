//! Asking addresses what they are, before they are followed.
//!
//! Nothing is kept here but with the client: it answers the poll that follows from what was seen,
//! so that a server is asked once for both.

use std::future::Future;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;

use crate::config::write::{Ask, Sample, Seen};
use crate::fetch::{Answer, Client, Failure};
use crate::model::{Document, Feed, FeedId, FeedState, RawPost, Request, Select};
use crate::normalize::{self, html};
use crate::source::discover::{self, COMMON_PATHS};
use crate::source::{self, Error, Parsed, SourceKind, around};
use crate::text;

/// Posts that are told of a feed.
const SAMPLE: usize = 3;
/// The widest title of them.
const TITLE_COLUMNS: usize = 72;

/// Asks all of `asks` at the client's pace, and returns what each is, in their order; `None` for
/// those not reached before `stop` was ready. `tell` hears of each as it comes.
pub async fn look(
    client: &Client,
    asks: &[Ask],
    stop: impl Future<Output = ()>,
    tell: &mut dyn FnMut(&Ask, &Seen),
) -> Vec<Option<Seen>> {
    let mut seen: Vec<Option<Seen>> = asks.iter().map(|_| None).collect();
    let asking: FuturesUnordered<_> = asks
        .iter()
        .enumerate()
        .map(|(place, ask)| async move { (place, one(client, ask).await) })
        .collect();
    let mut answers = asking.take_until(Box::pin(stop));
    while let Some((place, answer)) = answers.next().await {
        tell(&asks[place], &answer);
        seen[place] = Some(answer);
    }
    seen
}

async fn one(client: &Client, ask: &Ask) -> Seen {
    if let Some(why) = &ask.unreadable {
        return Seen::Unreadable { why: why.clone() };
    }
    let Some(kind) = source::kind(&ask.kind) else {
        return Seen::Unreadable { why: format!("`{}` cannot be read", ask.kind) };
    };
    let request = kind.request(&feed(ask), &FeedState::default());
    let document = match get(client, &request).await {
        Ok(document) => document,
        Err(seen) => return seen,
    };
    match parse(kind, ask, document.clone()).await {
        Ok(parsed) => of_feed(&parsed),
        Err(Error::HtmlPage { feeds }) => page(client, kind, ask, document, feeds).await,
        Err(error) => Seen::Other { what: error.to_string() },
    }
}

/// A page: the feed that it names, if that is no choice, or one where feeds usually lie.
async fn page(
    client: &Client,
    kind: &'static dyn SourceKind,
    ask: &Ask,
    document: Document,
    feeds: Vec<discover::Found>,
) -> Seen {
    let html = source::decode::text(&document.body, document.content_type.as_deref());
    let (title, me) = (discover::name(&html), discover::rel_me(&html, &document.url));
    let feeds = discover::choices(feeds);
    let blogrolls = around::blogrolls(&html, &document.url);
    let likely = COMMON_PATHS.iter().filter_map(|path| {
        let url = normalize::url::resolve(&document.url, path)?;
        Some(discover::Found { url, title: None })
    });
    match feeds.as_slice() {
        [] => {
            for found in likely {
                let feed = read(client, kind, ask, &found.url).await;
                if matches!(feed, Some(Seen::Feed { .. })) {
                    return Seen::Page {
                        title,
                        feeds: vec![found],
                        named: false,
                        me,
                        feed: feed.map(Box::new),
                        entries: None,
                        blogrolls,
                    };
                }
            }
            let entries = around::h_feed(&html);
            let feed = match &entries {
                Some(select) => marked_up(ask, select, document).await.map(Box::new),
                None => None,
            };
            Seen::Page { title, feeds, named: false, me, feed, entries, blogrolls }
        }
        [only] => {
            let feed = read(client, kind, ask, &only.url).await.map(Box::new);
            Seen::Page { title, feeds, named: true, me, feed, entries: None, blogrolls }
        }
        _ => Seen::Page { title, feeds, named: true, me, feed: None, entries: None, blogrolls },
    }
}

/// A page's own entries, found by what they are marked up with.
async fn marked_up(ask: &Ask, select: &Select, document: Document) -> Option<Seen> {
    let feed = Feed { select: Some(select.clone()), ..feed(ask) };
    let work = tokio::task::spawn_blocking(move || source::page::Page.parse(&feed, &document));
    work.await.ok()?.ok().map(|parsed| of_feed(&parsed))
}

/// What lies at `url`, if it can be read.
async fn read(
    client: &Client,
    kind: &'static dyn SourceKind,
    ask: &Ask,
    url: &str,
) -> Option<Seen> {
    let request = Request {
        url: url.to_owned(),
        accept: None,
        ..kind.request(&feed(ask), &FeedState::default())
    };
    let document = get(client, &request).await.ok()?;
    parse(kind, ask, document).await.ok().map(|parsed| of_feed(&parsed))
}

async fn get(client: &Client, request: &Request) -> Result<Document, Seen> {
    match client.look(request).await {
        Answer::Document { document, .. } => Ok(document),
        Answer::Unchanged { .. } => Err(Seen::Other { what: "the answer is empty".to_owned() }),
        Answer::Failed(failure) => Err(silent(&failure)),
    }
}

fn silent(failure: &Failure) -> Seen {
    Seen::Silent { why: failure.to_string(), hint: failure.hint(), offline: failure.is_offline() }
}

/// Reads on a blocking thread; a parser's panic is no more than a document that is no feed.
async fn parse(
    kind: &'static dyn SourceKind,
    ask: &Ask,
    document: Document,
) -> Result<Parsed, Error> {
    let feed = feed(ask);
    let work = tokio::task::spawn_blocking(move || kind.parse(&feed, &document));
    work.await.unwrap_or_else(|_| {
        Err(Error::NotAFeed { looks_like: "something that the parser fails on".to_owned() })
    })
}

fn of_feed(parsed: &Parsed) -> Seen {
    let mut posts: Vec<Sample> = parsed.posts.iter().filter_map(sample).collect();
    // Undated ones keep their order, behind those that have a date.
    posts.sort_by_key(|post| std::cmp::Reverse(post.at));
    let newest: Option<Timestamp> = posts.first().and_then(|post| post.at);
    posts.truncate(SAMPLE);
    Seen::Feed {
        title: parsed.title.clone(),
        posts: parsed.posts.len(),
        newest,
        sample: posts,
        site: parsed.site.clone(),
    }
}

fn sample(post: &RawPost) -> Option<Sample> {
    let written = post.published.as_deref().or(post.updated.as_deref());
    let at = written.and_then(normalize::date::lenient);
    let title = post.title.as_deref().map(html::title).filter(|title| !title.is_empty());
    let text = || post.content.as_deref().or(post.summary.as_deref()).map(html::plain);
    let title = title.or_else(text).unwrap_or_default();
    Some(Sample { title: text::shorten(&title, TITLE_COLUMNS), at })
}

fn feed(ask: &Ask) -> Feed {
    Feed {
        id: FeedId::new(&[&ask.address]),
        address: ask.address.clone(),
        name: ask.address.clone(),
        kind: ask.kind.clone(),
        owner: None,
        select: None,
        account: None,
        options: Default::default(),
        secret: false,
        unreadable: None,
    }
}
