//! The name that a post is given at first sight.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{PostId, RawPost};

use super::date;
use super::html;
use super::url::canonical;

/// How much of a text stands for a title that is not there, in characters.
const OPENING: usize = 100;

/// Returns the id of each post: of its guid; of guid and link where the document repeats a guid;
/// else of its link; else of title and day. `None` for a repetition of an earlier post.
pub(super) fn give(raws: &[RawPost], feed: &str) -> Vec<Option<PostId>> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for guid in raws.iter().filter_map(guid) {
        *count.entry(guid).or_default() += 1;
    }
    let (mut given, mut whole) = (BTreeSet::new(), BTreeSet::new());
    let give = |raw: &RawPost| {
        let repeated = guid(raw).is_some_and(|guid| count[guid] > 1);
        let full = new(feed, &full_name(raw));
        if !whole.insert(full) {
            return None;
        }
        // What tells two posts apart where their first name does not.
        let first = new(feed, &first_name(raw, repeated));
        [first, full].into_iter().find(|id| given.insert(*id))
    };
    raws.iter().map(give).collect()
}

fn new(feed: &str, name: &[String]) -> PostId {
    let parts: Vec<&str> = [feed].into_iter().chain(name.iter().map(String::as_str)).collect();
    PostId::new(&parts)
}

fn guid(raw: &RawPost) -> Option<&str> {
    raw.guid.as_deref().map(str::trim).filter(|guid| !guid.is_empty())
}

/// Without tracking, which changes from poll to poll.
fn link(raw: &RawPost) -> Option<String> {
    let link = raw.link.as_deref()?.trim();
    // A fragment may be all that tells two comments apart.
    let fragment =
        link.split_once('#').map_or(String::new(), |(_, fragment)| format!("#{fragment}"));
    Some(canonical(link).map_or_else(|| link.to_owned(), |identity| identity + &fragment))
}

fn first_name(raw: &RawPost, repeated: bool) -> Vec<String> {
    match (guid(raw), link(raw)) {
        (Some(guid), Some(link)) if repeated => vec![guid.to_owned(), link],
        (Some(guid), _) if !repeated => vec![guid.to_owned()],
        (None, Some(link)) => vec![link],
        _ => full_name(raw),
    }
}

/// Everything that a post can be known by: guid, link, title and day.
fn full_name(raw: &RawPost) -> Vec<String> {
    let title = raw.title.as_deref().map(html::title).filter(|title| !title.is_empty());
    let opening = || {
        let text = html::plain(raw.content.as_deref().or(raw.summary.as_deref()).unwrap_or(""));
        text.chars().take(OPENING).collect::<String>()
    };
    let day = raw.published.as_deref().and_then(date::lenient);
    let day = day.map_or(String::new(), |at| at.strftime("%F").to_string());
    let mut name: Vec<String> = guid(raw).map(str::to_owned).into_iter().chain(link(raw)).collect();
    name.push(title.unwrap_or_else(opening));
    name.push(day);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(guid: &str, link: &str, title: &str, published: &str) -> RawPost {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        RawPost {
            guid: some(guid),
            link: some(link),
            title: some(title),
            published: some(published),
            ..RawPost::default()
        }
    }

    fn ids(raws: &[RawPost]) -> Vec<Option<PostId>> {
        give(raws, "https://a.example/feed")
    }

    #[test]
    fn a_guid_names_a_post_whatever_else_changes() {
        let before = ids(&[raw("1", "https://a.example/x", "Old", "")]);
        let after = ids(&[raw("1", "https://a.example/y", "New", "2026-01-01")]);
        assert_eq!(before, after);
    }

    #[test]
    fn a_repeated_guid_names_with_its_link() {
        let given = ids(&[
            raw("1", "https://a.example/x", "", ""),
            raw("1", "https://a.example/y", "", ""),
        ]);
        assert!(given[0].is_some() && given[1].is_some() && given[0] != given[1]);
    }

    #[test]
    fn without_a_guid_the_link_names_without_its_tracking() {
        assert_eq!(
            ids(&[raw("", "https://a.example/x?utm_source=1", "", "")]),
            ids(&[raw("", "http://a.example/x?utm_source=2", "", "")]),
        );
        let comments = ids(&[
            raw("", "https://a.example/x#c1", "", ""),
            raw("", "https://a.example/x#c2", "", ""),
        ]);
        assert_ne!(comments[0], comments[1]);
    }

    #[test]
    fn with_neither_title_and_day_name() {
        let given = ids(&[
            raw("", "", "Daily", "2026-01-01T10:00:00Z"),
            raw("", "", "Daily", "2026-01-02T10:00:00Z"),
            raw("", "", "Daily", "2026-01-01T12:00:00Z"),
        ]);
        assert!(given[0].is_some() && given[1].is_some() && given[0] != given[1]);
        assert_eq!(given[2], None);
    }

    #[test]
    fn two_stories_at_one_link_are_two_posts() {
        let link = "https://a.example/live";
        let given =
            ids(&[raw("", link, "One", ""), raw("", link, "Two", ""), raw("", link, "One", "")]);
        assert!(given[0].is_some() && given[1].is_some());
        assert_eq!(given[2], None);
    }
}
