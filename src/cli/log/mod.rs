//! Where log lines go: to standard error, under systemd in the form that its journal reads.
//!
//! Which level means what: docs/technotes/systemd.md.

mod journal;

use std::fs::File;
use std::io::stderr;
use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// What is logged where `RUST_LOG` says nothing: of a command errors only, of the daemon its
/// journeys; one `-v` more is one level more.
fn level(verbose: u8, daemon: bool) -> &'static str {
    match (verbose, daemon) {
        (0, false) => "error",
        (0, true) | (1, false) => "warn,bellwether=info",
        _ => "warn,bellwether=debug",
    }
}

/// Begins to log. `daemon`: nobody sits before the screen.
pub(super) fn start(verbose: u8, daemon: bool) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(level(verbose, daemon)));
    let registry = tracing_subscriber::registry().with(filter);
    // A second call in one process keeps the first subscriber.
    let _ = if goes_to_the_journal() {
        // Locked, so that no other line comes between a priority and its own.
        registry.with(journal::lines(|| stderr().lock())).try_init()
    } else {
        let styled = super::screen::is_styled(&stderr());
        let lines = fmt::layer().with_writer(stderr).with_ansi(styled).with_target(false);
        registry.with(lines).try_init()
    };
}

/// Whether standard error is the stream to the journal that systemd made: `$JOURNAL_STREAM` is its
/// device and inode (systemd.exec(5)). A child of a service with a pipe of its own is not meant.
pub(super) fn goes_to_the_journal() -> bool {
    let Some(stream) = std::env::var_os("JOURNAL_STREAM") else { return false };
    let own = stderr().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    own.is_ok_and(|own| stream.to_str() == Some(&format!("{}:{}", own.dev(), own.ino())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_daemon_tells_its_journeys_and_a_command_only_errors() {
        assert_eq!(level(0, false), "error");
        assert_eq!(level(0, true), "warn,bellwether=info");
        assert_eq!(level(1, true), level(2, false));
    }
}
