//! Stretches of time as people write them: `30m`, `21d`, `5y`.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de};

/// A whole number of one unit. A day has 24 hours, a year 365 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span(pub(super) SignedDuration);

/// Seconds of each unit.
const UNITS: [(&str, i64); 6] =
    [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800), ("y", 31_536_000)];

impl Span {
    pub(super) fn parse(text: &str) -> Option<Span> {
        let text = text.trim();
        let (number, unit) = text
            .split_at(text.len().checked_sub(1)?.min(text.find(|c: char| !c.is_ascii_digit())?));
        let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let number: u32 = number.parse().ok()?;
        Some(Span(SignedDuration::from_secs(i64::from(number) * seconds)))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Span;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as 30m, 12h, 21d or 5y")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Span, E> {
                Span::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_run_from_seconds_to_years() {
        let hours = |text| Span::parse(text).map(|span| span.0.as_secs() as f64 / 3600.0);
        assert_eq!(hours("90s"), Some(0.025));
        assert_eq!(hours("30m"), Some(0.5));
        assert_eq!(hours("12h"), Some(12.0));
        assert_eq!(hours("21d"), Some(504.0));
        assert_eq!(hours("2w"), Some(336.0));
        assert_eq!(hours("5y"), Some(43_800.0));
    }

    #[test]
    fn what_has_no_number_or_no_unit_is_refused() {
        for text in ["", "m", "30", "-3d", "1.5h", "3 days", "21D", "3é", "99999999999d"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }
}
