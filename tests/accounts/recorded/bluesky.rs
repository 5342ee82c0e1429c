//! Bluesky's, recorded, and those that its own tests expect.

use bellwether::model::{Counters, Feed, FeedState, Post, RawPost};
use bellwether::source::{self, Error, Parsed};
use serde_json::{Value, json};

use super::super::{answer, asked, counted, document, done, feed, kept, step};
use super::{by_guid, check_all_are_told, handle, summary, value};
use crate::support::recorded;

const APPVIEW: &str = "https://public.api.bsky.app";

const FEEDS: [(&str, [u64; 7]); 7] = [
    ("getAuthorFeed_not_found_parents.json", [5, 1, 3, 0, 2, 6, 20]),
    ("getAuthorFeed_old_shape.json", [8, 2, 2, 0, 40, 137, 689]),
    ("getAuthorFeed_old_shape_replies.json", [5, 0, 4, 0, 7, 3, 34]),
    ("getAuthorFeed_quotes_images.json", [4, 0, 0, 2, 1, 7, 23]),
    ("getAuthorFeed_with_reply_refs.json", [6, 1, 2, 1, 3, 10, 22]),
    ("getTimeline_external_cards.json", [5, 0, 1, 0, 189, 669, 3498]),
    ("getTimeline_image_without_text.json", [5, 1, 1, 1, 16, 8, 226]),
];

/// Two posts of the first search are by authors who want no readers that are not signed in.
const POSTS: [(&str, [u64; 7]); 6] = [
    ("getPosts.json", [1, 0, 0, 0, 0, 0, 4]),
    ("getQuotes.json", [2, 0, 0, 2, 4, 4, 15]),
    ("searchPosts.json", [3, 0, 1, 0, 0, 1, 3]),
    ("searchPosts_facets.json", [5, 0, 0, 0, 1, 22, 75]),
    ("searchPosts_old_shape.json", [1, 0, 0, 0, 8, 0, 7]),
    ("snap_getQuotes.json", [2, 0, 0, 2, 0, 0, 0]),
];

/// Conversations: the counters of the post, and how many answers there are.
const THREADS: [(&str, (u64, u64, u64), usize); 7] = [
    ("getPostThread_single.json", (0, 0, 4), 0),
    ("snap_getPostThread_ancestors.json", (0, 2, 1), 0),
    ("snap_getPostThread_deep.json", (2, 1, 3), 3),
    ("snap_getPostThread_deleted_2.json", (0, 0, 0), 0),
    ("snap_getPostThread_deleted_parent.json", (0, 0, 0), 0),
    ("snap_thread_blocked_0.json", (0, 0, 2), 0),
    ("snap_thread_blocked_1.json", (1, 0, 0), 1),
];

const ERRORS: [&str; 2] = ["error_400_invalid_request.json", "error_body.json"];
const OTHERS: [&str; 3] =
    ["getRecord_post.json", "snap_posts_video_with_record.json", "snap_threadgate_multiple.json"];
/// Answers to what is never asked.
const NEVER_ASKED: [&str; 8] = [
    "describeRepo_alsoKnownAs.json",
    "getFollowers.json",
    "getFollows_marshalx.json",
    "getLikes.json",
    "getProfiles.json",
    "getRepostedBy.json",
    "snap_getPostThreadV2_1.json",
    "snap_notifications_via_repost.json",
];

fn account() -> Feed {
    feed("bluesky", "tomas.example", APPVIEW, "https://bsky.app/profile/tomas.example/rss")
}

fn read(entries: &Value) -> Vec<RawPost> {
    let heard = [answer(APPVIEW, json!({"feed": entries}).to_string())];
    let parsed = done(&account(), &FeedState::default(), &heard);
    assert_eq!(parsed.problems, []);
    assert_eq!(kept(&account(), &parsed).len(), parsed.posts.len());
    parsed.posts
}

fn is_shy(view: &Value) -> bool {
    let labels = view["author"]["labels"].as_array();
    labels.into_iter().flatten().any(|label| label["val"] == "!no-unauthenticated")
}

/// Lays each entry beside the posts that were made of it.
fn compare(entries: &[Value], posts: &[RawPost]) {
    for entry in entries.iter().filter(|entry| !is_shy(&entry["post"])) {
        let view = &entry["post"];
        let uri = view["uri"].as_str().unwrap();
        let post = by_guid(posts, uri);
        let by = |author: &Value| {
            format!("bluesky:{}", author["handle"].as_str().unwrap().to_lowercase())
        };
        assert_eq!(handle(post), by(&view["author"]), "{uri}");
        let did = view["author"]["did"].as_str().unwrap();
        assert!(post.authors[0].uri.as_ref().unwrap().ends_with(did));
        let counter = |key: &str| view[key].as_u64();
        let Counters { replies, boosts, likes, views } = post.counters;
        assert_eq!(
            (replies, boosts, likes, views),
            (counter("replyCount"), counter("repostCount"), counter("likeCount"), None)
        );
        let record = &view["record"];
        let parent = record["reply"]["parent"]["uri"].as_str();
        assert_eq!(post.in_reply_to.first().map(String::as_str), parent, "{uri}");
        assert_eq!(post.published.as_deref(), record["createdAt"].as_str());
        assert_eq!(post.language.as_deref(), record["langs"][0].as_str());
        let is = |feature: &str| {
            let facets = record["facets"].as_array().into_iter().flatten();
            let all = facets.flat_map(|facet| facet["features"].as_array().unwrap());
            let kind = format!("app.bsky.richtext.facet#{feature}");
            all.filter(|each| each["$type"] == kind).cloned().collect::<Vec<_>>()
        };
        let content = post.content.as_deref().unwrap();
        for link in is("link") {
            let href = link["uri"].as_str().unwrap().replace('&', "&amp;");
            assert!(content.contains(&format!("href=\"{href}\"")), "{uri}: {href}");
        }
        assert_eq!(post.mentions.len(), is("mention").len(), "{uri}");
        let shown: Vec<String> =
            kept(&account(), &Parsed { posts: vec![post.clone()], ..Parsed::default() })
                .into_iter()
                .map(|(post, _)| post.text)
                .collect();
        let first = record["text"].as_str().unwrap().lines().next().unwrap_or("");
        let first = first.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown[0].contains(&first), "{uri}: {shown:?}");
        let embed = &view["embed"];
        let quoted = [&embed["record"]["uri"], &embed["record"]["record"]["uri"]];
        let quoted = quoted.into_iter().find_map(Value::as_str);
        assert_eq!(post.quote_of.as_deref(), quoted, "{uri}");
        if entry["reason"].is_object() {
            let reposts: Vec<&RawPost> =
                posts.iter().filter(|post| post.repost_of.as_deref() == Some(uri)).collect();
            assert_eq!(reposts.len(), 1, "{uri}");
            assert_eq!(handle(reposts[0]), by(&entry["reason"]["by"]));
        }
    }
}

#[test]
fn all_posts_are_as_the_answer_says() {
    let Some(folder) = recorded::service("bluesky") else { return };
    for (file, expected) in FEEDS {
        let entries = value(&folder, file)["feed"].clone();
        let posts = read(&entries);
        assert_eq!(summary(&posts), expected, "{file}");
        compare(entries.as_array().unwrap(), &posts);
    }
    for (file, expected) in POSTS {
        let views = value(&folder, file)["posts"].clone();
        let wrapped = views.as_array().unwrap().iter().map(|view| json!({"post": view}));
        let entries: Vec<Value> = wrapped.collect();
        let posts = read(&json!(entries));
        assert_eq!(summary(&posts), expected, "{file}");
        compare(&entries, &posts);
    }
    let every = [&ERRORS[..], &OTHERS, &NEVER_ASKED];
    let mut told: Vec<&str> = every.concat();
    told.extend(FEEDS.iter().map(|(file, _)| *file));
    told.extend(POSTS.iter().map(|(file, _)| *file));
    told.extend(THREADS.iter().map(|(file, ..)| *file));
    check_all_are_told(&folder, &told);
}

#[test]
fn an_author_feed_tells_whose_it_is() {
    let Some(folder) = recorded::service("bluesky") else { return };
    for (file, _) in FEEDS.iter().filter(|(file, _)| file.starts_with("getAuthorFeed")) {
        let answered = value(&folder, file);
        let first = &answered["feed"][0];
        let whose = match first["reason"].is_object() {
            true => &first["reason"]["by"],
            false => &first["post"]["author"],
        };
        let (name, did) = (whose["handle"].as_str().unwrap(), whose["did"].as_str().unwrap());
        let account = feed("bluesky", name, APPVIEW, "https://bsky.app/profile/x/rss");
        let url = asked(&account, &FeedState::default(), &[]).url;
        let heard = [answer(&url, answered.to_string())];
        let parsed = done(&account, &FeedState::default(), &heard);
        let there = parsed.found.unwrap();
        assert!(there.contains(&did.replace(':', "%3A")), "{file}: {there}");
        assert!(parsed.title.unwrap().starts_with(&format!("@{name} - ")));
    }
}

#[test]
fn conversations_are_read_with_what_is_gone_or_blocked() {
    let Some(folder) = recorded::service("bluesky") else { return };
    let kind = source::kind("bluesky").unwrap();
    let parsed = Parsed { posts: vec![RawPost::default()], ..Parsed::default() };
    let post: Post = kept(&account(), &parsed)[0].0.clone();
    let read = |thread: &Value| {
        kind.read_thread(&post, &document(APPVIEW, json!({"thread": thread}).to_string()))
    };
    for (file, (replies, boosts, likes), answers) in THREADS {
        let whole = value(&folder, file);
        let thread = read(whole.get("thread").unwrap_or(&whole)).unwrap();
        assert_eq!(thread.counters, counted(replies, boosts, likes), "{file}");
        assert_eq!(thread.answers.len(), answers, "{file}");
        assert!(thread.answers.iter().all(|answer| answer.in_reply_to.len() == 1), "{file}");
    }
    let gate = value(&folder, "snap_threadgate_multiple.json");
    let gated = json!({"post": {"uri": "at://x", "author": {"did": "did:plc:x"},
        "threadgate": gate}});
    assert_eq!(read(&gated).unwrap().locked, None, "some may answer");
}

#[test]
fn records_and_films_are_read() {
    let Some(folder) = recorded::service("bluesky") else { return };
    let record = value(&folder, "getRecord_post.json");
    let view = json!({"uri": record["uri"], "author": {"did": "did:plc:x"},
        "record": record["value"]});
    let post = &read(&json!([{"post": view}]))[0];
    assert_eq!(post.content.as_ref().unwrap().matches("<a href").count(), 2);
    assert!(post.counters.is_empty());
    let film = value(&folder, "snap_posts_video_with_record.json");
    let post = &read(&json!([{"post": film}]))[0];
    assert!(post.content.as_ref().unwrap().ends_with("<p>[video] alt text</p>"));
    assert_eq!((post.enclosures.len(), post.quote_of.is_some()), (1, true));
}

#[test]
fn an_error_is_told_in_the_services_words() {
    let Some(folder) = recorded::service("bluesky") else { return };
    for file in ERRORS {
        let heard = [answer(APPVIEW, value(&folder, file).to_string())];
        let error = step(&account(), &FeedState::default(), &heard).unwrap_err();
        assert!(matches!(&error, Error::Unlike { said: Some(_), .. }), "{file}: {error}");
    }
}
