//! How fast it grows on the disk: from the sizes that the daemon notes each day.

use jiff::Timestamp;
use serde::Serialize;

use crate::archive::Size;

/// Bytes that came to archive, search index and digests together; `None` while that is unknown.
/// Negative where they became smaller.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Growth {
    /// In the last 7 days.
    pub(super) week: Option<i64>,
    /// In the last 30 days.
    pub(super) month: Option<i64>,
    /// In a year, if it goes on as in the last `base_days`; not told of what became smaller.
    pub(super) per_year: Option<i64>,
    /// 30, or all of the days that are known.
    pub(super) base_days: Option<i64>,
}

/// Days before which a year's growth is a guess that helps nobody: the first readings bring
/// years of posts.
const DAYS_TO_TRUST: f64 = 3.0;

/// Compares the sizes of past days, oldest first, with those of `now`.
pub(super) fn of(past: &[Size], now: &Size) -> Growth {
    let since = |days: i64| {
        let from = now.at - jiff::SignedDuration::from_hours(24 * days);
        // The last measure at that instant or before; measures are a day apart.
        past.iter().rev().find(|size| size.at <= from)
    };
    let grown = |size: &Size| total(now).saturating_sub(total(size));
    let base = since(30).or(past.first());
    let per_year = base.and_then(|size| {
        let days = days_between(size.at, now.at);
        let grown = grown(size);
        let told = DAYS_TO_TRUST <= days && 0 <= grown;
        told.then(|| (days.round() as i64, (grown as f64 / days * 365.0) as i64))
    });
    Growth {
        week: since(7).map(grown),
        month: since(30).map(grown),
        per_year: per_year.map(|(_, bytes)| bytes),
        base_days: per_year.map(|(days, _)| days),
    }
}

fn total(size: &Size) -> i64 {
    i64::try_from(size.archive + size.search + size.digests).unwrap_or(i64::MAX)
}

fn days_between(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 86_400.0
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use jiff::tz::TimeZone;

    use super::*;

    /// So many days before the day of all tests, with so many bytes in all.
    fn size(days_ago: i64, bytes: u64) -> Size {
        let today: Timestamp = "2026-10-13T07:00:00Z".parse().unwrap();
        let at = today - SignedDuration::from_hours(24 * days_ago);
        let day = at.to_zoned(TimeZone::UTC).date();
        Size { day, at, posts: 0, archive: bytes / 2, search: bytes - bytes / 2, digests: 0 }
    }

    #[test]
    fn on_the_first_days_growth_is_unknown() {
        assert_eq!(of(&[], &size(0, 100)), Growth::default());
        assert_eq!(of(&[size(0, 50), size(2, 10)], &size(0, 100)), Growth::default());
    }

    #[test]
    fn a_week_a_month_and_a_year_are_told_from_the_days_before() {
        let past: Vec<Size> =
            (1..=40).rev().map(|days| size(days, 1_000 - 10 * days as u64)).collect();
        let growth = of(&past, &size(0, 1_000));
        assert_eq!((growth.week, growth.month), (Some(70), Some(300)));
        assert_eq!(growth.per_year, Some(3_650));
    }

    #[test]
    fn after_a_few_days_a_year_is_told_from_what_there_is() {
        let growth = of(&[size(5, 500)], &size(0, 1_000));
        assert_eq!((growth.week, growth.per_year), (None, Some(36_500)));
        assert_eq!(growth.base_days, Some(5));
    }

    #[test]
    fn what_became_smaller_is_told_as_such() {
        let growth = of(&[size(7, 500)], &size(0, 400));
        assert_eq!((growth.week, growth.per_year), (Some(-100), None));
    }
}
