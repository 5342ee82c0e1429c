//! The instants that `after:` and `before:` speak of.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

/// A point in time as a query says it; some mean one only together with a `now` and a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The beginning of a civil day.
    Day(Date),
    /// RFC 3339.
    Instant(Timestamp),
    /// The beginning of the civil day so many days before today: 0 is `today`.
    DaysBack(i32),
    /// So long before now: `7d`, `12h`.
    Ago(SignedDuration),
}

impl When {
    /// Reads `2026-10-13`, RFC 3339, `today`, `yesterday`, `7d`, `2w`, `12h`, `30m`.
    pub fn parse(text: &str) -> Option<When> {
        match text.to_ascii_lowercase().as_str() {
            "today" => return Some(When::DaysBack(0)),
            "yesterday" => return Some(When::DaysBack(1)),
            _ => {}
        }
        if let Some(ago) = ago(text) {
            return Some(When::Ago(ago));
        }
        let instant = text.parse().ok().map(When::Instant);
        instant.or_else(|| text.parse().ok().filter(|_| text.len() == 10).map(When::Day))
    }

    /// Returns the instant that it means at `now`, its days being those of `zone`.
    pub fn instant(&self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let start = |day: Date| day.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
        match *self {
            When::Instant(instant) => instant,
            When::Ago(ago) => now.checked_sub(ago).unwrap_or(Timestamp::MIN),
            When::Day(day) => start(day).unwrap_or(Timestamp::MIN),
            When::DaysBack(days) => {
                let today = now.to_zoned(zone.clone()).date();
                let day = today.checked_sub(days.days());
                day.and_then(start).unwrap_or(Timestamp::MIN)
            }
        }
    }
}

/// Reads a whole number with a unit.
fn ago(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().next_back().filter(char::is_ascii_alphabetic)?;
    let number: u32 = text[..text.len() - 1].parse().ok()?;
    let hours = match unit.to_ascii_lowercase() {
        'm' => return Some(SignedDuration::from_mins(i64::from(number))),
        'h' => 1,
        'd' => 24,
        'w' => 24 * 7,
        _ => return None,
    };
    Some(SignedDuration::from_hours(i64::from(number) * hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let now: Timestamp = "2026-10-13T05:30:00Z".parse().expect("a date");
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let instant = When::parse(text).expect(text).instant(now, &zone);
        assert_eq!(instant.to_string(), expected, "{text}");
    }

    #[test]
    fn days_begin_in_the_readers_zone() {
        check("2026-10-01", "2026-09-30T22:00:00Z");
        check("today", "2026-10-12T22:00:00Z");
        check("Yesterday", "2026-10-11T22:00:00Z");
    }

    #[test]
    fn instants_and_stretches_need_no_zone() {
        check("2026-10-01T12:00:00+02:00", "2026-10-01T10:00:00Z");
        check("7d", "2026-10-06T05:30:00Z");
        check("12h", "2026-10-12T17:30:00Z");
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in ["", "d", "7", "2026-13-01", "soon", "é", "99999999999d"] {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }
}
