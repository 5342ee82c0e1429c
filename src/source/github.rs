//! GitHub: a repository's releases, commits, tags or discussions as they are, and of an account's
//! activity what people say: releases, discussions, what they open and what they answer.
//!
//! Pushes, stars, forks, branches and the like are left out; they are most of it. What an entry
//! holds is a page's piece with avatars and dates: of that the words alone are kept.

use scraper::{ElementRef, Html, Selector};

use super::{Error, Parsed, SourceKind, syndication};
use crate::model::{Document, Feed, FeedState, RawPost, Request};

/// An account's activity, or a repository's.
#[derive(Debug)]
pub(super) struct GitHub;

impl SourceKind for GitHub {
    fn name(&self) -> &'static str {
        "github"
    }

    fn doc(&self) -> &'static str {
        "a GitHub profile, or a repository's releases"
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        syndication::request(feed, state)
    }

    fn parse(&self, _feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        let mut parsed = syndication::read(document).map(syndication::Sheet::into_parsed)?;
        parsed.posts = parsed.posts.into_iter().filter_map(said).collect();
        Ok(parsed)
    }
}

/// What happened, of an entry of an account's activity: `PushEvent`.
fn event(post: &RawPost) -> Option<&str> {
    let rest = post.guid.as_deref()?.strip_prefix("tag:github.com,2008:")?;
    rest.split_once('/').map(|(event, _)| event).filter(|event| event.ends_with("Event"))
}

/// The post that is said by an entry; `None` for noise.
fn said(post: RawPost) -> Option<RawPost> {
    let Some(event) = event(&post) else { return Some(post) };
    let opened = || post.title.as_deref().is_some_and(|title| title.contains(" opened "));
    match event {
        "ReleaseEvent" | "DiscussionEvent" => Some(worded(post)),
        "IssuesEvent" | "PullRequestEvent" if opened() => Some(worded(post)),
        "IssueCommentEvent"
        | "PullRequestReviewCommentEvent"
        | "DiscussionCommentEvent"
        | "CommitCommentEvent" => Some(answer(worded(post))),
        _ => None,
    }
}

/// A comment lies below the page that it stands on.
fn answer(mut post: RawPost) -> RawPost {
    let page = post.link.as_deref().and_then(|link| link.split('#').next()).map(str::to_owned);
    post.in_reply_to.extend(page);
    post
}

/// Keeps of the page's piece the subject as title and the words as content, where both are where
/// they were; else it stays whole.
fn worded(mut post: RawPost) -> RawPost {
    let Some(content) = post.content.as_deref() else { return post };
    let piece = Html::parse_fragment(content);
    let first = |selector| piece.select(&Selector::parse(selector).ok()?).next();
    let subject = first("[aria-label] .Link--primary, a[aria-label]")
        .map(|link| link.text().collect::<String>());
    let words = first("div.lh-condensed").map(|words| words.inner_html()).or_else(|| {
        let parts = first(".markdown-body")?.child_elements().filter(|part| !is_byline(*part));
        Some(parts.map(|part| part.html()).collect())
    });
    if let Some(subject) = subject.filter(|subject| !subject.trim().is_empty()) {
        post.title = Some(subject.trim().to_owned());
    }
    if let Some(words) = words.filter(|words| !words.trim().is_empty()) {
        post.content = Some(words);
    }
    post
}

/// Avatar, name and date above a comment.
fn is_byline(part: ElementRef<'_>) -> bool {
    part.value().classes().any(|class| class == "f6")
}
