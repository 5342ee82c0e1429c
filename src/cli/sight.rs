//! Looks at addresses before they are followed, tells what they are, and asks which feed is meant
//! where a page names several.

use std::cell::Cell;
use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::cli::desk::Web;
use crate::cli::screen::Progress;
use crate::cli::talk::Talk;
use crate::cli::trouble;
use crate::config::write::{Ask, Follow, Seen, numbers};
use crate::digest::age;
use crate::digest::escape::terminal;
use crate::pipeline::look::look;
use crate::source::discover::Found;

/// Lines about single addresses; of a longer list only troubles are told.
const LINES: usize = 20;

/// What looks, and how it went so far.
pub(super) struct Sights<'a> {
    pub(super) web: &'a Web,
    pub(super) now: Timestamp,
    /// `--offline`: nothing is looked at.
    pub(super) blind: bool,
    /// There is no network: after the first list nothing more is looked at.
    pub(super) offline: bool,
    /// What is not looked at: it is followed already.
    pub(super) known: BTreeSet<String>,
    /// Addresses that turned out to be no feeds.
    pub(super) doubts: usize,
}

impl Sights<'_> {
    /// Returns `follows` as they are to be written, and what was seen of them.
    pub(super) fn look(
        &mut self,
        talk: &mut Talk,
        follows: Vec<Follow>,
    ) -> anyhow::Result<(Vec<Follow>, Vec<Seen>)> {
        let address = |follow: &Follow| follow.ask().map(|ask| ask.address);
        let mut asks: Vec<Ask> = Vec::new();
        for ask in follows.iter().filter_map(Follow::ask) {
            if self.known.insert(ask.address.clone()) {
                asks.push(ask);
            }
        }
        if self.blind || self.offline || asks.is_empty() {
            return Ok((follows, Vec::new()));
        }
        let seen = self.ask(&asks)?;
        self.offline = seen.iter().all(|seen| matches!(seen, Seen::Silent { offline: true, .. }));
        if self.offline {
            talk.say(
                "No network: nothing could be looked at. What you give is written down as it is.",
            );
            return Ok((follows, Vec::new()));
        }
        let mut looked = Vec::new();
        let quiet = LINES < asks.len();
        let mut told = 0;
        for follow in follows {
            let place = asks.iter().position(|ask| Some(&ask.address) == address(&follow).as_ref());
            let Some(place) = place else {
                looked.push(follow);
                continue;
            };
            let follow = follow.after(&seen[place]);
            let line = line(&follow, &seen[place], self.now);
            if let Some(line) = line.filter(|line| !quiet || !line.starts_with("  ✓")) {
                told += 1;
                if told <= LINES {
                    talk.say(&line);
                }
            }
            self.doubts += usize::from(follow.doubt.is_some());
            match &seen[place] {
                Seen::Page { feeds, .. } if 1 < feeds.len() => {
                    looked.extend(choose(talk, follow, feeds)?)
                }
                _ => looked.push(follow),
            }
        }
        if LINES < told {
            talk.say(&format!("  … and {} more", told - LINES));
        }
        if quiet {
            let read = seen.iter().filter(|seen| is_read(seen)).count();
            talk.say(&format!("  {read} of {} can be read.", asks.len()));
        }
        Ok((looked, seen))
    }

    fn ask(&self, asks: &[Ask]) -> anyhow::Result<Vec<Seen>> {
        let progress = Progress::new("looking", asks.len(), false);
        let stopped = Cell::new(false);
        let stop = async {
            match tokio::signal::ctrl_c().await {
                Ok(()) => stopped.set(true),
                Err(_) => std::future::pending().await,
            }
        };
        let mut tell = |ask: &Ask, _: &Seen| progress.step(&terminal(&ask.address));
        let looking = look(&self.web.client, asks, stop, &mut tell);
        let seen = self.web.runtime.block_on(looking);
        progress.finish();
        let all: Option<Vec<Seen>> = seen.into_iter().collect();
        all.ok_or_else(|| trouble::mistake("interrupted", "nothing was written"))
    }
}

fn is_read(seen: &Seen) -> bool {
    matches!(seen, Seen::Feed { .. })
        || matches!(seen, Seen::Page { feeds, .. } if !feeds.is_empty())
}

/// One line on what was seen; `None` where a question tells it.
fn line(follow: &Follow, seen: &Seen, now: Timestamp) -> Option<String> {
    let name = follow.name.as_deref().unwrap_or_default();
    let text = follow.text();
    let called =
        if name.is_empty() || name == text { text.to_owned() } else { format!("{name} ({text})") };
    let line = match seen {
        Seen::Feed { posts, newest, .. } => {
            format!("✓ {called}: {}", contents(*posts, *newest, now))
        }
        Seen::Page { feeds, .. } if 1 < feeds.len() => return None,
        Seen::Page { feeds, feed, .. } if !feeds.is_empty() => match feed.as_deref() {
            Some(Seen::Feed { posts, newest, .. }) => {
                format!("✓ {called}: {}", contents(*posts, *newest, now))
            }
            _ => format!(
                "! {called}: the page names the feed {}, which cannot be read now",
                feeds[0].url
            ),
        },
        Seen::Silent { why, hint, .. } => {
            let hint = hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("! {called}: {why}{hint}; written down all the same")
        }
        Seen::Unreadable { why } => format!("! {called}: {why}; written down, but not read"),
        Seen::Page { .. } | Seen::Other { .. } => match &follow.doubt {
            Some(doubt) => format!("✗ {called}: {doubt}; written down as a comment"),
            None => format!("! {called}: no feed is there now; written down all the same"),
        },
    };
    Some(format!("  {}", terminal(&line)))
}

pub(super) fn contents(posts: usize, newest: Option<Timestamp>, now: Timestamp) -> String {
    match (posts, newest) {
        (0, _) => "empty so far".to_owned(),
        (1, None) => "1 post".to_owned(),
        (posts, None) => format!("{posts} posts"),
        (1, Some(newest)) => format!("1 post, {} old", age(newest, now)),
        (posts, Some(newest)) => format!("{posts} posts, the newest {} old", age(newest, now)),
    }
}

/// Asks which of a page's feeds are meant; Enter and `--yes` take the first.
fn choose(talk: &mut Talk, follow: Follow, feeds: &[Found]) -> anyhow::Result<Vec<Follow>> {
    talk.say(&format!("  {} names several feeds:", terminal(follow.text())));
    for (at, found) in feeds.iter().enumerate() {
        let title = found.title.as_deref().unwrap_or("without a title");
        talk.say(&terminal(&format!("   {:>3}  {title}  {}", at + 1, found.url)));
    }
    if !talk.is_open() {
        talk.say("  The first is taken.");
        return Ok(follow.choose(&[&feeds[0]]));
    }
    loop {
        talk.say("  Which? Numbers, or `all` (Enter: the first)");
        let Some(answer) = talk.line()? else { return Ok(follow.choose(&[&feeds[0]])) };
        if let Some(places) = numbers(&answer, feeds.len()) {
            let chosen: Vec<&Found> = places.into_iter().map(|place| &feeds[place]).collect();
            return Ok(follow.choose(&chosen));
        }
    }
}
