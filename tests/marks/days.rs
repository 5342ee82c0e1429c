//! Several days in a row, with whatever the user says of what is shown: nothing is told twice
//! without news.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::agenda::{self, Listening, Mute, Shown, Spoken, World};
use bellwether::identity::People;
use bellwether::model::{
    Feed, FeedId, Form, Handle, Item, Mark, MarkKind, Period, Person, Post, PostId, Section,
    SectionKind, State, TopicId,
};
use bellwether::topic;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::support::posts::{at, post};

const FIRST: &str = "2026-10-05T05:30:00Z";
const DAYS: usize = 6;
const PEOPLE: usize = 9;

/// What is spoken of; no two share a word.
const THEMES: [&[&str]; 3] = [
    &["segment", "merges", "queue", "writer", "latency", "tantivy", "flush", "compaction"],
    &["undo", "replicas", "convergence", "tombstone", "offline", "crdt", "editor", "history"],
    &["synonyms", "stemming", "recall", "analyzer", "query", "tokens", "hyphen", "umlaut"],
];

/// Who writes on which theme on which day, and what the user then says of that theme's topic.
#[derive(Debug, Clone)]
struct Story {
    /// By day and theme: a bit for each person.
    writes: Vec<[u16; THEMES.len()]>,
    /// By day and theme.
    says: Vec<[Option<Said>; THEMES.len()]>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Said {
    Done,
    Snooze { days: i64 },
    Mute,
    Save,
}

/// A topic as a digest showed it.
#[derive(Debug, Clone)]
struct Told {
    day: usize,
    theme: usize,
    item: Item,
    posts: Vec<PostId>,
    people: BTreeSet<String>,
}

/// The user, who reads all the digests.
struct Reader {
    known: Vec<Person>,
    feeds: Vec<Feed>,
    posts: Vec<Post>,
    shown: Vec<Shown>,
    remembered: Vec<topic::Shown>,
    marks: Vec<Mark>,
    told: Vec<Told>,
}

impl Reader {
    fn new() -> Reader {
        Reader {
            known: (0..PEOPLE).map(person).collect(),
            feeds: (0..PEOPLE).map(feed).collect(),
            posts: Vec::new(),
            shown: Vec::new(),
            remembered: Vec::new(),
            marks: Vec::new(),
            told: Vec::new(),
        }
    }

    /// Adds the posts of the day that ends with digest number `day`.
    fn listen(&mut self, day: usize, writes: &[u16; THEMES.len()]) {
        for (theme, who) in writes.iter().enumerate() {
            for person in (0..PEOPLE).filter(|person| who & (1 << person) != 0) {
                self.posts.push(said(person, theme, day));
            }
        }
        self.posts.sort_by_key(|post| (post.seen, post.id));
    }

    /// Makes the digest of `day`, and returns all of its sections.
    fn read(&self, day: usize) -> (Vec<Section>, Vec<Spoken>, BTreeMap<TopicId, Vec<String>>) {
        let now = morning(day);
        let period = Period { from: now - SignedDuration::from_hours(24), to: now };
        let mut people = People::new(&self.known, &self.feeds);
        people.learn(&self.posts);
        let (stories, fresh, samples) = Default::default();
        let marks: Vec<Mark> = self.marks.iter().filter(|mark| mark.at <= now).cloned().collect();
        let (topics, voices) = agenda::spoken(&Listening {
            posts: &self.posts,
            stories: &stories,
            people: &people,
            shown: &self.remembered,
            marks: &marks,
            from: now - SignedDuration::from_hours(7 * 24),
            period,
            fresh: &fresh,
            begun: None,
        });
        let limits = SectionKind::ALL.map(|kind| (kind, 50)).into();
        let world = World {
            now,
            zone: &TimeZone::UTC,
            period,
            people: &people,
            posts: &self.posts,
            fresh: &fresh,
            stories: &stories,
            samples: &samples,
            topics: &topics,
            interests: &[],
            mute: &Mute::default(),
            marks: &marks,
            shown: &self.shown,
            weights: &BTreeMap::new(),
            limits: &limits,
        };
        (agenda::sections(&world, &[], &BTreeMap::new()), topics, voices)
    }

    /// Keeps what the digest of `day` showed, and what the user says of it half an hour later.
    fn keep(&mut self, day: usize, says: &[Option<Said>; THEMES.len()]) {
        let (sections, topics, voices) = self.read(day);
        for section in &sections {
            for item in &section.items {
                let (kind, identity) = (section.kind, item.identity.clone());
                let lead = item.posts.first().map(|post| post.id);
                self.shown.push(Shown { kind, identity, lead, at: morning(day) });
            }
        }
        let section = sections.iter().find(|section| section.kind == SectionKind::Topics);
        for item in section.map_or(&[][..], |section| &section.items) {
            let id: TopicId = item.identity.parse().unwrap();
            let posts = topics.iter().find(|one| one.topic.id == id).unwrap().topic.posts.clone();
            let theme = self.theme(item.posts[0].id);
            let people = voices[&id].clone();
            let told = Told {
                day,
                theme,
                item: item.clone(),
                posts: posts.clone(),
                people: people.iter().cloned().collect(),
            };
            self.told.push(told.clone());
            self.remembered.push(topic::Shown { topic: id, posts, people, at: morning(day) });
            self.marks.extend(says[theme].map(|said| mark(said, &told, self.marks.len())));
        }
    }

    fn theme(&self, post: PostId) -> usize {
        let post = self.posts.iter().find(|one| one.id == post).unwrap();
        THEMES.iter().position(|words| post.text.contains(words[0])).unwrap()
    }
}

fn morning(day: usize) -> Timestamp {
    at(FIRST) + SignedDuration::from_hours(24 * day as i64)
}

fn person(number: usize) -> Person {
    Person {
        slug: format!("person-{number}"),
        name: format!("Person {number}"),
        also: Vec::new(),
        circles: Vec::new(),
        weight: 0.7,
        cadence: None,
        promote: false,
        handles: vec![Handle::new("mastodon", &format!("p{number}@social.example"))],
        pages: Vec::new(),
    }
}

fn feed(number: usize) -> Feed {
    let name = format!("p{number}");
    Feed {
        id: FeedId::new(&[&name]),
        address: format!("https://{name}.example/feed"),
        name,
        kind: "syndication".into(),
        owner: Some(format!("person-{number}")),
        select: None,
        account: None,
        options: Default::default(),
        secret: false,
        unreadable: None,
    }
}

/// Six words of the theme, others each time, a few hours before the digest.
fn said(person: usize, theme: usize, day: usize) -> Post {
    let words: Vec<&str> = (0..7).map(|at| THEMES[theme][(at + person + day) % 8]).collect();
    let seen = morning(day) - SignedDuration::from_hours(1 + person as i64);
    let name = format!("p{person}");
    Post {
        title: None,
        text: format!("{} {}", THEMES[theme][0], words.join(" ")),
        author: bellwether::model::Author {
            name: format!("Person {person}"),
            handles: vec![Handle::new("mastodon", &format!("p{person}@social.example"))],
        },
        published: Some(seen),
        seen,
        form: Form::Micro,
        links: Vec::new(),
        mentions: Vec::new(),
        tags: Vec::new(),
        ..post(&name, &format!("{theme}-{day}"))
    }
}

fn mark(said: Said, told: &Told, intent: usize) -> Mark {
    let at = morning(told.day) + SignedDuration::from_mins(30);
    let (kind, until) = match said {
        Said::Done => (MarkKind::Done, None),
        Said::Snooze { days } => {
            (MarkKind::Snooze, Some(at + SignedDuration::from_hours(24 * days)))
        }
        Said::Mute => (MarkKind::Mute, None),
        Said::Save => (MarkKind::Save, None),
    };
    Mark {
        intent: intent as i64,
        at,
        kind,
        undone: false,
        item: told.item.id.clone(),
        identity: told.item.identity.clone(),
        section: Some(SectionKind::Topics),
        title: told.item.title.clone(),
        url: Some(told.item.url.clone()),
        posts: std::iter::once(told.item.posts[0].id).chain(told.posts.clone()).collect(),
        people: told.people.iter().cloned().collect(),
        until,
    }
}

/// Lives through the story.
fn live(story: &Story) -> Reader {
    let mut reader = Reader::new();
    for day in 0..DAYS {
        reader.listen(day, &story.writes[day]);
        reader.keep(day, &story.says[day]);
    }
    reader
}

fn stories(said: impl Strategy<Value = Option<Said>> + Clone) -> impl Strategy<Value = Story> {
    let few = || prop_oneof![Just(0), any::<u16>().prop_map(|bits| bits & bits >> 3)];
    let writes = proptest::collection::vec([few(), few(), few()], DAYS);
    let says = proptest::collection::vec([said.clone(), said.clone(), said], DAYS);
    (writes, says).prop_map(|(writes, says)| Story { writes, says })
}

fn anything() -> impl Strategy<Value = Option<Said>> + Clone {
    prop_oneof![
        4 => Just(None),
        2 => Just(Some(Said::Done)),
        2 => (1..4_i64).prop_map(|days| Some(Said::Snooze { days })),
        1 => Just(Some(Said::Mute)),
        1 => Just(Some(Said::Save)),
    ]
}

/// The last word on `theme` before `day`, saves aside, and the day on which it was said.
fn last_word(story: &Story, reader: &Reader, theme: usize, day: usize) -> Option<(Said, usize)> {
    let told = |day: usize| reader.told.iter().any(|one| (one.day, one.theme) == (day, theme));
    (0..day)
        .rev()
        .filter(|day| told(*day))
        .find_map(|day| Some((story.says[day][theme]?, day)).filter(|(s, _)| *s != Said::Save))
}

fn muted(story: &Story, reader: &Reader, theme: usize, day: usize) -> bool {
    let of_theme = reader.told.iter().filter(|one| one.theme == theme && one.day < day);
    let mut of_theme = of_theme.map(|one| story.says[one.day][theme]);
    of_theme.any(|said| said == Some(Said::Mute))
}

/// Whether a digest of `day` has to tell of `theme`: nobody spoke of it before, three joined, or
/// it comes back.
fn wanted(story: &Story, reader: &Reader, theme: usize, day: usize) -> bool {
    let wrote = |day: usize| (0..PEOPLE).filter(move |p| story.writes[day][theme] & (1 << p) != 0);
    let before: Vec<&Told> =
        reader.told.iter().filter(|one| one.theme == theme && one.day < day).collect();
    let known = |person: &usize| {
        before.iter().any(|one| one.people.contains(&format!("person:person-{person}")))
    };
    let all: BTreeSet<usize> = (0..=day).flat_map(wrote).collect();
    let joined = all.iter().filter(|person| !known(person)).count();
    let news = wrote(day).next().is_some() && (before.is_empty() || 3 <= joined);
    match last_word(story, reader, theme, day) {
        Some((Said::Snooze { days }, said)) => {
            let over = said + days as usize + 1;
            over <= day && (news || before.iter().all(|one| one.day < over))
        }
        _ => news,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_topic_is_told_twice_without_news(story in stories(anything())) {
        let reader = live(&story);
        for told in &reader.told {
            let before: Vec<&Told> = reader.told.iter()
                .filter(|one| one.theme == told.theme && one.day < told.day).collect();
            let one_a_day = reader.told.iter()
                .filter(|one| (one.theme, one.day) == (told.theme, told.day)).count();
            prop_assert_eq!(one_a_day, 1, "a theme is one topic");
            prop_assert!(!muted(&story, &reader, told.theme, told.day), "it was muted");
            if before.is_empty() {
                prop_assert_eq!(told.item.state, State::New);
                continue;
            }
            let known: BTreeSet<&String> = before.iter().flat_map(|one| &one.people).collect();
            let joined = told.people.iter().filter(|who| !known.contains(who)).count();
            let word = last_word(&story, &reader, told.theme, told.day);
            let back = match word {
                Some((Said::Snooze { days }, said)) => {
                    let over = said + days as usize + 1;
                    prop_assert!(over <= told.day, "snoozed until later");
                    before.iter().all(|one| one.day < over)
                }
                _ => false,
            };
            prop_assert!(3 <= joined || back, "{joined} joined: {told:?}");
            prop_assert_eq!(
                told.item.facts.iter().any(|fact| fact.starts_with("snoozed until")), back
            );
        }
    }

    #[test]
    fn what_is_news_or_comes_back_is_told(story in stories(anything())) {
        let reader = live(&story);
        for (day, theme) in (0..DAYS).flat_map(|day| (0..THEMES.len()).map(move |at| (day, at))) {
            let of_day = reader.told.iter().filter(|one| one.day == day);
            let told = of_day.clone().any(|one| one.theme == theme);
            // One person leads two topics at most.
            let crowded = 2 <= of_day.count();
            if !told && !crowded && !muted(&story, &reader, theme, day) {
                let wanted = wanted(&story, &reader, theme, day);
                prop_assert!(!wanted, "theme {theme} on day {day}: {:?}", reader.told);
            }
        }
    }

    #[test]
    fn a_saved_topic_is_told_as_if_nobody_had_saved_it(
        story in stories(prop_oneof![Just(None), Just(Some(Said::Save))])
    ) {
        let silent = Story { says: vec![[None; THEMES.len()]; DAYS], ..story.clone() };
        let items = |story| live(story).told.into_iter().map(|one| one.item).collect::<Vec<_>>();
        prop_assert_eq!(items(&story), items(&silent));
    }

    #[test]
    fn marks_in_another_order_give_the_same_items(story in stories(anything())) {
        let mut reader = live(&story);
        let before = reader.read(DAYS).0;
        reader.marks.reverse();
        reader.shown.reverse();
        reader.remembered.reverse();
        prop_assert_eq!(reader.read(DAYS).0, before);
    }
}
