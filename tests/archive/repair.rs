//! What is saved of an archive whose file was damaged, and what is said of it.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bellwether::archive::{self, Archive, Error, Repair, Repaired, Sent, Shown};
use bellwether::dedup;
use bellwether::model::{
    Counters, FeedId, FeedState, Mark, MarkKind, Outcome, Post, PostId, SectionKind, State,
    Validators,
};
use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::posts::{at, post};

const PAGE: u64 = 4096;
const POSTS: usize = 400;
const FEEDS: usize = 8;

/// An archive with a life of some days behind it, closed.
pub(super) struct Lived {
    _folder: TempDir,
    pub(super) path: PathBuf,
    pub(super) posts: Vec<Post>,
}

pub(super) fn now() -> Timestamp {
    at("2026-10-14T08:00:00Z")
}

fn state(number: usize) -> FeedState {
    FeedState {
        outcome: Some(Outcome::Read),
        checked: Some(now()),
        first_read: Some(at("2026-10-12T07:00:00Z")),
        succeeded: Some(now()),
        validators: Validators { etag: Some(format!("\"{number}\"")), ..Validators::default() },
        ..FeedState::default()
    }
}

fn feed(number: usize) -> FeedId {
    post(&format!("feed {}", number % FEEDS), "").feed
}

/// Posts of which some go on over several pages.
fn some_post(number: usize) -> Post {
    let words = if number.is_multiple_of(7) { 3_000 } else { 30 };
    let text: String = (0..words).map(|word| format!("{number}x{word} ")).collect();
    Post { text, ..post(&format!("feed {}", number % FEEDS), &number.to_string()) }
}

impl Lived {
    pub(super) fn new() -> Lived {
        static CONTENT: OnceLock<Vec<u8>> = OnceLock::new();
        let posts: Vec<Post> = (0..POSTS).map(some_post).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive.db");
        let content = CONTENT.get_or_init(|| {
            Lived::live(&path, &posts);
            fs::read(&path).unwrap()
        });
        fs::write(&path, content).unwrap();
        Lived { _folder: folder, path, posts }
    }

    fn live(path: &Path, posts: &[Post]) {
        let mut archive = Archive::open(path).unwrap();
        for (number, post) in posts.iter().enumerate() {
            let mut group = archive.group(post.seen).unwrap();
            let mut known = group.known_for([post]).unwrap();
            let counters = Counters { likes: Some(number as u64), ..Counters::default() };
            let decided = dedup::decide_all(vec![(post.clone(), counters)], &mut known);
            group.poll(post.feed, &state(number), &decided).unwrap();
            group.commit().unwrap();
        }
        let shown = Shown {
            digest: "morning".into(),
            now: now(),
            sent: true,
            item: "t3fd".into(),
            identity: "a topic".into(),
            section: SectionKind::Topics,
            state: Some(State::New),
            title: "A topic".into(),
            posts: vec![posts[0].id],
            people: vec!["me".into()],
        };
        let sent = Sent {
            name: "morning".into(),
            now: now(),
            due: None,
            day: "2026-10-14".into(),
            as_of: archive.latest_seq().unwrap(),
            settings: "weights: {}".into(),
            zone: "UTC".into(),
            sections: vec![],
            program: "0.1.0".into(),
            markdown: "# A day\n".repeat(900),
        };
        let row = archive.record_sent(&sent, &[shown], &["file"], now()).unwrap();
        archive.record_delivery(row, "file", now()).unwrap();
        let intent = archive.record_intent("done", "t3fd", None, now()).unwrap();
        let mark = Mark {
            intent,
            at: now(),
            kind: MarkKind::Done,
            undone: false,
            item: "t3fd".into(),
            identity: "a topic".into(),
            section: Some(SectionKind::Topics),
            title: "A topic".into(),
            url: None,
            posts: vec![posts[0].id],
            people: vec![],
            until: None,
        };
        assert!(archive.fulfil(intent, Some(&mark), Some("{}"), now()).unwrap());
    }

    fn pages(&self) -> u64 {
        self.path.metadata().unwrap().len() / PAGE
    }

    pub(super) fn spoil(&self, page: u64, with: &[u8]) {
        let mut file = OpenOptions::new().write(true).open(&self.path).unwrap();
        file.seek(SeekFrom::Start((page - 1) * PAGE)).unwrap();
        file.write_all(with).unwrap();
    }

    pub(super) fn repaired(&self) -> Repaired {
        match archive::repair(&self.path, now(), &mut |_| {}).unwrap() {
            Repair::Repaired(repaired) => repaired,
            Repair::Sound => panic!("it was damaged"),
        }
    }

    pub(super) fn opened(&self) -> Archive {
        assert_eq!(archive::check(&self.path).unwrap(), [""; 0]);
        Archive::open(&self.path).unwrap()
    }

    /// The posts that are there, each of them as it was.
    pub(super) fn there(&self, archive: &Archive) -> BTreeSet<PostId> {
        let there = self.posts.iter().filter(|post| {
            archive.post(post.id).unwrap().is_some_and(|kept| {
                assert_eq!(&kept.post, *post);
                assert_eq!(archive.find_url(post.canonical.as_deref().unwrap()).unwrap().len(), 1);
                true
            })
        });
        there.map(|post| post.id).collect()
    }
}

fn files(path: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(path.parent().unwrap()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    // A reader leaves an empty log behind.
    names.filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm")).collect()
}

#[test]
fn a_sound_archive_is_left_as_it_is() {
    let lived = Lived::new();
    let (before, content) = (files(&lived.path), fs::read(&lived.path).unwrap());
    let repair = archive::repair(&lived.path, now(), &mut |_| {}).unwrap();
    assert_eq!(repair, Repair::Sound);
    assert_eq!(fs::read(&lived.path).unwrap(), content);
    assert_eq!(files(&lived.path), before);
}

#[test]
fn a_header_of_garbage_costs_nothing_but_itself() {
    let lived = Lived::new();
    let damaged: Vec<u8> = (0..PAGE).map(|byte| (byte * 7 % 251) as u8).collect();
    lived.spoil(1, &damaged);
    let refused = Archive::open(&lived.path).unwrap_err();
    assert!(matches!(refused, Error::Corrupt { .. }), "{refused}");
    assert!(refused.hint().unwrap().contains("bellwether repair"));

    let repaired = lived.repaired();
    assert_eq!(repaired.damaged.file_name().unwrap(), "archive.damaged-2026-10-14.db");
    assert!(fs::read(&repaired.damaged).unwrap().starts_with(&damaged), "kept as it was");
    let filled = &repaired.filled;
    assert_eq!((filled.lost.len(), filled.missing.len(), filled.unreadable), (0, 0, 0));
    assert_eq!(filled.reread, Some(vec![]));
    assert_eq!(filled.saved["post"], POSTS as u64);
    let archive = lived.opened();
    assert_eq!(lived.there(&archive).len(), POSTS);
    assert_eq!(
        archive.last_sent("morning", Timestamp::MAX, None).unwrap().unwrap().1.markdown.len(),
        7200
    );
    assert_eq!(archive.marks(Timestamp::MAX, None).unwrap().len(), 1);
    assert_eq!(archive.undelivered().unwrap(), []);
    assert_eq!(archive.open_intents().unwrap(), []);
    assert_eq!(archive.states().unwrap()[&feed(7)], state(POSTS - 1));
    let newest = &archive.happenings(1).unwrap()[0];
    assert_eq!(newest.kind, "archive-repaired");
    assert_eq!(archive.latest_seq().unwrap(), newest.seq);
}

#[test]
fn what_stood_on_a_page_is_lost_and_its_feeds_are_read_in_full_again() {
    let mut lost_some = 0;
    let pages = Lived::new().pages();
    for page in (2..=pages).step_by(pages as usize / 12) {
        let lived = Lived::new();
        lived.spoil(page, &[0x5a; PAGE as usize]);
        if archive::check(&lived.path).unwrap().is_empty() {
            continue;
        }
        let filled = lived.repaired().filled;
        let archive = lived.opened();
        let there = lived.there(&archive);
        assert_eq!(filled.saved["post"], there.len() as u64, "page {page}");
        let states = archive.states().unwrap();
        for post in lived.posts.iter().filter(|post| !there.contains(&post.id)) {
            lost_some += 1;
            let known = filled.reread.as_ref().is_none_or(|feeds| feeds.contains(&post.feed));
            assert!(known, "page {page}");
            assert_eq!(states[&post.feed].validators, Validators::default(), "page {page}");
            assert!(filled.missing_rows() > 0);
        }
        for feed in (0..FEEDS).map(feed) {
            assert!(states[&feed].first_read.is_some(), "its next posts are no backlog");
        }
    }
    assert!(lost_some > 0, "no page of posts was hit");
}

#[test]
fn a_file_that_was_cut_off_keeps_what_stood_before() {
    let lived = Lived::new();
    let length = lived.path.metadata().unwrap().len();
    let file = OpenOptions::new().write(true).open(&lived.path).unwrap();
    file.set_len(length / 2 + 100).unwrap();
    let filled = lived.repaired().filled;
    let archive = lived.opened();
    let there = lived.there(&archive);
    assert!((POSTS / 4..POSTS).contains(&there.len()), "{}", there.len());
    assert_eq!(filled.saved["post"], there.len() as u64);
    // Row numbers are given once, also those of lost rows.
    let newest = archive.posts_after(0, POSTS).unwrap().last().unwrap().seq;
    assert!(newest < archive.latest_seq().unwrap());
}

#[test]
fn what_was_lost_can_be_polled_again() {
    let lived = Lived::new();
    let file = OpenOptions::new().write(true).open(&lived.path).unwrap();
    file.set_len(lived.path.metadata().unwrap().len() / 2).unwrap();
    lived.repaired();
    let mut archive = lived.opened();
    for post in &lived.posts {
        let mut group = archive.group(now()).unwrap();
        let mut known = group.known_for([post]).unwrap();
        let decided = dedup::decide_all(vec![(post.clone(), Counters::default())], &mut known);
        group.poll(post.feed, &FeedState::default(), &decided).unwrap();
        group.commit().unwrap();
    }
    assert_eq!(lived.there(&archive).len(), POSTS);
    assert_eq!(archive.counts().unwrap().posts, POSTS as u64);
}

#[test]
fn what_was_committed_to_the_log_alone_is_saved_too() {
    let lived = Lived::new();
    let mut archive = Archive::open(&lived.path).unwrap();
    archive.record_intent("save", "w7kq", None, now()).unwrap();
    // As after kill -9: the log stays. A torn frame follows what was committed.
    let log = fs::read(lived.path.with_extension("db-wal")).unwrap();
    let file = fs::read(&lived.path).unwrap();
    drop(archive);
    fs::write(&lived.path, file).unwrap();
    fs::write(lived.path.with_extension("db-wal"), [&log[..], &log[32..2000]].concat()).unwrap();
    lived.spoil(1, &[0; PAGE as usize]);
    // The first page stands in the log as well.
    lived.spoil(2, &[0x5a; 2048]);
    lived.repaired();
    let open = lived.opened().open_intents().unwrap();
    assert_eq!(open.iter().map(|one| one.target.as_str()).collect::<Vec<_>>(), ["w7kq"]);
}

#[test]
fn a_file_that_was_emptied_is_refused_while_its_log_holds_something() {
    let lived = Lived::new();
    let mut archive = Archive::open(&lived.path).unwrap();
    archive.record_intent("save", "w7kq", None, now()).unwrap();
    let log = fs::read(lived.path.with_extension("db-wal")).unwrap();
    drop(archive);
    fs::write(&lived.path, "").unwrap();
    fs::write(lived.path.with_extension("db-wal"), &log).unwrap();
    for refused in [Archive::open(&lived.path), Archive::read_only(&lived.path)] {
        assert!(matches!(refused.unwrap_err(), Error::Corrupt { .. }));
    }
    lived.repaired();
    let open = lived.opened().open_intents().unwrap();
    assert!(open.iter().any(|intent| intent.target == "w7kq"), "{open:?}");
}

#[test]
fn where_nothing_can_be_read_nothing_is_moved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    let content = "not a database, but a text that is long enough ".repeat(1000);
    fs::write(&path, &content).unwrap();
    let refused = archive::repair(&path, now(), &mut |_| {}).unwrap_err();
    assert!(matches!(refused, Error::Hopeless { .. }), "{refused}");
    assert!(refused.hint().unwrap().contains("restore a backup"));
    assert_eq!(fs::read_to_string(&path).unwrap(), content);
    assert_eq!(files(&path), BTreeSet::from(["archive.db".to_owned()]));
}

#[test]
fn a_first_version_that_is_lost_leaves_the_later_ones_to_be_found() {
    let lived = Lived::new();
    let edited = Post { text: "Edited.".into(), ..lived.posts[5].clone() };
    let mut archive = Archive::open(&lived.path).unwrap();
    let mut group = archive.group(now()).unwrap();
    let mut known = group.known_for([&edited]).unwrap();
    let decided = dedup::decide_all(vec![(edited.clone(), Counters::default())], &mut known);
    group.poll(edited.feed, &state(5), &decided).unwrap();
    group.commit().unwrap();
    drop(archive);
    let other = rusqlite::Connection::open(&lived.path).unwrap();
    other
        .execute(
            "UPDATE post SET rest = 'torn' WHERE id = ? AND version = 1",
            [edited.id.as_bytes()],
        )
        .unwrap();
    drop(other);
    let repaired = lived.repaired();
    assert_eq!((repaired.filled.lost["post"], repaired.filled.unreadable), (1, 1));
    assert_eq!(repaired.filled.reread, Some(vec![edited.feed]));
    let kept = lived.opened().post(edited.id).unwrap().unwrap();
    assert_eq!((&*kept.post.text, kept.post.version), ("Edited.", 1));
}

#[test]
fn while_an_archive_is_repaired_nobody_else_writes() {
    let lived = Lived::new();
    let folder = lived.path.parent().unwrap();
    let guard = archive::lock(folder, archive::REPAIR, now()).unwrap();
    Archive::open(&lived.path).unwrap();
    // Another process's lock: as ours, with another number in it.
    fs::write(folder.join("lock"), "1 repair 2026-10-14T08:00:00Z\n").unwrap();
    let refused = Archive::open(&lived.path).unwrap_err();
    assert!(matches!(refused, Error::Locked { .. }), "{refused}");
    drop(guard);
    Archive::open(&lived.path).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever lies where in the file: the archive is sound again, no post in it is another than
    /// it was, and those whose pages were not hit are there.
    #[test]
    fn garbage_anywhere_never_makes_a_false_post(
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u64>(), 1..6000_usize), 1..5),
    ) {
        let lived = Lived::new();
        let length = lived.path.metadata().unwrap().len();
        let mut content = fs::read(&lived.path).unwrap();
        for (place, seed, count) in hits {
            let from = place.index(length as usize);
            let mut word = seed;
            for byte in content.iter_mut().skip(from).take(count) {
                word = word.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                *byte = (word >> 56) as u8;
            }
        }
        fs::write(&lived.path, content).unwrap();
        if let Repair::Repaired(repaired) = archive::repair(&lived.path, now(), &mut |_| {}).unwrap() {
            let archive = lived.opened();
            let there = lived.there(&archive);
            prop_assert_eq!(repaired.filled.saved["post"], there.len() as u64);
            prop_assert!(there.len() > POSTS / 2);
        }
    }
}
