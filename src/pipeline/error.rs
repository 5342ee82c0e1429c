//! What can stop a journey.

use crate::{archive, config, deliver, index};

/// A journey that could not be ended.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The truth could not be read or written.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// The search index could not be read or written.
    #[error(transparent)]
    Index(#[from] index::Error),
    /// A digest could not be delivered.
    #[error(transparent)]
    Deliver(#[from] deliver::Error),
    /// Settings that a digest was made with can no longer be read.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The settings do not have what was asked for.
    #[error("no {what} is called `{name}`")]
    Unknown {
        /// `feed or person`, `digest`.
        what: &'static str,
        /// As it was asked for.
        name: String,
    },
    /// It was told to stop. What was read by then is kept.
    #[error("stopped early")]
    Stopped,
    /// A printed digest cannot be made again.
    #[error(
        "the digest `{digest}` that showed {id} cannot be made again: feeds.yaml has changed since"
    )]
    Changed {
        /// The item.
        id: String,
        /// The digest's name.
        digest: String,
    },
}

impl Error {
    /// The next step.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Archive(error) => error.hint(),
            Error::Index(error) => error.hint().map(str::to_owned),
            Error::Deliver(error) => Some(error.hint().to_owned()),
            Error::Config(error) => error.hint(),
            Error::Unknown { .. } => Some("`bellwether check` lists the names".to_owned()),
            Error::Stopped => {
                Some("what was read by then is kept; run the command again for the rest".to_owned())
            }
            Error::Changed { .. } => Some(
                "print it once more with `bellwether digest`; sent digests stay as they were"
                    .to_owned(),
            ),
        }
    }
}
