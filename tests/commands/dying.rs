//! A daemon that hangs or dies: the command says so, and what was recorded is done once, later.

use bellwether::archive::Archive;
use bellwether::pipeline::work::Work;
use jiff::Timestamp;

use super::{NOW, Under, archive, feed, followed, item_about, marks, open, read};
use crate::support::daemon::Daemon;
use crate::support::reply::Gate;
use crate::support::workspace::Workspace;

/// How many intents were done.
fn done(workspace: &Workspace) -> usize {
    let archive = archive(workspace);
    let last = archive.latest_seq().unwrap();
    (1..=last)
        .filter_map(|seq| archive.intent(seq).unwrap())
        .filter(|one| one.done.is_some())
        .count()
}

#[test]
fn a_daemon_that_hangs_is_told_and_does_it_once_when_it_goes_on() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    let mut daemon = Daemon::start(&workspace, NOW);
    daemon.signal("STOP");
    let run = workspace.run(&["done", &id]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("no answer within 3 seconds"), "{}", run.err);
    assert!(run.err.contains("it is recorded, and will be done"), "{}", run.err);
    assert_eq!((marks(&workspace).len(), open(&workspace)), (0, 1));
    daemon.signal("CONT");
    daemon.jump("2026-10-12T06:31:00Z");
    daemon.end();
    assert_eq!((marks(&workspace), open(&workspace)), (vec![("done", id)], 0));
}

#[test]
fn a_daemon_that_is_killed_in_a_fetch_is_told_and_the_next_one_fetches() {
    let (server, workspace) = followed();
    let gate = Gate::new();
    server.on("/feed", feed(&["one more"]).wait(&gate));
    let daemon = Daemon::start(&workspace, NOW);
    let mut fetch = Under::way(&workspace, &["fetch"]);
    fetch.says("reading feeds");
    daemon.kill();
    let run = fetch.ended();
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("it ended in the middle"), "{}", run.err);
    assert!(run.err.contains("it is recorded, and will be done"), "{}", run.err);
    assert_eq!(open(&workspace), 1);
    gate.open();
    let mut daemon = Daemon::start(&workspace, "2026-10-12T06:31:00Z");
    daemon.jump("2026-10-12T06:32:00Z");
    daemon.end();
    assert_eq!((open(&workspace), done(&workspace)), (0, 1));
    assert_eq!(archive(&workspace).counts().unwrap().posts, 3);
}

#[test]
fn a_daemon_that_is_told_to_stop_in_a_fetch_leaves_it_for_the_next_start() {
    let (server, workspace) = followed();
    let gate = Gate::new();
    server.on("/feed", feed(&["one more"]).wait(&gate));
    let daemon = Daemon::start(&workspace, NOW);
    let mut fetch = Under::way(&workspace, &["fetch"]);
    fetch.says("reading feeds");
    daemon.end();
    let run = fetch.ended();
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.contains("it is recorded, and will be done"), "{}", run.err);
    assert_eq!(open(&workspace), 1);
    gate.open();
    let mut daemon = Daemon::start(&workspace, "2026-10-12T06:31:00Z");
    daemon.jump("2026-10-12T06:32:00Z");
    daemon.end();
    assert_eq!((open(&workspace), archive(&workspace).counts().unwrap().posts), (0, 3));
}

#[test]
fn after_kill_9_a_command_acts_itself_and_the_next_daemon_has_a_door() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    Daemon::start(&workspace, NOW).kill();
    assert!(workspace.path("index/door").exists(), "it was left behind");
    let run = workspace.run(&["done", &id]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let daemon = Daemon::start(&workspace, "2026-10-12T06:31:00Z");
    let run = workspace.run(&["save", &id]);
    assert!(run.err.contains(&format!("process {} (bellwether run", daemon.pid())), "{run:?}");
    daemon.end();
    assert_eq!(marks(&workspace), [("done", id.clone()), ("save", id)]);
}

#[test]
fn what_was_recorded_before_the_daemon_started_is_done_at_its_start() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    let now = NOW.parse().unwrap();
    let lock = bellwether::archive::lock(&workspace.path("index"), "fetch", now).unwrap();
    assert_eq!(workspace.run(&["mute", &id]).code, 0);
    drop(lock);
    Daemon::start(&workspace, NOW).end();
    assert_eq!((marks(&workspace), open(&workspace)), (vec![("mute", id)], 0));
}

#[test]
fn a_digest_that_was_sent_just_before_a_kill_is_not_sent_again() {
    let (_server, workspace) = read();
    let send = Work::Send { name: None, sections: Vec::new() };
    let path = workspace.path("index/archive.db");
    let record = |path: &std::path::Path| {
        let mut archive = Archive::open(path).unwrap();
        let now = NOW.parse().unwrap();
        archive.record_intent(send.verb(), "", Some(&send.argument()), now).unwrap()
    };
    record(&path);
    // What a killed daemon has done, but for noting it.
    workspace.done(&["digest", "--send", "--now", NOW]);
    Daemon::start(&workspace, "2026-10-12T06:40:00Z").end();
    let sent = |workspace: &Workspace| {
        let last = archive(workspace).last_sent("morning", Timestamp::MAX, None).unwrap();
        last.unwrap().1.now.to_string()
    };
    assert_eq!((sent(&workspace).as_str(), open(&workspace)), (NOW, 0));

    record(&path);
    Daemon::start(&workspace, "2026-10-12T06:41:00Z").end();
    assert_eq!((sent(&workspace).as_str(), open(&workspace)), ("2026-10-12T06:41:00Z", 0));
}
