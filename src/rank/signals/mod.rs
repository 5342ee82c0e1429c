//! The signals, one file each, and the one list of them.

mod burst;
mod heat;
mod need;
mod openness;
mod rarity;
mod relevance;
mod standing;
mod substance;
mod voices;

pub use heat::usual as usual_heat;
pub use openness::room;
pub use standing::of as standing;
pub use substance::{of as substance, own_words};

use jiff::Timestamp;

use super::Subject;

/// What a signal says of a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// In 0..=1.
    pub value: f64,
    /// Stored facts only, short: `4 voices: Ines, Tomas`.
    pub text: String,
    /// The past is too short to be sure.
    pub learning: bool,
}

impl Scored {
    /// Makes one that is sure of itself. `value` is brought into 0..=1; what is no number is 0.
    pub fn new(value: f64, text: impl Into<String>) -> Scored {
        let value = if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) };
        Scored { value, text: text.into(), learning: false }
    }
}

/// One term of the score. All of them are pure: no clock, no network, no index.
pub trait Signal: Sync {
    /// Its name in `feeds.yaml` and in every `why`.
    fn name(&self) -> &'static str;
    /// One sentence for `check` and the documents.
    fn doc(&self) -> &'static str;
    /// Its weight where the user gives none, in 0..=1. All of them sum to 1.
    fn weight(&self) -> f64;
    /// Its value where nothing can be known, in 0..=1.
    fn neutral(&self) -> f64;
    /// Looks at a topic.
    fn value(&self, subject: &Subject, now: Timestamp) -> Scored;
}

/// All signals, in the order in which a `why` has them.
pub const SIGNALS: &[&dyn Signal] = &[
    &relevance::Relevance,
    &voices::Voices,
    &heat::Heat,
    &openness::Openness,
    &substance::Substance,
    &standing::Standing,
    &rarity::Rarity,
    &burst::Burst,
    &need::Need,
];

/// Returns the signal of that name.
pub fn signal(name: &str) -> Option<&'static dyn Signal> {
    SIGNALS.iter().copied().find(|signal| signal.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_weights_sum_to_one() {
        let sum: f64 = SIGNALS.iter().map(|signal| signal.weight()).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    }

    #[test]
    fn each_signal_has_its_own_name_and_a_neutral_value_in_range() {
        for signal in SIGNALS {
            let same = SIGNALS.iter().filter(|other| other.name() == signal.name()).count();
            assert_eq!(same, 1, "{}", signal.name());
            assert!((0.0..=1.0).contains(&signal.neutral()), "{}", signal.name());
            assert!(!signal.doc().is_empty());
        }
    }

    #[test]
    fn a_value_that_is_no_number_is_nothing() {
        assert_eq!(Scored::new(f64::NAN, "").value, 0.0);
        assert_eq!(Scored::new(7.0, "").value, 1.0);
    }
}
