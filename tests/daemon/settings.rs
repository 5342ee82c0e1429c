//! Settings that change while it runs.

use super::{START, digests, following, happenings, one_feed, rss};
use crate::support::daemon::Daemon;
use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

#[test]
fn a_changed_file_is_taken_however_it_was_saved() {
    let (server, workspace) = one_feed(&["one"]);
    server.on("/other", rss(&["two"]));
    let mut daemon = Daemon::start(&workspace, START);
    let both = following(&[server.url("/feed"), server.url("/other")]);
    // As editors do: written beside, then renamed over it.
    workspace.write("feeds.yaml.new", &both);
    std::fs::rename(workspace.path("feeds.yaml.new"), workspace.path("feeds.yaml")).unwrap();
    daemon.says("settings: taken, 2 feeds");
    daemon.jump("2026-10-12T06:31:00Z");
    assert_eq!(server.asked().len(), 2);
    workspace.write("feeds.yaml", following(&[server.url("/other")]));
    daemon.says("settings: taken, 1 feed");
    daemon.end();
}

#[test]
fn a_broken_file_leaves_the_old_settings_and_is_spoken_of_until_it_is_mended() {
    let (server, workspace) = one_feed(&["one"]);
    let good = following(&[server.url("/feed")]);
    let mut daemon = Daemon::start(&workspace, START);
    workspace.write("feeds.yaml", good.replace("sources", "sorces"));
    let said = daemon.says("settings: refused");
    assert!(said.contains("feeds.yaml:2"), "{said}");
    daemon.signal("HUP");
    daemon.jump("2026-10-12T07:30:00Z");
    let text = workspace.read("index/digests/2026-10-12-morning.md");
    assert!(text.contains("feeds.yaml"), "the coverage line says it: {text}");
    workspace.write("feeds.yaml", &good);
    daemon.says("settings: taken");
    daemon.jump("2026-10-13T07:30:00Z");
    let text = workspace.read("index/digests/2026-10-13-morning.md");
    assert!(!text.contains("feeds.yaml"), "{text}");
    let log = daemon.end();
    assert_eq!(log.matches("settings: refused").count(), 1, "said once:\n{log}");
    assert_eq!(digests(&workspace).len(), 2);
    assert_eq!(
        happenings(&workspace),
        ["started", "settings-refused", "settings-taken", "stopped"]
    );
}

#[test]
fn a_link_that_leads_elsewhere_since_is_followed_there() {
    let (server, workspace) = one_feed(&["one"]);
    server.on("/other", rss(&["two"]));
    let mut daemon = Daemon::start(&workspace, START);
    let one = following(&[server.url("/feed")]);
    workspace.write("kept/feeds.yaml", format!("# kept elsewhere\n{one}"));
    std::os::unix::fs::symlink("kept/feeds.yaml", workspace.path("feeds.yaml.new")).unwrap();
    std::fs::rename(workspace.path("feeds.yaml.new"), workspace.path("feeds.yaml")).unwrap();
    daemon.says("settings: taken, 1 feed");
    workspace.write("kept/feeds.yaml", following(&[server.url("/feed"), server.url("/other")]));
    daemon.says("settings: taken, 2 feeds");
    daemon.end();
}

#[test]
fn a_hangup_has_the_file_read_again() {
    let (_server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    daemon.signal("HUP");
    daemon.says("settings: read again");
    daemon.end();
}

#[test]
fn what_is_due_is_looked_up_anew_with_new_settings() {
    let (server, workspace) = one_feed(&["one"]);
    let mut daemon = Daemon::start(&workspace, START);
    let earlier = following(&[server.url("/feed")]).replace("30 7 * * *", "45 6 * * *");
    workspace.write("feeds.yaml", earlier);
    daemon.says("settings: taken");
    daemon.jump("2026-10-12T06:45:00Z");
    assert_eq!(digests(&workspace), ["2026-10-12-morning.md"]);
    daemon.end();
}

#[test]
fn a_server_that_wants_to_be_left_alone_is_so_under_new_settings_too() {
    let server = FeedServer::start("127.0.0.2");
    let busy = || Reply::status(429).header("retry-after", "3600");
    server.on("/a", busy()).on("/b", busy());
    let settings = following(&[server.url("/a"), server.url("/b")]);
    let workspace = Workspace::new(&settings);
    let mut daemon = Daemon::start(&workspace, START);
    assert_eq!(server.asked().len(), 1, "the other one was not even asked");
    workspace.write("feeds.yaml", format!("{settings}interests: [merges]\n"));
    daemon.says("settings: taken");
    daemon.jump("2026-10-12T06:35:00Z");
    daemon.end();
    assert_eq!(server.asked().len(), 1);
}
