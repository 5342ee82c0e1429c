//! Tells what can be followed, with a sample of each, and asks where there is a choice.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::report::{Report, Roll};
use super::seek::Choice;
use crate::cli::sight::contents;
use crate::cli::talk::Talk;
use crate::config::write::{Follow, Seen, numbers};
use crate::digest::escape::terminal;

/// Asks which of a page's feeds are meant; Enter and `--yes` take the first. `None`: there is
/// none, or none is wanted.
pub(super) fn of_feeds(
    talk: &mut Talk,
    text: &str,
    options: &[Choice],
    seen: &Seen,
    now: Timestamp,
    report: &mut Report,
) -> anyhow::Result<Option<Vec<Follow>>> {
    report.feeds = options.iter().map(Choice::candidate).collect();
    if let Seen::Unreadable { why } = seen {
        report.unreadable = Some(why.clone());
    }
    if options.is_empty() {
        talk.say(&terminal(&format!("{text}: {}", nothing(seen))));
        return Ok(None);
    }
    let name = report.name.clone().unwrap_or_else(|| text.to_owned());
    talk.say(&terminal(&match options.len() {
        1 => format!("{name}:"),
        count => format!("{name} has {count} feeds:"),
    }));
    for (at, feed) in report.feeds.iter().enumerate() {
        let number = if options.len() > 1 { format!("{:>3}  ", at + 1) } else { "  ".to_owned() };
        let title = feed.title.as_deref().unwrap_or("without a title");
        let holds = contents(feed.posts, feed.newest, now);
        let how = if feed.kind == "page" { ", a page that is read as a feed" } else { "" };
        talk.say(&terminal(&format!("{number}{title}  {}  ({holds}{how})", feed.url)));
        for post in &feed.sample {
            let day = post.at.map(|at| at.to_zoned(TimeZone::system()).date().to_string());
            let day = day.unwrap_or_else(|| "no date".to_owned());
            talk.say(&terminal(&format!("       {day:<10}  {}", post.title)));
        }
    }
    let places = choose(talk, options.len())?;
    for place in &places {
        report.feeds[*place].taken = true;
    }
    Ok(Some(places.into_iter().map(|place| options[place].follow.clone()).collect()))
}

fn choose(talk: &mut Talk, count: usize) -> anyhow::Result<Vec<usize>> {
    if count == 1 {
        return Ok(vec![0]);
    }
    if !talk.is_open() {
        talk.say("  The first is taken.");
        return Ok(vec![0]);
    }
    loop {
        talk.say("Which? Numbers, or `all` (Enter: the first)");
        let Some(answer) = talk.line()? else { return Ok(vec![0]) };
        if let Some(places) = numbers(&answer, count) {
            return Ok(places);
        }
    }
}

/// Why there is nothing to follow.
fn nothing(seen: &Seen) -> String {
    match seen {
        Seen::Silent { why, hint, offline } => {
            let hint = hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            let hint = if *offline { " (there is no network)".to_owned() } else { hint };
            format!("{why}{hint}; nothing was written")
        }
        Seen::Page { feeds, .. } if !feeds.is_empty() => {
            format!("the page names the feed {}, which cannot be read now", feeds[0].url)
        }
        Seen::Page { .. } => "the page names no feed, none lies where they usually do, and its \
                              entries are not marked up. `kind: page` with `select` reads it by \
                              CSS selectors"
            .to_owned(),
        Seen::Other { what } => what.clone(),
        Seen::Unreadable { why } => why.clone(),
        Seen::Feed { .. } => "it holds nothing".to_owned(),
    }
}

/// Asks for the other profiles that the page names: of those that say the same Enter and `--yes`
/// mean yes, of the others no.
pub(super) fn of_profiles(talk: &mut Talk, report: &mut Report) -> anyhow::Result<Vec<Follow>> {
    let mut taken = Vec::new();
    for (verified, about) in [
        (true, "The page names these profiles, and they link back (verified):"),
        (false, "The page names these profiles, which do not link back (claimed):"),
    ] {
        let these: Vec<usize> = (0..report.also.len())
            .filter(|at| report.also[*at].verified == verified)
            .collect();
        if these.is_empty() {
            continue;
        }
        talk.say(about);
        for (number, at) in these.iter().enumerate() {
            talk.say(&terminal(&format!("{:>3}  {}", number + 1, report.also[*at].url)));
        }
        for place in wanted(talk, these.len(), verified)? {
            let also = &mut report.also[these[place]];
            also.taken = true;
            taken.push(Follow::from_text(&also.url).noted());
        }
    }
    Ok(taken)
}

fn wanted(talk: &mut Talk, count: usize, usual: bool) -> anyhow::Result<Vec<usize>> {
    let all = || (0..count).collect();
    let enter = if usual { "all" } else { "none" };
    while talk.is_open() {
        talk.say(&format!("Follow them, too, as the same person? Numbers, `all` or `none` (Enter: {enter})"));
        let Some(answer) = talk.line()? else { break };
        if answer.trim().eq_ignore_ascii_case("none") {
            return Ok(Vec::new());
        }
        if let Some(places) = numbers(&answer, count) {
            return Ok(places);
        }
    }
    Ok(if usual { all() } else { Vec::new() })
}

/// Lists are offered; nobody wants a hundred feeds unasked.
pub(super) fn tell_rolls(talk: &Talk, rolls: &[Roll]) {
    for Roll { url, entries } in rolls {
        talk.say(&terminal(&format!(
            "What its author reads: {url} ({entries}). `bellwether import {url}` follows them."
        )));
    }
}
