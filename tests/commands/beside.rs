//! While a daemon runs, it does the work: the same comes of it, and the command says who works.

use std::os::unix::fs::PermissionsExt as _;

use bellwether::daemon::door::{Answer, Ask, call};

use super::{
    NOW, TITLES, Under, archive, feed, followed, following, item_about, marks, open, read, shown,
};
use crate::support::daemon::Daemon;
use crate::support::reply::{Gate, Reply};
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

#[test]
fn what_is_said_of_an_item_has_the_same_effect_and_who_did_it_is_said() {
    let (_server, workspace) = read();
    let daemon = Daemon::start(&workspace, NOW);
    let id = item_about(&workspace, "BM25F");
    let run = workspace.run(&["done", "--now", NOW, &id]);
    assert_eq!((run.code, run.out), (0, format!("done: [{id}] {}\n", TITLES[0])));
    let who = format!("process {} (bellwether run, since {NOW}) does it\n", daemon.pid());
    assert_eq!(run.err, who);
    assert!(!shown(&workspace, "2026-10-12T06:31:00Z").contains(&id));
    workspace.done(&["done", "--undo", "--now", "2026-10-12T06:32:00Z", &id]);
    workspace.done(&["snooze", "--now", NOW, &id, "2w"]);
    workspace.done(&["mute", "--now", NOW, &id]);
    let row = workspace.done(&["save", "--json", "--now", NOW, &id]);
    let row: serde_json::Value = serde_json::from_str(&row).unwrap();
    assert_eq!((&row["applied"], &row["by"]), (&true.into(), &daemon.pid().into()));
    let all = ["snooze", "mute", "save"].map(|kind| (kind, id.clone()));
    assert_eq!((marks(&workspace), open(&workspace)), (all.into(), 0));
    let run = workspace.run(&["done", "azzz"]);
    assert_eq!(run.code, 2, "{run:?}");
    daemon.end();
}

#[test]
fn it_is_done_at_once_while_a_poll_hangs() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    let (slow, gate) = (FeedServer::start("127.0.0.3"), Gate::new());
    slow.on("/feed", feed(&["late"]).wait(&gate));
    workspace.write("feeds.yaml", following(&[slow.url("/feed")]));
    let mut daemon = Daemon::begin(&workspace, NOW, &[]);
    futures::executor::block_on(slow.came(1));

    workspace.done(&["done", &id]);
    assert_eq!((marks(&workspace), open(&workspace)), (vec![("done", id)], 0));
    gate.open();
    daemon.idle(NOW);
    daemon.end();
}

#[test]
fn a_fetch_follows_the_daemons_and_ends_as_its_own_would() {
    let (server, workspace) = followed();
    let gate = Gate::new();
    server.on("/missing", Reply::status(404));
    server.on("/feed", feed(&["one more"]).wait(&gate));
    let urls = [server.url("/feed"), server.url("/missing")];
    workspace.write("feeds.yaml", following(&urls));
    let mut daemon = Daemon::start(&workspace, NOW);
    let mut fetch = Under::way(&workspace, &["fetch"]);
    let who = format!("process {} (bellwether run) fetches", daemon.pid());
    fetch.says(&who);
    fetch.says("reading feeds: 2 …");
    gate.open();
    let run = fetch.ended();
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("left alone until"), "{}", run.err);
    assert!(
        run.out.contains("1 feed asked: 1 read, 0 unchanged, 0 failed; 1 left alone. 1 new post")
    );
    assert!(workspace.done(&["search", "one more"]).contains("one more"));
    daemon.jump("2026-10-12T06:31:00Z");
    assert_eq!(open(&workspace), 0);

    let run = workspace.run(&["fetch", "nobody"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("no feed or person is called `nobody`"), "{}", run.err);
    daemon.end();
}

#[test]
fn a_fetch_of_which_a_feed_fails_ends_with_1_and_names_it() {
    let (server, workspace) = followed();
    server.on("/feed", Reply::status(500));
    let daemon = Daemon::start(&workspace, NOW);
    let run = workspace.run(&["fetch", "--json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["failed"], 1);
    assert!(report["failures"][0]["error"].as_str().unwrap().contains("500"), "{report}");
    daemon.end();
}

#[test]
fn a_reindex_and_a_digest_are_the_daemons() {
    let (_server, workspace) = read();
    let alone = workspace.done(&["reindex"]);
    let daemon = Daemon::start(&workspace, NOW);
    let run = workspace.run(&["reindex"]);
    assert_eq!((run.code, &run.out), (0, &alone), "{run:?}");
    let who = format!("process {} (bellwether run)", daemon.pid());
    assert!(run.err.contains(&format!("{who} builds the search index anew")), "{}", run.err);

    let run = workspace.run(&["digest", "--send"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains(&format!("{who} sends the digest")), "{}", run.err);
    assert!(run.err.contains("written: "), "{}", run.err);
    assert_eq!(run.out, workspace.read("index/digests/2026-10-12-morning.md"));
    let sent = archive(&workspace).sent_at("morning", NOW.parse().unwrap()).unwrap().unwrap().1;
    assert_eq!(sent.markdown, run.out);
    let json = workspace.run(&["digest", "--send", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(json["as_of"].is_i64(), "{json}");
    let run = workspace.run(&["digest", "evening", "--send"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("no digest is called `evening`"), "{}", run.err);
    daemon.end();
}

#[test]
fn a_replay_is_refused_since_it_needs_the_archive_for_itself() {
    let (_server, workspace) = read();
    let daemon = Daemon::start(&workspace, NOW);
    for args in [&["fetch", "--now", NOW][..], &["digest", "--send", "--now", NOW]] {
        let run = workspace.run(args);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("a replay needs it for itself"), "{}", run.err);
        assert!(run.err.contains("hint:  leave out --now"), "{}", run.err);
    }
    assert_eq!(open(&workspace), 0);
    workspace.done(&["digest", "--now", NOW]);
    daemon.end();
}

#[test]
fn ctrl_c_leaves_the_work_going_and_says_so() {
    let (server, workspace) = followed();
    let gate = Gate::new();
    server.on("/feed", feed(&["one more"]).wait(&gate));
    let mut daemon = Daemon::start(&workspace, NOW);
    let mut fetch = Under::way(&workspace, &["fetch"]);
    fetch.says("reading feeds");
    fetch.interrupt();
    let run = fetch.ended();
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("goes on with it"), "{}", run.err);
    assert_eq!(open(&workspace), 1);
    gate.open();
    daemon.says("1 new post");
    daemon.jump("2026-10-12T06:31:00Z");
    assert_eq!((open(&workspace), archive(&workspace).counts().unwrap().posts), (0, 3));
    daemon.end();
}

#[test]
fn the_door_is_this_users_own_and_is_there_under_a_long_path() {
    let (server, other) = followed();
    let long = format!("{}/{}", "a".repeat(100), "b".repeat(100));
    let place = other.path(&long);
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(place.join("feeds.yaml"), following(&[server.url("/feed")])).unwrap();
    let at = |args: &[&str]| -> Vec<String> {
        let dir = ["--dir", place.to_str().unwrap()];
        dir.iter().chain(args).map(|word| (*word).to_owned()).collect()
    };
    let run = |args: &[&str]| {
        let args = at(args);
        other.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let mut command = crate::support::workspace::bellwether(other.dir());
    command.args(at(&["run", "--clock", "-"]));
    let mut daemon = Daemon::of(command, NOW);
    daemon.idle(NOW);
    let mode = place.join("index/door").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let fetch = run(&["fetch"]);
    assert_eq!(fetch.code, 0, "{fetch:?}");
    assert!(fetch.err.contains("(bellwether run) fetches"), "{}", fetch.err);
    daemon.end();
    assert!(!place.join("index/door").exists(), "it is closed in the end");
}

#[test]
fn the_daemon_says_how_it_is() {
    let (_server, workspace) = read();
    let daemon = Daemon::start(&workspace, NOW);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(async {
        call(&workspace.path("index"), Ask::Status).await.unwrap().next().await.unwrap()
    });
    let Answer::Status(standing) = answer else { panic!("{answer:?}") };
    assert_eq!(standing.pid, daemon.pid());
    assert_eq!(standing.since, Some(NOW.parse().unwrap()));
    let next = standing.next_digest.unwrap();
    assert_eq!((next.name.as_str(), next.at), ("morning", "2026-10-12T07:30:00Z".parse().unwrap()));
    daemon.end();
}

#[test]
fn init_leaves_the_reading_to_the_daemon() {
    let (server, workspace) = followed();
    let daemon = Daemon::start(&workspace, NOW);
    server.on("/more", feed(&["a second feed"]));
    workspace.write("more.txt", server.url("/more"));
    let run = workspace.run(&["init", "--yes", "--list", "more.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains(&format!("process {} (bellwether run", daemon.pid())), "{}", run.err);
    daemon.end();
}

#[test]
fn a_folder_without_a_daemon_has_nobody_at_the_door() {
    let workspace = Workspace::new("- https://ines.example/feed\n");
    std::fs::create_dir_all(workspace.path("index")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let nobody = runtime.block_on(call(&workspace.path("index"), Ask::Status)).unwrap_err();
    assert!(nobody.to_string().contains("nobody answers"), "{nobody}");
}
