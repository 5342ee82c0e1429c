//! What belongs in which section, and what does not.

use bellwether::agenda::{Mute, Shown};
use bellwether::model::{Digest, Handle, Item, PostId, SectionKind, State};
use bellwether::query;
use bellwether::rank::Interest;
use jiff::SignedDuration;

use crate::support::morning::{Morning, NOW};
use crate::support::posts::at;

const FINDING: &str = "We moved the segment merges to a queue of their own and the tail of our \
    latencies fell by half, which nobody here expected from so small a change to the writer.";

fn items(digest: &Digest, kind: SectionKind) -> Vec<Item> {
    let section = digest.sections.iter().find(|section| section.kind == kind);
    section.map_or(Vec::new(), |section| section.items.clone())
}

fn topics(morning: &Morning) -> Vec<Item> {
    items(&morning.digest(), SectionKind::Topics)
}

fn asks(morning: &Morning) -> Vec<Item> {
    items(&morning.digest(), SectionKind::Asks)
}

/// A morning with one topic: Ines tells a finding.
fn one_topic() -> Morning {
    let mut morning = Morning::quiet();
    morning.note("ines", "merges", 5, FINDING);
    morning.topic(&[("ines", "merges")], 1, 0.1);
    morning
}

/// A morning with one ask, of Tomas.
fn one_ask() -> Morning {
    let mut morning = Morning::quiet();
    let ask =
        "We ship a small index with every build. Does anyone know how to measure BM25F there?";
    morning.note("tomas", "ask", 5, ask);
    morning
}

#[test]
fn a_finding_of_a_followed_person_is_a_topic() {
    let topics = topics(&one_topic());
    assert_eq!(topics.len(), 1);
    assert_eq!(topics[0].facts, ["Ines Okafor"]);
    assert!(topics[0].title.starts_with("We moved the segment merges"));
}

#[test]
fn a_topic_that_i_spoke_on_last_is_not_shown() {
    let mut morning = one_topic();
    morning.note("mara", "mine", 1, "We saw the same with our merges, by a third.");
    let mine = PostId::new(&["mara", "mine"]);
    morning.topics[0].topic.posts.push(mine);
    assert!(topics(&morning).is_empty());
    morning.note("tomas", "later", 0, FINDING);
    morning.topics[0].topic.posts.push(PostId::new(&["tomas", "later"]));
    assert_eq!(topics(&morning).len(), 1, "somebody spoke after me");
}

#[test]
fn a_topic_shown_before_comes_back_only_with_news() {
    let mut morning = one_topic();
    morning.topics[0].state = None;
    assert!(topics(&morning).is_empty());
    morning.topics[0].state = Some(State::Update);
    morning.topics[0].news = Some("3 joined since".into());
    let shown = topics(&morning);
    assert_eq!(shown[0].state, State::Update);
    assert!(shown[0].facts.contains(&"3 joined since".to_owned()));
}

#[test]
fn posts_before_the_period_lead_no_topic() {
    let mut morning = one_topic();
    morning.last().seen = at(NOW) - SignedDuration::from_hours(25);
    assert!(topics(&morning).is_empty());
}

#[test]
fn an_answer_to_somebody_leads_no_topic() {
    let mut morning = one_topic();
    morning.last().text = format!("@jun@search.example {FINDING}");
    assert!(topics(&morning).is_empty());
}

#[test]
fn muted_posts_are_in_no_section() {
    let mut morning = one_ask();
    morning.topic(&[("tomas", "ask")], 1, 0.1);
    morning.mute = Mute { phrases: vec!["small index".into()], ..Mute::default() };
    assert!(morning.digest().nothing.is_some());
}

#[test]
fn relevance_is_a_gate_only_for_somebody_with_interests() {
    let mut morning = one_topic();
    let interest = |text: &str| Interest {
        name: text.into(),
        query: query::parse(text).unwrap(),
        weight: 1.0,
    };
    morning.interests = vec![interest("gardening")];
    assert!(topics(&morning).is_empty());
    morning.interests = vec![interest("gardening"), interest("\"segment merges\"")];
    let shown = topics(&morning);
    assert_eq!(shown[0].reasons[0].text, "\"segment merges\"");
}

#[test]
fn four_voices_outrank_forty_posts_of_one() {
    let mut morning = Morning::quiet();
    let mut loud: Vec<String> = Vec::new();
    for at in 0..40 {
        let guid = format!("loud{at}");
        morning.note("ines", &guid, 2, &format!("QueryCon day one, part {at}: {FINDING}"));
        loud.push(guid);
    }
    let loud: Vec<(&str, &str)> = loud.iter().map(|guid| ("ines", guid.as_str())).collect();
    morning.topic(&loud, 1, 0.1);
    for who in ["ines", "tomas", "priya", "planet"] {
        morning.note(who, "cache", 3, &format!("The cache is gone. {FINDING}"));
    }
    let many = ["ines", "tomas", "priya", "planet"].map(|who| (who, "cache"));
    morning.topic(&many, 4, 0.3);
    assert!(topics(&morning)[0].title.starts_with("The cache is gone"));
}

#[test]
fn one_person_leads_two_topics_at_most() {
    let mut morning = Morning::quiet();
    for theme in ["merges", "columns", "synonyms", "vectors"] {
        morning.note("ines", theme, 2, &format!("{theme} {theme}: {}", theme.repeat(9)));
        morning.topic(&[("ines", theme)], 1, 0.1);
    }
    assert_eq!(topics(&morning).len(), 2);
}

#[test]
fn an_open_question_is_an_ask_until_a_crowd_answered() {
    let mut morning = one_ask();
    assert_eq!(asks(&morning).len(), 1);
    morning.count("tomas", "ask", 10, 0);
    assert_eq!(asks(&morning)[0].facts, ["10 replies"]);
    morning.count("tomas", "ask", 11, 0);
    assert!(asks(&morning).is_empty());
}

#[test]
fn an_ask_is_over_after_seven_days() {
    let mut morning = one_ask();
    for (hours, count) in [(7 * 24, 1), (7 * 24 + 1, 0)] {
        let when = at(NOW) - SignedDuration::from_hours(hours);
        morning.last().published = Some(when);
        morning.last().seen = when;
        assert_eq!(asks(&morning).len(), count, "{hours}");
    }
}

#[test]
fn an_ask_is_shown_in_three_digests_at_most() {
    let mut morning = one_ask();
    let identity = PostId::new(&["tomas", "ask"]).to_string();
    for shown in 0..4 {
        assert_eq!(asks(&morning).len(), usize::from(shown < 3), "{shown}");
        let shown_at = at(NOW) - SignedDuration::from_hours(24 * shown);
        let kind = SectionKind::Asks;
        morning.shown.push(Shown { kind, identity: identity.clone(), lead: None, at: shown_at });
    }
}

#[test]
fn what_leads_a_topic_is_not_said_twice() {
    let mut morning = one_ask();
    morning.topic(&[("tomas", "ask")], 1, 0.1);
    assert_eq!((topics(&morning).len(), asks(&morning).len()), (1, 0));
}

/// A morning on which Ana answers a post of Mara's.
fn answered() -> Morning {
    let mut morning = Morning::quiet();
    morning.write("mara", "left", 50, "Why we left our search cluster", "It was too large.");
    morning.note("planet", "ana", 19, "How did you handle synonyms?");
    morning.last().in_reply_to = Some("mara.example/left".into());
    morning.last().author.name = "Ana Reyes".into();
    morning
}

fn waiting(morning: &Morning) -> Vec<Item> {
    items(&morning.digest(), SectionKind::Waiting)
}

#[test]
fn whoever_answers_me_waits_until_i_answer() {
    let mut morning = answered();
    let waits = waiting(&morning);
    assert!(waits[0].title.starts_with("Ana Reyes (new to you)"), "{}", waits[0].title);
    morning.note("mara", "reply", 1, "With a list of our own.");
    morning.last().in_reply_to = Some("planet.example/ana".into());
    assert!(waiting(&morning).is_empty());
}

#[test]
fn nobody_waits_longer_than_a_fortnight_or_for_somebody_without_a_name() {
    let mut old = answered();
    old.last().published = Some(at(NOW) - SignedDuration::from_hours(15 * 24));
    assert!(waiting(&old).is_empty());
    let mut nobody = answered();
    nobody.people.retain(|person| person.slug != "me");
    assert!(waiting(&nobody).is_empty());
}

/// A morning on which so many followed people name Jun.
fn named(by: &[&str]) -> Morning {
    let mut morning = Morning::quiet();
    for who in by {
        morning.note(who, "jun", 6, "Read @jun@search.example on columns that are read lazily.");
    }
    morning
}

fn voices(morning: &Morning) -> Vec<Item> {
    items(&morning.digest(), SectionKind::Voices)
}

#[test]
fn a_new_voice_has_two_people_who_name_it() {
    assert!(voices(&named(&["ines"])).is_empty());
    assert!(voices(&named(&["ines", "planet"])).is_empty(), "strangers do not count");
    let two = voices(&named(&["ines", "tomas"]));
    assert_eq!(two[0].title, "@jun@search.example");
    assert_eq!(two[0].facts, ["named by Ines Okafor, Tomas Brandt"]);
}

#[test]
fn a_voice_that_is_muted_followed_or_lately_shown_is_not_new() {
    let jun = Handle::new("mastodon", "jun@search.example");
    let mut muted = named(&["ines", "tomas"]);
    muted.mute.handles.push(jun.clone());
    assert!(voices(&muted).is_empty());
    let mut followed = named(&["ines", "tomas"]);
    followed.people[3].handles.push(jun.clone());
    assert!(voices(&followed).is_empty());
    let mut shown = named(&["ines", "tomas"]);
    let lately = at(NOW) - SignedDuration::from_hours(29 * 24);
    let identity = jun.as_str().to_owned();
    shown.shown.push(Shown { kind: SectionKind::Voices, identity, lead: None, at: lately });
    assert!(voices(&shown).is_empty());
}
