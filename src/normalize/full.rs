//! A post whose text is of its page, where its feed gives a teaser.

use super::html;
use super::url::canonical;
use crate::model::Post;

/// Returns `post` with the text of its page; `None` where that is no longer than what its feed
/// said. What the feed said stays beside it, so that hearing it again is no edit.
pub fn full(post: &Post, text: &str, html: &str) -> Option<Post> {
    if text.chars().count() <= post.text.chars().count() {
        return None;
    }
    let mut links = post.links.clone();
    for link in html::links(html).iter().filter_map(|link| canonical(link)) {
        if post.canonical.as_ref() != Some(&link) && !links.contains(&link) {
            links.push(link);
        }
    }
    let teaser = post.teaser.clone().or_else(|| Some(post.text.clone()));
    Some(Post { text: text.to_owned(), html: html.to_owned(), links, teaser, ..post.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Feed, FeedId, RawPost};
    use crate::normalize::{Context, posts};

    fn teaser() -> Post {
        let feed = Feed {
            id: FeedId::new(&["https://a.example/feed"]),
            address: "https://a.example/feed".to_owned(),
            name: "A".to_owned(),
            kind: "syndication".to_owned(),
            owner: None,
            select: None,
            account: None,
            options: Default::default(),
            secret: false,
            unreadable: None,
        };
        let raw = RawPost {
            link: Some("https://a.example/1".to_owned()),
            content: Some("It begins with <a href='https://b.example/teeth'>teeth</a>…".to_owned()),
            ..RawPost::default()
        };
        let seen = "2026-10-13T07:00:00Z".parse().unwrap();
        let ctx = Context { feed: &feed, seen, backlog: false, language: None, site: None };
        posts(&[raw], &ctx).0.remove(0).0
    }

    #[test]
    fn a_longer_text_takes_the_teasers_place_and_keeps_it_beside_itself() {
        let post = teaser();
        let html = "<p>It begins with teeth, <a href=\"https://c.example/files\">goes on</a> and ends.</p>";
        let whole = full(&post, "It begins with teeth, goes on and ends.", html).unwrap();
        assert_eq!(whole.teaser.as_deref(), Some("It begins with teeth…"));
        assert_eq!(whole.links, ["b.example/teeth", "c.example/files"]);
        assert_eq!((whole.id, whole.html.as_str()), (post.id, html));
    }

    #[test]
    fn a_page_that_says_less_changes_nothing() {
        assert_eq!(full(&teaser(), "Please sign in", "<p>Please sign in</p>"), None);
    }
}
