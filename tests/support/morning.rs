//! One invented morning: Mara follows three people and a venue, and all of them wrote something.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::agenda::{self, Mute, Shown, Spoken, World};
use bellwether::digest::{self, Parts, View};
use bellwether::identity::People;
use bellwether::model::{
    Author, Burst, Counters, Digest, Feed, FeedId, Form, Handle, Late, Mark, Period, Person, Post,
    PostId, Sample, SectionKind, State, Topic, TopicId, Unseen,
};
use bellwether::query;
use bellwether::rank::Interest;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::posts::{at, post};

/// The instant the digest is made for: 07:30 in Stockholm.
pub(crate) const NOW: &str = "2026-10-13T05:30:00Z";

/// Everything that a digest is made of, to be changed before it is made.
pub(crate) struct Morning {
    pub(crate) people: Vec<Person>,
    pub(crate) feeds: Vec<Feed>,
    pub(crate) posts: Vec<Post>,
    pub(crate) samples: BTreeMap<PostId, Vec<Sample>>,
    pub(crate) topics: Vec<Spoken>,
    pub(crate) interests: Vec<Interest>,
    pub(crate) mute: Mute,
    pub(crate) marks: Vec<Mark>,
    pub(crate) stories: BTreeMap<PostId, PostId>,
    pub(crate) fresh: BTreeSet<PostId>,
    pub(crate) shown: Vec<Shown>,
    pub(crate) limits: BTreeMap<SectionKind, usize>,
    pub(crate) coverage: Vec<Unseen>,
    pub(crate) late: Option<Late>,
    pub(crate) before: Option<Timestamp>,
}

/// Two hours east of Greenwich.
pub(crate) fn view() -> View {
    View { zone: TimeZone::fixed(jiff::tz::offset(2)) }
}

impl Morning {
    /// A morning on which nobody wrote anything.
    pub(crate) fn quiet() -> Morning {
        let people = ["Mara Lindqvist", "Ines Okafor", "Tomas Brandt", "Priya Nair"].map(person);
        let mut feeds: Vec<Feed> =
            ["mara", "ines", "tomas", "priya"].map(|name| feed(name, Some(name))).into();
        feeds.push(feed("planet", None));
        Morning {
            people: people.into(),
            feeds,
            posts: Vec::new(),
            samples: BTreeMap::new(),
            topics: Vec::new(),
            interests: Vec::new(),
            mute: Mute::default(),
            marks: Vec::new(),
            stories: BTreeMap::new(),
            fresh: BTreeSet::new(),
            shown: Vec::new(),
            limits: BTreeMap::new(),
            coverage: Vec::new(),
            late: None,
            before: None,
        }
    }

    /// The morning of the golden digest.
    pub(crate) fn busy() -> Morning {
        let mut morning = Morning::quiet();
        morning.write("mara", "left", 200, "Why we left our search cluster", "It was too large.");
        let question =
            "@mara@social.example how did you handle synonyms after you left the cluster?";
        morning.note("planet", "ana", 19, question);
        morning.last().author = author("Ana Reyes", "ana");
        morning.last().in_reply_to = Some("mara.example/left".into());
        morning.write(
            "ines",
            "cache",
            5,
            "tantivy 0.26 drops the fast-field cache",
            "The new release drops the fast-field cache and reads columns lazily. If you run more \
             than fifty million documents, I would love to hear numbers from your machines: open \
             time, first query, memory after a day. Does anyone have a benchmark that we can share?",
        );
        morning.note(
            "tomas",
            "cache",
            3,
            "tantivy 0.26 without the fast-field cache opens our index in a third of the time, and \
             the first query costs twice as much. @ines@social.example has the details.",
        );
        morning.note(
            "priya",
            "cache",
            2,
            "tantivy 0.26 and its fast-field cache: read Ines first.",
        );
        morning.topic(&[("ines", "cache"), ("tomas", "cache"), ("priya", "cache")], 3, 0.3);
        morning.note(
            "priya",
            "logs",
            4,
            "We throw our query logs away after a day and miss them every week. What do you use for \
             query logs that does not track people?",
        );
        morning.topic(&[("priya", "logs")], 1, 0.1);
        morning.note(
            "tomas",
            "short",
            30,
            "Small corpus, short posts, two fields. Has anyone measured BM25F against plain BM25 there?",
        );
        morning.note(
            "ines",
            "jun1",
            7,
            "Read @jun@search.example on columns that are read lazily.",
        );
        morning.note(
            "tomas",
            "jun2",
            6,
            "@jun@search.example measured it, and I did not believe it.",
        );
        morning.count("ines", "cache", 6, 14);
        morning.count("priya", "logs", 0, 1);
        morning.interests = vec![Interest {
            name: "search engines".into(),
            query: query::parse("tantivy OR bm25f OR \"query logs\"").unwrap(),
            weight: 1.0,
        }];
        let since = Some(at("2026-10-11T04:00:00Z"));
        morning.coverage = vec![
            Unseen { what: "LinkedIn".into(), why: "manual".into(), since: None },
            Unseen { what: "YouTube".into(), why: "failing".into(), since },
        ];
        morning
    }

    /// Adds an article, so many hours old.
    pub(crate) fn write(&mut self, who: &str, guid: &str, hours: i64, title: &str, text: &str) {
        let when = at(NOW) - SignedDuration::from_hours(hours);
        let name = self.people.iter().find(|one| one.slug.starts_with(who) || one.slug == me(who));
        let name = name.map_or(who.to_owned(), |person| person.name.clone());
        self.posts.push(Post {
            title: Some(title.into()).filter(|title: &String| !title.is_empty()),
            text: text.into(),
            author: author(&name, who),
            published: Some(when),
            seen: when,
            links: Vec::new(),
            mentions: mentions(text),
            tags: Vec::new(),
            ..post(who, guid)
        });
    }

    /// Adds a note without a title.
    pub(crate) fn note(&mut self, who: &str, guid: &str, hours: i64, text: &str) {
        self.write(who, guid, hours, "", text);
        self.last().form = Form::Micro;
    }

    /// The post added last.
    pub(crate) fn last(&mut self) -> &mut Post {
        self.posts.last_mut().unwrap()
    }

    /// Makes a topic of posts (who, guid), with people today against those expected.
    pub(crate) fn topic(&mut self, posts: &[(&str, &str)], people: u32, expected: f64) {
        let ids: Vec<PostId> = posts.iter().map(|(who, guid)| PostId::new(&[who, guid])).collect();
        let surprise = bellwether::topic::surprise(people, expected + 0.1);
        self.topics.push(Spoken {
            topic: Topic {
                id: TopicId::new(&[&ids[0].to_string()]),
                label: String::new(),
                posts: ids,
            },
            burst: Some(Burst { people, expected, surprise, learning: false }),
            state: Some(State::New),
            news: None,
        });
    }

    /// Says how often a post was answered and boosted, as of now.
    pub(crate) fn count(&mut self, who: &str, guid: &str, replies: u64, boosts: u64) {
        let counters =
            Counters { replies: Some(replies), boosts: Some(boosts), ..Counters::default() };
        self.samples.insert(PostId::new(&[who, guid]), vec![Sample { at: at(NOW), counters }]);
    }

    /// Makes the digest.
    pub(crate) fn digest(&self) -> Digest {
        let now: Timestamp = at(NOW);
        let zone = view().zone;
        let mut people = People::new(&self.people, &self.feeds);
        people.learn(&self.posts);
        let yesterday = now - SignedDuration::from_hours(24);
        let period = Period { from: self.before.unwrap_or(yesterday), to: now };
        let world = World {
            now,
            zone: &zone,
            period,
            people: &people,
            posts: &self.posts,
            fresh: &self.fresh,
            stories: &self.stories,
            marks: &self.marks,
            samples: &self.samples,
            topics: &self.topics,
            interests: &self.interests,
            mute: &self.mute,
            shown: &self.shown,
            weights: &BTreeMap::new(),
            limits: &self.limits,
        };
        let new = self.posts.iter().filter(|post| world.is_new(post)).count();
        digest::compose(Parts {
            name: "morning".into(),
            now,
            zone: zone.clone(),
            zone_name: "Europe/Stockholm".into(),
            as_of: None,
            late: self.late.clone(),
            period,
            feeds: self.feeds.len(),
            read: self.feeds.len(),
            new_posts: new,
            sections: agenda::sections(&world, &[], &BTreeMap::new()),
            coverage: self.coverage.clone(),
        })
    }
}

/// The user's slug for Mara.
fn me(who: &str) -> &'static str {
    if who == "mara" { "me" } else { "" }
}

fn person(name: &str) -> Person {
    let first = name.split(' ').next().unwrap().to_lowercase();
    let slug = if first == "mara" { "me".to_owned() } else { first.clone() };
    Person {
        slug,
        name: name.into(),
        also: Vec::new(),
        circles: Vec::new(),
        weight: 0.7,
        cadence: None,
        promote: false,
        handles: vec![Handle::new("mastodon", &format!("{first}@social.example"))],
        pages: vec![format!("https://{first}.example/")],
    }
}

fn feed(name: &str, owner: Option<&str>) -> Feed {
    let owner = owner.map(|owner| if owner == "mara" { "me".into() } else { owner.into() });
    Feed {
        id: FeedId::new(&[name]),
        address: format!("https://{name}.example/feed"),
        name: name.into(),
        kind: "syndication".into(),
        owner,
        select: None,
        account: None,
        options: Default::default(),
        secret: false,
        unreadable: None,
    }
}

fn author(name: &str, who: &str) -> Author {
    let handle = Handle::new("mastodon", &format!("{who}@social.example"));
    Author { name: name.into(), handles: vec![handle] }
}

fn mentions(text: &str) -> Vec<Handle> {
    let named = text.split_whitespace().filter(|word| word.starts_with('@'));
    named.map(|name| Handle::new("mastodon", name.trim_end_matches(['.', ',']))).collect()
}
