//! What `status` tells: what runs, what needs a look, and that its exit code says which.

use std::io::Read as _;
use std::os::unix::net::UnixListener;

use bellwether::archive::{self, Archive, Size};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::pipeline::{FIRST, SECOND, feed, fetch, following};
use crate::support::daemon::Daemon;
use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::{Run, Workspace};

fn status(workspace: &Workspace) -> (Run, Value) {
    let run = workspace.run(&["status", "--json", "--now", SECOND]);
    let told = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    (run, told)
}

/// A workspace whose one feed was read, from a server that is gone.
fn well() -> Workspace {
    well_beside(&FeedServer::start("127.0.0.2"))
}

/// A workspace whose one feed was read from `server`.
fn well_beside(server: &FeedServer) -> Workspace {
    server.on("/feed", feed(&[("1", "Segment merges, measured")]));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    workspace
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn written(workspace: &Workspace) -> Archive {
    Archive::open(&workspace.path("index/archive.db")).unwrap()
}

#[test]
fn where_all_is_well_the_exit_code_says_so_in_few_lines() {
    let workspace = well();
    let (run, told) = status(&workspace);
    assert_eq!((run.code, &told["health"]), (0, &json!("well")), "{run:?}");
    assert_eq!((&told["feeds"], &told["ok"], &told["posts"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(told["running"], Value::Null);
    assert_eq!(
        told["growth"],
        json!({"week": null, "month": null, "per_year": null, "base_days": null})
    );
    let shown = workspace.done(&["status", "--now", SECOND]);
    assert!(shown.lines().count() <= 20, "{shown}");
    for wanted in
        ["does not run", "1: 1 ok", "unknown yet", "digest morning 2026-10-13 07:00 (in 90 min)"]
    {
        assert!(shown.contains(wanted), "{wanted} is missing in\n{shown}");
    }
}

#[test]
fn each_key_of_the_json_is_in_the_help() {
    let (_, told) = status(&well());
    let help = Workspace::empty().done(&["status", "--help"]);
    for key in told.as_object().unwrap().keys() {
        assert!(help.contains(key), "{key} is not in\n{help}");
    }
}

#[test]
fn many_failing_feeds_are_summed_up_by_what_is_wrong() {
    let server = FeedServer::start("127.0.0.2");
    let urls: Vec<String> = (0..30).map(|at| server.url(&format!("/{at}"))).collect();
    for at in 0..30 {
        server.on(&format!("/{at}"), Reply::status(if at == 7 { 410 } else { 404 }));
    }
    let workspace = following(&urls);
    fetch(&workspace, FIRST);
    let run = workspace.run(&["status", "--now", SECOND]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.lines().count() <= 20, "{}", run.out);
    assert!(run.out.contains("look      30 of 30 feeds fail"), "{}", run.out);
    assert!(run.out.contains("failing   29 feeds: "), "{}", run.out);
    assert!(run.out.contains("(feed0, feed1, feed2, …; the first since "), "{}", run.out);
    assert_eq!(status(&workspace).1["failing"].as_array().unwrap().len(), 30);
}

#[test]
fn a_broken_feeds_yaml_is_told_and_the_rest_as_well() {
    let workspace = well();
    workspace.write("feeds.yaml", "sources: [\n");
    let (run, told) = status(&workspace);
    assert_eq!((run.code, &told["posts"]), (1, &json!(1)), "{run:?}");
    assert!(told["trouble"][0]["error"].as_str().unwrap().contains("feeds.yaml:2:1: "), "{told}");
    assert!(told.get("feeds").is_none() && told["next_poll"].is_null(), "{told}");
    let shown = workspace.run(&["status", "--now", SECOND]).out;
    assert!(
        shown.contains("1 kept") && shown.contains("feeds     unknown, as feeds.yaml"),
        "{shown}"
    );
}

#[test]
fn a_command_at_work_is_named_and_holds_nothing_up() {
    let workspace = well();
    let index = workspace.path("index");
    let _guard = archive::lock(&index, "fetch", instant(SECOND)).unwrap();
    let (run, told) = status(&workspace);
    assert_eq!((run.code, &told["running"]["command"]), (0, &json!("fetch")), "{run:?}");
    assert_eq!(told["running"]["pid"], json!(std::process::id()));
    let shown = workspace.done(&["status", "--now", SECOND]);
    assert!(shown.contains("does not run; fetch is at work since 2026-10-13 05:30"), "{shown}");
}

#[test]
fn a_daemon_that_does_not_answer_is_told_after_two_seconds() {
    let workspace = well();
    let index = workspace.path("index");
    let _guard = archive::lock(&index, "run", instant(FIRST)).unwrap();
    let door = UnixListener::bind(index.join("door")).unwrap();
    // It hears the question, and says nothing as long as the other side waits.
    let deaf = std::thread::spawn(move || {
        let (mut caller, _) = door.accept().unwrap();
        caller.read_to_end(&mut Vec::new()).unwrap();
    });
    let (run, told) = status(&workspace);
    deaf.join().unwrap();
    assert_eq!((run.code, &told["running"]["answers"]), (1, &json!(false)), "{run:?}");
    let error = told["trouble"][0]["error"].as_str().unwrap();
    assert!(error.contains("does not answer: no answer within 2 seconds"), "{error}");
    assert!(told["trouble"][0]["hint"].as_str().unwrap().contains("journalctl"), "{told}");
}

#[test]
fn a_daemon_that_ended_without_a_word_is_missed() {
    let workspace = well();
    let mut archive = written(&workspace);
    archive.record_happening("started", "bellwether run started", None, instant(FIRST)).unwrap();
    let (run, told) = status(&workspace);
    let error = told["trouble"][0]["error"].as_str().unwrap();
    assert_eq!(run.code, 1);
    assert_eq!(error, "the daemon that started at 2026-10-12 05:30 ended without a word");
    archive.record_happening("stopped", "by SIGTERM", None, instant(FIRST)).unwrap();
    let told = status(&workspace).1["trouble"].to_string();
    assert!(!told.contains("without a word"), "{told}");
}

#[test]
fn a_digest_that_no_daemon_is_there_to_send_needs_a_look() {
    let workspace = well();
    let after = "2026-10-13T08:00:00Z";
    let overdue = |workspace: &Workspace| workspace.run(&["status", "--now", after]);
    assert_eq!(overdue(&workspace).code, 0, "whoever runs no daemon wants none");
    let mut archive = written(&workspace);
    archive.record_happening("started", "bellwether run started", None, instant(FIRST)).unwrap();
    archive.record_happening("stopped", "by SIGTERM", None, instant(FIRST)).unwrap();
    let run = overdue(&workspace);
    assert_eq!(run.code, 1);
    let wanted = "digest morning was due 2026-10-13 07:00, and no daemon runs";
    assert!(run.out.contains(wanted), "{run:?}");
}

#[test]
fn what_befell_it_lately_is_told_with_what_to_do() {
    let workspace = well();
    let mut archive = written(&workspace);
    let hint = Some("make room on the disk");
    archive.record_happening("write-failed", "the disk is full", hint, instant(FIRST)).unwrap();
    let (_, told) = status(&workspace);
    let happened = json!({"at": FIRST, "kind": "write-failed", "text": "the disk is full",
        "hint": "make room on the disk"});
    assert_eq!(told["happened"], json!([happened]));
    let shown = workspace.done(&["status", "--now", SECOND]);
    assert!(shown.contains("lately    2026-10-12 05:30 the disk is full"), "{shown}");
}

#[test]
fn growth_is_told_once_the_daemon_has_noted_some_days() {
    let workspace = well();
    let mut archive = written(&workspace);
    for days in [40, 31, 8, 1] {
        let at = instant(SECOND) - SignedDuration::from_hours(24 * days);
        let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let size = Size { day, at, posts: 0, archive: 0, search: 0, digests: 0 };
        archive.record_size(&size).unwrap();
    }
    let (_, told) = status(&workspace);
    let now = told["archive_bytes"].as_i64().unwrap() + told["search_bytes"].as_i64().unwrap();
    assert_eq!((&told["growth"]["week"], &told["growth"]["month"]), (&json!(now), &json!(now)));
    assert!(told["growth"]["per_year"].as_i64().unwrap() > 10 * now);
}

#[test]
fn it_only_reads() {
    let workspace = well();
    let before = workspace.read("feeds.yaml");
    let listing = || {
        let mut names: Vec<_> = std::fs::read_dir(workspace.path("index"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name(), entry.metadata().unwrap().modified().unwrap()))
            .filter(|(name, _)| !name.to_string_lossy().starts_with("archive.db-"))
            .collect();
        names.sort();
        names
    };
    let files = listing();
    status(&workspace);
    assert_eq!((listing(), workspace.read("feeds.yaml")), (files, before));
}

#[test]
fn a_daemon_tells_what_it_does_and_what_comes_next() {
    let server = FeedServer::start("127.0.0.2");
    let workspace = well_beside(&server);
    let daemon = Daemon::start(&workspace, SECOND);
    let (run, told) = status(&workspace);
    assert_eq!((run.code, &told["health"]), (0, &json!("well")), "{run:?}");
    let running = json!({"command": "run", "pid": daemon.pid(), "since": SECOND, "doing": [],
        "answers": true});
    assert_eq!(told["running"], running);
    assert_eq!(told["next_digest"], json!({"name": "morning", "at": "2026-10-13T07:00:00Z"}));
    let shown = workspace.done(&["status", "--now", SECOND]);
    let first =
        format!("daemon    runs since 2026-10-13 05:30, process {}; it waits", daemon.pid());
    assert!(shown.starts_with(&first), "{shown}");
    daemon.end();
    let (run, told) = status(&workspace);
    assert_eq!((run.code, &told["running"]), (0, &Value::Null), "{run:?}");
}

#[test]
fn broken_settings_beside_a_daemon_are_told_with_what_it_does_meanwhile() {
    let workspace = well();
    let mut daemon = Daemon::start(&workspace, SECOND);
    workspace.write("feeds.yaml", "sources: [\n");
    daemon.says("settings: refused");
    let (run, told) = status(&workspace);
    let error = told["trouble"][0]["error"].as_str().unwrap();
    assert!(run.code == 1 && error.contains("feeds.yaml:2:1: "), "{run:?}");
    assert!(error.ends_with("the daemon goes on with the settings that it had"), "{error}");
    assert_eq!(told["trouble"].as_array().unwrap().len(), 1, "told once: {told}");
    assert!(told["next_digest"].is_object(), "the daemon knows it: {told}");
    daemon.end();
}

#[test]
fn an_archive_of_the_first_format_has_a_status() {
    let workspace = Workspace::new("- https://ines.example/feed\n");
    std::fs::create_dir(workspace.path("index")).unwrap();
    let old = rusqlite::Connection::open(workspace.path("index/archive.db")).unwrap();
    old.execute_batch(include_str!("../src/archive/format_1.sql")).unwrap();
    old.pragma_update(None, "application_id", 0x4265_6c6c).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    let (run, told) = status(&workspace);
    assert_eq!((run.code, &told["never_read"]), (0, &json!(1)), "{run:?}");
}
