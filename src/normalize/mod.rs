//! From a post as published to a post as kept.
//!
//! Everything here is total: a bad date or a broken link becomes `None` and a
//! [`Problem`](crate::model::Problem), never a lost post.

mod services;
pub mod url;
