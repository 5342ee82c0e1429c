//! Redirects: followed, bounded, remembered only when permanent.

use bellwether::fetch::{Answer, Failure};

use super::{client, document, failure, get, request};
use crate::support::reply::Reply;
use crate::support::server::FeedServer;

async fn permanent(url: &str) -> Option<String> {
    match get(url).await {
        Answer::Document { permanent, .. } => permanent,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_move_is_permanent_when_every_hop_says_so() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/a", Reply::redirect(301, "b")).on("/b", Reply::redirect(308, "/new#top"));
    server.on("/c", Reply::redirect(302, "/b")).on("/d", Reply::redirect(301, "/c"));
    server.on("/new", Reply::ok("<rss/>"));
    assert_eq!(permanent(&server.url("/a")).await, Some(server.url("/new")));
    assert_eq!(permanent(&server.url("/d")).await, None);
    assert_eq!(permanent(&server.url("/new")).await, None);
}

#[tokio::test]
async fn the_document_knows_where_it_came_from() {
    let (one, two) = (FeedServer::start("127.0.0.2"), FeedServer::start("127.0.0.3"));
    one.on("/feed", Reply::redirect(307, &two.url("/new")));
    two.on("/new", Reply::ok("<rss/>"));
    let (document, _) = document(get(&one.url("/feed")).await);
    assert_eq!(document.url, two.url("/new"));
}

#[tokio::test]
async fn a_circle_ends_at_the_first_url_seen_twice() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/a", Reply::redirect(302, "/b")).on("/b", Reply::redirect(302, "/a"));
    server.on("/self", Reply::redirect(301, "/self"));
    let circle = failure(get(&server.url("/a")).await);
    assert!(circle.to_string().ends_with("redirects in a circle"), "{circle}");
    assert_eq!(server.asked().len(), 2);
    failure(get(&server.url("/self")).await);
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn eight_hops_are_followed_and_no_ninth() {
    let server = FeedServer::start("127.0.0.2");
    for hop in 0..20 {
        server.on(&format!("/{hop}"), Reply::redirect(302, &format!("/{}", hop + 1)));
    }
    server.on("/20", Reply::ok("<rss/>"));
    let long = failure(get(&server.url("/0")).await);
    assert!(long.to_string().ends_with("redirects more than 8 times"), "{long}");
    assert_eq!(server.asked().len(), 9);
    document(get(&server.url("/12")).await);
}

#[tokio::test]
async fn only_the_web_is_followed() {
    let server = FeedServer::start("127.0.0.2");
    for target in ["file:///etc/passwd", "ftp://a.example/", "javascript:1", "http://", "//a b/"] {
        let server = FeedServer::start("127.0.0.3");
        server.on("/feed", Reply::redirect(302, target));
        let failure = failure(get(&server.url("/feed")).await);
        assert!(matches!(failure, Failure::Redirects { .. }), "{target}: {failure:?}");
    }
    server.on("/feed", Reply::status(301));
    let nowhere = failure(get(&server.url("/feed")).await);
    assert!(matches!(nowhere, Failure::Status { code: 301, .. }), "{nowhere:?}");
}

#[tokio::test]
async fn user_and_password_go_to_their_own_host_only() {
    let (one, two) = (FeedServer::start("127.0.0.2"), FeedServer::start("127.0.0.3"));
    one.on("/feed", Reply::redirect(302, "/here")).on("/here", Reply::redirect(302, &two.url("/")));
    two.on("/", Reply::redirect(302, &one.url("/back"))).on("/", Reply::ok("<rss/>"));
    one.on("/back", Reply::redirect(302, &two.url("/end")));
    two.on("/end", Reply::ok("<rss/>"));
    let url = format!("http://mara:p%40ss@{}/feed", one.address());
    let (document, _) = document(client().get(&request(&url)).await);
    assert!(!document.url.contains("mara"), "{}", document.url);
    for asked in one.asked() {
        assert_eq!(asked.header("authorization"), Some(&b"Basic bWFyYTpwQHNz"[..]));
    }
    assert!(two.asked().iter().all(|asked| asked.header("authorization").is_none()));
}

#[tokio::test]
async fn a_permanent_move_on_the_same_host_keeps_user_and_password() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::redirect(301, "/new")).on("/new", Reply::ok("<rss/>"));
    let with = |path| format!("http://mara:secret@{}{path}", server.address());
    assert_eq!(permanent(&with("/feed")).await, Some(with("/new")));
}

#[tokio::test]
async fn a_redirect_cannot_bring_its_own_password() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::redirect(302, &format!("http://a:b@{}/new", server.address())));
    server.on("/new", Reply::ok("<rss/>"));
    document(get(&server.url("/feed")).await);
    assert!(server.asked().iter().all(|asked| asked.header("authorization").is_none()));
}
