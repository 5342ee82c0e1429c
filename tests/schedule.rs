//! Claims about crontab lines, the days on which clocks change among them.

use bellwether::schedule::cron::parse;
use jiff::{Timestamp, tz::TimeZone};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The ticks of `line` from `from` until before `to`, as local times of `zone`.
fn ticks(line: &str, name: &str, from: &str, to: &str) -> Vec<String> {
    let (cron, zone) = (parse(line).unwrap(), zone(name));
    let mut ticks = Vec::new();
    let mut now = at(from);
    loop {
        now = cron.next(now, &zone);
        if now >= at(to) || ticks.len() > 1000 {
            return ticks;
        }
        ticks.push(zone.to_datetime(now).strftime("%d %H:%M").to_string());
    }
}

#[test]
fn weekdays_count_as_in_crontab() {
    let utc = zone("UTC");
    for line in ["0 7 * * 1", "0 7 * * mon", "0 7 * * MON"] {
        // 2026-10-13 is a Tuesday.
        let next = parse(line).unwrap().next(at("2026-10-13T08:00:00Z"), &utc);
        assert_eq!(next, at("2026-10-19T07:00:00Z"), "{line}");
    }
    for line in ["0 7 * * 0", "0 7 * * 7", "0 7 * * sun"] {
        let next = parse(line).unwrap().next(at("2026-10-13T08:00:00Z"), &utc);
        assert_eq!(next, at("2026-10-18T07:00:00Z"), "{line}");
    }
}

#[test]
fn a_range_of_weekdays_may_pass_sunday() {
    let days = ticks("0 7 * * fri-mon", "UTC", "2026-10-12T08:00:00Z", "2026-10-20T00:00:00Z");
    assert_eq!(days, ["16 07:00", "17 07:00", "18 07:00", "19 07:00"]);
}

#[test]
fn steps_lists_and_names_are_understood() {
    let hours =
        ticks("*/30 9-17/4,20 13 oct *", "UTC", "2026-10-13T00:00:00Z", "2026-10-14T00:00:00Z");
    assert_eq!(
        hours,
        [
            "13 09:00", "13 09:30", "13 13:00", "13 13:30", "13 17:00", "13 17:30", "13 20:00",
            "13 20:30"
        ]
    );
    assert!(parse("@daily").is_ok());
}

#[test]
fn the_tick_at_now_itself_is_past() {
    let next = parse("0 7 * * *").unwrap().next(at("2026-10-13T07:00:00Z"), &zone("UTC"));
    assert_eq!(next, at("2026-10-14T07:00:00Z"));
}

#[test]
fn a_daily_line_comes_once_a_day_where_the_hour_is_left_out() {
    // Sweden: 29 March 2026, 02:00 becomes 03:00.
    let days =
        ticks("30 2 * * *", "Europe/Stockholm", "2026-03-27T12:00:00Z", "2026-03-31T12:00:00Z");
    assert_eq!(days, ["28 02:30", "29 03:30", "30 02:30", "31 02:30"]);
}

#[test]
fn a_daily_line_comes_once_a_day_where_the_hour_repeats() {
    // Sweden: 25 October 2026, 03:00 becomes 02:00.
    let days =
        ticks("30 2 * * *", "Europe/Stockholm", "2026-10-23T12:00:00Z", "2026-10-27T12:00:00Z");
    assert_eq!(days, ["24 02:30", "25 02:30", "26 02:30", "27 02:30"]);
}

#[test]
fn a_daily_line_comes_once_a_day_where_clocks_move_by_half_an_hour() {
    // Lord Howe: 4 October 2026, 02:00 becomes 02:30; 5 April 2026, 02:00 becomes 01:30.
    let spring =
        ticks("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T00:00:00Z", "2026-10-05T00:00:00Z");
    assert_eq!(spring, ["03 02:15", "04 02:45", "05 02:15"]);
    let autumn =
        ticks("45 1 * * *", "Australia/Lord_Howe", "2026-04-03T00:00:00Z", "2026-04-06T00:00:00Z");
    assert_eq!(autumn, ["04 01:45", "05 01:45", "06 01:45"]);
}

#[test]
fn a_daily_line_comes_once_a_day_where_midnight_is_left_out() {
    // Cairo: 24 April 2026, 00:00 becomes 01:00.
    let days = ticks("0 0 * * *", "Africa/Cairo", "2026-04-22T12:00:00Z", "2026-04-25T12:00:00Z");
    assert_eq!(days, ["23 00:00", "24 01:00", "25 00:00"]);
}

#[test]
fn a_tick_left_out_is_still_to_come_just_after_the_change() {
    let cron = parse("30 2 * * *").unwrap();
    // 03:10 in Sweden, ten minutes after the clocks went forward.
    let next = cron.next(at("2026-03-29T01:10:00Z"), &zone("Europe/Stockholm"));
    assert_eq!(next, at("2026-03-29T01:30:00Z"));
}

#[test]
fn every_day_of_ten_years_has_one_tick_in_every_hour_and_zone() {
    for name in ["Europe/Stockholm", "Australia/Lord_Howe", "Africa/Cairo", "America/New_York"] {
        for hour in 0..4 {
            let (cron, zone) = (parse(&format!("30 {hour} * * *")).unwrap(), zone(name));
            let mut now = at("2024-01-01T12:00:00Z");
            let mut last = zone.to_datetime(now).date();
            for _ in 0..3650 {
                now = cron.next(now, &zone);
                let day = zone.to_datetime(now).date();
                assert_eq!(day, last.tomorrow().unwrap(), "{name} {hour}");
                last = day;
            }
        }
    }
}

#[test]
fn going_back_meets_the_same_ticks_as_going_on() {
    let lines = ["*/10 * * * *", "30 2 * * *", "30 1 * * *", "15 2 * * 0", "0 0 1 * *"];
    let zones = ["Europe/Stockholm", "Australia/Lord_Howe", "Africa/Cairo", "UTC"];
    for (line, name) in lines.iter().flat_map(|line| zones.map(|name| (line, name))) {
        let (cron, zone) = (parse(line).unwrap(), zone(name));
        for start in ["2026-03-28T20:00:00Z", "2026-04-04T12:00:00Z", "2026-10-24T20:00:00Z"] {
            let mut last = cron.next(at(start), &zone);
            for _ in 0..40 {
                assert_eq!(cron.previous(last, &zone), Some(last), "{line} {name}");
                let next = cron.next(last, &zone);
                let before = next - jiff::SignedDuration::from_secs(1);
                assert_eq!(cron.previous(before, &zone), Some(last), "{line} {name}");
                last = next;
            }
        }
    }
}

#[test]
fn the_last_tick_of_a_leap_day_is_years_ago() {
    let leap = parse("0 7 29 2 *").unwrap();
    let last = leap.previous(at("2027-12-31T00:00:00Z"), &zone("UTC"));
    assert_eq!(last, Some(at("2024-02-29T07:00:00Z")));
}

#[test]
fn a_line_is_refused_with_what_is_wrong_in_it() {
    let check = |line: &str, message: &str| {
        let error = parse(line).unwrap_err();
        assert_eq!(error.to_string(), message, "{line}");
        assert!(!error.hint().is_empty());
    };
    check("30 7 * *", "a cron line has 5 fields, this one has 4");
    check("0 30 7 * * 1", "a cron line has 5 fields, this one has 6");
    check("60 7 * * *", "`60` is no minute of a cron line");
    check("30 7 * * monday", "`monday` is no day of the week of a cron line");
    check("30 7 ? * 1", "`?` is no day of the month of a cron line");
    check("5/15 * * * *", "`5/15` is no minute of a cron line");
    check("*/0 * * * *", "`*/0` is no minute of a cron line");
    check("0 17-9 * * *", "`17-9` is no hour of a cron line");
    check("0 7 1 * mon", "a day of the month together with a day of the week is ambiguous");
    check("0 7 30 2 *", "this cron line never comes");
}
