//! The sum, and its terms as the digest tells them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::points::apportion;
use super::{SIGNALS, Subject};
use crate::model::Reason;

/// Digits of a point: scores and points are whole numbers of 10^−4, so that they add up exactly.
pub const DIGITS: u32 = 4;

/// Returns each signal's term for `subject`, in the order of [`SIGNALS`]. `weights` replaces the
/// default weight of the signals that it names. A term of weight 0 is left out.
pub fn reasons(subject: &Subject, weights: &BTreeMap<String, f64>, now: Timestamp) -> Vec<Reason> {
    let terms = SIGNALS.iter().map(|signal| {
        let weight = weights.get(signal.name()).copied().unwrap_or(signal.weight());
        let scored = signal.value(subject, now);
        (signal.name(), weight, scored.value, scored.text, scored.learning)
    });
    let terms: Vec<_> = terms.filter(|(_, weight, ..)| *weight > 0.0).collect();
    sum_up(terms.into_iter())
}

/// Makes reasons of (signal, weight, value, text, learning), with points that sum to their total.
pub fn sum_up<'a>(terms: impl Iterator<Item = (&'a str, f64, f64, String, bool)>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = terms
        .map(|(signal, weight, value, text, learning)| Reason {
            signal: signal.to_owned(),
            weight,
            value,
            points: weight * value,
            text,
            learning,
        })
        .collect();
    let exact: Vec<f64> = reasons.iter().map(|reason| reason.points).collect();
    for (reason, units) in reasons.iter_mut().zip(apportion(&exact, DIGITS)) {
        reason.points = units as f64 / 10f64.powi(DIGITS as i32);
    }
    reasons
}

/// Returns the score that these reasons sum to, a whole number of 10^−[`DIGITS`].
pub fn total(reasons: &[Reason]) -> f64 {
    let unit = 10f64.powi(DIGITS as i32);
    let units: i64 = reasons.iter().map(|reason| (reason.points * unit).round() as i64).sum();
    units as f64 / unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::at;
    use crate::rank::samples::{Room, close};

    #[test]
    fn the_points_sum_to_the_score() {
        let room = Room::new(&[("ines", "a finding"), ("tomas", "another")]);
        let now = at("2026-10-13T05:30:00Z");
        let reasons = room.look(|subject| reasons(subject, &BTreeMap::new(), now));
        close(reasons.iter().map(|reason| reason.points).sum(), total(&reasons));
        assert_eq!(reasons.len(), SIGNALS.len());
    }

    #[test]
    fn a_weight_of_the_user_replaces_the_default_and_zero_drops_the_term() {
        let room = Room::new(&[("ines", "a")]);
        let now = at("2026-10-13T05:30:00Z");
        let weights = BTreeMap::from([("heat".to_owned(), 0.0), ("voices".to_owned(), 1.0)]);
        let reasons = room.look(|subject| reasons(subject, &weights, now));
        assert!(reasons.iter().all(|reason| reason.signal != "heat"));
        let voices = reasons.iter().find(|reason| reason.signal == "voices").unwrap();
        close(voices.weight, 1.0);
    }
}
