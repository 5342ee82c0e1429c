//! One issue: gathered, composed, rendered.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Error;
use super::window::{Window, gather};
use crate::agenda::{self, World};
use crate::archive::{Archive, Shown};
use crate::config::{Config, Schedule};
use crate::digest::{self, Parts, View};
use crate::model::{Digest, Item, PostId, Section, SectionKind, TopicId, Unseen};
use crate::rank::Interest;

/// An issue that can be rendered, and what the archive is to remember of it.
pub struct Made {
    /// The issue.
    pub digest: Digest,
    /// In which it speaks of time.
    pub zone: TimeZone,
    /// What the archive is to remember of its items.
    pub(super) shown: Vec<Shown>,
}

/// Which digest, and when.
pub struct Occasion<'a> {
    /// What the program needs.
    pub config: &'a Config,
    /// The digest's schedule.
    pub schedule: &'a Schedule,
    /// Only these sections; all of the schedule's where it is empty.
    pub sections: &'a [SectionKind],
    /// The instant it is made for.
    pub now: Timestamp,
    /// When its schedule wanted it, where that was before.
    pub due: Option<Timestamp>,
}

/// Composes the issue from what the archive held at `now`, nothing newer than row `as_of`.
/// `sent` marks it as one that is, or was, delivered.
pub fn compose(
    archive: &Archive,
    occasion: &Occasion<'_>,
    as_of: Option<i64>,
    sent: bool,
) -> Result<Made, Error> {
    let Occasion { config, schedule, now, .. } = *occasion;
    let window = gather(archive, config, &schedule.name, now, as_of)?;
    let sections = sections(&window, occasion);
    let shown = records(&window, &sections, &schedule.name, now, sent);
    let read = config
        .feeds
        .iter()
        .filter(|feed| window.states.get(&feed.id).is_some_and(|state| state.first_read.is_some()));
    let is_new = |at: Timestamp| window.period.from < at && at <= window.period.to;
    let new_posts = window.posts.iter().filter(|post| post.instant().is_some_and(is_new)).count();
    let digest = digest::compose(Parts {
        name: schedule.name.clone(),
        now,
        zone: schedule.zone.clone(),
        zone_name: schedule.zone.iana_name().unwrap_or("UTC").to_owned(),
        as_of: as_of.filter(|_| sent),
        late: occasion.due.map(|due| digest::late(due, None)),
        period: window.period,
        feeds: config.feeds.len(),
        read: read.count(),
        new_posts,
        coverage: coverage(config, &window),
        sections,
    });
    Ok(Made { digest, zone: schedule.zone.clone(), shown })
}

fn coverage(config: &Config, window: &Window) -> Vec<Unseen> {
    let counted = window.samples.values().any(|samples| !samples.is_empty());
    let mut unseen = digest::coverage(&config.feeds, &window.states);
    unseen.extend(digest::never_seen(window.people.me().is_some(), counted));
    unseen
}

fn sections(window: &Window, occasion: &Occasion<'_>) -> Vec<Section> {
    let config = occasion.config;
    let interests: Vec<Interest> = config
        .interests
        .iter()
        .map(|one| Interest {
            name: one.name.clone(),
            query: one.query.clone(),
            weight: one.weight,
        })
        .collect();
    let mute = agenda::Mute {
        tags: config.mute.tags.clone(),
        phrases: config.mute.phrases.clone(),
        domains: config.mute.domains.clone(),
        handles: config.mute.handles.clone(),
    };
    let world = World {
        now: occasion.now,
        zone: &occasion.schedule.zone,
        period: window.period,
        people: &window.people,
        posts: &window.posts,
        samples: &window.samples,
        topics: &window.topics,
        interests: &interests,
        mute: &mute,
        shown: &window.shown,
        weights: &config.weights,
        limits: &config.limits,
    };
    let kinds = match (occasion.sections, &occasion.schedule.sections) {
        ([], Some(kinds)) => kinds,
        (kinds, _) => kinds,
    };
    agenda::sections(&world, kinds, &window.taken)
}

/// What is remembered of the items that a person is shown.
fn records(
    window: &Window,
    sections: &[Section],
    name: &str,
    now: Timestamp,
    sent: bool,
) -> Vec<Shown> {
    let members: BTreeMap<TopicId, &[PostId]> =
        window.topics.iter().map(|one| (one.topic.id, &*one.topic.posts)).collect();
    let record = |kind: SectionKind, item: &Item| {
        let topic: Option<TopicId> = item.identity.parse().ok();
        let of_topic = topic.filter(|_| kind == SectionKind::Topics);
        // The one that leads it first, whatever else belongs to it last.
        let mut posts: Vec<PostId> = item.posts.iter().map(|post| post.id).collect();
        let all = of_topic.and_then(|id| members.get(&id)).copied().unwrap_or_default();
        let rest: Vec<PostId> = all.iter().filter(|id| !posts.contains(id)).copied().collect();
        posts.extend(rest);
        Shown {
            digest: name.to_owned(),
            now,
            sent,
            item: item.id.clone(),
            identity: item.identity.clone(),
            section: kind,
            state: Some(item.state),
            title: item.title.clone(),
            posts,
            people: of_topic.and_then(|id| window.voices.get(&id)).cloned().unwrap_or_default(),
        }
    };
    let shown = sections.iter().flat_map(|section| {
        section.items.iter().filter(|item| item.shown).map(|item| record(section.kind, item))
    });
    shown.collect()
}

impl Made {
    /// How the reader wants to see it.
    pub fn view(&self) -> View {
        View { zone: self.zone.clone() }
    }

    /// Markdown: what a person reads.
    pub fn markdown(&self) -> String {
        digest::markdown(&self.digest, &self.view())
    }

    /// A page.
    pub fn html(&self) -> String {
        digest::html(&self.digest, &self.view())
    }

    /// Everything, with reasons.
    pub fn json(&self) -> String {
        digest::json(&self.digest)
    }
}
