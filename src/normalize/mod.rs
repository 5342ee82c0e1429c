//! From a post as published to a post as kept.
//!
//! Everything here is total: a bad date or a broken link becomes `None` and a
//! [`Problem`](crate::model::Problem), never a lost post.

pub mod author;
mod body;
pub mod date;
mod full;
pub mod html;
mod ids;
mod mentions;
mod post;
mod services;
pub mod url;

use crate::model::{Counters, Post, Problem, RawPost};

pub use full::full;
pub use post::Context;

/// Returns the posts of one document, in its order, with what their feed counts of each. An
/// entry that is in the document twice is one post.
pub fn posts(raws: &[RawPost], ctx: &Context<'_>) -> (Vec<(Post, Counters)>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut made = Vec::with_capacity(raws.len());
    for (raw, id) in raws.iter().zip(ids::give(raws, &ctx.feed.address)) {
        let Some(id) = id else {
            problems.push(Problem::new(post::subject(raw), "is in the document twice"));
            continue;
        };
        let (post, counters, more) = post::make(raw, id, ctx);
        made.push((post, counters));
        problems.extend(more);
    }
    (made, problems)
}
