//! From what was written to what is needed: every default, every check of meaning.
//!
//! All faults are gathered, each with the path of its key, so that one run names them all.

mod faults;
mod circles;
mod people;
mod place;
mod follow;
mod topics;
mod digest;
mod fetch;

use std::collections::BTreeSet;

use super::Surroundings;
use super::locate::{Spot, Unplaced};
use super::needed::Config;
use super::written::{File, Place};
use crate::model::Handle;
use faults::Faults;

pub(super) use place::name_of;

/// Settles everything, or tells all that is wrong.
pub(super) fn resolve(file: &File, around: &Surroundings) -> Result<Config, Vec<Unplaced>> {
    let faults = &mut Faults::default();
    let keys = &file.keys;
    if keys.version.is_some_and(|version| version != 1) {
        let spot = Spot::default().key("version");
        faults.value(&spot, "unknown version of the file", "this program reads version 1");
    }
    let circles = circles::circles(keys, faults);
    let mut follow = follow::Follow::new(around);
    let (people, notes) = people::people(keys, &circles, &mut follow, faults);
    follow.sources(file, faults);
    let rhythm = fetch::rhythm(keys.fetch.as_ref(), follow.plans, around, faults);
    let digest = digest::digest(keys.digest.as_ref(), around, faults);
    let config = Config {
        feeds: follow.feeds,
        people,
        circles: circles.all,
        interests: topics::interests(keys, faults),
        mute: topics::mute(keys, faults),
        campaigns: topics::campaigns(keys, faults),
        schedules: digest.schedules,
        urgent: digest.urgent,
        publish: digest.publish,
        channels: digest.channels,
        limits: digest.limits,
        weights: digest.weights,
        shown_again: digest.shown_again,
        rhythm,
        fetch: fetch::fetch(keys.fetch.as_ref(), faults),
        notes,
        private: follow.private,
        retention: circles.retention,
        around: around.clone(),
    };
    faults.or(config)
}

/// What one entry takes for itself: nobody else may have it.
pub(super) struct Claims {
    pub(super) kind: &'static str,
    pub(super) handles: Vec<Handle>,
    /// Accounts and addresses, in the form in which they are compared.
    pub(super) keys: Vec<String>,
    /// What will be asked.
    pub(super) addresses: Vec<String>,
    /// Why nothing will.
    pub(super) unreadable: Option<String>,
}

/// Returns what `place` would take; `None` where it would be refused.
pub(super) fn claims(place: &Place) -> Option<Claims> {
    let faults = &mut Faults::default();
    let around = Surroundings::fixed(&[]);
    let context = place::Context { around: &around, reddit_user: None };
    let settled = place::settle(place, "syndication", &Spot::default(), &context, faults)?;
    let handles = settled.handles.iter().filter(|handle| handle.network() != "web");
    let addresses = settled.addresses.iter().map(|address| follow::identity(&address.known_as));
    let keys = handles.map(|handle| handle.as_str().to_owned()).chain(addresses).collect();
    let addresses = settled.addresses.into_iter().map(|address| address.address).collect();
    let (kind, handles, unreadable) = (settled.kind, settled.handles, settled.unreadable);
    Some(Claims { kind, handles, keys, addresses, unreadable })
}

/// Returns what everything in `config` has taken.
pub(super) fn claimed(config: &Config) -> BTreeSet<String> {
    let handles = config.people.iter().flat_map(|person| &person.handles);
    let handles = handles.filter(|handle| handle.network() != "web");
    let addresses = config.feeds.iter().map(|feed| follow::identity(&feed.address));
    handles.map(|handle| handle.as_str().to_owned()).chain(addresses).collect()
}
