//! A topic: posts that speak of one thing, and how unusual it is.

use super::{PostId, TopicId};

/// Posts that speak of one thing; keeps its id over days.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// Kept from day to day.
    pub id: TopicId,
    /// Readable: the best title among its posts, or its distinguishing phrase.
    pub label: String,
    /// All posts of the window, oldest first.
    pub posts: Vec<PostId>,
}

/// People on a topic today against its own past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burst {
    /// Distinct people in the last 24 hours.
    pub people: u32,
    /// Distinct people expected for a day, from its own past.
    pub expected: f64,
    /// −log₁₀ P(X ≥ people) under a Poisson of mean `expected` + .1; at least 0.
    pub surprise: f64,
    /// Fewer than 14 days of past.
    pub learning: bool,
}
