//! How long to wait: from a feed's own posting rate, from failures, from the hours it forbids.

use jiff::{SignedDuration, Timestamp, civil::Weekday, tz::TimeZone};

use crate::model::FeedId;

/// Bounds of the interval between two scheduled polls of one feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Never more often.
    pub min: SignedDuration,
    /// Never less often, unless the server asks for it.
    pub max: SignedDuration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { min: SignedDuration::from_mins(15), max: SignedDuration::from_hours(24) }
    }
}

/// Posts that the rate is taken from: the newest of a document.
const NEWEST: usize = 10;

/// The first wait after a failure; each further failure doubles it.
const FIRST_BACK_OFF: SignedDuration = SignedDuration::from_mins(2);

impl Limits {
    /// Returns `wait` within the bounds; `max` yields where the two cross.
    pub(super) fn clamp(&self, wait: SignedDuration) -> SignedDuration {
        wait.min(self.max).max(self.min)
    }

    /// Returns half the mean gap of the newest ten posts up to `now`, within the bounds; the
    /// time since the newest counts as a gap, so that a feed gone silent is asked less and less.
    /// `None` where no post has a date: nothing is known.
    pub(super) fn interval(&self, posted: &[Timestamp], now: Timestamp) -> Option<SignedDuration> {
        let mut past: Vec<Timestamp> = posted.iter().copied().filter(|at| *at <= now).collect();
        past.sort_unstable();
        let newest = &past[past.len().saturating_sub(NEWEST)..];
        let oldest = *newest.first()?;
        let gap = now.duration_since(oldest) / newest.len() as i32;
        Some(self.clamp(gap / 2))
    }

    /// Returns the wait after `failures` failed polls in a row (1 is the first): 2, 4, 8 …
    /// minutes, at most `max`, an eighth more or less by `id`.
    pub(super) fn back_off(&self, failures: u32, id: FeedId) -> SignedDuration {
        let doublings = failures.saturating_sub(1).min(16);
        let wait = (FIRST_BACK_OFF * (1 << doublings)).min(self.max);
        jitter(wait, 8, id, failures)
    }
}

/// Returns `wait`, longer or shorter by at most one `part`th: always the same for one feed and
/// `turn`, different between feeds, so that those read together do not come back together.
pub(super) fn jitter(wait: SignedDuration, part: i32, id: FeedId, turn: u32) -> SignedDuration {
    let bytes = id.as_bytes();
    let byte = bytes[turn as usize % bytes.len()];
    let swing = (wait / part).as_secs();
    wait + SignedDuration::from_secs(swing * (i64::from(byte) - 128) / 128)
}

/// Returns the first instant from `at` on that the feed does not forbid by `skipHours` (0–23)
/// and `skipDays` (English day names), both in GMT (RSS 2.0); `at` itself where it forbids all.
pub(super) fn allowed_from(at: Timestamp, hours: &[u8], days: &[String]) -> Timestamp {
    let forbidden = |at: Timestamp| {
        let civil = TimeZone::UTC.to_datetime(at);
        hours.iter().any(|hour| i16::from(*hour) % 24 == i16::from(civil.hour()))
            || days.iter().any(|day| is_day(day, civil.weekday()))
    };
    let hour = SignedDuration::from_hours(1);
    let mut candidate = at;
    for _ in 0..8 * 24 {
        if !forbidden(candidate) {
            return candidate;
        }
        let start_of_hour = candidate.as_second().div_euclid(3600) * 3600;
        let Ok(next) =
            Timestamp::from_second(start_of_hour).and_then(|start| start.checked_add(hour))
        else {
            return at;
        };
        candidate = next;
    }
    at
}

fn is_day(name: &str, day: Weekday) -> bool {
    let full = match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    };
    name.trim().eq_ignore_ascii_case(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn interval(posted: &[&str]) -> Option<SignedDuration> {
        let posted: Vec<Timestamp> = posted.iter().map(|text| at(text)).collect();
        Limits::default().interval(&posted, at("2026-10-13T00:00:00Z"))
    }

    const DAY: SignedDuration = SignedDuration::from_hours(24);

    #[test]
    fn a_feed_with_a_post_each_day_is_asked_twice_a_day() {
        let daily = ["2026-10-12T00:00:00Z", "2026-10-11T00:00:00Z", "2026-10-10T00:00:00Z"];
        assert_eq!(interval(&daily), Some(DAY / 2));
    }

    #[test]
    fn a_feed_that_never_rests_is_asked_each_quarter_of_an_hour() {
        let busy = ["2026-10-12T23:59:00Z", "2026-10-12T23:58:00Z", "2026-10-12T23:57:00Z"];
        assert_eq!(interval(&busy), Some(SignedDuration::from_mins(15)));
    }

    #[test]
    fn a_silent_feed_is_asked_once_a_day() {
        assert_eq!(interval(&["2019-01-01T00:00:00Z"]), Some(DAY));
    }

    #[test]
    fn posts_dated_in_the_future_say_nothing() {
        assert_eq!(interval(&["2031-01-01T00:00:00Z"]), None);
    }

    #[test]
    fn each_failure_doubles_the_wait_up_to_a_day() {
        let id = FeedId::new(&["https://a.example/feed"]);
        let wait = |failures| Limits::default().back_off(failures, id);
        for failures in 1..9 {
            let ratio = wait(failures + 1).as_secs_f64() / wait(failures).as_secs_f64();
            assert!((1.5..2.6).contains(&ratio), "{failures}: {ratio}");
        }
        assert!(wait(40) <= DAY + DAY / 8);
        assert_eq!(wait(3), wait(3));
    }

    #[test]
    fn two_feeds_read_together_do_not_come_back_together() {
        let wait = |address| jitter(DAY, 10, FeedId::new(&[address]), 0);
        assert_ne!(wait("https://a.example/feed"), wait("https://b.example/feed"));
    }

    #[test]
    fn skipped_hours_and_days_are_waited_out_in_gmt() {
        let night: Vec<u8> = (0..6).collect();
        assert_eq!(
            allowed_from(at("2026-10-13T03:20:00Z"), &night, &[]),
            at("2026-10-13T06:00:00Z")
        );
        let weekend = ["Saturday".to_owned(), "sunday".to_owned()];
        assert_eq!(
            allowed_from(at("2026-10-17T10:00:00Z"), &[], &weekend),
            at("2026-10-19T00:00:00Z")
        );
        let noon = at("2026-10-13T12:00:00Z");
        assert_eq!(allowed_from(noon, &night, &weekend), noon);
    }

    #[test]
    fn a_feed_that_forbids_every_hour_is_not_believed() {
        let all: Vec<u8> = (0..24).collect();
        let noon = at("2026-10-13T12:00:00Z");
        assert_eq!(allowed_from(noon, &all, &[]), noon);
    }
}
