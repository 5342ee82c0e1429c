//! Which questions each takes, and what is left where one is refused.

use bellwether::model::FeedState;
use bellwether::source::{Reply, Step};
use jiff::SignedDuration;

use super::{asks, came, document, done, feed, fixture, kind};

const RSS: &str = "<rss version='2.0'><channel><item><title>Small</title>\
    <link>https://priya.example/small</link></item></channel></rss>";

#[test]
fn hacker_news_is_asked_for_an_account_a_search_or_the_front_page() {
    let fresh = FeedState::default();
    assert_eq!(
        asks(&feed("hackernews", Some("mlq")), &fresh, &[]),
        "https://hn.algolia.com/api/v1/search_by_date?tags=author_mlq&hitsPerPage=100"
    );
    assert_eq!(
        asks(&feed("hackernews", Some("")), &fresh, &[]),
        "https://hn.algolia.com/api/v1/search?tags=front_page&hitsPerPage=50"
    );
    let mut venue = feed("hackernews", Some(""));
    venue.options.insert("query".into(), "search engine".into());
    venue.options.insert("min_points".into(), "10".into());
    let read = FeedState {
        succeeded: Some("2026-06-08T00:00:00Z".parse().unwrap()),
        ..FeedState::default()
    };
    assert_eq!(
        asks(&venue, &read, &[]),
        "https://hn.algolia.com/api/v1/search_by_date?tags=story&query=search+engine\
         &numericFilters=points%3E%3D10%2Ccreated_at_i%3E%3D1780272000&hitsPerPage=100"
    );
}

#[test]
fn a_search_that_is_refused_or_changed_leaves_the_feed() {
    let feed = feed("hackernews", Some("mlq"));
    let refused = Reply::Refused { status: 403 };
    let state = FeedState::default();
    assert_eq!(asks(&feed, &state, std::slice::from_ref(&refused)), feed.address);
    let read = done(&feed, &[refused.clone(), came(&feed.address, document(RSS))]);
    assert_eq!((read.posts.len(), read.problems.len()), (1, 0));

    let changed = came("https://hn.algolia.com/…", document("{\"results\":[]}"));
    let read = done(&feed, &[changed, came(&feed.address, document(RSS))]);
    assert_eq!(read.posts.len(), 1);
    assert_eq!(
        read.problems[0].to_string(),
        "the API: the answer is not a list of hits; its feed is read instead"
    );
    let both = kind("hackernews").step(&feed, &state, &[refused.clone(), refused]).unwrap();
    assert_eq!(both, Step::GiveUp);
}

#[test]
fn lobsters_is_asked_for_stories_and_then_for_comments() {
    let user = feed("lobsters", Some("pnair"));
    let state = FeedState::default();
    assert_eq!(asks(&user, &state, &[]), "https://lobste.rs/~pnair/stories.json");
    let stories = came("…", fixture("lobsters/users_as_names_and_as_objects.json"));
    let comments = "https://lobste.rs/~pnair/comments.rss";
    assert_eq!(asks(&user, &state, std::slice::from_ref(&stories)), comments);
    let rss = came(comments, fixture("lobsters/comments_of_somebody.rss"));
    let read = done(&user, &[stories.clone(), rss]);
    assert_eq!(read.posts.len(), 3);
    let comment = &read.posts[2];
    assert_eq!(comment.link.as_deref(), Some("https://lobste.rs/c/k2"));
    assert_eq!(comment.in_reply_to, ["https://lobste.rs/s/xyz987/undo_is_unsolved"]);
    assert_eq!(comment.title, None);

    let refused = Reply::Refused { status: 404 };
    assert_eq!(done(&user, &[stories, refused.clone()]).posts.len(), 2, "the stories are kept");
    assert_eq!(asks(&user, &state, std::slice::from_ref(&refused)), user.address);
    let by_feed = [refused.clone(), came(&user.address, document(RSS))];
    assert_eq!(asks(&user, &state, &by_feed), comments);
    let [first, second] = by_feed;
    assert_eq!(done(&user, &[first, second, refused]).posts.len(), 1);
}

#[test]
fn a_tag_at_lobsters_is_one_question() {
    let tag = feed("lobsters", Some("t/rust"));
    assert_eq!(asks(&tag, &FeedState::default(), &[]), "https://lobste.rs/t/rust.json");
    let stories = came("…", fixture("lobsters/users_as_names_and_as_objects.json"));
    assert_eq!(done(&tag, &[stories]).posts.len(), 2);
    let front = feed("lobsters", Some(""));
    assert_eq!(asks(&front, &FeedState::default(), &[]), "https://lobste.rs/hottest.json");
}

#[test]
fn a_plain_feed_is_read_as_it_is() {
    for name in ["hackernews", "lobsters"] {
        let feed = feed(name, None);
        assert_eq!(asks(&feed, &FeedState::default(), &[]), feed.address);
        assert_eq!(done(&feed, &[came(&feed.address, document(RSS))]).posts.len(), 1);
    }
}

#[test]
fn reddit_without_a_token_says_how_to_get_one() {
    let mut reddit = feed("reddit", None);
    let advice = |feed: &_, status| kind("reddit").advice(feed, status, SignedDuration::ZERO);
    let hint = advice(&reddit, 429).unwrap();
    assert!(hint.contains("reddit.com/prefs/feeds") && hint.contains("feed_token_env"), "{hint}");
    assert_eq!(advice(&reddit, 500), None);
    reddit.secret = true;
    assert_eq!(advice(&reddit, 429), None, "who has a token needs no other");
}

#[test]
fn a_channel_that_is_not_found_is_no_dead_one_for_two_weeks() {
    let channel = feed("youtube", None);
    let after =
        |days: i64| kind("youtube").advice(&channel, 404, SignedDuration::from_hours(24 * days));
    assert!(after(0).is_some_and(|advice| advice.contains("two weeks")));
    assert!(after(13).is_some());
    assert_eq!(after(14), None);
}
