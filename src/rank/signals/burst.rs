//! More people than its own past would have led one to expect.

use jiff::Timestamp;

use super::{Scored, Signal};
use crate::rank::Subject;

/// Surprise, in powers of ten, that counts as much as can be: once in 10,000 days.
const FULL: f64 = 4.0;
/// One person alone is no burst.
const LEAST_PEOPLE: u32 = 2;

/// −log₁₀ of the Poisson chance of so many people, over [`FULL`].
pub(super) struct Burst;

impl Signal for Burst {
    fn name(&self) -> &'static str {
        "burst"
    }

    fn doc(&self) -> &'static str {
        "how unusual so many people on it are against its own past"
    }

    fn weight(&self) -> f64 {
        0.06
    }

    fn neutral(&self) -> f64 {
        0.0
    }

    fn value(&self, subject: &Subject, _now: Timestamp) -> Scored {
        let Some(burst) = subject.burst else {
            return Scored::new(self.neutral(), "unknown: no past");
        };
        let text = format!("expected {:.1} people, saw {}", burst.expected, burst.people);
        let value = if burst.people < LEAST_PEOPLE { 0.0 } else { burst.surprise / FULL };
        Scored { learning: burst.learning, ..Scored::new(value, text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;
    use crate::rank::samples::{Room, close};

    fn value(people: u32, expected: f64, surprise: f64) -> Scored {
        let burst = model::Burst { people, expected, surprise, learning: true };
        Room::new(&[("ines", "a")]).with_burst(burst).value(&Burst)
    }

    #[test]
    fn a_surprise_of_two_powers_of_ten_is_half() {
        close(value(4, 0.3, 2.0).value, 0.5);
        assert_eq!(value(4, 0.3, 2.0).text, "expected 0.3 people, saw 4");
        assert!(value(4, 0.3, 2.0).learning);
    }

    #[test]
    fn one_person_alone_is_no_burst() {
        close(value(1, 0.0, 3.0).value, 0.0);
    }
}
