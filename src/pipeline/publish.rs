//! One issue: gathered, composed, rendered.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Error;
use super::shown::{Heading, shown};
use super::window::{Window, gather};
use crate::agenda::{self, World};
use crate::archive::{Archive, Shown};
use crate::config::{Config, Schedule};
use crate::digest::{self, Parts, View};
use crate::model::{Digest, Late, Post, Section, SectionKind, Unseen};
use crate::rank::Interest;

/// What happens to settings while the program runs, the first of it bad. Whoever starts has read
/// them; once it has stopped, whoever makes a digest has.
const SETTINGS: [&str; 4] = ["settings-refused", "settings-taken", "started", "stopped"];

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
    let shown = shown(&window, &sections, &Heading { name: &schedule.name, now, sent });
    let mut coverage = refused(archive, now, as_of)?;
    coverage.extend(unseen(config, &window));
    let read = config
        .feeds
        .iter()
        .filter(|feed| window.states.get(&feed.id).is_some_and(|state| state.first_read.is_some()));
    let is_new = |post: &&Post| agenda::is_new(post, &window.period, &window.fresh);
    let new_posts = window.posts.iter().filter(is_new).count();
    let digest = digest::compose(Parts {
        name: schedule.name.clone(),
        now,
        zone: schedule.zone.clone(),
        zone_name: schedule.zone.iana_name().unwrap_or("UTC").to_owned(),
        as_of: as_of.filter(|_| sent),
        late: late(archive, occasion, as_of)?,
        period: window.period,
        feeds: config.feeds.len(),
        read: read.count(),
        new_posts,
        coverage,
        sections,
    });
    Ok(Made { digest, zone: schedule.zone.clone(), shown })
}

/// Why it comes late, where it was due before.
fn late(
    archive: &Archive,
    occasion: &Occasion<'_>,
    as_of: Option<i64>,
) -> Result<Option<Late>, Error> {
    let Some(due) = occasion.due else { return Ok(None) };
    let started = archive.last_happening(&["started"], occasion.now, as_of)?;
    Ok(Some(digest::late(due, started.map(|started| started.at))))
}

/// Settings that a running program refused, and that nothing has read since.
fn refused(archive: &Archive, now: Timestamp, as_of: Option<i64>) -> Result<Vec<Unseen>, Error> {
    let last = archive.last_happening(&SETTINGS, now, as_of)?;
    let refused = last.filter(|last| last.kind == SETTINGS[0]);
    Ok(refused.map(|one| digest::refused(&one.text, one.at)).into_iter().collect())
}

fn unseen(config: &Config, window: &Window) -> Vec<Unseen> {
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
        fresh: &window.fresh,
        stories: &window.stories,
        marks: &window.marks,
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
