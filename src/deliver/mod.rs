//! Channels by which a digest reaches a person.
//!
//! A channel is asked again if the process died while it delivered, and must leave one copy. It
//! gets an issue that is rendered already, reads its own options as they stand in `feeds.yaml`,
//! and records nothing: the archive knows what was delivered.

mod file;

use std::io;
use std::path::{Path, PathBuf};

pub use file::{File, write_whole};

/// A rendered digest with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The schedule's name: `morning`.
    pub name: String,
    /// Its civil day: `2026-10-13`.
    pub day: String,
    /// For people.
    pub markdown: String,
    /// For programs.
    pub json: String,
}

/// Where and how a channel delivers.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The folder of delivered digests, `index/digests/`.
    pub folder: &'a Path,
    /// The channel's options in `feeds.yaml`, as written; null where there are none.
    pub options: &'a serde_yaml::Value,
}

/// One way to a person.
pub trait Channel: Sync {
    /// Its name in `to:`.
    fn name(&self) -> &'static str;

    /// What it does, in one line.
    fn doc(&self) -> &'static str;

    /// Delivers `issue` and tells where it is. A second time leaves the same one copy.
    fn deliver(&self, issue: &Issue, place: &Place<'_>) -> Result<String, Error>;
}

/// All channels.
pub static CHANNELS: [&dyn Channel; 1] = [&File];

/// The channel with this name.
pub fn channel(name: &str) -> Option<&'static dyn Channel> {
    CHANNELS.into_iter().find(|channel| channel.name() == name)
}

/// Why an issue was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No room is left on the disk. An older copy is whole.
    #[error("disk full: could not write {}", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The system refuses.
    #[error("cannot write {}", path.display())]
    NotWritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The names cannot be a file's.
    #[error("`{name}` cannot be a file's name")]
    BadName {
        /// The digest's day and name.
        name: String,
    },
}

impl Error {
    /// The operator's next step, one line.
    pub fn hint(&self) -> &'static str {
        match self {
            Error::Full { .. } => "make room on the disk and run the command again",
            Error::NotWritable { .. } => "make the folder writable for this user",
            Error::BadName { .. } => "give the schedule a name without slashes and leading dots",
        }
    }
}
