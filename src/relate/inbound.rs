//! What others send my way, and whether I answered it.
//!
//! Evidence is a handle or a canonical URL in a post of a followed feed; a name alone is none.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Handle, Post};
use crate::normalize::url::canonical;
use crate::text::shorten;

/// Columns of my own post's title in a line about an answer to it.
const TITLE: usize = 28;

/// How a post is addressed to me.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inbound {
    /// It answers my post of this title.
    Reply(String),
    /// It links to my page of this title or address.
    Link(String),
    /// It names one of my handles.
    Mention,
}

/// By what I am known.
#[derive(Debug, Clone)]
pub struct Me<'a> {
    handles: &'a [Handle],
    /// Canonical URL to title of my own posts, and to the address of my pages.
    pages: BTreeMap<String, String>,
}

impl<'a> Me<'a> {
    /// Knows me by handles, pages and my own posts.
    pub fn new<'p>(
        handles: &'a [Handle],
        pages: &[String],
        posts: impl Iterator<Item = &'p Post>,
    ) -> Me<'a> {
        let named = |page: &String| Some((canonical(page)?, page.clone()));
        let mut known: BTreeMap<String, String> = pages.iter().filter_map(named).collect();
        for post in posts {
            for url in post.canonical.iter().chain(&post.aliases) {
                known.insert(url.clone(), shorten(post.heading(), TITLE));
            }
        }
        Me { handles, pages: known }
    }

    /// Returns how `post` is addressed to me, the strongest way; `None` if it is not.
    pub fn inbound(&self, post: &Post) -> Option<Inbound> {
        if post.repost_of.is_some() {
            return None;
        }
        let title = |url: &String| self.pages.get(url).cloned();
        if let Some(mine) = post.in_reply_to.as_ref().and_then(title) {
            return Some(Inbound::Reply(mine));
        }
        if let Some(mine) = post.links.iter().find_map(title) {
            return Some(Inbound::Link(mine));
        }
        let named: BTreeSet<&Handle> = post.mentions.iter().collect();
        self.handles.iter().any(|handle| named.contains(handle)).then_some(Inbound::Mention)
    }
}

/// Whether `mine` answers `theirs`: later, and a reply or link to it. A boost is no answer.
pub fn answers(mine: &Post, theirs: &Post) -> bool {
    let time = |post: &Post| post.published.unwrap_or(post.seen);
    if mine.repost_of.is_some() || time(mine) < time(theirs) {
        return false;
    }
    let theirs: BTreeSet<&String> = theirs.canonical.iter().chain(&theirs.aliases).collect();
    mine.in_reply_to.iter().chain(&mine.links).any(|url| theirs.contains(url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{at, feed, post};

    fn said(id: &str) -> Post {
        post(feed("https://planet.example/atom", None).id, id, "jun", &[("x", "jun")])
    }

    fn mine() -> Post {
        Post { title: Some("Why we left".into()), ..said("mine") }
    }

    fn check(theirs: &Post) -> Option<Inbound> {
        let handles = [Handle::new("x", "mara")];
        let own = [mine()];
        Me::new(&handles, &["https://mara.example/".into()], own.iter()).inbound(theirs)
    }

    #[test]
    fn replies_links_and_mentions_are_told_apart() {
        let reply = Post { in_reply_to: Some("posts.example/mine".into()), ..said("1") };
        assert_eq!(check(&reply), Some(Inbound::Reply("Why we left".into())));
        let link = Post { links: vec!["posts.example/mine".into()], ..said("2") };
        assert_eq!(check(&link), Some(Inbound::Link("Why we left".into())));
        let mention = Post { mentions: vec![Handle::new("x", "mara")], ..said("3") };
        assert_eq!(check(&mention), Some(Inbound::Mention));
        assert_eq!(check(&said("4")), None);
    }

    #[test]
    fn a_boost_of_mine_waits_for_no_answer() {
        let boost = Post {
            mentions: vec![Handle::new("x", "mara")],
            repost_of: Some("x:mara".into()),
            ..said("1")
        };
        assert_eq!(check(&boost), None);
    }

    #[test]
    fn only_my_later_reply_or_link_is_an_answer() {
        let theirs = said("1");
        let reply = Post { in_reply_to: theirs.canonical.clone(), ..said("2") };
        assert!(answers(&reply, &theirs));
        let early = Post { published: Some(at("2026-10-01T00:00:00Z")), ..reply.clone() };
        assert!(!answers(&early, &theirs));
        assert!(!answers(&said("3"), &theirs));
        assert!(!answers(&Post { repost_of: Some("x".into()), ..reply }, &theirs));
    }
}
