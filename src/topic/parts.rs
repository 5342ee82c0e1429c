//! Topics of too many people are divided again, more closely.

use std::collections::BTreeSet;

use super::cluster::over;
use super::{Clustering, Doc, Settings};

impl Clustering {
    /// Divides each topic on which more than `most` distinct people speak by the first of the
    /// settings in `closer`, its parts by the next, and so on. What few speak of stays whole.
    ///
    /// Among people of one trade nearly everything is a little alike: what eighty of them share
    /// is no news, and near settings for all would break small stories apart. `docs` are those
    /// that were clustered.
    pub fn parted(self, docs: &[Doc], most: usize, closer: &[Settings]) -> Clustering {
        closer.iter().fold(self, |clustering, settings| clustering.part(docs, most, settings))
    }

    fn part(mut self, docs: &[Doc], most: usize, settings: &Settings) -> Clustering {
        let (topics, centers) =
            (std::mem::take(&mut self.topics), std::mem::take(&mut self.centers));
        let joins = std::mem::take(&mut self.joins);
        let mut all = Vec::with_capacity(topics.len());
        for ((posts, center), join) in topics.into_iter().zip(centers).zip(joins) {
            let people: BTreeSet<&str> = posts.iter().map(|&at| docs[at].person).collect();
            if people.len() <= most {
                all.push((posts, center, join));
                continue;
            }
            let own: Vec<Doc> = posts.iter().map(|&at| docs[at]).collect();
            let parts = over(self.vocabulary.clone(), &own, settings);
            for (place, vector) in parts.vectors.into_iter().enumerate() {
                self.vectors[posts[place]] = vector;
            }
            for (part, center) in parts.topics.into_iter().zip(parts.centers) {
                let part = part.into_iter().map(|place| posts[place]).collect();
                all.push((part, center, settings.join));
            }
        }
        all.sort_by_key(|(posts, ..)| posts.first().copied());
        for (posts, center, join) in all {
            for &post in &posts {
                self.topic_of[post] = self.topics.len();
            }
            self.topics.push(posts);
            self.centers.push(center);
            self.joins.push(join);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::cluster_after;
    use super::*;
    use crate::model::PostId;

    fn docs<'a>(said: &'a [(&'a str, &'a str)]) -> Vec<Doc<'a>> {
        let doc = |(at, &(person, text)): (usize, &(&'a str, &'a str))| Doc {
            id: PostId::new(&["f", &at.to_string()]),
            title: None,
            text,
            language: Some("en"),
            at: None,
            person,
            canonical: None,
            links: &[],
            story: None,
        };
        said.iter().enumerate().map(doc).collect()
    }

    const SAID: [(&str, &str); 4] = [
        ("ines", "Tantivy release notes: segments are merged while nobody searches"),
        ("tomas", "Tantivy release notes: merged segments, while nobody searches"),
        ("priya", "Tantivy release notes: the cache of fast fields was dropped"),
        ("wen", "Tantivy release notes: a dropped cache for fast fields"),
    ];

    const WIDE: Settings = Settings { join: 0.2, merge: 0.2, ..BASE };
    const CLOSE: Settings = Settings { join: 0.6, merge: 0.8, ..BASE };
    const BASE: Settings = Settings {
        join: 0.0,
        merge: 0.0,
        half_life: jiff::SignedDuration::from_hours(240),
        first_words: 100,
        merge_every: 100,
    };

    /// The four, after a past in which nobody said any of it.
    fn wide(docs: &[Doc]) -> Clustering {
        let past: Vec<String> = (0..400).map(|at| format!("gardens{at} and soup{at}")).collect();
        let past: Vec<(&str, &str)> = past.iter().map(|text| ("jun", text.as_str())).collect();
        cluster_after(&self::docs(&past), docs, &WIDE)
    }

    #[test]
    fn a_topic_of_many_people_is_divided_into_its_stories() {
        let docs = docs(&SAID);
        let wide = wide(&docs);
        assert_eq!(wide.topics, [[0, 1, 2, 3]]);
        let parted = wide.parted(&docs, 3, &[CLOSE]);
        assert_eq!(parted.topics, [[0, 1], [2, 3]]);
        assert_eq!(parted.topic_of, [0, 0, 1, 1]);
    }

    #[test]
    fn a_topic_of_few_people_stays_whole() {
        let docs = docs(&SAID);
        assert_eq!(wide(&docs).parted(&docs, 4, &[CLOSE]).topics, [[0, 1, 2, 3]]);
    }
}
