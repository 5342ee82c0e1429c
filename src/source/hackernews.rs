//! Hacker News by Algolia's search: what somebody wrote there, stories by words or points, the
//! front page; with points and comments, which its own feeds lack. Where the search is refused or
//! not understood, the feed is read.
//!
//! A story's guid is its page at Hacker News, as in hnrss.org's feeds, so that it is the same post
//! by either way; the front page has no guids, as its own feed has none.

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{Error, Parsed, Reply, SourceKind, Step, Thread, dialog, lenient, syndication};
use crate::model::{
    Counters, Document, Feed, FeedState, Handle, Post, RawAuthor, RawPost, Request, Validators,
};
use crate::normalize::url::canonical;

const API: &str = "https://hn.algolia.com/api/v1";

/// What a search is expected to bring.
const HITS: &str = "a list of hits";

/// Stories younger than this at the last reading are asked for again, for their counters.
const AGAIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A user, a search, or the front page.
#[derive(Debug)]
pub(super) struct HackerNews;

impl SourceKind for HackerNews {
    fn name(&self) -> &'static str {
        "hackernews"
    }

    fn doc(&self) -> &'static str {
        "a Hacker News user, a search there, or its front page"
    }

    fn api(&self, _handle: &str) -> Option<String> {
        Some(API.to_owned())
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        match search(feed, state) {
            Some(url) => ask(url),
            None => syndication::request(feed, state),
        }
    }

    fn parse(&self, feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        let json = lenient::is_json(document).then(|| found(document, is_front_page(feed)));
        match json {
            Some(Ok(parsed)) => Ok(parsed),
            Some(Err(error @ Error::Unlike { said: Some(_), .. })) => Err(error),
            _ => syndication::read(document).map(syndication::Sheet::into_parsed),
        }
    }

    fn step(&self, feed: &Feed, state: &FeedState, heard: &[Reply]) -> Result<Step, Error> {
        match search(feed, state) {
            Some(url) => dialog::api_or_feed(
                feed,
                heard,
                || ask(url),
                |document| found(document, is_front_page(feed)),
            ),
            None => dialog::one_question(self, feed, state, heard),
        }
    }

    fn thread(&self, feed: &Feed, post: &Post) -> Option<Request> {
        let api = feed.account.as_ref().map_or(API, |account| &account.api);
        Some(ask(format!("{api}/items/{}", item_of(post)?)))
    }

    fn read_thread(&self, _post: &Post, document: &Document) -> Result<Thread, Error> {
        let story: Option<Item> = lenient::read(document, "an item")?;
        let Some(story) = story.filter(|story| story.id.is_some()) else {
            return Err(Error::Unlike { expected: "an item", said: None });
        };
        let mut answers = Vec::new();
        let mut open: Vec<Value> = story.children.into_iter().rev().collect();
        while let Some(value) = open.pop() {
            let Ok(mut item) = serde_json::from_value::<Item>(value) else { continue };
            open.extend(std::mem::take(&mut item.children).into_iter().rev());
            answers.extend(item.answer());
        }
        let replies = u64::try_from(answers.len()).ok();
        let counters = Counters { replies, boosts: story.points, ..Counters::default() };
        Ok(Thread { counters, locked: None, answers })
    }
}

fn ask(url: String) -> Request {
    Request { url, accept: Some(lenient::ACCEPT.to_owned()), validators: Validators::default() }
}

fn is_front_page(feed: &Feed) -> bool {
    feed.account.as_ref().is_some_and(|account| account.handle.is_empty())
        && ["query", "min_points"].iter().all(|option| !feed.options.contains_key(*option))
}

/// The address of the search; `None` where the user gave a plain feed.
fn search(feed: &Feed, state: &FeedState) -> Option<String> {
    let account = feed.account.as_ref()?;
    if is_front_page(feed) {
        return Some(format!("{}/search?tags=front_page&hitsPerPage=50", account.api));
    }
    let mut url = Url::parse(&format!("{}/search_by_date", account.api)).ok()?;
    let mut bounds = Vec::new();
    if let Some(points) = feed.options.get("min_points") {
        bounds.push(format!("points>={points}"));
    }
    if let Some(since) = state.succeeded.and_then(|at| at.checked_sub(AGAIN).ok()) {
        bounds.push(format!("created_at_i>={}", since.as_second()));
    }
    let mut query = url.query_pairs_mut();
    match account.handle.as_str() {
        "" => query.append_pair("tags", "story"),
        name => query.append_pair("tags", &format!("author_{name}")),
    };
    if let Some(words) = feed.options.get("query") {
        query.append_pair("query", words);
    }
    if !bounds.is_empty() {
        query.append_pair("numericFilters", &bounds.join(","));
    }
    query.append_pair("hitsPerPage", "100");
    drop(query);
    Some(url.into())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Search {
    hits: Option<Vec<Value>>,
    #[serde(deserialize_with = "lenient::text")]
    message: Option<String>,
}

/// A story, a comment, a job or a poll.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Hit {
    #[serde(rename = "objectID", deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    author: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    title: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    url: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    story_text: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    comment_text: Option<String>,
    #[serde(deserialize_with = "lenient::count")]
    points: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    num_comments: Option<u64>,
    #[serde(deserialize_with = "lenient::text")]
    story_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    parent_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    created_at: Option<String>,
    #[serde(rename = "_tags", deserialize_with = "lenient::texts")]
    tags: Vec<String>,
}

fn found(document: &Document, front_page: bool) -> Result<Parsed, Error> {
    let search: Search = lenient::read(document, HITS)?;
    let Some(hits) = search.hits else {
        return Err(Error::Unlike { expected: HITS, said: search.message });
    };
    let mut parsed = Parsed { whole: true, ..Parsed::default() };
    let (all, mut problems) = (hits.len(), Vec::new());
    let hits: Vec<Hit> = lenient::elements(hits, "a hit", &mut problems);
    if hits.iter().all(|hit| hit.id.is_none()) && all > 0 {
        return Err(Error::Unlike {
            expected: HITS,
            said: Some("no hit has an `objectID`".to_owned()),
        });
    }
    parsed.posts = hits.into_iter().filter_map(|hit| hit.post(front_page)).collect();
    parsed.problems = problems;
    Ok(parsed)
}

impl Hit {
    /// `None` for what is dead, deleted, or an option of a poll.
    fn post(self, front_page: bool) -> Option<RawPost> {
        let tagged = |tag: &str| self.tags.iter().any(|found| found == tag);
        if tagged("pollopt") {
            return None;
        }
        let poll = tagged("poll");
        let page = item(self.id.as_deref()?);
        let authors = self.author.as_deref().map(author).into_iter().collect();
        if let Some(text) = self.comment_text {
            let above = self.parent_id.or(self.story_id).map(|id| item(&id));
            return Some(RawPost {
                guid: Some(page.clone()),
                link: Some(page),
                content: Some(text),
                authors,
                published: self.created_at,
                in_reply_to: above.into_iter().collect(),
                ..RawPost::default()
            });
        }
        Some(RawPost {
            guid: (!front_page).then(|| page.clone()),
            link: Some(self.url.unwrap_or_else(|| page.clone())),
            title: Some(self.title?),
            content: self.story_text,
            authors,
            published: self.created_at,
            comments: Some(page),
            poll,
            counters: Counters {
                replies: self.num_comments,
                boosts: self.points,
                ..Counters::default()
            },
            ..RawPost::default()
        })
    }
}

/// An item with all that stands below it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    #[serde(deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    parent_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    author: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    text: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    created_at: Option<String>,
    #[serde(deserialize_with = "lenient::count")]
    points: Option<u64>,
    #[serde(deserialize_with = "lenient::list")]
    children: Vec<Value>,
}

impl Item {
    /// `None` where it was deleted.
    fn answer(self) -> Option<RawPost> {
        let page = item(&self.id?);
        let writer = author(&self.author?);
        Some(RawPost {
            guid: Some(page.clone()),
            link: Some(page),
            content: Some(self.text.filter(|text| text != "[dead]")?),
            authors: vec![writer],
            published: self.created_at,
            in_reply_to: self.parent_id.map(|id| item(&id)).into_iter().collect(),
            counters: Counters { boosts: self.points, ..Counters::default() },
            ..RawPost::default()
        })
    }
}

/// The page of a story or comment.
fn item(id: &str) -> String {
    format!("https://news.ycombinator.com/item?id={id}")
}

fn author(name: &str) -> RawAuthor {
    RawAuthor {
        name: Some(name.to_owned()),
        uri: Some(format!("https://news.ycombinator.com/user?id={name}")),
        email: None,
        handle: Some(Handle::new("hackernews", name)),
    }
}

/// The id of a post's page at Hacker News.
fn item_of(post: &Post) -> Option<String> {
    let guid = post.guid.as_deref().and_then(canonical);
    let known = post.canonical.iter().chain(&post.aliases).chain(&guid);
    let ids = known.filter_map(|page| page.strip_prefix("news.ycombinator.com/item?id="));
    ids.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned).next()
}
