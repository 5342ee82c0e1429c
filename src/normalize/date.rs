//! Dates as feeds write them: RFC 3339 and RFC 2822 and whatever else.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

/// The longest text that is taken for a date, in bytes.
const MAX_BYTES: usize = 80;

/// Zones by name, in minutes east of UTC. CST is China's at home, but in feeds it is Chicago's.
const ZONES: [(&str, i32); 38] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("ast", -240),
    ("adt", -180),
    ("nst", -210),
    ("brt", -180),
    ("art", -180),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("mez", 60),
    ("cest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("ist", 330),
    ("sgt", 480),
    ("hkt", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
];

/// The first letters of the months' names in the languages that blogs print them in.
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän", "ene", "gen", "янв", "sty", "ocak", "janv", "ian", "tammi"],
    &["feb", "fév", "fev", "фев", "lut", "şub", "helmi"],
    &["mar", "mär", "mrz", "maa", "мар", "mrt", "mars"],
    &["apr", "avr", "abr", "апр", "kwi", "nis", "huhti"],
    &["may", "mai", "mag", "maj", "mei", "май", "мая", "touko"],
    &["jun", "juin", "giu", "июн", "cze", "haz", "kesä"],
    &["jul", "juil", "lug", "июл", "lip", "tem", "heinä"],
    &["aug", "aoû", "aou", "ago", "авг", "sie", "ağu", "elo"],
    &["sep", "set", "сен", "wrz", "eyl", "syys"],
    &["oct", "okt", "ott", "out", "окт", "paź", "eki", "loka"],
    &["nov", "noi", "ноя", "lis", "kas", "marras"],
    &["dec", "dez", "déc", "dic", "дек", "gru", "ara", "joulu", "des"],
];

/// Returns the instant that `text` names; `None` where it names none. No zone means UTC, no time
/// midnight. A wrong weekday is not looked at; 24:00 is the next day's beginning.
pub fn lenient(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > MAX_BYTES {
        return None;
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    unix(text).or_else(|| written(text))
}

/// Seconds or milliseconds since 1970, from 2001 on.
fn unix(text: &str) -> Option<Timestamp> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        10 => Timestamp::from_second(number).ok(),
        13 => Timestamp::from_millisecond(number).ok(),
        _ => None,
    }
}

/// A date in words and numbers, in whatever order.
fn written(text: &str) -> Option<Timestamp> {
    let lower = text.to_lowercase();
    let (rest, time) = take_time(&lower);
    let (rest, zone) = take_zone(&rest, time.is_some());
    let date = compact(&rest).or_else(|| numeric(&rest)).or_else(|| worded(&rest))?;
    let (time, next_day) = time.unwrap_or((Time::midnight(), false));
    let date = if next_day { date.tomorrow().ok()? } else { date };
    let offset = Offset::from_seconds(zone * 60).ok()?;
    offset.to_timestamp(DateTime::from_parts(date, time)).ok()
}

/// Cuts `hh:mm[:ss[.fff]] [am|pm]` out of `text`. The flag says that it was 24:00.
fn take_time(text: &str) -> (String, Option<(Time, bool)>) {
    let none = || (text.to_owned(), None);
    let Some(colon) = text.char_indices().find_map(|(at, c)| {
        let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        (c == ':' && at > 0 && digit(at - 1) && digit(at + 1)).then_some(at)
    }) else {
        return none();
    };
    let before = &text[..colon];
    let start = before
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let after = &text[colon + 1..];
    let length = after
        .find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.' && c != ',')
        .unwrap_or(after.len());
    let clock = after[..length].trim_end_matches([',', '.', ':']);
    let mut parts = clock.split(':');
    let number = |text: Option<&str>| text?.split(['.', ',']).next()?.parse::<i8>().ok();
    let (Ok(mut hour), Some(minute)) = (before[start..].parse::<i8>(), number(parts.next())) else {
        return none();
    };
    let second = number(parts.next()).unwrap_or(0).min(59);
    let mut rest = after[clock.len()..].to_owned();
    let trimmed = rest.trim_start().to_owned();
    for (mark, afternoon) in [("pm", true), ("p.m.", true), ("am", false), ("a.m.", false)] {
        if let Some(tail) = trimmed.strip_prefix(mark) {
            hour = if afternoon { hour % 12 + 12 } else { hour % 12 };
            tail.clone_into(&mut rest);
            break;
        }
    }
    let next_day = hour == 24;
    let Ok(time) = Time::new(if next_day { 0 } else { hour }, minute, second, 0) else {
        return none();
    };
    let mut date = before[..start].to_owned();
    if date.ends_with('t') && date[..date.len() - 1].ends_with(|c: char| c.is_ascii_digit()) {
        date.pop();
    }
    (format!("{date} {rest}"), Some((time, next_day)))
}

/// Cuts a zone out of what follows a time: `+0200`, `-05:00`, `gmt+2`, `cet`, `(pdt)`.
fn take_zone(text: &str, timed: bool) -> (String, i32) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut zone = 0;
    let mut kept = Vec::new();
    let mut found = false;
    for word in words {
        let bare = word.trim_matches(['(', ')', '[', ']', ',']);
        let named = ZONES.iter().find(|(name, _)| *name == bare).map(|(_, minutes)| *minutes);
        let prefixed = ["gmt", "utc", "z"].iter().find_map(|name| bare.strip_prefix(name));
        let numeric = if timed { offset(prefixed.unwrap_or(bare)) } else { None };
        match numeric.or(named) {
            Some(minutes) if !found => {
                (zone, found) = (minutes, true);
            }
            Some(_) => {}
            None => kept.push(word),
        }
    }
    (kept.join(" "), zone)
}

/// Reads `+hh`, `+hhmm`, `+hh:mm` as minutes.
fn offset(text: &str) -> Option<i32> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let digits: String = text.chars().skip(1).filter(|c| *c != ':').collect();
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) =
        if digits.len() > 2 { (number / 100, number % 100) } else { (number, 0) };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// `20210906`.
fn compact(text: &str) -> Option<Date> {
    let text = text.trim();
    let plain = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
    if !plain {
        return None;
    }
    date(number(0..4)?, number(4..6)?, number(6..8)?)
}

/// `2021-09-06`, `2021/9/6`, `2021-09`, `6.9.2021`, `9/6/2021`.
fn numeric(text: &str) -> Option<Date> {
    let word = text.split_whitespace().find(|word| {
        let separated = word.contains(['-', '/', '.']);
        separated && word.chars().all(|c| c.is_ascii_digit() || "-/.,".contains(c))
    })?;
    let word = word.trim_matches(['-', '/', '.', ',']);
    let numbers: Vec<i16> =
        word.split(['-', '/', '.']).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match numbers[..] {
        [year, month] if year > 31 => date(year, month, 1),
        [year, month, day] if year > 31 => date(year, month, day),
        // With slashes Americans write the month first; with dots nobody does.
        [first, second, year] if word.contains('/') && first <= 12 => {
            date(full(year), first, second)
        }
        [day, month, year] => date(full(year), month, day),
        _ => None,
    }
}

/// `6 September 2021`, `Sept. 6th, 2021`, `06-Sep-21`.
fn worded(text: &str) -> Option<Date> {
    let parts = text.split(|c: char| c.is_whitespace() || "-/.,;()'’".contains(c));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    // A weekday may begin like a month (`mar.` is March and mardi): the last one is the month.
    let (at, month) =
        parts.iter().enumerate().rev().find_map(|(at, part)| Some((at, month(part)?)))?;
    let others = parts.iter().enumerate().filter(|(position, _)| *position != at);
    let numbers: Vec<i16> = others.filter_map(|(_, part)| leading_number(part)).collect();
    match numbers[..] {
        [year, day] if year > 31 => date(year, month, day),
        [day, year, ..] => date(full(year), month, day),
        [year] if year > 31 => date(year, month, 1),
        _ => None,
    }
}

/// The number that `part` begins with, if nothing but an ordinal's ending follows: `6th`, `1er`.
fn leading_number(part: &str) -> Option<i16> {
    let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let ending = &part[digits..];
    let ordinal = ["", "st", "nd", "rd", "th", "er", "º", "ª", "日"].contains(&ending);
    if digits == 0 || !ordinal { None } else { part[..digits].parse().ok() }
}

fn month(word: &str) -> Option<i16> {
    if word.chars().count() < 3 || word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Days of the week that begin as a month does.
    if ["martes", "martedì", "mardi", "marte", "lunes"].contains(&word) {
        return None;
    }
    let of = |names: &&[&str]| names.iter().any(|name| word.starts_with(name));
    // `mai` and `mag` before `mar`: the longest beginning decides, and none is another's.
    MONTHS.iter().position(of).map(|position| position as i16 + 1)
}

/// Two digits of a year, as RFC 2822 §4.3 completes them.
fn full(year: i16) -> i16 {
    match year {
        0..=49 => 2000 + year,
        50..=99 => 1900 + year,
        _ => year,
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_are_read_as_feeds_write_them() {
        for (text, expected) in [
            ("2021-09-06T00:01:00Z", "2021-09-06T00:01:00Z"),
            ("2021-09-06T02:01:00+02:00", "2021-09-06T00:01:00Z"),
            ("2021-09-06T02:01:00+0200", "2021-09-06T00:01:00Z"),
            ("2021-09-06T00:01:00.123", "2021-09-06T00:01:00Z"),
            ("2021-09-06 00:01:00", "2021-09-06T00:01:00Z"),
            ("2021-09-06T00:01", "2021-09-06T00:01:00Z"),
            ("2021-09-06", "2021-09-06T00:00:00Z"),
            ("2021-09", "2021-09-01T00:00:00Z"),
            ("20210906", "2021-09-06T00:00:00Z"),
            ("Mon, 06 Sep 2021 00:01:00 GMT", "2021-09-06T00:01:00Z"),
            ("Tue, 06 Sep 2021 00:01:00 +0000", "2021-09-06T00:01:00Z"),
            ("06 Sep 2021 00:01 +0000", "2021-09-06T00:01:00Z"),
            ("Mon, 6 Sep 21 02:01:00 CEST", "2021-09-06T00:01:00Z"),
            ("Mon, 06 Sep 2021 01:01:00 CET", "2021-09-06T00:01:00Z"),
            ("Sun, 05 Sep 2021 19:01:00 EST", "2021-09-06T00:01:00Z"),
            ("Sun, 05 Sep 2021 17:01:00 PDT", "2021-09-06T00:01:00Z"),
            ("Mon Sep  6 00:01:00 UTC 2021", "2021-09-06T00:01:00Z"),
            ("Sun, 05 Sep 2021 24:00:00 GMT", "2021-09-06T00:00:00Z"),
            ("6 September 2021", "2021-09-06T00:00:00Z"),
            ("September 6th, 2021", "2021-09-06T00:00:00Z"),
            ("Sept. 6, 2021 1:02 PM", "2021-09-06T13:02:00Z"),
            ("12:05 am, 6 Sep 2021", "2021-09-06T00:05:00Z"),
            ("06-Sep-21", "2021-09-06T00:00:00Z"),
            ("6.9.2021 10:30", "2021-09-06T10:30:00Z"),
            ("9/6/2021", "2021-09-06T00:00:00Z"),
            ("2021/09/06 10:30:00", "2021-09-06T10:30:00Z"),
            ("1630886460", "2021-09-06T00:01:00Z"),
            ("1630886460000", "2021-09-06T00:01:00Z"),
            ("6. März 2021", "2021-03-06T00:00:00Z"),
            ("mardi 7 septembre 2021", "2021-09-07T00:00:00Z"),
            ("1er août 2021", "2021-08-01T00:00:00Z"),
            ("martes, 7 de diciembre de 2021", "2021-12-07T00:00:00Z"),
            ("7 мая 2021 10:00", "2021-05-07T10:00:00Z"),
            ("Mo, 06 Dez 2021 10:00:00 +0100", "2021-12-06T09:00:00Z"),
            ("2021-09-06T10:30:00 GMT+2", "2021-09-06T08:30:00Z"),
        ] {
            let expected: Timestamp = expected.parse().unwrap();
            let found = lenient(text).map(|at| Timestamp::from_second(at.as_second()).unwrap());
            assert_eq!(found, Some(expected), "{text}");
        }
    }

    #[test]
    fn what_names_no_day_is_no_date() {
        for text in [
            "",
            "yesterday",
            "12:30",
            "2021",
            "30 February 2021",
            "99/99/9999",
            "Monday",
            "7",
            "-",
            "::",
            "2021-13-40T00:00:00Z",
            "September",
        ] {
            assert_eq!(lenient(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = lenient(&text);
        }

        #[test]
        fn no_text_of_dates_makes_it_panic(text in "[0-9:./ ,TZ+äpm–-]{0,40}(mar|août|GMT)?[0-9: +-]{0,12}") {
            let _ = lenient(&text);
        }
    }
}
