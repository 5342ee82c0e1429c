//! What was shown, where it went, and what the user said of it.

use bellwether::archive::{Printed, Sent, Shown, Size};
use bellwether::model::{Mark, MarkKind, PostId, SectionKind, State};
use jiff::Timestamp;
use proptest::prelude::*;

use super::World;
use crate::support::posts::at;

fn shown(item: &str, sent: bool) -> Shown {
    Shown {
        digest: "morning".into(),
        now: at("2026-10-13T07:30:00Z"),
        sent,
        item: item.into(),
        identity: format!("identity of {item}"),
        section: SectionKind::Topics,
        state: Some(State::New),
        title: "A topic".into(),
        posts: vec![PostId::new(&["p"])],
        people: vec!["me".into()],
    }
}

#[test]
fn a_sent_digest_is_remembered_and_a_printed_one_shows_nothing() {
    let mut world = World::new();
    let now = at("2026-10-13T07:30:00Z");
    let sent = Sent {
        name: "morning".into(),
        now,
        due: Some(now),
        day: "2026-10-13".into(),
        as_of: 7,
        settings: "weights: {}".into(),
        zone: "Europe/Stockholm".into(),
        sections: vec![SectionKind::Topics, SectionKind::Asks],
        program: "0.1.0".into(),
        markdown: "# Tuesday".into(),
    };
    let row = world.archive.record_sent(&sent, &[shown("t3fd", true)], &["file"], now).unwrap();
    let printed =
        Printed { name: "morning".into(), now, day: "2026-10-13".into(), program: "0.1.0".into() };
    world.archive.record_printed(&printed, &[shown("tk2p", false)], now).unwrap();

    let later = at("2026-10-14T07:30:00Z");
    assert_eq!(world.archive.last_sent("morning", later, None).unwrap(), Some((row, sent.clone())));
    assert_eq!(world.archive.sent_at("morning", now).unwrap(), Some((row, sent)));
    assert_eq!(world.archive.last_sent("morning", now, None).unwrap(), None);
    assert_eq!(world.archive.last_sent("morning", later, Some(row - 1)).unwrap(), None);
    let memory = world.archive.shown(Timestamp::MIN, later, None).unwrap();
    assert_eq!(memory, [shown("t3fd", true)]);
    let (_, found) = &world.archive.appearances("tk2p", 1).unwrap()[0];
    assert_eq!(found.identity, "identity of tk2p");
    assert_eq!((&found.posts, found.state), (&shown("tk2p", false).posts, None));
    assert_eq!(world.archive.items(1).unwrap(), ["tk2p"]);

    world.archive.record_delivery(row, "file", now).unwrap();
    world.archive.record_delivery(row, "file", later).unwrap();
    assert_eq!(world.archive.deliveries(row).unwrap(), ["file"]);
}

#[test]
fn an_intent_is_open_until_it_is_done() {
    let mut world = World::new();
    let now = at("2026-10-13T07:30:00Z");
    let first = world.archive.record_intent("done", "t3fd", None, now).unwrap();
    world.archive.record_intent("snooze", "w7kq", Some("3d"), now).unwrap();
    assert!(world.archive.fulfil(first, None, Some("{}"), now).unwrap());
    let open = world.archive.open_intents().unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].target.as_str(), open[0].argument.as_deref()), ("w7kq", Some("3d")));
}

fn sent(now: &str) -> Sent {
    Sent {
        name: "morning".into(),
        now: at(now),
        due: None,
        day: now[..10].into(),
        as_of: 0,
        settings: "weights: {}".into(),
        zone: "UTC".into(),
        sections: vec![],
        program: "0.1.0".into(),
        markdown: "# A day".into(),
    }
}

#[test]
fn a_digest_waits_until_it_has_reached_each_of_its_channels() {
    let mut world = World::new();
    let archive = &mut world.archive;
    let (first, second) = (sent("2026-10-13T07:30:00Z"), sent("2026-10-14T07:30:00Z"));
    let row = archive.record_sent(&first, &[], &["email", "file"], first.now).unwrap();
    let other = archive.record_sent(&second, &[], &["file"], second.now).unwrap();
    archive.record_delivery(row, "file", first.now).unwrap();
    let waiting = archive.undelivered().unwrap();
    assert_eq!(waiting.iter().map(|one| one.digest).collect::<Vec<_>>(), [row, other]);
    assert_eq!((waiting[0].now, &*waiting[0].channels), (first.now, &["email".to_owned()][..]));
    archive.record_delivery(row, "email", second.now).unwrap();
    archive.record_delivery(other, "file", second.now).unwrap();
    assert_eq!(archive.undelivered().unwrap(), []);
}

fn mark(kind: MarkKind, identity: &str, when: &str) -> Mark {
    Mark {
        intent: 0,
        at: at(when),
        kind,
        undone: false,
        item: "t3fd".into(),
        identity: identity.into(),
        section: Some(SectionKind::Topics),
        title: "A topic".into(),
        url: Some("https://a.example/1".into()),
        posts: vec![PostId::new(&["p"])],
        people: vec!["me".into()],
        until: None,
    }
}

/// Appends an intent for the mark and applies it; returns the mark as it is kept.
fn said(world: &mut World, mark: Mark) -> Mark {
    let archive = &mut world.archive;
    let intent = archive.record_intent(mark.kind.name(), &mark.item, None, mark.at).unwrap();
    assert!(archive.fulfil(intent, Some(&mark), None, mark.at).unwrap());
    Mark { intent, ..mark }
}

#[test]
fn of_each_kind_the_last_word_on_an_item_counts() {
    let mut world = World::new();
    let done = said(&mut world, mark(MarkKind::Done, "one", "2026-10-13T08:00:00Z"));
    let saved = said(&mut world, mark(MarkKind::Save, "one", "2026-10-13T08:01:00Z"));
    let before = world.archive.latest_seq().unwrap();
    let back = Mark { undone: true, ..mark(MarkKind::Done, "one", "2026-10-13T08:02:00Z") };
    said(&mut world, back);
    let now = at("2026-10-13T09:00:00Z");
    let archive = &world.archive;
    assert_eq!(archive.marks(now, None).unwrap(), vec![saved.clone()]);
    assert_eq!(archive.marks(now, Some(before)).unwrap(), [done.clone(), saved]);
    assert_eq!(archive.marks(at("2026-10-13T08:00:30Z"), None).unwrap(), [done]);
}

#[test]
fn a_snooze_that_is_over_is_still_a_mark() {
    let mut world = World::new();
    let until = at("2026-10-16T08:00:00Z");
    let snooze = mark(MarkKind::Snooze, "one", "2026-10-13T08:00:00Z");
    let snooze = said(&mut world, Mark { until: Some(until), ..snooze });
    let marks = |to| world.archive.marks(at(to), None).unwrap();
    assert_eq!(marks("2026-10-13T07:59:59Z"), []);
    assert_eq!(marks("2026-10-16T07:59:59Z"), vec![snooze.clone()]);
    assert_eq!(marks("2026-10-16T08:00:00Z"), [snooze]);
}

#[test]
fn an_intent_that_is_not_there_is_not_done() {
    let mut world = World::new();
    let mark = mark(MarkKind::Done, "one", "2026-10-13T08:00:00Z");
    assert!(!world.archive.fulfil(17, Some(&mark), None, mark.at).unwrap());
    assert_eq!(world.archive.intent(17).unwrap(), None);
    assert_eq!(world.archive.marks(Timestamp::MAX, None).unwrap(), []);
}

#[test]
fn what_happened_is_told_the_newest_first_and_as_of_a_row() {
    let mut world = World::new();
    let archive = &mut world.archive;
    let (early, late) = (at("2026-10-13T08:00:00Z"), at("2026-10-13T09:00:00Z"));
    let row =
        archive.record_happening("settings-refused", "line 3", Some("mend it"), early).unwrap();
    archive.record_happening("started", "version 0.1.0", None, early).unwrap();
    archive.record_happening("settings-taken", "", None, late).unwrap();
    let kinds = ["settings-refused", "settings-taken"];
    let last = |to, as_of| archive.last_happening(&kinds, to, as_of).unwrap().unwrap().kind;
    assert_eq!(last(Timestamp::MAX, None), "settings-taken");
    assert_eq!(last(early, None), "settings-refused");
    assert_eq!(last(Timestamp::MAX, Some(row)), "settings-refused");
    assert_eq!(archive.last_happening(&["stopped"], late, None).unwrap(), None);
    let newest = archive.happenings(2).unwrap();
    assert_eq!(
        (newest.len(), &*newest[0].kind, &*newest[1].kind),
        (2, "settings-taken", "started")
    );
}

#[test]
fn a_day_has_one_row_of_sizes() {
    let mut world = World::new();
    let now = at("2026-10-13T08:00:00Z");
    let size = |day: &str, posts| Size {
        day: day.parse().unwrap(),
        at: now,
        posts,
        archive: 4096,
        search: 10,
        digests: 7,
    };
    assert!(world.archive.record_size(&size("2026-10-13", 5)).unwrap());
    assert!(!world.archive.record_size(&size("2026-10-13", 6)).unwrap());
    assert!(world.archive.record_size(&size("2026-10-14", 6)).unwrap());
    let sizes = world.archive.sizes("2026-10-14".parse().unwrap()).unwrap();
    assert_eq!(sizes, [size("2026-10-14", 6)]);
}

#[test]
fn trying_to_write_changes_nothing_that_is_read() {
    let mut world = World::new();
    world.archive.probe().unwrap();
    world.archive.probe().unwrap();
    assert_eq!(world.archive.counts().unwrap().posts, 0);
    let left = std::fs::read_dir(world.archive.path().parent().unwrap()).unwrap();
    assert!(
        left.flatten().all(|file| file.file_name().to_string_lossy().starts_with("archive.db"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// However often and in whatever order they are applied, also after the process that did so
    /// was gone in between.
    #[test]
    fn an_intent_is_applied_once(tries in prop::collection::vec((0..4_usize, any::<bool>()), 1..24)) {
        let mut world = World::new();
        let now = at("2026-10-13T08:00:00Z");
        let intents: Vec<i64> = (0..4)
            .map(|item| world.archive.record_intent("done", &format!("t{item}"), None, now).unwrap())
            .collect();
        let mut applied = [0; 4];
        for (which, reopen) in tries {
            if reopen {
                world.archive = world.reopened();
            }
            let mark = mark(MarkKind::Done, &which.to_string(), "2026-10-13T08:00:00Z");
            let is_new = world.archive.fulfil(intents[which], Some(&mark), None, now).unwrap();
            applied[which] += usize::from(is_new);
        }
        let marks = world.archive.marks(Timestamp::MAX, None).unwrap();
        for (which, intent) in intents.iter().enumerate() {
            prop_assert!(applied[which] <= 1);
            let left = marks.iter().filter(|mark| mark.intent == *intent).count();
            prop_assert_eq!(left, applied[which]);
            let done = world.archive.intent(*intent).unwrap().unwrap().done;
            prop_assert_eq!(done.is_some(), applied[which] == 1);
        }
    }
}
