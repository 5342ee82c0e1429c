//! What several files of tests share.

pub(crate) mod code;
pub(crate) mod files;
