//! Without a daemon the command takes the lock and acts itself; beside another command it leaves
//! that to it.

use bellwether::archive;

use super::{NOW, TITLES, Under, archive as kept, following, item_about, marks, open, read, shown};
use crate::support::reply::Gate;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

#[test]
fn done_closes_an_item_and_undo_opens_it_again() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    let told = workspace.done(&["done", "--now", NOW, &id]);
    assert_eq!(told, format!("done: [{id}] {}\n", TITLES[0]));
    assert!(!shown(&workspace, "2026-10-12T06:31:00Z").contains(&id));
    let told = workspace.done(&["done", "--undo", "--now", "2026-10-12T06:32:00Z", &id]);
    assert_eq!(told, format!("open again: [{id}] {}\n", TITLES[0]));
    assert!(shown(&workspace, "2026-10-12T06:33:00Z").contains(&id));
    assert_eq!(open(&workspace), 0);
}

#[test]
fn an_id_is_understood_with_brackets_and_in_any_case() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    workspace.done(&["done", "--now", NOW, &format!("[{}]", id.to_uppercase())]);
    assert_eq!(marks(&workspace), [("done", id)]);
}

#[test]
fn a_wrong_id_is_an_error_with_the_nearest_one_and_nothing_is_said_of_the_others() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    let near = format!("{id}x");
    let run = workspace.run(&["done", &id, &near]);
    assert_eq!(run.code, 2, "{run:?}");
    let wanted = format!("error: no digest showed `{near}`\nhint:  did you mean `{id}`?\n");
    assert_eq!(run.err, wanted);
    let run = workspace.run(&["mute", "t-no-such-item"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("hint:  ids stand in brackets"), "{}", run.err);
    assert_eq!((marks(&workspace).len(), open(&workspace)), (0, 0));
}

#[test]
fn a_snoozed_item_comes_back_when_its_time_is_over() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    let told = workspace.done(&["snooze", "--now", NOW, &id, "12h"]);
    assert!(told.starts_with("snoozed until Mon 12 October 2026, 18:30: ["), "{told}");
    assert!(!shown(&workspace, "2026-10-12T18:00:00Z").contains(&id));
    assert!(shown(&workspace, "2026-10-12T18:31:00Z").contains(&id));
    let until = |args: &[&str]| {
        workspace.done(&[&["snooze", "--json", "--now", NOW, &id], args].concat());
        let marks = kept(&workspace).marks(NOW.parse().unwrap(), None).unwrap();
        marks.last().unwrap().until.unwrap().to_string()
    };
    assert_eq!(until(&[]), "2026-10-15T06:30:00Z");
    assert_eq!(until(&["2w"]), "2026-10-26T06:30:00Z");
    assert_eq!(until(&["2026-12-24"]), "2026-12-24T00:00:00Z");
    workspace.done(&["snooze", "--undo", "--now", NOW, &id]);
    assert_eq!(kept(&workspace).marks(NOW.parse().unwrap(), None).unwrap(), []);
}

#[test]
fn a_time_that_is_none_or_is_over_is_told_at_once() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    for (time, part) in [("soon", "12h, 3d, 2w"), ("2020-01-01", "is over already")] {
        let run = workspace.run(&["snooze", "--now", NOW, &id, time]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(part) && run.err.contains("hint:"), "{}", run.err);
    }
    assert_eq!(marks(&workspace), []);
}

#[test]
fn what_is_muted_is_never_shown_again() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    workspace.done(&["mute", "--now", NOW, &id]);
    assert!(!shown(&workspace, "2026-10-13T06:30:00Z").contains(&id));
    workspace.done(&["mute", "--undo", "--now", "2026-10-12T06:32:00Z", &id]);
    assert!(shown(&workspace, "2026-10-12T06:33:00Z").contains(&id));
}

#[test]
fn what_is_saved_is_listed_the_newest_first() {
    let (_server, workspace) = read();
    let run = workspace.run(&["save"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    let id = item_about(&workspace, "BM25F");
    workspace.done(&["save", "--now", NOW, &id]);
    let address =
        "http://ines.example/does-anyone-know-how-to-keep-query-logs-without-tracking-people-";
    workspace.done(&["save", "--now", "2026-10-12T06:31:00Z", address]);
    let list = workspace.done(&["save"]);
    let place = |part: &str| list.find(part).unwrap_or_else(|| panic!("{list}"));
    assert!(place(TITLES[1]) < place(&format!("[{id}] {}", TITLES[0])), "{list}");
    let rows = workspace.done(&["save", "--json"]);
    let rows: Vec<serde_json::Value> =
        rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows[1]["item"], id.as_str());
    assert_eq!(rows[0]["section"], serde_json::Value::Null);
    assert!(rows[0]["url"].as_str().unwrap().starts_with("https://ines.example/does-anyone"));
    workspace.done(&["unsave", address]);
    assert_eq!(workspace.done(&["save"]).lines().count(), 2, "the item and its address");
    let run = workspace.run(&["unsave", address]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.err.starts_with("nothing to take back"), "{}", run.err);
}

#[test]
fn an_address_that_was_never_read_cannot_be_saved() {
    let (_server, workspace) = read();
    let run = workspace.run(&["save", "https://nobody.example/post"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("no post at https://nobody.example/post"), "{}", run.err);
    assert!(run.err.contains("hint:"), "{}", run.err);
}

#[test]
fn beside_another_command_it_is_left_to_it_and_done_when_it_ends() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    let (slow, gate) = (FeedServer::start("127.0.0.3"), Gate::new());
    slow.on("/feed", super::feed(&["late"]).wait(&gate));
    workspace.write("feeds.yaml", following(&[slow.url("/feed")]));
    let fetch = Under::way(&workspace, &["fetch"]);
    futures::executor::block_on(slow.came(1));

    let run = workspace.run(&["done", &id]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("recorded: done: ["), "{}", run.out);
    let who = format!("process {} (bellwether fetch", fetch.child.id());
    assert!(run.err.contains(&who) && run.err.contains("applies it when it ends"), "{}", run.err);
    assert_eq!((marks(&workspace).len(), open(&workspace)), (0, 1));
    gate.open();
    assert_eq!(fetch.ended().code, 0);
    assert_eq!((marks(&workspace), open(&workspace)), (vec![("done", id)], 0));
}

#[test]
fn what_a_killed_command_left_open_is_done_by_the_next_one() {
    let (_server, workspace) = read();
    let id = item_about(&workspace, "BM25F");
    let now = NOW.parse().unwrap();
    let lock = archive::lock(&workspace.path("index"), "fetch", now).unwrap();
    assert_eq!(workspace.run(&["save", &id]).code, 0);
    assert_eq!(open(&workspace), 1);
    drop(lock);
    workspace.done(&["reindex"]);
    assert_eq!((marks(&workspace), open(&workspace)), (vec![("save", id)], 0));
}

#[test]
fn long_work_waits_for_no_other_command() {
    let (_server, workspace) = read();
    let now = NOW.parse().unwrap();
    let _lock = archive::lock(&workspace.path("index"), "init", now).unwrap();
    for args in [&["fetch"][..], &["reindex"], &["digest", "--send"]] {
        let run = workspace.run(args);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("(bellwether init"), "{}", run.err);
    }
    assert_eq!(open(&workspace), 0, "nobody finds it done later, by surprise");
}

#[test]
fn before_anything_was_read_there_is_nothing_to_speak_of() {
    let workspace = Workspace::new("- https://ines.example/feed\n");
    let run = workspace.run(&["done", "t3fd"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("hint:  run `bellwether fetch` first"), "{}", run.err);
}
