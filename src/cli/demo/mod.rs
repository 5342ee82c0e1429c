//! The demo's world: invented people who write for ten days, and a server on loopback that
//! publishes what they have written by a virtual instant, in the formats of the real web.
//!
//! The same world is the test fixture; its text lies in `tests/fixtures/world`.

mod command;
mod world;
mod xml;
mod markup;
mod rss;
mod atom;
mod json;
mod page;
mod render;
mod server;

pub(super) use command::{Arguments, run};
pub use render::{Rendered, render};
pub use server::Server;
pub use world::{Entry, Format, Outlet, Revision, Seen, World};

use jiff::Timestamp;

/// Returns the `feeds.yaml` that follows this world.
pub fn feeds_yaml() -> &'static str {
    include_str!("../../../tests/fixtures/world/feeds.yaml")
}

/// When the virtual clock starts: Sunday 4 October 2026, 05:30 UTC. What was written before is
/// already there at the first reading.
pub fn begins() -> Timestamp {
    "2026-10-04T05:30:00Z".parse().expect("a constant instant")
}

/// When the demo's digest is made: Tuesday 13 October 2026, 07:30 in Stockholm.
pub fn ends() -> Timestamp {
    "2026-10-13T05:30:00Z".parse().expect("a constant instant")
}
