//! Answers as services really gave them: each is read without an error, and who wrote, what is
//! answered, repeated and quoted, and what was counted is as the answer says.

mod bluesky;
mod mastodon;

use std::collections::BTreeSet;
use std::path::Path;

use bellwether::model::{Counters, RawPost};
use serde_json::Value;

fn value(folder: &Path, file: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    // Some of the servers' own tests put this in place of any date.
    let text = text.replace("1970-01-01", "2025-01-01");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// All of the folder's answers stand in one of the lists here.
#[track_caller]
fn check_all_are_told(folder: &Path, told: &[&str]) {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let found: BTreeSet<String> = names
        .map(|name| name.into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    let told: BTreeSet<String> = told.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, told);
}

fn count(posts: &[RawPost], is: impl Fn(&RawPost) -> bool) -> usize {
    posts.iter().filter(|post| is(post)).count()
}

/// Posts, boosts, answers, quotes; and replies, boosts and likes in all.
fn summary(posts: &[RawPost]) -> [u64; 7] {
    let sum = |of: fn(&Counters) -> Option<u64>| {
        posts.iter().filter_map(|post| of(&post.counters)).sum::<u64>()
    };
    [
        posts.len() as u64,
        count(posts, |post| post.repost_of.is_some()) as u64,
        count(posts, |post| !post.in_reply_to.is_empty()) as u64,
        count(posts, |post| post.quote_of.is_some()) as u64,
        sum(|counters| counters.replies),
        sum(|counters| counters.boosts),
        sum(|counters| counters.likes),
    ]
}

#[track_caller]
fn by_guid<'a>(posts: &'a [RawPost], guid: &str) -> &'a RawPost {
    let found = posts.iter().find(|post| post.guid.as_deref() == Some(guid));
    found.unwrap_or_else(|| panic!("no post {guid}"))
}

fn handle(post: &RawPost) -> &str {
    post.authors[0].handle.as_ref().unwrap().as_str()
}
