//! Interests, mutes and campaigns.

use jiff::civil::{Date, Weekday};

use super::faults::Faults;
use crate::config::locate::{Spot, Target};
use crate::config::needed::{Campaign, Interest, Mute};
use crate::config::written::{Entry, Keys, Several};
use crate::model::Handle;
use crate::query;
use crate::source::shapes;

pub(super) fn interests(keys: &Keys, faults: &mut Faults) -> Vec<Interest> {
    let top = Spot::default().key("interests");
    let mut interests = Vec::new();
    for (index, entry) in keys.interests.iter().flatten().enumerate() {
        let spot = top.index(index);
        let (text, name, weight, query_spot) = match entry {
            Entry::Bare(text) => (text, None, 1.0, spot.clone()),
            Entry::Full(interest) => (
                &interest.query,
                interest.name.clone(),
                faults.weight(interest.weight.unwrap_or(1.0), &spot.key("weight")),
                spot.key("query"),
            ),
        };
        match query::parse(text) {
            Ok(query) => {
                let name = name.unwrap_or_else(|| text.clone());
                interests.push(Interest { name, query, text: text.clone(), weight });
            }
            Err(error) => {
                let message = format!("{error}, at column {} of the query", error.column());
                faults.inside(&query_spot, error.column(), message, &error.hint());
            }
        }
    }
    interests
}

pub(super) fn mute(keys: &Keys, faults: &mut Faults) -> Mute {
    let Some(mute) = &keys.mute else { return Mute::default() };
    let spot = Spot::default().key("mute").key("handles");
    let mut handles = Vec::new();
    for (index, text) in texts(mute.handles.as_ref()).iter().enumerate() {
        match handle(text) {
            Some(handle) => handles.push(handle),
            None => {
                let hint = "write @name@host, @name.host, network:name or a profile's address";
                faults.value(&spot.index(index), format!("`{text}` is not a handle"), hint);
            }
        }
    }
    let domain = |text: &String| {
        let text = text.trim().to_lowercase();
        let host = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
        host.split('/').next().unwrap_or(host).trim_start_matches("www.").to_owned()
    };
    Mute {
        tags: tags(mute.tags.as_ref()),
        phrases: texts(mute.phrases.as_ref()).to_vec(),
        domains: texts(mute.domains.as_ref()).iter().map(domain).collect(),
        handles,
    }
}

fn handle(text: &str) -> Option<Handle> {
    if let Some(hit) = shapes::recognize(text) {
        return Some(Handle::new(hit.kind, &hit.handle));
    }
    let (network, name) = text.split_once(':').filter(|(_, name)| !name.starts_with("//"))?;
    (!network.is_empty() && !name.is_empty()).then(|| Handle::new(network, name))
}

pub(super) fn campaigns(keys: &Keys, faults: &mut Faults) -> Vec<Campaign> {
    let top = Spot::default().key("campaigns");
    let mut campaigns = Vec::new();
    for (index, written) in keys.campaigns.iter().flatten().enumerate() {
        let spot = top.index(index);
        let tags = tags(written.tags.as_ref());
        if tags.is_empty() {
            let hint = "entries are found by their tags: tags: [searchsaturday]";
            faults.value(&spot, format!("campaign `{}` has no tags", written.name), hint);
        }
        let starts = day(written.starts.as_ref(), &spot.key("starts"), faults);
        let ends = day(written.ends.as_ref(), &spot.key("ends"), faults);
        if let (Some(starts), Some(ends)) = (starts, ends)
            && ends < starts
        {
            faults.value(&spot.key("ends"), "it ends before it starts", "");
        }
        let every = written.every.as_ref().and_then(|word| {
            let day = weekday(word);
            if day.is_none() {
                faults.unknown(&spot.key("every"), Target::Value, "day", word, &WEEKDAYS);
            }
            day
        });
        campaigns.push(Campaign {
            name: written.name.clone(),
            tags,
            starts,
            ends,
            entries: written.goal.as_ref().map(|goal| goal.entries),
            join: written.join.unwrap_or(false),
            every,
        });
    }
    campaigns
}

fn day(text: Option<&String>, spot: &Spot, faults: &mut Faults) -> Option<Date> {
    let text = text?;
    let date = text.trim().parse::<Date>().ok();
    if date.is_none() {
        faults.value(spot, format!("`{text}` is not a day"), "write it as 2026-09-01");
    }
    date
}

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Full names, or their first three letters.
fn weekday(word: &str) -> Option<Weekday> {
    let word = word.trim().to_lowercase();
    let index = WEEKDAYS.iter().position(|day| *day == word || day[..3] == word)?;
    Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()
}

fn tags(written: Option<&Several<String>>) -> Vec<String> {
    let tag = |tag: &String| tag.trim().trim_start_matches('#').to_lowercase();
    texts(written).iter().map(tag).filter(|tag| !tag.is_empty()).collect()
}

fn texts(written: Option<&Several<String>>) -> &[String] {
    written.map(|several| several.0.as_slice()).unwrap_or_default()
}
