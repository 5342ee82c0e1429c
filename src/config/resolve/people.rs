//! People: me first, then the others, and the feeds of their profiles.

use std::collections::BTreeMap;

use super::circles::Circles;
use super::faults::Faults;
use super::follow::Follow;
use super::place;
use crate::config::locate::Spot;
use crate::config::names;
use crate::config::written::{self, Entry, Keys, Place};
use crate::model::{Circle, DEFAULT_WEIGHT, ME, Person};

/// Returns all people, and the private notes on them by slug.
pub(super) fn people(
    keys: &Keys,
    circles: &Circles,
    follow: &mut Follow,
    faults: &mut Faults,
) -> (Vec<Person>, BTreeMap<String, String>) {
    let mut people = Vec::new();
    let mut notes = BTreeMap::new();
    let top = Spot::default();
    if let Some(written) = &keys.me {
        people.push(me(written, &top.key("me"), follow, faults));
    }
    let mut seen: BTreeMap<String, Spot> = BTreeMap::new();
    for (index, entry) in keys.people.iter().flatten().enumerate() {
        let spot = top.key("people").index(index);
        match entry {
            Entry::Bare(text) => {
                let place = Place { bare: Some(text.clone()), ..Place::default() };
                let name = place::name_of(&place);
                let mut person = nobody(free_slug(&name, &people), name);
                follow.profile(&mut person, &place, &spot, faults);
                people.push(person);
            }
            Entry::Full(written) => {
                let name = spot.key("name");
                if let Some(other) = seen.insert(written.name.to_lowercase(), name.clone()) {
                    let message = format!("`{}` is already there", written.name);
                    let hint = "put the profiles together under one name, or tell the two apart";
                    faults.clash(&name, &other, message, hint);
                }
                let slug = free_slug(&written.name, &people);
                if let Some(text) = &written.notes {
                    notes.insert(slug.clone(), text.clone());
                }
                people.push(person(slug, written, circles, &spot, follow, faults));
            }
        }
    }
    (people, notes)
}

fn me(written: &written::Me, spot: &Spot, follow: &mut Follow, faults: &mut Faults) -> Person {
    let mut names = written.names.iter().flat_map(|names| names.0.iter().cloned());
    let mut person = nobody(ME.to_owned(), names.next().unwrap_or_else(|| ME.to_owned()));
    person.also = names.collect();
    profiles(&mut person, written.profiles.as_deref(), spot, follow, faults);
    person
}

fn person(
    slug: String,
    written: &written::Person,
    circles: &Circles,
    spot: &Spot,
    follow: &mut Follow,
    faults: &mut Faults,
) -> Person {
    let mut person = nobody(slug, written.name.clone());
    person.also = written.also.as_ref().map(|also| also.0.clone()).unwrap_or_default();
    person.circles = written.circle.as_ref().map(|circle| circle.0.clone()).unwrap_or_default();
    let own: Vec<&Circle> = person.circles.iter().filter_map(|name| circles.get(name)).collect();
    let largest = own.iter().map(|circle| circle.weight).reduce(f32::max);
    person.weight = largest.unwrap_or(DEFAULT_WEIGHT);
    let shortest = own.iter().filter_map(|circle| circle.cadence).min();
    person.cadence = written.cadence.map(|span| span.0).or(shortest);
    person.promote = own.iter().any(|circle| circle.promote);
    follow.cron = person.circles.iter().find_map(|name| circles.crons.get(name)).cloned();
    profiles(&mut person, written.profiles.as_deref(), spot, follow, faults);
    follow.cron = None;
    person
}

fn profiles(
    person: &mut Person,
    places: Option<&[Place]>,
    spot: &Spot,
    follow: &mut Follow,
    faults: &mut Faults,
) {
    let spot = spot.key("profiles");
    for (index, place) in places.unwrap_or_default().iter().enumerate() {
        follow.profile(person, place, &spot.index(index), faults);
    }
    follow.tell_apart(person);
}

fn nobody(slug: String, name: String) -> Person {
    Person {
        slug,
        name,
        also: Vec::new(),
        circles: Vec::new(),
        weight: DEFAULT_WEIGHT,
        cadence: None,
        promote: false,
        handles: Vec::new(),
        pages: Vec::new(),
    }
}

/// The slug of `name`, numbered where somebody has it; `me` is the user's alone.
fn free_slug(name: &str, people: &[Person]) -> String {
    let slug = names::slug(name);
    let taken = |slug: &str| slug == ME || people.iter().any(|person| person.slug == slug);
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    let mut candidates = std::iter::once(slug.clone()).chain(numbered);
    candidates.find(|slug| !taken(slug)).unwrap_or(slug)
}
