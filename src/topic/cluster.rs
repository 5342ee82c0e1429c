//! The stream of posts, divided into topics.

use super::centers::{Centers, Seeker};
use super::ties::ties;
use super::vectors::Vocabulary;
use super::{Doc, Settings, Vector};

/// A post of fewer distinct terms joins others only as one story with them.
const FEWEST_TERMS: usize = 2;

/// The same for an answer.
const FEWEST_TERMS_OF_ANSWER: usize = 5;

/// Topics by number, in the order of their first posts.
#[derive(Debug, Clone)]
pub struct Clustering {
    /// For each topic the indexes of its posts, ascending; never empty.
    pub topics: Vec<Vec<usize>>,
    /// For each post its topic.
    pub topic_of: Vec<usize>,
    pub(super) vectors: Vec<Vector>,
    pub(super) centers: Vec<Vector>,
    pub(super) vocabulary: Vocabulary,
    pub(super) settings: Settings,
    /// For each topic the cosine from which a post counts as on it.
    pub(super) joins: Vec<f32>,
}

/// Divides `docs`, in stream order (oldest first), into topics.
///
/// A post is judged by itself and earlier ones only; time and memory grow with the posts and
/// with how many topics share their words.
pub fn cluster(docs: &[Doc], settings: &Settings) -> Clustering {
    cluster_after(&[], docs, settings)
}

/// Like [`cluster`], and knows from the posts `before` what is spoken of all the time: a word
/// that was common then ties less now. A name that everybody uses every day is no topic; the
/// same name on the day that it appears is one.
pub fn cluster_after(before: &[Doc], docs: &[Doc], settings: &Settings) -> Clustering {
    over(Vocabulary::after(before, settings), docs, settings)
}

/// Divides `docs` by the words of a vocabulary that may have learned from others before.
pub(super) fn over(vocabulary: Vocabulary, docs: &[Doc], settings: &Settings) -> Clustering {
    let mut run = Run {
        settings,
        half_life: settings.half_life.as_secs_f32().max(1.0),
        vocabulary,
        centers: Centers::default(),
        vectors: Vec::new(),
        home: Vec::new(),
        joined: Vec::new(),
        moved: Vec::new(),
    };
    let ties = ties(docs);
    for (at, doc) in docs.iter().enumerate() {
        run.take(doc, &ties[at]);
        if (at + 1) % settings.merge_every.max(1) == 0 {
            run.merge();
        }
    }
    run.merge();
    run.finish()
}

struct Run<'a> {
    settings: &'a Settings,
    half_life: f32,
    vocabulary: Vocabulary,
    centers: Centers,
    vectors: Vec<Vector>,
    /// For each post the center it joined; follow `joined` to the one of today.
    home: Vec<u32>,
    joined: Vec<u32>,
    /// Centers that moved since the last merge.
    moved: Vec<u32>,
}

impl Run<'_> {
    fn take(&mut self, doc: &Doc, ties: &[usize]) {
        let vector = self.vocabulary.learn(doc, self.settings);
        let at = doc.at.map(|at| at.as_second());
        let says_little = vector.0.len() < fewest_terms(doc);
        let tied: Vec<u32> = ties.iter().map(|&tie| self.root(self.home[tie])).collect();
        let center = match tied.first() {
            Some(&first) => {
                for &other in &tied[1..] {
                    self.join(first, other);
                }
                self.root(first)
            }
            None => {
                let seeker = Seeker { vector: &vector, length: 1.0, at, not: None };
                let found = self.centers.nearest(&seeker, self.settings.join, self.half_life);
                found.filter(|_| !says_little).unwrap_or_else(|| self.open())
            }
        };
        let said = if says_little { &Vector::default() } else { &vector };
        self.centers.add(center, said, at);
        self.moved.push(center);
        self.home.push(center);
        self.vectors.push(vector);
    }

    fn open(&mut self) -> u32 {
        let center = self.centers.open();
        self.joined.push(center);
        center
    }

    fn root(&self, mut center: u32) -> u32 {
        while self.joined[center as usize] != center {
            center = self.joined[center as usize];
        }
        center
    }

    /// Makes one topic of two: the earlier one keeps its number.
    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return;
        }
        let (kept, gone) = (one.min(other), one.max(other));
        if let Some(center) = self.centers.close(gone) {
            self.centers.add(kept, &center.sum, center.last);
        }
        self.joined[gone as usize] = kept;
        self.moved.push(kept);
    }

    /// Joins topics whose centers have met, until none do. Only those that moved can have.
    fn merge(&mut self) {
        while !self.moved.is_empty() {
            let mut moved = std::mem::take(&mut self.moved);
            moved.sort_unstable();
            moved.dedup();
            for center in moved {
                let Some(own) = self.centers.all[center as usize].clone() else { continue };
                let (vector, length) = (&own.sum, own.length);
                let seeker = Seeker { vector, length, at: own.last, not: Some(center) };
                if let Some(other) =
                    self.centers.nearest(&seeker, self.settings.merge, self.half_life)
                {
                    self.join(center, other);
                }
            }
        }
    }

    fn finish(self) -> Clustering {
        let mut number_of: Vec<Option<usize>> = vec![None; self.joined.len()];
        let mut topics: Vec<Vec<usize>> = Vec::new();
        let mut topic_of = Vec::with_capacity(self.home.len());
        let mut centers = Vec::new();
        for (at, &home) in self.home.iter().enumerate() {
            let root = self.root(home) as usize;
            let topic = *number_of[root].get_or_insert(topics.len());
            if topic == topics.len() {
                topics.push(Vec::new());
                let center = self.centers.all[root].clone().unwrap_or_default();
                centers.push(scaled(center.sum, center.length));
            }
            topics[topic].push(at);
            topic_of.push(topic);
        }
        let joins = vec![self.settings.join; topics.len()];
        let settings = *self.settings;
        let (vectors, vocabulary) = (self.vectors, self.vocabulary);
        Clustering { topics, topic_of, vectors, centers, vocabulary, settings, joins }
    }
}

/// Returns how many distinct terms a post needs to be told by its words. Answers among people who
/// know what they speak of (`@ines yes, love it`) say less than notes of the same length.
fn fewest_terms(doc: &Doc) -> usize {
    let answer = doc.text.trim_start().starts_with('@');
    if answer { FEWEST_TERMS_OF_ANSWER } else { FEWEST_TERMS }
}

fn scaled(mut vector: Vector, length: f32) -> Vector {
    if length > 0.0 {
        vector.0.iter_mut().for_each(|(_, weight)| *weight /= length);
    }
    vector
}

impl Clustering {
    /// Returns how near the centers of two topics are, in 0..=1: for variety.
    pub fn similarity(&self, a: usize, b: usize) -> f32 {
        self.centers[a].dot(&self.centers[b])
    }

    /// Returns how near a post is to the center of a topic, in 0..=1.
    pub fn nearness(&self, topic: usize, post: usize) -> f32 {
        self.centers[topic].dot(&self.vectors[post])
    }

    /// Returns the direction of a post that was not clustered, by the words of those that were.
    pub fn direction(&self, doc: &Doc) -> Vector {
        self.vocabulary.look(doc, &self.settings)
    }

    /// Returns the posts of a topic, those nearest its center first; ties to the earlier.
    pub fn central(&self, topic: usize) -> Vec<usize> {
        let mut posts = self.topics[topic].clone();
        posts.sort_by(|&a, &b| {
            self.nearness(topic, b).total_cmp(&self.nearness(topic, a)).then(a.cmp(&b))
        });
        posts
    }
}
