//! How and when feeds are asked.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::faults::Faults;
use crate::address::Allow;
use crate::config::Surroundings;
use crate::config::locate::Spot;
use crate::config::needed::{CounterPolls, FetchSettings};
use crate::config::written;
use crate::model::FeedId;
use crate::schedule::{Limits, Plan, Settings};

/// Says what asks and how often; a user who adds an address of his own is more polite still.
const USER_AGENT: &str = concat!(
    "bellwether/",
    env!("CARGO_PKG_VERSION"),
    " (feed reader of one person, asks at most every 15 minutes)"
);

/// Polls for counters where the user says nothing.
const BEFORE_DIGEST: [SignedDuration; 2] =
    [SignedDuration::from_mins(75), SignedDuration::from_mins(15)];
const BUDGET_PER_HOUR: u32 = 200;
const REQUESTS_PER_SECOND: f64 = 20.0;

pub(super) fn rhythm(
    written: Option<&written::Fetch>,
    plans: BTreeMap<FeedId, Plan>,
    around: &Surroundings,
    faults: &mut Faults,
) -> Settings {
    let spot = Spot::default().key("fetch");
    let usual = Limits::default();
    let min = written.and_then(|fetch| fetch.min).map_or(usual.min, |span| span.0);
    let max = written.and_then(|fetch| fetch.max).map_or(usual.max.max(min), |span| span.0);
    if max < min {
        faults.value(&spot.key("max"), "`max` is shorter than `min`", "");
    }
    let line = written.and_then(|fetch| fetch.cron.as_ref());
    let cron = faults.cron(line, &spot.key("cron"));
    Settings { limits: Limits { min, max }, cron, plans, zone: around.zone.clone() }
}

pub(super) fn fetch(written: Option<&written::Fetch>, faults: &mut Faults) -> FetchSettings {
    let spot = Spot::default().key("fetch");
    let agent = written.and_then(|fetch| fetch.user_agent.clone());
    if agent.as_ref().is_some_and(|agent| !agent.chars().all(|c| (' '..='~').contains(&c))) {
        let hint = "only plain ASCII on one line can be sent";
        faults.value(&spot.key("user_agent"), "this cannot be a user agent", hint);
    }
    let rate = written.and_then(|fetch| fetch.requests_per_second);
    FetchSettings {
        user_agent: agent.unwrap_or_else(|| USER_AGENT.to_owned()),
        allow: allow(written, &spot.key("allow"), faults),
        requests_per_second: rate.map_or(REQUESTS_PER_SECOND, f64::from),
        counters: counters(written),
    }
}

fn allow(written: Option<&written::Fetch>, spot: &Spot, faults: &mut Faults) -> Allow {
    let texts = written.and_then(|fetch| fetch.allow.as_ref()).map(|allow| allow.0.as_slice());
    let texts = texts.unwrap_or_default();
    for (index, text) in texts.iter().enumerate() {
        if let Err(error) = Allow::parse([text.as_str()]) {
            faults.value(&spot.index(index), error.to_string(), &error.hint());
        }
    }
    Allow::parse(texts.iter().map(String::as_str)).unwrap_or_default()
}

fn counters(written: Option<&written::Fetch>) -> CounterPolls {
    let written = written.and_then(|fetch| fetch.counters.as_ref());
    let before = written.and_then(|counters| counters.before_digest.as_ref());
    let budget = written.and_then(|counters| counters.budget_per_hour);
    CounterPolls {
        before_digest: before
            .map_or(BEFORE_DIGEST.to_vec(), |spans| spans.0.iter().map(|span| span.0).collect()),
        budget_per_hour: budget.unwrap_or(BUDGET_PER_HOUR),
    }
}
