//! A new `feeds.yaml` from answers, and additions to one that is there.
//!
//! Text building only: who asks, reads or saves is elsewhere. What comes out is meant to be
//! edited by hand: comments that teach, one line for one thing, columns that line up.

mod answers;
mod seen;
mod picked;
mod quote;
mod entries;
mod insert;
mod edit;
mod stands;
mod file;

pub use answers::{Answers, Ask, Follow, Wanted};
pub use edit::{Added, EditError, add, add_all, propose};
pub use file::write;
pub use picked::{interests, numbers};
pub use seen::{Sample, Seen, also_mine};
pub use stands::{Stands, remove, stands};
