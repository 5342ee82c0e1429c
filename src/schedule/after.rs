//! What the end of a poll means for the next one.

use jiff::{SignedDuration, Timestamp};

use super::rhythm::{Limits, allowed_from, jitter};
use crate::model::{FeedId, FeedState, Outcome, Pace, Validators};

/// What a document that was read whole and understood tells of its feed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Of this answer.
    pub validators: Validators,
    /// Of this answer.
    pub pace: Pace,
    /// How long the feed says it stays as it is: RSS `ttl`, or `sy:updatePeriod` over
    /// `sy:updateFrequency`.
    pub ttl: Option<SignedDuration>,
    /// RSS `skipHours`, 0–23, GMT.
    pub skip_hours: Vec<u8>,
    /// RSS `skipDays`: English names of days, GMT.
    pub skip_days: Vec<String>,
    /// When its posts say they were published, in any order.
    pub posted: Vec<Timestamp>,
    /// The feed's own title.
    pub title: Option<String>,
    /// Where the feed is, if it was found by way of a page.
    pub found: Option<String>,
}

/// How a poll ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A whole document, understood.
    Read(Reading),
    /// 304.
    Unchanged {
        /// As sent with the 304; what it leaves out keeps its last value.
        validators: Validators,
        /// Of this answer.
        pace: Pace,
    },
    /// No answer, an error status, or a document that could not be understood.
    Failed {
        /// One line: what went wrong.
        error: String,
        /// Of the answer, if there was one.
        pace: Pace,
        /// The answer was a bot wall's challenge: left alone for a day.
        wall: bool,
    },
    /// 410, or a JSON Feed that says `expired`.
    Gone,
}

/// The longest that a `Retry-After` is believed; a server that says a year is misconfigured.
const LONGEST_RETRY_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a bot wall is left alone, and a feed that is gone for the first time.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The first guess for a feed whose posts have no dates.
const UNKNOWN_RHYTHM: SignedDuration = SignedDuration::from_hours(1);

/// Returns the state that follows `state` when a poll at `now` ended as `what`.
///
/// `next_check` is the learned rhythm; `not_before` is what the server (or its failing) asks
/// for, and is never shortened by the rhythm. `max-age` and `ttl` are believed up to
/// `limits.max`, `Retry-After` up to a week.
pub fn after(
    state: &FeedState,
    what: &Heard,
    now: Timestamp,
    id: FeedId,
    limits: &Limits,
) -> FeedState {
    let mut next = FeedState { checked: Some(now), not_before: None, ..state.clone() };
    match what {
        Heard::Read(reading) => read(&mut next, reading, now, id, limits),
        Heard::Unchanged { validators, pace } => {
            let wait = unchanged_interval(state, limits);
            succeed(&mut next, Outcome::Unchanged, now);
            keep_newer(&mut next.validators, validators);
            settle(&mut next, now, limits, jitter(wait, 10, id, 0), asked_wait(pace, limits));
        }
        Heard::Failed { error, pace, wall } => {
            fail(&mut next, Outcome::Failed, error.clone(), now);
            let own = if *wall { DAY } else { limits.back_off(next.failures, id) };
            let asked = pace.retry_after.map(|wait| wait.min(LONGEST_RETRY_AFTER));
            let wait = asked.map_or(own, |asked| asked.max(own));
            settle(&mut next, now, limits, wait, Some(wait));
        }
        Heard::Gone => {
            let again = state.outcome == Some(Outcome::Gone);
            fail(&mut next, Outcome::Gone, "gone for good, says the server".to_owned(), now);
            settle(&mut next, now, limits, DAY, Some(DAY));
            if again {
                next.not_before = Some(Timestamp::MAX);
                next.next_check = Some(Timestamp::MAX);
            }
        }
    }
    next
}

/// The feed said twice that it is gone, and is never asked again.
pub fn stopped(state: &FeedState) -> bool {
    state.outcome == Some(Outcome::Gone) && state.not_before == Some(Timestamp::MAX)
}

fn read(next: &mut FeedState, reading: &Reading, now: Timestamp, id: FeedId, limits: &Limits) {
    succeed(next, Outcome::Read, now);
    next.first_read = next.first_read.or(Some(now));
    next.validators = reading.validators.clone();
    next.found.clone_from(&reading.found);
    if reading.title.is_some() {
        next.title.clone_from(&reading.title);
    }
    let wait = limits.interval(&reading.posted, now).unwrap_or(limits.clamp(UNKNOWN_RHYTHM));
    let ttl = reading.ttl.map(|ttl| ttl.min(limits.max));
    let asked = asked_wait(&reading.pace, limits).max(ttl);
    settle(next, now, limits, jitter(wait, 10, id, 0), asked);

    let allowed = |at| allowed_from(at, &reading.skip_hours, &reading.skip_days);
    let not_before = allowed(next.not_before.unwrap_or(now));
    next.not_before = (not_before > now).then_some(not_before);
    next.next_check = next.next_check.map(allowed);
}

fn succeed(next: &mut FeedState, outcome: Outcome, now: Timestamp) {
    next.outcome = Some(outcome);
    next.succeeded = Some(now);
    next.failures = 0;
    next.failing_since = None;
    next.error = None;
}

fn fail(next: &mut FeedState, outcome: Outcome, error: String, now: Timestamp) {
    next.outcome = Some(outcome);
    next.failures = next.failures.saturating_add(1);
    next.failing_since = next.failing_since.or(Some(now));
    next.error = Some(error);
}

/// A 304 need not repeat what has not changed (RFC 9110 §15.4.5).
fn keep_newer(kept: &mut Validators, sent: &Validators) {
    if sent.etag.is_some() {
        kept.etag.clone_from(&sent.etag);
    }
    if sent.last_modified.is_some() {
        kept.last_modified.clone_from(&sent.last_modified);
    }
    if sent.etag.is_some() || sent.last_modified.is_some() {
        kept.url.clone_from(&sent.url);
    }
}

/// A 304 has no dates to learn from: a quarter longer than the last wait.
fn unchanged_interval(state: &FeedState, limits: &Limits) -> SignedDuration {
    let last = match (state.checked, state.next_check) {
        (Some(checked), Some(next)) if next > checked => next.duration_since(checked),
        _ => UNKNOWN_RHYTHM,
    };
    limits.clamp(last.min(limits.max) * 5 / 4)
}

/// The longest wait that an answer asks for.
fn asked_wait(pace: &Pace, limits: &Limits) -> Option<SignedDuration> {
    let fresh = pace.fresh_for.map(|wait| wait.min(limits.max));
    let retry = pace.retry_after.map(|wait| wait.min(LONGEST_RETRY_AFTER));
    fresh.max(retry)
}

/// Writes both instants: `wait` (at least the minimum) for the rhythm, `asked` for the server.
fn settle(
    next: &mut FeedState,
    now: Timestamp,
    limits: &Limits,
    wait: SignedDuration,
    asked: Option<SignedDuration>,
) {
    let later = |wait| now.saturating_add(wait).unwrap_or(Timestamp::MAX);
    let asked = asked.filter(|asked| asked.is_positive()).map(later);
    next.not_before = asked;
    next.next_check = Some(later(wait.max(limits.min))).max(asked);
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-10-13T12:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    fn id() -> FeedId {
        FeedId::new(&["https://a.example/feed"])
    }

    fn hear(state: &FeedState, what: Heard) -> FeedState {
        after(state, &what, now(), id(), &Limits::default())
    }

    fn mins(minutes: i64) -> SignedDuration {
        SignedDuration::from_mins(minutes)
    }

    fn failed(pace: Pace, wall: bool) -> Heard {
        Heard::Failed { error: "503 Service Unavailable".to_owned(), pace, wall }
    }

    fn retry_after(wait: SignedDuration) -> Pace {
        Pace { retry_after: Some(wait), ..Pace::default() }
    }

    fn etag(text: &str) -> Validators {
        Validators { etag: Some(text.to_owned()), ..Validators::default() }
    }

    fn waits(state: &FeedState) -> Option<SignedDuration> {
        state.not_before.map(|until| until.duration_since(now()))
    }

    #[test]
    fn a_plain_reading_lets_itself_be_repeated_by_hand_at_once() {
        let state = hear(&FeedState::default(), Heard::Read(Reading::default()));
        assert_eq!(state.not_before, None);
        assert_eq!(state.first_read, Some(now()));
        assert_eq!(state.succeeded, Some(now()));
        assert!(state.next_check.unwrap() >= now() + mins(15));
    }

    #[test]
    fn the_first_reading_is_remembered() {
        let first = "2026-01-01T00:00:00Z".parse().ok();
        let state = FeedState { first_read: first, ..FeedState::default() };
        assert_eq!(hear(&state, Heard::Read(Reading::default())).first_read, first);
    }

    #[test]
    fn the_longest_of_max_age_and_ttl_is_kept() {
        let reading = Reading {
            pace: Pace { fresh_for: Some(mins(20)), retry_after: None },
            ttl: Some(mins(120)),
            ..Reading::default()
        };
        assert_eq!(waits(&hear(&FeedState::default(), Heard::Read(reading))), Some(mins(120)));
    }

    #[test]
    fn a_max_age_of_a_year_is_believed_for_a_day() {
        let pace = Pace { fresh_for: Some(mins(365 * 24 * 60)), retry_after: None };
        let unchanged = Heard::Unchanged { validators: Validators::default(), pace };
        assert_eq!(waits(&hear(&FeedState::default(), unchanged)), Some(DAY));
    }

    #[test]
    fn a_304_keeps_the_validators_that_it_does_not_repeat() {
        let state = FeedState {
            validators: Validators {
                etag: Some("\"1\"".into()),
                last_modified: Some("Mon, 12 Oct 2026 00:00:00 GMT".into()),
                ..Validators::default()
            },
            failures: 2,
            ..FeedState::default()
        };
        let unchanged = Heard::Unchanged { validators: etag("\"2\""), pace: Pace::default() };
        let next = hear(&state, unchanged);
        assert_eq!(next.validators.etag.as_deref(), Some("\"2\""));
        assert_eq!(next.validators.last_modified, state.validators.last_modified);
        assert_eq!((next.failures, next.error), (0, None));
    }

    #[test]
    fn a_reading_without_validators_forgets_the_old_ones() {
        let state = FeedState { validators: etag("\"1\""), ..FeedState::default() };
        let next = hear(&state, Heard::Read(Reading::default()));
        assert_eq!(next.validators, Validators::default());
    }

    #[test]
    fn each_304_stretches_the_rhythm() {
        let mut state = hear(&FeedState::default(), Heard::Read(Reading::default()));
        let unchanged =
            Heard::Unchanged { validators: Validators::default(), pace: Pace::default() };
        let mut last = SignedDuration::ZERO;
        for _ in 0..5 {
            let next = hear(&state, unchanged.clone());
            let wait = next.next_check.unwrap().duration_since(now());
            assert!(wait > last, "{wait} after {last}");
            (state, last) = (next, wait);
        }
    }

    #[test]
    fn a_failure_keeps_validators_and_counts() {
        let state = FeedState { validators: etag("\"1\""), ..FeedState::default() };
        let once = hear(&state, failed(Pace::default(), false));
        assert_eq!(once.validators, state.validators);
        assert_eq!((once.failures, once.failing_since), (1, Some(now())));
        let twice = hear(&once, failed(Pace::default(), false));
        assert_eq!(twice.failures, 2);
        assert!(twice.not_before > once.not_before);
        assert_eq!(twice.error.as_deref(), Some("503 Service Unavailable"));
    }

    #[test]
    fn retry_after_is_kept_even_when_it_is_longer_than_a_day() {
        let state = hear(&FeedState::default(), failed(retry_after(DAY * 3), false));
        assert_eq!(waits(&state), Some(DAY * 3));
        assert_eq!(state.next_check, state.not_before);
    }

    #[test]
    fn a_retry_after_of_a_year_is_believed_for_a_week() {
        let state = hear(&FeedState::default(), failed(retry_after(DAY * 365), false));
        assert_eq!(waits(&state), Some(DAY * 7));
    }

    #[test]
    fn a_bot_wall_is_left_alone_for_a_day() {
        assert_eq!(waits(&hear(&FeedState::default(), failed(Pace::default(), true))), Some(DAY));
    }

    #[test]
    fn a_feed_gone_twice_is_never_asked_again() {
        let once = hear(&FeedState::default(), Heard::Gone);
        assert!(!stopped(&once));
        assert_eq!(waits(&once), Some(DAY));
        let twice = hear(&once, Heard::Gone);
        assert!(stopped(&twice));
        assert_eq!(super::super::may_ask(&twice, now() + DAY * 900), Err(Timestamp::MAX));
    }

    #[test]
    fn a_feed_that_comes_back_after_being_gone_once_is_as_before() {
        let once = hear(&FeedState::default(), Heard::Gone);
        let back = hear(&once, Heard::Read(Reading::default()));
        assert!(!stopped(&hear(&back, Heard::Gone)));
    }

    #[test]
    fn skipped_hours_hold_from_the_reading_on() {
        let reading = Reading { skip_hours: (12..18).collect(), ..Reading::default() };
        let state = hear(&FeedState::default(), Heard::Read(reading));
        assert_eq!(waits(&state), Some(mins(6 * 60)));
        assert!(state.next_check >= state.not_before);
    }
}
