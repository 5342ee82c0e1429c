//! Bellwether reads what the people you follow publish, keeps every post, and tells each
//! morning which topics are worth your reply, and why.
//!
//! The rooms stand in the order of their floors; each uses only rooms above it in this list.
//! `docs/ARCHITECTURE.md` tells the way of the data through them.

// Floor 0: facts.
pub mod model;

// Floor 1: thought.
pub mod text;
pub mod query;
pub mod address;
pub mod normalize;
pub mod source;
pub mod schedule;
pub mod dedup;
pub mod identity;
pub mod topic;
pub mod relate;
pub mod rank;
pub mod agenda;
pub mod digest;

// Floor 2: settings.
pub mod config;

// Floor 3: doors to the world.
pub mod fetch;
pub mod archive;
pub mod index;
pub mod deliver;

// Floor 4: journeys.
pub mod pipeline;
pub mod evaluate;

// Floor 5: faces.
pub mod daemon;
pub mod cli;
