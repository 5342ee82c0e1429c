//! One issue: put together of sections, then rendered as Markdown, HTML or JSON.
//!
//! Feed text is hostile: whatever is printed goes through its output's door in [`escape`].

mod compose;
mod coverage;
mod detail;
pub mod escape;
mod html;
mod json;
mod late;
mod layout;
mod markdown;
mod screen;
mod times;

pub use compose::{Parts, compose};
pub use coverage::{coverage, never_seen, refused};
pub use html::html;
pub use json::json;
pub use late::late;
pub use markdown::markdown;
pub use times::age;

/// How the reader wants to see it.
#[derive(Debug, Clone)]
pub struct View {
    /// In which times and days are told.
    pub zone: jiff::tz::TimeZone,
}
