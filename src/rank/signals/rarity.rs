//! Whoever seldom speaks is not drowned by those who speak all day.

use jiff::Timestamp;

use super::{Scored, Signal};
use crate::rank::Subject;

/// So many posts a day leave half.
const HALF: f64 = 8.0;

/// 8 / (8 + posts a day), of the followed author, else of the venue.
pub(super) struct Rarity;

impl Signal for Rarity {
    fn name(&self) -> &'static str {
        "rarity"
    }

    fn doc(&self) -> &'static str {
        "how seldom its author, or its venue, posts"
    }

    fn weight(&self) -> f64 {
        0.04
    }

    fn neutral(&self) -> f64 {
        0.5
    }

    fn value(&self, subject: &Subject, _now: Timestamp) -> Scored {
        let rate = subject.lead.posts_a_day;
        Scored::new(HALF / (HALF + rate), told(rate))
    }
}

fn told(rate: f64) -> String {
    if rate < 1.5 { "seldom posts".to_owned() } else { format!("{rate:.0} posts a day") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::samples::{Room, close};

    #[test]
    fn a_venue_of_eight_posts_a_day_is_half_rare() {
        let rarity = |rate| Room::new(&[("ines", "a")]).with_posts_a_day(rate).value(&Rarity);
        close(rarity(8.0).value, 0.5);
        assert!(rarity(1.0).value > rarity(100.0).value);
        assert_eq!(rarity(0.2).text, "seldom posts");
    }
}
