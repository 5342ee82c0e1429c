//! How near a topic is to what the user said they care about.

use jiff::Timestamp;

use super::{Scored, Signal};
use crate::rank::Subject;

/// The value where the user named no interests: in the middle, so that nothing is gained or lost.
const NEUTRAL: f64 = 0.5;

/// BM25 of the user's interests; see [`crate::rank::Relevance`].
pub(super) struct Relevance;

impl Signal for Relevance {
    fn name(&self) -> &'static str {
        "relevance"
    }

    fn doc(&self) -> &'static str {
        "how near it is to your interests"
    }

    fn weight(&self) -> f64 {
        0.20
    }

    fn neutral(&self) -> f64 {
        NEUTRAL
    }

    fn value(&self, subject: &Subject, _now: Timestamp) -> Scored {
        match &subject.lead.relevance {
            None => Scored::new(NEUTRAL, "unknown: no interests named"),
            Some(relevant) => match &relevant.interest {
                Some(name) => Scored::new(relevant.value, name.clone()),
                None => Scored::new(0.0, "none of your interests"),
            },
        }
    }
}
