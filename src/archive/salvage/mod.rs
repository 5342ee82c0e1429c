//! Reads what is left of a damaged archive from the pages of its file, past SQLite, which gives
//! up a whole subtree for one page that leads to it.
//!
//! ```text
//! log ─ committed pages ─▶ file        wal
//! file ─ pages that hold rows ─▶ rows  pages, cells
//! rows ─ whose are they ─▶ tables      shapes
//! ```
//!
//! Rows are never changed once they are written, so that a copy found on a page that is no
//! longer in use is as good as the row itself, and the same row found twice is one.

mod cells;
mod fill;
mod pages;
mod shapes;
mod wal;

pub use fill::Filled;
pub(super) use fill::fill;
pub(super) use pages::Pages;
use shapes::Shape;
pub(super) use shapes::Shapes;
pub(super) use wal::work_in;
