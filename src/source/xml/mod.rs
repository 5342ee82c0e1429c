//! XML as feeds really have it: read with forgiveness, written back well-formed.
//!
//! `mend` repairs the text itself; `tree` reads it entry by entry, so that neither a broken nor a
//! cut-off entry costs the others; `names` gives every vocabulary one prefix; `references` knows
//! what `&eacute;` is; `markup` turns an element into HTML or into XML that a strict parser takes.

mod markup;
mod mend;
mod names;
mod references;
mod tree;

pub(super) use markup::{escape, html_of};
pub(super) use references::decode as decode_references;
pub(super) use tree::{Element, MAX_ENTRIES, Reading, read};
