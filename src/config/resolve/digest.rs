//! Digests: when, of what, where to; limits and weights.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_yaml::Value;

use super::faults::Faults;
use crate::config::Surroundings;
use crate::config::locate::{Spot, Target};
use crate::config::needed::{Publish, Schedule, ShownAgain, Urgent};
use crate::config::written::{self, Several};
use crate::model::SectionKind;
use crate::schedule::cron;
use crate::{agenda, rank};

/// Where digests go. The options of each are its own.
const CHANNELS: [&str; 5] = ["file", "email", "webhook", "ntfy", "atom"];

/// The name under which the report stands among the sections.
const REPORT: &str = "report";

pub(super) struct Digest {
    pub(super) schedules: Vec<Schedule>,
    pub(super) urgent: Option<Urgent>,
    pub(super) publish: Option<Publish>,
    pub(super) channels: BTreeMap<String, Value>,
    pub(super) limits: BTreeMap<SectionKind, usize>,
    pub(super) weights: BTreeMap<String, f64>,
    pub(super) shown_again: ShownAgain,
}

pub(super) fn digest(
    written: Option<&written::Digest>,
    around: &Surroundings,
    faults: &mut Faults,
) -> Digest {
    let nothing = written::Digest::default();
    let written = written.unwrap_or(&nothing);
    let spot = Spot::default().key("digest");
    let again = written.shown_again.as_ref();
    Digest {
        schedules: schedules(written, &spot.key("schedules"), around, faults),
        urgent: written
            .urgent
            .as_ref()
            .map(|urgent| self::urgent(urgent, &spot.key("urgent"), faults)),
        publish: written
            .publish
            .as_ref()
            .map(|publish| self::publish(publish, &spot.key("publish"), faults)),
        channels: channels(written),
        limits: limits(written, &spot.key("limits"), faults),
        weights: weights(written, &spot.key("weights"), faults),
        shown_again: ShownAgain {
            person_days: again.and_then(|again| again.person_days).unwrap_or(3),
            voice_days: again.and_then(|again| again.voice_days).unwrap_or(30),
            idea_days: again.and_then(|again| again.idea_days).unwrap_or(7),
        },
    }
}

fn schedules(
    written: &written::Digest,
    top: &Spot,
    around: &Surroundings,
    faults: &mut Faults,
) -> Vec<Schedule> {
    let mut schedules: Vec<Schedule> = Vec::new();
    for (index, written) in written.schedules.iter().flatten().enumerate() {
        let spot = top.index(index);
        if let Some(other) = schedules.iter().position(|other| other.name == written.name) {
            let message = format!("`{}` is already there", written.name);
            let other = top.index(other).key("name");
            faults.clash(&spot.key("name"), &other, message, "give each schedule its own name");
        }
        if !is_file_name(&written.name) {
            let message = format!("`{}` cannot be a file's name", written.name);
            let hint = "digests are files: a name without slashes, not too long, as `morning`";
            faults.value(&spot.key("name"), message, hint);
        }
        let cron = faults.cron(Some(&written.cron), &spot.key("cron"));
        let zone = match &written.tz {
            Some(name) => zone(name, &spot.key("tz"), faults),
            None => Some(around.zone.clone()),
        };
        let (sections, report) = match &written.sections {
            Some(names) => {
                let (kinds, report) = sections(names, &spot.key("sections"), true, faults);
                (Some(kinds), report)
            }
            None => (None, false),
        };
        let to = match &written.to {
            Some(names) => known_channels(names, &spot.key("to"), faults),
            None => vec!["file".to_owned()],
        };
        if let (Some(cron), Some(zone)) = (cron, zone) {
            let name = written.name.clone();
            schedules.push(Schedule { name, cron, zone, to, sections, report });
        }
    }
    if schedules.is_empty() {
        schedules.push(morning(around));
    }
    schedules
}

/// Whether a digest of this name can be a file: `2026-10-13-morning.md`.
fn is_file_name(name: &str) -> bool {
    const LONGEST: usize = 100;
    let has_room = !name.trim().is_empty() && name.len() <= LONGEST;
    has_room && !name.contains(['/', '\\']) && !name.contains(char::is_control)
}

/// What there is without a word on it.
fn morning(around: &Surroundings) -> Schedule {
    Schedule {
        name: "morning".to_owned(),
        cron: cron::parse("0 7 * * *").expect("the line is right"),
        zone: around.zone.clone(),
        to: vec!["file".to_owned()],
        sections: None,
        report: false,
    }
}

fn zone(name: &str, spot: &Spot, faults: &mut Faults) -> Option<TimeZone> {
    if let Ok(zone) = TimeZone::get(name) {
        return Some(zone);
    }
    let known: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let near = crate::config::error::near(name, &known);
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a place of the IANA time zones, such as Europe/Stockholm".to_owned(),
    };
    faults.value(spot, format!("unknown time zone `{name}`"), &hint);
    None
}

fn section_names(with_report: bool) -> Vec<&'static str> {
    let report = with_report.then_some(REPORT);
    SectionKind::ALL.into_iter().map(SectionKind::name).chain(report).collect()
}

fn sections(
    names: &Several<String>,
    spot: &Spot,
    with_report: bool,
    faults: &mut Faults,
) -> (Vec<SectionKind>, bool) {
    let mut kinds = Vec::new();
    let mut report = false;
    for (index, name) in names.0.iter().enumerate() {
        match SectionKind::from_name(name) {
            Some(kind) => kinds.push(kind),
            None if name == REPORT && with_report => report = true,
            None => {
                let known = section_names(with_report);
                faults.unknown(&spot.index(index), Target::Value, "section", name, &known);
            }
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    (kinds, report)
}

fn known_channels(names: &Several<String>, spot: &Spot, faults: &mut Faults) -> Vec<String> {
    for (index, name) in names.0.iter().enumerate() {
        if !CHANNELS.contains(&name.as_str()) {
            faults.unknown(&spot.index(index), Target::Value, "channel", name, &CHANNELS);
        }
    }
    names.0.clone()
}

fn channels(written: &written::Digest) -> BTreeMap<String, Value> {
    let options = [&written.file, &written.email, &written.webhook, &written.ntfy, &written.atom];
    let pairs = CHANNELS.into_iter().zip(options);
    pairs.filter_map(|(name, options)| Some((name.to_owned(), options.clone()?))).collect()
}

fn urgent(written: &written::Urgent, spot: &Spot, faults: &mut Faults) -> Urgent {
    let quiet = written.quiet.as_ref().and_then(|text| {
        let times =
            text.split_once(['-', '–']).and_then(|(from, to)| Some((time(from)?, time(to)?)));
        if times.is_none() {
            let message = format!("`{text}` is no stretch of the day");
            faults.value(&spot.key("quiet"), message, "write it as \"21:00-07:00\"");
        }
        times
    });
    let to = known_channels(&written.to, &spot.key("to"), faults);
    Urgent { to, per_day: written.per_day.unwrap_or(3), quiet }
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn publish(written: &written::Publish, spot: &Spot, faults: &mut Faults) -> Publish {
    let all = Several(section_names(false).into_iter().map(str::to_owned).collect());
    let names = written.sections.as_ref().unwrap_or(&all);
    Publish {
        atom: written.atom.clone(),
        html: written.html.clone(),
        sections: sections(names, &spot.key("sections"), false, faults).0,
        private: written.private.unwrap_or(false),
    }
}

/// Items that a section shows where the user says nothing: the section's own word, or what is
/// meant for one that is not built yet.
fn usual_limit(kind: SectionKind) -> usize {
    match (agenda::section(kind), kind) {
        (Some(section), _) => section.limit(),
        (None, SectionKind::Ideas) => 1,
        (None, SectionKind::OwnAsks | SectionKind::Regulars | SectionKind::Venues) => 3,
        (None, _) => 2,
    }
}

fn limits(
    written: &written::Digest,
    spot: &Spot,
    faults: &mut Faults,
) -> BTreeMap<SectionKind, usize> {
    let usual = SectionKind::ALL.into_iter().map(|kind| (kind, usual_limit(kind)));
    let mut limits: BTreeMap<SectionKind, usize> = usual.collect();
    for (name, limit) in written.limits.iter().flat_map(|limits| &limits.0) {
        match SectionKind::from_name(name) {
            Some(kind) => {
                limits.insert(kind, *limit as usize);
            }
            None => {
                let known = section_names(false);
                faults.unknown(&spot.key(name), Target::Key, "section", name, &known);
            }
        }
    }
    limits
}

fn weights(written: &written::Digest, spot: &Spot, faults: &mut Faults) -> BTreeMap<String, f64> {
    let usual = rank::SIGNALS.iter().map(|signal| (signal.name().to_owned(), signal.weight()));
    let mut weights: BTreeMap<String, f64> = usual.collect();
    for (name, weight) in written.weights.iter().flat_map(|weights| &weights.0) {
        let spot = spot.key(name);
        let weight = faults.weight(*weight, &spot);
        if weights.contains_key(name) {
            weights.insert(name.clone(), weight);
        } else {
            let known: Vec<&str> = rank::SIGNALS.iter().map(|signal| signal.name()).collect();
            faults.unknown(&spot, Target::Key, "weight", name, &known);
        }
    }
    weights
}
