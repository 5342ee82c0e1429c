//! What stands below the rule: each item again, with the terms of its score and its posts.

use jiff::Timestamp;

use super::escape::{line_start, markdown, markdown_within, url};
use super::layout::{COLUMNS, wrap};
use super::times::age;
use crate::model::{Counters, Item, PostRef, Reason, Section, SectionKind};
use crate::rank::points::{apportion, printed};

/// As many posts are told; the rest is counted.
const POSTS: usize = 5;
/// Columns before what a list's item says.
const INDENT: usize = 3;
/// Columns of an excerpt.
const EXCERPT: usize = 180;

/// Returns a score in the hundredths in which it is printed.
pub(super) fn units(score: f64) -> i64 {
    (score * 100.0).round() as i64
}

/// Returns the lines of one item.
pub(super) fn lines(section: &Section, item: &Item, now: Timestamp) -> Vec<String> {
    let score = printed(units(item.score), 2);
    let room = COLUMNS.saturating_sub(item.id.len() + score.len() + 9);
    let title = markdown_within(&item.title, room);
    let mut lines = vec![format!("## [{}] {title} · {score}", item.id)];
    lines.extend(wrap(&why(&item.reasons), COLUMNS));
    for (at, post) in item.posts.iter().take(POSTS).enumerate() {
        lines.extend(post_lines(at + 1, post, item, section.kind, now));
    }
    if POSTS < item.posts.len() {
        let more = item.posts.len() - POSTS;
        lines.extend([String::new(), format!("and {more} more in `why {}`.", item.id)]);
    }
    lines
}

/// `why: relevance .20 (search engines) + heat .16 (8x Ines's usual rate)`: the printed points
/// sum to the printed score. Terms that give nothing are left to JSON and `why`.
fn why(reasons: &[Reason]) -> String {
    let points: Vec<f64> = reasons.iter().map(|reason| reason.points).collect();
    let told: Vec<String> = reasons
        .iter()
        .zip(apportion(&points, 2))
        .filter(|(_, units)| *units != 0)
        .map(|(reason, units)| {
            let learning = if reason.learning { ", learning" } else { "" };
            let text = markdown(&format!("{}{learning}", reason.text));
            format!("{} {} ({text})", reason.signal, printed(units, 2))
        })
        .collect();
    format!("why: {}", told.join(" + "))
}

/// `1. Ines Okafor, Mastodon, 5 h, 6 replies: "If you run…"` and its address.
fn post_lines(
    number: usize,
    post: &PostRef,
    item: &Item,
    kind: SectionKind,
    now: Timestamp,
) -> Vec<String> {
    let mut who = vec![post.person.name.clone()];
    who.extend(place(post));
    who.push(age(post.published, now));
    who.extend(counters(&post.counters));
    let mut text = line_start(&markdown(&who.join(", ")));
    let first_topic = number == 1 && kind == SectionKind::Topics;
    let said = match (&post.excerpt, first_topic && post.title == item.title) {
        (Some(excerpt), true) => Some(excerpt),
        (None, true) => None,
        (..) => Some(&post.title),
    };
    if let Some(said) = said.filter(|said| !said.is_empty()) {
        text.push_str(&format!(": \"{}\"", markdown_within(said, EXCERPT)));
    }
    let mut lines: Vec<String> = Vec::new();
    for (at, line) in wrap(&text, COLUMNS - INDENT).into_iter().enumerate() {
        lines.push(if at == 0 { format!("{number}. {line}") } else { format!("   {line}") });
    }
    lines.extend(url(&post.url).map(|url| format!("   <{url}>")));
    lines
}

/// Where it was seen; of a feed called `Ines Okafor (mastodon)` only what her name does not say.
fn place(post: &PostRef) -> Option<String> {
    let rest = post.source.strip_prefix(&post.person.name).unwrap_or(&post.source).trim();
    let rest = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(rest);
    let mut letters = rest.chars();
    let first = letters.next()?;
    let own = rest.len() < post.source.len();
    Some(if own { first.to_uppercase().chain(letters).collect() } else { rest.to_owned() })
}

fn counters(counters: &Counters) -> Vec<String> {
    let all = [
        (counters.replies, "reply", "replies"),
        (counters.boosts, "boost", "boosts"),
        (counters.likes, "like", "likes"),
    ];
    all.iter()
        .filter_map(|(count, one, many)| {
            let count = (*count)?;
            Some(format!("{count} {}", if count == 1 { one } else { many }))
        })
        .collect()
}
