//! Conversations: posts that answer one another, and copies of one story.

use std::collections::{BTreeMap, BTreeSet};

use crate::dedup::addresses;
use crate::model::{Post, PostId};
use crate::normalize::url::canonical;

/// The posts of a window by what ties them to one another.
#[derive(Debug)]
pub(super) struct Threads<'a> {
    posts: &'a [Post],
    stories: &'a BTreeMap<PostId, PostId>,
    by_id: BTreeMap<PostId, usize>,
    /// Those that are the page of that address, or answer it.
    at: BTreeMap<&'a str, Vec<usize>>,
    /// Those that tell the story which that post told first.
    retold: BTreeMap<PostId, Vec<usize>>,
}

impl<'a> Threads<'a> {
    /// Knows `posts`; `stories` leads from a copy to the post that told it first.
    pub(super) fn new(posts: &'a [Post], stories: &'a BTreeMap<PostId, PostId>) -> Threads<'a> {
        let mut threads = Threads {
            posts,
            stories,
            by_id: posts.iter().enumerate().map(|(at, post)| (post.id, at)).collect(),
            at: BTreeMap::new(),
            retold: BTreeMap::new(),
        };
        for (place, post) in posts.iter().enumerate() {
            for address in ties(post) {
                threads.at.entry(address).or_default().push(place);
            }
            threads.retold.entry(threads.first(post.id)).or_default().push(place);
        }
        threads
    }

    /// Returns all posts of the conversations that `posts`, or the page at `url`, stand in. Posts
    /// that have left the window are in it only themselves.
    pub(super) fn of(&self, posts: &[PostId], url: Option<&str>) -> BTreeSet<PostId> {
        let mut found: BTreeSet<PostId> = posts.iter().copied().collect();
        let mut open: Vec<usize> = Vec::new();
        let page = url.and_then(canonical).filter(|page| names_a_page(page));
        open.extend(page.and_then(|page| self.at.get(page.as_str())).into_iter().flatten());
        open.extend(posts.iter().filter_map(|post| self.by_id.get(post)));
        open.extend(posts.iter().filter_map(|post| self.retold.get(&self.first(*post))).flatten());
        let mut done: BTreeSet<usize> = BTreeSet::new();
        while let Some(place) = open.pop() {
            if !done.insert(place) {
                continue;
            }
            let post = &self.posts[place];
            found.insert(post.id);
            open.extend(ties(post).filter_map(|address| self.at.get(address)).flatten());
            open.extend(self.retold.get(&self.first(post.id)).into_iter().flatten());
        }
        found
    }

    fn first(&self, post: PostId) -> PostId {
        self.stories.get(&post).copied().unwrap_or(post)
    }
}

/// The addresses that are the post, and the one that it answers.
fn ties(post: &Post) -> impl Iterator<Item = &str> {
    addresses(post).chain(post.in_reply_to.as_deref()).filter(|address| names_a_page(address))
}

/// A bare host names a site, and a handle somebody: many posts that have nothing to do with one
/// another may give them.
fn names_a_page(address: &str) -> bool {
    const NETWORKS: [&str; 3] = ["x:", "mastodon:", "bluesky:"];
    let names_somebody = NETWORKS.iter().any(|network| address.starts_with(network));
    !names_somebody && address.trim_end_matches('/').contains(['/', '?', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{feed, post};

    fn said(id: &str, answers: Option<&str>) -> Post {
        let venue = feed("https://planet.example/atom", None).id;
        let in_reply_to = answers.map(|id| format!("posts.example/{id}"));
        Post { in_reply_to, ..post(venue, id, "jun", &[]) }
    }

    fn check(posts: &[Post], stories: &BTreeMap<PostId, PostId>, start: usize) -> Vec<String> {
        let threads = Threads::new(posts, stories);
        let found = threads.of(&[posts[start].id], None);
        let of = posts.iter().filter(|post| found.contains(&post.id));
        of.filter_map(|post| post.guid.clone()).collect()
    }

    #[test]
    fn a_conversation_is_all_that_answers_and_is_answered() {
        let posts = [
            said("root", None),
            said("one", Some("root")),
            said("two", Some("one")),
            said("other", None),
            said("more", Some("root")),
        ];
        for start in [0, 1, 2, 4] {
            assert_eq!(check(&posts, &BTreeMap::new(), start), ["root", "one", "two", "more"]);
        }
        assert_eq!(check(&posts, &BTreeMap::new(), 3), ["other"]);
    }

    #[test]
    fn copies_of_a_story_and_their_answers_belong_to_it() {
        let posts = [said("first", None), said("copy", None), said("on-copy", Some("copy"))];
        let stories = BTreeMap::from([(posts[1].id, posts[0].id)]);
        assert_eq!(check(&posts, &stories, 0), ["first", "copy", "on-copy"]);
    }

    #[test]
    fn an_answer_is_found_by_the_page_though_its_post_has_left_the_window() {
        let posts = [said("late", Some("gone"))];
        let threads_of = BTreeMap::new();
        let threads = Threads::new(&posts, &threads_of);
        let found = threads.of(&[], Some("https://www.posts.example/gone/"));
        assert!(found.contains(&posts[0].id));
    }

    #[test]
    fn somebody_is_no_conversation() {
        let to_jun =
            |id| Post { in_reply_to: Some("mastodon:jun@search.example".into()), ..said(id, None) };
        assert_eq!(check(&[to_jun("1"), to_jun("2")], &BTreeMap::new(), 0), ["1"]);
    }

    #[test]
    fn a_site_is_no_conversation() {
        let on_site = |id| Post { canonical: Some("posts.example".into()), ..said(id, None) };
        let posts = [on_site("1"), on_site("2")];
        assert_eq!(check(&posts, &BTreeMap::new(), 0), ["1"]);
    }
}
