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
use super::written::{Entry, File, Place};
use crate::model::{FeedId, Handle, ME};
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
    let mut follow = follow::Follow::new(around, circles.crons.clone());
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
        circles_of: follow.circles_of,
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

/// One profile or source of a file.
pub(super) struct Standing {
    /// Where it stands.
    pub(super) spot: Spot,
    /// Its feeds.
    pub(super) ids: Vec<FeedId>,
    /// What it claims, in the form in which claims are compared.
    pub(super) keys: Vec<String>,
    /// Of the person, else its own.
    pub(super) name: String,
}

/// Returns all profiles and sources of a file without faults, in its order.
pub(super) fn standing(file: &File) -> Vec<Standing> {
    let keys = &file.keys;
    let top = Spot::default();
    let me = top.key("me").key("profiles");
    let mine = keys.me.iter().flat_map(|me| me.profiles.iter().flatten()).enumerate();
    let mut all: Vec<Standing> =
        mine.filter_map(|(index, place)| stands(place, "blog", me.index(index), ME)).collect();
    for (index, entry) in keys.people.iter().flatten().enumerate() {
        let spot = top.key("people").index(index);
        match entry {
            Entry::Bare(text) => {
                let place = Place { bare: Some(text.clone()), ..Place::default() };
                all.extend(stands(&place, "blog", spot, &name_of(&place)));
            }
            Entry::Full(person) => {
                for (at, place) in person.profiles.iter().flatten().enumerate() {
                    let spot = spot.key("profiles").index(at);
                    all.extend(stands(place, "blog", spot, &person.name));
                }
            }
        }
    }
    let sources = if file.bare { top } else { top.key("sources") };
    for (index, place) in keys.sources.iter().flatten().enumerate() {
        let name = place.name.clone().unwrap_or_else(|| name_of(place));
        all.extend(stands(place, "syndication", sources.index(index), &name));
    }
    all
}

fn stands(place: &Place, usual: &str, spot: Spot, name: &str) -> Option<Standing> {
    let faults = &mut Faults::default();
    let around = Surroundings::fixed(&[]);
    let context = place::Context { around: &around, reddit_user: None };
    let settled = place::settle(place, usual, &spot, &context, faults)?;
    let handles = settled.handles.iter().filter(|handle| handle.network() != "web");
    let handles = handles.map(|handle| handle.as_str().to_owned());
    let addresses = settled.addresses.iter();
    let keys = handles.chain(addresses.clone().map(|one| follow::identity(&one.known_as)));
    let ids = addresses.map(|one| FeedId::new(&[&one.known_as])).collect();
    Some(Standing { ids, keys: keys.collect(), name: name.to_owned(), spot })
}

/// Returns what everything in `config` has taken.
pub(super) fn claimed(config: &Config) -> BTreeSet<String> {
    let handles = config.people.iter().flat_map(|person| &person.handles);
    let handles = handles.filter(|handle| handle.network() != "web");
    let addresses = config.feeds.iter().map(|feed| follow::identity(&feed.address));
    handles.map(|handle| handle.as_str().to_owned()).chain(addresses).collect()
}
