//! What is known at one instant, gathered from the archive for a digest.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::Error;
use crate::agenda::{self, Spoken};
use crate::archive::{Archive, Kept, Shown};
use crate::config::Config;
use crate::identity::{People, Voice};
use crate::model::{
    Burst, FeedId, FeedState, Period, Post, PostId, Sample, SectionKind, State, Topic, TopicId,
};
use crate::topic::{self, Clustering, Doc, News};

/// Posts that sections look at.
const REACH: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Posts that topics are made of, unless the period is longer.
const TOPICS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The first digest looks back so far …
const FIRST: SignedDuration = SignedDuration::from_hours(24);
/// … and so far if that is empty (D5a).
const FIRST_IF_EMPTY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A topic shown longer ago than this is a new one.
const MEMORY: SignedDuration = SignedDuration::from_hours(90 * 24);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Plain values for `agenda` and `digest`.
pub(super) struct Window {
    pub(super) period: Period,
    pub(super) people: People,
    pub(super) posts: Vec<Post>,
    pub(super) samples: BTreeMap<PostId, Vec<Sample>>,
    pub(super) topics: Vec<Spoken>,
    pub(super) shown: Vec<agenda::Shown>,
    /// Ids of items in sent digests, and what they stand for.
    pub(super) taken: BTreeMap<String, String>,
    pub(super) states: BTreeMap<FeedId, FeedState>,
    /// For each topic of this window: its people, for the record of what is shown.
    pub(super) voices: BTreeMap<TopicId, Vec<String>>,
}

/// Reads the archive as it was at `now`, nothing newer than row `as_of`.
pub(super) fn gather(
    archive: &Archive,
    config: &Config,
    name: &str,
    now: Timestamp,
    as_of: Option<i64>,
) -> Result<Window, Error> {
    let before = archive.last_sent(name, now, as_of)?.map(|(_, sent)| sent.now);
    let kept = archive.window(back(now, REACH), now, as_of)?;
    let period = period(before, &kept, now);
    let states = archive.states_at(now, as_of)?;
    let mut posts: Vec<Post> = Vec::with_capacity(kept.len());
    let mut stories = BTreeMap::new();
    for Kept { post, story, .. } in kept {
        if let Some(story) = story {
            stories.insert(post.id, story);
        }
        posts.push(post);
    }
    let mut people = People::new(&config.people, &config.feeds);
    people.learn(&posts);
    let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
    let samples = archive.samples(&ids, now, as_of)?;
    let records = archive.shown(back(now, MEMORY), now, as_of)?;
    let from = period.from.min(back(now, TOPICS));
    let known_days = known_days(&states, &posts, now);
    let (topics, voices) = topics(&posts, &stories, &people, &records, from, now, &known_days);
    let taken = records.iter().map(|one| (one.item.clone(), one.identity.clone())).collect();
    let shown = records
        .into_iter()
        .map(|one| agenda::Shown { kind: one.section, identity: one.identity, at: one.now })
        .collect();
    Ok(Window { period, people, posts, samples, topics, shown, taken, states, voices })
}

fn back(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_sub(by).unwrap_or(Timestamp::MIN)
}

/// From the last sent digest of that name; the first one takes a day, or a week if the day is
/// empty (D5a).
fn period(before: Option<Timestamp>, kept: &[Kept], now: Timestamp) -> Period {
    let since =
        |from: Timestamp| kept.iter().any(|one| one.post.instant().is_some_and(|at| from < at));
    let first = || {
        let day = back(now, FIRST);
        if since(day) { day } else { back(now, FIRST_IF_EMPTY) }
    };
    Period { from: before.unwrap_or_else(first), to: now }
}

/// For each day before the last 24 hours, newest first: whether its count of people means
/// anything. Days before the first reading do not, nor days without any post (an outage).
fn known_days(states: &BTreeMap<FeedId, FeedState>, posts: &[Post], now: Timestamp) -> Vec<bool> {
    let begun = states.values().filter_map(|state| state.first_read).min();
    let days_back = |at: Timestamp| (now.duration_since(at) - DAY).as_secs().div_euclid(86_400);
    let alive: BTreeSet<i64> = posts.iter().filter_map(Post::instant).map(days_back).collect();
    let known = |day: i64| {
        let start = back(now, SignedDuration::from_hours(24 * (day + 2)));
        begun.is_some_and(|begun| begun <= start) && alive.contains(&day)
    };
    (0..topic::DAYS as i64).map(known).collect()
}

fn topics(
    posts: &[Post],
    stories: &BTreeMap<PostId, PostId>,
    people: &People,
    records: &[Shown],
    from: Timestamp,
    now: Timestamp,
    known_days: &[bool],
) -> (Vec<Spoken>, BTreeMap<TopicId, Vec<String>>) {
    let voices: Vec<Voice> = posts.iter().map(|post| people.voice(post)).collect();
    let names: BTreeMap<&str, &str> = voices
        .iter()
        .filter_map(|voice| Some((voice.key.as_str(), voice.person?.name.as_str())))
        .collect();
    let keys: Vec<String> = voices.iter().map(|voice| voice.key.clone()).collect();
    let docs: Vec<Doc> = posts
        .iter()
        .zip(&keys)
        .map(|(post, person)| doc(post, person, stories.get(&post.id).copied()))
        .collect();
    let start = posts.partition_point(|post| post.instant().is_none_or(|at| at <= from));
    let clustering = agenda::items_of(&docs[..start], &docs[start..]);
    let members: Vec<Vec<PostId>> = clustering
        .topics
        .iter()
        .map(|topic| topic.iter().map(|&at| posts[start + at].id).collect())
        .collect();
    let voices: Vec<Vec<String>> = clustering
        .topics
        .iter()
        .map(|topic| {
            let all: BTreeSet<&String> = topic.iter().map(|&at| &keys[start + at]).collect();
            all.into_iter().cloned().collect()
        })
        .collect();
    let news = topic::remember(&pairs(&members, &voices), &memory(records));
    let bursts = bursts(&clustering, &docs, start, now, known_days);
    let mut spoken = Vec::with_capacity(members.len());
    let mut by_id = BTreeMap::new();
    for (at, (((id, news), posts), burst)) in news.into_iter().zip(members).zip(bursts).enumerate()
    {
        let label = clustering.label(at, &docs[start..]);
        let (state, news) = state(news, &names);
        spoken.push(Spoken { topic: Topic { id, label, posts }, burst: Some(burst), state, news });
        by_id.insert(id, voices[at].clone());
    }
    (spoken, by_id)
}

fn pairs<'a>(
    members: &'a [Vec<PostId>],
    voices: &'a [Vec<String>],
) -> Vec<(&'a [PostId], &'a [String])> {
    members.iter().zip(voices).map(|(posts, people)| (&**posts, &**people)).collect()
}

fn doc<'a>(post: &'a Post, person: &'a str, story: Option<PostId>) -> Doc<'a> {
    Doc {
        id: post.id,
        title: post.title.as_deref(),
        text: &post.text,
        language: post.language.as_deref(),
        at: post.instant(),
        person,
        canonical: post.canonical.as_deref(),
        links: &post.links,
        story,
    }
}

fn memory(records: &[Shown]) -> Vec<topic::Shown> {
    let topics = records.iter().filter(|record| record.section == SectionKind::Topics);
    topics
        .filter_map(|record| {
            let topic = record.identity.parse().ok()?;
            let (posts, people) = (record.posts.clone(), record.people.clone());
            Some(topic::Shown { topic, posts, people, at: record.now })
        })
        .collect()
}

fn state(news: News, names: &BTreeMap<&str, &str>) -> (Option<State>, Option<String>) {
    match news {
        News::New => (Some(State::New), None),
        News::Seen => (None, None),
        News::Update(joined) => {
            let names: Vec<&str> =
                joined.iter().filter_map(|key| names.get(key.as_str()).copied()).collect();
            let text = match names[..] {
                [] => format!("{} joined since", joined.len()),
                _ => format!("{} joined since: {}", joined.len(), names.join(", ")),
            };
            (Some(State::Update), Some(text))
        }
    }
}

/// Of each topic: people in the last 24 hours against the days before.
fn bursts(
    clustering: &Clustering,
    docs: &[Doc],
    start: usize,
    now: Timestamp,
    known_days: &[bool],
) -> Vec<Burst> {
    let today = back(now, DAY);
    let people_today = |topic: &Vec<usize>| {
        let recent = topic
            .iter()
            .map(|&at| &docs[start + at])
            .filter(|doc| doc.at.is_some_and(|at| today < at));
        recent.map(|doc| doc.person).collect::<BTreeSet<_>>().len() as u32
    };
    let past = clustering.past_people(docs, now, known_days.len());
    let history: Vec<Vec<Option<u32>>> = past
        .into_iter()
        .map(|days| {
            days.into_iter().zip(known_days).map(|(count, known)| known.then_some(count)).collect()
        })
        .collect();
    let known: Vec<f64> =
        history.iter().flatten().flatten().map(|count| f64::from(*count)).collect();
    let pooled = known.iter().sum::<f64>() / known.len().max(1) as f64;
    let topics = clustering.topics.iter().zip(&history);
    topics.map(|(topic, history)| topic::burst(people_today(topic), history, pooled)).collect()
}
