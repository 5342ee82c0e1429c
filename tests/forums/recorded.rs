//! Recorded answers of the real services, each read without an error.

use bellwether::source::{Error, Parsed};

use super::{document, feed, handles, kind, posts};
use crate::support::recorded::answer;

/// Reads a recorded answer of `kind`; `None` where there is none here.
fn read(name: &str) -> Option<Result<Parsed, Error>> {
    let service = name.split('/').next().unwrap();
    let service = if source_known(service) { service } else { "syndication" };
    Some(kind(service).parse(&feed(service, Some("")), &document(answer(name)?)))
}

fn source_known(name: &str) -> bool {
    bellwether::source::kind(name).is_some()
}

#[track_caller]
fn check(name: &str, posts: usize) -> Option<Parsed> {
    let parsed = read(name)?.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!((parsed.posts.len(), &parsed.problems[..]), (posts, &[][..]), "{name}");
    Some(parsed)
}

#[test]
fn hacker_news() {
    let Some(front) = check("hackernews/algolia_front_page.json", 6) else { return };
    let first = &front.posts[0];
    assert_eq!((first.counters.replies, first.counters.boosts), (Some(32), Some(37)));
    assert_eq!(first.link.as_deref(), Some("https://seanhelvey.com/tools-and-their-tools/"));
    assert_eq!(first.comments.as_deref(), Some("https://news.ycombinator.com/item?id=49148159"));
    check("hackernews/algolia_front_page_2.json", 4);
    check("hackernews/algolia_search_by_date_2.json", 2);
    let comment = check("hackernews/algolia_comment_hit_2020.json", 1).unwrap().posts.remove(0);
    assert_eq!(comment.in_reply_to, ["https://news.ycombinator.com/item?id=23966205"]);
    assert_eq!((comment.counters.boosts, comment.title), (None, None));
    let past = read("hackernews/algolia_error_page_too_far.json").unwrap().unwrap_err();
    assert!(past.to_string().contains("you can only fetch the 1000 hits"), "{past}");
    let rss = check("hackernews/news_ycombinator_rss.xml", 30).unwrap();
    assert!(rss.posts.iter().all(|post| post.comments.is_some() && post.guid.is_none()));
    let feed = feed("hackernews", Some("pg"));
    let post = posts(&feed, &front).remove(0);
    let tree = document(answer("hackernews/doc_algolia_item_tree.json").unwrap());
    let thread = kind("hackernews").read_thread(&post, &tree).unwrap();
    assert_eq!((thread.counters.replies, thread.counters.boosts), (Some(2), Some(57)));
    assert_eq!(thread.answers[1].in_reply_to, ["https://news.ycombinator.com/item?id=15"]);
}

#[test]
fn lobsters() {
    for (name, count) in [
        ("hottest_2023-09", 5),
        ("hottest_2023-11", 5),
        ("hottest_2025", 6),
        ("meta_tag", 3),
        ("newest_2023-11", 5),
        ("stories_2024", 2),
        ("tag_list", 4),
    ] {
        let name = format!("lobsters/{name}.json");
        let Some(parsed) = check(&name, count) else { return };
        let feed = feed("lobsters", Some(""));
        for post in posts(&feed, &parsed) {
            assert!(handles(&post)[0].starts_with("lobsters:"), "{name}: {post:?}");
        }
        let counted = |post: &bellwether::model::RawPost| post.counters.replies.is_some();
        assert!(parsed.posts.iter().all(counted), "{name}");
    }
    let feed = feed("lobsters", Some(""));
    let parsed = check("lobsters/meta_tag.json", 3).unwrap();
    let post = posts(&feed, &parsed).remove(0);
    for (name, answers, deepest) in [
        ("story_with_comments_2024", 10, ("lqqn3a", "owddle")),
        ("story_with_comments_older_shape", 7, ("flr1hj", "6gmzsf")),
    ] {
        let body = answer(&format!("lobsters/{name}.json")).unwrap();
        let thread = kind("lobsters").read_thread(&post, &document(body)).unwrap();
        assert_eq!(thread.answers.len(), answers, "{name}");
        let page = |id: &str| format!("https://lobste.rs/c/{id}");
        let deep = thread.answers.iter().find(|answer| answer.guid == Some(page(deepest.0)));
        assert_eq!(deep.unwrap().in_reply_to, [page(deepest.1)], "{name}");
        assert!(thread.answers.iter().all(|answer| !answer.authors.is_empty()), "{name}");
    }
    let story = document(answer("lobsters/story_2026.json").unwrap());
    assert_eq!(kind("lobsters").read_thread(&post, &story).unwrap().counters.replies, Some(2));
}

#[test]
fn reddit() {
    let Some(feed_) = check("reddit/subreddit.rss.xml", 1) else { return };
    let feed = feed("reddit", None);
    let post = posts(&feed, &feed_).remove(0);
    assert_eq!(
        (post.text.as_str(), &post.links[..]),
        ("", &["i.redd.it/sne0ns4j88ag1.jpeg".to_owned()][..])
    );
    assert_eq!(handles(&post), ["reddit:natureperson88"]);
    for (name, count) in [
        ("crosspost", 1),
        ("duplicates", 1),
        ("gallery_without_text", 1),
        ("inbox_mentions", 4),
        ("listing_json_anonymous_2026", 3),
        ("poll", 1),
        ("user_comments", 6),
        ("user_overview_mixed", 5),
        ("user_submissions", 4),
        ("comments_thread_deep", 1),
        ("comment_deleted_info", 0),
    ] {
        let name = format!("reddit/{name}.json");
        let parsed = read(&name).unwrap().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(parsed.problems.is_empty(), "{name}: {:?}", parsed.problems);
        assert!(parsed.posts.len() >= count, "{name}: {}", parsed.posts.len());
        for post in posts(&feed, &parsed) {
            assert!(post.url.is_some() && post.published.is_some(), "{name}: {post:?}");
            assert!(!post.text.contains("&lt;"), "{name}: {}", post.text);
        }
    }
    let mixed = read("reddit/user_overview_mixed.json").unwrap().unwrap();
    let mixed = posts(&feed, &mixed);
    let answers = mixed.iter().filter(|post| post.in_reply_to.is_some()).count();
    let quotes = mixed.iter().filter(|post| post.quote_of.is_some()).count();
    assert_eq!((answers, quotes), (3, 2));
    let poll = read("reddit/poll.json").unwrap().unwrap();
    assert!(poll.posts[0].poll);
    for error in ["error_403_private", "error_404_wiki", "error_429_json"] {
        let error = read(&format!("reddit/{error}.json")).unwrap().unwrap_err();
        assert!(matches!(error, Error::Unlike { said: Some(_), .. }), "{error}");
    }
}

#[test]
fn youtube() {
    for (name, count) in [
        ("channel_feed_2", 3),
        ("channel_feed_2025", 3),
        ("channel_feed_person", 5),
        ("channel_feed_person_2", 4),
    ] {
        let Some(parsed) = check(&format!("youtube/{name}.xml"), count) else { return };
        for post in &parsed.posts {
            assert!(post.counters.views.is_some() && post.counters.likes.is_some(), "{name}");
            assert!(post.enclosures.is_empty(), "{name}: {:?}", post.enclosures);
        }
        for post in posts(&feed("youtube", None), &parsed) {
            assert!(handles(&post)[0].starts_with("youtube:uc"), "{name}: {post:?}");
        }
    }
    let person = check("youtube/channel_feed_person.xml", 5).unwrap();
    assert_eq!(
        (person.posts[0].counters.views, person.posts[0].counters.likes),
        (Some(229), Some(2))
    );
    let texts = posts(&feed("youtube", None), &person);
    assert!(texts[0].text.starts_with("This year I'm doing Advent of Code in Rust!"));
    let gone = read("youtube/error_404_2025.html").unwrap().unwrap_err();
    assert_eq!(gone.to_string(), "this is an HTML page, not a feed");
}

#[test]
fn github() {
    let Some(releases) = check("github/releases.atom", 3) else { return };
    assert_eq!(releases.posts[0].title.as_deref(), Some("0.0.1-alpha.34"));
    check("github/user_activity.atom", 0);
    let said = check("github/user_activity_2.atom", 2).unwrap();
    let said = posts(&feed("github", None), &said);
    assert_eq!(said[0].title.as_deref(), Some("Translations update from Thrive - Weblate"));
    assert!(
        said[0]
            .text
            .starts_with("Translations update from Thrive - Weblate for Thrive/Thrive Game.")
    );
    assert!(
        said[1].text.starts_with("Don't use angles unless absolutely required"),
        "{}",
        said[1].text
    );
    assert_eq!(
        said[1].in_reply_to.as_deref(),
        Some("github.com/Revolutionary-Games/Thrive/pull/3374")
    );
}

/// Services that are read by their feeds alone.
#[test]
fn plain_feeds() {
    for (name, at_least) in [
        ("medium/user_feed.xml", 1),
        ("medium/user_feed_3.xml", 1),
        ("substack/feed.xml", 1),
        ("wordpress/comments_feed.xml", 1),
        ("wordpress/comments_feed_empty_japanese.xml", 0),
        ("microblog/posts_user.json", 1),
        ("microblog/doc_photo_item.json", 0),
    ] {
        let Some(read) = read(name) else { return };
        let parsed = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(parsed.posts.len() >= at_least, "{name}");
        assert_eq!(parsed.problems, [], "{name}");
        for post in posts(&feed("syndication", None), &parsed) {
            let named = post.url.is_some() || post.guid.is_some();
            assert!(named && post.published.is_some(), "{name}: {post:?}");
        }
    }
}

#[test]
fn comments_at_wordpress_answer_the_page_that_they_stand_on() {
    let Some(body) = answer("wordpress/comments_feed.xml") else { return };
    let feed = feed("wordpress", None);
    let feed_at = "https://old.example/comments/feed/".to_owned();
    let document = bellwether::model::Document { url: feed_at, ..document(body) };
    let parsed = kind("wordpress").parse(&feed, &document).unwrap();
    let first = posts(&feed, &parsed).remove(0);
    let page = "old.example/2017/02/23/cisco-7941-asterisk-and-sip";
    assert_eq!(first.in_reply_to.as_deref(), Some(page));
    assert_eq!(first.canonical, Some(format!("{page}#comment-7480")));
}
