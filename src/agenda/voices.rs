//! New voices: people whom my people listen to and whom I do not follow.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use super::marks::{Word, came_back};
use super::{Hearing, Section, refs};
use crate::model::{Handle, Item, PersonRef, PostId, Reason, SectionKind, State};
use crate::rank::{Heard, sum_up};

/// Fewer people are a coincidence.
const LEAST_PEOPLE: usize = 2;
/// Endorsements count so long.
const REACH: SignedDuration = SignedDuration::from_hours(60 * 24);
/// An endorsement halves in this time, in days.
const HALF_LIFE_DAYS: f64 = 14.0;
/// Not shown again for so long.
const QUIET: SignedDuration = SignedDuration::from_hours(30 * 24);
/// What a boost, and what a mention or answer counts beside a quote.
const BOOST: f64 = 0.7;
const MENTION: f64 = 0.5;
/// So much endorsement is half of what can be.
const HALF: f64 = 1.0;
/// As many are listed in JSON, and named with one.
const LISTED: usize = 20;
const NAMED: usize = 3;

/// Σ weight · kind · 2^(−age/14 d) / √(1 + mentions the endorser gives), over endorsers.
pub(super) struct Voices;

impl Section for Voices {
    fn kind(&self) -> SectionKind {
        SectionKind::Voices
    }

    fn title(&self) -> &'static str {
        "New voices"
    }

    fn limit(&self) -> usize {
        2
    }

    fn items(&self, hearing: &Hearing, _said: &BTreeSet<PostId>) -> Vec<Item> {
        let mut items: Vec<Item> = endorsements(hearing)
            .into_iter()
            .filter_map(|(handle, by)| voice(hearing, &handle, by))
            .collect();
        items.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.identity.cmp(&b.identity)));
        items.truncate(LISTED);
        items
    }
}

/// What one person said for a stranger.
struct Endorsement<'h, 'a> {
    by: &'h Heard<'a>,
    worth: f64,
}

type ByHandle<'h, 'a> = BTreeMap<Handle, BTreeMap<&'h str, Endorsement<'h, 'a>>>;

/// Of each stranger, each endorser's best word.
fn endorsements<'h, 'a>(hearing: &'h Hearing<'a>) -> ByHandle<'h, 'a> {
    let world = hearing.world;
    let mut given: BTreeMap<&str, usize> = BTreeMap::new();
    let known = |heard: &&Heard| {
        let age = world.now.duration_since(heard.time());
        heard.voice.is_known() && !heard.voice.is_me() && age <= REACH
    };
    for heard in hearing.all().filter(known) {
        *given.entry(&heard.voice.key).or_default() += heard.post.mentions.len();
    }
    let mut found: ByHandle = BTreeMap::new();
    for heard in hearing.all().filter(known) {
        let links = 1.0 + given.get(&*heard.voice.key).copied().unwrap_or(0) as f64;
        let fade = (-heard.age_hours(world.now) / 24.0 / HALF_LIFE_DAYS).exp2();
        let kind = if heard.post.repost_of.is_some() { BOOST } else { MENTION };
        let worth = heard.voice.weight() * kind * fade / links.sqrt();
        for handle in named(heard) {
            let muted = world.mute.handles.contains(&handle) || hearing.marks.silences(&handle);
            if muted || world.people.person(&handle).is_some() {
                continue;
            }
            let by = found.entry(handle).or_default();
            let best = by.entry(&heard.voice.key).or_insert(Endorsement { by: heard, worth });
            if best.worth < worth {
                *best = Endorsement { by: heard, worth };
            }
        }
    }
    found
}

/// Whom a post mentions or repeats.
fn named(heard: &Heard) -> Vec<Handle> {
    let boosted = heard.post.repost_of.as_deref().and_then(Handle::from_text);
    heard.post.mentions.iter().cloned().chain(boosted).collect()
}

fn voice(hearing: &Hearing, handle: &Handle, by: BTreeMap<&str, Endorsement>) -> Option<Item> {
    let world = hearing.world;
    let identity = handle.as_str().to_owned();
    let back = match hearing.marks.word(&identity, None) {
        Some(Word::Closed | Word::Later) => return None,
        Some(Word::Back(until)) => Some(until),
        None => None,
    };
    let lately = world.shown_at(SectionKind::Voices, &identity);
    let quiet = lately.iter().any(|at| world.now.duration_since(*at) < QUIET);
    let fresh = by.values().any(|one| world.is_new(one.by.post));
    if by.len() < LEAST_PEOPLE || (back.is_none() && (quiet || !fresh)) {
        return None;
    }
    let mut by: Vec<Endorsement> = by.into_values().collect();
    by.sort_by(|a, b| {
        b.worth.total_cmp(&a.worth).then_with(|| a.by.voice.key.cmp(&b.by.voice.key))
    });
    let posts: Vec<&Heard> = by.iter().map(|one| one.by).collect();
    let mut item = refs::item(hearing, identity, handle.to_string(), &posts, reasons(&by));
    item.person = Some(PersonRef { name: handle.to_string(), handles: vec![handle.to_string()] });
    item.facts = vec![format!("named by {}", names(&by))];
    if back.is_some() {
        item.state = State::Open;
    }
    item.facts.extend(back.map(|until| came_back(until, world)));
    Some(item)
}

fn reasons(by: &[Endorsement]) -> Vec<Reason> {
    let sum: f64 = by.iter().map(|one| one.worth).sum();
    let text = format!("{} of your people: {}", by.len(), names(by));
    sum_up([("endorsement", 1.0, sum / (sum + HALF), text, false)].into_iter())
}

/// `Ines, Tomas and 3 more`.
fn names(by: &[Endorsement]) -> String {
    let names: Vec<&str> = by.iter().take(NAMED).map(|one| &*one.by.voice.name).collect();
    match by.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
