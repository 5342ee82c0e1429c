//! Log lines for systemd's journal: one line each, and before it the priority (sd-daemon(3)),
//! which the journal takes off again.

use std::io::Write as _;

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::format::debug_fn;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use crate::digest::escape::terminal;

/// Says to `stream` what happens: `<4>feed failed feed="crabs"`. The journal knows the time and
/// the program by itself.
pub(super) fn lines<S, W>(stream: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // A line break in what a feed or a user wrote would begin a line without a priority.
    let one_line = debug_fn(|line, field, value| match field.name() {
        "message" => write!(line, "{}", terminal(&format!("{value:?}"))),
        name => write!(line, "{name}={}", terminal(&format!("{value:?}"))),
    });
    fmt::layer()
        .without_time()
        .with_level(false)
        .with_target(false)
        .with_ansi(false)
        .fmt_fields(one_line.delimited(" "))
        .with_writer(Prioritized(stream))
}

/// Writes the priority before each line.
struct Prioritized<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Prioritized<W> {
    type Writer = W::Writer;

    fn make_writer(&'a self) -> W::Writer {
        self.0.make_writer()
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> W::Writer {
        let mut writer = self.0.make_writer_for(event);
        // A stream that is gone is no reason to stop, and there is nobody to tell.
        let _ = write!(writer, "<{}>", priority(*event.level()));
        writer
    }
}

/// syslog(3): a daemon's journeys are `info`, and `notice` is left free.
fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        Level::DEBUG | Level::TRACE => 7,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn each_event_is_one_line_that_begins_with_its_priority_and_names_feed_and_error() {
        let kept = tempfile::NamedTempFile::new().unwrap();
        let file = Arc::new(kept.reopen().unwrap());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines(file)), || {
            tracing::error!(hint = "free some space", "the disk is full");
            let error = "no\nanswer";
            tracing::warn!(feed = "Ines\n\u{1b}[31mOkafor", %error, "feed failed");
            tracing::info!("poll: 12 feeds asked\nand \u{1b}[31mmore");
            tracing::debug!(feed = "crabs", new = 3, "feed read");
        });
        let text = std::fs::read_to_string(kept.path()).unwrap();
        assert_eq!(
            text,
            "<3>the disk is full hint=\"free some space\"\n\
             <4>feed failed feed=\"Ines\\n\\u{1b}[31mOkafor\" error=no answer\n\
             <6>poll: 12 feeds asked and [31mmore\n\
             <7>feed read feed=\"crabs\" new=3\n"
        );
    }
}
