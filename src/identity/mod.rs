//! Who wrote a post: handles made into people, so that one human counts once across networks.
//!
//! What joins handles is the user's word: a person's handles, pages and feeds in `feeds.yaml`.
//! Nothing here guesses from names that look alike.

mod people;
mod voice;

#[cfg(test)]
pub(crate) mod samples;

pub use people::People;
pub use voice::{STRANGER_WEIGHT, Voice};
