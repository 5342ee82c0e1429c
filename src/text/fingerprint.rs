//! Near-identical texts: a simhash (Charikar 2002) of words and pairs of words.

use super::Kind;
use super::words::{first_words, hash};

/// Texts with fewer words have no fingerprint: too little to tell two of them apart.
const FEWEST_WORDS: usize = 8;

/// Words that are looked at: two texts with that much in common are one.
const MOST_WORDS: usize = 600;

/// What a text is like, in 64 bits; none for a text too short to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(Option<u64>);

impl Fingerprint {
    /// The 64 bits, as an archive keeps them; the same for the same text on every machine.
    pub fn bits(&self) -> Option<u64> {
        self.0
    }

    /// Returns 1 − d/32 where the two differ in d of 64 bits, at least 0: 1 for the same words,
    /// near 0 for unrelated texts, .8 and more for one text with a few words changed. 0 where
    /// either text was too short.
    pub fn similarity(&self, other: &Fingerprint) -> f32 {
        match (self.0, other.0) {
            (Some(a), Some(b)) => (1.0 - (a ^ b).count_ones() as f32 / 32.0).max(0.0),
            _ => 0.0,
        }
    }
}

/// Returns the fingerprint of the words of `text`; its URLs and handles do not count, nor do
/// case, punctuation and white space.
pub fn fingerprint(text: &str) -> Fingerprint {
    let found: Vec<_> = first_words(text, MOST_WORDS)
        .into_iter()
        .filter(|word| word.kind != Kind::Handle)
        .collect();
    if found.len() < FEWEST_WORDS {
        return Fingerprint(None);
    }
    let mut sums = [0_i32; 64];
    let mut add = |feature: u64| {
        for (bit, sum) in sums.iter_mut().enumerate() {
            *sum += (feature >> bit & 1) as i32 * 2 - 1;
        }
    };
    let hashes: Vec<u64> = found.iter().map(|word| hash(word.text.as_bytes())).collect();
    hashes.iter().for_each(|&word| add(word));
    for pair in hashes.windows(2) {
        let both = [pair[0].to_le_bytes(), pair[1].to_le_bytes()].concat();
        add(hash(&both));
    }
    let bits = sums.iter().enumerate().filter(|(_, sum)| **sum > 0);
    Fingerprint(Some(bits.fold(0, |all, (bit, _)| all | 1 << bit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Tantivy 0.26 drops the fast-field cache, and I would love numbers from \
                        anyone who runs it with more than fifty million documents";

    #[test]
    fn case_punctuation_and_links_do_not_matter() {
        let other = format!("{}!! https://t.example/x", TEXT.to_uppercase());
        assert_eq!(fingerprint(TEXT).similarity(&fingerprint(&other)), 1.0);
    }

    #[test]
    fn one_word_changed_is_near_and_another_text_is_far() {
        let near = fingerprint(&TEXT.replace("love", "like"));
        assert!(fingerprint(TEXT).similarity(&near) >= 0.75);
        let far = fingerprint("We planted three apple trees behind the old house last October");
        assert!(fingerprint(TEXT).similarity(&far) < 0.5);
    }

    #[test]
    fn a_text_too_short_to_say_is_like_nothing() {
        assert_eq!(fingerprint("Merry Christmas!"), Fingerprint::default());
        assert_eq!(fingerprint("hi").similarity(&fingerprint("hi")), 0.0);
    }
}
