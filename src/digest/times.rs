//! Instants as people say them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Returns an age: `now`, `40 min`, `5 h`, `2 d`, rounded down.
pub fn age(then: Timestamp, now: Timestamp) -> String {
    let age = now.duration_since(then);
    match (age.as_mins(), age.as_hours()) {
        (..=0, _) => "now".to_owned(),
        (minutes, 0) => format!("{minutes} min"),
        (_, hours @ ..48) => format!("{hours} h"),
        (_, hours) => format!("{} d", hours / 24),
    }
}

/// Returns the heading's day: `Tuesday 13 October 2026, 07:30`.
pub(super) fn heading(now: Timestamp, zone: &TimeZone) -> String {
    now.to_zoned(zone.clone()).strftime("%A %-d %B %Y, %H:%M").to_string()
}

/// Returns the civil day: `2026-10-13`.
pub(super) fn day(now: Timestamp, zone: &TimeZone) -> String {
    now.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string()
}

/// Returns when something began: `06:30`, `yesterday`, `Sunday`, `3 October`, `3 October 2025`.
pub(super) fn since(then: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (then, now) = (then.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let day = SignedDuration::from_hours(24);
    let days = now.date().duration_since(then.date()).as_secs() / day.as_secs();
    let format = match days {
        ..=0 => "%H:%M",
        1 => return "yesterday".to_owned(),
        2..=6 => "%A",
        _ if then.year() == now.year() => "%-d %B",
        _ => "%-d %B %Y",
    };
    then.strftime(format).to_string()
}

/// Returns the same with the time of day: `06:30`, `yesterday 07:30`, `Sunday 07:30`.
pub(super) fn moment(then: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let time = then.to_zoned(zone.clone()).strftime("%H:%M").to_string();
    match since(then, now, zone) {
        day if day == time => time,
        day => format!("{day} {time}"),
    }
}

/// Returns when a period began: the day alone where it began at this time of the day, as the
/// periods of a schedule do; else the time as well.
pub(super) fn from(then: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let minute = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%H:%M").to_string();
    if minute(then) == minute(now) { since(then, now, zone) } else { moment(then, now, zone) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::at;

    const NOW: &str = "2026-10-13T05:30:00Z";

    #[test]
    fn ages_are_rounded_down() {
        let cases = [
            ("2026-10-13T05:30:00Z", "now"),
            ("2026-10-13T06:30:00Z", "now"),
            ("2026-10-13T04:50:00Z", "40 min"),
            ("2026-10-13T00:01:00Z", "5 h"),
            ("2026-10-11T05:31:00Z", "47 h"),
            ("2026-10-11T05:30:00Z", "2 d"),
        ];
        for (then, expected) in cases {
            assert_eq!(age(at(then), at(NOW)), expected);
        }
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(heading(at(NOW), &zone), "Tuesday 13 October 2026, 07:30");
        assert_eq!(day(at("2026-10-12T23:00:00Z"), &zone), "2026-10-13");
    }

    #[test]
    fn a_beginning_is_told_as_near_as_it_needs() {
        let cases = [
            ("2026-10-13T04:30:00Z", "04:30"),
            ("2026-10-12T23:00:00Z", "yesterday"),
            ("2026-10-11T05:00:00Z", "Sunday"),
            ("2026-10-03T05:00:00Z", "3 October"),
            ("2025-10-03T05:00:00Z", "3 October 2025"),
        ];
        for (then, expected) in cases {
            assert_eq!(since(at(then), at(NOW), &TimeZone::UTC), expected);
        }
    }
}
