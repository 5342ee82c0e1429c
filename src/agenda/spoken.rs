//! From the posts of a window to what is spoken of: topics with their past and their news.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Spoken, items_of};
use crate::identity::{People, Voice};
use crate::model::{Post, PostId, State, Topic, TopicId};
use crate::topic::{self, Doc, News};

/// What topics are made of.
#[derive(Debug, Clone, Copy)]
pub struct Listening<'a> {
    /// The window's posts, oldest first.
    pub posts: &'a [Post],
    /// Posts that tell a story which another one told first.
    pub stories: &'a BTreeMap<PostId, PostId>,
    /// Everybody the user knows.
    pub people: &'a People,
    /// Topics that sent digests showed.
    pub shown: &'a [topic::Shown],
    /// Topics are made of the posts after this instant; earlier ones tell what is usual.
    pub from: Timestamp,
    /// The digest's instant.
    pub now: Timestamp,
    /// When the first feed was first read.
    pub begun: Option<Timestamp>,
}

/// Returns what is spoken of, and for each topic its people (keys of `identity`), sorted.
pub fn spoken(listening: &Listening) -> (Vec<Spoken>, BTreeMap<TopicId, Vec<String>>) {
    let Listening { posts, stories, people, from, now, begun, .. } = *listening;
    let known_days = topic::known_days(begun, posts.iter().filter_map(Post::instant), now);
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
    let clustering = items_of(&docs[..start], &docs[start..]);
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
    let news = topic::remember(&pairs(&members, &voices), listening.shown);
    let bursts = clustering.bursts(&docs, start, listening.now, &known_days);
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
