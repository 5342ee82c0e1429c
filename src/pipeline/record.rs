//! What is remembered of a digest: sent ones with all that gives them again, printed ones with
//! their ids alone.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Error;
use super::publish::{Made, Occasion, compose};
use crate::archive::{Archive, Printed, Sent};
use crate::deliver::{self, Issue, Place};

/// The version that a sent digest records.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// A digest that was delivered.
pub struct Issued {
    /// The issue.
    pub made: Made,
    /// Where each channel left it.
    pub places: Vec<String>,
    /// Channels of the schedule that this version does not have.
    pub unknown: Vec<String>,
}

/// Composes the issue, delivers it by the channels of its schedule (files go below `folder`), and
/// records it as sent. `settings` is the text of `feeds.yaml`, so that the same digest can be made
/// again. One that was sent at that instant already is delivered again as it was. Before any feed
/// was read nothing is delivered nor recorded: the first digest would begin only after it.
pub fn send(
    archive: &mut Archive,
    occasion: &Occasion<'_>,
    settings: &str,
    folder: &Path,
) -> Result<Issued, Error> {
    if let (made, true) = again(archive, occasion)? {
        let name = file_name(archive, &made)?;
        let (delivered, unknown) = deliver(&made, name, occasion, folder)?;
        let places = delivered.into_iter().map(|(_, place)| place).collect();
        return Ok(Issued { made, places, unknown });
    }
    let as_of = archive.latest_seq()?;
    let made = compose(archive, occasion, Some(as_of), true)?;
    if made.digest.profiles == 0 {
        return Ok(Issued { made, places: Vec::new(), unknown: Vec::new() });
    }
    let name = file_name(archive, &made)?;
    let (delivered, unknown) = deliver(&made, name, occasion, folder)?;
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
        markdown: made.markdown(),
    };
    let channels: Vec<&str> = delivered.iter().map(|(channel, _)| *channel).collect();
    let digest = archive.record_sent(&sent, &made.shown, &channels, occasion.now)?;
    for (channel, _) in &delivered {
        archive.record_delivery(digest, channel, occasion.now)?;
    }
    let places = delivered.into_iter().map(|(_, place)| place).collect();
    Ok(Issued { made, places, unknown })
}

/// The digest's name; a second one of a day has its time as well, to the second where the minute
/// is taken, so that the earlier ones stay.
fn file_name(archive: &Archive, made: &Made) -> Result<String, Error> {
    let digest = &made.digest;
    let Some((_, before)) = archive.last_sent(&digest.name, digest.now, digest.as_of)? else {
        return Ok(digest.name.clone());
    };
    if before.day != digest.day {
        return Ok(digest.name.clone());
    }
    let minute = |now: Timestamp| now.as_second().div_euclid(60);
    let format = if minute(before.now) == minute(digest.now) { "%H%M%S" } else { "%H%M" };
    let time = digest.now.to_zoned(made.zone.clone()).strftime(format).to_string();
    Ok(format!("{}-{time}", digest.name))
}

type Delivered = Vec<(&'static str, String)>;

/// Asks each channel of the schedule; also tells the names of those that there are not.
fn deliver(
    made: &Made,
    name: String,
    occasion: &Occasion<'_>,
    folder: &Path,
) -> Result<(Delivered, Vec<String>), Error> {
    let (day, markdown, json) = (made.digest.day.clone(), made.markdown(), made.json());
    let issue = Issue { name, day, markdown, json };
    let (mut delivered, mut unknown) = (Vec::new(), Vec::new());
    for wanted in &occasion.schedule.to {
        let Some(channel) = deliver::channel(wanted) else {
            unknown.push(wanted.clone());
            continue;
        };
        let none = serde_yaml::Value::Null;
        let options = occasion.config.channels.get(wanted).unwrap_or(&none);
        let place = channel.deliver(&issue, &Place { folder, options })?;
        delivered.push((channel.name(), place));
    }
    Ok((delivered, unknown))
}

/// Composes the issue; if one of that name was sent at that instant, the same again, from the
/// rows and the settings that it had. Says whether it was sent.
pub fn again(archive: &Archive, occasion: &Occasion<'_>) -> Result<(Made, bool), Error> {
    let Some((_, sent)) = archive.sent_at(&occasion.schedule.name, occasion.now)? else {
        return Ok((compose(archive, occasion, None, false)?, false));
    };
    let then = occasion.config.earlier(&sent.settings)?;
    let mut schedule = then.schedule(&sent.name).unwrap_or(occasion.schedule).clone();
    // Where the settings name no zone, it was the system's of that day.
    schedule.zone = TimeZone::get(&sent.zone).unwrap_or(schedule.zone);
    let sections = &*sent.sections;
    let (now, due) = (occasion.now, sent.due);
    let occasion = Occasion { config: &then, schedule: &schedule, sections, now, due };
    Ok((compose(archive, &occasion, Some(sent.as_of), true)?, true))
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
