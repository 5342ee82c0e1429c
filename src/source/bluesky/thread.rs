//! The conversation below a post.

use serde::Deserialize as _;
use serde_json::Value;
use url::Url;

use super::views::{Branch, PostView};
use super::{ask, read};
use crate::model::{Post, RawPost, Request};
use crate::source::{Error, Thread, answer};

/// How many answers to answers are asked for.
const DEPTH: usize = 6;

/// Asks for the conversation below `post`; `None` where it is none of Bluesky's.
pub(super) fn request(api: &str, post: &Post) -> Option<Request> {
    let uri = at_uri(post)?;
    let uri: String = url::form_urlencoded::byte_serialize(uri.as_bytes()).collect();
    let query = format!("uri={uri}&depth={DEPTH}&parentHeight=0");
    Some(ask(format!("{api}/xrpc/app.bsky.feed.getPostThread?{query}")))
}

/// By its guid, else by its page.
fn at_uri(post: &Post) -> Option<String> {
    let is_post =
        |guid: &&String| guid.starts_with("at://") && guid.contains("/app.bsky.feed.post/");
    if let Some(guid) = post.guid.as_ref().filter(is_post) {
        return Some(guid.clone());
    }
    let url = Url::parse(post.url.as_deref()?).ok()?;
    let path: Vec<&str> = url.path_segments()?.collect();
    match (url.host_str(), &path[..]) {
        (Some("bsky.app"), ["profile", who, "post", key]) => {
            Some(format!("at://{who}/app.bsky.feed.post/{key}"))
        }
        _ => None,
    }
}

/// Reads the answer.
///
/// # Errors
/// [`Error::Unlike`] where the post is gone or blocked, or the answer is something else.
pub(super) fn read(value: &Value) -> Result<Thread, Error> {
    const EXPECTED: &str = "a thread of Bluesky's";
    let unlike = || answer::unlike(value, EXPECTED);
    let top = Branch::deserialize(value.get("thread").ok_or_else(unlike)?);
    let top = top.ok().filter(|branch| branch.post.is_some()).ok_or_else(unlike)?;
    let post = top.post.as_ref().ok_or_else(unlike)?;
    let mut answers = Vec::new();
    gather(&top, &mut answers);
    Ok(Thread { counters: read::counters(post), locked: locked(post), answers })
}

/// Answers that are gone or blocked have no post, but there may be answers to them.
fn gather(branch: &Branch, answers: &mut Vec<RawPost>) {
    for reply in &branch.replies {
        if let Some(view) =
            reply.post.as_ref().filter(|view| !read::is_signed_in_only(&view.author))
        {
            answers.push(read::post(view, branch.post.as_ref(), &None));
        }
        gather(reply, answers);
    }
}

/// Nobody may answer. Where some may, it is not told whether the user is one of them.
fn locked(post: &PostView) -> Option<bool> {
    if post.viewer.as_ref().and_then(|viewer| viewer.reply_disabled) == Some(true) {
        return Some(true);
    }
    let allowed = post.threadgate.as_ref().and_then(|gate| gate.record.as_ref()?.allow.as_ref());
    match allowed {
        None => Some(false),
        Some(allowed) if allowed.is_empty() => Some(true),
        Some(_) => None,
    }
}
