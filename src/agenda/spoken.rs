//! From posts to topics with a past: the thread from `topic` to the sections.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::Spoken;
use crate::identity::People;
use crate::model::{Post, PostId, State, Topic};
use crate::rank::{is_reply, own_words};
use crate::topic::{self, Clustering, DAYS, Doc, News};

/// Posts so young are clustered; older ones only tell what is usual.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(72);
/// An answer of fewer own words joins no topic.
const REMARK_WORDS: usize = 8;
/// People on a topic now are those of so long.
const TODAY: SignedDuration = SignedDuration::from_hours(24);

/// Returns the topics of the last three days (and no longer than `posts` reach), each with its
/// burst and with what is new about it.
///
/// `posts`: the archive's window, up to 84 days of past, in any order. `stories`: what `dedup`
/// found to tell the same as an earlier post. `shown`: the topics of sent digests.
pub fn spoken(
    posts: &[Post],
    stories: &BTreeMap<PostId, PostId>,
    people: &People,
    shown: &[topic::Shown],
    now: Timestamp,
) -> Vec<Spoken> {
    let mut dated: Vec<(Timestamp, &Post)> =
        posts.iter().filter_map(|post| Some((post.instant()?, post))).collect();
    dated.retain(|(at, post)| *at <= now && !is_remark(post));
    dated.sort_by_key(|(at, post)| (*at, post.id));
    let keys: Vec<String> = dated.iter().map(|(_, post)| people.voice(post).key).collect();
    let docs: Vec<Doc> =
        dated.iter().zip(&keys).map(|((at, post), key)| doc(post, *at, key, stories)).collect();
    let age = |doc: &Doc| doc.at.map_or(SignedDuration::MAX, |at| now.duration_since(at));
    let first = docs.partition_point(|doc| WINDOW < age(doc));
    let recent = &docs[first..];
    let clustering = topic::cluster(recent, &near());
    let past = &docs[..docs.partition_point(|doc| TODAY < age(doc))];
    let known_days = past.first().map_or(0, |doc| whole_days(age(doc) - TODAY).min(DAYS));
    let bursts = bursts(&clustering, recent, past, now, known_days);
    let members: Vec<(Vec<PostId>, Vec<String>)> =
        clustering.topics.iter().map(|topic| members(topic, recent)).collect();
    let borrowed: Vec<(&[PostId], &[String])> =
        members.iter().map(|(posts, people)| (posts.as_slice(), people.as_slice())).collect();
    let mut spoken = Vec::with_capacity(members.len());
    for (at, (id, news)) in topic::remember(&borrowed, shown).into_iter().enumerate() {
        let label = clustering.label(at, recent);
        let topic = Topic { id, label, posts: members[at].0.clone() };
        let (state, news) = told(&news);
        spoken.push(Spoken { topic, burst: Some(bursts[at]), state, news });
    }
    spoken
}

/// How near posts must be to stand as one item of a digest. Nearer than where topics are found
/// best (`topic::Settings::default`): among people of one trade nearly everything is a little
/// alike, and an item of eighty people is news of nothing.
fn near() -> topic::Settings {
    topic::Settings { join: 0.55, merge: 0.70, ..topic::Settings::default() }
}

fn doc<'a>(
    post: &'a Post,
    at: Timestamp,
    person: &'a str,
    stories: &BTreeMap<PostId, PostId>,
) -> Doc<'a> {
    Doc {
        id: post.id,
        title: post.title.as_deref(),
        text: &post.text,
        language: post.language.as_deref(),
        at: Some(at),
        person,
        canonical: post.canonical.as_deref(),
        links: &post.links,
        story: stories.get(&post.id).copied(),
    }
}

/// An answer of a few words (`@jun yes!`): it speaks of nothing by itself.
fn is_remark(post: &Post) -> bool {
    is_reply(post) && own_words(&post.text) < REMARK_WORDS
}

/// A topic's posts, oldest first, and the people on it, sorted.
fn members(topic: &[usize], docs: &[Doc]) -> (Vec<PostId>, Vec<String>) {
    let people: BTreeSet<&str> = topic.iter().map(|at| docs[*at].person).collect();
    let posts = topic.iter().map(|at| docs[*at].id).collect();
    (posts, people.into_iter().map(str::to_owned).collect())
}

/// Each topic's people of today against its own past of so many known days.
fn bursts(
    clustering: &Clustering,
    recent: &[Doc],
    past: &[Doc],
    now: Timestamp,
    known_days: usize,
) -> Vec<crate::model::Burst> {
    let history = clustering.past_people(past, now, known_days);
    let days = (history.len() * known_days).max(1) as f64;
    let pooled = history.iter().flatten().map(|people| f64::from(*people)).sum::<f64>() / days;
    let today = |doc: &Doc| doc.at.is_some_and(|at| now.duration_since(at) <= TODAY);
    let burst = |(topic, history): (&Vec<usize>, &Vec<u32>)| {
        let now: BTreeSet<&str> = topic
            .iter()
            .map(|at| &recent[*at])
            .filter(|doc| today(doc))
            .map(|d| d.person)
            .collect();
        let history: Vec<Option<u32>> = history.iter().copied().map(Some).collect();
        topic::burst(u32::try_from(now.len()).unwrap_or(u32::MAX), &history, pooled)
    };
    clustering.topics.iter().zip(&history).map(burst).collect()
}

fn whole_days(age: SignedDuration) -> usize {
    usize::try_from(age.as_hours() / 24).unwrap_or(0)
}

fn told(news: &News) -> (Option<State>, Option<String>) {
    match news {
        News::New => (Some(State::New), None),
        News::Update(joined) => {
            (Some(State::Update), Some(format!("{} joined since", joined.len())))
        }
        News::Seen => (None, None),
    }
}
