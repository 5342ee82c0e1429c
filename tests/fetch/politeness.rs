//! One request at a time per service, and what a 429 means for the others.

use bellwether::fetch::Failure;
use futures::future::{join, join_all};

use super::{client, document, failure, request};
use crate::support::reply::{Gate, Reply};
use crate::support::server::FeedServer;

#[tokio::test]
async fn one_request_at_a_time_per_service() {
    let server = FeedServer::start("127.0.0.2");
    let gate = Gate::new();
    server.on("/first", Reply::ok("<rss/>").wait(&gate));
    server.on("/feed", Reply::ok("<rss/>"));
    let client = client();
    let first = request(&server.url("/first"));
    let others = vec![request(&server.url("/feed")); 20];
    let all = join(client.get(&first), join_all(others.iter().map(|other| client.get(other))));
    let open = async {
        server.came(1).await;
        gate.open();
    };
    let ((first, others), ()) = join(all, open).await;
    for answer in others.into_iter().chain([first]) {
        document(answer);
    }
    assert_eq!(server.most_at_once(), 1);
}

#[tokio::test]
async fn different_services_are_asked_at_the_same_time() {
    let servers = ["127.0.0.2", "127.0.0.3", "127.0.0.2"].map(FeedServer::start);
    let gate = Gate::new();
    for server in &servers {
        server.on("/feed", Reply::ok("<rss/>").wait(&gate));
    }
    let client = client();
    let requests = servers.each_ref().map(|server| request(&server.url("/feed")));
    let open = async {
        join_all(servers.iter().map(|server| server.came(1))).await;
        gate.open();
    };
    let (answers, ()) = join(join_all(requests.iter().map(|one| client.get(one))), open).await;
    answers.into_iter().for_each(|answer| drop(document(answer)));
}

#[tokio::test]
async fn a_redirect_takes_its_turn_at_the_other_service() {
    let (one, two) = (FeedServer::start("127.0.0.2"), FeedServer::start("127.0.0.3"));
    let gate = Gate::new();
    for feed in ["/a", "/b", "/c"] {
        one.on(feed, Reply::redirect(302, &two.url(feed)));
        two.on(feed, Reply::ok("<rss/>"));
    }
    two.on("/held", Reply::ok("<rss/>").wait(&gate));
    let client = client();
    let urls = [two.url("/held"), one.url("/a"), one.url("/b"), one.url("/c")];
    let requests = urls.map(|url| request(&url));
    let open = async {
        join(two.came(1), one.came(3)).await;
        gate.open();
    };
    let (answers, ()) = join(join_all(requests.iter().map(|one| client.get(one))), open).await;
    answers.into_iter().for_each(|answer| drop(document(answer)));
    assert_eq!((one.most_at_once(), two.most_at_once()), (1, 1));
}

#[tokio::test]
async fn after_a_429_the_other_feeds_of_the_service_are_left_alone() {
    let (busy, free) = (FeedServer::start("127.0.0.2"), FeedServer::start("127.0.0.3"));
    busy.on("/a", Reply::status(429).header("retry-after", "300"));
    free.on("/feed", Reply::ok("<rss/>"));
    let client = client();
    failure(client.get(&request(&busy.url("/a"))).await);
    let resting = failure(client.get(&request(&busy.url("/b"))).await);
    assert!(matches!(resting, Failure::Resting { .. }) && resting.is_unsent(), "{resting:?}");
    let wait = resting.pace().retry_after.unwrap().as_secs();
    assert!((290..=300).contains(&wait), "{wait}");
    assert_eq!(busy.asked().len(), 1);
    document(client.get(&request(&free.url("/feed"))).await);
}

#[tokio::test]
async fn a_request_that_is_given_up_frees_its_turn() {
    let server = FeedServer::start("127.0.0.2");
    let gate = Gate::new();
    server.on("/held", Reply::ok("").wait(&gate)).on("/feed", Reply::ok("<rss/>"));
    let client = client();
    let held = request(&server.url("/held"));
    tokio::select! {
        _ = client.get(&held) => unreachable!("its gate is shut"),
        () = server.came(1) => {}
    }
    document(client.get(&request(&server.url("/feed"))).await);
}

#[tokio::test]
async fn a_host_that_is_down_is_tried_once_for_all_its_feeds() {
    let address = FeedServer::start("127.0.0.2").address();
    let client = client();
    let down = failure(client.get(&request(&format!("http://{address}/a"))).await);
    let back = std::net::TcpListener::bind(address).unwrap();
    back.set_nonblocking(true).unwrap();
    let same = failure(client.get(&request(&format!("http://{address}/b"))).await);
    assert_eq!(same, down);
    assert!(back.accept().is_err(), "nobody came");
}
