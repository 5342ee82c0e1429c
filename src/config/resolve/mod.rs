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

use super::Surroundings;
use super::locate::{Spot, Unplaced};
use super::needed::Config;
use super::written::File;
use faults::Faults;

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
    };
    faults.or(config)
}
