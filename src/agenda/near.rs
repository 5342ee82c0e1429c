//! How near posts must be to stand as one item of a digest.

use crate::model::Post;
use crate::rank::{is_reply, own_words};
use crate::topic::Settings;

/// An answer of fewer own words speaks of nothing by itself.
const REMARK_WORDS: usize = 8;

/// Returns nearer settings than those by which topics are found best (`Settings::default`): among
/// people of one trade nearly everything is a little alike, and an item of eighty people is news
/// of nothing. Measured on the world's digests (docs/technotes/ranking.md): nDCG@10 at a join of
/// .17 .09, .35 .15, .45 .20, .55 .27, .65 .24.
pub fn near() -> Settings {
    Settings { join: 0.55, merge: 0.70, ..Settings::default() }
}

/// Whether a post is an answer of a few words (`@jun yes!`): no voice on any topic.
pub(super) fn is_remark(post: &Post) -> bool {
    is_reply(post) && own_words(&post.text) < REMARK_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{feed, post};

    #[test]
    fn a_cheer_for_somebody_is_a_remark_and_a_short_note_is_none() {
        let venue = feed("https://planet.example/atom", None).id;
        let said = |text: &str| Post { text: text.into(), ..post(venue, "1", "jun", &[]) };
        assert!(is_remark(&said("@ana congrats to you all!")));
        assert!(!is_remark(&said("We are live.")));
        assert!(!is_remark(&said(
            "@ana we measured that last year and it was three times as slow"
        )));
    }
}
