//! What is remembered of a digest: sent ones with all that gives them again, printed ones with
//! their ids alone.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Error;
use super::hand_out::{Channels, hand_out, known};
pub use super::hand_out::{Delivery, Trouble};
use super::publish::{Made, Occasion, compose};
use crate::archive::{Archive, Printed, Sent, Undelivered};
use crate::config::Config;
use crate::deliver::{self, Issue};

/// The version that a sent digest records.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// A digest that was sent.
pub struct Issued {
    /// The issue.
    pub made: Made,
    /// What came of it at each channel of its schedule, in that order; none before any feed was
    /// read.
    pub deliveries: Vec<Delivery>,
    /// Channels of the schedule that this version does not have.
    pub unknown: Vec<String>,
}

impl Issued {
    /// The channels that it did not reach.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &Trouble)> {
        self.deliveries.iter().filter_map(|one| Some((&*one.channel, one.outcome.as_ref().err()?)))
    }
}

/// Composes the issue, records it as sent, and then delivers it by the channels of its schedule
/// (files go below `folder`). `settings` is the text of `feeds.yaml`, so that the same digest can
/// be made again. One that was sent at that instant already is delivered again as it was. Before
/// any feed was read nothing is delivered nor recorded: the first digest would begin only after
/// it.
///
/// Recorded first: a process that dies, or a channel that fails, in between leaves a digest that
/// [`waiting`] knows, never one that was read by somebody and is composed anew.
///
/// # Errors
///
/// Only of composing and recording it; what fails at a channel is in [`Issued::deliveries`].
pub fn send(
    archive: &mut Archive,
    occasion: &Occasion<'_>,
    settings: &str,
    folder: &Path,
) -> Result<Issued, Error> {
    let (wanted, unknown) = known(&occasion.schedule.to);
    let channels = &occasion.config.channels;
    if let Some((digest, made)) = sent_before(archive, occasion)? {
        let issue = issue(archive, &made, made.markdown())?;
        let channels = Channels { wanted: &wanted, options: channels, folder };
        let deliveries = hand_out(archive, digest, &issue, &channels, occasion.now);
        return Ok(Issued { made, deliveries, unknown });
    }
    let as_of = archive.latest_seq()?;
    let made = compose(archive, occasion, Some(as_of), true)?;
    if made.digest.profiles == 0 {
        return Ok(Issued { made, deliveries: Vec::new(), unknown: Vec::new() });
    }
    let issue = issue(archive, &made, made.markdown())?;
    let sent = Sent {
        name: made.digest.name.clone(),
        now: occasion.now,
        due: occasion.due,
        day: made.digest.day.clone(),
        as_of,
        settings: settings.to_owned(),
        zone: made.digest.zone.clone(),
        sections: occasion.sections.to_vec(),
        program: PROGRAM.to_owned(),
        markdown: issue.markdown.clone(),
    };
    let names: Vec<&str> = wanted.iter().map(|channel| channel.name()).collect();
    let digest = archive.record_sent(&sent, &made.shown, &names, occasion.now)?;
    let channels = Channels { wanted: &wanted, options: channels, folder };
    let deliveries = hand_out(archive, digest, &issue, &channels, occasion.now);
    Ok(Issued { made, deliveries, unknown })
}

/// The sent digests that have not reached all of their channels, the first one first. A channel
/// that its schedule no longer names is not waited for.
pub fn waiting(archive: &Archive, config: &Config) -> Result<Vec<Undelivered>, Error> {
    let mut waiting = archive.undelivered()?;
    for one in &mut waiting {
        let schedule = config.schedule(&one.name);
        one.channels.retain(|channel| {
            let wanted = schedule.is_some_and(|schedule| schedule.to.contains(channel));
            wanted && deliver::channel(channel).is_some()
        });
    }
    waiting.retain(|one| !one.channels.is_empty());
    Ok(waiting)
}

/// Delivers a digest that [`waiting`] knows by the channels that it has not reached, as it was
/// sent and with the channels' options as they are now.
///
/// # Errors
///
/// Only of making it again.
pub fn redeliver(
    archive: &mut Archive,
    config: &Config,
    waiting: &Undelivered,
    folder: &Path,
    now: Timestamp,
) -> Result<Vec<Delivery>, Error> {
    let found = archive.sent_at(&waiting.name, waiting.now)?;
    let Some((schedule, (digest, sent))) = config.schedule(&waiting.name).zip(found) else {
        return Ok(Vec::new());
    };
    let markdown = sent.markdown.clone();
    let occasion =
        Occasion { config, schedule, sections: &sent.sections, now: sent.now, due: sent.due };
    let made = remake(archive, &occasion, &sent)?;
    let issue = issue(archive, &made, markdown)?;
    let (wanted, _) = known(&waiting.channels);
    let channels = Channels { wanted: &wanted, options: &config.channels, folder };
    Ok(hand_out(archive, digest, &issue, &channels, now))
}

/// A second digest of a day has its time in its name as well, to the second where the minute is
/// taken, so that the earlier ones stay.
fn issue(archive: &Archive, made: &Made, markdown: String) -> Result<Issue, Error> {
    let digest = &made.digest;
    let (day, json) = (digest.day.clone(), made.json());
    let before = archive.last_sent(&digest.name, digest.now, digest.as_of)?;
    let name = match before.filter(|(_, before)| before.day == digest.day) {
        None => digest.name.clone(),
        Some((_, before)) => {
            let minute = |now: Timestamp| now.as_second().div_euclid(60);
            let same = minute(before.now) == minute(digest.now);
            let format = if same { "%H%M%S" } else { "%H%M" };
            let time = digest.now.to_zoned(made.zone.clone()).strftime(format).to_string();
            format!("{}-{time}", digest.name)
        }
    };
    Ok(Issue { name, day, markdown, json })
}

/// Composes the issue; if one of that name was sent at that instant, the same again, from the
/// rows and the settings that it had. Says whether it was sent.
pub fn again(archive: &Archive, occasion: &Occasion<'_>) -> Result<(Made, bool), Error> {
    match sent_before(archive, occasion)? {
        Some((_, made)) => Ok((made, true)),
        None => Ok((compose(archive, occasion, None, false)?, false)),
    }
}

fn sent_before(archive: &Archive, occasion: &Occasion<'_>) -> Result<Option<(i64, Made)>, Error> {
    let sent = archive.sent_at(&occasion.schedule.name, occasion.now)?;
    sent.map(|(digest, sent)| Ok((digest, remake(archive, occasion, &sent)?))).transpose()
}

fn remake(archive: &Archive, occasion: &Occasion<'_>, sent: &Sent) -> Result<Made, Error> {
    let then = occasion.config.earlier(&sent.settings)?;
    let mut schedule = then.schedule(&sent.name).unwrap_or(occasion.schedule).clone();
    // Where the settings name no zone, it was the system's of that day.
    schedule.zone = TimeZone::get(&sent.zone).unwrap_or(schedule.zone);
    let sections = &*sent.sections;
    let (now, due) = (sent.now, sent.due);
    let occasion = Occasion { config: &then, schedule: &schedule, sections, now, due };
    compose(archive, &occasion, Some(sent.as_of), true)
}

/// Records the ids of a printed digest, so that `why` knows them.
pub fn printed(archive: &mut Archive, made: &Made, at: Timestamp) -> Result<(), Error> {
    let printed = Printed {
        name: made.digest.name.clone(),
        now: made.digest.now,
        day: made.digest.day.clone(),
        program: PROGRAM.to_owned(),
    };
    archive.record_printed(&printed, &made.shown, at)?;
    Ok(())
}
