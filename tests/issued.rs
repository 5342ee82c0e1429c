//! A digest that was sent is given again as it was, wherever one stands; one that was printed can
//! be explained.

use std::process::Command;

use bellwether::archive::Archive;
use serde_json::Value;

use crate::pipeline::{FIRST, SECOND, feed, fetch, following};
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

#[test]
fn a_sent_digest_is_given_again_as_it_was_and_the_next_one_begins_where_it_ended() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Has anyone measured BM25F on short posts?")])).on(
        "/feed",
        feed(&[("1", "Has anyone measured BM25F on short posts?"), ("2", "Undo is unsolved")]),
    );
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    let sent = workspace.done(&["digest", "--send", "--now", FIRST]);
    assert_eq!(workspace.read("index/digests/2026-10-12-morning.md").trim_end(), sent.trim_end());
    fetch(&workspace, SECOND);
    assert_eq!(workspace.done(&["digest", "--now", FIRST]), sent);
    let next: Value =
        serde_json::from_str(&workspace.done(&["digest", "--format", "json", "--now", SECOND]))
            .unwrap();
    assert_eq!(next["period"]["from"], FIRST);
}

#[test]
fn a_later_digest_of_a_day_leaves_the_earlier_files_alone() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Undo is unsolved")]));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    workspace.done(&["digest", "--send", "--now", FIRST]);
    let morning = workspace.read("index/digests/2026-10-12-morning.md");
    workspace.done(&["digest", "--send", "--now", "2026-10-12T16:00:00Z"]);
    assert_eq!(workspace.read("index/digests/2026-10-12-morning.md"), morning);
    let second = workspace.read("index/digests/2026-10-12-morning-1600.md");
    workspace.done(&["digest", "--send", "--now", "2026-10-12T16:00:09Z"]);
    assert_eq!(workspace.read("index/digests/2026-10-12-morning-1600.md"), second);
    assert!(workspace.path("index/digests/2026-10-12-morning-160009.md").is_file());
}

#[test]
fn a_channel_that_fails_takes_no_digest_back_and_is_asked_again() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Undo is unsolved")]));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    // A file where the folder of digests belongs.
    workspace.write("index/digests", "");
    let sent = workspace.run(&["digest", "--send", "--now", FIRST]);
    assert_eq!(sent.code, 1, "{}", sent.err);
    assert!(sent.err.contains("not sent to file: ") && sent.err.contains("hint: "), "{}", sent.err);
    let archive = Archive::read_only(&workspace.path("index/archive.db")).unwrap();
    assert_eq!(archive.undelivered().unwrap()[0].channels, ["file"]);

    std::fs::remove_file(workspace.path("index/digests")).unwrap();
    fetch(&workspace, SECOND);
    workspace.done(&["digest", "--send", "--now", SECOND]);
    let late = workspace.read("index/digests/2026-10-12-morning.md");
    assert_eq!(late.trim_end(), sent.out.trim_end(), "as it was sent");
    assert!(workspace.path("index/digests/2026-10-13-morning.md").is_file());
    assert_eq!(archive.undelivered().unwrap(), []);
}

#[test]
fn a_digest_before_any_reading_takes_nothing_from_the_first() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Has anyone measured BM25F on short posts?")]));
    let workspace = following(&[server.url("/feed")]);
    workspace.done(&["reindex"]);
    let early = workspace.run(&["digest", "--send", "--now", FIRST]);
    assert!(early.err.contains("not sent: no feed was read yet"), "{}", early.err);
    assert!(!workspace.path("index/digests").exists());
    fetch(&workspace, SECOND);
    let first = workspace.done(&["digest", "--send", "--now", SECOND]);
    assert!(!first.contains("Nothing today"), "{first}");
}

#[test]
fn a_sent_digest_is_the_same_where_the_clock_stands_otherwise() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Has anyone measured BM25F on short posts?")]));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    let sent = workspace.done(&["digest", "--send", "--section", "asks", "--now", FIRST]);
    let elsewhere = Command::new(env!("CARGO_BIN_EXE_bellwether"))
        .args(["digest", "--now", FIRST])
        .current_dir(workspace.dir())
        .env("TZ", "Pacific/Auckland")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(elsewhere.stdout).unwrap(), sent);
}

#[test]
fn a_sent_digest_finds_the_secrets_that_lie_beside_its_settings() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Has anyone measured BM25F on short posts?")]));
    let workspace = Workspace::new(
        "fetch: {allow: [\"127.0.0.0/16\"]}\nsources: [{name: letter, url_file: letter.url}]\n",
    );
    workspace.write("letter.url", server.url("/feed"));
    let only_me = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(workspace.path("letter.url"), only_me).unwrap();
    fetch(&workspace, FIRST);
    let sent = workspace.done(&["digest", "--send", "--now", FIRST]);
    let elsewhere = Command::new(env!("CARGO_BIN_EXE_bellwether"))
        .args(["digest", "--now", FIRST, "--dir", workspace.dir().to_str().unwrap()])
        .current_dir("/")
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(elsewhere.stdout).unwrap(), sent);
}

#[test]
fn why_tells_the_points_of_a_printed_item_and_they_sum_to_its_score() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Has anyone here measured BM25F on short posts?")]));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    let digest: Value =
        serde_json::from_str(&workspace.done(&["digest", "--format", "json", "--now", FIRST]))
            .unwrap();
    let id = digest["sections"][0]["items"][0]["id"].as_str().expect("an item");
    let item: Value = serde_json::from_str(&workspace.done(&["why", id, "--json"])).unwrap();
    let points: f64 =
        item["reasons"].as_array().unwrap().iter().map(|one| one["points"].as_f64().unwrap()).sum();
    assert!((points - item["score"].as_f64().unwrap()).abs() < 1e-9, "{item}");
    assert_eq!(workspace.run(&["why", "zzzz"]).code, 1);
}
