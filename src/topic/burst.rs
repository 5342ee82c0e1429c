//! How unusual today's number of people on a topic is against its own past.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{Clustering, Doc};
use crate::model::Burst;

/// A day so many days ago counts half as much as yesterday.
const HALF_LIFE_DAYS: f64 = 28.0;

/// Days of past that are looked at.
pub const DAYS: usize = 84;

/// With fewer days of past than this the expectation is only a guess.
const LEARNED_DAYS: usize = 14;

/// Added to the expectation: nothing is so rare that one more person would be a sensation.
const PRIOR: f64 = 0.1;

/// Returns how unusual it is that `people` distinct people spoke of a topic in the last 24 hours.
///
/// `history`: distinct people on each of the days before, newest first; `None` for a day that
/// cannot be trusted (most feeds were down, or the archive did not exist yet), which is left out.
/// The expectation is their mean, weighted with a half-life of 28 days; `pooled`, the mean of all
/// topics, where fewer than 14 days are known.
pub fn burst(people: u32, history: &[Option<u32>], pooled: f64) -> Burst {
    let (mut sum, mut weights, mut known) = (0.0, 0.0, 0);
    for (age, day) in history.iter().take(DAYS).enumerate() {
        if let Some(day) = day {
            let weight = (-(age as f64) / HALF_LIFE_DAYS).exp2();
            sum += weight * f64::from(*day);
            weights += weight;
            known += 1;
        }
    }
    let learning = known < LEARNED_DAYS;
    let expected = if learning { pooled.max(0.0) } else { sum / weights };
    Burst { people, expected, surprise: surprise(people, expected + PRIOR), learning }
}

/// Returns −log₁₀ P(X ≥ `count`) for a Poisson X of mean `mean` > 0; 0 for a count of 0.
pub fn surprise(count: u32, mean: f64) -> f64 {
    if count == 0 || mean <= 0.0 {
        return 0.0;
    }
    // The tail Σ e^−λ λᵏ/k! from k = count on, its first term taken out as a logarithm: exact
    // where 1 − CDF would be all rounding.
    let log_first = (1..=count).fold(-mean, |sum, k| sum + (mean / f64::from(k)).ln());
    let (mut tail, mut term, mut k) = (1.0, 1.0, f64::from(count));
    while term > tail * 1e-12 || k < mean {
        k += 1.0;
        term *= mean / k;
        tail += term;
        if !tail.is_finite() {
            return 0.0;
        }
    }
    (-(log_first + tail.ln()) / std::f64::consts::LN_10).max(0.0)
}

impl Clustering {
    /// Returns for each topic the distinct people on each of the `days` days before the last 24
    /// hours of `now` (newest first) whose posts in `past` reach its present center. People
    /// without a name count as one each.
    pub fn past_people(&self, past: &[Doc], now: Timestamp, days: usize) -> Vec<Vec<u32>> {
        let mut by_term: BTreeMap<u32, Vec<(usize, f32)>> = BTreeMap::new();
        for (topic, center) in self.centers.iter().enumerate() {
            for &(term, weight) in &center.0 {
                by_term.entry(term).or_default().push((topic, weight));
            }
        }
        let mut people: BTreeMap<(usize, usize), BTreeSet<(&str, usize)>> = BTreeMap::new();
        let mut products = vec![0.0_f32; self.centers.len()];
        for (at, doc) in past.iter().enumerate() {
            let Some(day) = doc.at.and_then(|when| day(when, now)).filter(|day| *day < days) else {
                continue;
            };
            products.fill(0.0);
            for (term, weight) in self.direction(doc).0 {
                for &(topic, held) in by_term.get(&term).map_or(&[][..], Vec::as_slice) {
                    products[topic] += weight * held;
                }
            }
            let person = if doc.person.is_empty() { ("", at) } else { (doc.person, 0) };
            let reached = products.iter().zip(&self.joins).enumerate();
            for (topic, _) in reached.filter(|(_, (product, join))| join <= product) {
                people.entry((topic, day)).or_default().insert(person);
            }
        }
        let count = |topic, day| people.get(&(topic, day)).map_or(0, |some| some.len() as u32);
        let topics = 0..self.centers.len();
        topics.map(|topic| (0..days).map(|day| count(topic, day)).collect()).collect()
    }
}

/// Returns how many whole days lie between `at` and the beginning of the last 24 hours: 0 for
/// the day before them. `None` within them, or later.
fn day(at: Timestamp, now: Timestamp) -> Option<usize> {
    let age = now.duration_since(at) - SignedDuration::from_hours(24);
    usize::try_from(age.as_secs()).ok().map(|seconds| seconds / 86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(count: u32, mean: f64, expected: f64) {
        assert!((surprise(count, mean) - expected).abs() < 0.005, "{}", surprise(count, mean));
    }

    #[test]
    fn the_surprise_is_that_of_the_closed_form() {
        check(4, 0.4, 3.11);
        check(1, 0.1, 1.02);
        check(2, 0.1, 2.33);
        check(0, 0.4, 0.0);
        check(10, 10.0, 0.27);
        check(100, 0.1, 258.01);
    }

    #[test]
    fn a_day_long_ago_counts_less() {
        let mut past = vec![Some(0); DAYS];
        past[0] = Some(4);
        let lately = burst(4, &past, 0.0).expected;
        past.swap(0, 28);
        let before = burst(4, &past, 0.0).expected;
        assert!((lately / before - 2.0).abs() < 1e-9);
    }

    #[test]
    fn unknown_days_are_left_out_and_few_days_are_learning() {
        let mut past = vec![Some(2); 20];
        past[3] = None;
        let known = burst(2, &past, 9.0);
        assert!((known.expected - 2.0).abs() < 1e-9 && !known.learning);
        let young = burst(2, &past[..10], 0.3);
        assert!(young.learning);
        assert_eq!(young.expected, 0.3);
    }

    #[test]
    fn days_are_counted_back_from_the_last_24_hours() {
        let now: Timestamp = "2026-10-13T07:00:00Z".parse().expect("a date");
        let ago = |hours| day(now - SignedDuration::from_hours(hours), now);
        assert_eq!([ago(23), ago(24), ago(47), ago(48)], [None, Some(0), Some(0), Some(1)]);
    }
}
