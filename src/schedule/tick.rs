//! A digest whose tick has come: on time, or late because nobody was there.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::cron::Cron;

/// Woken within so long of its tick, a digest is on time.
const ON_TIME: SignedDuration = SignedDuration::from_mins(5);

/// A tick that is to be made up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// When it was.
    pub at: Timestamp,
    /// The instant that its digest is made for: the tick itself, or now if it is late.
    pub now: Timestamp,
}

impl Tick {
    /// More than a moment after its time.
    pub fn is_late(&self) -> bool {
        self.now != self.at
    }
}

/// Returns the last tick of `cron` up to `now`, if it is after `since`: the last tick that a
/// digest was made for, or the first reading of any feed. Of several missed ones it is the newest:
/// one digest tells what all of them would have told.
pub fn missed(cron: &Cron, zone: &TimeZone, since: Timestamp, now: Timestamp) -> Option<Tick> {
    let at = cron.previous(now, zone).filter(|at| *at > since)?;
    let late = now.duration_since(at) > ON_TIME;
    Some(Tick { at, now: if late { now } else { at } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::cron::parse;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn missed_in_sweden(since: &str, now: &str) -> Option<(String, bool)> {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        let tick = missed(&parse("30 7 * * *").unwrap(), &zone, at(since), at(now))?;
        Some((tick.at.to_string(), tick.is_late()))
    }

    #[test]
    fn a_tick_is_on_time_for_five_minutes() {
        let since = "2026-10-12T05:30:00Z";
        let tick = |late| Some(("2026-10-13T05:30:00Z".to_owned(), late));
        assert_eq!(missed_in_sweden(since, "2026-10-13T05:29:59Z"), None);
        assert_eq!(missed_in_sweden(since, "2026-10-13T05:30:00Z"), tick(false));
        assert_eq!(missed_in_sweden(since, "2026-10-13T05:35:00Z"), tick(false));
        assert_eq!(missed_in_sweden(since, "2026-10-13T05:35:01Z"), tick(true));
    }

    #[test]
    fn of_several_missed_ticks_only_the_newest_is_made_up_for() {
        let tick = missed_in_sweden("2026-10-09T05:30:00Z", "2026-10-13T09:00:00Z");
        assert_eq!(tick, Some(("2026-10-13T05:30:00Z".to_owned(), true)));
    }

    #[test]
    fn a_tick_that_a_digest_was_made_for_is_not_missed() {
        assert_eq!(missed_in_sweden("2026-10-13T05:30:00Z", "2026-10-13T09:00:00Z"), None);
    }

    #[test]
    fn a_digest_is_made_once_on_the_days_on_which_clocks_change() {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        let cron = parse("30 2 * * *").unwrap();
        for start in ["2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z"] {
            let (mut since, mut days) = (at(start), Vec::new());
            for minutes in 0..3 * 24 * 60 {
                let now = at(start) + SignedDuration::from_mins(minutes);
                if let Some(tick) = missed(&cron, &zone, since, now) {
                    assert!(!tick.is_late());
                    since = tick.at;
                    days.push(zone.to_datetime(tick.at).date().day());
                }
            }
            assert_eq!(days.len(), 3, "{days:?}");
        }
    }
}
