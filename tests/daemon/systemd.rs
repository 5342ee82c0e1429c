//! What the service manager hears (sd_notify(3)).

use std::os::unix::net::UnixDatagram;

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
