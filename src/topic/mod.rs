//! Which posts speak of one thing, what to call it, whether it is unusual, and whether it was
//! shown before.
//!
//! Posts come in stream order and join the topic whose center is nearest; whole topics are
//! joined later where their centers meet, and none is ever split. Everything is decided by the
//! posts handed in and the settings: the same posts give the same topics. Constants and what
//! they were measured on: docs/technotes/topics.md.

mod vectors;
mod ties;
mod centers;
mod cluster;
mod label;
mod burst;
mod days;
mod memory;
mod parts;
mod names;
mod themes;

use jiff::{SignedDuration, Timestamp};

use crate::model::PostId;

pub use burst::{DAYS, burst, surprise};
pub use cluster::{Clustering, cluster, cluster_after};
pub use days::known_days;
pub use label::LABEL_COLUMNS;
pub use memory::{News, Shown, Today, remember};
pub use themes::{Theme, themes};
pub use vectors::Vector;

/// A post as topics see it.
#[derive(Debug, Clone, Copy)]
pub struct Doc<'a> {
    /// Its id; ties go to the earlier document, not to the id.
    pub id: PostId,
    /// Its title, plain.
    pub title: Option<&'a str>,
    /// Its text, plain; may begin with the title.
    pub text: &'a str,
    /// ISO 639-1; posts of two languages meet only by a link or as one story.
    pub language: Option<&'a str>,
    /// When it belongs in time; nothing goes cold without it.
    pub at: Option<Timestamp>,
    /// Counts one human once: the same text for the same human; empty where unknown.
    pub person: &'a str,
    /// Canonical URL of its own page.
    pub canonical: Option<&'a str>,
    /// Canonical URLs that it links to.
    pub links: &'a [String],
    /// The post of which `dedup` says that it tells the same.
    pub story: Option<PostId>,
}

/// How near posts must be to speak of one thing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Cosine from which a post joins the nearest topic, in 0..=1.
    pub join: f32,
    /// Cosine of their centers from which two topics become one, in 0..=1.
    pub merge: f32,
    /// After this long without a post a topic's nearness counts half.
    pub half_life: SignedDuration,
    /// Words of a text that are read: the beginning tells what it is about.
    pub first_words: usize,
    /// Posts after which topics are compared with one another.
    pub merge_every: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            join: 0.17,
            merge: 0.27,
            half_life: SignedDuration::from_hours(240),
            first_words: 100,
            merge_every: 100,
        }
    }
}
