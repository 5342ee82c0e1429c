//! How long to wait before what has failed is tried again.

use jiff::{SignedDuration, Timestamp};

const FIRST: SignedDuration = SignedDuration::from_mins(1);
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// Failures of one thing in a row: a minute of waiting after the first, doubled with each, fifteen
/// at most. `Retry::default()` has not failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retry {
    failures: u32,
    /// The first failure, and the last.
    first: Timestamp,
    last: Timestamp,
}

impl Retry {
    /// It has failed, once more or for the first time.
    pub fn fail(&mut self, now: Timestamp) {
        if self.failures == 0 {
            self.first = now;
        }
        self.failures = self.failures.saturating_add(1);
        self.last = now;
    }

    /// It did not fail, or has recovered.
    pub fn is_well(&self) -> bool {
        self.failures == 0
    }

    /// Since when it fails.
    pub fn since(&self) -> Timestamp {
        self.first
    }

    /// When it is to be tried again, seen from `now`; `None` while it is well. A clock that was
    /// set back does not make the wait longer: then it is now.
    pub fn again(&self, now: Timestamp) -> Option<Timestamp> {
        if self.is_well() {
            return None;
        }
        let doublings = (self.failures - 1).min(8);
        let wait = (FIRST * (1 << doublings)).min(LONGEST);
        let until = self.last.saturating_add(wait).unwrap_or(Timestamp::MAX);
        Some(if now < self.last { now } else { until })
    }

    /// It is well, or its wait is over.
    pub fn is_ready(&self, now: Timestamp) -> bool {
        self.again(now).is_none_or(|again| again <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minutes * 60).unwrap()
    }

    #[test]
    fn what_fails_again_is_left_alone_for_twice_as_long_up_to_a_quarter_of_an_hour() {
        let mut retry = Retry::default();
        assert!(retry.is_ready(minutes(0)));
        for wait in [1, 2, 4, 8, 15, 15] {
            retry.fail(minutes(0));
            assert_eq!(retry.again(minutes(0)), Some(minutes(wait)));
        }
        assert!(!retry.is_ready(minutes(14)));
        assert!(retry.is_ready(minutes(15)));
        assert_eq!(retry.since(), minutes(0));
    }

    #[test]
    fn a_clock_set_back_makes_no_wait_longer() {
        let mut retry = Retry::default();
        retry.fail(minutes(0));
        assert!(retry.is_ready(minutes(-1440)));
    }
}
