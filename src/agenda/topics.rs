//! Topics worth engaging with: what several people speak of, and what is worth a reply alone.

use std::collections::{BTreeMap, BTreeSet};

use super::near::is_remark;
use super::refs::{self, replies};
use super::{Hearing, Section, Spoken, excerpt};
use crate::model::{Burst, Item, PostId, SectionKind, State};
use crate::rank::{Heard, Subject, reasons, substance, total, variety};
use crate::text;
use unicode_width::UnicodeWidthStr as _;

/// Topics are listed down to this rank in JSON.
const LISTED: usize = 50;

/// Below this relevance a topic is not shown to somebody with interests.
const LEAST_RELEVANCE: f64 = 0.15;
/// Of this substance a post is more than a remark.
const SAYS_SOMETHING: f64 = 0.3;
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
        10
    }

    fn items(&self, hearing: &Hearing) -> Vec<Item> {
        let mut found: Vec<(Item, variety::Candidate)> =
            hearing.world.topics.iter().filter_map(|spoken| consider(hearing, spoken)).collect();
        found.sort_by(|(a, _), (b, _)| {
            b.score.total_cmp(&a.score).then_with(|| a.identity.cmp(&b.identity))
        });
        let candidates: Vec<variety::Candidate> =
            found.iter().map(|(_, candidate)| candidate.clone()).collect();
        let chosen = variety::choose(&candidates, LISTED);
        chosen.into_iter().map(|at| found[at].0.clone()).collect()
    }
}

/// The gates, the lead, the score; `None` for a topic that is not for this digest.
fn consider(hearing: &Hearing, spoken: &Spoken) -> Option<(Item, variety::Candidate)> {
    let world = hearing.world;
    let state = spoken.state?;
    let all: Vec<&Heard> = spoken.topic.posts.iter().filter_map(|id| hearing.get(*id)).collect();
    let (mine, others): (Vec<&Heard>, Vec<&Heard>) =
        all.into_iter().partition(|heard| heard.voice.is_me());
    let newest = others.iter().map(|heard| heard.time()).max()?;
    if mine.iter().any(|heard| newest <= heard.time()) {
        return None;
    }
    let mut fresh: Vec<&Heard> = others
        .into_iter()
        .filter(|heard| world.is_new(heard.post) && !is_remark(heard.post))
        .collect();
    let worth: BTreeMap<PostId, f64> =
        fresh.iter().map(|heard| (heard.post.id, lead_worth(hearing, heard))).collect();
    let worth = |heard: &&Heard| worth[&heard.post.id];
    fresh.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.post.id.cmp(&b.post.id)));
    let lead = *fresh.first().filter(|lead| !lead.is_reply())?;
    if lead.relevance.as_ref().is_some_and(|relevant| relevant.value < LEAST_RELEVANCE) {
        return None;
    }
    let subject = Subject { lead, posts: fresh.clone(), burst: spoken.burst };
    let reasons = reasons(&subject, world.weights, world.now);
    debug_assert!(total(&reasons).is_finite());
    let posts = one_of_each_voice_first(&fresh);
    let identity = spoken.topic.id.to_string();
    let mut item = refs::item(hearing, identity, title(spoken, lead), &posts, reasons);
    item.state = state;
    item.facts = facts(hearing, spoken, &subject, state);
    item.person = lead.voice.is_known().then(|| lead.voice.to_ref());
    Some((item, candidate(spoken, lead)))
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

/// The lead, then the best post of each other voice, then the rest.
fn one_of_each_voice_first<'a, 'b>(posts: &[&'b Heard<'a>]) -> Vec<&'b Heard<'a>> {
    let mut seen = BTreeSet::new();
    let (mut first, rest): (Vec<_>, Vec<_>) =
        posts.iter().copied().partition(|heard| seen.insert(heard.voice.key.clone()));
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

/// `4 voices: Ines, Tomas, Priya · up 8x · Ines asks · no reply yet`.
fn facts(hearing: &Hearing, spoken: &Spoken, subject: &Subject, state: State) -> Vec<String> {
    let mut facts = Vec::new();
    facts.push(voices(hearing, subject));
    if state == State::Update {
        let news = spoken.news.as_deref().unwrap_or("news since");
        facts.push(text::shorten(news, NEWS));
    }
    facts.extend(spoken.burst.and_then(|burst| up(&burst)));
    if 0.5 <= subject.lead.ask {
        facts.push("asks".to_owned());
    }
    facts.extend(replies(subject.lead));
    facts
}

/// `Ines`, `Ines, Tomas`, `5 voices: Ines, Tomas`: the lead first, then followed people; of
/// strangers the place says more than the name. As many as fit.
fn voices(hearing: &Hearing, subject: &Subject) -> String {
    let mut posts: Vec<&Heard> = vec![subject.lead];
    posts.extend(&subject.posts);
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

fn candidate(spoken: &Spoken, lead: &Heard) -> variety::Candidate {
    let words = format!("{} {}", spoken.topic.label, excerpt::title(lead.post));
    variety::Candidate {
        person: lead.voice.key.clone(),
        source: (!lead.voice.is_known()).then(|| lead.post.feed.to_string()),
        terms: text::terms(&words, lead.post.language.as_deref()).into_iter().collect(),
    }
}
