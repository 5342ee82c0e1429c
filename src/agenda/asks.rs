//! Open questions and calls for feedback, of followed people and in followed venues.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::marks::{Word, came_back};
use super::refs::{self, replies};
use super::{Hearing, Section, excerpt};
use crate::model::{Item, PostId, Reason, SectionKind, State};
use crate::rank::{Heard, own_words, room, standing, substance, sum_up, total};
use crate::text;

/// An ask has at least this strength.
const LEAST_ASK: f64 = 0.5;
/// Older asks are answered or forgotten.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Among asks of one score, being heard and saying much count half after so many hours.
const HALF_LIFE_HOURS: f64 = 24.0;
/// More replies than these are a crowd.
const MOST_REPLIES: u64 = 10;
/// Of fewer own words a question cannot be answered by somebody who was not there.
const LEAST_WORDS: usize = 12;
/// Longer texts are asks only by their titles.
const LONG_WORDS: usize = 150;
/// Below this relevance an ask is not shown to somebody with interests.
const LEAST_RELEVANCE: f64 = 0.2;
/// In at most so many digests.
const SHOWN: usize = 3;
/// As many are listed in JSON.
const LISTED: usize = 20;

/// .4 ask + .3 relevance + .2 room + .1 person; ties to the young ones that say much, of people
/// who are listened to. One ask of each person.
pub(super) struct Asks;

impl Section for Asks {
    fn kind(&self) -> SectionKind {
        SectionKind::Asks
    }

    fn title(&self) -> &'static str {
        "Asks and open questions"
    }

    fn limit(&self) -> usize {
        3
    }

    fn items(&self, hearing: &Hearing, said: &BTreeSet<PostId>) -> Vec<Item> {
        let mut asks: Vec<(&Heard, Vec<Reason>, f64)> = hearing
            .all()
            .filter(|heard| is_open(hearing, heard) && !said.contains(&heard.post.id))
            .map(|heard| (heard, reasons(heard), worth(hearing, heard)))
            .collect();
        asks.sort_by(|(one, a, one_worth), (two, b, two_worth)| {
            let by_score = total(b).total_cmp(&total(a));
            let by_worth = two_worth.total_cmp(one_worth);
            by_score.then(by_worth).then(one.post.id.cmp(&two.post.id))
        });
        let mut voices = BTreeSet::new();
        asks.retain(|(heard, ..)| voices.insert(heard.voice.key.clone()));
        asks.truncate(LISTED);
        asks.into_iter().map(|(heard, reasons, _)| item(hearing, heard, reasons)).collect()
    }
}

fn is_open(hearing: &Hearing, heard: &Heard) -> bool {
    let world = hearing.world;
    let young = world.now.duration_since(heard.time()) <= LONGEST;
    let few = heard.counters().replies.is_none_or(|replies| replies <= MOST_REPLIES);
    let dated = heard.post.instant().is_some_and(|at| at <= world.period.to);
    let near = heard.relevance.as_ref().is_none_or(|near| LEAST_RELEVANCE <= near.value);
    let whole = heard.post.repost_of.is_none() && !heard.is_reply() && !heard.voice.is_me();
    LEAST_ASK <= heard.ask
        && young
        && few
        && dated
        && near
        && whole
        && LEAST_WORDS <= own_words(&heard.post.text) + own_words(heard.post.heading())
        && is_asking(heard)
        && may_be_shown(hearing, heard)
}

/// Whether a long text is an ask as a whole: its title asks. An essay that ends with "what do you
/// think?" is none.
fn is_asking(heard: &Heard) -> bool {
    let (title, lang) = (heard.post.heading(), heard.post.language.as_deref());
    own_words(&heard.post.text) <= LONG_WORDS
        || 0.0 < text::ask_strength(Some(title), "", lang, false)
}

fn may_be_shown(hearing: &Hearing, heard: &Heard) -> bool {
    match hearing.word_on(heard) {
        Some(Word::Closed | Word::Later) => false,
        Some(Word::Back(_)) => true,
        None => shown(hearing, heard) < SHOWN,
    }
}

fn shown(hearing: &Hearing, heard: &Heard) -> usize {
    hearing.world.shown_at(SectionKind::Asks, &heard.post.id.to_string()).len()
}

/// What decides among asks of one score.
fn worth(hearing: &Hearing, heard: &Heard) -> f64 {
    let fade = (-heard.age_hours(hearing.world.now) / HALF_LIFE_HOURS).exp2();
    (substance(heard) + standing(heard.listeners)) * fade
}

fn item(hearing: &Hearing, heard: &Heard, reasons: Vec<Reason>) -> Item {
    let question = excerpt::question(heard.post).replace('"', "'");
    let title = format!("{}: \"{question}\"", heard.voice.name);
    let mut item = refs::item(hearing, heard.post.id.to_string(), title, &[heard], reasons);
    item.state = if shown(hearing, heard) == 0 { State::New } else { State::Open };
    item.person = Some(heard.voice.to_ref());
    if let Some(Word::Back(until)) = hearing.word_on(heard) {
        item.facts.push(came_back(until, hearing.world));
    }
    item.facts.extend(place(hearing, heard));
    item.facts.extend(replies(heard));
    item
}

/// Where a stranger asked: a name alone would say nothing.
fn place(hearing: &Hearing, heard: &Heard) -> Option<String> {
    let name = hearing.world.people.feed_name(heard.post.feed);
    (!heard.voice.is_known() && !name.is_empty()).then(|| format!("in {name}"))
}

fn reasons(heard: &Heard) -> Vec<Reason> {
    let (relevance, near) = match &heard.relevance {
        None => (0.5, "unknown: no interests named".to_owned()),
        Some(found) => (found.value, found.interest.clone().unwrap_or_else(|| "none".to_owned())),
    };
    let replies_text = replies(heard).unwrap_or_else(|| "replies unknown".to_owned());
    let who = if heard.voice.is_known() { "followed" } else { "not followed" };
    let person = format!("{} is {who}", heard.voice.name);
    let terms = [
        ("ask", 0.4, heard.ask, "asks for an answer".to_owned(), false),
        ("relevance", 0.3, relevance, near, false),
        ("room", 0.2, room(heard.counters().replies), replies_text, false),
        ("person", 0.1, heard.voice.weight(), person, false),
    ];
    sum_up(terms.into_iter())
}
