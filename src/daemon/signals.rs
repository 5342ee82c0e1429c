//! What the system says to the process: end (SIGTERM, SIGINT), look at the settings (SIGHUP).

use std::io;

use tokio::sync::mpsc::UnboundedSender;

use super::event::{Cause, Event};

/// Sends an event for each signal from now on. Needs a tokio runtime.
///
/// # Errors
/// Where the signals cannot be listened to.
#[cfg(unix)]
pub(super) fn listen(events: UnboundedSender<Event>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        loop {
            let event = tokio::select! {
                Some(()) = terminate.recv() => Event::Stop,
                Some(()) = interrupt.recv() => Event::Stop,
                Some(()) = hangup.recv() => Event::SettingsChanged(Cause::Hangup),
                else => return,
            };
            if events.send(event).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Sends an event at Ctrl-C.
#[cfg(not(unix))]
pub(super) fn listen(events: UnboundedSender<Event>) -> io::Result<()> {
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if events.send(Event::Stop).is_err() {
                return;
            }
        }
    });
    Ok(())
}
