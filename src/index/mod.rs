//! The index: finds posts by words and facts. Derived from the archive and never the truth:
//! delete its folder, feed it again, nothing is lost.
//!
//! It finds exactly what `query::matches` finds. Its scores order a search and nothing else,
//! since they move with every post that is added. Texts are not kept in it; snippets are cut
//! from the archive's.

mod documents;
mod error;
mod search;
mod snippets;
mod translate;
mod writer;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::{Directory, MmapDirectory};
use tantivy::{IndexReader, IndexSettings, ReloadPolicy, TantivyError};

pub use documents::Document;
pub use error::Error;
pub use search::{Hit, Hits, Sort};
pub use snippets::{Snippet, snippet};
pub use translate::Asking;
pub use writer::Writer;

use documents::Fields;
use error::guarded;

/// Raised when documents get other fields or other terms: an index of another format is made
/// anew.
const FORMAT: u32 = 3;

/// Bytes of memory for lookups in the document store, which is empty.
const STORE_BLOCKS: usize = 0;

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    format: u32,
    /// The last row of the archive that is in it.
    through: i64,
}

/// An open index.
pub struct Index {
    inner: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    path: PathBuf,
}

impl Index {
    /// Opens the index in the folder `path` to be written. One that is missing, of another
    /// format or damaged is made anew, empty: [`Index::through`] is 0 then.
    pub fn open(path: &Path) -> Result<Index, Error> {
        match Index::read_only(path) {
            Err(error) if error.rebuild_helps() => Index::create(path),
            opened => opened,
        }
    }

    /// Opens the index in the folder `path` to be read.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::Outdated`], [`Error::Damaged`]: see [`Error::rebuild_helps`].
    pub fn read_only(path: &Path) -> Result<Index, Error> {
        if !path.join("meta.json").is_file() {
            return Err(Error::Missing { path: path.to_owned() });
        }
        Index::over(mapped(path)?, path)
    }

    /// Makes an empty index in the folder `path`; what is there is deleted.
    pub fn create(path: &Path) -> Result<Index, Error> {
        let failed = |error| Error::io(path, error);
        match std::fs::remove_dir_all(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed(error));
            }
            _ => std::fs::create_dir_all(path).map_err(failed)?,
        }
        Index::over(mapped(path)?, path)
    }

    /// Opens the index in `directory`, whatever keeps its files; an empty one is made where there
    /// is none. Errors name `path`.
    ///
    /// # Errors
    ///
    /// [`Error::Outdated`], [`Error::Damaged`]; where one is made, [`Error::Full`], [`Error::Io`].
    pub fn over(directory: Box<dyn Directory>, path: &Path) -> Result<Index, Error> {
        let failed = |error| Error::sorted(path, "be opened", error);
        if !tantivy::Index::exists(&*directory).map_err(|error| failed(error.into()))? {
            return Index::begun(directory, path);
        }
        let inner = tantivy::Index::open(directory).map_err(failed)?;
        let outdated = || Error::Outdated { path: path.to_owned() };
        let mark = mark(&inner).map_err(failed)?.ok_or_else(outdated)?;
        if mark.format != FORMAT || inner.schema() != documents::schema() {
            return Err(outdated());
        }
        Index::with(inner, path)
    }

    fn begun(directory: Box<dyn Directory>, path: &Path) -> Result<Index, Error> {
        let settings = IndexSettings::default();
        let inner = tantivy::Index::create(directory, documents::schema(), settings)
            .map_err(|error| Error::sorted(path, "be made", error))?;
        let mut index = Index::with(inner, path)?;
        index.writer()?.commit(0)?;
        Ok(index)
    }

    /// The number of the archive's last row that is in the index.
    pub fn through(&self) -> Result<i64, Error> {
        let mark = mark(&self.inner).map_err(|error| self.failed("read its mark", error))?;
        Ok(mark.map_or(0, |mark| mark.through))
    }

    /// How many posts are in it.
    pub fn len(&self) -> Result<u64, Error> {
        Ok(self.searcher()?.num_docs())
    }

    /// Nothing is in it.
    pub fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.len()? == 0)
    }

    fn with(inner: tantivy::Index, path: &Path) -> Result<Index, Error> {
        let failed = |error| Error::sorted(path, "be opened", error);
        let reader = guarded(|| {
            let reader = inner
                .reader_builder()
                .reload_policy(ReloadPolicy::Manual)
                .doc_store_cache_num_blocks(STORE_BLOCKS)
                .try_into()?;
            open_all(&reader)?;
            Ok(reader)
        });
        let reader = reader.map_err(failed)?;
        Ok(Index { fields: Fields::of(&inner.schema()), inner, reader, path: path.to_owned() })
    }

    /// The newest commit, of whichever process.
    fn searcher(&self) -> Result<tantivy::Searcher, Error> {
        guarded(|| self.reader.reload())
            .map_err(|error| self.failed("read its newest commit", error))?;
        Ok(self.reader.searcher())
    }

    fn failed(&self, doing: &'static str, error: TantivyError) -> Error {
        Error::sorted(&self.path, doing, error)
    }
}

/// Opens each file of each segment, which the engine would do only when a search or a merge comes
/// to it. Its end tells a file that a power cut has torn.
fn open_all(reader: &IndexReader) -> tantivy::Result<()> {
    let searcher = reader.searcher();
    for segment in searcher.segment_readers() {
        for (field, _) in searcher.schema().fields().filter(|(_, entry)| entry.is_indexed()) {
            segment.inverted_index(field)?;
        }
        segment.get_store_reader(STORE_BLOCKS)?;
    }
    Ok(())
}

/// The files of the folder `path`, mapped into memory where they are read.
fn mapped(path: &Path) -> Result<Box<dyn Directory>, Error> {
    let opened = MmapDirectory::open(path);
    Ok(Box::new(opened.map_err(|error| Error::sorted(path, "be opened", error.into()))?))
}

/// What the newest commit says of itself; `None` where it is none of ours.
fn mark(index: &tantivy::Index) -> tantivy::Result<Option<Mark>> {
    let payload = index.load_metas()?.payload;
    Ok(payload.and_then(|text| serde_json::from_str(&text).ok()))
}
