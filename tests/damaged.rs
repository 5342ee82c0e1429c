//! What a person sees where the archive is damaged, older or newer, and where the search index
//! is torn.

use std::io::Write as _;

use serde_json::Value;

use crate::pipeline::{FIRST, SECOND, feed, fetch, following};
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

/// One post was read; the server would answer 304 to whoever still has its validator.
fn with_a_post() -> (Workspace, FeedServer) {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Undo is unsolved")]));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    (workspace, server)
}

fn spoil_header(workspace: &Workspace) {
    let file = std::fs::OpenOptions::new().write(true).open(workspace.path("index/archive.db"));
    file.unwrap().write_all(&[0x5a; 4096]).unwrap();
}

#[test]
fn a_damaged_archive_is_refused_with_the_next_step_and_then_repaired() {
    let (workspace, _server) = with_a_post();
    spoil_header(&workspace);
    for command in [&["status"][..], &["digest"], &["fetch"], &["search", "undo"]] {
        let refused = workspace.run(command);
        assert_eq!(refused.code, 2, "{command:?}: {}", refused.err);
        assert!(refused.err.contains("bellwether repair"), "{command:?}: {}", refused.err);
    }
    let told = workspace.done(&["repair"]);
    for line in ["wrong     ", "saved     ", "post 1", "kept      ", "index     1 posts"] {
        assert!(told.contains(line), "{line}: {told}");
    }
    assert!(workspace.done(&["search", "undo"]).contains("Undo is unsolved"));
    assert!(workspace.done(&["repair"]).contains("is sound; nothing was changed"));
    fetch(&workspace, SECOND);
}

#[test]
fn what_a_repair_did_is_told_to_programs_as_well() {
    let (workspace, _server) = with_a_post();
    let report = |args: &[&str]| -> Value { serde_json::from_str(&workspace.done(args)).unwrap() };
    assert_eq!(report(&["repair", "--json"])["sound"], true);
    spoil_header(&workspace);
    let repaired = report(&["repair", "--json"]);
    assert_eq!((&repaired["sound"], &repaired["saved"]["post"]), (&false.into(), &1.into()));
    assert_eq!(repaired["indexed"], 1);
    assert!(std::path::Path::new(repaired["damaged"].as_str().unwrap()).is_file());
}

#[test]
fn an_archive_that_is_not_there_is_not_repaired() {
    let workspace = following(&[]);
    let refused = workspace.run(&["repair"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("no archive at"), "{}", refused.err);
    assert!(!workspace.path("index").exists());
}

#[test]
fn an_older_archive_is_read_as_it_is_and_brought_up_by_the_first_that_writes() {
    let (workspace, _server) = with_a_post();
    let path = workspace.path("index/archive.db");
    std::fs::remove_file(&path).unwrap();
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../src/archive/format_1.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let copy = workspace.path("index/archive.format-1.db");
    workspace.run(&["status"]);
    assert!(!copy.exists());
    let told = workspace.run(&["fetch", "--now", SECOND]);
    assert_eq!(told.code, 0, "{}", told.err);
    let line = "the archive was brought from format 1 to 2; as it was: ";
    assert!(told.err.contains(line), "{}", told.err);
    assert!(copy.is_file());
    assert!(!workspace.run(&["fetch", "--now", SECOND]).err.contains(line));
}

#[test]
fn an_archive_of_a_newer_program_is_refused_with_the_next_step() {
    let (workspace, _server) = with_a_post();
    let newer = rusqlite::Connection::open(workspace.path("index/archive.db")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    for command in [&["status"][..], &["fetch"], &["repair"]] {
        let refused = workspace.run(command);
        assert_eq!(refused.code, 2, "{command:?}: {}", refused.err);
        assert!(refused.err.contains("install the newer bellwether"), "{}", refused.err);
    }
}

#[test]
fn a_torn_search_index_is_made_anew_by_whoever_needs_it() {
    let (workspace, _server) = with_a_post();
    workspace.write("index/tantivy/meta.json", "{\"torn");
    let found = workspace.run(&["search", "undo"]);
    assert!(found.out.contains("Undo is unsolved"), "{}", found.err);
    assert!(found.err.contains("made anew from the archive"), "{}", found.err);
    std::fs::remove_dir_all(workspace.path("index/tantivy")).unwrap();
    assert!(workspace.done(&["search", "undo"]).contains("Undo is unsolved"));
}
