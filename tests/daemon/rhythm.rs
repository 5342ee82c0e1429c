//! When feeds are asked.

use super::{START, came, following, one_feed, posts, rss};
use crate::support::daemon::Daemon;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

#[test]
fn what_is_due_is_asked_at_the_start_and_a_restart_makes_nothing_due() {
    let (server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    assert_eq!(server.asked().len(), 1);
    daemon.jump("2026-10-12T06:31:00Z");
    daemon.end();
    Daemon::start(&workspace, "2026-10-12T06:32:00Z").end();
    assert_eq!(server.asked().len(), 1);
    assert_eq!(posts(&workspace), 1);
}

#[test]
fn a_new_post_can_be_found_when_the_poll_is_over() {
    let (server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    server.instead("/feed", rss(&["one", "merges measured"]));
    daemon.jump("2026-10-13T06:30:00Z");
    daemon.says("1 feed asked, 1 new post");
    assert!(workspace.done(&["search", "merges"]).contains("measured"));
}

#[test]
fn a_cron_line_is_kept_and_the_next_check_as_well() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", rss(&["one"]));
    let url = server.url("/feed");
    let workspace = Workspace::new(&format!(
        "fetch: {{allow: [\"127.0.0.0/16\"]}}\nsources: [{{url: \"{url}\", cron: \"0 */6 * * *\"}}]\n"
    ));
    let mut daemon = Daemon::start(&workspace, START);
    for (clock, asked) in [
        ("2026-10-12T11:59:59Z", 1),
        ("2026-10-12T12:00:00Z", 2),
        ("2026-10-12T17:30:00Z", 2),
        ("2026-10-12T18:00:00Z", 3),
    ] {
        daemon.jump(clock);
        assert_eq!(server.asked().len(), asked, "{clock}");
    }
}

#[test]
fn feeds_that_fall_due_within_a_minute_are_asked_together() {
    let server = FeedServer::start("127.0.0.2");
    let urls: Vec<String> = (0..2).map(|at| server.url(&format!("/{at}"))).collect();
    server.on("/0", rss(&["one"])).on("/1", rss(&["two"]));
    let refresh = |url: &str, after: &str| format!("{{url: \"{url}\", refresh: {after}}}");
    let workspace = Workspace::new(&format!(
        "fetch: {{allow: [\"127.0.0.0/16\"], requests_per_second: 0}}\nsources: [{}, {}]\n",
        refresh(&urls[0], "3600s"),
        refresh(&urls[1], "3630s"),
    ));
    let mut daemon = Daemon::start(&workspace, START);
    daemon.jump("2026-10-12T07:30:00Z");
    assert_eq!(server.asked().len(), 3);
    daemon.jump("2026-10-12T07:30:30Z");
    assert_eq!(server.asked().len(), 3, "a poll was just now");
    daemon.jump("2026-10-12T07:31:00Z");
    assert_eq!(server.asked().len(), 4);
}

#[test]
fn a_clock_set_back_by_a_day_stops_no_feed_and_keeps_nothing_twice() {
    let (server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, "2026-10-13T06:30:00Z");
    daemon.jump(START);
    assert_eq!(server.asked().len(), 2, "asked once, so that its state is of this day");
    daemon.jump("2026-10-12T06:45:00Z");
    assert_eq!(server.asked().len(), 2);
    server.instead("/feed", rss(&["one", "two"]));
    daemon.jump("2026-10-13T06:30:00Z");
    daemon.end();
    assert_eq!(posts(&workspace), 2);
}

#[test]
fn after_a_suspend_of_eight_hours_each_feed_is_asked_once() {
    let (server, workspace) = one_feed(&["one"]);
    let other = FeedServer::start("127.0.0.3");
    other.on("/feed", rss(&["two"]));
    workspace.write("feeds.yaml", following(&[server.url("/feed"), other.url("/feed")]));
    let mut daemon = Daemon::start(&workspace, "2026-10-12T20:00:00Z");
    daemon.jump("2026-10-13T04:00:00Z");
    daemon.end();
    assert_eq!((server.asked().len(), other.asked().len()), (2, 2));
}

#[test]
fn a_feed_that_fails_is_warned_of_once() {
    let server = FeedServer::start("127.0.0.2");
    let workspace = Workspace::new(&following(&[server.url("/gone")]));
    let mut daemon = Daemon::start(&workspace, START);
    for hour in 10..14 {
        daemon.jump(&format!("2026-10-12T{hour}:00:00Z"));
    }
    came(&server, 4);
    let log = daemon.end();
    assert_eq!(log.matches("WARN").count(), 1, "{log}");
}

#[test]
fn without_a_network_it_asks_now_and_then() {
    let urls: Vec<String> = (0..4).map(|at| format!("http://feed{at}.invalid/feed")).collect();
    let workspace = Workspace::new(&following(&urls));
    let mut daemon = Daemon::start(&workspace, START);
    for second in 1..50 {
        daemon.jump(&format!("2026-10-12T06:30:{second:02}Z"));
    }
    daemon.jump("2026-10-12T06:31:00Z");
    daemon.jump("2026-10-12T06:32:00Z");
    let log = daemon.end();
    assert_eq!(log.matches("no network").count(), 1, "{log}");
    assert!(log.matches("feed fails").count() <= 8, "two polls, of which four hosts each:\n{log}");
}
