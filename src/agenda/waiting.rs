//! Waiting for my answer: who replied to me, mentioned me or linked to me.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::marks::{Word, came_back};
use super::refs;
use super::{Hearing, Section, excerpt};
use crate::model::{Item, PostId, Reason, SectionKind, State};
use crate::rank::{Heard, sum_up};
use crate::relate::inbound::{self, Inbound, Me};

/// Nobody waits longer for an answer.
const LONGEST: SignedDuration = SignedDuration::from_hours(14 * 24);
/// What a person counts who is not followed and writes to me.
const STRANGER: f64 = 1.0;
/// From this strength on it asks something.
const ASKS: f64 = 0.5;
/// As many are listed in JSON.
const LISTED: usize = 50;

/// .4 ask + .3 person + .3 age through a day.
pub(super) struct Waiting;

impl Section for Waiting {
    fn kind(&self) -> SectionKind {
        SectionKind::Waiting
    }

    fn title(&self) -> &'static str {
        "Waiting for your answer"
    }

    fn limit(&self) -> usize {
        5
    }

    fn items(&self, hearing: &Hearing, _said: &BTreeSet<PostId>) -> Vec<Item> {
        let world = hearing.world;
        let Some(person) = world.people.me() else { return Vec::new() };
        let mine: Vec<&Heard> = hearing.all().filter(|heard| heard.voice.is_me()).collect();
        let posts = mine.iter().map(|heard| heard.post);
        let me = Me::new(world.people.handles(person), &person.pages, posts);
        let mut items: Vec<Item> = hearing
            .all()
            .filter(|heard| !heard.voice.is_me())
            .filter(|heard| world.now.duration_since(heard.time()) <= LONGEST)
            .filter_map(|heard| Some((heard, me.inbound(heard.post)?)))
            .filter(|(heard, _)| !mine.iter().any(|own| inbound::answers(own.post, heard.post)))
            .filter(|(heard, _)| {
                !matches!(hearing.word_on(heard), Some(Word::Closed | Word::Later))
            })
            .map(|(heard, inbound)| item(hearing, heard, &inbound))
            .collect();
        items.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.identity.cmp(&b.identity)));
        items.truncate(LISTED);
        items
    }
}

fn item(hearing: &Hearing, heard: &Heard, inbound: &Inbound) -> Item {
    let world = hearing.world;
    let identity = heard.post.id.to_string();
    let new = if heard.voice.is_known() { "" } else { " (new to you)" };
    let title = format!("{}{new} {}", heard.voice.name, told(inbound, heard));
    let shown = !world.shown_at(SectionKind::Waiting, &identity).is_empty();
    let mut item = refs::item(hearing, identity, title, &[heard], reasons(hearing, heard));
    item.state = if shown { State::Open } else { State::New };
    item.person = Some(heard.voice.to_ref());
    if let Some(Word::Back(until)) = hearing.word_on(heard) {
        item.facts.push(came_back(until, world));
    }
    item
}

/// `asks under "Why we left Elastic": "how did you handle synonyms?"`.
fn told(inbound: &Inbound, heard: &Heard) -> String {
    let question = ASKS <= heard.ask;
    let said = if question { excerpt::question(heard.post) } else { excerpt::title(heard.post) };
    let said = said.replace('"', "'");
    match inbound {
        Inbound::Reply(mine) if question => format!("asks under \"{mine}\": \"{said}\""),
        Inbound::Reply(mine) => format!("replied to \"{mine}\": \"{said}\""),
        Inbound::Link(mine) => format!("linked to \"{mine}\" in \"{said}\""),
        Inbound::Mention => format!("mentioned you: \"{said}\""),
    }
}

fn reasons(hearing: &Hearing, heard: &Heard) -> Vec<Reason> {
    let age = heard.age_hours(hearing.world.now);
    let asks = if ASKS <= heard.ask { "asks you something" } else { "does not ask" };
    let (weight, person) = match heard.voice.person {
        Some(person) => (f64::from(person.weight), format!("you follow {}", person.name)),
        None => (STRANGER, format!("{} is new to you", heard.voice.name)),
    };
    let terms = [
        ("ask", 0.4, heard.ask, asks.to_owned(), false),
        ("person", 0.3, weight, person, false),
        ("age", 0.3, (age / 24.0).min(1.0), format!("waiting for {:.0} h", age.floor()), false),
    ];
    sum_up(terms.into_iter())
}
