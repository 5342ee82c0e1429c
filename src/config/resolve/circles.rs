//! Circles: those described in the file, and those that a person or source only names.

use std::collections::BTreeMap;

use super::faults::Faults;
use crate::config::locate::Spot;
use crate::config::needed::Retention;
use crate::config::written::{self, Entry, Keys};
use crate::model::{Circle, DEFAULT_WEIGHT};
use crate::schedule::cron::Cron;

#[derive(Default)]
pub(super) struct Circles {
    pub(super) all: Vec<Circle>,
    pub(super) retention: Retention,
    /// When the feeds of a circle are asked.
    pub(super) crons: BTreeMap<String, Cron>,
}

pub(super) fn circles(keys: &Keys, faults: &mut Faults) -> Circles {
    let spot = Spot::default().key("circles");
    let mut circles = Circles::default();
    for (name, written) in keys.circles.iter().flat_map(|circles| &circles.0) {
        let mut circle = only_named(name);
        if let Some(written) = written {
            circles.describe(&mut circle, written, &spot.key(name), faults);
        }
        circles.all.push(circle);
    }
    for name in names(keys) {
        if circles.get(name).is_none() {
            circles.all.push(only_named(name));
        }
    }
    circles
}

impl Circles {
    pub(super) fn get(&self, name: &str) -> Option<&Circle> {
        self.all.iter().find(|circle| circle.name == name)
    }

    fn describe(
        &mut self,
        circle: &mut Circle,
        written: &written::Circle,
        spot: &Spot,
        faults: &mut Faults,
    ) {
        if let Some(weight) = written.weight {
            circle.weight = faults.weight(weight, &spot.key("weight")) as f32;
        }
        circle.cadence = written.cadence.map(|span| span.0);
        circle.promote = written.promote.unwrap_or(false);
        if let Some(keep) = written.retention {
            self.retention.circles.insert(circle.name.clone(), keep.0);
        }
        if let Some(cron) = faults.cron(written.cron.as_ref(), &spot.key("cron")) {
            self.crons.insert(circle.name.clone(), cron);
        }
    }
}

fn only_named(name: &str) -> Circle {
    Circle { name: name.to_owned(), weight: DEFAULT_WEIGHT, cadence: None, promote: false }
}

fn names(keys: &Keys) -> impl Iterator<Item = &str> {
    let people = keys.people.iter().flatten().filter_map(|entry| match entry {
        Entry::Full(person) => person.circle.as_ref(),
        Entry::Bare(_) => None,
    });
    let sources = keys.sources.iter().flatten().filter_map(|place| place.circle.as_ref());
    people.chain(sources).flat_map(|circle| circle.0.iter().map(String::as_str))
}
