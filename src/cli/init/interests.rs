//! Interests: proposed from what the user's own posts and feeds speak of.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::cli::standing;
use crate::cli::talk::Talk;
use crate::cli::desk::Desk;
use crate::config::write::{self, Answers, Wanted, propose};
use crate::digest::escape::terminal;
use crate::model::{FeedId, ME, Post};
use crate::topic::{Theme, themes};

/// Posts that are looked through.
const REACH: SignedDuration = SignedDuration::from_hours(365 * 24);
/// So many are proposed.
const MOST: usize = 12;
/// A theme that was only proposed weighs less than the most.
const WEIGHT: f64 = 0.8;

/// Proposes interests where there are none yet; says whether the file has some now.
pub(super) fn interests(
    desk: &Desk,
    path: &Path,
    fresh: bool,
    now: Timestamp,
    talk: &mut Talk,
) -> anyhow::Result<bool> {
    if !desk.config.interests.is_empty() {
        return Ok(false);
    }
    let themes = found(desk, now)?;
    if themes.is_empty() {
        return Ok(false);
    }
    let wanted: Vec<Wanted> = themes
        .iter()
        .map(|theme| Wanted { name: theme.name.clone(), query: theme.query.clone(), weight: WEIGHT })
        .collect();
    if talk.agrees() || !talk.is_open() {
        // Nobody chose them, so they must not decide what is shown.
        if fresh {
            standing::amend(path, |text| Ok(propose(text, &wanted)))?;
            talk.say("Interests are proposed in it as a comment: remove the marks of those you want.");
        }
        return Ok(false);
    }
    super::heading("What matters to you?");
    talk.say("What matches an interest comes first in the digest, and questions must match one to be shown.");
    talk.say("These are what you and your feeds speak of:");
    for (at, theme) in themes.iter().enumerate() {
        talk.say(&terminal(&format!("  {:>3}  {}  ({})", at + 1, theme.name, evidence(theme))));
    }
    loop {
        talk.say("Which? Numbers, and queries of your own: 1 4, static sites, \"merge policy\", crdt OR automerge");
        talk.say("(Enter: none for now)");
        let Some(answer) = talk.line()? else { return Ok(false) };
        match write::interests(&answer, &wanted) {
            Ok(interests) => {
                standing::add_interests(path, &Answers { interests, ..Answers::default() })?;
                return Ok(true);
            }
            Err(error) => talk.say(&terminal(&format!("{error} ({})", error.hint()))),
        }
    }
}

fn found(desk: &Desk, now: Timestamp) -> anyhow::Result<Vec<Theme>> {
    let from = now.checked_sub(REACH).unwrap_or(Timestamp::MIN);
    let kept = desk.archive.window(from, now, None)?;
    let posts: Vec<&Post> = kept.iter().map(|kept| &kept.post).collect();
    let mine = desk.config.feeds.iter().filter(|feed| feed.owner.as_deref() == Some(ME));
    let own: BTreeSet<FeedId> = mine.map(|feed| feed.id).collect();
    Ok(themes(&posts, &own, MOST))
}

fn evidence(theme: &Theme) -> String {
    let posts = if theme.posts == 1 { "1 post".to_owned() } else { format!("{} posts", theme.posts) };
    if theme.feeds == 1 { format!("{posts} of one feed") } else { format!("{posts} of {} feeds", theme.feeds) }
}
