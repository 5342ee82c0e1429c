//! Writes the index; exists only while there is something to write.

use std::time::{Duration, Instant};

use tantivy::directory::error::LockError;
use tantivy::schema::Field;
use tantivy::{IndexWriter, TantivyDocument, TantivyError, Term};

use super::documents::{Document, Fields};
use super::{Error, FORMAT, Index, Mark};

/// Bytes of memory for documents that are not on disk yet.
const HEAP_BYTES: usize = 64 << 20;

/// How long a lock is waited for, and how long between two tries.
const PATIENCE: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(10);

/// Adds documents; one at a time exists, in all processes.
pub struct Writer<'a> {
    index: &'a Index,
    inner: IndexWriter,
    fields: Fields,
    through: i64,
}

impl Index {
    /// Begins to write: [`Error::Locked`] while another one does, for half a second. Files that a killed process
    /// left behind are removed.
    pub fn writer(&mut self) -> Result<Writer<'_>, Error> {
        let inner = self.patient().map_err(|error| self.failed("begin to write", error))?;
        inner.garbage_collect_files().wait().map_err(|error| self.failed("clean up", error))?;
        let through = self.through()?;
        Ok(Writer { fields: self.fields, index: self, inner, through })
    }

    /// A lock that was just let go of may stay for a moment, in a child that a thread beside is
    /// about to start.
    fn patient(&self) -> tantivy::Result<IndexWriter> {
        let from = Instant::now();
        loop {
            match self.inner.writer_with_num_threads(1, HEAP_BYTES) {
                Err(TantivyError::LockFailure(LockError::LockBusy, _))
                    if from.elapsed() < PATIENCE =>
                {
                    std::thread::sleep(PAUSE);
                }
                begun => return begun,
            }
        }
    }
}

impl Writer<'_> {
    /// Adds a version of a post in the place of earlier ones. What is in already is skipped.
    pub fn add(&mut self, document: &Document<'_>) -> Result<(), Error> {
        if document.seq <= self.through {
            return Ok(());
        }
        if document.post.version > 1 {
            self.inner.delete_term(id_term(self.fields.id, document));
        }
        let made: TantivyDocument = self.fields.document(document);
        self.inner.add_document(made).map(|_| ()).map_err(|error| {
            // The thread that writes has ended over an error, which it tells at the next commit.
            let cause = self.inner.prepare_commit().err().unwrap_or(error);
            self.index.failed("take a post", cause)
        })
    }

    /// Makes what was added last and be found, and notes that all rows of the archive up to
    /// `through` are in.
    pub fn commit(&mut self, through: i64) -> Result<(), Error> {
        let failed = |error| self.index.failed("commit", error);
        let mark = Mark { format: FORMAT, through };
        let mut commit = self.inner.prepare_commit().map_err(failed)?;
        commit.set_payload(&serde_json::to_string(&mark).expect("two numbers are JSON"));
        commit.commit().map_err(failed)?;
        self.through = through;
        Ok(())
    }

    /// Ends writing: waits until segments that are being merged are merged.
    pub fn finish(self) -> Result<(), Error> {
        let index = self.index;
        self.inner.wait_merging_threads().map_err(|error| index.failed("merge segments", error))
    }
}

fn id_term(field: Field, document: &Document<'_>) -> Term {
    Term::from_field_bytes(field, document.post.id.as_bytes())
}
