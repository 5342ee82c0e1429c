//! An issue handed to each of its channels: a bad one never fails the others, and what was
//! delivered is noted at once.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::archive::Archive;
use crate::deliver::{self, Channel, Issue, Place};

/// What came of an issue at one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The channel's name.
    pub channel: String,
    /// Where it left the issue, or why it did not.
    pub outcome: Result<String, Trouble>,
}

/// Why a channel was not reached: the digest waits for another try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// One line.
    pub error: String,
    /// The next step.
    pub hint: Option<String>,
}

/// Where to deliver.
pub(super) struct Channels<'a> {
    pub(super) wanted: &'a [&'static dyn Channel],
    /// The options of each channel as `feeds.yaml` has them.
    pub(super) options: &'a BTreeMap<String, serde_yaml::Value>,
    pub(super) folder: &'a Path,
}

/// The channels of these names, and the names of those that there are not.
pub(super) fn known(names: &[String]) -> (Vec<&'static dyn Channel>, Vec<String>) {
    let mut channels: Vec<&'static dyn Channel> = Vec::new();
    let mut unknown = Vec::new();
    for name in names {
        match deliver::channel(name) {
            Some(known) if channels.iter().any(|other| other.name() == known.name()) => {}
            Some(channel) => channels.push(channel),
            None => unknown.push(name.clone()),
        }
    }
    (channels, unknown)
}

/// Delivers `issue`, which row `digest` has recorded, by each channel. One that cannot be noted
/// as delivered counts as not reached: it is asked again and leaves the same one copy.
pub(super) fn hand_out(
    archive: &mut Archive,
    digest: i64,
    issue: &Issue,
    channels: &Channels<'_>,
    now: Timestamp,
) -> Vec<Delivery> {
    let mut deliver = |channel: &dyn Channel| -> Result<String, Error> {
        let none = serde_yaml::Value::Null;
        let options = channels.options.get(channel.name()).unwrap_or(&none);
        let place = channel.deliver(issue, &Place { folder: channels.folder, options })?;
        archive.record_delivery(digest, channel.name(), now)?;
        Ok(place)
    };
    let deliveries = channels.wanted.iter().map(|channel| Delivery {
        channel: channel.name().to_owned(),
        outcome: deliver(*channel).map_err(|error| Trouble::of(&error)),
    });
    deliveries.collect()
}

impl Trouble {
    fn of(error: &Error) -> Trouble {
        Trouble { error: super::error::line(error), hint: error.hint() }
    }
}
