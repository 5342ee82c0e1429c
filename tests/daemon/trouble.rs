//! What does not work while it runs, and that it gets over it by itself.

use super::{START, came, following, happenings, one_feed, posts, rss};
use crate::support::daemon::Daemon;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

#[test]
fn posts_are_kept_while_the_index_cannot_be_written_and_found_afterwards() {
    let (server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    std::fs::remove_dir_all(workspace.path("index/tantivy")).unwrap();
    workspace.write("index/tantivy", "not a folder");
    server.instead("/feed", rss(&["one", "merges measured"]));
    daemon.jump("2026-10-13T06:30:00Z");
    daemon.says("ERROR");
    assert_eq!(posts(&workspace), 2);
    std::fs::remove_file(workspace.path("index/tantivy")).unwrap();
    daemon.jump("2026-10-13T06:31:00Z");
    assert!(workspace.done(&["search", "merges"]).contains("measured"));
    let log = daemon.end();
    assert_eq!(log.matches("ERROR").count(), 1, "{log}");
    let what = happenings(&workspace);
    assert_eq!(what, ["started", "index-failed", "recovered", "stopped"]);
}

#[test]
fn an_index_that_is_gone_is_built_anew_at_the_start() {
    let (_server, workspace) = one_feed(&["merges measured"]);
    Daemon::start(&workspace, START).end();
    std::fs::remove_dir_all(workspace.path("index/tantivy")).unwrap();
    let mut daemon = Daemon::start(&workspace, "2026-10-12T06:31:00Z");
    daemon.says("built anew from 1 posts");
    daemon.end();
    assert!(workspace.done(&["search", "merges"]).contains("measured"));
}

/// Runs it with files of at most `kibibytes`, which [`lift`] takes away again.
fn with_little_room(workspace: &Workspace, kibibytes: u32) -> Daemon {
    let plain = crate::support::workspace::bellwether(workspace.dir());
    let mut command = crate::support::workspace::command(workspace.dir(), "bash");
    let script = format!("trap '' XFSZ; ulimit -S -f {kibibytes}; exec \"$0\" \"$@\"");
    command.args(["-c", &script]).arg(plain.get_program()).args(["-v", "run", "--clock", "-"]);
    Daemon::of(command, START)
}

fn lift(daemon: &Daemon) -> bool {
    let pid = daemon.pid().to_string();
    let mut command = std::process::Command::new("prlimit");
    command.args(["--fsize=unlimited", "--pid", &pid]);
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn while_the_archive_cannot_be_written_nobody_is_asked_and_then_it_goes_on_by_itself() {
    let server = FeedServer::start("127.0.0.2");
    let long = "merges measured ".repeat(60_000);
    server.on("/feed", rss(&["one"]));
    let workspace = Workspace::new(&following(&[server.url("/feed")]));
    Daemon::start(&workspace, START).end();
    server.instead("/feed", rss(&["one", &long]));
    let mut daemon = with_little_room(&workspace, 512);
    daemon.idle(START);
    daemon.jump("2026-10-13T06:30:00Z");
    let said = daemon.says("ERROR");
    assert!(said.contains("disk full"), "{said}");
    came(&server, 2);
    for minute in 31..50 {
        daemon.jump(&format!("2026-10-13T06:{minute}:00Z"));
    }
    assert_eq!(posts(&workspace), 1);
    if !lift(&daemon) {
        // No prlimit(1) here: that it stays up and asks nobody was seen all the same.
        return;
    }
    daemon.jump("2026-10-13T07:10:00Z");
    daemon.jump("2026-10-13T07:11:00Z");
    let log = daemon.end();
    assert_eq!(log.matches("ERROR").count(), 1, "{log}");
    assert_eq!(posts(&workspace), 2, "{log}");
    let happened = happenings(&workspace);
    assert!(happened.ends_with(&["write-failed".into(), "recovered".into(), "stopped".into()]));
}

#[test]
fn a_disk_with_room_for_a_small_write_only_does_not_have_all_feeds_asked_each_minute() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", rss(&["one"]));
    let workspace = Workspace::new(&following(&[server.url("/feed")]));
    Daemon::start(&workspace, START).end();
    server.instead("/feed", rss(&["one", &"merges measured ".repeat(200_000)]));
    // A probe writes a mebibyte, this post three.
    let mut daemon = with_little_room(&workspace, 1536);
    daemon.idle(START);
    for minute in 0..60 {
        daemon.jump(&format!("2026-10-13T06:{minute:02}:00Z"));
    }
    let log = daemon.end();
    let asked = server.asked().len() - 1;
    assert!((3..=8).contains(&asked), "after 1, 2, 4, 8, 15 minutes, not {asked} times:\n{log}");
    assert_eq!(log.matches("ERROR").count(), 1, "{log}");
}
