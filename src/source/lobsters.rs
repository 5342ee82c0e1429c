//! Lobsters by its JSON, which is unsupported and has changed its shape several times: users as
//! names or as objects, `depth` or `indent_level`, `last_edited_at` or `updated_at`. Where it is
//! refused or not understood, the RSS is read, which counts nothing.
//!
//! Somebody's comments come as RSS only; each lies below its story.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Error, Parsed, Reply, SourceKind, Step, Thread, dialog, lenient, syndication};
use crate::model::{
    Counters, Document, Feed, FeedState, Handle, Post, Problem, RawAuthor, RawPost, Request,
    Validators,
};

const SITE: &str = "https://lobste.rs";

/// A user, a tag, a domain, or the front page.
#[derive(Debug)]
pub(super) struct Lobsters;

impl SourceKind for Lobsters {
    fn name(&self) -> &'static str {
        "lobsters"
    }

    fn doc(&self) -> &'static str {
        "a Lobsters user or tag"
    }

    fn api(&self, _handle: &str) -> Option<String> {
        Some(SITE.to_owned())
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        match &feed.account {
            Some(account) => ask(stories_at(&account.api, &account.handle), lenient::ACCEPT),
            None => syndication::request(feed, state),
        }
    }

    fn parse(&self, _feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        match lenient::is_json(document) {
            true => stories(document),
            false => syndication::read(document).map(syndication::Sheet::into_parsed),
        }
    }

    fn step(&self, feed: &Feed, state: &FeedState, heard: &[Reply]) -> Result<Step, Error> {
        let Some(account) = &feed.account else {
            return dialog::one_question(self, feed, state, heard);
        };
        let is_user = !account.handle.is_empty() && !account.handle.contains('/');
        // What the stories took: the JSON, or the JSON in vain and the feed.
        let json = heard.first().and_then(Reply::document);
        let took = if json.is_some_and(|json| stories(json).is_ok()) { 1 } else { 2 };
        let (told, comments) = heard.split_at(took.min(heard.len()));
        let first = || self.request(feed, state);
        match (dialog::api_or_feed(feed, told, first, stories)?, comments.first()) {
            (Step::Done(_), None) if is_user => {
                let url = format!("{}/~{}/comments.rss", account.api, account.handle);
                Ok(Step::Ask(ask(url, syndication::ACCEPT)))
            }
            (Step::Done(mut parsed), Some(Reply::Document { document, .. })) => {
                add_comments(&mut parsed, document);
                Ok(Step::Done(parsed))
            }
            (step, _) => Ok(step),
        }
    }

    fn thread(&self, feed: &Feed, post: &Post) -> Option<Request> {
        let site = feed.account.as_ref().map_or(SITE, |account| &account.api);
        let mut known = post.canonical.iter().chain(&post.aliases);
        let id = known.find_map(|page| page.strip_prefix("lobste.rs/s/"))?;
        Some(ask(format!("{site}/s/{id}.json"), lenient::ACCEPT))
    }

    fn read_thread(&self, _post: &Post, document: &Document) -> Result<Thread, Error> {
        let story: Story = lenient::read(document, "a story")?;
        let Some(page) = story.page() else {
            return Err(Error::Unlike { expected: "a story", said: None });
        };
        let counters = story.counters();
        let mut problems = Vec::new();
        let comments = lenient::elements(story.comments, "a comment", &mut problems);
        Ok(Thread { counters, locked: None, answers: tree(comments, &page) })
    }
}

fn ask(url: String, accept: &str) -> Request {
    Request { url, accept: Some(accept.to_owned()), validators: Validators::default() }
}

fn stories_at(site: &str, handle: &str) -> String {
    match handle {
        "" => format!("{site}/hottest.json"),
        list if list.contains('/') => format!("{site}/{list}.json"),
        user => format!("{site}/~{user}/stories.json"),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Story {
    #[serde(deserialize_with = "lenient::text")]
    short_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    title: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    url: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    description: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    comments_url: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    created_at: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    last_edited_at: Option<String>,
    #[serde(deserialize_with = "lenient::count")]
    score: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    comment_count: Option<u64>,
    submitter_user: Value,
    #[serde(deserialize_with = "lenient::texts")]
    tags: Vec<String>,
    #[serde(deserialize_with = "lenient::list")]
    comments: Vec<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Comment {
    #[serde(deserialize_with = "lenient::text")]
    short_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    comment: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    created_at: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    last_edited_at: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    updated_at: Option<String>,
    #[serde(deserialize_with = "lenient::count")]
    score: Option<u64>,
    #[serde(deserialize_with = "lenient::text")]
    parent_comment: Option<String>,
    #[serde(deserialize_with = "lenient::count")]
    depth: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    indent_level: Option<u64>,
    #[serde(deserialize_with = "lenient::yes")]
    is_deleted: bool,
    #[serde(deserialize_with = "lenient::yes")]
    is_moderated: bool,
    commenting_user: Value,
}

fn stories(document: &Document) -> Result<Parsed, Error> {
    let list: Vec<Value> = lenient::read(document, "a list of stories")?;
    let (all, mut parsed) = (list.len(), Parsed { whole: true, ..Parsed::default() });
    let stories: Vec<Story> = lenient::elements(list, "a story", &mut parsed.problems);
    parsed.posts = stories.into_iter().filter_map(Story::post).collect();
    if parsed.posts.is_empty() && all > 0 {
        return Err(Error::Unlike { expected: "a list of stories", said: None });
    }
    Ok(parsed)
}

impl Story {
    /// As the RSS has it for a guid.
    fn page(&self) -> Option<String> {
        self.short_id.as_deref().map(|id| format!("{SITE}/s/{id}"))
    }

    fn counters(&self) -> Counters {
        Counters { replies: self.comment_count, boosts: self.score, ..Counters::default() }
    }

    fn post(self) -> Option<RawPost> {
        let page = self.page()?;
        let counters = self.counters();
        let discussion = self.comments_url.unwrap_or_else(|| page.clone());
        Some(RawPost {
            guid: Some(page),
            link: Some(self.url.unwrap_or_else(|| discussion.clone())),
            title: Some(self.title?),
            content: self.description,
            authors: author(&self.submitter_user),
            published: self.created_at,
            updated: self.last_edited_at,
            tags: self.tags,
            comments: Some(discussion),
            counters,
            ..RawPost::default()
        })
    }
}

/// Comments come in the order of the page, each after the one that it answers: below it, where
/// `parent_comment` does not name it, stands what is deeper.
fn tree(comments: Vec<Comment>, story: &str) -> Vec<RawPost> {
    let mut above: BTreeMap<u64, String> = BTreeMap::new();
    let mut answers = Vec::new();
    for comment in comments {
        let Some(id) = comment.short_id else { continue };
        let page = comment_page(&id);
        let depth = comment.depth.or(comment.indent_level).unwrap_or(0);
        above.split_off(&depth);
        let named = comment.parent_comment.as_deref().map(comment_page);
        let parent = named.or_else(|| above.values().next_back().cloned());
        above.insert(depth, page.clone());
        if comment.is_deleted || comment.is_moderated {
            continue;
        }
        answers.push(RawPost {
            guid: Some(page.clone()),
            link: Some(page),
            content: comment.comment,
            authors: author(&comment.commenting_user),
            published: comment.created_at,
            updated: comment.last_edited_at.or(comment.updated_at),
            in_reply_to: vec![parent.unwrap_or_else(|| story.to_owned())],
            counters: Counters { boosts: comment.score, ..Counters::default() },
            ..RawPost::default()
        });
    }
    answers
}

fn comment_page(id: &str) -> String {
    format!("{SITE}/c/{id}")
}

/// A name, or until 2023 an object that holds it.
fn author(user: &Value) -> Vec<RawAuthor> {
    let name = user.as_str().or_else(|| user.get("username")?.as_str());
    let author = |name: &str| RawAuthor {
        name: Some(name.to_owned()),
        uri: Some(format!("{SITE}/~{name}")),
        email: None,
        handle: Some(Handle::new("lobsters", name)),
    };
    name.map(author).into_iter().collect()
}

/// Adds what somebody answered elsewhere. A page of comments that cannot be read is a problem of
/// theirs alone.
fn add_comments(parsed: &mut Parsed, document: &Document) {
    match syndication::read(document).map(syndication::Sheet::into_parsed) {
        Ok(comments) => {
            parsed.problems.extend(comments.problems);
            parsed.posts.extend(comments.posts.into_iter().map(below_its_story));
        }
        Err(error) => {
            parsed.problems.push(Problem::new("comments", error.to_string()));
        }
    }
}

/// A comment's link is a place on its story's page; its own page is its guid.
fn below_its_story(comment: RawPost) -> RawPost {
    let own = comment.guid.clone().filter(|guid| guid.contains("/c/"));
    let is_story = |url: &&String| url.contains("/s/");
    let story = comment.link.iter().chain(&comment.comments).find(is_story);
    let story = story.and_then(|url| url.split('#').next()).map(str::to_owned);
    RawPost {
        link: own.or(comment.link),
        title: None,
        comments: None,
        in_reply_to: story.into_iter().collect(),
        ..comment
    }
}
