//! Where the files of one installation are.

use std::path::{Path, PathBuf};

/// The two places of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What the user wrote.
    pub settings: PathBuf,
    /// Archive, index, digests: all that the program writes.
    pub index: PathBuf,
}

impl Place {
    /// Both in one folder, as in a clone of the repository.
    pub fn in_folder(folder: &Path) -> Place {
        Place { settings: folder.join("feeds.yaml"), index: folder.join("index") }
    }

    /// `archive.db`, the truth.
    pub fn archive(&self) -> PathBuf {
        self.index.join("archive.db")
    }

    /// The search index, derived.
    pub fn search(&self) -> PathBuf {
        self.index.join("tantivy")
    }

    /// The digests written as files.
    pub fn digests(&self) -> PathBuf {
        self.index.join("digests")
    }
}
