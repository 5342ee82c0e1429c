//! The address guard: nothing reaches a private network that the user did not allow.

use bellwether::address::Allow;
use bellwether::fetch::{Client, Failure, Settings};

use super::{client, document, failure, get, request, settings};
use crate::support::reply::Reply;
use crate::support::server::FeedServer;

/// Ways to write an address of one's own machine or network.
const SPELLINGS: [&str; 30] = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7F.0x0.0x0.0x1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.0x1",
    "１２７.0.0.1",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::1]",
    "[fe80::1]",
    "[fc00::1]",
    "169.254.169.254",
    "192.168.0.1",
];

#[tokio::test]
async fn no_spelling_of_a_private_address_is_asked() {
    let server = FeedServer::start("127.0.0.1");
    server.on("/feed", Reply::ok("<rss/>"));
    let client = Client::new(&Settings { allow: Allow::default(), ..settings() }).unwrap();
    for host in SPELLINGS {
        let url = format!("http://{host}:{}/feed", server.address().port());
        let failure = failure(client.get(&request(&url)).await);
        assert!(matches!(failure, Failure::Refused { .. }), "{host}: {failure:?}");
        assert!(failure.hint().unwrap().contains("allow"), "{host}");
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn no_redirect_leads_to_a_private_address() {
    let (server, inner) = (FeedServer::start("127.0.0.2"), FeedServer::start("127.9.9.9"));
    let port = inner.address().port();
    for host in ["127.9.9.9", "0x7f090909", "2131298569", "[::ffff:127.9.9.9]", "localhost"] {
        let server = FeedServer::start("127.0.0.3");
        server.on("/feed", Reply::redirect(302, &format!("http://{host}:{port}/")));
        let failure = failure(get(&server.url("/feed")).await);
        assert!(matches!(failure, Failure::Refused { .. }), "{host}: {failure:?}");
    }
    server.on("/feed", Reply::redirect(301, &format!("//127.9.9.9:{port}/")));
    failure(get(&server.url("/feed")).await);
    assert!(inner.asked().is_empty());
}

#[tokio::test]
async fn an_allowed_network_is_asked() {
    let server = FeedServer::start("127.0.0.1");
    server.on("/feed", Reply::ok("<rss/>"));
    document(get(&server.url("/feed")).await);
}

#[tokio::test]
async fn a_led_name_reaches_its_server_and_keeps_its_host() {
    let server = FeedServer::start("127.0.0.1");
    server.on("/feed", Reply::ok("<rss/>"));
    let led = vec![(".example".to_owned(), server.address())];
    let client = Client::new(&Settings { led, allow: Allow::default(), ..settings() }).unwrap();
    let (document, _) = document(client.get(&request("http://mara.example/feed")).await);
    assert_eq!(document.url, "http://mara.example/feed");
    assert_eq!(server.only().header("host"), Some(&b"mara.example"[..]));
}

#[tokio::test]
async fn what_is_no_web_address_is_not_asked() {
    for url in ["", "feed", "/feed", "file:///etc/passwd", "data:text/xml,<rss/>", "http://"] {
        let failure = failure(client().get(&request(url)).await);
        assert_eq!(failure, Failure::Url, "{url}");
        assert!(failure.is_unsent());
    }
}
