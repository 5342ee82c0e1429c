//! What an answer's headers say of time, as durations: the server's clock may be wrong, so a date
//! is only ever compared with the server's own `Date`.

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, HeaderName, RETRY_AFTER};

use crate::model::Pace;

/// Nobody means more than this; it keeps sums of instants in range.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Reads freshness (RFC 9111 §4.2) and waiting time (RFC 9110 §10.2.3) from the headers.
pub(super) fn of(headers: &HeaderMap) -> Pace {
    let date = header(headers, &DATE).and_then(date);
    Pace {
        fresh_for: fresh_for(headers, date),
        retry_after: retry_after(headers, date).or_else(|| used_up(headers, date)),
    }
}

fn fresh_for(headers: &HeaderMap, date_sent: Option<Timestamp>) -> Option<SignedDuration> {
    let mut max_age = None;
    for value in headers.get_all(CACHE_CONTROL) {
        for directive in value.to_str().unwrap_or_default().split(',') {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-cache" | "no-store" => return None,
                "max-age" => max_age = max_age.or(seconds(value.trim().trim_matches('"'))),
                _ => {}
            }
        }
    }
    let lifetime = match max_age {
        Some(age) => age - header(headers, &AGE).and_then(seconds).unwrap_or_default(),
        None => header(headers, &EXPIRES).and_then(date)?.duration_since(date_sent?),
    };
    Some(lifetime.clamp(SignedDuration::ZERO, LONGEST))
}

fn retry_after(headers: &HeaderMap, date_sent: Option<Timestamp>) -> Option<SignedDuration> {
    let text = header(headers, &RETRY_AFTER)?;
    let wait = seconds(text).or_else(|| Some(date(text)?.duration_since(date_sent?)))?;
    (SignedDuration::ZERO < wait).then(|| wait.min(LONGEST))
}

/// The wait after a budget is spent: `X-RateLimit-Remaining: 0` with a reset that is seconds to go
/// (Reddit, the RateLimit draft), a Unix time (GitHub) or an ISO time (Mastodon).
fn used_up(headers: &HeaderMap, date_sent: Option<Timestamp>) -> Option<SignedDuration> {
    let named = |word: &str| {
        let value = |prefix| headers.get(format!("{prefix}ratelimit-{word}"))?.to_str().ok();
        value("x-").or_else(|| value(""))
    };
    let left: f64 = named("remaining")?.trim().parse().ok()?;
    if 1.0 <= left {
        return None;
    }
    /// A number above it is an instant: as a wait it would be 31 years.
    const FIRST_UNIX_TIME: SignedDuration = SignedDuration::from_secs(1_000_000_000);
    let reset = named("reset")?.trim();
    let wait = match seconds(reset) {
        Some(wait) if wait < FIRST_UNIX_TIME => wait,
        Some(unix) => Timestamp::from_second(unix.as_secs()).ok()?.duration_since(date_sent?),
        None => reset.parse::<Timestamp>().ok()?.duration_since(date_sent?),
    };
    (SignedDuration::ZERO < wait).then(|| wait.min(LONGEST))
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Whole seconds, rounded up; servers also send `12.5`.
fn seconds(text: &str) -> Option<SignedDuration> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = plain.then(|| text.parse().ok()).flatten()?;
    Some(SignedDuration::from_secs(number.ceil().min(4e9) as i64))
}

/// The three forms of RFC 9110 §5.6.7, and RFC 2822 with any zone.
fn date(text: &str) -> Option<Timestamp> {
    let http = httpdate::parse_http_date(text).ok().and_then(|time| time.try_into().ok());
    http.or_else(|| Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &str)], fresh_for: Option<i64>, retry_after: Option<i64>) {
        let map = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        let pace = of(&map);
        assert_eq!(pace.fresh_for.map(|wait| wait.as_secs()), fresh_for, "{headers:?}");
        assert_eq!(pace.retry_after.map(|wait| wait.as_secs()), retry_after, "{headers:?}");
    }

    const DATE: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");

    #[test]
    fn retry_after_may_be_seconds_or_a_date_in_any_of_its_forms() {
        check(&[("retry-after", "120")], None, Some(120));
        check(&[("retry-after", " 1.5 ")], None, Some(2));
        check(&[DATE, ("retry-after", "Sun, 06 Nov 1994 08:50:37 GMT")], None, Some(60));
        check(&[DATE, ("retry-after", "Sunday, 06-Nov-94 08:50:37 GMT")], None, Some(60));
        check(&[DATE, ("retry-after", "Sun Nov  6 08:50:37 1994")], None, Some(60));
        check(&[DATE, ("retry-after", "Sun, 06 Nov 1994 09:50:37 +0100")], None, Some(60));
    }

    #[test]
    fn a_wait_that_says_nothing_is_none() {
        for value in ["", "0", "-5", "soon", "NaN", "inf", "1e9", "Sun, 06 Nov 1994 08:50:37 GMT"] {
            check(&[("retry-after", value)], None, None);
        }
        check(&[DATE, ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")], None, None);
    }

    #[test]
    fn an_absurd_wait_is_a_year() {
        check(&[("retry-after", "99999999999999999999")], None, Some(LONGEST.as_secs()));
    }

    #[test]
    fn freshness_is_max_age_less_age() {
        check(&[("cache-control", "public, Max-Age=600"), ("age", "60")], Some(540), None);
        check(&[("cache-control", "max-age=\"60\""), ("age", "100")], Some(0), None);
        check(&[("cache-control", "max-age=60, no-cache")], None, None);
        check(&[("cache-control", "s-maxage=60")], None, None);
    }

    #[test]
    fn expires_counts_from_the_servers_own_date_and_only_without_max_age() {
        let expires = ("expires", "Sun, 06 Nov 1994 09:49:37 GMT");
        check(&[DATE, expires], Some(3600), None);
        check(&[DATE, expires, ("cache-control", "max-age=5")], Some(5), None);
        check(&[expires], None, None);
        check(&[DATE, ("expires", "0")], None, None);
    }

    #[test]
    fn a_spent_budget_is_a_wait() {
        let reset = |value| [DATE, ("x-ratelimit-remaining", "0.0"), ("x-ratelimit-reset", value)];
        check(&reset("340"), None, Some(340));
        check(&reset("1994-11-06T08:50:37.000Z"), None, Some(60));
        let later = [
            ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
            ("ratelimit-remaining", "0"),
            ("ratelimit-reset", "1000000030"),
        ];
        check(&later, None, Some(30));
        check(&[("x-ratelimit-remaining", "12"), ("x-ratelimit-reset", "340")], None, None);
    }
}
