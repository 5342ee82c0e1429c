//! Facts: the nouns of the house, which hold data and keep their own invariants.
//!
//! Uses nothing else of ours. No type here knows where it came from or where it goes.

mod digest;
mod exchange;
mod feed;
mod ids;
mod mark;
mod person;
mod post;
mod problem;
mod topic;

pub use digest::{
    Digest, Item, Late, Period, PersonRef, PostRef, Reason, Section, SectionKind, State, Unseen,
};
pub use exchange::{Document, Pace, Request};
pub use feed::{Account, Feed, FeedState, Outcome, Select, Validators};
pub use ids::{FeedId, IdError, PostId, TopicId, short_code};
pub use mark::{Mark, MarkKind};
pub use person::{Circle, DEFAULT_WEIGHT, Handle, ME, Person};
pub use post::{Author, Counters, Form, Post, RawAuthor, RawPost, Sample};
pub use problem::Problem;
pub use topic::{Burst, Topic};
