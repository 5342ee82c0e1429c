//! How near posts must be to stand as one item of a digest.

use crate::model::Post;
use crate::rank::{is_reply, own_words};
use crate::topic::Settings;

/// An answer of fewer own words speaks of nothing by itself.
const REMARK_WORDS: usize = 8;

/// So few posts are taken as they are by the settings by which topics are found best.
const FEW: f64 = 50.0;
/// Among so many, and more, chance likeness is as great as it gets.
const MANY: f64 = 5000.0;
/// The nearness asked for among many.
const JOIN_MANY: f32 = 0.55;
const MERGE_MANY: f32 = 0.70;

/// Returns how near posts must be that one item of a digest holds them, among so many posts.
///
/// Among a few hundred, the settings by which topics are found best (`Settings::default`) are
/// right. The more people of one trade write, the more is a little alike, and an item of eighty
/// people is news of nothing. Measured on the world's digests, some thousand posts at a time
/// (docs/technotes/ranking.md): nDCG@10 at a join of .17 .09, .35 .15, .45 .20, .55 .27, .65 .24.
pub fn near(posts: usize) -> Settings {
    let usual = Settings::default();
    let crowd = ((posts as f64).max(FEW) / FEW).ln() / (MANY / FEW).ln();
    let crowd = crowd.min(1.0) as f32;
    Settings {
        join: usual.join + crowd * (JOIN_MANY - usual.join),
        merge: usual.merge + crowd * (MERGE_MANY - usual.merge),
        ..usual
    }
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
    fn the_more_posts_the_nearer_they_must_be() {
        assert_eq!(near(0), Settings::default());
        assert_eq!(near(50), Settings::default());
        assert!(near(300).join < near(3000).join);
        assert_eq!(near(5000).join, JOIN_MANY);
        assert_eq!(near(500_000), near(5000));
    }

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
