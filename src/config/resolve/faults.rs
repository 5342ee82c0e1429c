//! Everything found wrong so far.

use crate::config::error::nearest;
use crate::config::locate::{Spot, Target, Unplaced};
use crate::schedule::cron::{self, Cron};

#[derive(Default)]
pub(super) struct Faults(Vec<Unplaced>);

impl Faults {
    /// Returns `value` if nothing was wrong.
    pub(super) fn or<T>(&mut self, value: T) -> Result<T, Vec<Unplaced>> {
        if self.0.is_empty() { Ok(value) } else { Err(std::mem::take(&mut self.0)) }
    }

    /// The value at `spot` is wrong.
    pub(super) fn value(&mut self, spot: &Spot, message: impl Into<String>, hint: &str) {
        self.push(spot, Target::Value, message.into(), hint);
    }

    /// The value at `spot` is wrong from its character `column` (from 1) on.
    pub(super) fn inside(&mut self, spot: &Spot, column: usize, message: String, hint: &str) {
        self.push(spot, Target::Value, message, hint);
        if let Some(last) = self.0.last_mut() {
            last.shift = column;
        }
    }

    /// The value at `spot` clashes with the one at `other`, whose line the message ends with.
    pub(super) fn clash(&mut self, spot: &Spot, other: &Spot, message: String, hint: &str) {
        self.push(spot, Target::Value, message, hint);
        if let Some(last) = self.0.last_mut() {
            last.also = Some((other.clone(), Target::Value));
        }
    }

    /// `word` at `spot` is none of `known`, each of which is a `what`.
    pub(super) fn unknown(
        &mut self,
        spot: &Spot,
        target: Target,
        what: &str,
        word: &str,
        known: &[&str],
    ) {
        self.push(spot, target, format!("unknown {what} `{word}`"), &nearest(word, known));
    }

    fn push(&mut self, spot: &Spot, target: Target, message: String, hint: &str) {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.0.push(Unplaced { spot: spot.clone(), target, shift: 0, message, hint, also: None });
    }

    /// Reads a cron line.
    pub(super) fn cron(&mut self, line: Option<&String>, spot: &Spot) -> Option<Cron> {
        match cron::parse(line?) {
            Ok(cron) => Some(cron),
            Err(error) => {
                self.value(spot, error.to_string(), &error.hint());
                None
            }
        }
    }

    /// Reads a weight in 0..=1.
    pub(super) fn weight(&mut self, weight: f64, spot: &Spot) -> f64 {
        if !(0.0..=1.0).contains(&weight) {
            self.value(spot, format!("{weight} is no weight"), "weights go from 0 to 1");
        }
        weight
    }
}
