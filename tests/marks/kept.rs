//! The same through the archive: marks, happenings and posts that came late, in digests that are
//! sent, printed, made again and explained.

use std::path::Path;

use bellwether::archive::Archive;
use bellwether::config::{self, Config, Surroundings};
use bellwether::dedup;
use bellwether::model::{
    Counters, Digest, FeedState, Form, Mark, MarkKind, Outcome, Post, SectionKind, State,
};
use bellwether::pipeline::act::{self, Remark};
use bellwether::pipeline::explain::explain;
use bellwether::pipeline::publish::{Made, Occasion};
use bellwether::pipeline::record;
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::support::posts::{at, post};

const YAML: &str = "\
people:
  - {name: Ines Okafor, profiles: [{kind: blog, feed: \"https://ines.example/feed\"}]}
  - {name: Tomas Brandt, profiles: [{kind: blog, feed: \"https://tomas.example/feed\"}]}
  - {name: Priya Nair, profiles: [{kind: blog, feed: \"https://priya.example/feed\"}]}
digest:
  schedules: [{name: morning, cron: \"30 5 * * *\", tz: UTC, to: [file]}]
";
const ASK: &str =
    "We ship a small index with every build. Does anyone know how to measure BM25F there?";
const MERGES: &str = "Our segment merges moved to a queue of their own and the writer no longer \
    waits for compaction, which halved the latency of every flush that we measured";

const OTHERS: [&str; 6] = [
    "Undo is unsolved: replicas converge and the editor does not know whose history it walks back",
    "Synonyms at query time cost recall, and stemming German compounds costs more than that",
    "The night train to the conference was late again, so here are my slides without the jokes",
    "A release of the parser: byte strings, fewer allocations, and errors that name their line",
    "Sourdough in winter wants a warmer corner and more patience than my calendar has for it",
    "Our volunteers need somebody who mends projectors before the spring screening in the park",
];

/// A house with an archive and settings.
struct House {
    folder: TempDir,
    archive: Archive,
    config: Config,
}

impl House {
    fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(&folder.path().join("archive.db")).unwrap();
        let config = config::read(YAML, "feeds.yaml", &Surroundings::fixed(&[])).unwrap();
        let mut house = House { folder, archive, config };
        // The first reading of all three, with nothing in it.
        let first = day(0) - SignedDuration::from_hours(30);
        for who in 0..3 {
            house.poll(who, &[], first, first);
        }
        house
    }

    /// Keeps what the feed of that person sent: seen at `seen`, committed at `now`.
    fn poll(&mut self, who: usize, texts: &[(&str, &str)], seen: Timestamp, now: Timestamp) {
        let feed = self.config.feeds[who].id;
        let posts: Vec<(Post, Counters)> = texts
            .iter()
            .map(|(guid, text)| (said(who, feed, guid, text, seen), Counters::default()))
            .collect();
        let mut group = self.archive.group(now).unwrap();
        let mut known = group.known_for(posts.iter().map(|(post, _)| post)).unwrap();
        let decided = dedup::decide_all(posts, &mut known);
        let state = FeedState {
            outcome: Some(Outcome::Read),
            first_read: Some(day(0) - SignedDuration::from_hours(30)),
            ..FeedState::default()
        };
        group.poll(feed, &state, &decided).unwrap();
        group.commit().unwrap();
    }

    /// The same, seen and committed an hour before the digest of `of`.
    fn told(&mut self, who: usize, guid: &str, text: &str, of: i64) {
        let seen = day(of) - SignedDuration::from_hours(1);
        self.poll(who, &[(guid, text)], seen, seen);
    }

    fn occasion(&self, now: Timestamp) -> Occasion<'_> {
        let schedule = &self.config.schedules[0];
        Occasion { config: &self.config, schedule, sections: &[], now, due: None }
    }

    fn send(&mut self, now: Timestamp) -> Digest {
        self.send_due(now, None)
    }

    fn send_due(&mut self, now: Timestamp, due: Option<Timestamp>) -> Digest {
        let House { folder, archive, config } = self;
        let schedule = &config.schedules[0];
        let occasion = Occasion { config, schedule, sections: &[], now, due };
        record::send(archive, &occasion, YAML, folder.path()).unwrap().made.digest
    }

    fn again(&self, now: Timestamp) -> Made {
        record::again(&self.archive, &self.occasion(now)).unwrap().0
    }

    /// Makes a remark on an item, as a command does.
    fn say(&mut self, kind: MarkKind, item: &str, until: Option<Timestamp>, now: Timestamp) {
        let remark = Remark { kind, undo: false, until };
        remark.record(&mut self.archive, item, now).unwrap();
        assert_eq!(act::act_all(&mut self.archive, now).unwrap(), 1);
    }
}

fn said(
    who: usize,
    feed: bellwether::model::FeedId,
    guid: &str,
    text: &str,
    seen: Timestamp,
) -> Post {
    let name = ["ines", "tomas", "priya"][who];
    Post {
        feed,
        title: None,
        text: text.into(),
        html: String::new(),
        author: bellwether::model::Author::default(),
        published: Some(seen),
        seen,
        form: Form::Micro,
        links: Vec::new(),
        mentions: Vec::new(),
        tags: Vec::new(),
        ..post(name, guid)
    }
}

/// When the digest of that day is due.
fn day(number: i64) -> Timestamp {
    at("2026-10-05T05:30:00Z") + SignedDuration::from_hours(24 * number)
}

fn soon(after: Timestamp) -> Timestamp {
    after + SignedDuration::from_mins(20)
}

/// Ids of the items of a section, in order.
fn ids(digest: &Digest, kind: SectionKind) -> Vec<String> {
    let section = digest.sections.iter().filter(|section| section.kind == kind);
    section.flat_map(|section| &section.items).map(|item| item.id.clone()).collect()
}

#[test]
fn whatever_is_said_later_a_sent_digest_is_made_again_byte_for_byte() {
    let mut house = House::new();
    house.told(0, "ask", ASK, 0);
    let sent = house.send(day(0));
    let before = (house.again(day(0)).markdown(), house.again(day(0)).json());
    let ask = ids(&sent, SectionKind::Topics).remove(0);
    // Said by a clock that has been set back since, to an hour before the digest.
    house.say(MarkKind::Mute, &ask, None, day(0) - SignedDuration::from_hours(1));
    house.say(MarkKind::Done, &ask, None, soon(day(0)));
    house.archive.record_happening("settings-refused", "line 3", None, day(0)).unwrap();
    assert_eq!((house.again(day(0)).markdown(), house.again(day(0)).json()), before);
    assert!(house.again(day(1)).digest.sections.is_empty());
}

#[test]
fn the_why_of_an_item_works_whatever_was_said_of_it() {
    let mut house = House::new();
    house.told(0, "ask", ASK, 0);
    let printed = house.again(day(0));
    let ask = ids(&printed.digest, SectionKind::Topics).remove(0);
    record::printed(&mut house.archive, &printed, day(0)).unwrap();
    // Even at the very instant.
    house.say(MarkKind::Mute, &ask, None, day(0));
    assert!(house.again(day(0)).digest.sections.is_empty());
    let explained = explain(&house.archive, &house.config, &ask).unwrap().unwrap();
    assert_eq!(explained.item.id, ask);
    assert_eq!(house.archive.counts().unwrap().posts, 1, "it is still kept");
}

#[test]
fn a_printed_item_that_is_done_is_gone_from_the_next_digest() {
    let mut house = House::new();
    house.told(0, "merges", MERGES, 0);
    let printed = house.again(day(0));
    let topic = ids(&printed.digest, SectionKind::Topics).remove(0);
    record::printed(&mut house.archive, &printed, day(0)).unwrap();
    house.say(MarkKind::Done, &topic, None, soon(day(0)));
    let told = house.send(day(0) + SignedDuration::from_hours(2));
    assert!(told.sections.is_empty(), "{told:?}");
}

#[test]
fn a_snoozed_topic_comes_back_once_and_says_so() {
    let mut house = House::new();
    house.told(0, "merges", MERGES, 0);
    let topic = ids(&house.send(day(0)), SectionKind::Topics).remove(0);
    let until = soon(day(1));
    house.say(MarkKind::Snooze, &topic, Some(until), soon(day(0)));
    assert!(house.send(day(1)).sections.is_empty());
    let back = house.send(day(2));
    assert_eq!(ids(&back, SectionKind::Topics), [topic]);
    let item = &back.sections[0].items[0];
    assert!(item.facts.contains(&"snoozed until yesterday".to_owned()), "{:?}", item.facts);
    assert_eq!(item.state, State::Open);
    assert!(house.send(day(3)).sections.is_empty());
}

#[test]
fn a_muted_topic_is_muted_for_as_long_as_it_goes_on() {
    let mut quiet = House::new();
    let mut loud = House::new();
    let mut again = 0;
    for of in 0..20 {
        for house in [&mut quiet, &mut loud] {
            let text = format!("{MERGES}, part {of} of many");
            house.told((of % 3) as usize, &format!("merges{of}"), &text, of);
            // Others speak of other things, so that words tell topics apart.
            for (at, words) in OTHERS.iter().enumerate() {
                house.told(at % 3, &format!("other{at}-{of}"), words, of);
            }
        }
        let told = quiet.send(day(of));
        let topics = merges(&told);
        assert_eq!(topics.len(), usize::from(of == 0), "day {of}");
        for topic in topics {
            quiet.say(MarkKind::Mute, &topic, None, soon(day(of)));
        }
        again += merges(&loud.send(day(of))).len();
    }
    assert!(again > 1, "unmuted it was told again");
}

/// Ids of the topics on segment merges.
fn merges(digest: &Digest) -> Vec<String> {
    let items = digest.sections.iter().flat_map(|section| &section.items);
    let of_merges = items.filter(|item| item.title.starts_with("Our segment merges"));
    of_merges.map(|item| item.id.clone()).collect()
}

#[test]
fn what_came_while_a_digest_was_made_is_told_by_the_next_one() {
    let mut house = House::new();
    house.told(0, "ask", ASK, 0);
    house.send(day(0));
    // A poll that began before the digest and ended after it, and one under a clock that had been
    // set back for it.
    let minute = SignedDuration::from_mins(1);
    house.poll(1, &[("merges", MERGES)], day(0) - minute, day(0) + minute);
    let hours = SignedDuration::from_hours(20);
    house.poll(
        2,
        &[(
            "undo",
            "Undo is unsolved: replicas converge and the editor does not know \
        whose history it walks back, so that every tombstone becomes a question of taste",
        )],
        day(0) - hours,
        day(0) - hours,
    );
    let next = house.send(day(1));
    assert_eq!((next.new_posts, ids(&next, SectionKind::Topics).len()), (2, 2));
    let json = house.again(day(1)).json();
    house.poll(2, &[("more", "More of it, seen before as well")], day(1) - hours, day(1));
    assert_eq!(house.again(day(1)).json(), json);
    assert_eq!(house.send(day(2)).new_posts, 1, "each is new once");
}

#[test]
fn settings_that_were_refused_are_told_until_others_were_taken() {
    let mut house = House::new();
    house.told(0, "ask", ASK, 0);
    let mistake = "/home/mara/feeds.yaml:3:1: unknown key `peple`";
    let refused = day(0) - SignedDuration::from_hours(20);
    house.archive.record_happening("settings-refused", mistake, None, refused).unwrap();
    let digest = house.send(day(0));
    let told = &digest.coverage[0];
    assert_eq!((&*told.what, &*told.why), ("feeds.yaml as changed", "line 3: unknown key `peple`"));
    assert_eq!(told.since, Some(refused));
    let screen = house.again(day(0)).markdown();
    let clause = "Not seen: feeds.yaml as changed (line 3: unknown key `peple` since yesterday)";
    assert!(screen.contains(&clause.replace('`', "\\`")), "{screen}");
    house.archive.record_happening("settings-taken", "", None, soon(day(0))).unwrap();
    let what: Vec<String> =
        house.send(day(1)).coverage.into_iter().map(|unseen| unseen.what).collect();
    assert!(!what.contains(&"feeds.yaml as changed".to_owned()), "{what:?}");
    assert_eq!(house.again(day(0)).markdown(), screen);
}

#[test]
fn a_late_digest_says_whether_the_program_ran_when_it_was_due() {
    let mut house = House::new();
    house
        .archive
        .record_happening("started", "", None, day(0) - SignedDuration::from_hours(1))
        .unwrap();
    house.told(0, "ask", ASK, 0);
    let hour = SignedDuration::from_hours(1);
    let why = |digest: Digest| digest.late.map(|late| late.why);
    let held = house.send_due(day(0) + hour, Some(day(0)));
    assert_eq!(why(held).as_deref(), Some("it could not be made then"));
    house.archive.record_happening("started", "", None, day(1) + hour).unwrap();
    let late = house.send_due(day(1) + hour, Some(day(1)));
    assert_eq!(why(late).as_deref(), Some("Bellwether was not running"));
    let again = house.again(day(1) + hour).markdown();
    assert!(again.contains("\nLate: due 05:30, Bellwether was not running.\n"), "{again}");
    assert_eq!(why(house.send(day(2))), None);
}

#[test]
fn posts_of_a_first_reading_are_never_new_however_late_they_come() {
    let mut house = House::new();
    house.told(0, "ask", ASK, 0);
    house.send(day(0));
    let feed = house.config.feeds[1].id;
    let old = Post {
        backlog: true,
        ..said(1, feed, "old", MERGES, day(0) - SignedDuration::from_hours(3))
    };
    let mut group = house.archive.group(soon(day(0))).unwrap();
    let mut known = group.known_for([&old]).unwrap();
    let decided = dedup::decide_all(vec![(old, Counters::default())], &mut known);
    group.poll(feed, &FeedState::default(), &decided).unwrap();
    group.commit().unwrap();
    assert_eq!(house.send(day(1)).new_posts, 0);
}

#[test]
fn a_mark_of_an_address_closes_the_post_wherever_it_was_seen() {
    let mut house = House::new();
    house.told(0, "ask", ASK, 0);
    house.say(MarkKind::Done, "https://ines.example/ask", None, day(0));
    let mark: Mark = house.archive.marks(day(0), None).unwrap().remove(0);
    assert_eq!(mark.section, None);
    assert!(house.send(day(0)).sections.is_empty());
    assert!(Path::new(house.folder.path()).exists());
}
