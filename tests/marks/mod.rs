//! What the user said of items is honored by every section of the digests after it.

mod days;
mod kept;

use bellwether::agenda::Shown;
use bellwether::model::{Digest, Item, Mark, MarkKind, Post, PostId, SectionKind, State, TopicId};
use jiff::{SignedDuration, Timestamp};

use crate::support::morning::{Morning, NOW};
use crate::support::posts::at;

const FINDING: &str = "We moved the segment merges to a queue of their own and the tail of our \
    latencies fell by half, which nobody here expected from so small a change to the writer.";
const ASK: &str =
    "We ship a small index with every build. Does anyone know how to measure BM25F there?";

fn items(digest: &Digest, kind: SectionKind) -> Vec<Item> {
    let section = digest.sections.iter().find(|section| section.kind == kind);
    section.map_or(Vec::new(), |section| section.items.clone())
}

fn ago(hours: i64) -> Timestamp {
    at(NOW) - SignedDuration::from_hours(hours)
}

/// What the user says of `item` an hour before the digest; later words have larger numbers.
fn said(morning: &mut Morning, kind: MarkKind, section: SectionKind, item: &Item) {
    let intent = morning.marks.len() as i64 + 1;
    morning.marks.push(Mark {
        intent,
        at: ago(1),
        kind,
        undone: false,
        item: item.id.clone(),
        identity: item.identity.clone(),
        section: Some(section),
        title: item.title.clone(),
        url: Some(item.url.clone()),
        posts: item.posts.iter().map(|post| post.id).collect(),
        people: Vec::new(),
        until: None,
    });
}

/// Postpones `item` until so many hours before the digest (negative: after it).
fn snoozed(morning: &mut Morning, section: SectionKind, item: &Item, until_ago: i64) {
    said(morning, MarkKind::Snooze, section, item);
    let mark = morning.marks.last_mut().unwrap();
    mark.until = Some(ago(until_ago));
    mark.at = ago(until_ago.max(0) + 48);
}

fn first(morning: &Morning, section: SectionKind) -> Item {
    items(&morning.digest(), section).remove(0)
}

/// A morning with one item in each section: Ana waits, Ines tells a finding, Tomas asks, and two
/// name Jun.
fn one_of_each() -> Morning {
    let mut morning = Morning::quiet();
    morning.write("mara", "left", 50, "Why we left our search cluster", "It was too large.");
    morning.note("planet", "ana", 19, "How did you handle synonyms?");
    morning.last().in_reply_to = Some("mara.example/left".into());
    morning.last().author.name = "Ana Reyes".into();
    morning.note("ines", "merges", 5, FINDING);
    morning.topic(&[("ines", "merges")], 1, 0.1);
    morning.note("tomas", "ask", 5, ASK);
    for who in ["ines", "tomas"] {
        morning.note(who, "jun", 6, "Read @jun@search.example on columns that are read lazily.");
    }
    morning
}

const MADE: [SectionKind; 4] =
    [SectionKind::Waiting, SectionKind::Topics, SectionKind::Asks, SectionKind::Voices];

#[test]
fn what_is_done_is_gone_and_all_else_stays() {
    for section in MADE {
        let mut morning = one_of_each();
        let item = first(&morning, section);
        said(&mut morning, MarkKind::Done, section, &item);
        for other in MADE {
            let left = items(&morning.digest(), other).len();
            assert_eq!(left, usize::from(other != section), "{section:?} {other:?}");
        }
        morning.marks[0].undone = true;
        assert_eq!(items(&morning.digest(), section).len(), 1, "{section:?} was taken back");
    }
}

#[test]
fn what_is_done_is_done_in_every_section_that_it_leads() {
    let mut morning = Morning::quiet();
    morning.note("tomas", "ask", 5, ASK);
    let ask = first(&morning, SectionKind::Asks);
    morning.topic(&[("tomas", "ask")], 1, 0.1);
    let topic = first(&morning, SectionKind::Topics);
    for (section, item) in [(SectionKind::Asks, ask), (SectionKind::Topics, topic)] {
        morning.marks.clear();
        said(&mut morning, MarkKind::Done, section, &item);
        assert!(morning.digest().sections.is_empty(), "{section:?}");
    }
}

#[test]
fn a_topic_led_by_a_post_that_is_done_comes_with_news_only() {
    let mut morning = Morning::quiet();
    morning.note("tomas", "ask", 5, ASK);
    let ask = first(&morning, SectionKind::Asks);
    said(&mut morning, MarkKind::Done, SectionKind::Asks, &ask);
    morning.topic(&[("tomas", "ask")], 1, 0.1);
    morning.topics[0].state = Some(State::Update);
    assert_eq!(items(&morning.digest(), SectionKind::Topics).len(), 1);
}

#[test]
fn what_is_snoozed_is_hidden_until_then_and_comes_back_though_nothing_happened() {
    for section in MADE {
        let mut morning = one_of_each();
        let item = first(&morning, section);
        // Shown often enough not to be shown again by itself.
        for days in 2..6 {
            let (kind, identity, lead) = (section, item.identity.clone(), None);
            morning.shown.push(Shown { kind, identity, lead, at: ago(24 * days) });
        }
        morning.topics[0].state = None;
        snoozed(&mut morning, section, &item, -1);
        assert!(items(&morning.digest(), section).is_empty(), "{section:?}");
        morning.marks.clear();
        snoozed(&mut morning, section, &item, 2);
        let back = items(&morning.digest(), section);
        assert_eq!(back.len(), 1, "{section:?}");
        assert!(back[0].facts.contains(&"snoozed until today".to_owned()), "{:?}", back[0].facts);
        assert_eq!(back[0].state, State::Open, "{section:?}");
    }
}

#[test]
fn what_came_back_from_a_snooze_is_as_before_once_it_was_shown() {
    let mut morning = one_of_each();
    let item = first(&morning, SectionKind::Topics);
    snoozed(&mut morning, SectionKind::Topics, &item, 30);
    let facts = first(&morning, SectionKind::Topics).facts;
    assert!(facts.contains(&"snoozed until yesterday".to_owned()), "{facts:?}");
    let (kind, identity) = (SectionKind::Topics, item.identity.clone());
    morning.shown.push(Shown { kind, identity, lead: None, at: ago(24) });
    morning.topics[0].state = None;
    assert!(items(&morning.digest(), SectionKind::Topics).is_empty());
}

#[test]
fn a_topic_that_comes_back_tells_posts_of_before_the_period_as_well() {
    let mut morning = Morning::quiet();
    morning.note("ines", "merges", 50, FINDING);
    morning.topic(&[("ines", "merges")], 1, 0.1);
    assert!(items(&morning.digest(), SectionKind::Topics).is_empty());
    let id = morning.topics[0].topic.id.to_string();
    let mut other = one_of_each();
    let item = Item { identity: id, ..first(&other, SectionKind::Topics) };
    other.marks.clear();
    snoozed(&mut morning, SectionKind::Topics, &item, 2);
    morning.topics[0].state = None;
    assert_eq!(items(&morning.digest(), SectionKind::Topics).len(), 1);
}

#[test]
fn of_done_and_snooze_the_later_word_counts() {
    let mut morning = one_of_each();
    let item = first(&morning, SectionKind::Asks);
    said(&mut morning, MarkKind::Done, SectionKind::Asks, &item);
    snoozed(&mut morning, SectionKind::Asks, &item, 2);
    assert_eq!(items(&morning.digest(), SectionKind::Asks).len(), 1);
    said(&mut morning, MarkKind::Done, SectionKind::Asks, &item);
    assert!(items(&morning.digest(), SectionKind::Asks).is_empty());
    morning.marks.reverse();
    assert!(items(&morning.digest(), SectionKind::Asks).is_empty());
}

#[test]
fn a_save_changes_no_digest() {
    let mut morning = Morning::busy();
    let before = morning.digest();
    for (section, item) in before.shown() {
        said(&mut morning, MarkKind::Save, section.kind, item);
    }
    assert_eq!(morning.digest(), before);
}

/// The posts that any section of the digest tells of.
fn told(digest: &Digest) -> Vec<PostId> {
    let items = digest.sections.iter().flat_map(|section| &section.items);
    items.flat_map(|item| item.posts.iter().map(|post| post.id)).collect()
}

#[test]
fn a_muted_thread_is_in_no_section_whoever_goes_on_with_it() {
    let mut morning = one_of_each();
    let ana = first(&morning, SectionKind::Waiting);
    morning.note("planet", "ben", 3, "And what did you do about stemming? Does anyone know?");
    morning.last().in_reply_to = Some("planet.example/ana".into());
    morning.last().mentions = vec![morning.people[0].handles[0].clone()];
    let ben = morning.last().id;
    assert!(told(&morning.digest()).contains(&ben));
    said(&mut morning, MarkKind::Mute, SectionKind::Waiting, &ana);
    assert!(items(&morning.digest(), SectionKind::Waiting).is_empty());
    assert!(!told(&morning.digest()).contains(&ben));
    assert_eq!(items(&morning.digest(), SectionKind::Topics).len(), 1, "the rest stays");
}

#[test]
fn a_muted_story_is_in_no_section_whoever_tells_it() {
    let mut morning = one_of_each();
    let ask = first(&morning, SectionKind::Asks);
    said(&mut morning, MarkKind::Mute, SectionKind::Asks, &ask);
    morning.note("planet", "copy", 2, ASK);
    let copy = morning.last().id;
    assert!(told(&morning.digest()).contains(&copy));
    morning.stories.insert(copy, ask.posts[0].id);
    assert!(!told(&morning.digest()).contains(&copy));
}

#[test]
fn a_muted_topic_hides_its_posts_in_every_section() {
    let mut morning = Morning::quiet();
    morning.note("tomas", "ask", 5, ASK);
    morning.note("ines", "merges", 5, FINDING);
    morning.topic(&[("ines", "merges"), ("tomas", "ask")], 2, 0.1);
    let topic = first(&morning, SectionKind::Topics);
    said(&mut morning, MarkKind::Mute, SectionKind::Topics, &topic);
    // On a later day it goes on under its id, with an ask that was not there before.
    morning.note("priya", "ask", 1, "Has anyone here moved merges to a queue on a small machine?");
    morning.topics[0].topic.posts.push(PostId::new(&["priya", "ask"]));
    morning.topics[0].state = Some(State::Update);
    assert!(morning.digest().sections.is_empty());
    // Or parts in two, of which one gets another id.
    let posts = morning.topics[0].topic.posts.clone();
    morning.topics[0].topic.posts = posts[..1].to_vec();
    morning.topic(&[("tomas", "ask"), ("priya", "ask"), ("ines", "merges")], 3, 0.1);
    morning.topics[1].topic.id = TopicId::new(&["another"]);
    assert!(morning.digest().sections.is_empty());
}

#[test]
fn a_muted_voice_is_heard_nowhere() {
    let mut morning = one_of_each();
    let jun = first(&morning, SectionKind::Voices);
    said(&mut morning, MarkKind::Mute, SectionKind::Voices, &jun);
    assert!(items(&morning.digest(), SectionKind::Voices).is_empty());
    morning.note("planet", "jun-asks", 2, "Does anyone read columns lazily on spinning disks?");
    let handle = bellwether::model::Handle::new("mastodon", "jun@search.example");
    morning.last().author.handles = vec![handle.clone()];
    let own = morning.last().id;
    morning.note("priya", "boost", 2, "Does anyone read columns lazily on small computers?");
    morning.last().repost_of = Some(handle.as_str().into());
    let boost = morning.last().id;
    let told = told(&morning.digest());
    assert!(!told.contains(&own) && !told.contains(&boost));
    morning.marks.clear();
    assert!(self::told(&morning.digest()).contains(&own));
}

#[test]
fn my_own_words_in_a_muted_thread_still_tell_what_i_answered() {
    let mut morning = one_of_each();
    let ana = first(&morning, SectionKind::Waiting);
    said(&mut morning, MarkKind::Mute, SectionKind::Waiting, &ana);
    morning.write(
        "planet",
        "link",
        3,
        "Leaving clusters",
        "Read why Mara left theirs, it is good.",
    );
    morning.last().links = vec!["mara.example/left".into()];
    let link: Post = morning.last().clone();
    let waiting = items(&morning.digest(), SectionKind::Waiting);
    assert_eq!(waiting.len(), 1, "a link to my post is another thread");
    assert_eq!(waiting[0].identity, link.id.to_string());
}
