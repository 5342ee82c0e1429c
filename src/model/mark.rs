//! What the user said of an item of a digest.

use jiff::Timestamp;

use super::{PostId, SectionKind};

/// What can be said of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkKind {
    /// Closed: not to be shown again without news.
    Done,
    /// To be shown again later.
    Snooze,
    /// Never to be shown again, in any section.
    Mute,
    /// To be found again.
    Save,
}

impl MarkKind {
    /// All of them.
    pub const ALL: [MarkKind; 4] =
        [MarkKind::Done, MarkKind::Snooze, MarkKind::Mute, MarkKind::Save];

    /// Its name as a command and in the archive.
    pub fn name(self) -> &'static str {
        match self {
            MarkKind::Done => "done",
            MarkKind::Snooze => "snooze",
            MarkKind::Mute => "mute",
            MarkKind::Save => "save",
        }
    }

    /// Takes back what `name` gave.
    pub fn from_name(name: &str) -> Option<MarkKind> {
        MarkKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What the user said of an item, with all of the item that it takes to know it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The intent's row in the archive: of two words, the later one has the larger.
    pub intent: i64,
    /// When it was said.
    pub at: Timestamp,
    /// What was said.
    pub kind: MarkKind,
    /// It was taken back.
    pub undone: bool,
    /// The item's id as it was typed: `t3fd`.
    pub item: String,
    /// What that id stands for: [`super::Item::identity`].
    pub identity: String,
    /// The item's section; `None` for an address that no digest showed.
    pub section: Option<SectionKind>,
    /// The item's line, plain text.
    pub title: String,
    /// Where the item leads; `None` where it leads nowhere.
    pub url: Option<String>,
    /// The item's posts, the one that leads it first.
    pub posts: Vec<PostId>,
    /// `identity::Voice` keys of the people in it.
    pub people: Vec<String>,
    /// For a snooze: when it is over.
    pub until: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read_back_from_its_name() {
        for kind in MarkKind::ALL {
            assert_eq!(MarkKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(MarkKind::from_name("forget"), None);
    }
}
