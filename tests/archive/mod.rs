//! What the archive keeps, and that it keeps it: versions, windows, states, crashes.

mod dying;
mod opening;
mod repair;
mod said;

use bellwether::archive::{Archive, Kept, Stored};
use bellwether::dedup;
use bellwether::model::{Counters, FeedId, FeedState, Outcome, Post, PostId, Validators};
use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::posts::{at, post};

/// An archive in a folder that goes away with it.
struct World {
    folder: TempDir,
    archive: Archive,
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(&folder.path().join("index/archive.db")).unwrap();
        World { folder, archive }
    }

    /// Polls each post as a document of its own, as the pipeline does.
    fn poll(&mut self, posts: &[Post]) -> Stored {
        self.poll_with(posts, Counters::default())
    }

    fn poll_with(&mut self, posts: &[Post], counters: Counters) -> Stored {
        let mut sum = Stored::default();
        for post in posts {
            let mut group = self.archive.group(post.seen).unwrap();
            let mut known = group.known_for([post]).unwrap();
            let decided = dedup::decide_all(vec![(post.clone(), counters)], &mut known);
            let stored = group.poll(post.feed, &FeedState::default(), &decided).unwrap();
            group.commit().unwrap();
            sum.new += stored.new;
            sum.changed += stored.changed;
            sum.seen += stored.seen;
        }
        sum
    }

    fn poll_document(&mut self, posts: &[Post]) -> Stored {
        let mut group = self.archive.group(posts[0].seen).unwrap();
        let mut known = group.known_for(posts).unwrap();
        let posts = posts.iter().map(|post| (post.clone(), Counters::default())).collect();
        let decided = dedup::decide_all(posts, &mut known);
        let stored = group.poll(FeedId::new(&["a"]), &FeedState::default(), &decided).unwrap();
        group.commit().unwrap();
        stored
    }

    fn day(&self, to: &str, as_of: Option<i64>) -> Vec<Kept> {
        let to = at(to);
        self.archive.window(to - jiff::SignedDuration::from_hours(24), to, as_of).unwrap()
    }

    /// Opens the file again without having closed it, as after kill -9.
    fn reopened(&self) -> Archive {
        Archive::open(self.archive.path()).unwrap()
    }
}

fn texts(kept: &[Kept]) -> Vec<&str> {
    kept.iter().map(|kept| kept.post.text.as_str()).collect()
}

#[test]
fn a_post_comes_back_as_it_was_kept() {
    let mut world = World::new();
    let full = Post {
        in_reply_to: Some("b.example/1".into()),
        repost_of: Some("x:tomas".into()),
        aliases: vec!["lobste.example/s/1".into()],
        ..post("a", "1")
    };
    let bare = Post {
        guid: None,
        url: None,
        canonical: None,
        title: None,
        language: None,
        published: None,
        backlog: true,
        ..post("a", "2")
    };
    world.poll(&[full.clone(), bare.clone()]);
    assert_eq!(world.archive.post(full.id).unwrap().unwrap().post, full);
    assert_eq!(world.archive.post(bare.id).unwrap().unwrap().post, bare);
    assert_eq!(world.archive.post(PostId::new(&["none"])).unwrap(), None);
}

#[test]
fn an_edit_is_a_new_version_and_moves_no_post_in_time() {
    let mut world = World::new();
    let first = post("a", "1");
    let edit = Post { text: "Edited.".into(), seen: at("2026-10-15T09:00:00Z"), ..first.clone() };
    assert_eq!(world.poll(&[first.clone(), edit]), Stored { new: 1, changed: 1, seen: 0 });

    let versions = world.archive.versions(first.id).unwrap();
    assert_eq!(texts(&versions), ["Text of 1 in a.", "Edited."]);
    assert_eq!(versions[0].post, first);
    assert_eq!((versions[1].post.version, versions[1].post.seen), (2, first.seen));
    assert_eq!(versions[1].at, at("2026-10-15T09:00:00Z"));
    assert_eq!(texts(&world.day("2026-10-13T08:00:00Z", None)), ["Text of 1 in a."]);
    assert_eq!(texts(&world.day("2026-10-15T10:00:00Z", None)), [""; 0]);
}

#[test]
fn a_window_holds_each_post_once_by_instant_then_id() {
    let mut world = World::new();
    let mut posts: Vec<Post> = (0..20).map(|n| post("a", &n.to_string())).collect();
    posts.push(Post { seen: at("2026-10-13T06:00:00Z"), ..post("a", "early") });
    posts.push(Post { text: "Edited.".into(), ..post("a", "3") });
    world.poll(&posts);
    let window = world.day("2026-10-13T07:00:00Z", None);
    let order: Vec<_> = window.iter().map(|kept| (kept.post.instant(), kept.post.id)).collect();
    assert_eq!(window.len(), 21);
    assert!(order.is_sorted());
    assert_eq!(window.iter().filter(|kept| kept.post.text == "Edited.").count(), 1);
}

#[test]
fn a_window_reads_nothing_newer_than_it_was_told() {
    let mut world = World::new();
    world.poll(&[post("a", "1")]);
    let as_of = world.archive.latest_seq().unwrap();
    world.poll(&[post("a", "2"), Post { text: "Edited.".into(), ..post("a", "1") }]);
    assert_eq!(texts(&world.day("2026-10-13T08:00:00Z", Some(as_of))), ["Text of 1 in a."]);
    assert_eq!(world.day("2026-10-13T08:00:00Z", None).len(), 2);
    assert_eq!(world.day("2026-10-13T06:59:00Z", None).len(), 0);
}

#[test]
fn backlog_belongs_to_the_instant_it_was_published() {
    let mut world = World::new();
    let old = Post { backlog: true, published: Some(at("2026-10-10T00:00:00Z")), ..post("a", "1") };
    let undated = Post { backlog: true, published: None, ..post("a", "2") };
    let redated =
        Post { published: Some(at("2026-10-13T00:00:00Z")), text: "!".into(), ..old.clone() };
    world.poll(&[old, undated, redated]);
    assert_eq!(world.day("2026-10-13T08:00:00Z", None).len(), 0);
    let week =
        world.archive.window(at("2026-10-06T00:00:00Z"), at("2026-10-13T08:00:00Z"), None).unwrap();
    assert_eq!(texts(&week), ["!"]);
    assert_eq!(week[0].post.instant(), Some(at("2026-10-10T00:00:00Z")));
}

#[test]
fn a_changed_guid_leads_to_the_first_id_for_ever() {
    let mut world = World::new();
    let first = post("a", "1");
    let drifted = Post { id: PostId::new(&["a", "one"]), ..first.clone() };
    let moved = Post { canonical: Some("a.example/elsewhere".into()), ..drifted.clone() };
    assert_eq!(
        world.poll(&[first.clone(), drifted.clone()]),
        Stored { new: 1, changed: 0, seen: 1 }
    );
    assert_eq!(world.poll(&[moved]), Stored { new: 0, changed: 1, seen: 0 });
    let found = world.archive.post(drifted.id).unwrap().unwrap();
    assert_eq!((found.post.id, found.post.version), (first.id, 2));
}

#[test]
fn one_address_in_two_feeds_is_two_posts_of_one_story() {
    let mut world = World::new();
    let first = post("a", "1");
    let other = Post { canonical: first.canonical.clone(), ..post("b", "9") };
    let third = Post { canonical: first.canonical.clone(), ..post("c", "9") };
    world.poll(&[first.clone(), other.clone(), third.clone()]);
    assert_eq!(world.archive.post(third.id).unwrap().unwrap().story, Some(first.id));
    assert_eq!(world.archive.story(first.id).unwrap().len(), 3);
    assert_eq!(world.archive.find_url("a.example/1").unwrap().len(), 3);
}

#[test]
fn a_wire_copy_joins_its_story_for_some_days() {
    let mut world = World::new();
    let long = "It was said that words upon words make a text that is long. ".repeat(5);
    let first = Post { text: long.clone(), ..post("a", "1") };
    let copy =
        Post { text: format!("{long} (Wire)"), seen: at("2026-10-20T07:00:00Z"), ..post("b", "9") };
    let late = Post { seen: at("2026-11-20T07:00:00Z"), ..post("c", "9") };
    let late = Post { text: long, ..late };
    world.poll(&[first.clone(), copy.clone(), late.clone()]);
    assert_eq!(world.archive.post(copy.id).unwrap().unwrap().story, Some(first.id));
    assert_eq!(world.archive.post(late.id).unwrap().unwrap().story, None);
}

#[test]
fn posts_of_one_group_see_each_other() {
    let mut world = World::new();
    let first = post("a", "1");
    let other = Post { canonical: first.canonical.clone(), ..post("b", "9") };
    let mut group = world.archive.group(first.seen).unwrap();
    for post in [&first, &other] {
        let mut known = group.known_for([post]).unwrap();
        let decided = dedup::decide_all(vec![(post.clone(), Counters::default())], &mut known);
        group.poll(post.feed, &FeedState::default(), &decided).unwrap();
    }
    group.commit().unwrap();
    assert_eq!(world.archive.post(other.id).unwrap().unwrap().story, Some(first.id));
}

#[test]
fn a_poll_that_fails_takes_nothing_with_it() {
    let mut world = World::new();
    let (good, bad) = (post("a", "1"), post("b", "1"));
    let new = dedup::Decision::New { story: None };
    let twice = [(new, bad.clone(), Counters::default()), (new, bad.clone(), Counters::default())];
    let state = FeedState { outcome: Some(Outcome::Read), ..FeedState::default() };
    let mut group = world.archive.group(good.seen).unwrap();
    assert!(group.poll(bad.feed, &state, &twice).is_err());
    group.poll(good.feed, &state, &[(new, good.clone(), Counters::default())]).unwrap();
    group.commit().unwrap();
    assert_eq!(world.archive.post(bad.id).unwrap(), None);
    assert!(world.archive.post(good.id).unwrap().is_some());
    assert_eq!(world.archive.states().unwrap().keys().collect::<Vec<_>>(), [&good.feed]);
}

#[test]
fn a_group_that_is_not_committed_is_not_there() {
    let mut world = World::new();
    let new = dedup::Decision::New { story: None };
    let mut group = world.archive.group(at("2026-10-13T07:00:00Z")).unwrap();
    group
        .poll(
            post("a", "1").feed,
            &FeedState::default(),
            &[(new, post("a", "1"), Counters::default())],
        )
        .unwrap();
    drop(group);
    assert_eq!(world.archive.counts().unwrap().posts, 0);
    assert_eq!(world.archive.latest_seq().unwrap(), 0);
}

#[test]
fn counters_are_appended_when_they_differ() {
    let mut world = World::new();
    let mut seen = post("a", "1");
    for (hour, likes) in [(7, 1), (8, 1), (9, 5)] {
        seen.seen = at(&format!("2026-10-13T0{hour}:00:00Z"));
        let counters = Counters { likes: Some(likes), ..Counters::default() };
        world.poll_with(&[seen.clone()], counters);
    }
    world.poll(&[seen.clone()]);
    let samples = world.archive.samples(&[seen.id], Timestamp::MAX, None).unwrap();
    let likes: Vec<_> = samples[&seen.id].iter().map(|sample| sample.counters.likes).collect();
    assert_eq!(likes, [Some(1), Some(5)]);
    let early = world.archive.samples(&[seen.id], at("2026-10-13T08:30:00Z"), None).unwrap();
    assert_eq!(early[&seen.id].len(), 1);
}

#[test]
fn a_state_comes_back_and_its_past_is_kept() {
    let mut world = World::new();
    let feed = FeedId::new(&["a"]);
    let read = FeedState {
        validators: Validators {
            etag: Some("W/\"1\"".into()),
            last_modified: Some("Tue, 13 Oct 2026 07:00:00 GMT".into()),
            url: Some("https://a.example/moved".into()),
        },
        checked: Some(at("2026-10-13T07:00:00Z")),
        first_read: Some(at("2026-10-13T07:00:00Z")),
        succeeded: Some(at("2026-10-13T07:00:00Z")),
        outcome: Some(Outcome::Read),
        next_check: Some(at("2026-10-13T08:00:00Z")),
        not_before: Some(Timestamp::MAX),
        title: Some("A".into()),
        ..FeedState::default()
    };
    let unchanged = FeedState { outcome: Some(Outcome::Unchanged), ..read.clone() };
    let failed = FeedState {
        outcome: Some(Outcome::Failed),
        failures: 1,
        failing_since: Some(at("2026-10-13T09:00:00Z")),
        error: Some("503".into()),
        ..read.clone()
    };
    for (hour, state) in [(7, &read), (8, &unchanged), (9, &failed)] {
        let now = at(&format!("2026-10-13T0{hour}:00:00Z"));
        let mut group = world.archive.group(now).unwrap();
        group.poll(feed, state, &[]).unwrap();
        group.commit().unwrap();
        assert_eq!(&world.archive.states().unwrap()[&feed], state);
    }
    assert_eq!(world.archive.latest_seq().unwrap(), 2, "read and unchanged are one state");
    let past = &world.archive.states_at(at("2026-10-13T08:30:00Z"), None).unwrap()[&feed];
    assert_eq!((past.outcome, past.failing_since), (Some(Outcome::Read), None));
    let now = &world.archive.states_at(at("2026-10-13T09:30:00Z"), None).unwrap()[&feed];
    assert_eq!((now.outcome, &now.error), (Some(Outcome::Failed), &failed.error));
}

#[test]
fn what_was_committed_outlives_a_process_that_never_closed_the_file() {
    let mut world = World::new();
    world.poll(&[post("a", "1"), post("a", "2")]);
    let again = world.reopened();
    assert_eq!(again.counts().unwrap().posts, 2);
    let rows = again.posts_after(0, 10).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(again.posts_after(rows[0].seq, 10).unwrap(), rows[1..]);
}

#[test]
fn a_reader_sees_what_another_connection_commits() {
    let mut world = World::new();
    let reader = Archive::read_only(world.archive.path()).unwrap();
    world.poll(&[post("a", "1")]);
    assert_eq!(reader.counts().unwrap().posts, 1);
}

/// Documents of one feed in which ids, addresses, titles and texts meet in all ways; no id twice
/// in one document, as `normalize` gives them.
fn some_documents() -> impl Strategy<Value = Vec<Vec<Post>>> {
    let some_post =
        (0..5_u8, prop::option::of(0..3_u8), prop::option::of(0..2_u8), 0..3_u8, any::<bool>());
    let some_post = some_post.prop_map(|(id, address, title, text, dated)| Post {
        canonical: address.map(|address| format!("a.example/{address}")),
        title: title.map(|title| format!("Title {title}")),
        text: format!("Text {text}"),
        published: dated.then(|| at("2026-10-13T06:30:00Z")),
        ..post("a", &id.to_string())
    });
    let document = prop::collection::vec(some_post, 1..5).prop_map(|mut posts| {
        posts.sort_by_key(|post| post.id);
        posts.dedup_by_key(|post| post.id);
        posts
    });
    prop::collection::vec(document, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_document_that_is_polled_again_changes_nothing_and_none_of_its_posts_is_lost(
        documents in some_documents(),
    ) {
        let mut world = World::new();
        for document in &documents {
            world.poll_document(document);
            let before = world.archive.posts_after(0, 1000).unwrap();
            let again = world.poll_document(document);
            prop_assert_eq!(again, Stored { seen: document.len(), ..Stored::default() });
            prop_assert_eq!(world.archive.posts_after(0, 1000).unwrap(), before);
            for post in document {
                let kept = world.archive.post(post.id).unwrap().unwrap().post;
                prop_assert_eq!((&kept.title, &kept.text), (&post.title, &post.text));
            }
        }
    }
}
