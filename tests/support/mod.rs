//! What several files of tests share.

#[cfg(unix)]
pub(crate) mod child;
pub(crate) mod code;
pub(crate) mod daemon;
pub(crate) mod failing;
pub(crate) mod files;
pub(crate) mod raw_server;
pub(crate) mod recorded;
pub(crate) mod reply;
pub(crate) mod server;
pub(crate) mod workspace;
pub(crate) mod posts;
pub(crate) mod world;
pub(crate) mod morning;
pub(crate) mod schema;
