//! Hosts that are down: two hundred feeds of one host, one at a time and ten seconds each, would
//! hold up a poll for half an hour. The first who finds it down tells the others.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Failure;

/// How long a host counts as down before somebody tries again.
const A_WHILE: Duration = Duration::from_secs(60);
/// Answers that did not come in time, in a row: one may be the fault of a single page.
const TOO_SLOW: u32 = 3;

#[derive(Debug)]
struct Outage {
    failure: Failure,
    /// `TOO_SLOW` or more: the host is down.
    strikes: u32,
    until: Instant,
}

/// What the last requests said of each host that failed.
#[derive(Debug, Default)]
pub(super) struct Outages(Mutex<BTreeMap<String, Outage>>);

impl Outages {
    /// Fails as the last request did, if the host was found down a moment ago.
    pub(super) fn check(&self, host: &str) -> Result<(), Failure> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let down = |outage: &&Outage| TOO_SLOW <= outage.strikes && Instant::now() < outage.until;
        known.get(host).filter(down).map_or(Ok(()), |outage| Err(outage.failure.clone()))
    }

    /// Takes note of how a request ended; any answer at all ends an outage.
    pub(super) fn note(&self, host: &str, failure: Option<&Failure>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let strikes = match failure {
            Some(Failure::Connect { .. } | Failure::Dns { .. } | Failure::Tls { .. }) => TOO_SLOW,
            Some(Failure::Timeout { .. }) => 1,
            _ => 0,
        };
        let now = Instant::now();
        known.retain(|_, outage| now < outage.until);
        match failure.filter(|_| 0 < strikes) {
            None => drop(known.remove(host)),
            Some(failure) => {
                let before = known.get(host).map_or(0, |outage| outage.strikes);
                let strikes = before.saturating_add(strikes);
                let outage = Outage { failure: failure.clone(), strikes, until: now + A_WHILE };
                known.insert(host.to_owned(), outage);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn late() -> Failure {
        Failure::Timeout { host: "a.example".to_owned(), after: A_WHILE }
    }

    fn down() -> Failure {
        let cause = "connection refused".to_owned();
        Failure::Connect { host: "a.example".to_owned(), cause, offline: false }
    }

    #[test]
    fn a_host_that_cannot_be_reached_is_down_for_all_its_feeds() {
        let outages = Outages::default();
        outages.note("a.example", Some(&down()));
        assert_eq!(outages.check("a.example"), Err(down()));
        assert_eq!(outages.check("b.example"), Ok(()));
    }

    #[test]
    fn one_slow_page_is_no_outage_and_three_in_a_row_are() {
        let outages = Outages::default();
        for answer in [Some(late()), Some(late()), None, Some(late()), Some(late())] {
            outages.note("a.example", answer.as_ref());
            assert_eq!(outages.check("a.example"), Ok(()));
        }
        outages.note("a.example", Some(&late()));
        assert_eq!(outages.check("a.example"), Err(late()));
    }

    #[test]
    fn any_answer_ends_the_outage() {
        let outages = Outages::default();
        outages.note("a.example", Some(&down()));
        outages.note("a.example", Some(&Failure::Url));
        assert_eq!(outages.check("a.example"), Ok(()));
    }
}
