//! What the service manager hears (sd_notify(3)).

use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use super::{START, TOO_LONG, one_feed};
use crate::support::daemon::Daemon;
use crate::support::workspace::Workspace;

struct Manager(UnixDatagram);

impl Manager {
    /// Listens in the workspace, where `NOTIFY_SOCKET` is to point.
    fn listen(workspace: &Workspace) -> (Manager, String) {
        let path = workspace.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(TOO_LONG)).unwrap();
        (Manager(socket), path.to_str().unwrap().to_owned())
    }

    fn next(&self) -> String {
        let mut bytes = [0; 4096];
        let length = self.0.recv(&mut bytes).expect("nothing more was said");
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    }

    /// The next message that has `part` in it.
    fn hears(&self, part: &str) -> String {
        loop {
            let message = self.next();
            if message.contains(part) {
                return message;
            }
        }
    }

    /// Waits until nothing is said for so long.
    #[track_caller]
    fn falls_silent(&self, silence: Duration) {
        let begun = Instant::now();
        self.0.set_read_timeout(Some(silence)).unwrap();
        while self.0.recv(&mut [0; 4096]).is_ok() {
            assert!(begun.elapsed() < TOO_LONG, "it never falls silent");
        }
        self.0.set_read_timeout(Some(TOO_LONG)).unwrap();
    }
}

#[test]
fn it_hears_of_a_whole_life() {
    let (_server, workspace) = one_feed(&["one"]);
    let (manager, path) = Manager::listen(&workspace);
    let mut daemon = Daemon::begin(&workspace, START, &[("NOTIFY_SOCKET", &path)]);
    assert_eq!(manager.next(), "READY=1\n");
    daemon.idle(START);
    let status = manager.hears("STATUS=1 feed, next poll ");
    assert!(status.contains("digest morning 07:30"), "{status}");
    daemon.signal("HUP");
    let reloading = manager.hears("RELOADING=1");
    let instant = reloading.lines().find_map(|line| line.strip_prefix("MONOTONIC_USEC="));
    assert!(instant.unwrap().parse::<u64>().unwrap() > 0, "{reloading}");
    manager.hears("READY=1");
    daemon.signal("TERM");
    manager.hears("STOPPING=1");
    daemon.ended(0);
}

#[test]
fn it_hears_signs_of_life_while_the_loop_turns_and_the_archive_answers() {
    let (_server, workspace) = one_feed(&["one"]);
    let (manager, path) = Manager::listen(&workspace);
    let watched = [("NOTIFY_SOCKET", &*path), ("WATCHDOG_USEC", "100000")];
    let mut daemon = Daemon::begin(&workspace, START, &watched);
    daemon.idle(START);
    for _ in 0..3 {
        manager.hears("WATCHDOG=1");
    }
    daemon.end();
}

#[test]
fn it_hears_no_sign_of_life_while_the_archive_does_not_answer() {
    let (_server, workspace) = one_feed(&["one"]);
    let (manager, path) = Manager::listen(&workspace);
    let watched = [("NOTIFY_SOCKET", &*path), ("WATCHDOG_USEC", "10000")];
    let mut daemon = Daemon::begin(&workspace, START, &watched);
    daemon.idle(START);
    manager.hears("WATCHDOG=1");
    let other = rusqlite::Connection::open(workspace.path("index/archive.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // The daemon's connection has this to write down, and hangs with it. Its loop turns.
    workspace.write("feeds.yaml", "sources: [\n");
    daemon.says("settings: refused");
    manager.falls_silent(Duration::from_millis(250));
    other.execute_batch("ROLLBACK").unwrap();
    manager.hears("WATCHDOG=1");
    daemon.end();
}
