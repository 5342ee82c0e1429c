//! What is said to the service manager (`sd_notify(3)`): ready, reloading, stopping, a line of
//! status, signs of life. Where there is none, nothing is said.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::sync::mpsc::UnboundedSender;

use super::event::Event;

/// Says things, the status line only where it changes.
#[derive(Debug, Default)]
pub(super) struct Manager {
    status: String,
}

impl Manager {
    pub(super) fn ready(&self) {
        tell(&[NotifyState::Ready]);
    }

    /// To be followed by `ready`. The instant tells the manager which reload this is
    /// (`Type=notify-reload`).
    pub(super) fn reloading(&self) {
        match NotifyState::monotonic_usec_now() {
            Ok(instant) => tell(&[NotifyState::Reloading, instant]),
            Err(_) => tell(&[NotifyState::Reloading]),
        }
    }

    pub(super) fn stopping(&self) {
        tell(&[NotifyState::Stopping]);
    }

    pub(super) fn alive(&self) {
        tell(&[NotifyState::Watchdog]);
    }

    pub(super) fn status(&mut self, text: String) {
        if self.status != text {
            tell(&[NotifyState::Status(&text)]);
            self.status = text;
        }
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "the service manager does not listen");
    }
}

/// Where the service manager expects signs of life, asks the loop for one at half of its
/// patience. Needs a tokio runtime.
pub(super) fn watchdog(events: UnboundedSender<Event>) {
    let Some(patience) = sd_notify::watchdog_enabled().filter(|patience| !patience.is_zero())
    else {
        return;
    };
    let beat = (patience / 2).max(Duration::from_millis(1));
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(beat);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if events.send(Event::Watchdog).is_err() {
                return;
            }
        }
    });
}
