//! The clock that the loop goes by: the computer's, or one that is driven from outside.
//!
//! Instants are whole seconds of the wall clock, since schedules are written in its terms. The
//! system's clock sleeps on a timer that also fires when somebody sets the clock and when the
//! computer wakes from a suspend, so that nothing has to look at the time again and again.

use std::io;

use jiff::Timestamp;

use super::alarm::Alarm;

/// See the header.
#[derive(Debug)]
pub(super) enum Clock {
    /// The computer's.
    System(Alarm),
    /// One that stands still between [`super::Event::Jump`]s, for tests and replays.
    Driven(Timestamp),
}

impl Clock {
    /// The computer's clock. Needs a tokio runtime.
    ///
    /// # Errors
    /// What the system says of a timer.
    pub(super) fn system() -> io::Result<Clock> {
        Ok(Clock::System(Alarm::new()?))
    }

    /// The instant, in whole seconds.
    pub(super) fn now(&self) -> Timestamp {
        match self {
            Clock::System(_) => whole(Timestamp::now()),
            Clock::Driven(now) => *now,
        }
    }

    /// A driven clock jumps; the computer's is not ours to set.
    pub(super) fn jump(&mut self, to: Timestamp) {
        if let Clock::Driven(now) = self {
            *now = to;
        }
    }

    /// Returns at `at`, for ever later where there is none, or earlier when the clock was set.
    /// A driven clock never comes to an instant by itself.
    pub(super) async fn until(&self, at: Option<Timestamp>) {
        let slept = match self {
            Clock::System(alarm) => alarm.until(at).await,
            Clock::Driven(_) => std::future::pending().await,
        };
        if let Err(error) = slept {
            // Without a timer the loop goes on by its events and this slow beat.
            tracing::warn!(%error, "the timer cannot be set");
            tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        }
    }
}

/// Cuts off what is less than a second.
pub(super) fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// The whole second that is not before `at`.
pub(super) fn next_whole(at: Timestamp) -> Timestamp {
    let second = jiff::SignedDuration::from_nanos(999_999_999);
    at.saturating_add(second).map_or(at, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_waited_for_to_its_end() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(next_whole(at("2026-10-13T07:00:00Z")), at("2026-10-13T07:00:00Z"));
        assert_eq!(next_whole(at("2026-10-13T07:00:00.001Z")), at("2026-10-13T07:00:01Z"));
        assert_eq!(whole(at("2026-10-13T07:00:00.999Z")), at("2026-10-13T07:00:00Z"));
    }

    #[tokio::test]
    async fn an_instant_that_is_past_has_come() {
        let clock = Clock::system().unwrap();
        clock.until(Some(clock.now())).await;
        clock.until(Some(Timestamp::UNIX_EPOCH)).await;
    }
}
