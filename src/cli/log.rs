//! Where log lines go: the journal with their fields under systemd, else standard error.
//!
//! Which level means what: docs/technotes/systemd.md.

use std::fs::File;
use std::io::stderr;
use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;

use tracing::{Event, Level, Subscriber};
use tracing_journald::{Priority, PriorityMappings};
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::{FmtContext, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
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
    let _ = if !goes_to_the_journal() {
        let styled = super::screen::is_styled(&stderr());
        let lines = fmt::layer().with_writer(stderr).with_ansi(styled).with_target(false);
        registry.with(lines).try_init()
    } else if let Ok(journal) = tracing_journald::layer() {
        let journal = journal
            .with_syslog_identifier("bellwether".to_owned())
            .with_field_prefix(Some("BELLWETHER".to_owned()))
            .with_priority_mappings(PRIORITIES);
        registry.with(journal).try_init()
    } else {
        registry.with(prefixed(stderr)).try_init()
    };
}

/// tracing-journald's own have each level one step lower: a daemon's journeys would be notices.
const PRIORITIES: PriorityMappings = PriorityMappings {
    error: Priority::Error,
    warn: Priority::Warning,
    info: Priority::Informational,
    debug: Priority::Debug,
    trace: Priority::Debug,
};

/// Whether standard error is the stream to the journal that systemd made: `$JOURNAL_STREAM` is its
/// device and inode (systemd.exec(5)). A child of a service with a pipe of its own is not meant.
pub(super) fn goes_to_the_journal() -> bool {
    let Some(stream) = std::env::var_os("JOURNAL_STREAM") else { return false };
    let own = stderr().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    own.is_ok_and(|own| stream.to_str() == Some(&format!("{}:{}", own.dev(), own.ino())))
}

/// Lines that begin with their priority (sd-daemon(3)), for a journal that is reached only through
/// the stream: a service in a root folder of its own.
fn prefixed<S, W>(writer: W) -> impl tracing_subscriber::Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + 'static,
{
    fmt::layer().with_ansi(false).event_format(Prefixed).with_writer(writer)
}

struct Prefixed;

impl<S, N> FormatEvent<S, N> for Prefixed
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        let priority = match *event.metadata().level() {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 6,
            _ => 7,
        };
        // A second line would be a message of its own, without a priority.
        let mut line = String::new();
        context.format_fields(Writer::new(&mut line), event)?;
        writeln!(writer, "<{priority}>{}", line.replace('\n', " "))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_daemon_tells_its_journeys_and_a_command_only_errors() {
        assert_eq!(level(0, false), "error");
        assert_eq!(level(0, true), "warn,bellwether=info");
        assert_eq!(level(1, true), level(2, false));
    }

    #[test]
    fn a_line_for_the_journal_begins_with_its_priority_and_is_one_line() {
        let kept = tempfile::NamedTempFile::new().unwrap();
        let writer = Arc::new(kept.reopen().unwrap());
        let subscriber = tracing_subscriber::registry().with(prefixed(writer));
        tracing::subscriber::with_default(subscriber, || {
            tracing::error!(hint = "free some space", "the disk is full");
            tracing::warn!(feed = "Ines\nOkafor", "feed failed");
            tracing::info!("poll: 12 feeds asked\nand more");
            tracing::debug!(feed = "crabs", new = 3, "feed read");
        });
        let text = std::fs::read_to_string(kept.path()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "<3>the disk is full hint=\"free some space\"",
                "<4>feed failed feed=\"Ines\\nOkafor\"",
                "<6>poll: 12 feeds asked and more",
                "<7>feed read feed=\"crabs\" new=3",
            ]
        );
    }
}
