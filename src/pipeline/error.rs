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
    /// No digest showed an item with this id.
    #[error("no digest showed `{id}`")]
    NoItem {
        /// As it was asked for.
        id: String,
    },
    /// Nothing that was read stands at this address.
    #[error("no post at {url} was read")]
    NoPost {
        /// As it was asked for.
        url: String,
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

/// An error with its causes, on one line.
pub(super) fn line(error: &Error) -> String {
    let mut line = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        line = format!("{line}: {inner}");
        cause = inner.source();
    }
    line
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
            Error::NoItem { .. } => {
                Some("ids stand in brackets before each line: `bellwether digest`".to_owned())
            }
            Error::NoPost { .. } => Some(
                "`bellwether search` shows the addresses of what was read; follow the page's feed \
                 to read it"
                    .to_owned(),
            ),
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
