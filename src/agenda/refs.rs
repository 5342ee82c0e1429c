//! Posts and people as items name them, and the facts that sections share.

use super::excerpt;
use super::hearing::Hearing;
use crate::model::{Item, PostRef, Reason, State};
use crate::rank::{Heard, total};

/// As many posts stand with an item.
const POSTS: usize = 12;

/// Returns a post as a digest shows it.
pub(super) fn post_ref(hearing: &Hearing, heard: &Heard) -> PostRef {
    PostRef {
        id: heard.post.id,
        url: heard.post.url.clone().unwrap_or_default(),
        title: excerpt::title(heard.post),
        excerpt: excerpt::excerpt(heard.post),
        person: heard.voice.to_ref(),
        source: hearing.world.people.feed_name(heard.post.feed).to_owned(),
        published: heard.time(),
        counters: heard.counters(),
    }
}

/// Makes an item of its posts, the first of which it leads to.
pub(super) fn item(
    hearing: &Hearing,
    identity: String,
    title: String,
    posts: &[&Heard],
    reasons: Vec<Reason>,
) -> Item {
    let refs: Vec<PostRef> =
        posts.iter().take(POSTS).map(|heard| post_ref(hearing, heard)).collect();
    Item {
        id: String::new(),
        identity,
        rank: 0,
        score: total(&reasons),
        state: State::New,
        shown: false,
        title,
        url: refs.first().map(|first| first.url.clone()).unwrap_or_default(),
        facts: Vec::new(),
        reasons,
        person: None,
        posts: refs,
    }
}

/// `no reply yet`, `6 replies`; nothing where nobody counted.
pub(super) fn replies(heard: &Heard) -> Option<String> {
    match heard.counters().replies? {
        0 => Some("no reply yet".to_owned()),
        1 => Some("1 reply".to_owned()),
        many => Some(format!("{many} replies")),
    }
}
