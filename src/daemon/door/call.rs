//! The command's side: asks, and hears the answers until the last one, or until it is clear that
//! none will come.

use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::timeout;

use super::path;
use super::words::{Answer, Ask};

/// A daemon that is well answers at once; one on a machine that pages, within this time.
const FIRST: Duration = Duration::from_secs(3);
/// While there is nothing to tell, it says every other second that it is well.
const LATER: Duration = Duration::from_secs(6);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Silence {
    /// Nobody listens.
    #[error("nobody answers at the door")]
    Nobody(#[source] io::Error),
    /// Somebody listens, and says nothing.
    #[error("no answer within {} seconds", waited.as_secs())]
    Hangs {
        /// How long it was waited for.
        waited: Duration,
    },
    /// It ended before it had answered.
    #[error("it ended in the middle")]
    Ended,
    /// It speaks another language.
    #[error("its answer is not understood")]
    Garbled(#[source] serde_json::Error),
}

/// A question that was put.
#[derive(Debug)]
pub struct Call {
    lines: Lines<BufReader<OwnedReadHalf>>,
    // To close it would say that nobody waits any more.
    _write: OwnedWriteHalf,
    patience: Duration,
}

/// Puts `ask` to the daemon that serves `folder` (`index/`). Needs a tokio runtime.
///
/// # Errors
///
/// [`Silence::Nobody`]: no daemon is at the door.
pub async fn call(folder: &Path, ask: Ask) -> Result<Call, Silence> {
    let open = || {
        let stream = path::connect(folder)?;
        stream.set_nonblocking(true)?;
        UnixStream::from_std(stream)
    };
    let (read, mut write) = open().map_err(Silence::Nobody)?.into_split();
    let mut line = serde_json::to_vec(&ask).expect("a question is JSON");
    line.push(b'\n');
    write.write_all(&line).await.map_err(|_| Silence::Ended)?;
    Ok(Call { lines: BufReader::new(read).lines(), _write: write, patience: FIRST })
}

impl Call {
    /// Waits for the next answer; that all is well is passed over.
    ///
    /// # Errors
    ///
    /// [`Silence`], where none will come.
    pub async fn next(&mut self) -> Result<Answer, Silence> {
        loop {
            let waited = self.patience;
            let line = timeout(waited, self.lines.next_line())
                .await
                .map_err(|_| Silence::Hangs { waited })?
                .ok()
                .flatten()
                .ok_or(Silence::Ended)?;
            self.patience = LATER;
            match serde_json::from_str(&line).map_err(Silence::Garbled)? {
                Answer::Alive => {}
                answer => return Ok(answer),
            }
        }
    }
}
