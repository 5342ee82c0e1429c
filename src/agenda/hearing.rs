//! The posts of a window, each with what is known of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::World;
use super::marks::{Marks, Word};
use crate::identity::Voice;
use crate::model::{Form, PostId, Sample};
use crate::rank::{Heard, relevance, usual_heat};
use crate::text;

/// How far back a post may be worth an answer: older ones are not searched for asks.
const ASKS_REACH: SignedDuration = SignedDuration::from_hours(7 * 24);
/// So many of an author's newest posts tell their usual heat.
const USUAL_OF: usize = 20;

/// A world in which every post has been listened to once; muted posts are not in it.
#[derive(Debug)]
pub struct Hearing<'a> {
    /// What is listened to.
    pub world: &'a World<'a>,
    /// What the user said of earlier items.
    pub(super) marks: Marks<'a>,
    heard: BTreeMap<PostId, Heard<'a>>,
    listeners: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Hearing<'a> {
    /// Listens to all posts of `world`.
    pub fn new(world: &'a World<'a>) -> Hearing<'a> {
        let World { posts, people, interests, now, zone, .. } = *world;
        let marks = Marks::new(world);
        let relevance = relevance(posts, people, interests, now, zone);
        let mut heard: BTreeMap<PostId, Heard> = BTreeMap::new();
        for (post, relevance) in world.posts.iter().zip(relevance) {
            if world.mute.hides(post) {
                continue;
            }
            let voice = world.people.voice(post);
            if marks.hides(post, &voice) {
                continue;
            }
            let samples = world.samples.get(&post.id).map_or(&[][..], Vec::as_slice);
            let recent =
                world.now.duration_since(post.published.unwrap_or(post.seen)) <= ASKS_REACH;
            let ask = if recent { ask(post) } else { 0.0 };
            let (usual_heat, listeners, contact, posts_a_day) = (None, 0, None, 0.0);
            heard.insert(
                post.id,
                Heard {
                    post,
                    voice,
                    samples,
                    usual_heat,
                    ask,
                    relevance,
                    listeners,
                    posts_a_day,
                    contact,
                },
            );
        }
        let listeners = listeners(world, &heard);
        let usual = usual_heats(&heard);
        let rates = rates(world, &heard);
        for one in heard.values_mut() {
            one.listeners = listeners.get(&one.voice.key).map_or(0, BTreeSet::len);
            one.posts_a_day = rates.get(&speaker(one)).copied().unwrap_or(0.0);
            one.usual_heat = usual.get(&one.voice.key).copied();
        }
        Hearing { world, marks, heard, listeners }
    }

    /// Returns the post of that id, unless it is muted or outside the window.
    pub fn get(&self, id: PostId) -> Option<&Heard<'a>> {
        self.heard.get(&id)
    }

    /// Returns all posts, by id.
    pub fn all(&self) -> impl Iterator<Item = &Heard<'a>> {
        self.heard.values()
    }

    /// Returns what was said of an item that is this post.
    pub(super) fn word_on(&self, heard: &Heard) -> Option<Word> {
        self.marks.word(&heard.post.id.to_string(), None)
    }

    /// Returns the keys of the followed people who mention, quote or link the voice of that key.
    pub fn listeners(&self, key: &str) -> impl Iterator<Item = &str> {
        self.listeners.get(key).into_iter().flatten().map(String::as_str)
    }
}

fn ask(post: &crate::model::Post) -> f64 {
    let strength =
        text::ask_strength(post.title.as_deref(), &post.text, post.language.as_deref(), post.poll);
    f64::from(strength)
}

/// Who of the followed people mentions, quotes, answers or links whom: voice key to keys.
fn listeners(world: &World, heard: &BTreeMap<PostId, Heard>) -> BTreeMap<String, BTreeSet<String>> {
    let mut authors: BTreeMap<&str, &Voice> = BTreeMap::new();
    for one in heard.values() {
        for url in one.post.canonical.iter().chain(&one.post.aliases) {
            authors.entry(url).or_insert(&one.voice);
        }
    }
    let mut listeners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in heard.values().filter(|one| one.voice.is_known()) {
        let post = one.post;
        let urls = post.links.iter().chain(&post.in_reply_to).chain(&post.repost_of);
        let linked =
            urls.filter_map(|url| authors.get(url.as_str()).map(|voice| voice.key.clone()));
        let named = post.mentions.iter().map(|handle| world.people.key_of(handle));
        for key in linked.chain(named).filter(|key| *key != one.voice.key) {
            listeners.entry(key).or_default().insert(one.voice.key.clone());
        }
    }
    listeners
}

/// Who speaks, for the rate: a followed person wherever they write, else the venue.
fn speaker(heard: &Heard) -> String {
    if heard.voice.is_known() { heard.voice.key.clone() } else { heard.post.feed.to_string() }
}

/// Posts a day of each speaker, over the days that the window holds.
fn rates(world: &World, heard: &BTreeMap<PostId, Heard>) -> BTreeMap<String, f64> {
    let dated = |heard: &&Heard| heard.post.instant().is_some_and(|at| at <= world.now);
    let first = heard.values().filter(dated).filter_map(|heard| heard.post.instant()).min();
    let days = first
        .map_or(1.0, |first| (world.now.duration_since(first).as_secs_f64() / 86_400.0).max(1.0));
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    for heard in heard.values().filter(dated) {
        *counts.entry(speaker(heard)).or_default() += 1.0 / days;
    }
    counts
}

type Measured<'a> = (Form, Timestamp, &'a [Sample]);

/// The usual heat of each voice with enough counted posts.
fn usual_heats(heard: &BTreeMap<PostId, Heard>) -> BTreeMap<String, f64> {
    let mut posts: BTreeMap<&str, Vec<Measured>> = BTreeMap::new();
    for one in heard.values().filter(|one| !one.samples.is_empty()) {
        let measured = (one.post.form, one.time(), one.samples);
        posts.entry(&one.voice.key).or_default().push(measured);
    }
    let usual = |(key, mut posts): (&str, Vec<Measured>)| {
        posts.sort_by_key(|(_, published, _)| std::cmp::Reverse(*published));
        posts.truncate(USUAL_OF);
        Some((key.to_owned(), usual_heat(&posts)?))
    };
    posts.into_iter().filter_map(usual).collect()
}
