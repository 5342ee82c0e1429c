//! Sleep until an instant of the wall clock.
//!
//! On Linux by `timerfd_create(2)`: an absolute timer of the real-time clock that is canceled when
//! the clock is set, so that a suspend, an hour set back or a clock put right at boot are noticed
//! when they happen. Elsewhere by looking at the clock each minute.

use std::io;

use jiff::Timestamp;

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::Alarm;
#[cfg(target_os = "linux")]
pub(super) use linux::Alarm;

#[cfg(target_os = "linux")]
mod linux {
    use std::os::fd::OwnedFd;

    use rustix::io::Errno;
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    use super::{Timestamp, io};

    /// The year 2200: nobody waits for it, but a timer must be set to hear of a set clock.
    const FAR: i64 = 7_258_118_400;

    /// A timer of the system.
    #[derive(Debug)]
    pub(in crate::daemon) struct Alarm(AsyncFd<OwnedFd>);

    impl Alarm {
        pub(in crate::daemon) fn new() -> io::Result<Alarm> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Realtime, flags)?;
            // Deprecated for types that may give away their descriptor; an `OwnedFd` keeps it, and
            // what is to be used instead is `unsafe`, which this crate forbids.
            #[expect(deprecated, reason = "sound for an OwnedFd")]
            let timer = AsyncFd::with_interest(timer, Interest::READABLE)?;
            Ok(Alarm(timer))
        }

        /// See `Clock::until`.
        pub(in crate::daemon) async fn until(&self, at: Option<Timestamp>) -> io::Result<()> {
            let seconds = at.map_or(FAR, |at| at.as_second().clamp(1, FAR));
            let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
            let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
            let value = Timespec { tv_sec: seconds, ..zero };
            let time = Itimerspec { it_interval: zero, it_value: value };
            match timerfd_settime(self.0.get_ref(), flags, &time) {
                Ok(_) => {}
                // The clock was set since the last time.
                Err(Errno::CANCELED) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            loop {
                let mut ready = self.0.readable().await?;
                let mut expirations = [0; 8];
                match rustix::io::read(self.0.get_ref(), &mut expirations) {
                    Ok(_) | Err(Errno::CANCELED) => return Ok(()),
                    Err(Errno::AGAIN) => ready.clear_ready(),
                    Err(Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use std::time::Duration;

    use super::{Timestamp, io};

    const LOOK_AGAIN: Duration = Duration::from_secs(60);

    /// A look at the clock each minute.
    #[derive(Debug)]
    pub(in crate::daemon) struct Alarm;

    impl Alarm {
        pub(in crate::daemon) fn new() -> io::Result<Alarm> {
            Ok(Alarm)
        }

        /// See `Clock::until`; returns each minute, since the clock may have been set.
        pub(in crate::daemon) async fn until(&self, at: Option<Timestamp>) -> io::Result<()> {
            let left = at.map(|at| at.duration_since(Timestamp::now()));
            let left = left.map_or(LOOK_AGAIN, |left| left.try_into().unwrap_or_default());
            tokio::time::sleep(left.min(LOOK_AGAIN)).await;
            Ok(())
        }
    }
}
