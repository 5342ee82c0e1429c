//! How near posts must be to stand as one item of a digest.

use crate::model::Post;
use crate::rank::{is_reply, own_words};
use crate::topic::{Clustering, Doc, Settings, cluster_after};

/// An answer of fewer own words speaks of nothing by itself.
const REMARK_WORDS: usize = 8;

/// So few posts are taken as they are by the settings by which topics are found best.
const FEW: f64 = 50.0;
/// Among so many, and more, chance likeness is as great as it gets.
const MANY: f64 = 5000.0;
/// A topic on which more people speak is divided by the next of [`CLOSER`].
const MANY_PEOPLE: usize = 8;
/// The nearness (of a post to a topic, of two topics) asked for among many posts …
const AMONG_MANY: (f32, f32) = (0.30, 0.45);
/// … and within topics of many people.
const CLOSER: [(f32, f32); 2] = [(0.42, 0.58), (0.55, 0.70)];

/// Divides `docs` into what a digest can have as items. `before` are older posts, from which it
/// is known what is spoken of every day.
///
/// Wide enough that the answers to one release stand together. Among thousands of posts of one
/// trade nearly everything is a little alike, and an item of eighty people is news of nothing:
/// those are divided again. Measured on the world's digests: docs/technotes/ranking.md.
pub(super) fn items_of(before: &[Doc], docs: &[Doc]) -> Clustering {
    let closer = CLOSER.map(|(join, merge)| Settings { join, merge, ..Settings::default() });
    cluster_after(before, docs, &near(docs.len())).parted(docs, MANY_PEOPLE, &closer)
}

/// Returns how near posts must be to join at all: the more are written, the nearer.
fn near(posts: usize) -> Settings {
    let usual = Settings::default();
    let crowd = ((posts as f64).max(FEW) / FEW).ln() / (MANY / FEW).ln();
    let crowd = crowd.min(1.0) as f32;
    Settings {
        join: usual.join + crowd * (AMONG_MANY.0 - usual.join),
        merge: usual.merge + crowd * (AMONG_MANY.1 - usual.merge),
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
        assert_eq!(near(5000).join, AMONG_MANY.0);
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
