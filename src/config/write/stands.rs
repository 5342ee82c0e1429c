//! Where something stands in a file, and the file without it.

use std::collections::BTreeSet;

use yamlpath::{Component, Document, FeatureKind, Route};

use super::answers::Follow;
use super::edit::EditError;
use crate::config::locate::{Spot, Step, Target, Unplaced, place};
use crate::config::resolve::{self, Standing};
use crate::config::{Error, Surroundings, read, yaml};
use crate::model::FeedId;

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    /// Its line, from 1 on.
    pub line: usize,
    /// The person's name, else the source's.
    pub name: String,
    /// All feeds of the entry.
    pub feeds: Vec<FeedId>,
}

/// Tells where what `follow` would add stands already in `text`, the content of `file`.
pub fn stands(text: &str, file: &str, follow: &Follow) -> Option<Stands> {
    let keys = follow.claims()?.keys;
    let written = yaml::read(text, file).ok()?;
    let all = resolve::standing(&written);
    let found = all.into_iter().find(|one| one.keys.iter().any(|key| keys.contains(key)))?;
    Some(Stands { line: line(text, file, &found.spot), name: found.name, feeds: found.ids })
}

fn line(text: &str, file: &str, spot: &Spot) -> usize {
    let unplaced = Unplaced {
        spot: spot.clone(),
        target: Target::Value,
        shift: 0,
        message: String::new(),
        hint: None,
        also: None,
    };
    place(text, file, vec![unplaced]).first().map_or(1, |fault| fault.line)
}

/// Returns `text` without the entries of these feeds, and the lines that went, each with its
/// number. A person goes with the last profile; every other line stays as it is, comments that
/// stand on lines of their own outside of what goes included.
///
/// # Errors
/// When the file has faults, or an entry is written in a way that it cannot be taken out of.
pub fn remove(
    text: &str,
    file: &str,
    feeds: &BTreeSet<FeedId>,
) -> Result<(String, Vec<(usize, String)>), EditError> {
    let around = Surroundings::fixed(&[]);
    let before = read(text, file, &around)?;
    let written = yaml::read(text, file)?;
    let (mut new, mut gone, mut stuck) = (text.to_owned(), Vec::new(), None);
    // From the end on, so that what comes before keeps its place.
    for spot in leaving(&resolve::standing(&written), feeds).iter().rev() {
        match without(&new, spot) {
            Some((text, lines)) => {
                new = text;
                gone.splice(0..0, lines);
            }
            None => stuck = Some(line(text, file, spot)),
        }
    }
    let left = match read(&new, file, &around) {
        Ok(config) => config.feeds,
        Err(Error::Empty { .. }) => Vec::new(),
        Err(_) => before.feeds.clone(),
    };
    let expected = before.feeds.iter().map(|feed| feed.id).filter(|id| !feeds.contains(id));
    match stuck {
        None if left.iter().map(|feed| feed.id).eq(expected) => Ok((new, gone)),
        stuck => Err(EditError::Stuck { file: file.to_owned(), line: stuck.unwrap_or(1) }),
    }
}

/// What goes, in the order of the file: entries, and people without a profile left.
fn leaving(all: &[Standing], feeds: &BTreeSet<FeedId>) -> Vec<Spot> {
    let leaves = |one: &&Standing| one.ids.iter().any(|id| feeds.contains(id));
    let mut spots: Vec<Spot> = Vec::new();
    for one in all.iter().filter(leaves) {
        let spot = match one.spot.0.as_slice() {
            [Step::Key(people), index @ Step::Index(_), _, _] if people == "people" => {
                let person = [Step::Key(people.clone()), index.clone()];
                let own = all.iter().filter(|other| other.spot.0.starts_with(&person));
                match own.clone().filter(leaves).count() == own.count() {
                    true => Spot(person.to_vec()),
                    false => one.spot.clone(),
                }
            }
            _ => one.spot.clone(),
        };
        if !spots.contains(&spot) {
            spots.push(spot);
        }
    }
    spots
}

/// Takes the entry at `spot` out of its list; tells what went, line by line.
fn without(text: &str, spot: &Spot) -> Option<(String, Vec<(usize, String)>)> {
    let document = Document::new(text).ok()?;
    let component = |step: &Step| match step {
        Step::Key(key) => Component::from(key.clone()),
        Step::Index(index) => Component::from(*index),
    };
    let route = |steps: &[Step]| Route::from(steps.iter().map(component).collect::<Vec<_>>());
    let list = match &spot.0[..spot.0.len() - 1] {
        [] => document.top_feature().ok()?,
        steps => document.query_exact(&route(steps)).ok()??,
    };
    let entry = document.query_exact(&route(&spot.0)).ok()??;
    let (start, end) = entry.location.byte_span;
    if matches!(list.kind(), FeatureKind::FlowSequence) {
        let after = text[end..].trim_start_matches([' ', '\t']);
        let (from, to) = match after.strip_prefix(',') {
            Some(rest) => (start, text.len() - rest.trim_start_matches(' ').len()),
            None => {
                let before = text[..start].trim_end();
                (before.strip_suffix(',').map_or(start, str::len), end)
            }
        };
        let left = format!("{}{}", &text[..from], &text[to..]);
        return Some((left, lines(text, start, end)));
    }
    let dash = text[..start].trim_end().strip_suffix('-').map(str::len)?;
    let first = text[..dash].rfind('\n').map_or(0, |at| at + 1);
    if !text[first..dash].trim().is_empty() {
        return None;
    }
    let last = yamlpatch::find_content_end(&entry, &document).max(start + 1) - 1;
    let to = text[last..].find('\n').map_or(text.len(), |at| last + at + 1);
    Some((format!("{}{}", &text[..first], &text[to..]), lines(text, first, to)))
}

fn lines(text: &str, from: usize, to: usize) -> Vec<(usize, String)> {
    let first = text[..from].matches('\n').count() + 1;
    let numbered = text[from..to].lines().zip(first..);
    numbered.map(|(line, number)| (number, line.trim().to_owned())).collect()
}
