//! Conditional requests.

use bellwether::fetch::Answer;
use bellwether::model::{Request, Validators};

use super::{client, document, failure, get, request};
use crate::support::reply::Reply;
use crate::support::server::FeedServer;

/// Reads the feed twice and returns the second request's conditions and whether it was a 304.
async fn twice(reply: Reply) -> (Option<Vec<u8>>, Option<Vec<u8>>, bool) {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", reply.revalidates());
    let client = client();
    let first = request(&server.url("/feed"));
    let (_, validators) = document(client.get(&first).await);
    let second = client.get(&Request { validators: validators.clone(), ..first }).await;
    let unchanged = match second {
        Answer::Unchanged { validators: kept, .. } => {
            assert_eq!(kept, validators);
            true
        }
        _ => false,
    };
    let asked = server.asked().pop().unwrap();
    let header = |name| asked.header(name).map(<[u8]>::to_vec);
    (header("if-none-match"), header("if-modified-since"), unchanged)
}

#[tokio::test]
async fn validators_go_back_byte_for_byte_and_the_304_is_unchanged() {
    for etag in [&b"\"v1\""[..], b"W/\"v1\"", b"no quotes", b"\"\xe9\xff\"", "\"Ω\"".as_bytes()] {
        let (sent, since, unchanged) = twice(Reply::ok("<rss/>").header("etag", etag)).await;
        assert_eq!((sent.as_deref(), since, unchanged), (Some(etag), None, true));
    }
}

#[tokio::test]
async fn a_date_goes_back_as_the_server_wrote_it() {
    let date = "Sunday, 06-Nov-94 08:49:37 GMT";
    let (etag, since, unchanged) = twice(Reply::ok("<rss/>").header("last-modified", date)).await;
    assert_eq!((etag, since.as_deref(), unchanged), (None, Some(date.as_bytes()), true));
}

#[tokio::test]
async fn without_validators_nothing_is_conditional() {
    assert_eq!(twice(Reply::ok("<rss/>")).await, (None, None, false));
}

#[tokio::test]
async fn a_304_that_nobody_asked_for_is_a_failure() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::status(304));
    let failure = failure(get(&server.url("/feed")).await);
    assert!(failure.to_string().ends_with("answered 304 (not modified)"), "{failure}");
}

#[tokio::test]
async fn a_304_with_another_etag_keeps_the_one_that_was_read() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::status(304).header("etag", "\"new\""));
    let validators = Validators { etag: Some("\"read\"".to_owned()), ..Validators::default() };
    let request = Request { validators: validators.clone(), ..request(&server.url("/feed")) };
    match client().get(&request).await {
        Answer::Unchanged { validators: kept, .. } => assert_eq!(kept, validators),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn validators_go_only_to_the_url_that_gave_them() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::redirect(302, "/a")).on("/feed", Reply::redirect(302, "/b"));
    server.on("/a", Reply::ok("<rss/>").header("etag", "\"a\"").revalidates());
    server.on("/b", Reply::ok("<rss/>").header("etag", "\"a\"").revalidates());
    let client = client();
    let first = request(&server.url("/feed"));
    let (_, validators) = document(client.get(&first).await);
    assert_eq!(validators.url, Some(server.url("/a")));

    document(client.get(&Request { validators: validators.clone(), ..first.clone() }).await);
    assert!(server.asked().iter().all(|asked| asked.header("if-none-match").is_none()));

    let moved = Request { url: server.url("/a"), validators, ..first };
    assert!(matches!(client.get(&moved).await, Answer::Unchanged { .. }));
}
