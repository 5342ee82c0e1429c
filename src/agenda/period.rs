//! The stretch of time that a digest speaks of.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Period, Post, PostId};

/// The first digest looks back so far …
const FIRST: SignedDuration = SignedDuration::from_hours(24);
/// … and so far if that is empty.
const FIRST_IF_EMPTY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Returns the period from `before`, the last sent digest of that name, to `now`; the first
/// digest takes a day, or a week if no post falls into the day.
pub fn period(before: Option<Timestamp>, posts: &[Post], now: Timestamp) -> Period {
    let back = |by| now.checked_sub(by).unwrap_or(Timestamp::MIN);
    let first = || {
        let day = back(FIRST);
        let any = posts.iter().any(|post| post.instant().is_some_and(|at| day < at && at <= now));
        if any { day } else { back(FIRST_IF_EMPTY) }
    };
    Period { from: before.unwrap_or_else(first), to: now }
}

/// Whether a digest of that period is the first that could see `post`: it belongs in the period,
/// or is in `fresh`, those that came later than they belong (see `World::fresh`).
pub fn is_new(post: &Post, period: &Period, fresh: &BTreeSet<PostId>) -> bool {
    let here = |at| at <= period.to && (period.from < at || fresh.contains(&post.id));
    post.instant().is_some_and(here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{at, feed, post};

    const NOW: &str = "2026-10-13T05:30:00Z";

    fn from(before: Option<&str>, seen: &str) -> Timestamp {
        let venue = feed("https://planet.example/atom", None).id;
        let post = Post { seen: at(seen), ..post(venue, "1", "jun", &[]) };
        period(before.map(at), &[post], at(NOW)).from
    }

    #[test]
    fn a_digest_begins_where_the_last_one_ended() {
        let last = "2026-10-09T05:30:00Z";
        assert_eq!(from(Some(last), NOW), at(last));
    }

    #[test]
    fn what_came_late_is_new_and_what_is_yet_to_come_is_not() {
        let venue = feed("https://planet.example/atom", None).id;
        let seen = |text: &str| Post { seen: at(text), ..post(venue, "1", "jun", &[]) };
        let period = Period { from: at("2026-10-12T05:30:00Z"), to: at(NOW) };
        let (none, fresh) = (BTreeSet::new(), BTreeSet::from([seen(NOW).id]));
        let before = seen("2026-10-12T05:29:00Z");
        assert!(!is_new(&before, &period, &none) && is_new(&before, &period, &fresh));
        assert!(is_new(&seen("2026-10-12T05:31:00Z"), &period, &none));
        assert!(!is_new(&seen("2026-10-13T05:31:00Z"), &period, &fresh));
    }

    #[test]
    fn the_first_one_takes_a_day_or_a_week_if_that_is_empty() {
        assert_eq!(from(None, "2026-10-13T01:00:00Z"), at("2026-10-12T05:30:00Z"));
        assert_eq!(from(None, "2026-10-10T01:00:00Z"), at("2026-10-06T05:30:00Z"));
    }
}
