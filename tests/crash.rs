//! What was acknowledged outlives kill -9, Ctrl-C and a full disk.
//!
//! The tests start this test program again as a child that runs one of the `child_…` tests; on
//! their own those do nothing.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use bellwether::archive::{self, Archive};
use bellwether::dedup;
use bellwether::deliver;
use bellwether::index::{self, Document, Index};
use bellwether::model::{Counters, FeedState, Post, Validators};

use crate::support::child::{child, child_with_little_room, folder_of_child};
use crate::support::posts::post;
use crate::support::reply::{Gate, Reply};
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

/// Told by a child before what it has kept.
const KEPT: &str = "kept ";

/// Polls one feed with one new post; its validators name the post.
fn poll(archive: &mut Archive, post: &Post) -> Result<(), archive::Error> {
    let mut group = archive.group(post.seen)?;
    let mut known = group.known_for([post])?;
    let decided = dedup::decide_all(vec![(post.clone(), Counters::default())], &mut known);
    let validators = Validators { etag: post.guid.clone(), ..Validators::default() };
    group.poll(post.feed, &FeedState { validators, ..FeedState::default() }, &decided)?;
    group.commit()
}

fn catch_up(archive: &Archive, index: &mut Index) -> Result<(), index::Error> {
    let rows = archive.posts_after(index.through()?, usize::MAX).unwrap();
    let through = archive.latest_seq().unwrap();
    let mut writer = index.writer()?;
    for row in &rows {
        writer.add(&Document { seq: row.seq, post: &row.post, person: None })?;
    }
    writer.commit(through)
}

#[test]
fn child_that_writes_until_it_is_killed() {
    let Some(folder) = folder_of_child() else { return };
    let mut archive = Archive::open(&folder.join("archive.db")).unwrap();
    let mut index = Index::open(&folder.join("tantivy")).unwrap();
    let first = archive.counts().unwrap().posts;
    for number in first.. {
        poll(&mut archive, &post("a", &number.to_string())).unwrap();
        println!("{KEPT}{number}");
        if number % 7 == 3 {
            catch_up(&archive, &mut index).unwrap();
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_by_kill_9_and_the_index_catches_up() {
    let folder = tempfile::tempdir().unwrap();
    for round in 1..=3 {
        let mut child =
            child("crash::child_that_writes_until_it_is_killed", folder.path()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let kept = lines.map_while(Result::ok).filter_map(|line| {
            line.rsplit_once(KEPT).and_then(|(_, number)| number.trim().parse::<u64>().ok())
        });
        let last = kept.take(20 * round).last().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();

        let archive = Archive::open(&folder.path().join("archive.db")).unwrap();
        let posts = archive.counts().unwrap().posts;
        assert!(posts > last, "{posts} posts, {last} was acknowledged");
        let states = archive.states().unwrap();
        let etag = states.values().next().unwrap().validators.etag.clone();
        assert_eq!(etag, Some((posts - 1).to_string()), "validators came with their posts");

        let mut index = Index::open(&folder.path().join("tantivy")).unwrap();
        assert!(index.through().unwrap() <= archive.latest_seq().unwrap());
        catch_up(&archive, &mut index).unwrap();
        assert_eq!(index.len().unwrap(), posts);
    }
}

fn long_post(number: usize) -> Post {
    let text = format!("{number} ").repeat(4000);
    Post { text, ..post("a", &number.to_string()) }
}

#[test]
fn child_that_fills_the_archive() {
    let Some(folder) = folder_of_child() else { return };
    let mut archive = Archive::open(&folder.join("archive.db")).unwrap();
    let error = (0..).find_map(|number| poll(&mut archive, &long_post(number)).err()).unwrap();
    assert!(matches!(error, archive::Error::Full { .. }), "{error:?}");
    assert!(error.hint().is_some());
    println!("{KEPT}{}", archive.counts().unwrap().posts);
}

#[test]
fn a_full_disk_is_said_and_what_was_kept_stays() {
    let folder = tempfile::tempdir().unwrap();
    let output = child_with_little_room("crash::child_that_fills_the_archive", folder.path(), 2048)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}");
    let kept = told.lines().find_map(|line| line.rsplit_once(KEPT)).unwrap().1;
    let kept: u64 = kept.trim().parse().unwrap();
    assert!(kept > 0);

    let mut archive = Archive::open(&folder.path().join("archive.db")).unwrap();
    assert_eq!(archive.counts().unwrap().posts, kept);
    poll(&mut archive, &post("b", "with room again")).unwrap();
    assert_eq!(archive.counts().unwrap().posts, kept + 1);
}

#[test]
fn child_that_fills_the_index() {
    let Some(folder) = folder_of_child() else { return };
    let mut index = Index::open(&folder.join("tantivy")).unwrap();
    let fill = |index: &mut Index| -> Result<(), index::Error> {
        let mut writer = index.writer()?;
        for number in 0..1500 {
            let text: String = (0..200).map(|word| format!("{number}x{word} ")).collect();
            let post = Post { text, ..post("a", &number.to_string()) };
            writer.add(&Document { seq: number + 1, post: &post, person: None })?;
        }
        writer.commit(1500)
    };
    let error = fill(&mut index).unwrap_err();
    assert!(matches!(error, index::Error::Full { .. }), "{error:?}");
    assert_eq!(index.through().unwrap(), 0);
    println!("{KEPT}0");
}

#[test]
fn a_full_disk_is_said_by_the_index_which_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let output = child_with_little_room("crash::child_that_fills_the_index", folder.path(), 512)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}");
    assert!(told.contains(KEPT), "{told}");
    let mut index = Index::open(&folder.path().join("tantivy")).unwrap();
    assert_eq!(index.len().unwrap(), 0);
    let mut writer = index.writer().unwrap();
    writer.add(&Document { seq: 1, post: &post("a", "1"), person: None }).unwrap();
    writer.commit(1).unwrap();
    drop(writer);
    assert_eq!(index.len().unwrap(), 1);
}

/// What a digest's file holds: its length is no multiple of a block's.
fn long_digest(day: &str) -> String {
    format!("# {day}\n") + &"- a line of the digest\n".repeat(200)
}

#[test]
fn child_that_delivers_a_digest() {
    let Some(folder) = folder_of_child() else { return };
    let path = folder.join("2026-10-13-morning.md");
    match deliver::write_whole(&path, long_digest("new").as_bytes()) {
        Ok(()) => println!("{KEPT}1"),
        Err(error) => {
            assert!(matches!(error, deliver::Error::Full { .. }), "{error:?}");
            assert!(error.hint().contains("make room"));
            println!("{KEPT}0");
        }
    }
}

#[test]
fn wherever_the_disk_is_full_the_old_digest_stays_whole_until_the_new_one_is() {
    let (old, new) = (long_digest("old"), long_digest("new"));
    let blocks = u32::try_from(new.len().div_ceil(1024)).unwrap();
    for kibibytes in 0..=blocks {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2026-10-13-morning.md");
        std::fs::write(&path, &old).unwrap();
        let child =
            child_with_little_room("crash::child_that_delivers_a_digest", folder.path(), kibibytes);
        let told = String::from_utf8({ child }.output().unwrap().stdout).unwrap();
        let fits = kibibytes == blocks;
        assert!(told.contains(&format!("{KEPT}{}", u8::from(fits))), "{kibibytes}: {told}");
        let wanted = if fits { &new } else { &old };
        assert_eq!(&std::fs::read_to_string(&path).unwrap(), wanted, "{kibibytes}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no litter");
        deliver::write_whole(&path, new.as_bytes()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), new);
    }
}

/// Makes an index anew in the place of a torn one and fills it; says what went wrong.
#[test]
fn child_that_rebuilds_the_index() {
    let Some(folder) = folder_of_child() else { return };
    let rebuild = || -> Result<(), index::Error> {
        let mut index = Index::open(&folder.join("tantivy"))?;
        let mut writer = index.writer()?;
        for number in 0..400 {
            let text: String = (0..100).map(|word| format!("{number}x{word} ")).collect();
            let post = Post { text, ..post("a", &number.to_string()) };
            writer.add(&Document { seq: number + 1, post: &post, person: None })?;
        }
        writer.commit(400)?;
        writer.finish()
    };
    match rebuild() {
        Err(index::Error::Full { .. }) => println!("{KEPT}full"),
        other => println!("{KEPT}{other:?}"),
    }
}

#[test]
fn a_full_disk_while_the_index_is_made_anew_is_not_called_damage() {
    for kibibytes in [0, 1, 2, 3, 8, 16, 32, 64, 128] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("tantivy")).unwrap();
        std::fs::write(folder.path().join("tantivy/meta.json"), "torn").unwrap();
        let told = child_with_little_room(
            "crash::child_that_rebuilds_the_index",
            folder.path(),
            kibibytes,
        )
        .output()
        .unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        assert!(told.contains(&format!("{KEPT}full")), "{kibibytes} KiB: {told}");
    }
}

#[test]
fn ctrl_c_in_a_poll_keeps_what_was_answered_and_says_so() {
    let (server, slow, gate) =
        (FeedServer::start("127.0.0.2"), FeedServer::start("127.0.0.3"), Gate::new());
    let rss = "<rss version=\"2.0\"><channel><title>Ines</title><item><guid>1</guid>\
               <title>Segment merges, measured</title></item></channel></rss>";
    server.on("/feed", Reply::ok(rss));
    slow.on("/feed", Reply::ok(rss).wait(&gate));
    let workspace = Workspace::new(&format!(
        "fetch: {{allow: [\"127.0.0.0/16\"]}}\nsources: [\"{}\", \"{}\"]\n",
        server.url("/feed"),
        slow.url("/feed")
    ));
    let mut run = Command::new(env!("CARGO_BIN_EXE_bellwether"))
        .args(["-vv", "--dir", workspace.dir().to_str().unwrap(), "fetch"])
        .env_remove("RUST_LOG")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(run.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("feed read") {
        line.clear();
        assert_ne!(told.read_line(&mut line).unwrap(), 0, "it ended before a feed was read");
    }
    let killed = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(2), "{rest}");
    assert!(rest.contains("interrupted") && rest.contains("is kept"), "{rest}");
    gate.open();
    let archive = Archive::read_only(&workspace.path("index/archive.db")).unwrap();
    assert_eq!(archive.counts().unwrap().posts, 1);
    assert!(workspace.done(&["search", "merges"]).contains("measured"), "it catches up");
}
