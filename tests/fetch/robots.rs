//! `robots.txt`, for pages only.

use bellwether::fetch::Failure;
use url::Url;

use super::client;
use crate::support::reply::Reply;
use crate::support::server::FeedServer;

async fn allowed(robots: Reply, path: &str) -> Result<(), Failure> {
    let server = FeedServer::start("127.0.0.2");
    server.on("/robots.txt", robots);
    client().allowed(&Url::parse(&server.url(path)).unwrap()).await
}

#[tokio::test]
async fn the_group_of_our_name_holds_and_else_the_one_for_all() {
    let rules = "User-agent: *\nDisallow: /\n\nUser-agent: Bellwether\nDisallow: /private/\n";
    assert!(allowed(Reply::ok(rules), "/blog").await.is_ok());
    let refused = allowed(Reply::ok(rules), "/private/blog").await.unwrap_err();
    assert!(matches!(refused, Failure::Robots { .. }) && refused.is_unsent(), "{refused:?}");
    let all = "User-agent: *\nDisallow: /blog\n";
    assert!(allowed(Reply::ok(all), "/blog/1").await.is_err());
}

#[tokio::test]
async fn no_rules_forbid_nothing_and_a_failing_server_forbids_all() {
    assert!(allowed(Reply::status(404), "/").await.is_ok());
    assert!(allowed(Reply::status(403), "/").await.is_ok());
    assert!(allowed(Reply::ok(""), "/").await.is_ok());
    assert!(allowed(Reply::redirect(302, "/robots.txt"), "/").await.is_ok());
    assert!(allowed(Reply::status(503), "/").await.is_err());
    assert!(allowed(Reply::status(429), "/").await.is_err());
}

#[tokio::test]
async fn the_rules_of_a_host_are_read_once() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/robots.txt", Reply::ok("User-agent: *\nDisallow: /no\n"));
    let client = client();
    for (path, free) in [("/a", true), ("/no", false), ("/b?c", true)] {
        let url = Url::parse(&server.url(path)).unwrap();
        assert_eq!(client.allowed(&url).await.is_ok(), free, "{path}");
    }
    assert_eq!(server.only().path, "/robots.txt");
}
