//! A clock driven by standard input: each line is an instant that it jumps to.

use std::io::BufRead as _;

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;

use super::event::Event;

/// Waits for the first line, at which the daemon starts; `None` where there is none.
///
/// # Errors
/// A line that is no instant (RFC 3339), or input that cannot be read.
pub(super) fn first() -> anyhow::Result<Option<Timestamp>> {
    let mut line = String::new();
    if std::io::stdin().lock().read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim().parse()?))
}

/// Sends a jump for each further line, and a stop at the end of them. A line that is no instant
/// ends it as well.
pub(super) fn follow(events: UnboundedSender<Event>) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            match line.trim().parse() {
                Ok(instant) => {
                    let _ = events.send(Event::Jump(instant));
                }
                Err(error) => {
                    tracing::error!(%error, line, "no instant for the clock");
                    break;
                }
            }
        }
        let _ = events.send(Event::Stop);
    });
}
