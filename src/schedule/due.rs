//! Which feeds to ask now: the rhythm that `after` learned, or the user's own.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{Limits, cron::Cron};
use crate::model::{Feed, FeedId, FeedState};

/// The user's word on one feed's rhythm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Ask this long after the last time, whatever the feed's own rhythm.
    pub refresh: Option<SignedDuration>,
    /// Ask only at these ticks, and then only if the feed's next check has come.
    pub cron: Option<Cron>,
}

/// What the user says of rhythms.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Bounds of the learned interval.
    pub limits: Limits,
    /// Ticks for feeds that have no plan of their own; `None`: at any time.
    pub cron: Option<Cron>,
    /// Feeds with a word of their own.
    pub plans: BTreeMap<FeedId, Plan>,
    /// The zone in which cron lines are read.
    pub zone: TimeZone,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            limits: Limits::default(),
            cron: None,
            plans: BTreeMap::new(),
            zone: TimeZone::UTC,
        }
    }
}

/// A state from so much later than now was written by a clock that has been set back since.
/// Less than that is a clock that was put right by a moment.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Says whether the server may be asked at `now`; if not, from when on
/// (`Timestamp::MAX`: never again). Even `fetch` by hand keeps to this.
///
/// A word that was given at an instant still to come (the clock was set back) holds no feed up:
/// how much of it is left nobody can tell, and it would hold for as long as the clock was wrong.
pub fn may_ask(state: &FeedState, now: Timestamp) -> Result<(), Timestamp> {
    match state.not_before {
        Some(until) if until == Timestamp::MAX => Err(until),
        Some(until) if until > now && !is_ahead(state, now) => Err(until),
        _ => Ok(()),
    }
}

/// Returns the feeds that a scheduled poll at `now` asks, those waiting longest first, ties by
/// id. Unreadable feeds are never among them; a feed without a state was never asked and is.
pub fn due(
    states: &BTreeMap<FeedId, FeedState>,
    feeds: &[Feed],
    now: Timestamp,
    settings: &Settings,
) -> Vec<FeedId> {
    let mut due: Vec<(Option<Timestamp>, FeedId)> = feeds
        .iter()
        .filter(|feed| due_from(states, feed, now, settings).is_some_and(|from| from <= now))
        .map(|feed| (states.get(&feed.id).and_then(|state| state.checked), feed.id))
        .collect();
    due.sort_unstable();
    due.dedup_by_key(|(_, id)| *id);
    due.into_iter().map(|(_, id)| id).collect()
}

/// Returns the first instant from `now` on at which [`due`] finds a feed; `None` where it never
/// will.
pub fn next_due(
    states: &BTreeMap<FeedId, FeedState>,
    feeds: &[Feed],
    now: Timestamp,
    settings: &Settings,
) -> Option<Timestamp> {
    let instants = feeds.iter().filter_map(|feed| due_from(states, feed, now, settings));
    instants.min().map(|first| first.max(now))
}

/// The instant from which on `feed` is due; `None`: never.
fn due_from(
    states: &BTreeMap<FeedId, FeedState>,
    feed: &Feed,
    now: Timestamp,
    settings: &Settings,
) -> Option<Timestamp> {
    if feed.unreadable.is_some() {
        return None;
    }
    let Some(state) = states.get(&feed.id) else { return Some(Timestamp::MIN) };
    let allowed = match may_ask(state, now) {
        Err(until) if until == Timestamp::MAX => return None,
        Err(until) => until,
        Ok(()) => Timestamp::MIN,
    };
    let Some(checked) = state.checked.filter(|_| !is_ahead(state, now)) else {
        return Some(allowed);
    };
    let plan = settings.plans.get(&feed.id);
    if let Some(refresh) = plan.and_then(|plan| plan.refresh) {
        return Some(later(checked, refresh).max(allowed));
    }
    let next = state.next_check.unwrap_or(checked);
    let Some(cron) = plan.and_then(|plan| plan.cron.as_ref()).or(settings.cron.as_ref()) else {
        return Some(next.max(allowed));
    };
    let earliest = checked.max(just_before(almost(checked, next).max(allowed)));
    Some(cron.next(earliest, &settings.zone)).filter(|tick| *tick < Timestamp::MAX)
}

/// The clock has been set back since the state was written.
fn is_ahead(state: &FeedState, now: Timestamp) -> bool {
    state.checked.is_some_and(|checked| checked > later(now, AHEAD))
}

/// A tick so little before the next check will do: the check's jitter is a tenth of the wait, and
/// would make a feed of a daily rhythm miss each other tick of a daily line.
fn almost(checked: Timestamp, next: Timestamp) -> Timestamp {
    let early = next.duration_since(checked).max(SignedDuration::ZERO) / 8;
    next.saturating_sub(early).unwrap_or(next)
}

/// A line's next tick is after an instant, never at it.
fn just_before(at: Timestamp) -> Timestamp {
    at.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(at)
}

fn later(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(address: &str) -> Feed {
        Feed {
            id: FeedId::new(&[address]),
            address: address.to_owned(),
            name: address.to_owned(),
            kind: "syndication".to_owned(),
            owner: None,
            select: None,
            account: None,
            options: Default::default(),
            secret: false,
            unreadable: None,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn checked(at_: &str, next: &str) -> FeedState {
        FeedState { checked: Some(at(at_)), next_check: Some(at(next)), ..FeedState::default() }
    }

    const NOW: &str = "2026-10-13T07:00:00Z";

    fn is_due_under(state: FeedState, plan: Plan) -> bool {
        let feed = feed("https://a.example/feed");
        let states = BTreeMap::from([(feed.id, state)]);
        let plans = BTreeMap::from([(feed.id, plan)]);
        let settings = Settings { plans, ..Settings::default() };
        !due(&states, &[feed], at(NOW), &settings).is_empty()
    }

    #[test]
    fn a_feed_never_asked_is_due() {
        let feeds = [feed("https://a.example/feed")];
        let due = due(&BTreeMap::new(), &feeds, at(NOW), &Settings::default());
        assert_eq!(due, [feeds[0].id]);
    }

    #[test]
    fn an_unreadable_feed_is_never_due() {
        let feeds = [Feed { unreadable: Some("manual".into()), ..feed("https://a.example/") }];
        assert!(due(&BTreeMap::new(), &feeds, at(NOW), &Settings::default()).is_empty());
    }

    #[test]
    fn the_feed_waiting_longest_comes_first() {
        let feeds = [feed("https://a.example/"), feed("https://b.example/")];
        let states = BTreeMap::from([
            (feeds[0].id, checked("2026-10-13T05:00:00Z", "2026-10-13T06:00:00Z")),
            (feeds[1].id, checked("2026-10-12T05:00:00Z", "2026-10-13T06:30:00Z")),
        ]);
        let due = due(&states, &feeds, at(NOW), &Settings::default());
        assert_eq!(due, [feeds[1].id, feeds[0].id]);
    }

    #[test]
    fn a_feed_whose_next_check_has_not_come_waits() {
        let state = checked("2026-10-13T06:00:00Z", "2026-10-13T07:00:01Z");
        assert!(!is_due_under(state, Plan::default()));
        let state = checked("2026-10-13T06:00:00Z", "2026-10-13T07:00:00Z");
        assert!(is_due_under(state, Plan::default()));
    }

    #[test]
    fn refresh_replaces_the_learned_rhythm_but_not_the_servers_word() {
        let refresh = || Plan { refresh: Some(SignedDuration::from_mins(30)), cron: None };
        let state = checked("2026-10-13T06:20:00Z", "2026-10-14T00:00:00Z");
        assert!(is_due_under(state.clone(), refresh()));
        let told = FeedState { not_before: Some(at("2026-10-13T08:00:00Z")), ..state };
        assert!(!is_due_under(told, refresh()));
    }

    #[test]
    fn a_cron_line_holds_a_feed_back_until_its_tick() {
        let plan = || Plan { refresh: None, cron: Some(cron("0 12 * * *")) };
        let state = checked("2026-10-13T06:00:00Z", "2026-10-13T06:15:00Z");
        assert!(!is_due_under(state, plan()));
        let state = checked("2026-10-12T11:00:00Z", "2026-10-12T11:15:00Z");
        assert!(is_due_under(state, plan()));
    }

    fn cron(line: &str) -> Cron {
        crate::schedule::cron::parse(line).unwrap()
    }

    fn next_due_under(state: FeedState, plan: Plan, now: &str) -> Option<Timestamp> {
        let feed = feed("https://a.example/feed");
        let states = BTreeMap::from([(feed.id, state)]);
        let plans = BTreeMap::from([(feed.id, plan)]);
        let settings = Settings { plans, ..Settings::default() };
        let next = next_due(&states, std::slice::from_ref(&feed), at(now), &settings);
        if let Some(next) = next {
            assert!(!due(&states, std::slice::from_ref(&feed), next, &settings).is_empty());
        }
        next
    }

    #[test]
    fn the_next_instant_is_the_one_at_which_a_feed_becomes_due() {
        let state = || checked("2026-10-13T06:00:00Z", "2026-10-13T07:20:00Z");
        let refresh = |mins| Plan { refresh: Some(SignedDuration::from_mins(mins)), cron: None };
        let ticks = |line| Plan { refresh: None, cron: Some(cron(line)) };
        let next = |state, plan| next_due_under(state, plan, NOW);
        assert_eq!(next(state(), Plan::default()), Some(at("2026-10-13T07:20:00Z")));
        assert_eq!(next(state(), refresh(90)), Some(at("2026-10-13T07:30:00Z")));
        assert_eq!(next(state(), refresh(30)), Some(at(NOW)), "overdue is now");
        assert_eq!(next(state(), ticks("0 12 * * *")), Some(at("2026-10-13T12:00:00Z")));
        assert_eq!(next(FeedState::default(), Plan::default()), Some(at(NOW)));
        let told = FeedState { not_before: Some(at("2026-10-13T09:00:00Z")), ..state() };
        assert_eq!(next(told.clone(), Plan::default()), Some(at("2026-10-13T09:00:00Z")));
        assert_eq!(next(told, ticks("*/30 * * * *")), Some(at("2026-10-13T09:00:00Z")));
        let gone = FeedState { not_before: Some(Timestamp::MAX), ..state() };
        assert_eq!(next(gone, Plan::default()), None);
    }

    #[test]
    fn a_tick_asks_only_feeds_whose_next_check_has_come_or_almost() {
        let daily = || Plan { refresh: None, cron: Some(cron("0 7 * * *")) };
        let jittered = checked("2026-10-12T07:00:00Z", "2026-10-13T09:20:00Z");
        assert!(is_due_under(jittered, daily()), "a tenth of jitter misses no tick");
        let later = checked("2026-10-13T05:00:00Z", "2026-10-13T11:00:00Z");
        assert_eq!(next_due_under(later, daily(), NOW), Some(at("2026-10-14T07:00:00Z")));
    }

    #[test]
    fn a_clock_set_back_freezes_no_feed() {
        let ahead = checked("2026-10-14T07:00:00Z", "2026-10-14T08:00:00Z");
        assert!(is_due_under(ahead.clone(), Plan::default()));
        let told = FeedState { not_before: Some(at("2026-10-14T09:00:00Z")), ..ahead.clone() };
        assert_eq!(may_ask(&told, at(NOW)), Ok(()));
        let gone = FeedState { not_before: Some(Timestamp::MAX), ..ahead };
        assert!(!is_due_under(gone, Plan::default()));
    }

    #[test]
    fn a_clock_put_right_by_a_moment_asks_nobody_twice() {
        let moment = checked("2026-10-13T07:00:03Z", "2026-10-13T08:00:00Z");
        assert!(!is_due_under(moment, Plan::default()));
    }

    #[test]
    fn by_hand_only_the_servers_word_counts() {
        let state = checked("2026-10-13T06:59:00Z", "2026-10-14T00:00:00Z");
        assert_eq!(may_ask(&state, at(NOW)), Ok(()));
        let until = at("2026-10-13T07:10:00Z");
        let told = FeedState { not_before: Some(until), ..state };
        assert_eq!(may_ask(&told, at(NOW)), Err(until));
        assert_eq!(may_ask(&told, until), Ok(()));
    }
}
