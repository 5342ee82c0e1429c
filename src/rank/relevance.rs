//! What the user is interested in, found in a window's posts.

use super::bm25::Collection;

/// One interest, as it meets a window's posts.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// As in `feeds.yaml`.
    pub name: String,
    /// In 0..=1.
    pub weight: f64,
    /// What it looks for, as `text::terms` writes it.
    pub terms: Vec<String>,
    /// Of each post, in order: whether the interest's query matches it.
    pub hits: Vec<bool>,
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

/// Returns how near each of `documents` (their terms) is to the interests; `None` for each where
/// there are no interests. Posts outside the window change nothing.
pub fn relevance(documents: &[Vec<String>], wanted: &[Wanted]) -> Vec<Option<Relevant>> {
    if wanted.is_empty() {
        return vec![None; documents.len()];
    }
    let all: Vec<String> = wanted.iter().flat_map(|one| one.terms.iter().cloned()).collect();
    let collection = Collection::new(documents, &all);
    let mut best = vec![Relevant { value: 0.0, interest: None }; documents.len()];
    for one in wanted {
        let scores: Vec<Option<f64>> = documents
            .iter()
            .zip(&one.hits)
            .map(|(document, hit)| hit.then(|| collection.score(document, &one.terms)))
            .collect();
        let half = median(scores.iter().flatten().copied());
        for (relevant, score) in best.iter_mut().zip(scores) {
            let Some(score) = score else { continue };
            let share = if score + half > 0.0 { score / (score + half) } else { 0.5 };
            if relevant.interest.is_none() || relevant.value < one.weight * share {
                *relevant =
                    Relevant { value: one.weight * share, interest: Some(one.name.clone()) };
            }
        }
    }
    best.into_iter().map(Some).collect()
}

fn median(scores: impl Iterator<Item = f64>) -> f64 {
    let mut scores: Vec<f64> = scores.collect();
    scores.sort_by(f64::total_cmp);
    scores.get(scores.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    fn wanted(name: &str, weight: f64, hits: &[bool]) -> Wanted {
        Wanted { name: name.into(), weight, terms: words(name), hits: hits.to_vec() }
    }

    #[test]
    fn without_interests_nothing_is_known() {
        assert_eq!(relevance(&[words("a")], &[]), [None]);
    }

    #[test]
    fn the_only_hit_stands_at_half_its_weight() {
        let found =
            relevance(&[words("crdt undo"), words("tea")], &[wanted("crdt", 0.8, &[true, false])]);
        let first = found[0].clone().unwrap();
        assert!((first.value - 0.4).abs() < 1e-9);
        assert_eq!(first.interest.as_deref(), Some("crdt"));
        assert_eq!(found[1], Some(Relevant { value: 0.0, interest: None }));
    }

    #[test]
    fn the_nearest_interest_speaks_for_the_post() {
        let documents = [words("crdt rust"), words("rust")];
        let found = relevance(
            &documents,
            &[wanted("rust", 0.3, &[true, true]), wanted("crdt", 1.0, &[true, false])],
        );
        assert_eq!(found[0].clone().unwrap().interest.as_deref(), Some("crdt"));
        assert_eq!(found[1].clone().unwrap().interest.as_deref(), Some("rust"));
    }

    #[test]
    fn a_query_may_match_what_holds_none_of_its_words() {
        let found = relevance(&[words("tea")], &[wanted("source:blog", 1.0, &[true])]);
        assert!((found[0].clone().unwrap().value - 0.5).abs() < 1e-9);
    }
}
