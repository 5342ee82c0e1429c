//! Open questions and calls for feedback, of followed people and in followed venues.

use jiff::{SignedDuration, Timestamp};

use super::refs::{self, replies};
use super::{Hearing, Section, excerpt};
use crate::model::{Item, Reason, SectionKind, State};
use crate::rank::{Heard, room, sum_up};

/// An ask has at least this strength.
const LEAST_ASK: f64 = 0.5;
/// Older asks are answered or forgotten.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// More replies than these are a crowd.
const MOST_REPLIES: u64 = 10;
/// Below this relevance an ask is not shown to somebody with interests.
const LEAST_RELEVANCE: f64 = 0.2;
/// In at most so many digests.
const SHOWN: usize = 3;
/// As many are listed in JSON.
const LISTED: usize = 20;

/// .4 ask + .3 relevance + .2 room + .1 person; ties to the younger.
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

    fn items(&self, hearing: &Hearing) -> Vec<Item> {
        let mut asks: Vec<(Timestamp, Item)> = hearing
            .all()
            .filter(|heard| is_open(hearing, heard))
            .filter_map(|heard| Some((heard.time(), ask(hearing, heard)?)))
            .collect();
        asks.sort_by(|(a_time, a), (b_time, b)| {
            let by_score = b.score.total_cmp(&a.score);
            by_score.then_with(|| b_time.cmp(a_time)).then_with(|| a.identity.cmp(&b.identity))
        });
        asks.into_iter().map(|(_, item)| item).take(LISTED).collect()
    }
}

fn is_open(hearing: &Hearing, heard: &Heard) -> bool {
    let world = hearing.world;
    let young = world.now.duration_since(heard.time()) <= LONGEST;
    let few = heard.counters().replies.is_none_or(|replies| replies <= MOST_REPLIES);
    let dated = heard.post.instant().is_some_and(|at| at <= world.period.to);
    let near = heard.relevance.as_ref().is_none_or(|near| LEAST_RELEVANCE <= near.value);
    let whole = heard.post.repost_of.is_none() && !heard.is_reply() && !heard.voice.is_me();
    LEAST_ASK <= heard.ask && young && few && dated && near && whole
}

/// `None` for one that was shown often enough.
fn ask(hearing: &Hearing, heard: &Heard) -> Option<Item> {
    let identity = heard.post.id.to_string();
    let shown = hearing.world.shown_at(SectionKind::Asks, &identity).len();
    if SHOWN <= shown {
        return None;
    }
    let title = format!("{}: \"{}\"", heard.voice.name, excerpt::question(heard.post));
    let mut item = refs::item(hearing, identity, title, &[heard], reasons(heard));
    item.state = if shown == 0 { State::New } else { State::Open };
    item.person = Some(heard.voice.to_ref());
    item.facts.extend(place(hearing, heard));
    item.facts.extend(replies(heard));
    Some(item)
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
