//! How many people speak of it, and how much they count.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Scored, Signal};
use crate::rank::{Heard, Subject};

/// What a boost counts beside an own post.
const BOOST: f64 = 0.5;
/// What an answer to somebody counts beside an own post: it was written for one reader.
const REPLY: f64 = 0.5;
/// What all strangers together count at most: a crowd in a venue is not a crowd of my people.
const STRANGERS: f64 = 0.5;
/// As many voices are named before the rest is counted.
const NAMED: usize = 4;

/// 1 − exp(−½ Σ weight · kind), the best post of each person: saturates, so that a hundred
/// voices are not ten times ten.
pub(super) struct Voices;

impl Signal for Voices {
    fn name(&self) -> &'static str {
        "voices"
    }

    fn doc(&self) -> &'static str {
        "how many people speak of it, each counted once, by their circles' weights"
    }

    fn weight(&self) -> f64 {
        0.18
    }

    fn neutral(&self) -> f64 {
        0.0
    }

    fn value(&self, subject: &Subject, _now: Timestamp) -> Scored {
        let best = best(&subject.posts);
        let sum_of = |known: bool| -> f64 {
            let some = best.iter().filter(|(heard, _)| heard.voice.is_known() == known);
            some.map(|(_, worth)| worth).sum()
        };
        let sum = sum_of(true) + sum_of(false).min(STRANGERS);
        Scored::new(1.0 - (-0.5 * sum).exp(), told(&best))
    }
}

/// Returns each voice once with what it counts, the weightiest first; ties by key.
pub(in crate::rank) fn best<'a>(posts: &[&'a Heard<'a>]) -> Vec<(&'a Heard<'a>, f64)> {
    let mut voices: BTreeMap<&str, (&Heard, f64)> = BTreeMap::new();
    for heard in posts {
        let worth = heard.voice.weight() * kind(heard);
        let known = voices.entry(&heard.voice.key).or_insert((heard, worth));
        if known.1 < worth {
            *known = (heard, worth);
        }
    }
    let mut all: Vec<_> = voices.into_values().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.voice.key.cmp(&b.0.voice.key)));
    all
}

fn kind(heard: &Heard) -> f64 {
    if heard.post.repost_of.is_some() {
        BOOST
    } else if heard.is_reply() {
        REPLY
    } else {
        1.0
    }
}

fn told(best: &[(&Heard, f64)]) -> String {
    let names: Vec<&str> = best.iter().take(NAMED).map(|(heard, _)| &*heard.voice.name).collect();
    let count = match best.len() {
        1 => "1 voice".to_owned(),
        many => format!("{many} voices"),
    };
    match best.len().saturating_sub(NAMED) {
        0 => format!("{count}: {}", names.join(", ")),
        more => format!("{count}: {} and {more} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::samples::{Room, close};

    #[test]
    fn many_posts_of_one_person_are_one_voice() {
        let room = Room::new(&[("ines", "a"), ("ines", "b"), ("ines", "c")]);
        let once = Room::new(&[("ines", "a")]);
        assert_eq!(room.value(&Voices).value, once.value(&Voices).value);
        assert_eq!(room.value(&Voices).text, "1 voice: Ines");
    }

    #[test]
    fn each_followed_person_counts_by_their_weight() {
        close(Room::new(&[("ines", "a")]).value(&Voices).value, 1.0 - (-0.15f64).exp());
        close(
            Room::new(&[("ines", "a"), ("tomas", "b")]).value(&Voices).value,
            1.0 - (-0.3f64).exp(),
        );
    }

    #[test]
    fn a_crowd_of_strangers_is_no_crowd_of_my_people() {
        let names: Vec<String> = (0..40).map(|at| format!("jun{at}")).collect();
        let crowd: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "a")).collect();
        let friends = Room::new(&[("ines", "a"), ("tomas", "b")]).value(&Voices).value;
        assert!(Room::new(&crowd).value(&Voices).value < friends);
    }

    #[test]
    fn a_reply_counts_half_and_a_stranger_a_third() {
        let own = Room::new(&[("ines", "a")]).value(&Voices).value;
        let reply = Room::new(&[("ines", "@jun yes")]).value(&Voices).value;
        let stranger = Room::new(&[("jun", "a")]).value(&Voices).value;
        assert!(stranger < reply && reply < own);
    }
}
