//! How the feeds are: each in one of five states.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Feed, FeedId, FeedState, Outcome};
use crate::schedule;

/// All feeds of `feeds.yaml`; the five add up to `feeds`.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(in crate::cli) struct Health {
    pub(super) feeds: usize,
    /// Read at the last poll, or unchanged.
    pub(super) ok: usize,
    /// As `ok`, and their servers asked to be left alone for a while.
    pub(super) resting: usize,
    /// Never asked.
    pub(super) never_read: usize,
    /// Not asked at all: by hand, or a secret is missing.
    pub(super) unreadable: usize,
    pub(super) failing: Vec<Failing>,
}

/// A feed whose last poll failed.
#[derive(Debug, PartialEq, Serialize)]
pub(in crate::cli) struct Failing {
    pub(super) feed: String,
    pub(super) error: String,
    pub(super) since: Option<Timestamp>,
    /// `None`: never again, it said twice that it is gone.
    pub(super) next_check: Option<Timestamp>,
}

/// Looks at `feeds` at `now`.
pub(in crate::cli) fn of(
    feeds: &[Feed],
    states: &BTreeMap<FeedId, FeedState>,
    now: Timestamp,
) -> Health {
    let mut health = Health { feeds: feeds.len(), ..Health::default() };
    for feed in feeds {
        let state = states.get(&feed.id);
        match (Condition::of(feed, state, now), state) {
            (Condition::Unreadable, _) => health.unreadable += 1,
            (Condition::Failing, Some(state)) => health.failing.push(failing(&feed.name, state)),
            (Condition::Resting, _) => health.resting += 1,
            (Condition::Ok, _) => health.ok += 1,
            (Condition::NeverRead | Condition::Failing, _) => health.never_read += 1,
        }
    }
    health
}

/// How one feed is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::cli) enum Condition {
    Ok,
    Resting,
    Failing,
    NeverRead,
    Unreadable,
}

impl Condition {
    /// Of `feed` at `now`.
    pub(in crate::cli) fn of(feed: &Feed, state: Option<&FeedState>, now: Timestamp) -> Condition {
        match state.filter(|state| state.checked.is_some()) {
            _ if feed.unreadable.is_some() => Condition::Unreadable,
            None => Condition::NeverRead,
            Some(state) if is_failing(state) => Condition::Failing,
            Some(state) if schedule::may_ask(state, now).is_err() => Condition::Resting,
            Some(_) => Condition::Ok,
        }
    }

    /// In a table.
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            Condition::Ok => "ok",
            Condition::Resting => "resting",
            Condition::Failing => "failing",
            Condition::NeverRead => "never read",
            Condition::Unreadable => "unreadable",
        }
    }
}

fn is_failing(state: &FeedState) -> bool {
    matches!(state.outcome, Some(Outcome::Failed | Outcome::Gone))
}

fn failing(name: &str, state: &FeedState) -> Failing {
    let next = state.next_check.max(state.not_before);
    Failing {
        feed: name.to_owned(),
        error: state.error.clone().unwrap_or_else(|| "failed".to_owned()),
        since: state.failing_since,
        next_check: next.filter(|at| *at < Timestamp::MAX),
    }
}

/// Failing feeds that say the same.
#[derive(Debug, PartialEq)]
pub(in crate::cli) struct Cause<'a> {
    pub(super) error: &'a str,
    /// In the order of `feeds.yaml`; at least one.
    pub(super) feeds: Vec<&'a Failing>,
}

/// Sums up by what is wrong, the most frequent first: a hundred failures have few causes.
pub(super) fn causes(failing: &[Failing]) -> Vec<Cause<'_>> {
    let mut by_error: BTreeMap<&str, Vec<&Failing>> = BTreeMap::new();
    for one in failing {
        by_error.entry(&one.error).or_default().push(one);
    }
    let mut causes: Vec<Cause<'_>> =
        by_error.into_iter().map(|(error, feeds)| Cause { error, feeds }).collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.feeds.len()));
    causes
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-10-13T07:00:00Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn feed(name: &str) -> Feed {
        Feed {
            id: FeedId::new(&[name]),
            address: format!("https://{name}.example/feed"),
            name: name.to_owned(),
            kind: "syndication".to_owned(),
            owner: None,
            select: None,
            account: None,
            options: Default::default(),
            secret: false,
            unreadable: None,
        }
    }

    fn state(outcome: Outcome) -> FeedState {
        FeedState {
            checked: Some(at("2026-10-13T06:00:00Z")),
            outcome: Some(outcome),
            ..FeedState::default()
        }
    }

    #[test]
    fn each_feed_is_in_one_state_and_they_add_up() {
        let mut feeds: Vec<Feed> =
            ["ok", "unchanged", "resting", "failing", "gone", "new", "manual"].map(feed).into();
        feeds[6].unreadable = Some("kept by hand".to_owned());
        let later = Some(at("2026-10-13T08:00:00Z"));
        let states = BTreeMap::from([
            (feeds[0].id, state(Outcome::Read)),
            (feeds[1].id, state(Outcome::Unchanged)),
            (feeds[2].id, FeedState { not_before: later, ..state(Outcome::Read) }),
            (feeds[3].id, FeedState { next_check: later, ..state(Outcome::Failed) }),
            (feeds[4].id, FeedState { not_before: Some(Timestamp::MAX), ..state(Outcome::Gone) }),
            (feeds[5].id, FeedState::default()),
        ]);
        let health = of(&feeds, &states, at(NOW));
        let Health { feeds, ok, resting, never_read, unreadable, failing } = health;
        assert_eq!((feeds, ok, resting, never_read, unreadable), (7, 2, 1, 1, 1));
        let told: Vec<_> = failing.iter().map(|one| (one.feed.as_str(), one.next_check)).collect();
        assert_eq!(told, [("failing", later), ("gone", None)]);
    }

    #[test]
    fn many_failures_are_summed_up_by_what_is_wrong() {
        let one = |feed: &str, error: &str| Failing {
            feed: feed.to_owned(),
            error: error.to_owned(),
            since: None,
            next_check: None,
        };
        let failing = [one("a", "no answer"), one("b", "404 Not Found"), one("c", "no answer")];
        let causes = causes(&failing);
        let told: Vec<_> = causes.iter().map(|cause| (cause.error, cause.feeds.len())).collect();
        assert_eq!(told, [("no answer", 2), ("404 Not Found", 1)]);
    }
}
