//! What the user said of items of earlier digests, as it bears on this one.
//!
//! Done and snooze close an identity, and the post that led the item, in whichever section it
//! stands; of two words the later one counts. A mute hides posts: the conversation of a post, all
//! of a topic, or all that a person writes. A save changes nothing here.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::thread::Threads;
use super::{Spoken, World};
use crate::identity::Voice;
use crate::model::{Handle, Mark, MarkKind, Post, PostId, SectionKind};

/// What stands of an item after all that was said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Done: shown again only where there is news.
    Closed,
    /// Snoozed, and not over yet.
    Later,
    /// Snoozed until then, which is past, and not shown since.
    Back(Timestamp),
}

/// The marks that are in force, ready to be asked.
#[derive(Debug)]
pub(super) struct Marks<'a> {
    world: &'a World<'a>,
    /// The last done or snooze, by identity and by the post that led the item (its story's first).
    last: BTreeMap<String, &'a Mark>,
    /// The first posts of muted stories.
    muted: BTreeSet<PostId>,
    /// Voice keys and handles of muted people.
    silent: BTreeSet<String>,
}

impl<'a> Marks<'a> {
    /// Reads the marks of `world`, in whichever order they come.
    pub(super) fn new(world: &'a World<'a>) -> Marks<'a> {
        let (last, muted, silent) = Default::default();
        let mut marks = Marks { world, last, muted, silent };
        let mut threads = None;
        for mark in world.marks.iter().filter(|mark| !mark.undone) {
            match mark.kind {
                MarkKind::Done | MarkKind::Snooze => marks.close(mark),
                MarkKind::Mute => marks.mute(mark, &mut threads),
                MarkKind::Save => {}
            }
        }
        marks
    }

    /// Returns what was said last of an item of this identity, or of the post that leads it.
    pub(super) fn word(&self, identity: &str, lead: Option<PostId>) -> Option<Word> {
        if self.last.is_empty() {
            return None;
        }
        let of_lead = lead.map(|lead| self.key(&lead.to_string()));
        let both = std::iter::once(self.key(identity)).chain(of_lead);
        let mark = both.filter_map(|key| self.last.get(&key)).max_by_key(|mark| mark.intent)?;
        if mark.kind == MarkKind::Done {
            return Some(Word::Closed);
        }
        match mark.until {
            Some(until) if until <= self.world.now => {
                (!self.was_shown_since(mark, until)).then_some(Word::Back(until))
            }
            _ => Some(Word::Later),
        }
    }

    /// Whether `post` of `voice` is muted. My own words never are: they tell what I answered.
    pub(super) fn hides(&self, post: &Post, voice: &Voice) -> bool {
        let silent = |key: &str| self.silent.contains(key);
        let person = || {
            silent(&voice.key)
                || post.author.handles.iter().any(|handle| silent(handle.as_str()))
                || post.repost_of.as_deref().is_some_and(silent)
        };
        !voice.is_me() && (self.muted.contains(&self.first(post.id)) || person())
    }

    /// Whether the person of this handle is muted.
    pub(super) fn silences(&self, handle: &Handle) -> bool {
        self.silent.contains(handle.as_str())
    }

    fn close(&mut self, mark: &'a Mark) {
        let leads = leads(mark).iter().map(PostId::to_string);
        for identity in std::iter::once(mark.identity.clone()).chain(leads) {
            let last = self.last.entry(self.key(&identity)).or_insert(mark);
            if last.intent < mark.intent {
                *last = mark;
            }
        }
    }

    /// The same for a post and its copies: what is done is not told again by another feed.
    fn key(&self, identity: &str) -> String {
        let first = identity.parse().map(|post| self.first(post).to_string());
        first.unwrap_or_else(|_| identity.to_owned())
    }

    fn first(&self, post: PostId) -> PostId {
        self.world.stories.get(&post).copied().unwrap_or(post)
    }

    fn mute(&mut self, mark: &Mark, threads: &mut Option<Threads<'a>>) {
        match mark.section {
            Some(SectionKind::Topics) => {
                self.mute_all(&mark.posts);
                self.mute_all(&goes_on(mark, self.world.topics));
            }
            Some(SectionKind::Voices) => {
                self.silent.insert(mark.identity.clone());
                let known = Handle::from_text(&mark.identity);
                self.silent.extend(known.map(|handle| self.world.people.key_of(&handle)));
            }
            _ => {
                let World { posts, stories, .. } = *self.world;
                let threads = threads.get_or_insert_with(|| Threads::new(posts, stories));
                self.mute_all(&threads.of(&mark.posts, mark.url.as_deref()));
            }
        }
    }

    fn mute_all<'p>(&mut self, posts: impl IntoIterator<Item = &'p PostId>) {
        let stories = self.world.stories;
        let first = |post: &PostId| stories.get(post).copied().unwrap_or(*post);
        self.muted.extend(posts.into_iter().map(first));
    }

    fn was_shown_since(&self, mark: &Mark, until: Timestamp) -> bool {
        let is_lead = |lead| leads(mark).contains(&lead);
        self.world
            .shown
            .iter()
            .filter(|shown| until <= shown.at)
            .any(|shown| shown.identity == mark.identity || shown.lead.is_some_and(is_lead))
    }
}

/// The post that led the item, where the item is that post or what is said about it; all posts at
/// an address. A new voice is led by the words of somebody else.
fn leads(mark: &Mark) -> &[PostId] {
    match mark.section {
        Some(SectionKind::Voices) => &[],
        Some(_) => &mark.posts[..mark.posts.len().min(1)],
        None => &mark.posts,
    }
}

/// Returns the posts with which topics go on of which the user spoke, by the topics' identities.
/// Whoever sends a digest keeps them: else nobody would know the topic again once the posts that
/// it had by then have left the window.
pub fn carried_on(marks: &[Mark], topics: &[Spoken]) -> BTreeMap<String, BTreeSet<PostId>> {
    let mut posts: BTreeMap<String, BTreeSet<PostId>> = BTreeMap::new();
    let of_topic = |mark: &&Mark| mark.section == Some(SectionKind::Topics);
    let spoken_of = |mark: &&Mark| !mark.undone && mark.kind != MarkKind::Save;
    for mark in marks.iter().filter(spoken_of).filter(of_topic) {
        posts.entry(mark.identity.clone()).or_default().extend(goes_on(mark, topics));
    }
    posts
}

/// The posts of today's topic of that id; for a muted one also those of topics that parted from
/// it, which are mostly made of its posts.
fn goes_on(mark: &Mark, topics: &[Spoken]) -> BTreeSet<PostId> {
    let topics = || topics.iter().map(|spoken| &spoken.topic);
    let same = topics().filter(|topic| topic.id.to_string() == mark.identity);
    let mut found: BTreeSet<PostId> = same.flat_map(|topic| topic.posts.clone()).collect();
    if mark.kind == MarkKind::Mute {
        let own: BTreeSet<&PostId> = mark.posts.iter().chain(&found).collect();
        let parted = topics().filter(|topic| {
            let common = topic.posts.iter().filter(|post| own.contains(post)).count();
            topic.posts.len() < 2 * common
        });
        let parted: Vec<PostId> = parted.flat_map(|topic| topic.posts.clone()).collect();
        found.extend(parted);
    }
    found
}

/// Returns what an item says that comes back: `snoozed until today`.
pub(super) fn came_back(until: Timestamp, world: &World) -> String {
    let civil = |at: Timestamp| at.to_zoned(world.zone.clone());
    let day = SignedDuration::from_hours(24);
    let age = civil(world.now).date().duration_since(civil(until).date());
    let told = match age.as_secs() / day.as_secs() {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        2..=6 => civil(until).strftime("%A").to_string(),
        _ => civil(until).strftime("%-d %B").to_string(),
    };
    format!("snoozed until {told}")
}
