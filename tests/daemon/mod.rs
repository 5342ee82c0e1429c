//! The daemon on a clock that the test drives: each jump ends when all that was due is done.

mod rhythm;
mod digests;
mod settings;
mod ending;
mod trouble;
mod systemd;

use crate::support::daemon::Daemon;
use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

/// A guard against hanging.
const TOO_LONG: std::time::Duration = std::time::Duration::from_secs(60);

/// The first instant, an hour before the first digest.
const START: &str = "2026-10-12T06:30:00Z";

/// A feed with these titles, each its own guid.
fn rss(titles: &[&str]) -> Reply {
    let item = |title: &&str| format!("<item><guid>{title}</guid><title>{title}</title></item>");
    let items: String = titles.iter().map(item).collect();
    Reply::ok(format!("<rss version=\"2.0\"><channel><title>Ines</title>{items}</channel></rss>"))
}

/// A `feeds.yaml` that follows these addresses and sends one digest a day, at 07:30.
fn following(urls: &[String]) -> String {
    let sources: Vec<String> = urls.iter().map(|url| format!("\"{url}\"")).collect();
    format!(
        "fetch: {{allow: [\"127.0.0.0/16\"], requests_per_second: 0}}\nsources: [{}]\n\
         digest: {{schedules: [{{name: morning, cron: \"30 7 * * *\", tz: UTC, to: [file]}}]}}\n",
        sources.join(", ")
    )
}

/// One server with one feed, and a folder that follows it.
fn one_feed(titles: &[&str]) -> (FeedServer, Workspace) {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", rss(titles));
    let workspace = Workspace::new(&following(&[server.url("/feed")]));
    (server, workspace)
}

/// Waits until `count` requests have come to `server` in all.
#[track_caller]
fn came(server: &FeedServer, count: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let came = runtime.block_on(async { tokio::time::timeout(TOO_LONG, server.came(count)).await });
    assert!(came.is_ok(), "{count} requests are waited for: {:?}", server.asked());
}

/// The Markdown files of the digests, by name.
fn digests(workspace: &Workspace) -> Vec<String> {
    let folder = workspace.path("index/digests");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        files.filter_map(|file| file.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(".md"));
    names.sort();
    names
}

/// How many posts the archive holds.
fn posts(workspace: &Workspace) -> u64 {
    let archive = bellwether::archive::Archive::read_only(&workspace.path("index/archive.db"));
    archive.unwrap().counts().unwrap().posts
}

/// What befell the program, the first one first.
fn happenings(workspace: &Workspace) -> Vec<String> {
    let archive = bellwether::archive::Archive::read_only(&workspace.path("index/archive.db"));
    let happened = archive.unwrap().happenings(100).unwrap();
    happened.into_iter().rev().map(|one| one.kind).collect()
}

#[test]
fn a_life_is_written_down() {
    let (_server, workspace) = one_feed(&["one"]);
    Daemon::start(&workspace, START).end();
    assert_eq!(happenings(&workspace), ["started", "stopped"]);
}
