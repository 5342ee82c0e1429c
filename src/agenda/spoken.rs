//! From the posts of a window to what is spoken of: topics with their past and their news.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Spoken, is_new, items_of};
use crate::identity::{People, Voice};
use crate::model::{Mark, MarkKind, Period, Post, PostId, SectionKind, State, Topic, TopicId};
use crate::relate::inbound::{Inbound, Me};
use crate::topic::{self, Doc, News, Today};

/// What topics are made of.
#[derive(Debug, Clone, Copy)]
pub struct Listening<'a> {
    /// The window's posts, oldest first.
    pub posts: &'a [Post],
    /// Posts that tell a story which another one told first.
    pub stories: &'a BTreeMap<PostId, PostId>,
    /// Everybody the user knows.
    pub people: &'a People,
    /// Topics that sent digests showed.
    pub shown: &'a [topic::Shown],
    /// What the user said of items.
    pub marks: &'a [Mark],
    /// Topics are made of the posts after this instant; earlier ones tell what is usual.
    pub from: Timestamp,
    /// What the digest speaks of.
    pub period: Period,
    /// Posts that came later than they belong: see `World::fresh`.
    pub fresh: &'a BTreeSet<PostId>,
    /// When the first feed was first read.
    pub begun: Option<Timestamp>,
}

/// Returns what is spoken of, and for each topic its people (keys of `identity`), sorted.
pub fn spoken(listening: &Listening) -> (Vec<Spoken>, BTreeMap<TopicId, Vec<String>>) {
    let Listening { posts, stories, people, from, period, begun, .. } = *listening;
    let known_days = topic::known_days(begun, posts.iter().filter_map(Post::instant), period.to);
    let voices: Vec<Voice> = posts.iter().map(|post| people.voice(post)).collect();
    let docs: Vec<Doc> = posts
        .iter()
        .zip(&voices)
        .map(|(post, voice)| doc(post, &voice.key, stories.get(&post.id).copied()))
        .collect();
    let start = posts.partition_point(|post| post.instant().is_none_or(|at| at <= from));
    let clustering = items_of(&docs[..start], &docs[start..]);
    let answers = answers(listening, &voices);
    let of_topic = |topic: &Vec<usize>| {
        let all: Vec<(&Post, &Voice)> =
            topic.iter().map(|at| (&posts[start + at], &voices[start + at])).collect();
        Members::of(&all, &answers)
    };
    let members: Vec<Members> = clustering.topics.iter().map(of_topic).collect();
    let today: Vec<Today> = members.iter().map(Members::today).collect();
    let news = topic::remember(&today, &known(listening, &voices));
    let bursts = clustering.bursts(&docs, start, period.to, &known_days);
    let names = Names::new(posts, &voices);
    let mut spoken = Vec::with_capacity(members.len());
    let mut by_id = BTreeMap::new();
    for (at, (((id, news), members), burst)) in
        news.into_iter().zip(members).zip(bursts).enumerate()
    {
        let label = clustering.label(at, &docs[start..]);
        let (state, news) = names.state(news);
        let topic = Topic { id, label, posts: members.posts };
        spoken.push(Spoken { topic, burst: Some(burst), state, news });
        by_id.insert(id, members.people);
    }
    (spoken, by_id)
}

/// The posts that answer one of mine and that no digest before could see.
fn answers(listening: &Listening, voices: &[Voice]) -> BTreeSet<PostId> {
    let Listening { posts, people, period, fresh, .. } = *listening;
    let Some(person) = people.me() else { return BTreeSet::new() };
    let spoken = || posts.iter().zip(voices);
    let mine = spoken().filter(|(_, voice)| voice.is_me()).map(|(post, _)| post);
    let me = Me::new(people.handles(person), &person.pages, mine);
    let theirs = spoken().filter(|(post, voice)| !voice.is_me() && is_new(post, &period, fresh));
    let answers = theirs.filter(|(post, _)| matches!(me.inbound(post), Some(Inbound::Reply(_))));
    answers.map(|(post, _)| post.id).collect()
}

/// Topics that are no news: those that digests showed, and those of which the user spoke. Whoever
/// was on one of these by then has not joined since.
fn known(listening: &Listening, voices: &[Voice]) -> Vec<topic::Shown> {
    let spoken_of = |mark: &&Mark| !mark.undone && mark.kind != MarkKind::Save;
    let of_topic = |mark: &&Mark| mark.section == Some(SectionKind::Topics);
    let marked = listening.marks.iter().filter(spoken_of).filter(of_topic).filter_map(|mark| {
        let on_it = listening.posts.iter().zip(voices);
        let on_it = on_it.filter(|(post, _)| mark.posts.contains(&post.id));
        let people = on_it.map(|(_, voice)| voice.key.clone()).chain(mark.people.iter().cloned());
        let topic = mark.identity.parse().ok()?;
        Some(topic::Shown {
            topic,
            posts: mark.posts.clone(),
            people: people.collect(),
            at: mark.at,
        })
    });
    listening.shown.iter().cloned().chain(marked).collect()
}

/// What makes a topic today.
struct Members {
    posts: Vec<PostId>,
    /// Everybody, sorted.
    people: Vec<String>,
    /// The same without the user, to whom their own words are no news.
    others: Vec<String>,
    answers: Vec<PostId>,
}

impl Members {
    fn of(topic: &[(&Post, &Voice)], answers: &BTreeSet<PostId>) -> Members {
        let sorted = |keys: BTreeSet<&String>| keys.into_iter().cloned().collect();
        let others = topic.iter().filter(|(_, voice)| !voice.is_me());
        let posts: Vec<PostId> = topic.iter().map(|(post, _)| post.id).collect();
        Members {
            people: sorted(topic.iter().map(|(_, voice)| &voice.key).collect()),
            others: sorted(others.map(|(_, voice)| &voice.key).collect()),
            answers: posts.iter().filter(|post| answers.contains(post)).copied().collect(),
            posts,
        }
    }

    fn today(&self) -> Today<'_> {
        Today { posts: &self.posts, people: &self.others, answers: &self.answers }
    }
}

fn doc<'a>(post: &'a Post, person: &'a str, story: Option<PostId>) -> Doc<'a> {
    Doc {
        id: post.id,
        title: post.title.as_deref(),
        text: &post.text,
        language: post.language.as_deref(),
        at: post.instant(),
        person,
        canonical: post.canonical.as_deref(),
        links: &post.links,
        story,
    }
}

/// How whoever speaks is called.
struct Names<'a> {
    /// Followed people by the keys of their voices.
    people: BTreeMap<&'a str, &'a str>,
    authors: BTreeMap<PostId, &'a str>,
}

impl<'a> Names<'a> {
    fn new(posts: &[Post], voices: &'a [Voice]) -> Names<'a> {
        let known = voices.iter().filter_map(|voice| Some((&*voice.key, &*voice.person?.name)));
        let authors = posts.iter().zip(voices).map(|(post, voice)| (post.id, &*voice.name));
        Names { people: known.collect(), authors: authors.collect() }
    }

    /// What a topic's news is in words: `Ana answered you, 3 joined since: Ines, Tomas`.
    fn state(&self, news: News) -> (Option<State>, Option<String>) {
        match news {
            News::New => (Some(State::New), None),
            News::Seen => (None, None),
            News::Update { joined, answers } => {
                let told = self.answered(&answers).into_iter().chain(self.joined(&joined));
                (Some(State::Update), Some(told.collect::<Vec<_>>().join(", ")))
            }
        }
    }

    fn answered(&self, answers: &[PostId]) -> Option<String> {
        let who: BTreeSet<&str> =
            answers.iter().filter_map(|post| self.authors.get(post).copied()).collect();
        match Vec::from_iter(who)[..] {
            [] => None,
            [one] => Some(format!("{one} answered you")),
            ref many => Some(format!("{} answered you", many.len())),
        }
    }

    fn joined(&self, joined: &[String]) -> Option<String> {
        let names: Vec<&str> =
            joined.iter().filter_map(|key| self.people.get(key.as_str()).copied()).collect();
        match (joined.len(), names.is_empty()) {
            (0, _) => None,
            (many, true) => Some(format!("{many} joined since")),
            (many, false) => Some(format!("{many} joined since: {}", names.join(", "))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{at, feed, person, post};
    use crate::model::ME;

    const WORDS: &str = "segment merges moved to a queue and the writer waits for no compaction";

    /// What is spoken of on segment merges, of which Mara told first, where `shown` is remembered
    /// and Ana says the same in answer to `to`.
    fn heard(shown: &[topic::Shown], to: Option<&str>) -> Spoken {
        let venue = feed("https://planet.example/atom", None);
        let said = |id: &str, who: &str| Post {
            text: WORDS.into(),
            ..post(venue.id, id, who, &[("x", who)])
        };
        let mine = Post { seen: at("2026-10-11T05:00:00Z"), ..said("mine", "mara") };
        let theirs = Post { in_reply_to: to.map(Into::into), ..said("theirs", "ana") };
        let other = Post { text: "undo is unsolved".into(), ..said("other", "jun") };
        let people = People::new(&[person(ME, "Mara", &[("x", "mara")])], &[venue]);
        let (stories, fresh) = Default::default();
        let (spoken, _) = spoken(&Listening {
            posts: &[mine, other, theirs],
            stories: &stories,
            people: &people,
            shown,
            marks: &[],
            from: at("2026-10-06T05:30:00Z"),
            period: Period { from: at("2026-10-12T05:30:00Z"), to: at("2026-10-13T05:30:00Z") },
            fresh: &fresh,
            begun: None,
        });
        let mut both = spoken.into_iter().filter(|one| one.topic.posts.len() == 2);
        both.next().expect("two posts of the same words")
    }

    #[test]
    fn an_answer_to_me_is_news_of_a_topic_that_was_shown() {
        let topic = heard(&[], None).topic;
        let (posts, people) = (topic.posts[..1].to_vec(), vec![format!("person:{ME}")]);
        let at = at("2026-10-12T05:30:00Z");
        let before = [topic::Shown { topic: topic.id, posts, people, at }];
        assert_eq!(heard(&[], None).state, Some(State::New));
        assert_eq!(heard(&before, None).state, None);
        let answered = heard(&before, Some("posts.example/mine"));
        assert_eq!(answered.state, Some(State::Update));
        assert_eq!(answered.news.as_deref(), Some("ana answered you"));
    }
}
