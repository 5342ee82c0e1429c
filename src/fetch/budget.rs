//! The bytes in flight: all bodies together stay under one bound, and none can starve the others
//! for ever.
//!
//! A body grows out of a common pool. When the pool is dry, one body at a time may take the
//! reserve, which is as large as a body may get: so there is always one that can finish and give
//! its bytes back, and no circle of half-read bodies waiting for one another.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Permits are counted in these, and a body grows by at least one: 16 KiB.
const STEP: usize = 16 << 10;

#[derive(Debug, Clone)]
pub(super) struct Budget {
    pool: Arc<Semaphore>,
    reserve: Arc<Semaphore>,
}

impl Budget {
    /// `in_flight` bytes for all bodies, `largest` for one; at least one body always fits.
    pub(super) fn new(in_flight: usize, largest: usize) -> Budget {
        let steps = (in_flight.saturating_sub(largest) / STEP).min(u32::MAX as usize);
        Budget { pool: Arc::new(Semaphore::new(steps)), reserve: Arc::new(Semaphore::new(1)) }
    }

    pub(super) fn open(&self) -> Held {
        Held { budget: self.clone(), pool: None, reserve: None }
    }
}

/// The share of the bytes in flight that one body takes up, given back when dropped: keep it
/// beside the body until the body is parsed, and no longer.
#[derive(Debug)]
pub struct Held {
    budget: Budget,
    pool: Option<OwnedSemaphorePermit>,
    reserve: Option<OwnedSemaphorePermit>,
}

impl Held {
    /// Waits until there is room for a body of `bytes`. More than the largest is the caller's
    /// mistake.
    pub(super) async fn grow(&mut self, bytes: usize) {
        let have = self.pool.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = bytes.div_ceil(STEP).saturating_sub(have) as u32;
        if more == 0 || self.reserve.is_some() {
            return;
        }
        let Budget { pool, reserve } = self.budget.clone();
        tokio::select! {
            biased;
            Ok(permit) = pool.acquire_many_owned(more) => match &mut self.pool {
                Some(held) => held.merge(permit),
                None => self.pool = Some(permit),
            },
            Ok(permit) = reserve.acquire_owned() => self.reserve = Some(permit),
            else => unreachable!("the semaphores are never closed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn grows(held: &mut Held, bytes: usize) -> bool {
        held.grow(bytes).now_or_never().is_some()
    }

    #[test]
    fn when_the_pool_is_dry_one_body_at_a_time_may_finish() {
        let budget = Budget::new(8 * STEP, 4 * STEP);
        let mut bodies = [budget.open(), budget.open(), budget.open()];
        assert!(grows(&mut bodies[0], 3 * STEP));
        assert!(grows(&mut bodies[1], STEP));
        assert!(grows(&mut bodies[1], 2 * STEP), "takes the reserve");
        assert!(grows(&mut bodies[1], 4 * STEP));
        assert!(!grows(&mut bodies[0], 4 * STEP), "waits");
        assert!(!grows(&mut bodies[2], 1), "waits");
        let [first, second, mut third] = bodies;
        drop(second);
        assert!(grows(&mut third, STEP));
        drop((first, third));
        assert_eq!(budget.pool.available_permits(), 4);
        assert_eq!(budget.reserve.available_permits(), 1);
    }

    #[test]
    fn bytes_already_held_are_not_taken_twice() {
        let budget = Budget::new(8 * STEP, 4 * STEP);
        let mut body = budget.open();
        for bytes in [1, 2, STEP, STEP + 1] {
            assert!(grows(&mut body, bytes));
        }
        assert_eq!(budget.pool.available_permits(), 2);
    }

    #[test]
    fn a_bound_below_one_body_still_reads_one_at_a_time() {
        let budget = Budget::new(0, STEP);
        let mut body = budget.open();
        assert!(grows(&mut body, STEP));
        assert!(!grows(&mut budget.open(), 1));
    }
}
