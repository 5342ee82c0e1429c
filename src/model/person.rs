//! Whoever writes: people the user knows, under the handles that they use.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Somebody's name at one network, lower-case: `mastodon:ines@fosstodon.example`,
/// `x:mlq`, `reddit:priya_n`, `bluesky:tomas.example`, `web:mara.example`, `mail:a@b.example`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Handle(String);

impl Handle {
    /// Makes the handle of `name` at `network`. A leading `@` is no part of a name.
    pub fn new(network: &str, name: &str) -> Handle {
        Handle(format!("{network}:{}", name.trim().trim_start_matches('@').to_lowercase()))
    }

    /// Takes back the text of `as_str`; `None` without a network.
    pub fn from_text(text: &str) -> Option<Handle> {
        let (network, name) = text.split_once(':')?;
        (!network.is_empty() && !name.is_empty()).then(|| Handle(text.to_owned()))
    }

    /// `network:name`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the colon.
    pub fn network(&self) -> &str {
        self.0.split_once(':').map_or("", |(network, _)| network)
    }

    /// The part after the colon.
    pub fn name(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, name)| name)
    }
}

/// As people write it: `@ines@fosstodon.example`; a web or mail name stands bare.
impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.network() {
            "web" | "mail" => f.write_str(self.name()),
            "reddit" => write!(f, "u/{}", self.name()),
            _ => write!(f, "@{}", self.name()),
        }
    }
}

/// Weight of a circle, and of a person in none, where the user gave none.
pub const DEFAULT_WEIGHT: f32 = 0.3;

/// A group of people as the user named it.
#[derive(Debug, Clone, PartialEq)]
pub struct Circle {
    /// As in `feeds.yaml`.
    pub name: String,
    /// In 0..=1; how much one voice of it counts.
    pub weight: f32,
    /// Contact is due after this long; `None`: never.
    pub cadence: Option<SignedDuration>,
    /// Their work is to be credited.
    pub promote: bool,
}

/// One human (or organisation) whom the user follows, or the user (`me`).
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Unique and stable: the name in lower case with hyphens; `me` for the user.
    pub slug: String,
    /// To be shown.
    pub name: String,
    /// Other names under which they write.
    pub also: Vec<String>,
    /// Names of circles.
    pub circles: Vec<String>,
    /// In 0..=1: the largest weight among the circles, else [`DEFAULT_WEIGHT`].
    pub weight: f32,
    /// The person's own, else the shortest among the circles.
    pub cadence: Option<SignedDuration>,
    /// Any circle promotes.
    pub promote: bool,
    /// Known by the user's word.
    pub handles: Vec<Handle>,
    /// Pages that are theirs (home page, profile pages), as written.
    pub pages: Vec<String>,
}

/// The slug of the user.
pub const ME: &str = "me";
