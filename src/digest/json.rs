//! The digest as JSON: docs/digest.schema.json says what is in it.

use serde::Serialize;

use super::escape;
use crate::agenda;
use crate::model::{
    Counters, Digest, Item, Late, Period, PersonRef, PostRef, Reason, Section, SectionKind, State,
    Unseen,
};

/// Renders a digest, with all items down to those beyond the limits, as [`escape::json`] writes it,
/// so that the text may stand in a page.
pub fn json(digest: &Digest) -> String {
    let whole = serde_json::to_string_pretty(&document(digest))
        .expect("strings, finite numbers and lists are always JSON");
    escape::json(&whole)
}

#[derive(Serialize)]
struct Document<'a> {
    name: &'a str,
    day: &'a str,
    now: jiff::Timestamp,
    zone: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    late: Option<&'a Late>,
    period: Period,
    profiles: usize,
    new_posts: usize,
    sections: Vec<SectionDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nothing: Option<&'a str>,
    coverage: &'a [Unseen],
}

#[derive(Serialize)]
struct SectionDocument<'a> {
    kind: SectionKind,
    title: &'static str,
    items: Vec<ItemDocument<'a>>,
}

#[derive(Serialize)]
struct ItemDocument<'a> {
    id: &'a str,
    rank: u32,
    score: f64,
    state: State,
    shown: bool,
    title: &'a str,
    url: &'a str,
    facts: &'a [String],
    reasons: &'a [Reason],
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<&'a PersonRef>,
    posts: Vec<PostDocument<'a>>,
}

#[derive(Serialize)]
struct PostDocument<'a> {
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<&'a str>,
    person: &'a PersonRef,
    source: &'a str,
    published: jiff::Timestamp,
    counters: Counters,
}

fn document(digest: &Digest) -> Document<'_> {
    Document {
        name: &digest.name,
        day: &digest.day,
        now: digest.now,
        zone: &digest.zone,
        as_of: digest.as_of,
        late: digest.late.as_ref(),
        period: digest.period,
        profiles: digest.profiles,
        new_posts: digest.new_posts,
        sections: digest.sections.iter().map(section).collect(),
        nothing: digest.nothing.as_deref(),
        coverage: &digest.coverage,
    }
}

fn section(section: &Section) -> SectionDocument<'_> {
    SectionDocument {
        kind: section.kind,
        title: agenda::section(section.kind).map_or("", agenda::Section::title),
        items: section.items.iter().map(item).collect(),
    }
}

fn item(item: &Item) -> ItemDocument<'_> {
    ItemDocument {
        id: &item.id,
        rank: item.rank,
        score: item.score,
        state: item.state,
        shown: item.shown,
        title: &item.title,
        url: &item.url,
        facts: &item.facts,
        reasons: &item.reasons,
        person: item.person.as_ref(),
        posts: item.posts.iter().map(post).collect(),
    }
}

fn post(post: &PostRef) -> PostDocument<'_> {
    PostDocument {
        url: &post.url,
        title: &post.title,
        excerpt: post.excerpt.as_deref(),
        person: &post.person,
        source: &post.source,
        published: post.published,
        counters: post.counters,
    }
}
