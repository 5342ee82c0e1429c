//! Bluesky: what is asked for an account, and what its posts become.

use bellwether::model::{Counters, Feed, FeedState, Post};
use bellwether::source::{self, Error, Reply, Step};

use super::{
    answer, asked, by_guid, counted, document, done, feed, fixture, found, handles, kept, step,
};

const FEED: &str = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed\
    ?actor=tomas.example&limit=50&filter=posts_with_replies";
const BY_DID: &str = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed\
    ?actor=did%3Aplc%3Atomas&limit=50&filter=posts_with_replies";
const RSS: &str = "https://bsky.app/profile/tomas.example/rss";

fn tomas() -> Feed {
    feed("bluesky", "tomas.example", "https://public.api.bsky.app", RSS)
}

fn posts() -> Vec<(Post, Counters)> {
    let heard = [answer(FEED, fixture("bluesky/reposts_replies_embeds.json"))];
    let parsed = done(&tomas(), &FeedState::default(), &heard);
    assert_eq!(parsed.problems, []);
    kept(&tomas(), &parsed)
}

#[test]
fn an_account_is_asked_for_by_its_did_once_that_is_known() {
    let (feed, state) = (tomas(), FeedState::default());
    let kind = source::kind("bluesky").unwrap();
    assert_eq!(kind.api("tomas.example").as_deref(), Some("https://public.api.bsky.app"));
    assert_eq!(asked(&feed, &state, &[]).url, FEED);
    let parsed =
        done(&feed, &state, &[answer(FEED, fixture("bluesky/reposts_replies_embeds.json"))]);
    assert_eq!(parsed.found.as_deref(), Some(BY_DID));
    assert_eq!(parsed.title.as_deref(), Some("@tomas.example - Tomas Brandt"));
    assert_eq!(parsed.site.as_deref(), Some("https://bsky.app/profile/tomas.example"));
    let again = asked(&feed, &found(BY_DID), &[]);
    assert_eq!((again.url.as_str(), again.validators), (BY_DID, found(BY_DID).validators));
}

#[test]
fn a_new_handle_is_the_same_account_and_told_once() {
    let renamed = fixture("bluesky/reposts_replies_embeds.json")
        .replace("\"tomas.example\"", "\"tomas.new.example\"");
    let before = Some("@tomas.example - Tomas Brandt".to_owned());
    let state = FeedState { title: before, ..found(BY_DID) };
    let parsed = done(&tomas(), &state, &[answer(BY_DID, renamed.clone())]);
    let told: Vec<String> = parsed.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["@tomas.example: is called @tomas.new.example now: write that into feeds.yaml"]
    );
    let posts = kept(&tomas(), &parsed);
    let post = &by_guid(&posts, "post/p9").0;
    assert_eq!(handles(post), ["bluesky:did:plc:tomas", "bluesky:tomas.example"]);
    assert_eq!(post.url.as_deref(), Some("https://bsky.app/profile/tomas.new.example/post/p9"));
    let state = FeedState { title: parsed.title, ..state };
    assert_eq!(done(&tomas(), &state, &[answer(BY_DID, renamed)]).problems, []);
}

#[test]
fn an_account_for_signed_in_readers_is_not_read() {
    let heard = [answer(FEED, fixture("bluesky/signed_in_only.json"))];
    let error = step(&tomas(), &FeedState::default(), &heard).unwrap_err();
    assert_eq!(error, Error::SignedInOnly { account: "@tomas.example".to_owned() });
    assert!(error.hint().unwrap().contains("mode: manual"));
    // Of others with that wish only the repost is told, not the post.
    let posts = posts();
    assert!(posts.iter().all(|(post, _)| !post.text.contains("For friends")));
    let repost = "bsky.app/profile/did:plc:shy/post/s1";
    assert!(posts.iter().any(|(post, _)| post.repost_of.as_deref() == Some(repost)));
}

#[test]
fn a_refusal_leads_to_the_feed() {
    let (feed, refused) = (tomas(), Reply::Refused { status: 403 });
    let rss = answer(RSS, fixture("bluesky/dates_without_weekday.rss"));
    let state = FeedState::default();
    assert_eq!(asked(&feed, &state, std::slice::from_ref(&refused)).url, RSS);
    let parsed = done(&feed, &state, &[refused.clone(), rss.clone()]);
    assert_eq!((parsed.posts.len(), parsed.found, parsed.problems.len()), (1, None, 1));
    let later = FeedState { found: None, ..found(BY_DID) };
    assert_eq!(asked(&feed, &later, std::slice::from_ref(&refused)).validators, later.validators);
    assert_eq!(
        asked(&feed, &found(BY_DID), std::slice::from_ref(&refused)).validators,
        Default::default()
    );
    assert_eq!(done(&feed, &later, &[refused.clone(), rss]).problems, []);
    assert_eq!(step(&feed, &state, &[refused.clone(), refused]), Ok(Step::GiveUp));
}

#[test]
fn a_repost_is_two_posts() {
    let posts = posts();
    let (original, counters) = by_guid(&posts, "jun/app.bsky.feed.post/o1");
    assert_eq!(handles(original), ["bluesky:did:plc:jun", "bluesky:jun.example"]);
    assert_eq!(original.url.as_deref(), Some("https://bsky.app/profile/jun.example/post/o1"));
    assert_eq!(original.aliases, ["bsky.app/profile/did:plc:jun/post/o1"]);
    assert_eq!(*counters, counted(4, 2, 9));
    let (repost, counters) = by_guid(&posts, "app.bsky.feed.repost/r1");
    assert_eq!(handles(repost), ["bluesky:did:plc:tomas", "bluesky:tomas.example"]);
    assert_eq!(repost.repost_of.as_deref(), Some("bsky.app/profile/did:plc:jun/post/o1"));
    assert_eq!((repost.text.as_str(), repost.url.as_ref()), ("", None));
    assert!(counters.is_empty());
    // A pinned post is no repost.
    assert_eq!(by_guid(&posts, "post/p0").0.repost_of, None);
}

#[test]
fn facets_are_links_mentions_and_tags() {
    let posts = posts();
    let (post, counters) = by_guid(&posts, "post/p9");
    assert_eq!(post.text, "Größe 📦: see jun.example/a, @jun.example #Rust\n\nSecond paragraph");
    assert_eq!(post.links, ["jun.example/a?x=1&y=2"]);
    let mentions: Vec<&str> = post.mentions.iter().map(|handle| handle.as_str()).collect();
    assert_eq!(mentions, ["bluesky:did:plc:jun", "bluesky:jun.example"]);
    assert_eq!(post.tags, ["rust", "search"]);
    assert_eq!(*counters, counted(2, 1, 5));
    assert_eq!(post.language.as_deref(), Some("en"));
}

#[test]
fn an_answer_knows_what_it_answers_even_if_that_is_gone() {
    let posts = posts();
    let answered = |key: &str| by_guid(&posts, key).0.in_reply_to.clone();
    assert_eq!(answered("post/p8").as_deref(), Some("bsky.app/profile/did:plc:jun/post/o1"));
    assert_eq!(answered("post/p7").as_deref(), Some("bsky.app/profile/did:plc:jun/post/gone"));
    assert_eq!(answered("post/p9"), None);
}

#[test]
fn a_post_shows_what_is_embedded() {
    let posts = posts();
    let post = |key: &str| &by_guid(&posts, key).0;
    let quoted = Some("bsky.app/profile/did:plc:jun/post/q1");
    assert_eq!(post("post/p6").quote_of.as_deref(), quoted);
    assert_eq!(post("post/p5").quote_of.as_deref(), quoted);
    assert_eq!(post("post/p5").text, "[image] A tree\nof edits");
    assert_eq!(post("post/p4").text, "Read this\n\nUndo & redo\nAt length");
    assert_eq!(post("post/p4").links, ["a.example/undo"]);
    assert_eq!(post("post/p3").text, "A film\n\n[video] A cursor moves");
    // A list is no post, and a post that its author detached is not shown any more.
    assert_eq!((&post("post/p2").quote_of, &post("post/p1").quote_of), (&None, &None));
}

#[test]
fn shapes_of_2023_are_read() {
    let heard = [answer(FEED, fixture("bluesky/old_shape.json"))];
    let parsed = done(&tomas(), &FeedState::default(), &heard);
    assert_eq!(parsed.problems.len(), 1, "{:?}", parsed.problems);
    assert!(parsed.problems[0].to_string().starts_with("post 2: is not understood"));
    let posts = kept(&tomas(), &parsed);
    let old = &by_guid(&posts, "post/k1").0;
    assert_eq!(old.url.as_deref(), Some("https://bsky.app/profile/did:plc:tomas/post/k1"));
    assert_eq!(old.in_reply_to.as_deref(), Some("bsky.app/profile/did:plc:jun/post/o1"));
    let repost = &by_guid(&posts, "repost/did:plc:tomas/did:plc:jun/app.bsky.feed.post/o2").0;
    assert_eq!(repost.repost_of.as_deref(), Some("bsky.app/profile/did:plc:jun/post/o2"));
}

#[test]
fn another_answer_is_one_clear_line() {
    for (body, told) in [
        (
            "{\"error\": \"InvalidRequest\", \"message\": \"Profile not found\"}",
            "the answer is not a feed of Bluesky's posts: Profile not found",
        ),
        ("{\"feed\": 7}", "the answer is not a feed of Bluesky's posts"),
    ] {
        let error = step(&tomas(), &FeedState::default(), &[answer(FEED, body)]).unwrap_err();
        assert_eq!(error.to_string(), told);
    }
    let empty = done(&tomas(), &FeedState::default(), &[answer(FEED, "{\"feed\": []}")]);
    assert_eq!((empty.posts.len(), empty.found), (0, None));
}

#[test]
fn a_conversation_is_one_request() {
    let kind = source::kind("bluesky").unwrap();
    let all = posts();
    let post = &by_guid(&all, "post/p9").0;
    let request = kind.thread(&tomas(), post).unwrap();
    let uri = "at%3A%2F%2Fdid%3Aplc%3Atomas%2Fapp.bsky.feed.post%2Fp9";
    let query = format!("getPostThread?uri={uri}&depth=6&parentHeight=0");
    assert!(request.url.ends_with(&query), "{}", request.url);
    let read = |name: &str| kind.read_thread(post, &document(&request.url, fixture(name)));
    let thread = read("bluesky/thread.json").unwrap();
    assert_eq!((thread.counters, thread.locked), (counted(4, 1, 5), Some(true)));
    let answers: Vec<(&str, &str)> = thread
        .answers
        .iter()
        .map(|answer| (answer.content.as_deref().unwrap(), answer.in_reply_to[0].as_str()))
        .collect();
    assert_eq!(
        answers,
        [
            ("<p>First</p>", "at://did:plc:tomas/app.bsky.feed.post/p9"),
            ("<p>Second</p>", "at://did:plc:jun/app.bsky.feed.post/a1"),
        ]
    );
    assert!(read("bluesky/thread_gone.json").is_err());
    assert_eq!(kind.thread(&tomas(), &by_guid(&all, "repost/r1").0), None);
}

#[test]
fn who_may_answer_is_told_where_it_is_sure() {
    let kind = source::kind("bluesky").unwrap();
    let all = posts();
    let locked = |from: &str, to: &str| {
        let body = fixture("bluesky/thread.json").replace(from, to);
        kind.read_thread(&all[0].0, &document("https://a.example", body)).unwrap().locked
    };
    assert_eq!(locked("\"allow\": []", "\"allow\": [{}]"), None);
    assert_eq!(locked("\"threadgate\"", "\"x\""), Some(false));
    assert_eq!(
        locked("\"threadgate\"", "\"viewer\": {\"replyDisabled\": true}, \"x\""),
        Some(true)
    );
}
