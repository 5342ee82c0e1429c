//! A post as it was published, and the same post as it is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FeedId, Handle, PostId};

/// An author as a feed names one. Nothing is guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawAuthor {
    /// `dc:creator`, `atom:name`, or the text of RSS `author`.
    pub name: Option<String>,
    /// `atom:uri`, JSON Feed `url`.
    pub uri: Option<String>,
    /// `atom:email`.
    pub email: Option<String>,
    /// As a service's API names the account.
    pub handle: Option<Handle>,
}

/// As published, nothing guessed: strings as the document has them, URLs made absolute.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RawPost {
    /// `guid`, `atom:id`, JSON Feed `id`; `None` where the document has none.
    pub guid: Option<String>,
    /// The page of the post (`rel=alternate`).
    pub link: Option<String>,
    /// Title; may hold HTML or entities.
    pub title: Option<String>,
    /// Short form, HTML.
    pub summary: Option<String>,
    /// Full form, HTML.
    pub content: Option<String>,
    /// All that are named, in order.
    pub authors: Vec<RawAuthor>,
    /// The date's text as written, in whatever form.
    pub published: Option<String>,
    /// The date's text as written, in whatever form.
    pub updated: Option<String>,
    /// Categories and tags, in order.
    pub tags: Vec<String>,
    /// Page of the discussion (RSS `comments`).
    pub comments: Option<String>,
    /// Feed of the discussion (`wfw:commentRss`, `link rel=replies`).
    pub comment_feed: Option<String>,
    /// `thr:in-reply-to` refs and hrefs.
    pub in_reply_to: Vec<String>,
    /// Other addresses and URIs that are this post (ActivityPub id, at-uri).
    pub aliases: Vec<String>,
    /// The post that this one repeats with no word of its own.
    pub repost_of: Option<String>,
    /// The post that this one shows and speaks of.
    pub quote_of: Option<String>,
    /// Accounts that the service says it names.
    pub mentions: Vec<RawAuthor>,
    /// It asks by a poll.
    pub poll: bool,
    /// Its author's account says that a program writes.
    pub bot: bool,
    /// Media that come with it: URLs. Never fetched.
    pub enclosures: Vec<String>,
    /// Language tag, of the entry or its feed.
    pub language: Option<String>,
    /// What the feed counts (`slash:comments`, `thr:count`, `media:statistics`).
    pub counters: Counters,
}

/// Counters at one instant; `None` = not reported, which is not zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Answers, comments.
    pub replies: Option<u64>,
    /// Boosts, reposts, shares, points of a forum.
    pub boosts: Option<u64>,
    /// Likes, favourites, stars.
    pub likes: Option<u64>,
    /// Views.
    pub views: Option<u64>,
}

impl Counters {
    /// Nothing was reported.
    pub fn is_empty(&self) -> bool {
        *self == Counters::default()
    }
}

/// Counters and when they were seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// When.
    pub at: Timestamp,
    /// What.
    pub counters: Counters,
}

/// What a post is like; decides how fast it goes cold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A note on a social network.
    Micro,
    /// A thread opener at a forum or link site.
    Forum,
    /// A blog post, news, a paper.
    Article,
    /// A video.
    Video,
}

/// Who wrote a post, as far as its feed tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// To be shown; may be empty.
    pub name: String,
    /// Handles read from name, address and link; sorted.
    pub handles: Vec<Handle>,
}

/// A post as kept. It never changes in place: an edit is a new version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Given once, at first sight.
    pub id: PostId,
    /// The feed in which it was seen first.
    pub feed: FeedId,
    /// As published.
    pub guid: Option<String>,
    /// The page of the post, as published (absolute).
    pub url: Option<String>,
    /// `normalize::url::canonical` of `url`: its identity across feeds, without a scheme.
    pub canonical: Option<String>,
    /// Canonical forms of other URLs that are this post (discussion page, at-uri, guid URL).
    pub aliases: Vec<String>,
    /// Plain text; `None` for notes without one.
    pub title: Option<String>,
    /// Plain text of the longest form published; paragraphs divided by blank lines.
    pub text: String,
    /// The same, sanitised HTML.
    pub html: String,
    /// What the feed says of it, where `text` and `html` are of its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teaser: Option<String>,
    /// ISO 639-1 where there is one (`en`), else 639-3; `None` where unknown.
    pub language: Option<String>,
    /// Who wrote it.
    pub author: Author,
    /// When it says it was published; `None` where it does not, or absurdly (before 1990, or
    /// more than a day after it was seen).
    pub published: Option<Timestamp>,
    /// When the post was seen first. An edit keeps it: it moves no post in time.
    pub seen: Timestamp,
    /// Already there when its feed was first read: archived, never announced as new.
    pub backlog: bool,
    /// What it is like.
    pub form: Form,
    /// Canonical URLs that its text links to, in order, itself left out.
    pub links: Vec<String>,
    /// Handles named in the text, in order.
    pub mentions: Vec<Handle>,
    /// Lower-case tags without `#`, in order.
    pub tags: Vec<String>,
    /// Canonical URL or id of what it answers.
    pub in_reply_to: Option<String>,
    /// Handle or canonical URL of what it repeats (a boost, a retweet).
    pub repost_of: Option<String>,
    /// Canonical URL or id of the post that it shows and speaks of.
    pub quote_of: Option<String>,
    /// It asks by a poll.
    pub poll: bool,
    /// Its author's account says that a program writes.
    pub bot: bool,
    /// 1 for the first, and one more for each edit.
    pub version: u32,
}

impl Post {
    /// When it belongs in time: its published instant if it was backlog, else when it was seen.
    /// `None`: undated backlog, which is old.
    pub fn instant(&self) -> Option<Timestamp> {
        if self.backlog { self.published } else { Some(self.seen) }
    }

    /// The title, else the first line of the text; possibly empty.
    pub fn heading(&self) -> &str {
        let title = self.title.as_deref().unwrap_or("").trim();
        if title.is_empty() { self.text.lines().next().unwrap_or("").trim() } else { title }
    }
}
