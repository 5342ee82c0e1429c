//! Stage two: what the program needs, with every default in place.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Time, Weekday};
use jiff::{SignedDuration, tz::TimeZone};
use serde_yaml::Value;

use super::{Error, Surroundings};
use crate::address::Allow;
use crate::model::{Circle, Feed, FeedId, Handle, ME, Person, SectionKind};
use crate::query::Query;
use crate::schedule::{self, cron::Cron};

/// Everything that `feeds.yaml` says.
#[derive(Debug, Clone)]
pub struct Config {
    /// In the file's order, each address once: mine, those of people, sources.
    pub feeds: Vec<Feed>,
    /// `me` first where there is one, then in the file's order.
    pub people: Vec<Person>,
    /// Those described, then those only named.
    pub circles: Vec<Circle>,
    /// What to look out for.
    pub interests: Vec<Interest>,
    /// What to leave out.
    pub mute: Mute,
    /// Challenges to take part in.
    pub campaigns: Vec<Campaign>,
    /// When digests are made; at least one.
    pub schedules: Vec<Schedule>,
    /// What may come outside the schedule.
    pub urgent: Option<Urgent>,
    /// What is shown to the world.
    pub publish: Option<Publish>,
    /// Each channel's options as written, to be read by the channel.
    pub channels: BTreeMap<String, Value>,
    /// How many items a section shows; every section has one.
    pub limits: BTreeMap<SectionKind, usize>,
    /// In 0..=1, by signal; every signal has one.
    pub weights: BTreeMap<String, f64>,
    /// After how long something is shown again.
    pub shown_again: ShownAgain,
    /// When feeds are asked.
    pub rhythm: schedule::Settings,
    /// How they are asked.
    pub fetch: FetchSettings,
    /// The user's private notes, by a person's slug.
    pub notes: BTreeMap<String, String>,
    /// Feeds whose posts never appear in what is published.
    pub private: BTreeSet<FeedId>,
    /// The circles of sources that are in one; people have theirs.
    pub circles_of: BTreeMap<FeedId, Vec<String>>,
    /// How long posts are kept.
    pub retention: Retention,
    /// What the file was read with.
    pub(super) around: Surroundings,
}

impl Config {
    /// Reads an earlier text of the same file, with the secrets that are there now.
    ///
    /// # Errors
    /// As [`read`](super::read).
    pub fn earlier(&self, text: &str) -> Result<Config, Error> {
        super::read(text, "feeds.yaml (as it was)", &self.around)
    }

    /// The user, where the file says who that is.
    pub fn me(&self) -> Option<&Person> {
        self.people.first().filter(|person| person.slug == ME)
    }

    /// The person of that name (or other name, or slug; any case), and the place in `people`;
    /// none for the user.
    pub fn person_named(&self, name: &str) -> Option<(Option<usize>, &Person)> {
        let wanted = name.trim().to_lowercase();
        let is_named = |person: &Person| {
            person.slug == wanted
                || std::iter::once(&person.name)
                    .chain(&person.also)
                    .any(|own| own.to_lowercase() == wanted)
        };
        let place = self.people.iter().position(is_named)?;
        let before = usize::from(self.me().is_some());
        Some((place.checked_sub(before), &self.people[place]))
    }

    /// The schedule of that name.
    pub fn schedule(&self, name: &str) -> Option<&Schedule> {
        self.schedules.iter().find(|schedule| schedule.name == name)
    }

    /// Feeds that `name` means: by feed's name, person's name or slug, or address; any case.
    pub fn feeds_named(&self, name: &str) -> Vec<&Feed> {
        let wanted = name.trim().to_lowercase();
        let is_owner =
            |person: &&Person| person.slug == wanted || person.name.to_lowercase() == wanted;
        let owner = self.people.iter().find(is_owner).map(|person| person.slug.as_str());
        let names = |feed: &&Feed| {
            feed.name.to_lowercase() == wanted
                || (!feed.secret && feed.address.to_lowercase() == wanted)
                || (owner.is_some() && feed.owner.as_deref() == owner)
        };
        self.feeds.iter().filter(names).collect()
    }
}

/// Something to look out for.
#[derive(Debug, Clone, PartialEq)]
pub struct Interest {
    /// To be shown.
    pub name: String,
    /// The posts that it means.
    pub query: Query,
    /// The query as written.
    pub text: String,
    /// In 0..=1.
    pub weight: f64,
}

/// What is left out of every section; still archived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mute {
    /// Lower case, without `#`.
    pub tags: Vec<String>,
    /// As written.
    pub phrases: Vec<String>,
    /// Hosts, lower case; those below them too.
    pub domains: Vec<String>,
    /// Authors.
    pub handles: Vec<Handle>,
}

/// A named series that posts take part in by a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// To be shown.
    pub name: String,
    /// Lower case, without `#`; at least one.
    pub tags: Vec<String>,
    /// First day.
    pub starts: Option<Date>,
    /// Last day.
    pub ends: Option<Date>,
    /// Entries to reach.
    pub entries: Option<u32>,
    /// The user takes part.
    pub join: bool,
    /// The day of the week of a weekly one.
    pub every: Option<Weekday>,
}

/// When a digest of one name is made, of what, and where it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// `morning`.
    pub name: String,
    /// In `zone`.
    pub cron: Cron,
    /// In which the digest speaks of time, too.
    pub zone: TimeZone,
    /// Channels: `file`, `email` …
    pub to: Vec<String>,
    /// Only these sections; `None`: all.
    pub sections: Option<Vec<SectionKind>>,
    /// With the report on itself.
    pub report: bool,
}

/// Asks put to the user, sent at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Urgent {
    /// Channels.
    pub to: Vec<String>,
    /// At most so many.
    pub per_day: u32,
    /// From and until when nothing is sent, local time; may pass midnight.
    pub quiet: Option<(Time, Time)>,
}

/// A digest for everybody to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// The Atom file to write.
    pub atom: Option<String>,
    /// The HTML file to write.
    pub html: Option<String>,
    /// Only these sections.
    pub sections: Vec<SectionKind>,
    /// With private sections and circles' names.
    pub private: bool,
}

/// Days until something is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownAgain {
    /// A person in `reconnect`.
    pub person_days: u32,
    /// A new voice.
    pub voice_days: u32,
    /// An idea.
    pub idea_days: u32,
}

/// How feeds are asked.
#[derive(Debug, Clone, PartialEq)]
pub struct FetchSettings {
    /// Sent with every request.
    pub user_agent: String,
    /// Private networks that feeds may lead to.
    pub allow: Allow,
    /// New requests in a second over all services; 0 is no limit.
    pub requests_per_second: f64,
    /// When counters of the best candidates are asked for.
    pub counters: CounterPolls,
}

/// Extra requests for counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterPolls {
    /// So long before a digest.
    pub before_digest: Vec<SignedDuration>,
    /// At most so many.
    pub budget_per_hour: u32,
}

/// How long posts are kept; for ever where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retention {
    /// By circle.
    pub circles: BTreeMap<String, SignedDuration>,
}
