//! What the user says of an item, done at once: done, snooze, mute, save, and each taken back.
//!
//! The command that was typed resolves the item first, so that a mistake is told where it is
//! made; whoever holds the lock then applies the intent, once, in one transaction with its mark.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Error;
use super::resolve::{Target, resolve};
use crate::archive::{Archive, Intent};
use crate::model::{Mark, MarkKind};

/// What is said, without the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remark {
    /// Done, snooze, mute or save.
    pub kind: MarkKind,
    /// Takes back what was said before.
    pub undo: bool,
    /// For a snooze: when it is over.
    pub until: Option<Timestamp>,
}

/// A remark's argument in its intent.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Argument {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    undo: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

impl Remark {
    /// Appends it as an intent about `target`, an item's id or a URL; returns its row.
    pub fn record(self, archive: &mut Archive, target: &str, at: Timestamp) -> Result<i64, Error> {
        let Remark { kind, undo, until } = self;
        let argument = serde_json::to_string(&Argument { undo, until }).expect("plain JSON");
        Ok(archive.record_intent(kind.name(), target, Some(&argument), at)?)
    }

    /// What comes of it where it is said of `target`.
    pub fn acted(self, target: &Target) -> Acted {
        Acted {
            verb: self.kind.name().to_owned(),
            undo: self.undo,
            item: target.item.clone(),
            title: target.title.clone(),
            url: target.url.clone(),
            until: self.until,
        }
    }

    /// What an intent says; `None` where it is none of these.
    pub fn of(intent: &Intent) -> Option<Remark> {
        let kind = MarkKind::from_name(&intent.verb)?;
        let argument = intent.argument.as_deref().unwrap_or("{}");
        let Argument { undo, until } = serde_json::from_str(argument).ok()?;
        Some(Remark { kind, undo, until })
    }
}

/// What came of a remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// `done`, `snooze`, `mute`, `save`.
    pub verb: String,
    /// It was taken back.
    pub undo: bool,
    /// The item as it was asked for.
    pub item: String,
    /// Its line.
    pub title: String,
    /// Where it leads.
    pub url: Option<String>,
    /// For a snooze: when it is over.
    pub until: Option<Timestamp>,
}

/// How an intent ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It was done, and this came of it.
    Done(serde_json::Value),
    /// It can never be done.
    Failed {
        /// One line.
        error: String,
        /// The next step.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hint: Option<String>,
    },
}

impl Ending {
    /// What came of something.
    pub fn done(result: &impl Serialize) -> Ending {
        Ending::Done(serde_json::to_value(result).expect("a result is JSON"))
    }

    /// Why it failed.
    pub fn failed(error: &Error) -> Ending {
        Ending::Failed { error: super::error::line(error), hint: error.hint() }
    }

    /// As the archive keeps it.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("an ending is JSON")
    }

    /// How `intent` ended; `None` while it is open.
    pub fn of(intent: &Intent) -> Option<Ending> {
        let done = intent.done.as_ref()?;
        let told = done.result.as_deref().and_then(|text| serde_json::from_str(text).ok());
        Some(told.unwrap_or(Ending::Done(serde_json::Value::Null)))
    }
}

/// Applies what `intent` says, if it is a remark and still open, and notes that it was
/// done; both or neither. `None`: it is no remark, so it is left for whoever does long work.
///
/// # Errors
///
/// Where the archive cannot be written now. What can never be done ends as failed.
pub fn act(
    archive: &mut Archive,
    intent: &Intent,
    now: Timestamp,
) -> Result<Option<Ending>, Error> {
    if let Some(ending) = Ending::of(intent) {
        return Ok(Some(ending));
    }
    let Some(remark) = Remark::of(intent) else { return Ok(None) };
    let (mark, ending) = match resolve(archive, &intent.target) {
        Ok(target) => {
            let ending = Ending::done(&remark.acted(&target));
            (Some(mark(remark, intent, target)), ending)
        }
        Err(error @ (Error::NoItem { .. } | Error::NoPost { .. })) => {
            (None, Ending::failed(&error))
        }
        Err(error) => return Err(error),
    };
    if archive.fulfil(intent.seq, mark.as_ref(), Some(&ending.text()), now)? {
        return Ok(Some(ending));
    }
    // Somebody else was faster.
    Ok(archive.intent(intent.seq)?.as_ref().and_then(Ending::of))
}

/// Applies all open remarks, as they were said.
///
/// # Errors
///
/// Where the archive cannot be written now; those that were not applied stay open.
pub fn act_all(archive: &mut Archive, now: Timestamp) -> Result<usize, Error> {
    let mut applied = 0;
    for intent in archive.open_intents()? {
        applied += usize::from(act(archive, &intent, now)?.is_some());
    }
    Ok(applied)
}

fn mark(remark: Remark, intent: &Intent, target: Target) -> Mark {
    Mark {
        intent: intent.seq,
        at: intent.at,
        kind: remark.kind,
        undone: remark.undo,
        item: target.item,
        identity: target.identity,
        section: target.section,
        title: target.title,
        url: target.url,
        posts: target.posts,
        people: target.people,
        until: remark.until,
    }
}
