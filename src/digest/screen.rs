//! What stands above the rule: one line for each item, lower sections yielding first.

use super::escape::markdown;
use super::layout::{COLUMNS, line, wrap};
use super::times::{age, from, heading, moment, since};
use super::{View, detail};
use crate::model::{Digest, Item, Late, Section, SectionKind, Unseen};
use crate::text::counted;
use crate::{agenda, rank};

/// As many lines stand above the rule, empty ones included.
const LINES: usize = 26;
/// As many lines may tell what was not seen.
const COVERAGE_LINES: usize = 2;
/// Minutes that an answer takes, by section, reading included.
const MINUTES: &[(SectionKind, usize)] =
    &[(SectionKind::Waiting, 3), (SectionKind::Topics, 3), (SectionKind::Asks, 3)];
/// Minutes for an item of any other section.
const OTHER_MINUTES: usize = 1;

/// Returns the lines above the rule, at most [`LINES`] with the empty one before the rule.
pub(super) fn lines(digest: &Digest, view: &View) -> Vec<String> {
    let mut head = vec![format!("# {}", heading(digest.now, &view.zone))];
    head.extend(digest.late.as_ref().map(|late| lateness(late, digest.now, view)));
    head.extend(wrap(&summary(digest, view), COLUMNS));
    if let Some(nothing) = &digest.nothing {
        head.extend([String::new(), markdown(&format!("Nothing today: {nothing}."))]);
    }
    let foot = coverage(digest, view);
    let room = LINES.saturating_sub(head.len() + foot.len() + 1);
    head.extend(body(digest, room));
    head.extend(foot);
    head
}

/// The sections, cut to `room` lines from the last item on.
fn body(digest: &Digest, room: usize) -> Vec<String> {
    let mut blocks: Vec<(String, Vec<String>)> = Vec::new();
    for section in &digest.sections {
        let items: Vec<String> = section
            .items
            .iter()
            .filter(|item| item.shown)
            .map(|item| item_line(section.kind, item, digest.now))
            .collect();
        let title = format!("## {}", title(section));
        match blocks.last_mut() {
            _ if items.is_empty() => {}
            Some((last, block)) if *last == title => block.extend(items),
            _ => blocks.push((title, items)),
        }
    }
    let size = |blocks: &[(String, Vec<String>)]| -> usize {
        blocks.iter().map(|(_, items)| 1 + items.len()).sum()
    };
    while room < size(&blocks) {
        let Some((_, items)) = blocks.last_mut() else { break };
        items.pop();
        if items.is_empty() {
            blocks.pop();
        }
    }
    blocks.into_iter().flat_map(|(title, items)| std::iter::once(title).chain(items)).collect()
}

/// Sections about people and projects share one heading.
fn title(section: &Section) -> &'static str {
    match section.kind {
        SectionKind::Waiting | SectionKind::Topics | SectionKind::Asks => {
            agenda::section(section.kind).map_or("", agenda::Section::title)
        }
        _ => "People and projects",
    }
}

fn item_line(kind: SectionKind, item: &Item, now: jiff::Timestamp) -> String {
    let id = format!("[{}]", item.id);
    let told = item.posts.first().map(|post| age(post.published, now));
    let prefix = match kind {
        SectionKind::Topics => {
            format!("- {id} {} · ", rank::points::printed(detail::units(item.score), 2))
        }
        SectionKind::Voices => format!("- New voice: {id} "),
        _ => told.map_or(format!("- {id} "), |age| format!("- {id} {age} · ")),
    };
    line(&prefix, &item.title, &item.facts)
}

/// `Late: due Monday 07:30, Bellwether was not running.`
fn lateness(late: &Late, now: jiff::Timestamp, view: &View) -> String {
    let due = moment(late.due, now, &view.zone);
    markdown(&format!("Late: due {due}, {}.", late.why))
}

/// `428 feeds, 1,204 new posts since yesterday. 8 topics, 3 asks. About 30 minutes.`
fn summary(digest: &Digest, view: &View) -> String {
    let from = from(digest.period.from, digest.now, &view.zone);
    let mut text = format!(
        "{}, {} since {from}.",
        counted(digest.profiles, "feed"),
        counted(digest.new_posts, "new post")
    );
    let mut minutes = 0;
    let mut counts: Vec<String> = Vec::new();
    for section in &digest.sections {
        let shown = section.items.iter().filter(|item| item.shown).count();
        let each = MINUTES.iter().find(|(kind, _)| *kind == section.kind);
        minutes += shown * each.map_or(OTHER_MINUTES, |(_, minutes)| *minutes);
        match section.kind {
            _ if shown == 0 => {}
            SectionKind::Waiting => counts.push(format!("{shown} waiting")),
            SectionKind::Topics => counts.push(counted(shown, "topic")),
            SectionKind::Asks => counts.push(counted(shown, "ask")),
            SectionKind::Voices => counts.push(counted(shown, "new voice")),
            other => counts.push(format!("{shown} {}", other.name())),
        }
    }
    if !counts.is_empty() {
        text.push_str(&format!(" {}. About {}.", counts.join(", "), counted(minutes, "minute")));
    }
    text
}

/// An empty line and `Not seen: …`; nothing where all was seen.
fn coverage(digest: &Digest, view: &View) -> Vec<String> {
    if digest.coverage.is_empty() {
        return Vec::new();
    }
    let told: Vec<String> =
        digest.coverage.iter().map(|unseen| clause(unseen, digest, view)).collect();
    for kept in (0..=told.len()).rev() {
        let rest = told.len() - kept;
        let mut list = told[..kept].join(", ");
        if rest > 0 {
            let told = if kept > 0 { format!(" and {rest} more") } else { counted(rest, "feed") };
            list.push_str(&told);
        }
        let lines = wrap(&format!("Not seen: {list}."), COLUMNS);
        if lines.len() <= COVERAGE_LINES || kept == 0 {
            return std::iter::once(String::new()).chain(lines).collect();
        }
    }
    Vec::new()
}

/// `YouTube (failing since Sunday)`.
fn clause(unseen: &Unseen, digest: &Digest, view: &View) -> String {
    let why = match unseen.since {
        Some(at) => format!("{} since {}", unseen.why, since(at, digest.now, &view.zone)),
        None => unseen.why.clone(),
    };
    markdown(&format!("{} ({why})", unseen.what))
}
