//! Digests that have fallen due and were not made yet.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Error;
use crate::archive::Archive;
use crate::config::Config;
use crate::model::{FeedId, FeedState};
use crate::schedule::{self, Tick};

/// A digest that has fallen due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallen {
    /// Of its schedule.
    pub name: String,
    /// When it was due, and the instant that it is made for.
    pub tick: Tick,
}

/// Returns the digests that are due at `now`, in the order of the settings; none before the first
/// reading, when there is nothing to tell.
pub fn fallen(
    archive: &Archive,
    config: &Config,
    states: &BTreeMap<FeedId, FeedState>,
    now: Timestamp,
) -> Result<Vec<Fallen>, Error> {
    let followed = config.feeds.iter().filter_map(|feed| states.get(&feed.id));
    let Some(begun) = followed.filter_map(|state| state.first_read).min() else {
        return Ok(Vec::new());
    };
    let mut fallen = Vec::new();
    for one in &config.schedules {
        let last = archive.last_tick(&one.name, now)?;
        let since = last.map_or(begun, |last| last.max(begun));
        if let Some(tick) = schedule::missed(&one.cron, &one.zone, since, now) {
            fallen.push(Fallen { name: one.name.clone(), tick });
        }
    }
    Ok(fallen)
}
