//! Bounds in time and bytes, and answers that are not whole.

use std::io::Write as _;
use std::time::Duration;

use bellwether::fetch::{Answer, Client, Failure, Settings};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use super::{document, failure, get, request, settings};
use crate::support::raw_server::RawServer;
use crate::support::reply::{Gate, Reply};
use crate::support::server::FeedServer;

const SHORT: Duration = Duration::from_millis(150);

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

async fn packed(encoding: &str, body: Vec<u8>) -> Answer {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::ok(body).header("content-encoding", encoding));
    let small = Settings { max_bytes: 1 << 20, ..settings() };
    Client::new(&small).unwrap().get(&request(&server.url("/feed"))).await
}

#[tokio::test]
async fn every_packing_that_is_asked_for_is_undone() {
    const BROTLI: &[u8] = b"\x0b\x02\x80hello\x03";
    const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd\x20\x05\x29\0\0hello";
    let cases = [("gzip", gzip(b"hello")), ("deflate", zlib(b"hello")), ("br", BROTLI.to_vec())];
    for (encoding, body) in cases.into_iter().chain([("zstd", ZSTD.to_vec())]) {
        assert_eq!(document(packed(encoding, body).await).0.body, b"hello", "{encoding}");
    }
    assert_eq!(document(packed("identity", b"hello".to_vec()).await).0.body, b"hello");
}

#[tokio::test]
async fn a_bomb_is_too_large() {
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    let failure = failure(packed("gzip", bomb).await);
    assert_eq!(failure, Failure::TooLarge { host: host(&failure), max_bytes: 1 << 20 });
}

/// The host of a failure whose port the test does not know.
fn host(failure: &Failure) -> String {
    match failure {
        Failure::TooLarge { host, .. } => host.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_body_of_the_limit_is_read_and_one_byte_more_is_not() {
    let limit = 1 << 20;
    document(packed("identity", vec![b' '; limit]).await);
    host(&failure(packed("identity", vec![b' '; limit + 1]).await));
    document(packed("gzip", gzip(&vec![b' '; limit])).await);
    host(&failure(packed("gzip", gzip(&vec![b' '; limit + 1])).await));
}

#[tokio::test]
async fn what_is_packed_twice_or_unknown_is_refused() {
    let twice = gzip(&gzip(b"hello"));
    for (encoding, body) in [("gzip, gzip", twice.clone()), ("gzip", twice), ("compress", vec![1])]
    {
        let failure = failure(packed(encoding, body).await);
        assert!(matches!(failure, Failure::Encoding { .. }), "{encoding}: {failure:?}");
    }
}

#[tokio::test]
async fn half_an_answer_is_no_document() {
    let cut = gzip(&b"<rss>many words</rss>".repeat(1000));
    let gzipped = format!("Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", cut.len() / 2);
    let gzipped = [gzipped.as_bytes(), &cut[..cut.len() / 2]].concat();
    let cases: [(&str, &[u8]); 5] = [
        ("length too large", b"Content-Length: 5000\r\n\r\n<rss>"),
        ("chunk size no hex", b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\nzz\r\n<"),
        ("last chunk missing", b"Transfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n"),
        ("gzip cut", &gzipped),
        ("gzip that is none", b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n<rss>"),
    ];
    for (what, rest) in cases {
        let server = RawServer::start("127.0.0.2", [b"HTTP/1.1 200 OK\r\n", rest].concat());
        let failure = failure(get(&server.url()).await);
        assert!(matches!(failure, Failure::Truncated { .. }), "{what}: {failure:?}");
    }
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", Reply::ok("<rss>").cut());
    let cut = failure(get(&server.url("/feed")).await);
    let told = matches!(cut, Failure::Truncated { .. } | Failure::Protocol { .. });
    assert!(told, "with or without its head: {cut:?}");
}

#[tokio::test]
async fn a_body_without_a_length_ends_with_the_connection() {
    let server = RawServer::start("127.0.0.2", "HTTP/1.0 200 OK\r\n\r\n<rss/>");
    assert_eq!(document(get(&server.url()).await).0.body, b"<rss/>");
}

#[tokio::test]
async fn what_is_no_http_is_told_so() {
    let endless = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(2 << 20));
    for answer in ["<rss>no head</rss>".to_owned(), endless] {
        let server = RawServer::start("127.0.0.2", answer);
        let failure = failure(get(&server.url()).await);
        let told = matches!(failure, Failure::Protocol { .. } | Failure::Truncated { .. });
        assert!(told, "{failure:?}");
    }
}

#[tokio::test]
async fn the_time_limit_holds_for_the_whole_answer() {
    let server = FeedServer::start("127.0.0.2");
    let gate = Gate::new();
    server.on("/silent", Reply::ok("").wait(&gate));
    server.on("/slow", Reply::ok("<rss>").wait(&gate).then("</rss>"));
    server.on("/moved", Reply::redirect(302, "/slow"));
    let client = Client::new(&Settings { timeout: SHORT, ..settings() }).unwrap();
    for path in ["/silent", "/slow", "/moved"] {
        let failure = failure(client.get(&request(&server.url(path))).await);
        let host = server.address().to_string();
        assert_eq!(failure, Failure::Timeout { host, after: SHORT }, "{path}");
    }
}

#[tokio::test]
async fn bodies_in_flight_are_bounded_until_the_caller_drops_them() {
    let server = FeedServer::start("127.0.0.2");
    let other = FeedServer::start("127.0.0.3");
    for server in [&server, &other] {
        server.on("/feed", Reply::ok(vec![b' '; 64 << 10]));
    }
    let tight = Settings {
        max_bytes: 64 << 10,
        max_in_flight_bytes: 64 << 10,
        timeout: SHORT,
        ..settings()
    };
    let client = Client::new(&tight).unwrap();
    let first = client.get(&request(&server.url("/feed"))).await;
    let late = failure(client.get(&request(&other.url("/feed"))).await);
    assert!(matches!(late, Failure::Timeout { .. }), "{late:?}");
    drop(first);
    document(client.get(&request(&other.url("/feed"))).await);
}
