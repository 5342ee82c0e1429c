//! Tells what a post is to the archive: new, an edit, seen before, or one more voice on a story.
//!
//! Nothing is ever dropped on a guess. Two posts become one only inside one feed and only where
//! address and content agree; across feeds both are kept and a story joins them. Looking things
//! up is left to `archive`, which fills [`Known`]; storing the decision is its work too.

mod content;
mod known;
mod near;

pub use content::Content;
pub use known::{Entry, Known};
pub use near::{bands, may_be_near, print};

use crate::model::{Counters, Post, PostId};

/// What becomes of one post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Never seen: kept under its own id.
    New {
        /// The first post of the story that this one tells again, in whichever feed.
        story: Option<PostId>,
    },
    /// An edit: kept as one more version.
    Changed {
        /// The id that the post was given at first sight.
        of: PostId,
        /// The number of the new version, at least 2.
        version: u32,
    },
    /// Nothing new in it.
    Seen {
        /// The id that the post was given at first sight.
        of: PostId,
    },
}

/// Decides on the posts of one document, in order; each sees those before it.
///
/// Each is a post of its own: what stands in one document under two names is two posts, also if
/// an earlier document made them look like one.
pub fn decide_all(
    posts: Vec<(Post, Counters)>,
    known: &mut Known,
) -> Vec<(Decision, Post, Counters)> {
    known.begin_document(posts.iter().map(|(post, _)| post.id));
    posts
        .into_iter()
        .map(|(post, counters)| {
            let decision = decide(&post, known);
            known.learn(&post, decision);
            (decision, post, counters)
        })
        .collect()
}

/// Decides on one post.
///
/// In this order: its own id, or an id that it had before (an edit or nothing new); the same
/// address and content under another guid in the same feed (guid drift); the same address in
/// any feed, then near-identical text (a story).
pub fn decide(post: &Post, known: &Known) -> Decision {
    let content = Content::of(post);
    let same = match known.get(post.id) {
        Some(entry) => Some(entry).filter(|entry| known.is_free(entry.id, post.id)),
        None => drifted(post, &content, known),
    };
    if let Some(entry) = same {
        return if entry.content == content {
            Decision::Seen { of: entry.id }
        } else {
            Decision::Changed { of: entry.id, version: entry.version + 1 }
        };
    }
    let story = same_address(post, &content, known).or_else(|| same_text(post, known));
    Decision::New { story }
}

/// Returns the post of the same feed that this one is, under a guid that the feed has changed.
fn drifted<'a>(post: &Post, content: &Content, known: &'a Known) -> Option<&'a Entry> {
    addresses(post)
        .flat_map(|address| known.at(address))
        .filter(|entry| entry.feed == post.feed && known.is_free(entry.id, post.id))
        .find(|entry| entry.content.title == content.title && agrees(entry, post, content))
}

/// The text is the same, or the post says that it was published at the same instant.
fn agrees(entry: &Entry, post: &Post, content: &Content) -> bool {
    let same_instant = entry.published.is_some() && entry.published == post.published;
    entry.content.text == content.text || same_instant
}

/// Returns the story of the first post at one of this post's addresses.
///
/// A bare host (`example.org`) names a site, not a page, and inside one feed many posts may
/// share one address: there title or text must agree as well.
fn same_address(post: &Post, content: &Content, known: &Known) -> Option<PostId> {
    addresses(post)
        .flat_map(|address| known.at(address).map(move |entry| (address, entry)))
        .find(|(address, entry)| {
            let names_a_page = address.trim_end_matches('/').contains(['/', '?']);
            (names_a_page && entry.feed != post.feed) || entry.content.tells_the_same(content)
        })
        .map(|(_, entry)| entry.story.unwrap_or(entry.id))
}

/// Returns the story of the first post whose text is this one's, a few words aside.
fn same_text(post: &Post, known: &Known) -> Option<PostId> {
    let print = known.print(post)?;
    known
        .near(print)
        .find(|(_, text)| near::is_near(text, &post.text))
        .map(|(entry, _)| entry.story.unwrap_or(entry.id))
}

/// The canonical URLs that are this post.
pub(crate) fn addresses(post: &Post) -> impl Iterator<Item = &str> {
    post.canonical.iter().chain(&post.aliases).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Author, FeedId, Form};

    fn post(feed: &str, guid: &str, url: &str, title: &str, text: &str) -> Post {
        Post {
            id: PostId::new(&[feed, guid]),
            feed: FeedId::new(&[feed]),
            guid: Some(guid.into()),
            url: (!url.is_empty()).then(|| format!("https://{url}")),
            canonical: (!url.is_empty()).then(|| url.to_owned()),
            aliases: Vec::new(),
            title: (!title.is_empty()).then(|| title.to_owned()),
            text: text.into(),
            html: String::new(),
            language: None,
            author: Author::default(),
            published: None,
            seen: "2026-10-13T07:00:00Z".parse().unwrap(),
            backlog: false,
            form: Form::Article,
            links: Vec::new(),
            mentions: Vec::new(),
            tags: Vec::new(),
            in_reply_to: None,
            repost_of: None,
            quote_of: None,
            poll: false,
            bot: false,
            teaser: None,
            version: 1,
        }
    }

    /// Decides on each post as a document of its own, in order.
    fn check(posts: &[Post], expected: &[Decision]) {
        let mut known = Known::default();
        let decisions: Vec<Decision> = posts
            .iter()
            .map(|post| decide_all(vec![(post.clone(), Counters::default())], &mut known)[0].0)
            .collect();
        assert_eq!(decisions, expected);
    }

    const NEW: Decision = Decision::New { story: None };

    #[test]
    fn the_same_post_again_is_seen() {
        let a = post("f", "1", "a.example/1", "One", "text");
        check(&[a.clone(), a.clone()], &[NEW, Decision::Seen { of: a.id }]);
    }

    #[test]
    fn the_teaser_of_an_article_that_was_read_from_its_page_is_seen() {
        let teaser = post("f", "1", "a.example/1", "One", "It begins…");
        let mut article = post("f", "1", "a.example/1", "One", "It begins and goes on");
        article.teaser = Some(teaser.text.clone());
        let edited = post("f", "1", "a.example/1", "One", "It began…");
        let of = article.id;
        check(
            &[article, teaser, edited],
            &[NEW, Decision::Seen { of }, Decision::Changed { of, version: 2 }],
        );
    }

    #[test]
    fn another_title_text_or_url_is_an_edit() {
        let a = post("f", "1", "a.example/1", "One", "text");
        let b = post("f", "1", "a.example/1", "One!", "text");
        let c = post("f", "1", "a.example/1", "One!", "other text");
        let d = post("f", "1", "a.example/uno", "One!", "other text");
        let changed = |version| Decision::Changed { of: a.id, version };
        check(&[a.clone(), b, c, d], &[NEW, changed(2), changed(3), changed(4)]);
    }

    #[test]
    fn white_space_counters_and_relative_times_are_no_edit() {
        let a = post("f", "1", "", "One", "Told 5 hours ago.\n\nPoints: 12 and 3 comments");
        let b = post("f", "1", "", "One ", "Told 1 day ago.  Points: 1,412 and 44 comments");
        check(&[a.clone(), b], &[NEW, Decision::Seen { of: a.id }]);
    }

    #[test]
    fn a_number_that_is_no_counter_is_an_edit() {
        let a = post("f", "1", "", "One", "It took 12 years");
        let b = post("f", "1", "", "One", "It took 15 years");
        check(&[a.clone(), b], &[NEW, Decision::Changed { of: a.id, version: 2 }]);
    }

    #[test]
    fn a_new_guid_for_the_same_address_and_text_is_the_same_post() {
        let a = post("f", "http://a.example/?p=1", "a.example/1", "One", "text");
        let b = post("f", "https://a.example/?p=1", "a.example/1", "One", "text");
        check(
            &[a.clone(), b.clone(), b],
            &[NEW, Decision::Seen { of: a.id }, Decision::Seen { of: a.id }],
        );
    }

    #[test]
    fn a_new_guid_with_edited_text_needs_the_same_published_instant() {
        let mut a = post("f", "1", "a.example/1", "One", "text");
        let mut b = post("f", "2", "a.example/1", "One", "edited text");
        check(&[a.clone(), b.clone()], &[NEW, Decision::New { story: Some(a.id) }]);
        a.published = Some(a.seen);
        b.published = a.published;
        check(&[a.clone(), b], &[NEW, Decision::Changed { of: a.id, version: 2 }]);
    }

    #[test]
    fn posts_that_share_an_address_in_one_feed_stay_apart() {
        let a = post("f", "1", "a.example/news", "One", "text");
        let b = post("f", "2", "a.example/news", "Two", "other");
        check(&[a, b], &[NEW, NEW]);
    }

    #[test]
    fn two_posts_in_one_document_are_never_one() {
        let a = post("f", "1", "a.example/1", "One", "text");
        let b = post("f", "2", "a.example/1", "One", "text");
        assert_eq!(
            document(&[&a, &b], &mut Known::default()),
            [NEW, Decision::New { story: Some(a.id) }]
        );
    }

    #[test]
    fn posts_that_looked_like_one_part_when_they_meet() {
        let mut known = Known::default();
        let [a, b, c] = ["1", "2", "3"].map(|guid| post("f", guid, "a.example/1", "One", "text"));
        let seen = Decision::Seen { of: a.id };
        assert_eq!(document(&[&a], &mut known), [NEW]);
        assert_eq!(document(&[&b], &mut known), [seen]);
        assert_eq!(document(&[&c], &mut known), [seen]);
        let apart = Decision::New { story: Some(a.id) };
        assert_eq!(document(&[&c, &b], &mut known), [seen, apart]);
        assert_eq!(document(&[&c, &b], &mut known), [seen, Decision::Seen { of: b.id }]);
        assert_eq!(document(&[&c, &a], &mut known), [apart, seen]);
    }

    fn document(posts: &[&Post], known: &mut Known) -> Vec<Decision> {
        let posts = posts.iter().map(|post| ((*post).clone(), Counters::default())).collect();
        decide_all(posts, known).into_iter().map(|(decision, _, _)| decision).collect()
    }

    #[test]
    fn the_same_address_in_another_feed_is_the_same_story() {
        let a = post("f", "1", "a.example/1", "One", "text");
        let b = post("g", "1", "a.example/1", "One, discussed", "");
        let mut c = post("h", "1", "b.example/9", "Three", "more");
        c.aliases = vec!["a.example/1".into()];
        let story = Decision::New { story: Some(a.id) };
        check(&[a.clone(), b, c], &[NEW, story, story]);
    }

    #[test]
    fn a_bare_host_joins_no_story() {
        let a = post("f", "1", "a.example", "One", "text");
        let b = post("g", "1", "a.example", "Two", "other");
        check(&[a, b], &[NEW, NEW]);
    }

    #[test]
    fn a_wire_copy_joins_the_story_and_a_short_text_does_not() {
        let long = "It was said that words upon words make a text that is long. ".repeat(5);
        let a = post("f", "1", "a.example/1", "One", &long);
        let b = post("g", "1", "b.example/1", "Other title", &format!("{long} (Wire)"));
        let short = post("h", "1", "c.example/1", "Three", "Good morning to all of you!");
        let again = post("h", "2", "c.example/2", "Four", "Good morning to all of you!");
        check(&[a.clone(), b, short, again], &[NEW, Decision::New { story: Some(a.id) }, NEW, NEW]);
    }

    #[test]
    fn two_feeds_may_share_one_guid() {
        let a = post("f", "1", "", "One", "text");
        let b = post("g", "1", "", "Other", "else");
        check(&[a, b], &[NEW, NEW]);
    }
}
