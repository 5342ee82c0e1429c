//! What the user wrote, together with its text: a sent digest remembers the text that it was made
//! by.

use std::path::Path;

use crate::config::{self, Config, Surroundings};

/// `feeds.yaml` as it was read. Work that has begun keeps the settings that it began with.
#[derive(Debug)]
pub(super) struct Settings {
    /// What the program needs.
    pub(super) config: Config,
    /// The file.
    pub(super) text: String,
}

impl Settings {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// As [`config::load`].
    pub(super) fn load(path: &Path) -> Result<Settings, config::Error> {
        let text = config::text(path)?;
        let around = Surroundings::beside(path.parent().unwrap_or(Path::new("")));
        let config = config::read(&text, &path.display().to_string(), &around)?;
        Ok(Settings { config, text })
    }
}
