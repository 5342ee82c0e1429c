//! Topics against the days before: of each, how unusual its people are today.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Clustering, DAYS, Doc, burst};
use crate::model::Burst;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// For each day before the last 24 hours, newest first: whether its count of people means
/// anything. Days before `begun`, the first reading, do not, nor days without any post of
/// `instants` (an outage).
pub fn known_days(
    begun: Option<Timestamp>,
    instants: impl Iterator<Item = Timestamp>,
    now: Timestamp,
) -> Vec<bool> {
    let days_back = |at: Timestamp| (now.duration_since(at) - DAY).as_secs().div_euclid(86_400);
    let alive: BTreeSet<i64> = instants.map(days_back).collect();
    let known = |day: i64| {
        let start = back(now, SignedDuration::from_hours(24 * (day + 2)));
        begun.is_some_and(|begun| begun <= start) && alive.contains(&day)
    };
    (0..DAYS as i64).map(known).collect()
}

fn back(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_sub(by).unwrap_or(Timestamp::MIN)
}

impl Clustering {
    /// Returns for each topic the people of the last 24 hours against the days before. `docs`
    /// are the past's and, from `start` on, those that were clustered; `known_days` as
    /// [`known_days`] gives them. Where a topic's own past is short, the mean of all counts.
    pub fn bursts(
        &self,
        docs: &[Doc],
        start: usize,
        now: Timestamp,
        known_days: &[bool],
    ) -> Vec<Burst> {
        let today = back(now, DAY);
        let people_today = |topic: &Vec<usize>| {
            let recent = topic
                .iter()
                .map(|&at| &docs[start + at])
                .filter(|doc| doc.at.is_some_and(|at| today < at));
            recent.map(|doc| doc.person).collect::<BTreeSet<_>>().len() as u32
        };
        let past = self.past_people(docs, now, known_days.len());
        let history: Vec<Vec<Option<u32>>> = past
            .into_iter()
            .map(|days| {
                days.into_iter()
                    .zip(known_days)
                    .map(|(count, known)| known.then_some(count))
                    .collect()
            })
            .collect();
        let known: Vec<f64> =
            history.iter().flatten().flatten().map(|count| f64::from(*count)).collect();
        let pooled = known.iter().sum::<f64>() / known.len().max(1) as f64;
        let topics = self.topics.iter().zip(&history);
        topics.map(|(topic, history)| burst(people_today(topic), history, pooled)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn days_before_the_first_reading_and_days_of_silence_are_not_known() {
        let now = at("2026-10-13T06:00:00Z");
        let posts = ["2026-10-11T12:00:00Z", "2026-10-09T12:00:00Z", "2026-10-07T12:00:00Z"];
        let known = known_days(Some(at("2026-10-08T00:00:00Z")), posts.map(at).into_iter(), now);
        assert_eq!(known[..6], [true, false, true, false, false, false]);
        assert!(known_days(None, posts.map(at).into_iter(), now).iter().all(|known| !known));
    }
}
