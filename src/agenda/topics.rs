//! Topics worth engaging with: what several people speak of, and what is worth a reply alone.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::marks::{Word, came_back};
use super::near::is_remark;
use super::refs::{self, replies};
use super::{Hearing, Section, Spoken, excerpt};
use crate::model::{Burst, Item, PostId, Reason, SectionKind, State};
use crate::rank::{Heard, Subject, reasons, substance, total, variety};
use crate::text;
use jiff::Timestamp;
use unicode_width::UnicodeWidthStr as _;

/// Topics are listed down to this rank in JSON.
const LISTED: usize = 50;

/// Below this relevance a topic is not shown to somebody with interests.
const LEAST_RELEVANCE: f64 = 0.15;
/// Of this substance a post is more than a remark.
const SAYS_SOMETHING: f64 = 0.3;
/// From this strength on it asks something.
const ASKS: f64 = 0.5;
/// Fewer expected people are none: a factor of them would say nothing.
const FEW: f64 = 0.15;
/// Columns for who speaks, at most: the screen leaves out names where there is less room.
const WHO: usize = 60;
/// Columns for what is new.
const NEWS: usize = 40;
/// A burst is told from this surprise on, in powers of ten.
const TOLD_SURPRISE: f64 = 1.0;

/// Linear scores over each topic's lead post, then a choice that keeps people and sources apart.
pub(super) struct Topics;

impl Section for Topics {
    fn kind(&self) -> SectionKind {
        SectionKind::Topics
    }

    fn title(&self) -> &'static str {
        "Topics worth engaging with"
    }

    fn limit(&self) -> usize {
        4
    }

    fn items(&self, hearing: &Hearing, _said: &BTreeSet<PostId>) -> Vec<Item> {
        let mut found: Vec<Found> =
            hearing.world.topics.iter().filter_map(|spoken| Found::new(hearing, spoken)).collect();
        found.sort_by(Found::best_first);
        let candidates: Vec<variety::Candidate> = found.iter().map(Found::candidate).collect();
        let chosen = variety::choose(&candidates, LISTED);
        let left_out = variety::left_out(&candidates, &chosen);
        let whole = |(at, others): (&usize, &Vec<usize>)| {
            found[*at].with(hearing, others.iter().map(|other| &found[*other]))
        };
        let mut whole: Vec<Found> = chosen.iter().zip(&left_out).map(whole).collect();
        whole.sort_by(Found::best_first);
        whole.iter().map(|one| one.item(hearing)).collect()
    }
}

/// Returns a topic's posts of the period by others, or all of its posts by others where it comes
/// `back`; `None` for a topic on which I spoke last.
fn fresh<'h, 'a>(
    hearing: &'h Hearing<'a>,
    spoken: &Spoken,
    back: bool,
) -> Option<Vec<&'h Heard<'a>>> {
    let all = spoken.topic.posts.iter().filter_map(|id| hearing.get(*id));
    let (mine, others): (Vec<&Heard>, Vec<&Heard>) = all.partition(|heard| heard.voice.is_me());
    let newest = others.iter().map(|heard| heard.time()).max()?;
    if mine.iter().any(|heard| newest <= heard.time()) {
        return None;
    }
    let of_today = |heard: &Heard| back || hearing.world.is_new(heard.post);
    let telling = |heard: &&Heard| of_today(heard) && !is_remark(heard.post);
    Some(others.into_iter().filter(telling).collect())
}

/// A topic that may be shown, and its score.
#[derive(Clone)]
struct Found<'h, 'a> {
    spoken: &'h Spoken,
    state: State,
    /// It was snoozed until then, and comes back.
    back: Option<Timestamp>,
    /// The best lead first.
    posts: Vec<&'h Heard<'a>>,
    burst: Option<Burst>,
    reasons: Vec<Reason>,
    score: f64,
}

impl<'h, 'a> Found<'h, 'a> {
    /// Scores a topic; `None` for one that is not for this digest: no news since it was shown,
    /// closed by the user, nobody says something by itself, or nothing that interests.
    fn new(hearing: &'h Hearing<'a>, spoken: &'h Spoken) -> Option<Found<'h, 'a>> {
        let id = spoken.topic.id.to_string();
        let back = match hearing.marks.word(&id, None) {
            Some(Word::Later) => return None,
            Some(Word::Back(until)) => Some(until),
            _ => None,
        };
        let state = spoken.state.or(back.map(|_| State::Open))?;
        let posts = fresh(hearing, spoken, back.is_some())?;
        let (burst, reasons, score) = (spoken.burst, Vec::new(), 0.0);
        let found = Found { spoken, state, back, posts, burst, reasons, score }.scored(hearing)?;
        let lead = found.posts[0];
        let near = lead.relevance.as_ref().is_none_or(|near| LEAST_RELEVANCE <= near.value);
        let closed = match hearing.marks.word(&id, Some(lead.post.id)) {
            Some(Word::Closed) => state != State::Update,
            Some(Word::Later) => true,
            _ => false,
        };
        (near && !lead.is_reply() && !closed).then_some(found)
    }

    fn scored(mut self, hearing: &Hearing) -> Option<Found<'h, 'a>> {
        let worth: BTreeMap<PostId, f64> =
            self.posts.iter().map(|one| (one.post.id, lead_worth(hearing, one))).collect();
        let worth = |heard: &Heard| worth[&heard.post.id];
        self.posts.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.post.id.cmp(&b.post.id)));
        let subject =
            Subject { lead: self.posts.first()?, posts: self.posts.clone(), burst: self.burst };
        self.reasons = reasons(&subject, hearing.world.weights, hearing.world.now);
        self.score = total(&self.reasons);
        Some(self)
    }

    /// The same with the posts of others on one theme: a release and the note that links to it
    /// are one item.
    fn with<'o>(&self, hearing: &Hearing, others: impl Iterator<Item = &'o Found<'h, 'a>>) -> Self
    where
        'h: 'o,
        'a: 'o,
    {
        let mut whole = self.clone();
        for other in others {
            whole.posts.extend(&other.posts);
            let surprise = |burst: &Option<Burst>| burst.map_or(0.0, |burst| burst.surprise);
            if surprise(&whole.burst) < surprise(&other.burst) {
                whole.burst = other.burst;
            }
        }
        whole.scored(hearing).unwrap_or_else(|| self.clone())
    }

    /// Higher scores first; ties by the topic's id.
    fn best_first(a: &Found, b: &Found) -> Ordering {
        let by_id = || a.spoken.topic.id.to_string().cmp(&b.spoken.topic.id.to_string());
        b.score.total_cmp(&a.score).then_with(by_id)
    }

    fn item(&self, hearing: &Hearing) -> Item {
        let lead = self.posts[0];
        let posts = one_of_each_voice_first(&self.posts);
        let identity = self.spoken.topic.id.to_string();
        let title = title(self.spoken, lead);
        let mut item = refs::item(hearing, identity, title, &posts, self.reasons.clone());
        item.state = self.state;
        item.facts = facts(hearing, self);
        item.person = lead.voice.is_known().then(|| lead.voice.to_ref());
        item
    }

    fn candidate(&self) -> variety::Candidate {
        let lead = self.posts[0];
        let words = format!("{} {}", self.spoken.topic.label, excerpt::title(lead.post));
        variety::Candidate {
            person: lead.voice.key.clone(),
            source: (!lead.voice.is_known()).then(|| lead.post.feed.to_string()),
            terms: text::terms(&words, lead.post.language.as_deref()).into_iter().collect(),
        }
    }
}

/// How well a post leads its topic: what it would score alone. A followed person who says
/// something goes before all strangers, and every post before answers to somebody.
fn lead_worth(hearing: &Hearing, heard: &Heard) -> f64 {
    let world = hearing.world;
    let alone = Subject { lead: heard, posts: vec![heard], burst: None };
    let first = heard.voice.is_known() && SAYS_SOMETHING <= substance(heard);
    let steps = f64::from(u8::from(first)) + 2.0 * f64::from(u8::from(!heard.is_reply()));
    total(&reasons(&alone, world.weights, world.now)) + steps
}

/// The lead, then the best post of each other voice, then the rest; a copy of a post in another
/// feed is left out.
fn one_of_each_voice_first<'a, 'b>(posts: &[&'b Heard<'a>]) -> Vec<&'b Heard<'a>> {
    let mut seen = BTreeSet::new();
    let mut copies = BTreeSet::new();
    let own = posts.iter().copied().filter(|heard| {
        let page = heard.post.canonical.as_deref().unwrap_or("");
        page.is_empty() || copies.insert((heard.voice.key.clone(), page.to_owned()))
    });
    let (mut first, rest): (Vec<_>, Vec<_>) =
        own.partition(|heard| seen.insert(heard.voice.key.clone()));
    first.extend(rest);
    first
}

/// The lead's own words: they say more than words that several posts share. But not the end of a
/// thread (`You can read more here:`).
fn title(spoken: &Spoken, lead: &Heard) -> String {
    let own = excerpt::title(lead.post);
    let label = spoken.topic.label.trim();
    if own.ends_with(':') && !label.is_empty() { label.to_owned() } else { own }
}

/// `4 voices: Ines, Tomas, Priya · up 8x · asks · no reply yet`.
fn facts(hearing: &Hearing, found: &Found) -> Vec<String> {
    let lead = found.posts[0];
    let mut facts = vec![voices(hearing, &found.posts)];
    facts.extend(found.back.map(|until| came_back(until, hearing.world)));
    if found.state == State::Update {
        let news = found.spoken.news.as_deref().unwrap_or("news since");
        facts.push(text::shorten(news, NEWS));
    }
    facts.extend(found.burst.and_then(|burst| up(&burst)));
    if ASKS <= lead.ask {
        facts.push("asks".to_owned());
    }
    facts.extend(replies(lead));
    facts
}

/// `Ines`, `Ines, Tomas`, `5 voices: Ines, Tomas`: the lead first, then followed people; of
/// strangers the place says more than the name. As many as fit.
fn voices(hearing: &Hearing, posts: &[&Heard]) -> String {
    let mut posts = posts.to_vec();
    posts[1..].sort_by_key(|heard| !heard.voice.is_known());
    let (mut keys, mut names): (BTreeSet<&str>, Vec<&str>) = Default::default();
    for heard in posts {
        let name = if heard.voice.is_known() {
            heard.voice.name.as_str()
        } else {
            hearing.world.people.feed_name(heard.post.feed)
        };
        if keys.insert(&heard.voice.key) && !names.contains(&name) {
            names.push(name);
        }
    }
    let count = if keys.len() < 3 { String::new() } else { format!("{} voices: ", keys.len()) };
    let mut told = format!("{count}{}", text::shorten(names.first().unwrap_or(&""), WHO));
    for name in &names[1..] {
        let longer = format!("{told}, {name}");
        if WHO < longer.width() {
            break;
        }
        told = longer;
    }
    told
}

/// `up 8x`, or `new today` where nobody spoke of it before; nothing where it is no surprise.
fn up(burst: &Burst) -> Option<String> {
    let told = 2 <= burst.people && TOLD_SURPRISE <= burst.surprise && !burst.learning;
    let times = f64::from(burst.people) / burst.expected;
    let text =
        if burst.expected < FEW { "new today".to_owned() } else { format!("up {times:.0}x") };
    told.then_some(text)
}
