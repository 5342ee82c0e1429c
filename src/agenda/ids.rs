//! Short ids: a letter for the section and three base-32 characters of the identity's hash.

use std::collections::BTreeMap;

use crate::model::{Section, short_code};

/// Characters after the letter, where nothing meets.
const SHORT: usize = 3;
/// Characters in all that a hash has.
const LONGEST: usize = 26;

/// Gives every item its id. An identity in `taken` (id to identity) keeps the id it has; where
/// two meet, the later grows by a character.
pub fn assign(sections: &mut [Section], taken: &BTreeMap<String, String>) {
    let mut taken = taken.clone();
    let old: BTreeMap<(char, String), String> = taken
        .iter()
        .filter_map(|(id, identity)| Some(((id.chars().next()?, identity.clone()), id.clone())))
        .collect();
    for section in sections {
        let letter = section.kind.letter();
        for item in &mut section.items {
            item.id = match old.get(&(letter, item.identity.clone())) {
                Some(id) => id.clone(),
                None => free(letter, &item.identity, &taken),
            };
            taken.insert(item.id.clone(), item.identity.clone());
        }
    }
}

fn free(letter: char, identity: &str, taken: &BTreeMap<String, String>) -> String {
    let spelled = |count| format!("{letter}{}", short_code(identity, count));
    (SHORT..=LONGEST)
        .map(spelled)
        .find(|id| taken.get(id).is_none_or(|other| other == identity))
        .unwrap_or_else(|| spelled(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda::samples::item;
    use crate::model::SectionKind;

    fn section(identities: &[&str]) -> Section {
        let items = identities.iter().map(|identity| item(identity)).collect();
        Section { kind: SectionKind::Topics, items }
    }

    #[test]
    fn an_id_is_a_letter_and_three_characters_of_the_identity() {
        let mut sections = [section(&["one", "two"])];
        assign(&mut sections, &BTreeMap::new());
        let id = sections[0].items[0].id.clone();
        assert_eq!((id.len(), &id[..1]), (4, "t"));
        let mut again = [section(&["two", "one"])];
        assign(&mut again, &BTreeMap::new());
        assert_eq!(again[0].items[1].id, id);
    }

    #[test]
    fn where_two_meet_the_later_grows_by_a_character() {
        let mut alone = [section(&["one"])];
        assign(&mut alone, &BTreeMap::new());
        let short = alone[0].items[0].id.clone();
        let taken = BTreeMap::from([(short.clone(), "another".to_owned())]);
        let mut grown = [section(&["one"])];
        assign(&mut grown, &taken);
        assert_eq!(grown[0].items[0].id.len(), 5);
        assert!(grown[0].items[0].id.starts_with(&short));
    }

    #[test]
    fn an_id_once_given_is_kept() {
        let taken = BTreeMap::from([("tlong".to_owned(), "one".to_owned())]);
        let mut sections = [section(&["one"])];
        assign(&mut sections, &taken);
        assert_eq!(sections[0].items[0].id, "tlong");
    }
}
