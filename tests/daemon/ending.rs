//! How it ends, and what keeps it from starting.

use std::time::{Duration, Instant};

use super::{START, came, following, one_feed, posts, rss};
use crate::support::daemon::Daemon;
use crate::support::reply::Gate;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

#[test]
fn sigterm_in_the_middle_of_an_answer_ends_it_soon_and_what_was_answered_is_kept() {
    let (server, slow, gate) =
        (FeedServer::start("127.0.0.2"), FeedServer::start("127.0.0.3"), Gate::new());
    server.on("/feed", rss(&["one"]));
    slow.on("/feed", rss(&["two"]).wait(&gate));
    let workspace = Workspace::new(&following(&[server.url("/feed"), slow.url("/feed")]));
    let mut daemon = Daemon::begin(&workspace, START, &[]);
    daemon.says("feed read");
    came(&slow, 1);
    let told = Instant::now();
    daemon.end();
    assert!(told.elapsed() < Duration::from_secs(5), "{:?}", told.elapsed());
    gate.open();
    assert_eq!(posts(&workspace), 1);
    assert!(workspace.done(&["fetch", "--now", START]).contains("1 new post"), "and goes on");
}

#[test]
fn the_end_of_standard_input_is_an_end_in_good_order() {
    let (_server, workspace) = one_feed(&["one"]);
    let run = workspace.answer(&["run", "--clock", "-"], &format!("{START}\n"));
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_second_one_is_refused_at_once_and_names_the_first() {
    let (_server, workspace) = one_feed(&["one"]);
    let daemon = Daemon::start(&workspace, START);
    let begun = Instant::now();
    let second = workspace.answer(&["run", "--clock", "-"], &format!("{START}\n"));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(second.code, 2);
    let holder = format!("process {} (bellwether run, since {START})", daemon.pid());
    assert!(second.err.contains(&holder), "{}", second.err);
    assert!(second.err.contains("hint:"), "{}", second.err);
    daemon.end();
}

#[test]
fn what_keeps_it_from_starting_is_one_line_with_the_next_step() {
    let refused = |workspace: &Workspace, part: &str| {
        let run = workspace.answer(&["run", "--clock", "-"], &format!("{START}\n"));
        assert_eq!(run.code, 78, "not to be started again: {run:?}");
        assert!(run.err.contains(part), "{part}: {}", run.err);
        let (errors, hints): (Vec<&str>, Vec<&str>) =
            run.err.lines().partition(|line| line.starts_with("error:"));
        assert_eq!(errors.len(), 1, "{}", run.err);
        assert!(hints.iter().any(|line| line.starts_with("hint:")), "{}", run.err);
    };
    refused(&Workspace::empty(), "feeds.yaml");
    refused(&Workspace::new("sorces: []\n"), "sorces");
    let (_server, workspace) = one_feed(&["one"]);
    workspace.write("index/archive.db", "no archive at all, but long enough for a header of one");
    refused(&workspace, "archive.db");
}

#[test]
fn after_kill_9_it_goes_on_where_it_was() {
    let (server, workspace) = one_feed(&["one"]);
    Daemon::start(&workspace, START).kill();
    let mut daemon = Daemon::start(&workspace, "2026-10-12T06:31:00Z");
    assert_eq!(server.asked().len(), 1, "a restart makes nothing due");
    daemon.jump("2026-10-12T07:30:00Z");
    daemon.end();
    assert_eq!(posts(&workspace), 1);
}
