//! A directory of the search engine in which writes fail as on a full disk.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

/// "No space left on device".
const FULL: i32 = 28;

/// Counts every call that writes; those from the n-th on, so many of them, fail.
#[derive(Debug, Clone)]
pub(crate) struct FailingDirectory {
    inner: MmapDirectory,
    trouble: Arc<Trouble>,
}

#[derive(Debug)]
struct Trouble {
    calls: AtomicUsize,
    from: usize,
    to: usize,
}

impl Trouble {
    fn call(&self) -> io::Result<()> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        match (self.from..self.to).contains(&call) {
            true => Err(io::Error::from_raw_os_error(FULL)),
            false => Ok(()),
        }
    }
}

impl FailingDirectory {
    /// Over the folder `path`: the calls `from`, `from + 1`, … fail, `many` of them.
    pub(crate) fn new(path: &Path, from: usize, many: usize) -> FailingDirectory {
        let trouble = Trouble { calls: AtomicUsize::new(0), from, to: from.saturating_add(many) };
        let inner = MmapDirectory::open(path).unwrap();
        FailingDirectory { inner, trouble: Arc::new(trouble) }
    }

    /// Whether a call has failed yet.
    pub(crate) fn has_failed(&self) -> bool {
        self.trouble.from < self.trouble.calls.load(Ordering::SeqCst)
    }
}

impl Directory for FailingDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error| OpenWriteError::wrap_io_error(error, path.to_owned());
        self.trouble.call().map_err(failed)?;
        let inner =
            self.inner.open_write(path)?.into_inner().map_err(|error| failed(error.into()))?;
        Ok(io::BufWriter::new(Box::new(FailingFile { inner, trouble: self.trouble.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.trouble.call()?;
        self.inner.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.trouble.call()?;
        self.inner.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.inner.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

struct FailingFile {
    inner: Box<dyn TerminatingWrite + Send + Sync>,
    trouble: Arc<Trouble>,
}

impl Write for FailingFile {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.trouble.call()?;
        self.inner.write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.trouble.call()?;
        self.inner.flush()
    }
}

impl TerminatingWrite for FailingFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.trouble.call()?;
        self.inner.terminate_ref(token)
    }
}
