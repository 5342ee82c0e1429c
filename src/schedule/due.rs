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

/// Says whether the server may be asked at `now`; if not, from when on
/// (`Timestamp::MAX`: never again). Even `fetch` by hand keeps to this.
pub fn may_ask(state: &FeedState, now: Timestamp) -> Result<(), Timestamp> {
    match state.not_before {
        Some(until) if until > now => Err(until),
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
        .filter(|feed| feed.unreadable.is_none())
        .filter(|feed| states.get(&feed.id).is_none_or(|state| is_due(state, feed, now, settings)))
        .map(|feed| (states.get(&feed.id).and_then(|state| state.checked), feed.id))
        .collect();
    due.sort_unstable();
    due.dedup_by_key(|(_, id)| *id);
    due.into_iter().map(|(_, id)| id).collect()
}

fn is_due(state: &FeedState, feed: &Feed, now: Timestamp, settings: &Settings) -> bool {
    if may_ask(state, now).is_err() {
        return false;
    }
    let Some(checked) = state.checked else { return true };
    let plan = settings.plans.get(&feed.id);
    if let Some(refresh) = plan.and_then(|plan| plan.refresh) {
        return checked.saturating_add(refresh).is_ok_and(|next| next <= now);
    }
    let cron = plan.and_then(|plan| plan.cron.as_ref()).or(settings.cron.as_ref());
    let ticked = cron.is_none_or(|cron| cron.next(checked, &settings.zone) <= now);
    ticked && state.next_check.is_none_or(|next| next <= now)
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
