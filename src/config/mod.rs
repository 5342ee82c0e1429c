//! What the user wrote, then what the program needs.
//!
//! Two stages: `written` has the keys of `feeds.yaml` as they stand there, `needed` what they
//! mean once defaults, secrets and profiles' feeds are settled. Whatever is wrong is a
//! [`Fault`] with its line and column; a secret that is not there only turns off the feed that
//! needs it. `feeds.yaml` is read here and nowhere else, and [`Config`] never travels below
//! `pipeline`: each room below gets its own small struct.

mod error;
mod locate;
mod yaml;
mod span;
mod written;
mod kinds;
mod names;
mod needed;
mod surroundings;
mod resolve;
pub mod write;

use std::path::Path;

pub use error::{Error, Fault};
pub use needed::{
    Campaign, Config, CounterPolls, FetchSettings, Interest, Mute, Publish, Retention, Schedule,
    ShownAgain, Urgent,
};
pub use surroundings::Surroundings;

/// Files above this size are refused unread: 10,000 feeds take about one.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// The file that comes with the program: public feeds to begin with.
pub const SHIPPED: &str = include_str!("../../feeds.yaml");

/// Reads the file at `path`; secrets come from this process's environment, from files (found
/// from the file's own folder) and from systemd's credentials.
///
/// # Errors
/// When it cannot be read, is empty, or when something in it is wrong: all faults of meaning
/// at once, of syntax the first.
pub fn load(path: &Path) -> Result<Config, Error> {
    let text = text(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    read(&text, &path.display().to_string(), &Surroundings::beside(folder))
}

/// Reads the text of the file at `path`, for [`read`].
///
/// # Errors
/// When it cannot be read, is too large, or is not UTF-8.
pub fn text(path: &Path) -> Result<String, Error> {
    let file = path.display().to_string();
    let unreadable = |source| Error::Unreadable { file: file.clone(), source };
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > MAX_BYTES {
        return Err(Error::TooLarge { file, bytes });
    }
    let text = std::fs::read(path).map_err(unreadable)?;
    String::from_utf8(text).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        let (line, column) = locate::line_and_column(&before, before.len());
        Error::fault(Fault {
            file: file.clone(),
            line,
            column,
            message: "this is not UTF-8".to_owned(),
            hint: Some("save the file as UTF-8".to_owned()),
        })
    })
}

/// Reads a stretch of time as people write it: `30m`, `12h`, `21d`, `2w`. A day has 24 hours.
pub fn duration(text: &str) -> Option<jiff::SignedDuration> {
    span::Span::parse(text).map(|span| span.0)
}

/// Reads `text` as the content of `file`, a name for messages only.
///
/// # Errors
/// As [`load`], but for those of reading the file.
pub fn read(text: &str, file: &str, surroundings: &Surroundings) -> Result<Config, Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let written = yaml::read(text, file)?;
    resolve::resolve(&written, surroundings)
        .map_err(|faults| Error::from_faults(locate::place(text, file, faults)))
}
