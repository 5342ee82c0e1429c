//! Who has the archive in hand now: the daemon, as it says itself, another command, or nobody.

use std::path::Path;
use std::time::Duration;

use crate::archive::{self, Holder};
use crate::daemon::door::{Answer, Ask, Silence, Standing, call};

/// A daemon that has not answered by then is said not to.
const PATIENCE: Duration = Duration::from_secs(2);

/// See the header.
#[derive(Debug)]
pub(super) enum Keeper {
    /// A daemon that is well.
    Daemon(Box<Standing>),
    /// A daemon that starts or ends: it holds the lock, and its door is closed.
    Closed(Holder),
    /// A daemon that does not answer, and why that is known.
    Silent(Option<Holder>, String),
    /// Another command, for as long as it takes.
    Command(Holder),
    /// Nothing runs.
    Nobody,
}

/// Asks at the door in `index/`, else looks who holds the lock. Takes at most two seconds.
pub(super) fn ask(index: &Path) -> Keeper {
    let holder = archive::holder(index).ok().flatten();
    match standing(index) {
        Ok(Some(standing)) => Keeper::Daemon(standing),
        Ok(None) => match holder {
            Some(holder) if holder.role == "run" => Keeper::Closed(holder),
            Some(holder) => Keeper::Command(holder),
            None => Keeper::Nobody,
        },
        Err(why) => Keeper::Silent(holder, why),
    }
}

/// `None`: nobody is at the door.
fn standing(index: &Path) -> Result<Option<Box<Standing>>, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let asked = async {
        let mut call = call(index, Ask::Status).await?;
        loop {
            match call.next().await? {
                Answer::Status(standing) => return Ok(Ok(Some(standing))),
                // Of another version.
                Answer::Failed { error, .. } => return Ok(Err(error)),
                _ => {}
            }
        }
    };
    match runtime.block_on(async { tokio::time::timeout(PATIENCE, asked).await }) {
        Ok(Ok(answer)) => answer,
        Ok(Err(Silence::Nobody(_))) => Ok(None),
        Ok(Err(silence)) => Err(silence.to_string()),
        Err(_) => Err(Silence::Hangs { waited: PATIENCE }.to_string()),
    }
}
