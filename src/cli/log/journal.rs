//! Log lines for systemd's journal: its native protocol, else lines with a priority before them.
//!
//! What a message says of itself is all that `journalctl` shows; so it is written out with its
//! fields, which are sent beside it as well, to be searched for.

use std::fmt::{Debug, Write as _};
use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;

use crate::digest::escape::terminal;

/// Where the journal listens (systemd-journald.service(8)).
pub(super) const SOCKET: &str = "/run/systemd/journal/socket";

/// Bytes of a value that are sent at most: a datagram holds at least 100 KiB.
const LONGEST: usize = 8 << 10;

/// Sends events to the journal at its socket.
pub(super) struct Journal {
    socket: UnixDatagram,
    path: PathBuf,
}

impl Journal {
    /// Finds the journal that listens at `path`.
    ///
    /// # Errors
    /// None does.
    pub(super) fn at(path: &Path) -> io::Result<Journal> {
        let socket = UnixDatagram::unbound()?;
        // An empty entry, which is no entry.
        socket.send_to(&[], path)?;
        Ok(Journal { socket, path: path.to_owned() })
    }
}

impl<S: Subscriber> Layer<S> for Journal {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let said = Said::of(event);
        let mut entry = Vec::with_capacity(512);
        put(&mut entry, "PRIORITY", &priority(event).to_string());
        put(&mut entry, "SYSLOG_IDENTIFIER", "bellwether");
        put(&mut entry, "MESSAGE", &said.whole());
        for (name, value) in &said.fields {
            put(&mut entry, &format!("BELLWETHER_{}", name.to_ascii_uppercase()), value);
        }
        if let Some((file, line)) = event.metadata().file().zip(event.metadata().line()) {
            put(&mut entry, "CODE_FILE", file);
            put(&mut entry, "CODE_LINE", &line.to_string());
        }
        // By its path, since the socket may be another one tomorrow. A journal that is gone is no
        // reason to stop, and there is nobody to tell.
        let _ = self.socket.send_to(&entry, &self.path);
    }
}

/// Writes lines that begin with their priority (sd-daemon(3)), for a journal that is reached only
/// through the stream: a service in a root folder of its own.
pub(super) struct Prefixed<W>(pub(super) W);

impl<S: Subscriber, W: for<'a> MakeWriter<'a> + 'static> Layer<S> for Prefixed<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let line = format!("<{}>{}\n", priority(event), Said::of(event).whole());
        let _ = io::Write::write_all(&mut self.0.make_writer(), line.as_bytes());
    }
}

/// syslog(3): a daemon's journeys are `info`, and `notice` is left free.
fn priority(event: &Event<'_>) -> u8 {
    match *event.metadata().level() {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        Level::DEBUG | Level::TRACE => 7,
    }
}

/// A field of an entry: a value of several lines is told with its length
/// (systemd.io/JOURNAL_NATIVE_PROTOCOL).
fn put(entry: &mut Vec<u8>, name: &str, value: &str) {
    let value = &value[..value.floor_char_boundary(LONGEST)];
    entry.extend(name.as_bytes());
    if value.contains('\n') {
        entry.push(b'\n');
        entry.extend((value.len() as u64).to_le_bytes());
    } else {
        entry.push(b'=');
    }
    entry.extend(value.as_bytes());
    entry.push(b'\n');
}

/// What an event says.
#[derive(Default)]
struct Said {
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Said {
    fn of(event: &Event<'_>) -> Said {
        let mut said = Said::default();
        event.record(&mut said);
        said
    }

    /// One line without control characters: `feed failed feed=crabs error="no answer"`.
    fn whole(&self) -> String {
        let mut line = self.message.clone();
        for (name, value) in &self.fields {
            let is_word =
                !value.is_empty() && !value.contains(|c: char| c.is_whitespace() || c == '"');
            let _ = match is_word {
                true => write!(line, " {name}={value}"),
                false => write!(line, " {name}=\"{}\"", value.replace('"', "'")),
            };
        }
        terminal(&line)
    }

    fn add(&mut self, field: &Field, value: String) {
        match field.name() {
            "message" => self.message = value,
            name => self.fields.push((name, value)),
        }
    }
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// One event of each level, with what feeds and users may have put into it.
    fn speak(to: impl Subscriber + Send + Sync) {
        tracing::subscriber::with_default(to, || {
            tracing::error!(hint = "free some space", "the disk is full");
            tracing::warn!(feed = "Ines\n\u{1b}[31mOkafor", "feed failed");
            tracing::info!("poll: 12 feeds asked\nand more");
            tracing::debug!(feed = "crabs", new = 3, "feed read");
        });
    }

    #[test]
    fn a_line_for_the_stream_begins_with_its_priority_and_is_one_line() {
        let kept = tempfile::NamedTempFile::new().unwrap();
        let writer = Arc::new(kept.reopen().unwrap());
        speak(tracing_subscriber::registry().with(Prefixed(writer)));
        let text = std::fs::read_to_string(kept.path()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "<3>the disk is full hint=\"free some space\"",
                "<4>feed failed feed=\"Ines [31mOkafor\"",
                "<6>poll: 12 feeds asked and more",
                "<7>feed read feed=crabs new=3",
            ]
        );
    }

    #[test]
    fn an_entry_of_the_journal_says_all_in_its_message_and_has_the_fields_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let socket = UnixDatagram::bind(&path).unwrap();
        speak(tracing_subscriber::registry().with(Journal::at(&path).unwrap()));
        let entry = || {
            let mut entry = vec![0; 64 << 10];
            let length = socket.recv(&mut entry).unwrap();
            String::from_utf8(entry[..length].to_vec()).unwrap()
        };
        assert_eq!(entry(), "", "whether somebody listens is tried with nothing");
        let error = entry();
        assert!(error.starts_with("PRIORITY=3\nSYSLOG_IDENTIFIER=bellwether\n"), "{error}");
        assert!(error.contains("\nMESSAGE=the disk is full hint=\"free some space\"\n"), "{error}");
        assert!(error.contains("\nBELLWETHER_HINT=free some space\n"), "{error}");
        let warning = entry();
        let value = "\nBELLWETHER_FEED\n\u{10}\0\0\0\0\0\0\0Ines\n\u{1b}[31mOkafor\n";
        assert!(warning.contains(value), "{warning:?}");
        assert!(entry().contains("PRIORITY=6\n") && entry().contains("\nBELLWETHER_NEW=3\n"));
    }

    #[test]
    fn where_no_journal_listens_that_is_found_at_once() {
        assert!(Journal::at(Path::new("/nowhere/socket")).is_err());
    }
}
