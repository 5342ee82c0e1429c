//! When digests are sent.

use super::{START, came, digests, following, one_feed, rss};
use crate::support::daemon::Daemon;
use crate::support::reply::Gate;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

#[test]
fn a_digest_comes_once_a_day() {
    let (_server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    for hour in 0..48 {
        let (day, hour) = (12 + (7 + hour) / 24, (7 + hour) % 24);
        daemon.jump(&format!("2026-10-{day}T{hour:02}:30:00Z"));
    }
    daemon.end();
    assert_eq!(digests(&workspace), ["2026-10-12-morning.md", "2026-10-13-morning.md"]);
    let text = workspace.read("index/digests/2026-10-13-morning.md");
    assert!(text.starts_with("# Tuesday 13 October 2026, 07:30\n"), "{text}");
    assert!(!text.contains("Late"), "{text}");
}

#[test]
fn what_was_published_just_before_the_digest_is_in_it() {
    let (server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    daemon.jump("2026-10-12T07:30:00Z");
    server.instead("/feed", rss(&["one", "merges measured"]));
    daemon.jump("2026-10-13T07:30:00Z");
    daemon.end();
    let text = workspace.read("index/digests/2026-10-13-morning.md");
    assert!(text.contains("1 new post"), "{text}");
    assert!(text.contains("merges measured"), "{text}");
}

#[test]
fn of_missed_digests_the_last_one_comes_late_and_says_why() {
    let (_server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    daemon.jump("2026-10-12T07:30:00Z");
    daemon.end();
    let mut daemon = Daemon::start(&workspace, "2026-10-15T09:00:00Z");
    daemon.jump("2026-10-15T10:00:00Z");
    daemon.end();
    assert_eq!(digests(&workspace), ["2026-10-12-morning.md", "2026-10-15-morning.md"]);
    let text = workspace.read("index/digests/2026-10-15-morning.md");
    let second = text.lines().nth(1).unwrap();
    assert_eq!(second, "Late: due 07:30, Bellwether was not running.", "{text}");
    assert!(text.starts_with("# Thursday 15 October 2026, 09:00\n"), "{text}");
    Daemon::start(&workspace, "2026-10-15T11:00:00Z").end();
    assert_eq!(digests(&workspace).len(), 2, "once");
}

#[test]
fn a_clock_set_back_sends_no_digest_twice() {
    let (_server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    daemon.jump("2026-10-12T07:30:00Z");
    daemon.jump("2026-10-13T09:00:00Z");
    for back in ["2026-10-12T07:00:00Z", "2026-10-12T07:30:00Z", "2026-10-13T08:00:00Z"] {
        daemon.jump(back);
    }
    daemon.jump("2026-10-13T09:00:00Z");
    daemon.end();
    assert_eq!(digests(&workspace), ["2026-10-12-morning.md", "2026-10-13-morning.md"]);
}

#[test]
fn on_the_days_on_which_clocks_change_it_comes_once() {
    for (start, days) in
        [("2026-03-28", ["29 March", "30 March"]), ("2026-10-24", ["25 October", "26 October"])]
    {
        let (server, workspace) = one_feed(&["one"]);
        let settings = following(&[server.url("/feed")]).replace("30 7 * * *", "30 2 * * *");
        workspace.write("feeds.yaml", settings.replace("tz: UTC", "tz: Europe/Stockholm"));
        let first: jiff::Timestamp = format!("{start}T12:00:00Z").parse().unwrap();
        let mut daemon = Daemon::start(&workspace, &first.to_string());
        for half_hours in 1..=78 {
            let now = first + jiff::SignedDuration::from_mins(30 * half_hours);
            daemon.jump(&now.to_string());
        }
        daemon.end();
        let files = digests(&workspace);
        assert_eq!(files.len(), 2, "{files:?}");
        for (file, day) in files.iter().zip(days) {
            let text = workspace.read(&format!("index/digests/{file}"));
            assert!(text.lines().next().unwrap().contains(day), "{text}");
            assert!(!text.contains("Late"), "{text}");
        }
    }
}

#[test]
fn a_feed_that_hangs_holds_a_digest_up_for_two_minutes_and_its_posts_come_in_the_next() {
    let (server, slow) = (FeedServer::start("127.0.0.2"), FeedServer::start("127.0.0.3"));
    server.on("/feed", rss(&["one"]));
    slow.on("/feed", rss(&["two"]));
    let workspace = Workspace::new(&following(&[server.url("/feed"), slow.url("/feed")]));
    let mut daemon = Daemon::start(&workspace, START);
    daemon.jump("2026-10-12T07:30:00Z");

    let gate = Gate::new();
    let before = slow.asked().len();
    server.instead("/feed", rss(&["one", "in time"]));
    slow.instead("/feed", rss(&["two", "too late"]).wait(&gate));
    daemon.set("2026-10-13T07:30:00Z");
    came(&slow, before + 1);
    for _ in 0..3 {
        daemon.says("new=1");
    }
    daemon.set("2026-10-13T07:31:59Z");
    daemon.set("2026-10-13T07:32:00Z");
    daemon.says("ends early");
    daemon.says("digest morning");
    gate.open();
    daemon.idle("2026-10-13T07:32:00Z");
    daemon.jump("2026-10-13T07:40:00Z");
    daemon.jump("2026-10-14T07:30:00Z");
    daemon.end();
    let digest = |day| workspace.read(&format!("index/digests/2026-10-{day}-morning.md"));
    assert!(digest(13).contains("in time") && !digest(13).contains("too late"), "{}", digest(13));
    assert!(digest(14).contains("too late") && !digest(14).contains("in time"), "{}", digest(14));
}

#[test]
fn a_digest_that_did_not_arrive_is_delivered_again_and_written_once() {
    let (_server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    workspace.write("index/digests", "not a folder");
    daemon.jump("2026-10-12T07:30:00Z");
    let said = daemon.says("ERROR");
    assert!(said.contains("file"), "{said}");
    daemon.jump("2026-10-12T07:31:00Z");
    std::fs::remove_file(workspace.path("index/digests")).unwrap();
    daemon.jump("2026-10-12T07:32:59Z");
    assert_eq!(digests(&workspace).len(), 0, "it waits longer each time");
    daemon.jump("2026-10-12T07:33:00Z");
    daemon.jump("2026-10-12T07:50:00Z");
    let log = daemon.end();
    assert_eq!(log.matches("ERROR").count(), 1, "{log}");
    assert_eq!(digests(&workspace), ["2026-10-12-morning.md"]);
    let text = workspace.read("index/digests/2026-10-12-morning.md");
    assert!(text.starts_with("# Monday 12 October 2026, 07:30\n"), "{text}");
}

#[test]
fn before_anything_was_read_nothing_is_sent() {
    let server = FeedServer::start("127.0.0.2");
    let workspace = Workspace::new(&following(&[server.url("/missing")]));
    let mut daemon = Daemon::start(&workspace, START);
    daemon.jump("2026-10-12T07:30:00Z");
    daemon.jump("2026-10-13T07:30:00Z");
    daemon.end();
    assert_eq!(digests(&workspace).len(), 0);
}
