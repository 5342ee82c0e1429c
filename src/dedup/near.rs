//! Near-identical texts: the same news under another address.
//!
//! A fingerprint finds candidates fast but is wrong too often to decide alone: among 16,361 real
//! posts, 1,944 pairs differed in 1 to 7 bits, and 337 of them were one text. So the texts of
//! candidates are compared.

use std::collections::BTreeSet;

use crate::model::Post;
use crate::text::{fingerprint, words};

/// Shorter texts (about 40 words) are alike by chance.
const FEWEST_LETTERS: usize = 200;

/// How many of the 64 bits of a candidate's fingerprint may differ.
const FARTHEST_BITS: u32 = 7;

/// Share of runs of three words that two texts have in common, of all that either has.
const SIMILAR: f64 = 0.8;

/// Returns the fingerprint of a post's text; `None` for a text too short to say.
pub fn print(post: &Post) -> Option<u64> {
    let long_enough = post.text.chars().nth(FEWEST_LETTERS - 1).is_some();
    long_enough.then(|| fingerprint(&post.text).bits()).flatten()
}

/// Returns four parts of a fingerprint, each with its place, to look candidates up by. Of
/// fingerprints that differ in three bits or fewer, one part at least is the same.
pub fn bands(print: u64) -> [u32; 4] {
    [0, 1, 2, 3].map(|place| {
        let sixteen = (print >> (16 * place)) as u16;
        (place << 16) | u32::from(sixteen)
    })
}

/// Says whether two fingerprints are near enough to compare the texts.
pub fn may_be_near(one: u64, other: u64) -> bool {
    (one ^ other).count_ones() <= FARTHEST_BITS
}

/// Says whether two texts are one text, a few words aside.
pub(super) fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let runs = |words: &'_ [crate::text::Word]| -> BTreeSet<[String; 3]> {
        let run = |three: &[crate::text::Word]| [0, 1, 2].map(|at| three[at].text.clone());
        words.windows(3).map(run).collect()
    };
    let (one, other) = (runs(&one), runs(&other));
    let common = one.intersection(&other).count();
    let all = one.len() + other.len() - common;
    all > 0 && common as f64 >= SIMILAR * all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: &str = "The city council voted on Tuesday to close the old harbor bridge for two \
                        years, after engineers found cracks in four of its pillars. Traffic will \
                        go over the northern bridge, which is to get a third lane before spring.";

    #[test]
    fn a_few_words_changed_are_the_same_text() {
        assert!(is_near(WIRE, &format!("{WIRE} (Reuters)")));
        assert!(is_near(WIRE, &WIRE.replace("Tuesday", "Wednesday")));
    }

    #[test]
    fn one_form_filled_in_twice_is_two_texts() {
        let other = WIRE.replace("bridge", "tunnel").replace("two years", "a week");
        assert!(!is_near(WIRE, &other));
    }

    #[test]
    fn near_fingerprints_share_a_band() {
        let print = 0x0123_4567_89ab_cdef;
        let near = print ^ (1 << 3) ^ (1 << 20) ^ (1 << 60);
        assert!(bands(print).iter().zip(bands(near)).any(|(a, b)| *a == b));
        assert!(may_be_near(print, near) && !may_be_near(print, !print));
    }
}
