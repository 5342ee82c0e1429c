//! Single entries of `people:`, `profiles:` and `sources:`, each on one line.

use std::collections::BTreeSet;

use unicode_width::UnicodeWidthStr;

use super::answers::{Follow, Wanted};
use super::quote::{one_line, scalar};
use crate::config::resolve;
use crate::model::Select;
use crate::source::shapes;

/// A profile: a bare handle or address where that tells its kind, else a mapping.
pub(super) fn profile(follow: &Follow, usual: &str) -> String {
    let place = follow.place();
    let named = place.handle.as_ref().or(place.url.as_ref());
    let hit = named.and_then(|named| shapes::recognize(named));
    let told = hit.as_ref().map_or(usual, |hit| hit.kind);
    let kind = place.kind.as_deref().unwrap_or(told);
    let plain = place.mode.is_none() && place.select.is_none();
    if let (Some(named), None, true) = (named, &place.feed, plain && kind == told) {
        let at = if hit.is_some() && place.handle.is_some() { at_sign(named) } else { "" };
        if hit.is_some() || place.handle.is_none() {
            return scalar(&format!("{at}{named}"));
        }
    }
    if let (None, Some(feed), true) = (named, &place.feed, plain && kind == usual) {
        return scalar(feed);
    }
    let keys = [("handle", &place.handle), ("url", &place.url), ("feed", &place.feed)];
    let pairs = keys.iter().filter_map(|(key, value)| Some((*key, value.as_ref()?)));
    let rest: String = pairs.map(|(key, value)| format!(", {key}: {}", scalar(value))).collect();
    let mode = place.mode.map(|mode| format!(", mode: {mode}")).unwrap_or_default();
    let select = follow.select.as_ref().map(select).unwrap_or_default();
    format!("{{kind: {kind}{rest}{mode}{select}}}")
}

fn select(select: &Select) -> String {
    let Select { item, title, link, date } = select;
    let keys = [("title", title), ("link", link), ("date", date)];
    let pairs = keys.iter().filter_map(|(key, value)| Some((*key, value.as_ref()?)));
    let rest: String = pairs.map(|(key, value)| format!(", {key}: {}", scalar(value))).collect();
    format!(", select: {{item: {}{rest}}}", scalar(item))
}

/// People read `@name@host` more easily than `name@host`.
fn at_sign(handle: &str) -> &'static str {
    let is_host_name = handle.contains('@') && !handle.starts_with('@');
    if is_host_name { "@" } else { "" }
}

/// A source: a bare address where it has no name of its own, else a mapping. Of a page and its
/// feed, the feed.
pub(super) fn source(follow: &Follow) -> String {
    let plain = follow.kind.as_deref().is_none_or(|kind| kind == "syndication");
    let page = follow.url.as_deref().filter(|_| plain && follow.feed.is_some());
    let alone = page.is_some_and(|page| shapes::recognize(page).is_none());
    let url = follow.url.clone().filter(|_| !alone);
    let follow = &Follow { url, ..follow.clone() };
    let bare = profile(follow, "syndication");
    let name = follow.own_name().filter(|name| *name != resolve::name_of(&follow.place()));
    let name = name.map(|name| format!("name: {}, ", scalar(&name)));
    let circle = follow.own_folder().map(|circle| format!("circle: {}, ", scalar(&circle)));
    let head = [name, circle].into_iter().flatten().collect::<String>();
    match bare.strip_prefix('{') {
        _ if head.is_empty() => bare,
        Some(rest) => format!("{{{head}{rest}"),
        None => {
            let key = if bare.contains("://") { "url" } else { "handle" };
            format!("{{{head}{key}: {bare}}}")
        }
    }
}

/// Returns `name`, or what tells it apart where somebody has it: the kind of the profile.
pub(super) fn free_name(name: &str, kind: &str, names: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name} ({kind} {number})"));
    let mut candidates = [name.to_owned(), format!("{name} ({kind})")].into_iter().chain(numbered);
    let free = candidates.find(|name| names.insert(name.to_lowercase()));
    free.unwrap_or_else(|| name.to_owned())
}

/// What is no feed, as a comment: what it is stands behind it.
pub(super) fn doubted(follow: &Follow) -> String {
    let doubt = follow.doubt.as_deref().map(one_line).unwrap_or_default();
    format!("- {}   # {doubt}", source(follow))
}

/// Interests, their columns in line.
pub(super) fn interests(interests: &[Wanted]) -> Vec<String> {
    let names: Vec<String> = interests.iter().map(|one| scalar(&one_line(&one.name))).collect();
    let width = width_of(names.iter().map(String::as_str));
    let line = |(name, interest): (&String, &Wanted)| {
        let weight = interest.weight.clamp(0.0, 1.0);
        let query = scalar(&interest.query);
        format!("{{name: {}query: {query}, weight: {weight:.1}}}", padded(name, width))
    };
    names.iter().zip(interests).map(line).collect()
}

/// Names longer than this do not push the column of the others.
const WIDEST_NAME: usize = 32;

/// The widest of them, but for those that are very wide.
pub(super) fn width_of<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| name.width()).filter(|width| *width <= WIDEST_NAME).max().unwrap_or(0)
}

/// `name`, a comma, and spaces up to the next column.
pub(super) fn padded(name: &str, width: usize) -> String {
    let spaces = width.saturating_sub(name.width()) + 1;
    format!("{name},{}", " ".repeat(spaces))
}
