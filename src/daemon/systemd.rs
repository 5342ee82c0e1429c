//! What is said to the service manager (`sd_notify(3)`): ready, reloading, stopping, a line of
//! status, signs of life. Where there is none, nothing is said.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::sync::mpsc::UnboundedSender;

use super::event::Event;

/// Says things, the status line only where it changes.
#[derive(Debug)]
pub(super) struct Manager {
    status: String,
    /// To the thread that says them, since the manager may be slow to listen; `None` where there
    /// is no manager.
    words: Option<Sender<String>>,
}

impl Manager {
    pub(super) fn new() -> Manager {
        let words = std::env::var_os("NOTIFY_SOCKET").and_then(|_| {
            let (words, heard) = channel::<String>();
            let tell = move || heard.iter().for_each(|word| tell(&word));
            std::thread::Builder::new().name("sd_notify".to_owned()).spawn(tell).ok().map(|_| words)
        });
        Manager { status: String::new(), words }
    }

    pub(super) fn ready(&self) {
        self.say(&[NotifyState::Ready]);
    }

    /// To be followed by `ready`. The instant tells the manager which reload this is
    /// (`Type=notify-reload`).
    pub(super) fn reloading(&self) {
        match NotifyState::monotonic_usec_now() {
            Ok(instant) => self.say(&[NotifyState::Reloading, instant]),
            Err(_) => self.say(&[NotifyState::Reloading]),
        }
    }

    pub(super) fn stopping(&self) {
        self.say(&[NotifyState::Stopping]);
    }

    pub(super) fn alive(&self) {
        self.say(&[NotifyState::Watchdog]);
    }

    pub(super) fn status(&mut self, text: String) {
        if self.status != text {
            self.say(&[NotifyState::Status(&text)]);
            self.status = text;
        }
    }

    fn say(&self, states: &[NotifyState<'_>]) {
        if let Some(words) = &self.words {
            let lines: Vec<String> = states.iter().map(NotifyState::to_string).collect();
            // The thread lives as long as this sender.
            let _ = words.send(lines.join("\n"));
        }
    }
}

fn tell(word: &str) {
    if let Err(error) = sd_notify::notify(&[NotifyState::Custom(word)]) {
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
