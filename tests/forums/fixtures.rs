//! What is read of each service's answers.

use bellwether::model::Form;
use jiff::SignedDuration;

use super::{document, feed, fixture, handles, kind, posts, told};

#[test]
fn a_search_at_hacker_news_gives_stories_answers_and_polls_with_their_points() {
    let feed = feed("hackernews", Some("mlq"));
    let parsed =
        kind("hackernews").parse(&feed, &fixture("hackernews/hits_of_all_sorts.json")).unwrap();
    assert_eq!(
        told(&feed, &parsed),
        [
            "Segment merges, measured | - | https://ines.example/merges | - | 12 41",
            "Ask HN: How do you test merges? | I have tried two ways.⏎⏎Neither held. | \
             https://news.ycombinator.com/item?id=9000003 | - | 0 3",
            "- | It's the tail that costs. | https://news.ycombinator.com/item?id=9000004 | \
             news.ycombinator.com/item?id=9000002 | - -",
            "Poll: which merge policy? | - | https://news.ycombinator.com/item?id=9000005 | - | 2 5",
        ],
        "an option of a poll and a dead story are no posts"
    );
    let posts = posts(&feed, &parsed);
    assert_eq!(posts[0].aliases, ["news.ycombinator.com/item?id=9000001"]);
    assert_eq!(handles(&posts[2]), ["hackernews:mlq"]);
    assert!(posts[3].poll && posts.iter().all(|post| post.form == Form::Forum));
    assert_eq!(parsed.problems.len(), 1, "one element was no hit: {:?}", parsed.problems);
}

#[test]
fn the_front_page_is_the_same_posts_as_in_its_own_feed() {
    let page = feed("hackernews", Some(""));
    let body = r#"{"hits":[{"objectID":"7","title":"Small","url":"https://priya.example/small",
        "author":"pnair","points":9,"num_comments":2,"created_at":"2026-06-01T08:00:00Z"}]}"#;
    let rss = "<rss version='2.0'><channel><item><title>Small</title>\
        <link>https://priya.example/small</link><pubDate>Mon, 01 Jun 2026 08:00:00 +0000</pubDate>\
        <comments>https://news.ycombinator.com/item?id=7</comments></item></channel></rss>";
    let of = |body: &str| {
        let parsed = kind("hackernews").parse(&page, &document(body)).unwrap();
        posts(&page, &parsed).remove(0)
    };
    let (searched, fed) = (of(body), of(rss));
    assert_eq!((searched.id, &searched.aliases), (fed.id, &fed.aliases));
}

#[test]
fn a_thread_at_hacker_news_is_a_list_with_what_each_answers() {
    let feed = feed("hackernews", Some("mlq"));
    let hits =
        kind("hackernews").parse(&feed, &fixture("hackernews/hits_of_all_sorts.json")).unwrap();
    let story = posts(&feed, &hits).remove(0);
    let request = kind("hackernews").thread(&feed, &story).unwrap();
    assert_eq!(request.url, "https://hn.algolia.com/api/v1/items/9000001");
    let items = fixture("hackernews/items_with_deleted_ones.json");
    let thread = kind("hackernews").read_thread(&story, &items).unwrap();
    assert_eq!((thread.counters.replies, thread.counters.boosts), (Some(3), Some(44)));
    let answers: Vec<_> = thread
        .answers
        .iter()
        .map(|answer| {
            let id = |page: &str| page.rsplit('=').next().unwrap().to_owned();
            (id(answer.guid.as_deref().unwrap()), id(&answer.in_reply_to[0]))
        })
        .collect();
    let pairs = [("9000002", "9000001"), ("9000004", "9000002"), ("9000009", "9000008")];
    assert_eq!(answers, pairs.map(|(own, above)| (own.to_owned(), above.to_owned())));
}

#[test]
fn lobsters_users_are_names_or_objects() {
    let feed = feed("lobsters", Some("pnair"));
    let stories = fixture("lobsters/users_as_names_and_as_objects.json");
    let parsed = kind("lobsters").parse(&feed, &stories).unwrap();
    assert_eq!(
        told(&feed, &parsed),
        [
            "Small indexes | - | https://priya.example/small | - | 9 14",
            "What do you index? | Tell me. | https://lobste.rs/s/abc124/what_do_you_index | - | 0 0",
        ]
    );
    let posts = posts(&feed, &parsed);
    assert!(posts.iter().all(|post| handles(post) == ["lobsters:pnair"]));
    assert_eq!(posts[0].aliases, ["lobste.rs/s/abc123"]);
    assert_eq!(posts[1].canonical.as_deref(), Some("lobste.rs/s/abc124"));
}

#[test]
fn a_thread_at_lobsters_is_told_by_depth_or_by_parent() {
    let feed = feed("lobsters", Some("pnair"));
    let stories = fixture("lobsters/users_as_names_and_as_objects.json");
    let parsed = kind("lobsters").parse(&feed, &stories).unwrap();
    let story = posts(&feed, &parsed).remove(0);
    let request = kind("lobsters").thread(&feed, &story).unwrap();
    assert_eq!(request.url, "https://lobste.rs/s/abc123.json");
    let answer = fixture("lobsters/story_by_depth_and_by_parent.json");
    let thread = kind("lobsters").read_thread(&story, &answer).unwrap();
    assert_eq!((thread.counters.replies, thread.counters.boosts), (Some(6), Some(15)));
    let below: Vec<_> = thread
        .answers
        .iter()
        .map(|answer| {
            let id = |page: &str| page.rsplit('/').next().unwrap().to_owned();
            format!("{}<{}", id(answer.guid.as_deref().unwrap()), id(&answer.in_reply_to[0]))
        })
        .collect();
    assert_eq!(below, ["c1<abc123", "c3<c2", "c4<abc123", "c5<c4"]);
    assert_eq!(thread.answers[0].updated.as_deref(), Some("2026-06-01T09:10:00.000-05:00"));
}

#[test]
fn reddits_json_says_what_its_feed_says_and_counts() {
    let feed = feed("reddit", None);
    let listing = fixture("reddit/listing_escaped_once_more.json");
    let parsed = kind("reddit").parse(&feed, &listing).unwrap();
    assert_eq!(
        told(&feed, &parsed),
        [
            "A link | - | https://www.reddit.com/r/rust/comments/9abc/a_link/ | - | 4 12",
            "A poll | Which one? | https://www.reddit.com/r/rust/comments/9abd/a_poll/ | - | 1 0",
            "- | The first. | https://www.reddit.com/r/rust/comments/9abd/a_poll/k3/ | \
             reddit.com/comments/9abd/_/k2 | - 2",
        ]
    );
    let posts = posts(&feed, &parsed);
    assert_eq!(posts[0].links, ["a.example/x?a=1&b=2", "reddit.com/comments/8abc"]);
    assert_eq!(posts[0].quote_of.as_deref(), Some("reddit.com/comments/8abc"));
    assert!(posts[1].poll);
    assert_eq!(handles(&posts[2]), ["reddit:priya_n"]);
    assert_eq!(parsed.ttl, Some(SignedDuration::from_mins(30)));
}

#[test]
fn a_comment_in_reddits_feed_answers_its_thread() {
    let feed = feed("reddit", None);
    let parsed = kind("reddit").parse(&feed, &fixture("reddit/comment_of_a_user.atom")).unwrap();
    assert_eq!(
        told(&feed, &parsed),
        ["- | By replaying the log. | https://www.reddit.com/r/rust/comments/2abc/a_text/k2/ | \
          reddit.com/comments/2abc | - -"]
    );
    assert_eq!(parsed.ttl, Some(SignedDuration::from_mins(30)), "asked every half hour at most");
}

#[test]
fn of_an_account_at_github_what_people_say_is_kept() {
    let feed = feed("github", None);
    let activity = fixture("github/activity_mostly_noise.atom");
    let parsed = kind("github").parse(&feed, &activity).unwrap();
    assert_eq!(
        told(&feed, &parsed),
        [
            "Merge in the background | It halves the tail. | https://github.com/crabs/index/pull/7 | - | - -",
            "inesok commented on an issue in crabs/index | Merges hold the lock. | \
             https://github.com/crabs/index/issues/5#issuecomment-1 | github.com/crabs/index/issues/5 | - -",
            "inesok released v2 of inesok/ferric-index | Faster merges. | \
             https://github.com/inesok/ferric-index/releases/tag/v2 | - | - -",
        ]
    );
    let posts = posts(&feed, &parsed);
    assert!(posts.iter().all(|post| handles(post) == ["github:inesok"]));
    let answer = posts[1].canonical.as_deref();
    assert_eq!(answer, Some("github.com/crabs/index/issues/5#issuecomment-1"), "not the issue");
}

#[test]
fn an_answer_of_another_form_is_one_clear_line() {
    let hn = feed("hackernews", Some("mlq"));
    let said = |kind_name: &str, feed: &_, body: &str| {
        kind(kind_name).parse(feed, &document(body)).unwrap_err().to_string()
    };
    assert_eq!(
        said("hackernews", &hn, r#"{"message":"you can only fetch the 1000 hits"}"#),
        "the answer is not a list of hits: you can only fetch the 1000 hits"
    );
    let lobsters = feed("lobsters", Some("pnair"));
    assert_eq!(
        said("lobsters", &lobsters, r#"[{"id": 1}]"#),
        "the answer is not a list of stories"
    );
    let reddit = feed("reddit", None);
    assert_eq!(
        said("reddit", &reddit, r#"{"message":"Forbidden","error":403}"#),
        "the answer is not a listing: Forbidden"
    );
}
