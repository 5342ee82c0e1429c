//! What the archive is to remember of the items of a digest.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::window::Window;
use crate::agenda;
use crate::archive::Shown;
use crate::model::{Item, PostId, Section, SectionKind, TopicId};

/// The digest that the items are of.
#[derive(Clone, Copy)]
pub(super) struct Heading<'a> {
    pub(super) name: &'a str,
    pub(super) now: Timestamp,
    pub(super) sent: bool,
}

/// Returns what is remembered: the items that a person is shown; of a digest that is sent also
/// with which posts those topics go on that the user closed.
pub(super) fn shown(window: &Window, sections: &[Section], of: &Heading) -> Vec<Shown> {
    let members: BTreeMap<TopicId, &[PostId]> =
        window.topics.iter().map(|one| (one.topic.id, &*one.topic.posts)).collect();
    let record = |kind: SectionKind, item: &Item| {
        let topic: Option<TopicId> = item.identity.parse().ok();
        let of_topic = topic.filter(|_| kind == SectionKind::Topics);
        Shown {
            item: item.id.clone(),
            state: Some(item.state),
            title: item.title.clone(),
            posts: posts(item, of_topic.and_then(|id| members.get(&id).copied())),
            people: of_topic.and_then(|id| window.voices.get(&id)).cloned().unwrap_or_default(),
            ..unshown(kind, item.identity.clone(), of)
        }
    };
    let items = |section: &Section| -> Vec<Shown> {
        let shown = section.items.iter().filter(|item| item.shown);
        shown.map(|item| record(section.kind, item)).collect()
    };
    let mut all: Vec<Shown> = sections.iter().flat_map(items).collect();
    if of.sent {
        let told = |identity: &String| all.iter().any(|one| one.identity == *identity);
        let closed = agenda::carried_on(&window.marks, &window.topics);
        let closed = closed.into_iter().filter(|(identity, _)| !told(identity));
        let more: Vec<Shown> =
            closed.filter_map(|(topic, posts)| carried_on(window, topic, posts, of)).collect();
        all.extend(more);
    }
    all
}

/// The one that leads it first.
fn posts(item: &Item, of_topic: Option<&[PostId]>) -> Vec<PostId> {
    let own = item.posts.iter().map(|post| post.id);
    let Some(all) = of_topic else { return own.collect() };
    let lead: Vec<PostId> = own.take(1).collect();
    let rest = all.iter().filter(|post| !lead.contains(post));
    lead.iter().chain(rest).copied().collect()
}

/// The posts that nothing else remembers of it yet; without its people, who have not been told of.
fn carried_on(
    window: &Window,
    topic: String,
    mut posts: BTreeSet<PostId>,
    of: &Heading,
) -> Option<Shown> {
    for known in window.remembered.get(&topic).into_iter().flatten() {
        posts.remove(known);
    }
    let posts: Vec<PostId> = posts.into_iter().collect();
    (!posts.is_empty()).then(|| Shown { posts, ..unshown(SectionKind::Topics, topic, of) })
}

fn unshown(section: SectionKind, identity: String, of: &Heading) -> Shown {
    Shown {
        digest: of.name.to_owned(),
        now: of.now,
        sent: of.sent,
        item: String::new(),
        identity,
        section,
        state: None,
        title: String::new(),
        posts: Vec::new(),
        people: Vec::new(),
    }
}
