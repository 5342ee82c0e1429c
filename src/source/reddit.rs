//! Reddit: a user's or subreddit's Atom, best by the token of the user's own feeds, since without
//! one it is refused more often than not; and the listings in JSON, where such an address is given
//! as `feed:` and Reddit answers it, for points and comments.
//!
//! It is asked every half hour at most. Reading a thread takes an account, and is not done.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{Error, Parsed, SourceKind, lenient, syndication};
use crate::model::{
    Counters, Document, Feed, FeedState, Handle, Problem, RawAuthor, RawPost, Request,
};

const SITE: &str = "https://www.reddit.com";

/// The shortest time between two polls.
const PACE: SignedDuration = SignedDuration::from_mins(30);

/// A user or a subreddit.
#[derive(Debug)]
pub(super) struct Reddit;

impl SourceKind for Reddit {
    fn name(&self) -> &'static str {
        "reddit"
    }

    fn doc(&self) -> &'static str {
        "a Reddit user or subreddit"
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        syndication::request(feed, state)
    }

    fn parse(&self, _feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        let mut parsed = match lenient::is_json(document) {
            true => listing(document)?,
            false => {
                let mut parsed =
                    syndication::read(document).map(syndication::Sheet::into_parsed)?;
                parsed.posts.iter_mut().for_each(unwrapped);
                parsed.posts.iter_mut().for_each(below_its_thread);
                parsed
            }
        };
        parsed.ttl = Some(parsed.ttl.unwrap_or_default().max(PACE));
        Ok(parsed)
    }

    fn advice(&self, feed: &Feed, status: u16, _failing: SignedDuration) -> Option<String> {
        let refused = matches!(status, 401 | 403 | 429) && !feed.secret;
        refused.then(|| {
            "Reddit answers programs by a token of yours: take it from reddit.com/prefs/feeds \
             (the text after `feed=`), keep it in an environment variable, and write \
             `feed_token_env: NAME_OF_IT` with `feed_user: YOUR_NAME`"
                .to_owned()
        })
    }
}

/// A post with a picture comes as a table: in its first cell the picture, with the title as what
/// it shows; that cell is left out.
fn unwrapped(post: &mut RawPost) {
    let Some(content) = &mut post.content else { return };
    if !content.trim_start().starts_with("<table>") {
        return;
    }
    if let (Some(from), Some(to)) = (content.find("<td>"), content.find("</td>")) {
        let is_picture = content.get(from..to).is_some_and(|cell| cell.contains("<img "));
        if is_picture {
            content.replace_range(from..to + "</td>".len(), "");
        }
    }
}

/// A comment's entry says `/u/somebody on A title`; it answers the thread that it stands in.
fn below_its_thread(post: &mut RawPost) {
    if !post.guid.as_deref().is_some_and(|guid| guid.starts_with("t1_")) {
        return;
    }
    post.title = None;
    let link = post.link.as_deref().unwrap_or_default();
    let thread = link.split_once("/comments/").and_then(|(_, rest)| rest.split('/').next());
    post.in_reply_to.extend(thread.map(|id| format!("{SITE}/comments/{id}")));
}

/// A post (`t3`) or a comment (`t1`).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Thing {
    #[serde(deserialize_with = "lenient::text")]
    name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    author: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    title: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    permalink: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    context: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    url: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    selftext_html: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    body_html: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    subreddit: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    link_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    parent_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    crosspost_parent: Option<String>,
    #[serde(deserialize_with = "lenient::count")]
    score: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    num_comments: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    created_utc: Option<u64>,
    #[serde(deserialize_with = "lenient::count")]
    edited: Option<u64>,
    #[serde(deserialize_with = "lenient::yes")]
    is_self: bool,
    poll_data: Value,
    replies: Value,
}

/// One listing, or the two of a thread's page: the post, and the comments below it.
fn listing(document: &Document) -> Result<Parsed, Error> {
    let answer: Value = lenient::read(document, "a listing")?;
    let says = ["message", "reason"].iter().find_map(|key| answer.get(key)?.as_str());
    let code = answer.get("error").and_then(Value::as_u64).map(|code| format!("error {code}"));
    if let Some(says) = says.map(str::to_owned).or(code) {
        return Err(Error::Unlike { expected: "a listing", said: Some(says) });
    }
    let is_listing = |value: &Value| value.get("kind").and_then(Value::as_str) == Some("Listing");
    let roots = answer.as_array().cloned().unwrap_or_else(|| vec![answer]);
    if !roots.iter().any(is_listing) {
        return Err(Error::Unlike { expected: "a listing", said: None });
    }
    let mut parsed = Parsed { whole: true, ..Parsed::default() };
    let mut open: Vec<Value> = roots.into_iter().rev().collect();
    while let Some(mut value) = open.pop() {
        let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        let data = value.get_mut("data").map(Value::take).unwrap_or_default();
        match kind.as_str() {
            "Listing" => {
                let children = data.get("children").and_then(Value::as_array);
                open.extend(children.into_iter().flatten().rev().cloned());
            }
            "t1" | "t3" => match serde_json::from_value::<Thing>(data) {
                Ok(mut thing) => {
                    open.push(std::mem::take(&mut thing.replies));
                    parsed.posts.extend(if kind == "t3" { thing.post() } else { thing.comment() });
                }
                Err(error) => {
                    let text = format!("not understood: {error}");
                    parsed.problems.push(Problem::new("a post", text));
                }
            },
            _ => {}
        }
    }
    Ok(parsed)
}

impl Thing {
    fn post(self) -> Option<RawPost> {
        let page = absolute(self.permalink.as_deref()?);
        let counters =
            Counters { replies: self.num_comments, boosts: self.score, ..Counters::default() };
        // As its feed writes it, so that both ways give one text.
        let linked = self.url.filter(|url| !self.is_self && url.contains("://"));
        let tail = linked.map(|url| {
            let url = html_escape::encode_double_quoted_attribute(&url).into_owned();
            let who = self.author.as_deref().unwrap_or("[deleted]");
            format!(
                " submitted by <a href=\"{SITE}/user/{who}\"> /u/{who} </a> <span><a href=\"{url}\">\
                 [link]</a></span> <span><a href=\"{page}\">[comments]</a></span>"
            )
        });
        let text = self.selftext_html.as_deref().map(unescaped).unwrap_or_default();
        Some(RawPost {
            guid: Some(self.name?),
            link: Some(page),
            title: Some(self.title?),
            content: Some(text + &tail.unwrap_or_default()),
            authors: author(self.author),
            published: self.created_utc.and_then(instant),
            updated: self.edited.filter(|at| *at > 1).and_then(instant),
            tags: self.subreddit.into_iter().collect(),
            quote_of: self.crosspost_parent.as_deref().and_then(|name| thing(name, "")),
            poll: self.poll_data.is_object(),
            counters,
            ..RawPost::default()
        })
    }

    /// `None` for one that was deleted or removed.
    fn comment(self) -> Option<RawPost> {
        let text = unescaped(self.body_html.as_deref()?);
        if self.author.as_deref() == Some("[deleted]") {
            return None;
        }
        let name = self.name?;
        let thread = self.link_id.as_deref().and_then(|name| name.strip_prefix("t3_"));
        let parent = self.parent_id.as_deref().and_then(|name| thing(name, thread.unwrap_or("_")));
        let own = || thing(&name, thread?);
        let page = self.permalink.or(self.context).map(|path| absolute(&path)).or_else(own);
        Some(RawPost {
            guid: Some(name.clone()),
            link: page,
            content: Some(text),
            authors: author(self.author),
            published: self.created_utc.and_then(instant),
            updated: self.edited.filter(|at| *at > 1).and_then(instant),
            tags: self.subreddit.into_iter().collect(),
            in_reply_to: parent.into_iter().collect(),
            counters: Counters { boosts: self.score, ..Counters::default() },
            ..RawPost::default()
        })
    }
}

/// The page of `t3_1abc`, or of the comment `t1_k2` in that thread.
fn thing(name: &str, thread: &str) -> Option<String> {
    match name.split_once('_')? {
        ("t3", id) => Some(format!("{SITE}/comments/{id}")),
        ("t1", id) => Some(format!("{SITE}/comments/{thread}/_/{id}")),
        _ => None,
    }
}

fn absolute(path: &str) -> String {
    if path.starts_with('/') { format!("{SITE}{path}") } else { path.to_owned() }
}

/// Without `raw_json=1` Reddit escapes the HTML once more.
fn unescaped(html: &str) -> String {
    match html.trim_start().starts_with("&lt;") {
        true => html_escape::decode_html_entities(html).into_owned(),
        false => html.to_owned(),
    }
}

fn instant(seconds: u64) -> Option<String> {
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok().map(|at| at.to_string())
}

fn author(name: Option<String>) -> Vec<RawAuthor> {
    let known = name.filter(|name| name != "[deleted]");
    let author = |name: String| RawAuthor {
        uri: Some(format!("{SITE}/user/{name}")),
        handle: Some(Handle::new("reddit", &name)),
        name: Some(format!("/u/{name}")),
        email: None,
    };
    known.map(author).into_iter().collect()
}
