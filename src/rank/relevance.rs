//! What the user is interested in, found in a window's posts.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::bm25;
use crate::identity::People;
use crate::model::Post;
use crate::query::{self, Query};
use crate::text::{Token, analyze};

/// Something that the user cares about.
#[derive(Debug, Clone, PartialEq)]
pub struct Interest {
    /// As in `feeds.yaml`.
    pub name: String,
    /// What it looks for.
    pub query: Query,
    /// In 0..=1.
    pub weight: f64,
}

/// How near a post is to the interests.
#[derive(Debug, Clone, PartialEq)]
pub struct Relevant {
    /// In 0..=1: `max weight · s / (s + s₅₀)`, s₅₀ the median score among the interest's hits,
    /// so that half of what an interest finds is above its half weight.
    pub value: f64,
    /// Which interest gave it; `None` where none matches.
    pub interest: Option<String>,
}

/// Returns how near each of `posts` is to the interests; `None` for each where there are none.
/// Only these posts are looked at, so that others change nothing.
pub fn relevance(
    posts: &[Post],
    people: &People,
    interests: &[Interest],
    now: Timestamp,
    zone: &TimeZone,
) -> Vec<Option<Relevant>> {
    if interests.is_empty() {
        return vec![None; posts.len()];
    }
    let read: Vec<Read> = posts.iter().map(|post| Read::new(post, people, now, zone)).collect();
    let mut best = vec![Relevant { value: 0.0, interest: None }; posts.len()];
    for interest in interests {
        for (relevant, share) in best.iter_mut().zip(shares(&read, interest)) {
            let Some(value) = share.map(|share| interest.weight * share) else { continue };
            if relevant.interest.is_none() || relevant.value < value {
                *relevant = Relevant { value, interest: Some(interest.name.clone()) };
            }
        }
    }
    best.into_iter().map(Some).collect()
}

/// A post, cut into words once.
struct Read<'a> {
    subject: query::Subject<'a>,
    tokens: Vec<Token>,
    language: Option<&'a str>,
}

impl<'a> Read<'a> {
    fn new(post: &'a Post, people: &'a People, now: Timestamp, zone: &'a TimeZone) -> Read<'a> {
        let person = people.voice(post).person.map(|person| person.name.as_str());
        let source = people.feed_name(post.feed);
        let language = post.language.as_deref();
        let whole = format!("{}\n{}", post.title.as_deref().unwrap_or(""), post.text);
        let tokens = analyze(&whole, language);
        Read { subject: query::Subject::new(post, person, source, now, zone), tokens, language }
    }
}

/// s / (s + s₅₀) of each post that the interest matches.
fn shares(read: &[Read], interest: &Interest) -> Vec<Option<f64>> {
    let terms = interest.query.terms();
    let count = |one: &Read| -> Vec<usize> {
        terms.iter().map(|term| term.hits(&one.tokens, one.language).len()).collect()
    };
    let counts: Vec<Vec<usize>> = read.iter().map(count).collect();
    let lengths: Vec<usize> = read.iter().map(|one| one.tokens.len()).collect();
    let scores: Vec<Option<f64>> = read
        .iter()
        .zip(bm25::scores(&lengths, &counts))
        .map(|(one, score)| query::matches(&interest.query, &one.subject).then_some(score))
        .collect();
    let half = median(scores.iter().flatten().copied());
    let share = |score: f64| if score + half > 0.0 { score / (score + half) } else { 0.5 };
    scores.into_iter().map(|score| score.map(share)).collect()
}

fn median(scores: impl Iterator<Item = f64>) -> f64 {
    let mut scores: Vec<f64> = scores.collect();
    scores.sort_by(f64::total_cmp);
    scores.get(scores.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{at, feed, post};

    fn found(texts: &[&str], interests: &[(&str, f64)]) -> Vec<Option<Relevant>> {
        let venue = feed("https://planet.example/atom", None);
        let posts: Vec<Post> = texts
            .iter()
            .enumerate()
            .map(|(id, text)| Post {
                text: (*text).into(),
                ..post(venue.id, &id.to_string(), "jun", &[])
            })
            .collect();
        let interests: Vec<Interest> = interests
            .iter()
            .map(|(query, weight)| Interest {
                name: (*query).into(),
                query: query::parse(query).unwrap(),
                weight: *weight,
            })
            .collect();
        let people = People::new(&[], &[venue]);
        relevance(&posts, &people, &interests, at("2026-10-13T05:30:00Z"), &TimeZone::UTC)
    }

    fn name(relevant: &Option<Relevant>) -> Option<&str> {
        relevant.as_ref()?.interest.as_deref()
    }

    #[test]
    fn without_interests_nothing_is_known() {
        assert_eq!(found(&["tea"], &[]), [None]);
    }

    #[test]
    fn the_only_hit_stands_at_half_its_weight() {
        let found = found(&["crdt undo", "tea"], &[("crdt", 0.8)]);
        assert!((found[0].as_ref().unwrap().value - 0.4).abs() < 1e-9);
        assert_eq!(name(&found[0]), Some("crdt"));
        assert_eq!(found[1], Some(Relevant { value: 0.0, interest: None }));
    }

    #[test]
    fn the_nearest_interest_speaks_for_the_post() {
        let found = found(&["crdt rust", "rust"], &[("rust", 0.3), ("crdt", 1.0)]);
        assert_eq!(name(&found[0]), Some("crdt"));
        assert_eq!(name(&found[1]), Some("rust"));
    }

    #[test]
    fn a_query_may_match_what_holds_none_of_its_words() {
        let found = found(&["tea"], &[("NOT coffee lang:en", 1.0)]);
        assert!((found[0].as_ref().unwrap().value - 0.5).abs() < 1e-9);
    }

    #[test]
    fn an_excluded_word_leaves_no_relevance() {
        let found = found(&["rust belt", "rust async"], &[("rust NOT belt", 1.0)]);
        assert_eq!(name(&found[0]), None);
        assert!(name(&found[1]).is_some());
    }
}
