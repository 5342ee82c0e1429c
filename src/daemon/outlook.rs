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
use crate::pipeline::due::{Fallen, fallen};
use crate::pipeline::{self, record};
use crate::schedule;

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

/// Looks at `now`.
pub(super) fn look(
    archive: &Archive,
    config: &Config,
    now: Timestamp,
) -> Result<Outlook, pipeline::Error> {
    let states = archive.states()?;
    let due = schedule::due(&states, &config.feeds, now, &config.rhythm);
    let next_poll = schedule::next_due(&states, &config.feeds, now, &config.rhythm);
    let coming = config
        .schedules
        .iter()
        .map(|one| NextDigest { name: one.name.clone(), at: one.cron.next(now, &one.zone) });
    let next_digest = coming.min_by_key(|next| next.at).filter(|next| next.at < Timestamp::MAX);
    let today = now.to_zoned(TimeZone::UTC).date();
    Ok(Outlook {
        due,
        next_poll,
        fallen: fallen(archive, config, &states, now)?,
        next_digest,
        undelivered: record::waiting(archive, config)?,
        sizes_due: archive.sizes(today)?.iter().all(|size| size.day != today),
    })
}
