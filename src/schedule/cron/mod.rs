//! crontab(5) lines: five fields, stepped through in a time zone.
//!
//! The calendar is the `cron` crate's, but it reads Quartz (seconds first, Sunday = 1) and, given
//! zoned times, fires twice when an hour repeats and never when it is left out. So the fields
//! are read here and handed over as plain numbers, and the calendar runs over naive local time.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime as NaiveInstant, Utc};
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

mod fields;

use fields::Fields;

/// One line of crontab(5): minute, hour, day of the month, month, day of the week.
#[derive(Clone)]
pub struct Cron {
    line: String,
    calendar: cron::Schedule,
}

/// A line that is not five fields of crontab(5).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Too few or too many fields.
    #[error("a cron line has 5 fields, this one has {found}")]
    FieldCount {
        /// How many there are.
        found: usize,
    },
    /// A field that says nothing that is known.
    #[error("`{text}` is no {field} of a cron line")]
    Field {
        /// Its name: `minute`, `hour` …
        field: &'static str,
        /// The part that is wrong.
        text: String,
        /// Smallest and largest number, and names where there are some.
        known: &'static str,
    },
    /// crontab means "or" where both are restricted, other programs "and".
    #[error("a day of the month together with a day of the week is ambiguous")]
    BothDays,
    /// A day that no year has, as 30 February.
    #[error("this cron line never comes")]
    Never,
}

impl Error {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Error::FieldCount { .. } => {
                "minute hour day-of-month month day-of-week, as in `30 7 * * mon-fri`".to_owned()
            }
            Error::Field { known, .. } => format!("it takes {known}, `*`, `a-b`, `*/n` and lists"),
            Error::BothDays => "put `*` in one of the two fields, or write two lines".to_owned(),
            Error::Never => "no year has such a day".to_owned(),
        }
    }
}

/// Reads five fields, or one of `@hourly @daily @midnight @weekly @monthly @yearly @annually`.
/// Weekdays count 0 or 7 = Sunday, 1 = Monday; names have three letters.
pub fn parse(line: &str) -> Result<Cron, Error> {
    let fields = Fields::read(line)?;
    let calendar = cron::Schedule::from_str(&fields.quartz()).map_err(|_| Error::Never)?;
    let epoch = NaiveInstant::<Utc>::UNIX_EPOCH;
    if calendar.after(&epoch).next().is_none() {
        return Err(Error::Never);
    }
    Ok(Cron { line: line.trim().to_owned(), calendar })
}

/// More than any clock has ever been set forward (a day, at the date line).
const LONGEST_GAP: SignedDuration = SignedDuration::from_hours(25);

impl Cron {
    /// Returns the first tick after `after`, its fields read in `zone`: a local time that a
    /// clock change leaves out comes later by as much as the clock jumps, one that repeats comes the
    /// first time only. `Timestamp::MAX` where no tick is left (after the year 2099).
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Timestamp {
        let start = zone.to_datetime(self.search_from(after, zone));
        let mut best: Option<Timestamp> = None;
        for tick in self.calendar.after(&naive(start)).filter_map(civil) {
            // A tick in a gap lands behind ticks that follow it, so look on until none can.
            if best.is_some_and(|best| tick >= zone.to_datetime(best)) {
                break;
            }
            let Ok(instant) = zone.to_ambiguous_timestamp(tick).compatible() else { break };
            if instant > after && best.is_none_or(|best| instant < best) {
                best = Some(instant);
            }
        }
        best.unwrap_or(Timestamp::MAX)
    }

    /// Returns the last tick up to `at`, `at` itself included; `None` where there was none in the
    /// thirty years before. The same ticks as [`Cron::next`] gives.
    pub fn previous(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        // Looked for in stretches eight times as long as the one before, so that a line of each
        // minute is not walked through for a year.
        let mut stretch = SignedDuration::from_hours(1);
        for _ in 0..7 {
            let from = at.saturating_sub(stretch).unwrap_or(Timestamp::MIN);
            let tick = |after: &Timestamp| Some(self.next(*after, zone)).filter(|tick| *tick <= at);
            if let Some(last) = std::iter::successors(tick(&from), tick).last() {
                return Some(last);
            }
            stretch *= 8;
        }
        None
    }

    /// Just after a change of the clock, ticks from before it may still be to come.
    fn search_from(&self, after: Timestamp, zone: &TimeZone) -> Timestamp {
        let earlier = after.saturating_sub(LONGEST_GAP).unwrap_or(Timestamp::MIN);
        let later = after.saturating_add(SignedDuration::from_secs(1)).unwrap_or(after);
        let change = zone.preceding(later).next().map(|change| change.timestamp());
        if change.is_some_and(|change| change >= earlier) { earlier } else { after }
    }
}

/// The civil time as if it were UTC: the calendar knows no zones.
fn naive(civil: DateTime) -> NaiveInstant<Utc> {
    let instant = TimeZone::UTC.to_timestamp(civil).unwrap_or(Timestamp::MAX);
    NaiveInstant::from_timestamp(instant.as_second(), 0).unwrap_or(NaiveInstant::<Utc>::MAX_UTC)
}

fn civil(naive: NaiveInstant<Utc>) -> Option<DateTime> {
    let instant = Timestamp::from_second(naive.timestamp()).ok()?;
    Some(TimeZone::UTC.to_datetime(instant))
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl fmt::Debug for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cron({})", self.line)
    }
}

impl PartialEq for Cron {
    fn eq(&self, other: &Self) -> bool {
        self.line == other.line
    }
}

impl Eq for Cron {}
