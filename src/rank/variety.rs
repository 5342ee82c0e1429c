//! Nobody fills a digest: a greedy choice that keeps people, sources and themes apart.

use std::collections::{BTreeMap, BTreeSet};

/// At most so many items led by one person.
const PER_PERSON: usize = 2;
/// One source leads at most this share of any beginning of the list, and one item more.
const PER_SOURCE: f64 = 0.25;
/// Two items of this cosine or more are one theme.
const SAME: f64 = 0.6;
/// … and of this cosine where one person leads both: a thread is one theme.
const SAME_PERSON: f64 = 0.3;

/// What the choice looks at.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Key of the lead's voice.
    pub person: String,
    /// Key of the venue; `None` where a followed person wrote in their own place.
    pub source: Option<String>,
    /// Terms of the lead and the label.
    pub terms: BTreeSet<String>,
}

/// Returns which of `candidates` (best first) to show, in order, at most `limit`. A candidate
/// whose source is full for now waits for a later place, or until nothing else is left; one whose
/// person or theme is full is out.
pub fn choose(candidates: &[Candidate], limit: usize) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    let mut people: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
    let mut left: Vec<usize> = (0..candidates.len()).collect();
    while chosen.len() < limit {
        let room = 1 + (chosen.len() as f64 * PER_SOURCE) as usize;
        let full = |at: usize| {
            let source = candidates[at].source.as_deref();
            source.is_some_and(|source| sources.get(source).is_some_and(|count| *count >= room))
        };
        let crowded = |at: usize| {
            people.get(&*candidates[at].person).is_some_and(|count| *count >= PER_PERSON)
        };
        let alike =
            |at: usize| chosen.iter().any(|other| alike(&candidates[*other], &candidates[at]));
        let fits = |at: &usize| !crowded(*at) && !alike(*at);
        let room = left.iter().position(|at| !full(*at) && fits(at));
        let Some(place) = room.or_else(|| left.iter().position(fits)) else {
            break;
        };
        let at = left.remove(place);
        *people.entry(&candidates[at].person).or_default() += 1;
        if let Some(source) = &candidates[at].source {
            *sources.entry(source).or_default() += 1;
        }
        chosen.push(at);
    }
    chosen
}

/// Returns for each chosen candidate those that were left out because they are its theme, in
/// order; each belongs to the first that it is like.
pub fn left_out(candidates: &[Candidate], chosen: &[usize]) -> Vec<Vec<usize>> {
    let mut with: Vec<Vec<usize>> = vec![Vec::new(); chosen.len()];
    for at in (0..candidates.len()).filter(|at| !chosen.contains(at)) {
        let theme = |head: &usize| alike(&candidates[*head], &candidates[at]);
        if let Some(place) = chosen.iter().position(theme) {
            with[place].push(at);
        }
    }
    with
}

/// Whether two candidates are one theme.
fn alike(one: &Candidate, two: &Candidate) -> bool {
    let same = if one.person == two.person { SAME_PERSON } else { SAME };
    same <= cosine(&one.terms, &two.terms)
}

/// Cosine of two sets of terms; 0 where one is empty.
fn cosine(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let both = a.intersection(b).count() as f64;
    let size = (a.len() as f64 * b.len() as f64).sqrt();
    if size > 0.0 { both / size } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(person: &str, source: Option<&str>, terms: &str) -> Candidate {
        Candidate {
            person: person.into(),
            source: source.map(Into::into),
            terms: terms.split_whitespace().map(Into::into).collect(),
        }
    }

    #[test]
    fn one_person_leads_at_most_two_items() {
        let all: Vec<Candidate> =
            (0..6).map(|at| candidate("ines", None, &format!("theme{at}"))).collect();
        assert_eq!(choose(&all, 6), [0, 1]);
    }

    #[test]
    fn one_theme_is_shown_once() {
        let all = [
            candidate("ines", None, "merge queue latency"),
            candidate("tomas", None, "merge queue latency fell"),
            candidate("priya", None, "crdt undo"),
        ];
        assert_eq!(choose(&all, 6), [0, 2]);
    }

    #[test]
    fn a_thread_of_one_person_is_one_theme() {
        let all = [
            candidate("ines", None, "merge queue in production"),
            candidate("ines", None, "merge queue six new parts"),
            candidate("tomas", None, "merge queue six other parts"),
        ];
        assert_eq!(choose(&all, 6), [0, 2]);
        assert_eq!(left_out(&all, &[0, 2]), [vec![1], vec![]]);
    }

    #[test]
    fn a_loud_source_waits_for_its_place() {
        let mut all: Vec<Candidate> = (0..9)
            .map(|at| candidate(&format!("u{at}"), Some("r/loud"), &format!("l{at}")))
            .collect();
        all.extend((0..9).map(|at| candidate(&format!("p{at}"), None, &format!("q{at}"))));
        let chosen = choose(&all, 8);
        assert_eq!(chosen[0], 0);
        assert_eq!(chosen.iter().filter(|at| **at < 9).count(), 2);
        assert_eq!(chosen[4], 1);
    }

    #[test]
    fn who_follows_one_source_alone_reads_it() {
        let all: Vec<Candidate> = (0..3)
            .map(|at| candidate(&format!("u{at}"), Some("r/only"), &format!("l{at}")))
            .collect();
        assert_eq!(choose(&all, 8), [0, 1, 2]);
    }

    #[test]
    fn nothing_more_than_there_is() {
        assert!(choose(&[], 5).is_empty());
        assert_eq!(choose(&[candidate("a", None, "")], 5), [0]);
    }
}
