//! Journeys: each brings doors and workshops together, and none holds a rule of its own.
//!
//! ```text
//! feeds.yaml ─ config ─▶ feeds ─ schedule ─▶ Request ═ fetch ═▶ Answer
//! Answer ─ source ─▶ RawPost ─ normalize ─▶ Post ─ dedup ─▶ Decision ═ archive ═▶ ═ index ═      poll
//! window(now) ─ identity, topic, relate, rank, agenda ─▶ sections ─ digest ─▶ Issue ═ deliver ═  publish
//! addresses to follow ═ fetch ═▶ Document ─ source ─▶ what it is                                 look
//! id or address ═ archive ═▶ item + a remark ─▶ Mark ═ archive                                 act
//! query ═ index ═▶ ids ═ archive ═▶ posts ─ text ─▶ snippets                                     find
//! ```
//!
//! `─` is thought (values in, values out), `═` is the world. If the process dies between archive
//! and index, `catch_up` goes on from the index's high-water mark.

mod error;
mod place;
mod ask;
mod window;
mod shown;
pub mod look;
pub mod around;
pub mod poll;
pub mod catch_up;
pub mod find;
pub mod publish;
mod hand_out;
mod carry_out;
pub mod record;
pub mod due;
pub mod explain;
pub mod resolve;
pub mod act;
mod articles;
pub mod work;
pub mod repair;
pub mod sizes;

pub use error::Error;
pub use place::Place;
