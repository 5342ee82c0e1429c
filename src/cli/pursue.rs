//! A daemon does the work: what is heard of it through its door.

use tokio::runtime::Builder;

use super::Place;
use crate::daemon::door::{Answer, Ask, Silence, call};
use crate::pipeline::act::Ending;
use crate::pipeline::work::Progress;

/// How it went.
pub(super) enum Pursued {
    /// It was done, or can never be done.
    Ended(Ending),
    /// Nothing more will be heard of it.
    Silent(Silence),
    /// The user pressed Ctrl-C, and it goes on.
    Left,
}

/// What is told on the way.
pub(super) enum Heard {
    /// The process of this id does it.
    By(u32),
    /// So far it has come.
    Progress(Progress),
}

/// Tells the daemon of `place` that the intent of row `intent` is there, and stays with it to its
/// end.
pub(super) fn pursue(
    place: &Place,
    intent: i64,
    tell: &mut dyn FnMut(Heard),
) -> anyhow::Result<Pursued> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = hear(place, intent, tell) => ended,
            _ = tokio::signal::ctrl_c() => Ok(Pursued::Left),
        }
    });
    Ok(ended.unwrap_or_else(Pursued::Silent))
}

async fn hear(place: &Place, intent: i64, tell: &mut dyn FnMut(Heard)) -> Result<Pursued, Silence> {
    let mut call = call(&place.index, Ask::Act { intent }).await?;
    loop {
        match call.next().await? {
            Answer::Heard { by } => tell(Heard::By(by)),
            Answer::Progress(progress) => tell(Heard::Progress(progress)),
            Answer::Done(result) => return Ok(Pursued::Ended(Ending::Done(result))),
            Answer::Failed { error, hint } => {
                return Ok(Pursued::Ended(Ending::Failed { error, hint }));
            }
            Answer::Alive | Answer::Status(_) => {}
        }
    }
}
