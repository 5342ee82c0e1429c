//! What is known at one instant, gathered from the archive for a digest.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::Error;
use crate::agenda::{self, Listening, Spoken};
use crate::archive::{Archive, Kept, Shown};
use crate::config::Config;
use crate::identity::People;
use crate::model::{
    FeedId, FeedState, Mark, MarkKind, Period, Post, PostId, Sample, SectionKind, TopicId,
};
use crate::topic;

/// Posts that sections look at.
const REACH: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Posts that topics are made of, unless the period is longer.
const TOPICS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A topic shown longer ago than this is a new one.
const MEMORY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Plain values for `agenda` and `digest`.
pub(super) struct Window {
    pub(super) period: Period,
    pub(super) people: People,
    pub(super) posts: Vec<Post>,
    pub(super) fresh: BTreeSet<PostId>,
    pub(super) stories: BTreeMap<PostId, PostId>,
    pub(super) marks: Vec<Mark>,
    /// Posts by which topics are known again, by the topics' identities.
    pub(super) remembered: BTreeMap<String, BTreeSet<PostId>>,
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
    let before = archive.last_sent(name, now, as_of)?.map(|(_, sent)| sent);
    let fresh = match &before {
        Some(before) => archive.belated(before.as_of, before.now, as_of)?,
        None => BTreeSet::new(),
    };
    let kept = archive.window(back(now, REACH), now, as_of)?;
    let states = archive.states_at(now, as_of)?;
    let mut posts: Vec<Post> = Vec::with_capacity(kept.len());
    let mut stories = BTreeMap::new();
    for Kept { post, story, .. } in kept {
        if let Some(story) = story {
            stories.insert(post.id, story);
        }
        posts.push(post);
    }
    let period = agenda::period(before.map(|sent| sent.now), &posts, now);
    let mut people = People::new(&config.people, &config.feeds);
    people.learn(&posts);
    let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
    let samples = archive.samples(&ids, now, as_of)?;
    let records = archive.shown(back(now, MEMORY), now, as_of)?;
    let (shown, carried): (Vec<Shown>, Vec<Shown>) =
        records.iter().cloned().partition(|one| one.state.is_some());
    let marks = with_all(archive.marks(now, as_of)?, &carried);
    let (topics, voices) = agenda::spoken(&Listening {
        posts: &posts,
        stories: &stories,
        people: &people,
        shown: &memory(&records),
        marks: &marks,
        from: topics_from(&posts, &period, &fresh),
        period,
        fresh: &fresh,
        begun: states.values().filter_map(|state| state.first_read).min(),
    });
    let remembered = remembered(&records, &marks);
    let taken = shown.iter().map(|one| (one.item.clone(), one.identity.clone())).collect();
    let shown = shown
        .into_iter()
        .map(|one| agenda::Shown {
            kind: one.section,
            identity: one.identity,
            lead: one.posts.first().copied().filter(|_| one.section != SectionKind::Voices),
            at: one.now,
        })
        .collect();
    Ok(Window {
        period,
        people,
        posts,
        fresh,
        stories,
        marks,
        remembered,
        samples,
        topics,
        shown,
        taken,
        states,
        voices,
    })
}

/// Topics are made of the posts after this instant: of all that are new, and of a week.
fn topics_from(posts: &[Post], period: &Period, fresh: &BTreeSet<PostId>) -> Timestamp {
    let late = posts.iter().filter(|post| fresh.contains(&post.id)).filter_map(Post::instant);
    let first = late.min().map(|first| back(first, SignedDuration::from_nanos(1)));
    let from = period.from.min(back(period.to, TOPICS));
    first.map_or(from, |first| from.min(first))
}

fn back(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_sub(by).unwrap_or(Timestamp::MIN)
}

/// Muted topics with the posts with which they went on since: all of these are muted.
fn with_all(mut marks: Vec<Mark>, carried: &[Shown]) -> Vec<Mark> {
    for mark in marks.iter_mut().filter(|mark| mark.kind == MarkKind::Mute) {
        let later = carried.iter().filter(|one| one.identity == mark.identity);
        mark.posts.extend(later.flat_map(|one| &one.posts));
    }
    marks
}

fn remembered(records: &[Shown], marks: &[Mark]) -> BTreeMap<String, BTreeSet<PostId>> {
    let mut all: BTreeMap<String, BTreeSet<PostId>> = BTreeMap::new();
    let shown = records.iter().map(|one| (one.section, &one.identity, &one.posts));
    let marked = marks.iter().filter_map(|one| Some((one.section?, &one.identity, &one.posts)));
    let topics = shown.chain(marked).filter(|(section, ..)| *section == SectionKind::Topics);
    for (_, identity, posts) in topics {
        all.entry(identity.clone()).or_default().extend(posts);
    }
    all
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
