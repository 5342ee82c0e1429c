//! What is due and what comes next, computed anew from the archive each time.
//!
//! So nothing of it has to be remembered: after a restart, a power cut, a set clock or a change
//! of the settings the same look gives the right answer.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::door::NextDigest;
use crate::archive::{Archive, Undelivered};
use crate::config::Config;
use crate::model::FeedId;
use crate::pipeline::{self, record};
use crate::schedule::{self, Tick};

/// The answer, for one instant.
#[derive(Debug)]
pub(super) struct Outlook {
    /// Feeds to ask now.
    pub(super) due: Vec<FeedId>,
    /// When feeds are due next; not in the past.
    pub(super) next_poll: Option<Timestamp>,
    /// Digests that have fallen due, in the order of the settings.
    pub(super) fallen: Vec<Fallen>,
    /// The next one to come.
    pub(super) next_digest: Option<NextDigest>,
    /// Digests that have not reached all their channels.
    pub(super) undelivered: Vec<Undelivered>,
    /// Today's sizes are not recorded yet.
    pub(super) sizes_due: bool,
}

/// A digest that has fallen due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fallen {
    /// Of its schedule.
    pub(super) name: String,
    /// When it was due, and the instant that it is made for.
    pub(super) tick: Tick,
}

/// Looks at `now`.
pub(super) fn look(
    archive: &Archive,
    config: &Config,
    now: Timestamp,
) -> Result<Outlook, pipeline::Error> {
    let states = archive.states()?;
    let due = schedule::due(&states, &config.feeds, now, &config.rhythm);
    let next_poll = schedule::next_due(&states, &config.feeds, now, &config.rhythm);
    let followed = config.feeds.iter().filter_map(|feed| states.get(&feed.id));
    let begun = followed.filter_map(|state| state.first_read).min();
    let mut fallen = Vec::new();
    for one in &config.schedules {
        // Before the first reading there is nothing to tell.
        let Some(begun) = begun else { break };
        let last = archive.last_tick(&one.name, now)?;
        let since = last.map_or(begun, |last| last.max(begun));
        if let Some(tick) = schedule::missed(&one.cron, &one.zone, since, now) {
            fallen.push(Fallen { name: one.name.clone(), tick });
        }
    }
    let coming = config
        .schedules
        .iter()
        .map(|one| NextDigest { name: one.name.clone(), at: one.cron.next(now, &one.zone) });
    let next_digest = coming.min_by_key(|next| next.at).filter(|next| next.at < Timestamp::MAX);
    let today = now.to_zoned(TimeZone::UTC).date();
    Ok(Outlook {
        due,
        next_poll,
        fallen,
        next_digest,
        undelivered: record::waiting(archive, config)?,
        sizes_due: archive.sizes(today)?.iter().all(|size| size.day != today),
    })
}
