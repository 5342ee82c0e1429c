//! One invented topic for the tests of the signals.

use jiff::{SignedDuration, Timestamp};

use super::{Heard, Scored, Signal, Subject};
use crate::identity::People;
use crate::identity::samples::{at, feed, person, post};
use crate::model::{Burst, Counters, Form, Person, Post, Sample};

/// Asserts that two numbers are the same but for rounding.
#[track_caller]
pub(crate) fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6, "{a} is not {b}");
}

/// Posts of one topic, by people of whom Ines, Tomas and Priya are followed.
pub(crate) struct Room {
    posts: Vec<Post>,
    people: Vec<Person>,
    samples: Vec<Sample>,
    usual_heat: Option<f64>,
    burst: Option<Burst>,
    contact: Option<Timestamp>,
    ask: f64,
    listeners: usize,
    posts_a_day: f64,
}

const NOW: &str = "2026-10-13T05:30:00Z";

impl Room {
    /// Makes a topic of (author, text), the first leading, published a half hour ago.
    pub(crate) fn new(posts: &[(&str, &str)]) -> Room {
        let venue = feed("https://planet.example/atom", None).id;
        let made = posts.iter().enumerate().map(|(at, (author, text))| Post {
            text: (*text).to_owned(),
            form: Form::Micro,
            ..post(venue, &at.to_string(), author, &[("x", author)])
        });
        Room {
            posts: made.collect(),
            people: vec![
                person("ines", "Ines", &[("x", "ines")]),
                person("tomas", "Tomas", &[("x", "tomas")]),
                person("priya", "Priya", &[("x", "priya")]),
            ],
            samples: Vec::new(),
            usual_heat: None,
            burst: None,
            contact: None,
            ask: 0.0,
            listeners: 0,
            posts_a_day: 1.0,
        }
    }

    pub(crate) fn with_burst(mut self, burst: Burst) -> Room {
        self.burst = Some(burst);
        self
    }

    pub(crate) fn with_cadence(mut self, days: i64) -> Room {
        self.people[0].cadence = Some(SignedDuration::from_hours(24 * days));
        self
    }

    pub(crate) fn with_contact_days_ago(mut self, days: i64) -> Room {
        self.contact = Some(at(NOW) - SignedDuration::from_hours(24 * days));
        self
    }

    pub(crate) fn with_age_hours(mut self, hours: i64) -> Room {
        self.posts[0].published = Some(at(NOW) - SignedDuration::from_hours(hours));
        self
    }

    pub(crate) fn with_heat(mut self, replies: u64, usual: f64) -> Room {
        self.usual_heat = Some(usual);
        self.with_replies(replies)
    }

    pub(crate) fn with_replies(mut self, replies: u64) -> Room {
        let counters = Counters { replies: Some(replies), ..Counters::default() };
        self.samples = vec![Sample { at: at(NOW), counters }];
        self
    }

    pub(crate) fn with_ask(mut self, ask: f64) -> Room {
        self.ask = ask;
        self
    }

    pub(crate) fn with_listeners(mut self, listeners: usize) -> Room {
        self.listeners = listeners;
        self
    }

    pub(crate) fn with_posts_a_day(mut self, posts_a_day: f64) -> Room {
        self.posts_a_day = posts_a_day;
        self
    }

    /// Hands the topic to `signal`.
    pub(crate) fn value(&self, signal: &dyn Signal) -> Scored {
        self.look(|subject| signal.value(subject, at(NOW)))
    }

    /// Hands the topic to `see`.
    pub(crate) fn look<T>(&self, see: impl FnOnce(&Subject) -> T) -> T {
        let people = People::new(&self.people, &[]);
        let heard: Vec<Heard> = self.posts.iter().map(|post| self.heard(&people, post)).collect();
        let subject = Subject { lead: &heard[0], posts: heard.iter().collect(), burst: self.burst };
        see(&subject)
    }

    fn heard<'a>(&'a self, people: &'a People, post: &'a Post) -> Heard<'a> {
        Heard {
            post,
            voice: people.voice(post),
            samples: &self.samples,
            usual_heat: self.usual_heat,
            ask: self.ask,
            relevance: None,
            listeners: self.listeners,
            posts_a_day: self.posts_a_day,
            contact: self.contact,
        }
    }
}
