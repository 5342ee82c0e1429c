//! What a digest could not see, told by name.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::{Feed, FeedId, FeedState, Unseen};
use crate::text::shorten;

/// Columns of the reason for which settings were refused.
const MISTAKE: usize = 60;

/// What can never be seen in feeds alone, whatever is followed. `me`: the user named profiles of
/// their own; `counted`: some feed told how often a post was answered or liked.
pub fn never_seen(me: bool, counted: bool) -> Vec<Unseen> {
    let make = |what: &str, why: &str| Unseen { what: what.into(), why: why.into(), since: None };
    let answers = me.then(|| make("answers elsewhere", "only these feeds are read"));
    let counts = (!counted).then(|| make("numbers of replies and likes", "no feed tells them"));
    answers.into_iter().chain(counts).collect()
}

/// Returns the feeds that cannot be read, that fail, or that were never read, in this order,
/// each kind by name. Reasons are short clauses; a secret address is never in them.
pub fn coverage(feeds: &[Feed], states: &BTreeMap<FeedId, FeedState>) -> Vec<Unseen> {
    let unseen = |feed: &Feed| -> Option<(u8, Unseen)> {
        let make = |why: &str, since| Unseen { what: feed.name.clone(), why: why.into(), since };
        if let Some(why) = &feed.unreadable {
            return Some((0, make(why, None)));
        }
        match states.get(&feed.id) {
            None => Some((2, make("not read yet", None))),
            Some(state) if state.failing_since.is_some() => {
                Some((1, make("failing", state.failing_since)))
            }
            Some(_) => None,
        }
    };
    let mut all: Vec<(u8, Unseen)> = feeds.iter().filter_map(unseen).collect();
    all.sort();
    all.dedup();
    all.into_iter().map(|(_, unseen)| unseen).collect()
}

/// Tells that the settings were changed `at` that instant and cannot be read: `mistake` says why in
/// its first line. The digest was made with those before.
pub fn refused(mistake: &str, at: Timestamp) -> Unseen {
    let why = shorten(&told(mistake.lines().next().unwrap_or("").trim()), MISTAKE);
    Unseen { what: "feeds.yaml as changed".to_owned(), why, since: Some(at) }
}

/// A mistake without the path of the file, which is named already: `line 3: unknown key …`.
fn told(mistake: &str) -> String {
    let Some((_, told)) = mistake.split_once("feeds.yaml") else { return mistake.to_owned() };
    let place: Vec<&str> = told.strip_prefix(':').unwrap_or("").splitn(3, ':').collect();
    match place[..] {
        [line, _, message] => format!("line {line}: {}", message.trim()),
        _ => told.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{at, feed};

    #[test]
    fn what_feeds_cannot_tell_is_said() {
        assert_eq!(never_seen(false, true), []);
        let all: Vec<String> = never_seen(true, false).into_iter().map(|one| one.what).collect();
        assert_eq!(all, ["answers elsewhere", "numbers of replies and likes"]);
    }

    #[test]
    fn refused_settings_are_told_by_the_first_line_of_the_mistake() {
        let since = at("2026-10-12T09:00:00Z");
        let told = refused("/home/mara/feeds.yaml:3:1: unknown key `peple`\nmore", since);
        assert_eq!((&*told.what, told.since), ("feeds.yaml as changed", Some(since)));
        assert_eq!(told.why, "line 3: unknown key `peple`");
        assert_eq!(refused("/home/mara/feeds.yaml is empty", since).why, "is empty");
        assert_eq!(refused("feeds.yaml:9:2: a: b", since).why, "line 9: a: b");
    }

    #[test]
    fn unreadable_failing_and_unread_feeds_are_named_in_this_order() {
        let fine = feed("https://a.example/", None);
        let failing = feed("https://b.example/", None);
        let unread = feed("https://c.example/", None);
        let manual = Feed { unreadable: Some("manual".into()), ..feed("https://d.example/", None) };
        let since = at("2026-10-11T00:00:00Z");
        let states = BTreeMap::from([
            (fine.id, FeedState::default()),
            (failing.id, FeedState { failing_since: Some(since), ..FeedState::default() }),
        ]);
        let told: Vec<(String, String, bool)> = coverage(&[fine, failing, unread, manual], &states)
            .into_iter()
            .map(|unseen| (unseen.what, unseen.why, unseen.since.is_some()))
            .collect();
        assert_eq!(
            told,
            [
                ("https://d.example/".into(), "manual".into(), false),
                ("https://b.example/".into(), "failing".into(), true),
                ("https://c.example/".into(), "not read yet".into(), false),
            ]
        );
    }
}
