//! What a request looks like, and what each kind of answer becomes.

use bellwether::fetch::{Answer, Client, Failure, Settings};
use bellwether::model::{Request, Validators};

use super::{AGENT, client, document, failure, get, request, settings};
use crate::support::reply::Reply;
use crate::support::server::FeedServer;

#[tokio::test]
async fn a_document_comes_with_its_url_its_type_and_its_validators() {
    let server = FeedServer::start("127.0.0.2");
    let type_ = "application/rss+xml; charset=ISO-8859-1";
    let reply = Reply::ok(b"<rss>\xe9</rss>").header("content-type", type_).header("etag", "\"1\"");
    server.on("/feed", reply);
    let (document, validators) = document(get(&server.url("/feed")).await);
    assert_eq!(document.url, server.url("/feed"));
    assert_eq!(document.content_type.as_deref(), Some(type_));
    assert_eq!(document.body, b"<rss>\xe9</rss>");
    assert_eq!(
        validators,
        Validators { etag: Some("\"1\"".to_owned()), last_modified: None, url: None }
    );
}

#[tokio::test]
async fn a_request_is_a_get_that_says_who_asks_and_nothing_else_of_us() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::redirect(302, "/new").header("set-cookie", "a=b; Path=/"));
    server.on("/new", Reply::ok("<rss/>").header("set-cookie", "c=d"));
    let client = client();
    for _ in 0..2 {
        document(client.get(&request(&server.url("/feed"))).await);
    }
    assert_eq!(server.asked().len(), 4);
    for asked in server.asked() {
        assert_eq!(asked.method, "GET");
        assert_eq!(asked.header("user-agent"), Some(AGENT.as_bytes()));
        let names: Vec<_> = asked.headers.keys().map(|name| name.as_str()).collect();
        assert_eq!(names.len(), 4, "{names:?}");
        for name in ["accept", "accept-encoding", "host", "user-agent"] {
            assert!(names.contains(&name), "{name} in {names:?}");
        }
    }
}

#[tokio::test]
async fn a_kind_may_say_what_it_accepts() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::ok("{}"));
    let accept = Some("application/json".to_owned());
    document(client().get(&Request { accept, ..request(&server.url("/feed")) }).await);
    assert_eq!(server.only().header("accept"), Some(&b"application/json"[..]));
}

#[tokio::test]
async fn an_answer_meant_to_be_empty_is_nothing_new() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::status(204));
    assert!(matches!(get(&server.url("/feed")).await, Answer::Unchanged { .. }));
}

#[tokio::test]
async fn an_empty_200_is_a_failure_and_so_is_a_part() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/empty", Reply::ok("")).on("/part", Reply::status(206).then("<rss>"));
    let empty = failure(get(&server.url("/empty")).await);
    assert!(matches!(empty, Failure::Empty { .. }), "{empty:?}");
    let part = failure(get(&server.url("/part")).await);
    assert!(matches!(part, Failure::Truncated { .. }), "{part:?}");
}

#[tokio::test]
async fn an_error_status_is_told_with_the_wait_the_server_asks_for() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/gone", Reply::status(410).then("gone"));
    server.on("/busy", Reply::status(503).header("retry-after", "120"));
    let dated = Reply::status(429)
        .header("date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .header("retry-after", "Sun, 06 Nov 1994 08:50:37 GMT");
    server.on("/dated", dated);
    let gone = failure(get(&server.url("/gone")).await);
    assert!(gone.is_gone() && gone.hint().is_some(), "{gone}");
    for (path, wait) in [("/busy", 120), ("/dated", 60)] {
        let pace = failure(get(&server.url(path)).await).pace();
        assert_eq!(pace.retry_after.map(|wait| wait.as_secs()), Some(wait), "{path}");
    }
}

#[tokio::test]
async fn freshness_comes_with_the_document_and_with_the_304() {
    let server = FeedServer::start("127.0.0.2");
    let reply = Reply::ok("<rss/>").header("etag", "\"1\"").header("cache-control", "max-age=600");
    server.on("/feed", reply.revalidates());
    let client = client();
    let mut request = request(&server.url("/feed"));
    let fresh = |answer| match answer {
        Answer::Document { pace, validators, .. } | Answer::Unchanged { pace, validators, .. } => {
            (pace.fresh_for.map(|time| time.as_secs()), validators)
        }
        Answer::Failed(failure) => panic!("{failure}"),
        _ => unreachable!("there are three answers"),
    };
    for _ in 0..2 {
        let (seconds, validators) = fresh(client.get(&request).await);
        assert_eq!(seconds, Some(600));
        request.validators = validators;
    }
}

#[tokio::test]
async fn a_bot_wall_is_no_document_whatever_its_status() {
    let server = FeedServer::start("127.0.0.2");
    let page = "<!DOCTYPE html><script src=\"/cdn-cgi/challenge-platform/x\"></script>";
    server.on("/200", Reply::ok(page));
    server.on("/403", Reply::status(403).header("cf-mitigated", "challenge").then("x"));
    server.on("/503", Reply::status(503).then(page));
    for path in ["/200", "/403", "/503"] {
        let wall = failure(get(&server.url(path)).await);
        assert!(wall.is_wall() && wall.hint().is_some(), "{path}: {wall:?}");
    }
    server.on("/plain", Reply::status(403).then("<html>no</html>"));
    assert!(!failure(get(&server.url("/plain")).await).is_wall());
}

#[tokio::test]
async fn a_server_that_is_down_is_told_apart_from_no_network() {
    let gone = FeedServer::start("127.0.0.2").address();
    let down = failure(get(&format!("http://{gone}/feed")).await);
    assert_eq!(down.to_string(), format!("cannot reach {gone}: connection refused"));
    assert!(!down.is_offline() && !down.is_unsent());
}

#[tokio::test]
async fn a_server_without_tls_is_no_secure_connection() {
    let server = FeedServer::start("127.0.0.2");
    let failure = failure(get(&format!("https://{}/feed", server.address())).await);
    assert!(matches!(failure, Failure::Tls { .. }), "{failure:?}");
    assert!(server.asked().is_empty());
}

#[test]
fn a_user_agent_that_no_header_can_carry_is_an_error() {
    let broken = Settings { user_agent: "a\nb".to_owned(), ..settings() };
    assert!(matches!(Client::new(&broken), Err(Failure::Setup { .. })));
}
