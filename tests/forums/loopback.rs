//! Each kind the whole way, against servers on loopback.

use serde_json::Value;

use crate::pipeline::{FIRST, fetch};
use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

fn following(source: &str) -> Workspace {
    Workspace::new(&format!(
        "fetch: {{allow: [\"127.0.0.0/16\"], requests_per_second: 0}}\nsources:\n  - {source}\n"
    ))
}

fn given(name: &str) -> Reply {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    Reply::ok(std::fs::read(path).unwrap())
}

#[track_caller]
fn check(source: &str, new: u64) -> Value {
    let (run, report) = fetch(&following(source), FIRST);
    assert_eq!((run.code, &report["new"]), (0, &Value::from(new)), "{run:?}");
    report
}

#[test]
fn hacker_news_is_followed_by_its_search() {
    let server = FeedServer::start("127.0.0.2");
    let path = "/search_by_date?tags=author_mlq&hitsPerPage=100";
    server.on(path, given("hackernews/hits_of_all_sorts.json"));
    let api = server.url("");
    check(&format!("{{name: mlq, kind: hackernews, handle: mlq, api: \"{api}\"}}"), 4);
    assert_eq!(server.only().path, path);
}

#[test]
fn lobsters_is_followed_by_its_json_and_comments() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/~pnair/stories.json", given("lobsters/users_as_names_and_as_objects.json"));
    server.on("/~pnair/comments.rss", given("lobsters/comments_of_somebody.rss"));
    let api = server.url("");
    check(&format!("{{name: pnair, kind: lobsters, handle: pnair, api: \"{api}\"}}"), 3);
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn reddit_that_asks_for_patience_is_told_with_the_way_to_a_token() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/r/rust/.rss", given("reddit/links_and_texts.atom"));
    server.on("/r/rust/.rss", Reply::status(429));
    let feed = server.url("/r/rust/.rss");
    let workspace = following(&format!("{{name: r/rust, kind: reddit, feed: \"{feed}\"}}"));
    let (run, report) = fetch(&workspace, FIRST);
    assert_eq!((run.code, &report["new"]), (0, &Value::from(2)), "{run:?}");
    let (soon, _) = fetch(&workspace, "2026-10-12T05:55:00Z");
    assert_eq!((soon.code, server.asked().len()), (0, 1), "asked again within half an hour");
    let (later, report) = fetch(&workspace, "2026-10-12T06:05:00Z");
    assert_eq!(later.code, 1, "{later:?}");
    let hint = report["failures"][0]["hint"].as_str();
    assert!(hint.is_some_and(|hint| hint.contains("reddit.com/prefs/feeds")), "{report}");
}

#[test]
fn a_channel_is_found_by_its_page_and_read_with_its_views() {
    let server = FeedServer::start("127.0.0.2");
    let page = "<!doctype html><html><head><link rel=alternate type=\"application/rss+xml\" \
        href=\"/feeds/videos.xml?channel_id=UCx\"></head><body></body></html>";
    server.on("/@tomas", Reply::ok(page));
    server.on("/feeds/videos.xml?channel_id=UCx", given("youtube/counted_in_a_group.atom"));
    let url = server.url("/@tomas");
    check(&format!("{{name: tomas, kind: youtube, url: \"{url}\"}}"), 1);
}

#[test]
fn an_account_at_github_is_followed_without_its_noise() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/inesok.atom", given("github/activity_mostly_noise.atom"));
    let feed = server.url("/inesok.atom");
    check(&format!("{{name: inesok, kind: github, feed: \"{feed}\"}}"), 3);
}
