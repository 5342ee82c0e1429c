//! One human, as counted.

use crate::model::{DEFAULT_WEIGHT, Handle, Person, PersonRef};

/// Weight of somebody whom the user does not follow and who writes in a venue that is followed,
/// in 0..=1. A third of a followed person's: three strangers say as much as one friend.
pub const STRANGER_WEIGHT: f32 = DEFAULT_WEIGHT / 3.0;

/// Whoever wrote a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice<'a> {
    /// Counts one human once: `person:ines-okafor`, a handle (`x:jun`), or feed and name.
    pub key: String,
    /// Whom the user knows by this voice.
    pub person: Option<&'a Person>,
    /// To be shown; the feed's name where nobody is named.
    pub name: String,
    /// All that are known, sorted.
    pub handles: &'a [Handle],
    /// Nobody is named: the venue itself speaks.
    pub venue: bool,
}

impl Voice<'_> {
    /// How much this voice counts, in 0..=1.
    pub fn weight(&self) -> f64 {
        f64::from(self.person.map_or(STRANGER_WEIGHT, |person| person.weight))
    }

    /// Whether the user follows or is this person.
    pub fn is_known(&self) -> bool {
        self.person.is_some()
    }

    /// Whether this is the user.
    pub fn is_me(&self) -> bool {
        self.person.is_some_and(|person| person.slug == crate::model::ME)
    }

    /// As a digest names them.
    pub fn to_ref(&self) -> PersonRef {
        PersonRef {
            name: self.name.clone(),
            handles: self.handles.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Returns the name of a list of authors as one voice: `A. Reyes et al.` for three or more.
pub(super) fn one_name(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.split(", ").collect::<Vec<_>>()[..] {
        [first, _, _, ..] if !first.is_empty() => format!("{first} et al."),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_authors_is_named_by_its_first() {
        assert_eq!(one_name("Ana Reyes, Bo  Li, Cai Wu"), "Ana Reyes et al.");
        assert_eq!(one_name("Ana Reyes, Bo Li"), "Ana Reyes, Bo Li");
        assert_eq!(one_name("Ana Reyes"), "Ana Reyes");
    }
}
