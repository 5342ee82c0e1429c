//! The five fields as sets of numbers.

use std::collections::BTreeSet;

use super::Error;

/// What one field may hold.
struct Kind {
    name: &'static str,
    min: u8,
    max: u8,
    names: &'static [&'static str],
    known: &'static str,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const KINDS: [Kind; 5] = [
    Kind { name: "minute", min: 0, max: 59, names: &[], known: "0–59" },
    Kind { name: "hour", min: 0, max: 23, names: &[], known: "0–23" },
    Kind { name: "day of the month", min: 1, max: 31, names: &[], known: "1–31" },
    Kind { name: "month", min: 1, max: 12, names: &MONTHS, known: "1–12, jan–dec" },
    Kind { name: "day of the week", min: 0, max: 7, names: &DAYS, known: "0–7, sun–sat" },
];

/// Minute, hour, day of the month, month, day of the week (0 = Sunday, no 7).
pub(super) struct Fields([BTreeSet<u8>; 5]);

impl Fields {
    pub(super) fn read(line: &str) -> Result<Fields, Error> {
        let line = nickname(line.trim()).unwrap_or(line);
        let parts: Vec<&str> = line.split_whitespace().collect();
        let parts: [&str; 5] = parts
            .try_into()
            .map_err(|parts: Vec<&str>| Error::FieldCount { found: parts.len() })?;
        let mut sets: [BTreeSet<u8>; 5] = Default::default();
        for ((part, kind), set) in parts.iter().zip(&KINDS).zip(&mut sets) {
            *set = kind.set(part)?;
        }
        if sets[4].remove(&7) {
            sets[4].insert(0);
        }
        if sets[2].len() < 31 && sets[4].len() < 7 {
            return Err(Error::BothDays);
        }
        Ok(Fields(sets))
    }

    /// As the `cron` crate wants it: seconds first, and weekdays by name.
    pub(super) fn quartz(&self) -> String {
        let [minutes, hours, month_days, months, week_days] = &self.0;
        let numbers = |set: &BTreeSet<u8>| list(set.iter().map(u8::to_string));
        let names = list(week_days.iter().map(|day| DAYS[usize::from(*day)].to_uppercase()));
        format!(
            "0 {} {} {} {} {names}",
            numbers(minutes),
            numbers(hours),
            numbers(month_days),
            numbers(months)
        )
    }
}

fn list(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

fn nickname(line: &str) -> Option<&'static str> {
    match line {
        "@hourly" => Some("0 * * * *"),
        "@daily" | "@midnight" => Some("0 0 * * *"),
        "@weekly" => Some("0 0 * * 0"),
        "@monthly" => Some("0 0 1 * *"),
        "@yearly" | "@annually" => Some("0 0 1 1 *"),
        _ => None,
    }
}

impl Kind {
    fn set(&self, field: &str) -> Result<BTreeSet<u8>, Error> {
        let mut set = BTreeSet::new();
        for part in field.split(',') {
            set.extend(self.part(part).ok_or_else(|| Error::Field {
                field: self.name,
                text: part.to_owned(),
                known: self.known,
            })?);
        }
        Ok(set)
    }

    /// `*`, `a`, `a-b`, `*/n` or `a-b/n`. A range of weekdays may pass Sunday: `fri-mon`.
    fn part(&self, part: &str) -> Option<Vec<u8>> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step.parse().ok().filter(|step| *step > 0)?)),
            None => (part, None),
        };
        let values: Vec<u8> = if range == "*" {
            let last = if self.max == 7 { 6 } else { self.max };
            (self.min..=last).collect()
        } else if let Some((first, last)) = range.split_once('-') {
            let (first, last) = (self.value(first)?, self.value(last)?);
            match () {
                _ if first <= last => (first..=last).collect(),
                _ if self.max == 7 => (first..=6).chain(0..=last).collect(),
                _ => return None,
            }
        } else if step.is_none() {
            vec![self.value(range)?]
        } else {
            return None;
        };
        Some(values.into_iter().step_by(step.unwrap_or(1)).collect())
    }

    fn value(&self, text: &str) -> Option<u8> {
        let lower = text.to_ascii_lowercase();
        if let Some(index) = self.names.iter().position(|name| *name == lower) {
            let first = if self.max == 7 { 0 } else { self.min };
            return u8::try_from(index).ok().map(|index| index + first);
        }
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let value: u8 = if digits { text.parse().ok()? } else { return None };
        (self.min..=self.max).contains(&value).then_some(value)
    }
}
