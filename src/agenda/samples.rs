//! Invented items for the tests of agenda and digest.

use crate::model::{Item, State};

/// Makes an item without anything in it.
pub(crate) fn item(identity: &str) -> Item {
    Item {
        id: String::new(),
        identity: identity.into(),
        rank: 1,
        score: 0.0,
        state: State::New,
        shown: true,
        title: identity.into(),
        url: String::new(),
        facts: Vec::new(),
        reasons: Vec::new(),
        person: None,
        posts: Vec::new(),
    }
}
