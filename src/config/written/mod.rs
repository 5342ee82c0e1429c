//! Stage one: the keys of `feeds.yaml`, as the user wrote them.
//!
//! Every key is optional and a key with nothing after it is as if it were not there; what each
//! one means is said in `resolve`. Unknown keys are refused, but for an entry's own options
//! (`places`), which its kind knows.

mod forms;
mod places;

use serde::Deserialize;
use serde_yaml::Value;

pub(super) use forms::{Entry, Pairs, Several};
pub(super) use places::{Place, SHARED_KEYS, Select};

use super::span::Span;

/// The whole file: a mapping of these keys, or a bare list of sources.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) keys: Keys,
    /// The file is a bare list: paths of sources begin at the top.
    pub(super) bare: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Keys {
    pub(super) version: Option<u64>,
    pub(super) me: Option<Me>,
    pub(super) interests: Option<Vec<Entry<Interest>>>,
    pub(super) mute: Option<Mute>,
    pub(super) circles: Option<Pairs<Option<Circle>>>,
    pub(super) people: Option<Vec<Entry<Person>>>,
    pub(super) sources: Option<Vec<Place>>,
    pub(super) campaigns: Option<Vec<Campaign>>,
    pub(super) digest: Option<Digest>,
    pub(super) fetch: Option<Fetch>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Me {
    pub(super) names: Option<Several<String>>,
    pub(super) profiles: Option<Vec<Place>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Interest {
    pub(super) name: Option<String>,
    pub(super) query: String,
    pub(super) weight: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mute {
    pub(super) tags: Option<Several<String>>,
    pub(super) phrases: Option<Several<String>>,
    pub(super) domains: Option<Several<String>>,
    pub(super) handles: Option<Several<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Circle {
    pub(super) weight: Option<f64>,
    pub(super) cadence: Option<Span>,
    pub(super) promote: Option<bool>,
    pub(super) retention: Option<Span>,
    pub(super) cron: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) also: Option<Several<String>>,
    pub(super) circle: Option<Several<String>>,
    pub(super) cadence: Option<Span>,
    pub(super) notes: Option<String>,
    pub(super) profiles: Option<Vec<Place>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Campaign {
    pub(super) name: String,
    pub(super) tags: Option<Several<String>>,
    pub(super) starts: Option<String>,
    pub(super) ends: Option<String>,
    pub(super) goal: Option<Goal>,
    pub(super) join: Option<bool>,
    pub(super) every: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Goal {
    pub(super) entries: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Digest {
    pub(super) schedules: Option<Vec<Schedule>>,
    pub(super) urgent: Option<Urgent>,
    pub(super) publish: Option<Publish>,
    pub(super) limits: Option<Pairs<u32>>,
    pub(super) weights: Option<Pairs<f64>>,
    pub(super) shown_again: Option<ShownAgain>,
    /// A channel's options, as written: the channel reads them.
    pub(super) file: Option<Value>,
    pub(super) email: Option<Value>,
    pub(super) webhook: Option<Value>,
    pub(super) ntfy: Option<Value>,
    pub(super) atom: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schedule {
    pub(super) name: String,
    pub(super) cron: String,
    pub(super) tz: Option<String>,
    pub(super) to: Option<Several<String>>,
    pub(super) sections: Option<Several<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Urgent {
    pub(super) to: Several<String>,
    pub(super) per_day: Option<u32>,
    pub(super) quiet: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Publish {
    pub(super) atom: Option<String>,
    pub(super) html: Option<String>,
    pub(super) sections: Option<Several<String>>,
    pub(super) private: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShownAgain {
    pub(super) person_days: Option<u32>,
    pub(super) voice_days: Option<u32>,
    pub(super) idea_days: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fetch {
    pub(super) user_agent: Option<String>,
    pub(super) cron: Option<String>,
    pub(super) min: Option<Span>,
    pub(super) max: Option<Span>,
    pub(super) requests_per_second: Option<u32>,
    pub(super) allow: Option<Several<String>>,
    pub(super) counters: Option<Counters>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counters {
    pub(super) before_digest: Option<Several<Span>>,
    pub(super) budget_per_hour: Option<u32>,
}
