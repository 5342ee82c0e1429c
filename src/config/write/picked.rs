//! What a person picks from a numbered list, or types in place of a number.

use super::answers::Wanted;
use crate::query;

/// How much an interest weighs that was just picked: less than the most, so that there is room.
const WEIGHT: f64 = 0.8;

/// Reads `2`, `1 3`, `1,3`, `2-4` or `all` as places in a list of `count`, from 0 on, in the order
/// of the answer, each once. `None` where something else is there.
pub fn numbers(answer: &str, count: usize) -> Option<Vec<usize>> {
    let mut picked = Vec::new();
    let answer = answer.trim().to_lowercase();
    if answer == "all" {
        return Some((0..count).collect());
    }
    for word in answer.split([',', ' ', ';']).filter(|word| !word.is_empty()) {
        let (first, last) = word.split_once(['-', '–']).unwrap_or((word, word));
        let place = |text: &str| text.trim_end_matches('.').parse::<usize>().ok();
        let (first, last) = (place(first)?, place(last)?);
        if first < 1 || count < last || last < first {
            return None;
        }
        picked.extend((first - 1..last).filter(|at| !picked.contains(at)).collect::<Vec<_>>());
    }
    (!picked.is_empty()).then_some(picked)
}

/// Reads an answer to the question for interests: numbers of `proposed`, and queries of the
/// user's own between commas. An own query of plain words means any of its forms together.
///
/// # Errors
/// The first part that is neither.
pub fn interests(answer: &str, proposed: &[Wanted]) -> Result<Vec<Wanted>, query::Error> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut want = |one: Wanted| {
        if !wanted.iter().any(|other| other.query == one.query) {
            wanted.push(one);
        }
    };
    for part in parts(answer) {
        if let Some(places) = numbers(part, proposed.len()) {
            places.into_iter().for_each(|place| want(proposed[place].clone()));
            continue;
        }
        query::parse(part)?;
        let name = part.replace('"', "");
        want(Wanted { name, query: part.to_owned(), weight: WEIGHT });
    }
    Ok(wanted)
}

/// The parts between commas that stand in no quotes.
fn parts(answer: &str) -> Vec<&str> {
    let mut quoted = false;
    let is_end = |c: char| {
        quoted ^= c == '"';
        !quoted && (c == ',' || c == ';')
    };
    answer.split(is_end).map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(numbers("2", 3), Some(vec![1]));
        assert_eq!(numbers(" 3, 1 3.", 3), Some(vec![2, 0]));
        assert_eq!(numbers("2-4", 5), Some(vec![1, 2, 3]));
        assert_eq!(numbers("All", 2), Some(vec![0, 1]));
        for wrong in ["", "0", "4", "x", "1 x", "3-2", "-", "1-"] {
            assert_eq!(numbers(wrong, 3), None, "{wrong}");
        }
    }

    fn proposed() -> Vec<Wanted> {
        ["rust", "bm25"]
            .map(|name| Wanted { name: name.into(), query: name.into(), weight: WEIGHT })
            .to_vec()
    }

    #[track_caller]
    fn check(answer: &str, expected: &[(&str, &str)]) {
        let wanted = interests(answer, &proposed()).unwrap();
        let pairs: Vec<(&str, &str)> =
            wanted.iter().map(|one| (one.name.as_str(), one.query.as_str())).collect();
        assert_eq!(pairs, expected, "{answer}");
    }

    #[test]
    fn interests_are_numbers_or_queries_of_ones_own() {
        check("2 1", &[("bm25", "bm25"), ("rust", "rust")]);
        check("1, static sites", &[("rust", "rust"), ("static sites", "static sites")]);
        check(
            "\"merge policy, tiered\", crdt OR automerge, 1",
            &[
                ("merge policy, tiered", "\"merge policy, tiered\""),
                ("crdt OR automerge", "crdt OR automerge"),
                ("rust", "rust"),
            ],
        );
        check("rust, 1", &[("rust", "rust")]);
        check("", &[]);
        assert!(interests("1, after:whenever", &proposed()).is_err());
    }

    #[test]
    fn a_number_that_is_not_on_the_list_is_a_word() {
        check("2026", &[("2026", "2026")]);
    }
}
