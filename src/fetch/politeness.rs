//! Whose turn it is: one request at a time per service, a bound on all that are under way, and a
//! steady pace of new ones.
//!
//! A request waits for its service before it takes one of the common places, so a long queue for
//! one service keeps nobody else out. A service that answered 429 rests: the other feeds behind
//! it are not asked either.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

#[derive(Debug)]
pub(super) struct Turns {
    services: Mutex<BTreeMap<String, Service>>,
    places: Arc<Semaphore>,
    /// When the next request may start; whoever holds it is the next.
    next: tokio::sync::Mutex<Instant>,
    /// How far apart requests start.
    gap: Duration,
}

#[derive(Debug)]
struct Service {
    turn: Arc<Semaphore>,
    /// Requests that hold the turn or wait for it.
    users: usize,
    rests_until: Option<Instant>,
}

const OPEN: &str = "these semaphores are never closed";

/// The first in the queue of a service: nobody else of it goes before this one is dropped.
#[derive(Debug)]
pub(super) struct First {
    turn: OwnedSemaphorePermit,
    user: User,
}

/// The right to send one request; dropped, the next one has it.
#[derive(Debug)]
pub(super) struct Turn {
    // Dropped in this order: the turn is free before the service is forgotten.
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
    user: User,
}

/// Counts one user of a service, also while it only waits and even if it gives up.
#[derive(Debug)]
struct User {
    turns: Arc<Turns>,
    service: String,
}

impl Turns {
    /// `per_second` new requests (0: no limit), `places` under way.
    pub(super) fn new(per_second: f64, places: usize) -> Arc<Turns> {
        // A twentieth more than the even share: else the first and the last of a second would
        // make one too many.
        let gap = if 0.0 < per_second { 1.05 / per_second } else { 0.0 };
        Arc::new(Turns {
            services: Mutex::default(),
            places: Arc::new(Semaphore::new(places.max(1))),
            next: tokio::sync::Mutex::new(Instant::now()),
            gap: Duration::try_from_secs_f64(gap).unwrap_or(Duration::MAX),
        })
    }

    /// Waits until no other request to `service` is under way or before us.
    ///
    /// # Errors
    ///
    /// How much longer the service rests.
    pub(super) async fn queue(self: &Arc<Turns>, service: &str) -> Result<First, Duration> {
        let (user, turn) = User::new(self, service);
        let turn = turn.acquire_owned().await.expect(OPEN);
        self.rested(service)?;
        Ok(First { turn, user })
    }

    fn rested(&self, service: &str) -> Result<(), Duration> {
        let until = lock(&self.services).get(service).and_then(|service| service.rests_until);
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        left.filter(|left| !left.is_zero()).map_or(Ok(()), Err)
    }

    /// Lets go one request at a time, each so long after the last one really started: a machine
    /// that was busy for a moment must not send all that is late at once.
    async fn pace(&self) {
        if self.gap.is_zero() {
            return;
        }
        let mut next = self.next.lock().await;
        tokio::time::sleep_until(*next).await;
        let now = Instant::now();
        *next = now.checked_add(self.gap).unwrap_or(now);
    }
}

impl First {
    /// Waits for one of the common places, and for the pace of all requests together.
    pub(super) async fn start(self) -> Turn {
        let turns = Arc::clone(&self.user.turns);
        let place = Arc::clone(&turns.places).acquire_owned().await.expect(OPEN);
        turns.pace().await;
        Turn { _turn: self.turn, _place: place, user: self.user }
    }
}

impl Turn {
    /// Lets the service rest: nobody else gets a turn at it for so long.
    pub(super) fn rest(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        if let Some(service) = lock(&self.user.turns.services).get_mut(&self.user.service) {
            service.rests_until = until.max(service.rests_until);
        }
    }
}

impl User {
    fn new(turns: &Arc<Turns>, service: &str) -> (User, Arc<Semaphore>) {
        let mut services = lock(&turns.services);
        let found = services.entry(service.to_owned()).or_insert_with(|| Service {
            turn: Arc::new(Semaphore::new(1)),
            users: 0,
            rests_until: None,
        });
        found.users += 1;
        let turn = Arc::clone(&found.turn);
        (User { turns: Arc::clone(turns), service: service.to_owned() }, turn)
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let mut services = lock(&self.turns.services);
        let Some(service) = services.get_mut(&self.service) else { return };
        service.users -= 1;
        let rests = service.rests_until.is_some_and(|until| Instant::now() < until);
        if service.users == 0 && !rests {
            services.remove(&self.service);
        }
    }
}

/// Nothing is left half done under these locks, so a panic elsewhere does not spoil them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    async fn take(turns: &Arc<Turns>, service: &str) -> Result<Turn, Duration> {
        Ok(turns.queue(service).await?.start().await)
    }

    fn now(turns: &Arc<Turns>, service: &str) -> Option<Result<Turn, Duration>> {
        take(turns, service).now_or_never()
    }

    #[test]
    fn one_turn_at_a_time_per_service() {
        let turns = Turns::new(0.0, 8);
        let first = now(&turns, "a").unwrap().unwrap();
        assert!(now(&turns, "a").is_none());
        assert!(now(&turns, "b").is_some());
        drop(first);
        assert!(now(&turns, "a").is_some());
    }

    #[test]
    fn a_queue_for_one_service_takes_no_common_place() {
        let turns = Turns::new(0.0, 2);
        let _first = now(&turns, "a").unwrap().unwrap();
        let waiting: Vec<_> = (0..8)
            .map(|_| Box::pin(take(&turns, "a")))
            .map(|mut turn| turn.as_mut().now_or_never().is_none())
            .collect();
        assert!(waiting.iter().all(|waits| *waits));
        let _second = now(&turns, "b").unwrap().unwrap();
        assert!(now(&turns, "c").is_none(), "two places, both taken");
    }

    #[test]
    fn a_resting_service_gives_no_turn_and_the_others_do() {
        let turns = Turns::new(0.0, 8);
        now(&turns, "a").unwrap().unwrap().rest(Duration::from_secs(60));
        let left = now(&turns, "a").unwrap().unwrap_err();
        assert!(Duration::from_secs(50) < left && left <= Duration::from_secs(60));
        assert!(now(&turns, "b").unwrap().is_ok());
    }

    #[test]
    fn a_service_nobody_waits_for_is_forgotten() {
        let turns = Turns::new(0.0, 8);
        let turn = now(&turns, "a").unwrap().unwrap();
        assert!(now(&turns, "a").is_none());
        drop(turn);
        assert!(lock(&turns.services).is_empty());
    }

    #[tokio::test]
    async fn requests_start_at_an_even_pace() {
        let turns = Turns::new(1_000.0, 8);
        let start = Instant::now();
        for _ in 0..11 {
            drop(take(&turns, "a").await.unwrap());
        }
        assert!(Duration::from_millis(10) <= start.elapsed());
    }
}
