//! A post as a direction: its terms, each weighted by how much it tells.

use std::collections::BTreeMap;

use super::{Doc, Settings};
use crate::text;

/// Names and numbers tell more of what a post is about than other words.
const PROPER: f32 = 2.0;

/// A word of the title counts as so many words of the text.
const TITLE: f32 = 2.0;

/// −ln of the share of earlier posts above which a term tells nothing: 13.5 %.
const USUAL: f32 = 2.0;

/// −ln of the share of earlier posts below which a term tells everything: .25 %.
const UNUSUAL: f32 = 6.0;

/// Earlier posts below which nothing is known of what is usual.
const FEWEST_BEFORE: usize = 300;

/// Terms with weights, sorted by term; of length 1, or empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vector(pub(super) Vec<(u32, f32)>);

impl Vector {
    /// Returns the sum of the products over shared terms: for two vectors of length 1 the cosine
    /// of their angle, in 0..=1.
    pub fn dot(&self, other: &Vector) -> f32 {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut sum = 0.0;
        while let (Some(&&(x, v)), Some(&&(y, w))) = (a.peek(), b.peek()) {
            if x == y {
                sum += v * w;
            }
            if x <= y {
                a.next();
            }
            if y <= x {
                b.next();
            }
        }
        sum
    }

    /// Returns its length.
    pub(super) fn length(&self) -> f32 {
        self.0.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt()
    }

    /// Adds `other` to it.
    pub(super) fn add(&mut self, other: &Vector) {
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        loop {
            match (a.peek(), b.peek()) {
                (Some(&&(x, v)), Some(&&(y, w))) if x == y => {
                    sum.push((x, v + w));
                    a.next();
                    b.next();
                }
                (Some(&&(x, v)), Some(&&(y, _))) if x < y => {
                    sum.push((x, v));
                    a.next();
                }
                (_, Some(&&(y, w))) => {
                    sum.push((y, w));
                    b.next();
                }
                (Some(&&(x, v)), None) => {
                    sum.push((x, v));
                    a.next();
                }
                (None, None) => break,
            }
        }
        self.0 = sum;
    }
}

/// All terms seen so far, with the number of posts that hold each.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    numbers: BTreeMap<String, u32>,
    posts_with: Vec<u32>,
    posts: u32,
    /// For each term how much it tells beside its rarity, in 0..=1, by the posts before; 1 for
    /// later terms.
    telling: Vec<f32>,
}

impl Vocabulary {
    /// Learns what is usual. Too few posts teach nothing of it.
    pub(super) fn after(before: &[Doc], settings: &Settings) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for doc in before {
            vocabulary.learn(doc, settings);
        }
        if before.len() >= FEWEST_BEFORE {
            let share = |with: &u32| *with as f32 / before.len() as f32;
            vocabulary.telling = vocabulary.posts_with.iter().map(|w| telling(share(w))).collect();
        }
        vocabulary
    }

    /// Counts the post and returns its vector, by the frequencies up to and with it.
    pub(super) fn learn(&mut self, doc: &Doc, settings: &Settings) -> Vector {
        let counts = self.counts(doc, settings);
        self.posts += 1;
        for &(term, _) in &counts {
            self.posts_with[term as usize] += 1;
        }
        self.weigh(&counts)
    }

    /// Returns the vector of a post that is not counted; terms never learned are left out.
    pub(super) fn look(&self, doc: &Doc, settings: &Settings) -> Vector {
        self.weigh(&count(doc, settings, |term| self.numbers.get(&term).copied()))
    }

    fn counts(&mut self, doc: &Doc, settings: &Settings) -> Vec<(u32, Count)> {
        let (numbers, posts_with) = (&mut self.numbers, &mut self.posts_with);
        count(doc, settings, |term| {
            let next = posts_with.len() as u32;
            let number = *numbers.entry(term).or_insert(next);
            if number == next {
                posts_with.push(0);
            }
            Some(number)
        })
    }

    /// Weighs each term by (1 + ln count) · ln((1 + posts) / (posts with it)), its looks, and how
    /// unusual it was before.
    fn weigh(&self, counts: &[(u32, Count)]) -> Vector {
        let weights = counts.iter().map(|&(term, count)| {
            let with = self.posts_with[term as usize].max(1);
            let rarity = ((1.0 + self.posts as f32) / with as f32).ln();
            let looks = if count.proper { PROPER } else { 1.0 };
            let telling = self.telling.get(term as usize).copied().unwrap_or(1.0);
            (term, (1.0 + count.times.ln()) * rarity * looks * telling)
        });
        let mut vector = Vector(weights.collect());
        let length = vector.length();
        if length > 0.0 {
            vector.0.iter_mut().for_each(|(_, weight)| *weight /= length);
        }
        vector
    }
}

/// Returns how much a term tells that was in this `share` of the posts before: nothing from 13.5 %
/// on, everything below .25 %, and evenly on the logarithm between.
fn telling(share: f32) -> f32 {
    let rarity = -share.max(f32::MIN_POSITIVE).ln();
    ((rarity - USUAL) / (UNUSUAL - USUAL)).clamp(0.01, 1.0)
}

#[derive(Debug, Clone, Copy)]
struct Count {
    times: f32,
    proper: bool,
}

/// Counts the terms of a post, sorted by number.
fn count(
    doc: &Doc,
    settings: &Settings,
    mut number: impl FnMut(String) -> Option<u32>,
) -> Vec<(u32, Count)> {
    let title = doc.title.unwrap_or("").trim();
    let body = doc.text.trim_start();
    let body = body.strip_prefix(title).unwrap_or(body);
    let mut counts: Vec<(u32, Count)> = Vec::new();
    for (part, worth) in [(title, TITLE), (body, 1.0)] {
        for word in text::content(part, doc.language, settings.first_words) {
            if let Some(term) = number(word.term) {
                counts.push((term, Count { times: worth, proper: word.proper }));
            }
        }
    }
    counts.sort_by_key(|(term, _)| *term);
    counts.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1.times += next.1.times;
            kept.1.proper |= next.1.proper;
        }
        same
    });
    counts
}
