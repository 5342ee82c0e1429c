//! Everything that the sections look at, as plain values.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Mute, is_new};
use crate::identity::People;
use crate::model::{Burst, Mark, Period, Post, PostId, Sample, SectionKind, State, Topic};
use crate::rank::Interest;

/// What is known at the instant for which a digest is made.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The instant it is made for.
    pub now: Timestamp,
    /// In which interests speak of days.
    pub zone: &'a TimeZone,
    /// What it speaks of.
    pub period: Period,
    /// Everybody the user knows.
    pub people: &'a People,
    /// The newest version of each post of the window (30 days), in any order.
    pub posts: &'a [Post],
    /// Posts that the last digest could not see though they belong before it: their poll ran across
    /// it, or the clock was set back.
    pub fresh: &'a BTreeSet<PostId>,
    /// Posts that tell a story which another one told first.
    pub stories: &'a BTreeMap<PostId, PostId>,
    /// Counters by post, oldest first.
    pub samples: &'a BTreeMap<PostId, Vec<Sample>>,
    /// What is spoken of, with its past.
    pub topics: &'a [Spoken],
    /// What the user cares about.
    pub interests: &'a [Interest],
    /// What the user never wants to see.
    pub mute: &'a Mute,
    /// What the user said of items, as of this instant, in any order.
    pub marks: &'a [Mark],
    /// What sent digests showed.
    pub shown: &'a [Shown],
    /// Weights of signals that the user changed.
    pub weights: &'a BTreeMap<String, f64>,
    /// Limits of sections that the user changed.
    pub limits: &'a BTreeMap<SectionKind, usize>,
}

/// A topic with its past.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    /// Its posts of the window.
    pub topic: Topic,
    /// People on it today against its own past.
    pub burst: Option<Burst>,
    /// New, or shown before with news since; `None`: shown before, and nothing happened.
    pub state: Option<State>,
    /// What happened since it was shown, where something did: `3 joined since`.
    pub news: Option<String>,
}

/// An item of a sent digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its section.
    pub kind: SectionKind,
    /// [`crate::model::Item::identity`].
    pub identity: String,
    /// The post that led it.
    pub lead: Option<PostId>,
    /// The digest's `now`.
    pub at: Timestamp,
}

impl World<'_> {
    /// Whether this digest is the first that could see `post`.
    pub fn is_new(&self, post: &Post) -> bool {
        is_new(post, &self.period, self.fresh)
    }

    /// Returns when `identity` was shown in sections of that kind.
    pub fn shown_at(&self, kind: SectionKind, identity: &str) -> Vec<Timestamp> {
        let same = |shown: &&Shown| shown.kind == kind && shown.identity == identity;
        self.shown.iter().filter(same).map(|shown| shown.at).collect()
    }
}
