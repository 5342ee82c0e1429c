//! The daemon's side: takes in what is said, hands it to the loop, and says its answers.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::OwnedWriteHalf;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::path;
use super::words::{Answer, Ask};

/// Bytes of a line that is listened to.
const LINE: u64 = 4096;
/// Conversations at one time; who comes then waits.
const AT_ONCE: usize = 64;
/// How long the other side may take to say what it wants, or to take in an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so long a silence the loop is asked whether it is well, while somebody waits.
const QUIET: Duration = Duration::from_secs(2);

/// Something that was asked at the door, for the loop.
#[derive(Debug)]
pub struct Knock {
    /// What.
    pub ask: Ask,
    /// Where to answer. When the last one is dropped the conversation ends.
    pub reply: Reply,
}

/// Takes answers for one who asked; never waits for him.
#[derive(Debug, Clone)]
pub struct Reply(mpsc::UnboundedSender<Answer>);

impl Reply {
    /// Says `answer`. Whoever has gone away is told nothing more, and that is no error.
    pub fn say(&self, answer: Answer) {
        let _ = self.0.send(answer);
    }
}

/// An open door; closed when dropped.
#[derive(Debug)]
pub struct Door {
    folder: PathBuf,
    doorkeeper: JoinHandle<()>,
}

impl Door {
    /// Opens the door in `folder` (`index/`), whose lock this process holds. Each question goes
    /// to `hear`, which must not wait. Needs a tokio runtime.
    ///
    /// # Errors
    ///
    /// What the system says of the socket `door`.
    pub fn open(folder: &Path, hear: impl Fn(Knock) + Send + Sync + 'static) -> io::Result<Door> {
        let listener = path::bind(folder)?;
        listener.set_nonblocking(true)?;
        let listener = UnixListener::from_std(listener)?;
        let doorkeeper = tokio::spawn(keep(listener, Arc::new(hear)));
        Ok(Door { folder: folder.to_owned(), doorkeeper })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.doorkeeper.abort();
        path::unbind(&self.folder);
    }
}

async fn keep(listener: UnixListener, hear: Arc<dyn Fn(Knock) + Send + Sync>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let hear = Arc::clone(&hear);
                tokio::spawn(async move {
                    // What goes wrong here, the other side sees as well.
                    if let Err(error) = converse(stream, &*hear).await {
                        tracing::debug!(%error, "a conversation at the door broke off");
                    }
                    drop(place);
                });
            }
            // Too many open files, as a rule: somebody else will close some.
            Err(error) => {
                tracing::warn!(%error, "the door could not be answered");
                tokio::time::sleep(PATIENCE).await;
            }
        }
    }
}

async fn converse(stream: UnixStream, hear: &(dyn Fn(Knock) + Send + Sync)) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut asked = BufReader::new(read.take(LINE));
    timeout(PATIENCE, asked.read_line(&mut line)).await??;
    let ask = match serde_json::from_str(&line) {
        Ok(ask) => ask,
        Err(_) => {
            let error = "this bellwether does not understand what it was asked".to_owned();
            let hint = Some("start it again, so that both are of one version".to_owned());
            return say(&mut write, &Answer::Failed { error, hint }).await;
        }
    };
    let (reply, mut answers) = mpsc::unbounded_channel();
    let still = reply.downgrade();
    hear(Knock { ask, reply: Reply(reply) });
    let mut doubted = false;
    loop {
        match timeout(QUIET, answers.recv()).await {
            Ok(None) => return Ok(()),
            Ok(Some(answer)) => {
                doubted = false;
                say(&mut write, &answer).await?;
                if answer.is_last() {
                    return Ok(());
                }
            }
            // Asked once: a loop that hangs is not to find a heap of questions later.
            Err(_) if doubted => {}
            Err(_) => {
                doubted = true;
                if let Some(reply) = still.upgrade() {
                    hear(Knock { ask: Ask::Alive, reply: Reply(reply) });
                }
            }
        }
    }
}

async fn say(write: &mut OwnedWriteHalf, answer: &Answer) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    timeout(PATIENCE, write.write_all(&line)).await?
}
