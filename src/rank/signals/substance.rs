//! Whether the lead says something by itself.

use jiff::Timestamp;

use super::{Scored, Signal};
use crate::rank::{Heard, Subject};
use crate::text::is_unspaced;

/// So many own words are half of what length can give.
const HALF_WORDS: f64 = 40.0;
/// What is left of an answer to somebody: it was written for one reader who knows the rest.
const REPLY: f64 = 0.15;
/// What is left of a boost: the words are another's.
const BOOST: f64 = 0.5;
/// What is left of a post that leads no further: neither a title nor a link.
const LENGTH: f64 = 0.8;
/// A word of a title says as much as so many of a text.
const TITLE: f64 = 2.0;

/// Own words against noise: length, a title or link, and not being a mere answer.
pub(super) struct Substance;

impl Signal for Substance {
    fn name(&self) -> &'static str {
        "substance"
    }

    fn doc(&self) -> &'static str {
        "whether its lead says something by itself: own words, a title or link, no mere answer"
    }

    fn weight(&self) -> f64 {
        0.14
    }

    fn neutral(&self) -> f64 {
        0.5
    }

    fn value(&self, subject: &Subject, _now: Timestamp) -> Scored {
        let words = own_words(&subject.lead.post.text);
        let what = if subject.lead.is_reply() { ", an answer to somebody" } else { "" };
        Scored::new(of(subject.lead), format!("{words} words{what}"))
    }
}

/// Returns how much one post says by itself, in 0..=1.
pub fn of(heard: &Heard) -> f64 {
    let post = heard.post;
    let title = if has_title(heard) { TITLE * own_words(post.heading()) as f64 } else { 0.0 };
    let words = own_words(&post.text) as f64 + title;
    let leads = !post.links.is_empty() || title > 0.0;
    let whole = words / (words + HALF_WORDS) * if leads { 1.0 } else { LENGTH };
    let reply = if heard.is_reply() { REPLY } else { 1.0 };
    let boost = if post.repost_of.is_some() { BOOST } else { 1.0 };
    whole * reply * boost
}

/// A title that is more than the beginning of the text.
fn has_title(heard: &Heard) -> bool {
    let text = heard.post.text.trim_start();
    heard.post.title.as_deref().is_some_and(|title| {
        let start: String = title.trim_end_matches(['.', '…', ' ']).chars().take(40).collect();
        !start.is_empty() && !text.starts_with(&start)
    })
}

/// Returns the number of words that are no address, no name of somebody and no tag. Where a
/// script puts no space between words, two characters are about one.
pub fn own_words(text: &str) -> usize {
    let own = text.split_whitespace().filter(|word| {
        !word.starts_with(['@', '#'])
            && !word.contains("://")
            && word.chars().any(char::is_alphanumeric)
    });
    own.map(|word| (word.chars().filter(|&c| is_unspaced(c)).count() / 2).max(1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::samples::Room;

    fn substance(text: &str) -> f64 {
        Room::new(&[("ines", text)]).value(&Substance).value
    }

    const LONG: &str = "we moved the segment merges to a queue of their own and the tail of our \
        latencies fell by half, which we did not expect from so small a change";

    #[test]
    fn a_cheer_weighs_less_than_a_finding() {
        assert!(substance("congrats!") < 0.1);
        assert!(substance(LONG) > 0.3);
    }

    #[test]
    fn the_same_words_as_an_answer_weigh_less() {
        assert!(substance(&format!("@jun {LONG}")) < substance(LONG) / 2.0);
    }

    #[test]
    fn names_tags_and_addresses_are_no_words() {
        assert_eq!(own_words("@jun #rust https://a.example/b !! yes"), 1);
    }

    #[test]
    fn a_sentence_without_spaces_is_more_than_one_word() {
        assert_eq!(own_words("我们把索引的合并移到了单独的队列"), 8);
        assert_eq!(own_words("전문 검색을"), 2);
    }
}
