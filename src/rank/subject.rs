//! What a signal looks at: a topic's posts, each with what is known of it.

use jiff::Timestamp;

use super::Relevant;
use crate::identity::Voice;
use crate::model::{Burst, Post, Sample};

/// A post and what is known of it.
#[derive(Debug, Clone)]
pub struct Heard<'a> {
    /// The post.
    pub post: &'a Post,
    /// Who wrote it.
    pub voice: Voice<'a>,
    /// Counters, oldest first; empty where none were reported.
    pub samples: &'a [Sample],
    /// Median heat of the author's own recent posts; `None`: too few with counters.
    pub usual_heat: Option<f64>,
    /// `text::ask_strength`, in 0..=1.
    pub ask: f64,
    /// To what the user is interested in; `None` where there are no interests.
    pub relevance: Option<Relevant>,
    /// Other people the user follows who mention, quote or link its author in the window.
    pub listeners: usize,
    /// Posts a day of its followed author, else of its feed, over the window.
    pub posts_a_day: f64,
    /// When the user and its author last had to do with one another, as far as is known.
    pub contact: Option<Timestamp>,
}

impl Heard<'_> {
    /// When it was published, else seen.
    pub fn time(&self) -> Timestamp {
        self.post.published.unwrap_or(self.post.seen)
    }

    /// Hours since it was published; 0 for one dated in the future.
    pub fn age_hours(&self, now: Timestamp) -> f64 {
        (now.duration_since(self.time()).as_secs_f64() / 3600.0).max(0.0)
    }

    /// Whether it answers somebody: by its feed's word, or because it begins with `@name`.
    pub fn is_reply(&self) -> bool {
        is_reply(self.post)
    }

    /// The newest counters.
    pub fn counters(&self) -> crate::model::Counters {
        self.samples.last().map_or_else(Default::default, |sample| sample.counters)
    }
}

/// Whether a post answers somebody: by its feed's word, or because it begins with `@name`.
pub fn is_reply(post: &Post) -> bool {
    post.in_reply_to.is_some() || post.text.trim_start().starts_with('@')
}

/// A topic as it is scored: its posts with one that leads.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The post that the item shows and that most signals look at.
    pub lead: &'a Heard<'a>,
    /// All its posts in the time the digest speaks of, the lead among them.
    pub posts: Vec<&'a Heard<'a>>,
    /// People today against its own past.
    pub burst: Option<Burst>,
}

impl Subject<'_> {
    /// The youngest post's age in hours.
    pub fn age_hours(&self, now: Timestamp) -> f64 {
        let ages = self.posts.iter().map(|heard| heard.age_hours(now));
        ages.fold(self.lead.age_hours(now), f64::min)
    }
}
