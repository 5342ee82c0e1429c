//! One issue of the digest, before it is rendered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Counters, PostId};

/// The sections, in the order in which a digest has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Replies, comments, mentions and links to me.
    Waiting,
    /// What is going on.
    Topics,
    /// Open questions and calls for feedback.
    Asks,
    /// What I asked.
    OwnAsks,
    /// Challenges and campaigns.
    Campaigns,
    /// People to get back to.
    Reconnect,
    /// Work of others to credit.
    Promote,
    /// People whom my people listen to.
    Voices,
    /// Who answers me most.
    Regulars,
    /// Where my people talk.
    Venues,
    /// What to write about.
    Ideas,
}

impl SectionKind {
    /// All of them, in order.
    pub const ALL: [SectionKind; 11] = [
        SectionKind::Waiting,
        SectionKind::Topics,
        SectionKind::Asks,
        SectionKind::OwnAsks,
        SectionKind::Campaigns,
        SectionKind::Reconnect,
        SectionKind::Promote,
        SectionKind::Voices,
        SectionKind::Regulars,
        SectionKind::Venues,
        SectionKind::Ideas,
    ];

    /// Its name in `feeds.yaml` and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            SectionKind::Waiting => "waiting",
            SectionKind::Topics => "topics",
            SectionKind::Asks => "asks",
            SectionKind::OwnAsks => "own_asks",
            SectionKind::Campaigns => "campaigns",
            SectionKind::Reconnect => "reconnect",
            SectionKind::Promote => "promote",
            SectionKind::Voices => "voices",
            SectionKind::Regulars => "regulars",
            SectionKind::Venues => "venues",
            SectionKind::Ideas => "ideas",
        }
    }

    /// The letter that its items' ids begin with.
    pub fn letter(self) -> char {
        match self {
            SectionKind::Waiting => 'w',
            SectionKind::Topics => 't',
            SectionKind::Asks | SectionKind::OwnAsks => 'a',
            SectionKind::Campaigns => 'c',
            SectionKind::Reconnect => 'r',
            SectionKind::Promote => 'p',
            SectionKind::Voices => 'v',
            SectionKind::Regulars => 'g',
            SectionKind::Venues => 'u',
            SectionKind::Ideas => 'i',
        }
    }

    /// Takes back what `name` gave.
    pub fn from_name(name: &str) -> Option<SectionKind> {
        SectionKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Why an item is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Never shown in a sent digest.
    New,
    /// Shown before, and something happened since.
    Update,
    /// Shown before, still open.
    Open,
}

/// One term of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Name of the signal.
    pub signal: String,
    /// What the settings give it.
    pub weight: f64,
    /// What the signal gave, in 0..=1.
    pub value: f64,
    /// weight · value. The points of an item sum to its score.
    pub points: f64,
    /// Stored facts only, short: `4 voices: Ines, Tomas`.
    pub text: String,
    /// The past is too short to be sure.
    pub learning: bool,
}

/// A person as a digest names one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRef {
    /// To be shown.
    pub name: String,
    /// As people write them.
    pub handles: Vec<String>,
}

/// A post as a digest shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostRef {
    /// In the archive.
    pub id: PostId,
    /// Its page; empty where it has none.
    pub url: String,
    /// Title, else the beginning of its text.
    pub title: String,
    /// The beginning of its text where that says more than the title.
    pub excerpt: Option<String>,
    /// Who wrote it.
    pub person: PersonRef,
    /// Where it was seen: the feed's name.
    pub source: String,
    /// When it says it was published, else when it was seen.
    pub published: Timestamp,
    /// The newest counters.
    pub counters: Counters,
}

/// A post or topic with its score and the reasons for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Section letter and three or more base-32 characters: `t3fd`.
    pub id: String,
    /// What the id is hashed from: stable from digest to digest.
    pub identity: String,
    /// 1 is the first of its section.
    pub rank: u32,
    /// Sum of the reasons' points.
    pub score: f64,
    /// New, update, open.
    pub state: State,
    /// Within the section's limit: stands in the Markdown, is recorded by `--send`.
    pub shown: bool,
    /// One line, plain text.
    pub title: String,
    /// Where to go; empty where there is nowhere.
    pub url: String,
    /// Short facts for the screen, plain text: `4 voices`, `up 8x`, `no reply yet`.
    pub facts: Vec<String>,
    /// The terms of the score.
    pub reasons: Vec<Reason>,
    /// Whom it is about, where it is about one.
    pub person: Option<PersonRef>,
    /// Its posts, the most telling first.
    pub posts: Vec<PostRef>,
}

/// Items of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Which.
    pub kind: SectionKind,
    /// Best first; those beyond the limit have `shown: false`.
    pub items: Vec<Item>,
}

/// Something that this digest could not see.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unseen {
    /// A feed's or service's name.
    pub what: String,
    /// One short clause.
    pub why: String,
    /// Since when, where it was ever seen.
    pub since: Option<Timestamp>,
}

/// The stretch of time that a digest speaks of: `from` < instant ≤ `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The last sent digest of this name, or a day before `to`.
    pub from: Timestamp,
    /// `now`.
    pub to: Timestamp,
}

/// Why an issue came later than its schedule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// When it was due.
    pub due: Timestamp,
    /// One short clause.
    pub why: String,
}

/// One issue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The schedule's name: `morning`.
    pub name: String,
    /// The civil day in `zone`: `2026-10-13`.
    pub day: String,
    /// The instant it is made for.
    pub now: Timestamp,
    /// IANA name of the zone in which it speaks of time.
    pub zone: String,
    /// The archive's sequence number up to which it read; only in sent ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<i64>,
    /// Only where it came late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
    /// What it speaks of.
    pub period: Period,
    /// Feeds that were read.
    pub profiles: usize,
    /// Posts of the period.
    pub new_posts: usize,
    /// In order; empty sections are left out.
    pub sections: Vec<Section>,
    /// Why there is nothing, where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nothing: Option<String>,
    /// What it could not see.
    pub coverage: Vec<Unseen>,
}

impl Digest {
    /// All items that are shown, in order.
    pub fn shown(&self) -> impl Iterator<Item = (&Section, &Item)> {
        self.sections.iter().flat_map(|section| {
            section.items.iter().filter(|item| item.shown).map(move |item| (section, item))
        })
    }
}
