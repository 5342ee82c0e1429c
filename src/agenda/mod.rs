//! One file for each section of the digest: what belongs in it, in which order, and why.
//!
//! Sections look at a [`World`] of plain values and give scored items; what an item looks like on
//! a screen is left to `digest`, what was shown is recorded by whoever sends it.

mod asks;
mod excerpt;
mod hearing;
pub mod ids;
mod marks;
mod mute;
mod near;
mod period;
mod refs;
#[cfg(test)]
pub(crate) mod samples;
mod spoken;
mod thread;
mod topics;
mod voices;
mod waiting;
mod world;

use std::collections::{BTreeMap, BTreeSet};

pub use hearing::Hearing;
pub use marks::carried_on;
pub use mute::Mute;
use near::items_of;
pub use period::{is_new, period};
pub use spoken::{Listening, spoken};
pub use world::{Shown, Spoken, World};

use crate::model::{self, Item, PostId, SectionKind};

/// One section: who belongs in it, best first.
pub trait Section: Sync {
    /// Which.
    fn kind(&self) -> SectionKind;
    /// Its heading in the digest.
    fn title(&self) -> &'static str;
    /// How many items stand in the digest where the user gives no number.
    fn limit(&self) -> usize;
    /// Returns the items, best first, ranks and ids left open; with as many beyond the limit as
    /// are worth listing in JSON. `said`: the posts that lead shown items of the sections above;
    /// nothing need be said twice.
    fn items(&self, hearing: &Hearing, said: &BTreeSet<PostId>) -> Vec<Item>;
}

/// All sections that can be made, in the order in which a digest has them.
pub const SECTIONS: &[&dyn Section] =
    &[&waiting::Waiting, &topics::Topics, &asks::Asks, &voices::Voices];

/// Returns the section of that kind.
pub fn section(kind: SectionKind) -> Option<&'static dyn Section> {
    SECTIONS.iter().copied().find(|section| section.kind() == kind)
}

/// Makes the sections of `kinds` (all where it is empty), empty ones left out. `taken` maps the
/// ids of earlier digests to the identities they stand for, so that an item keeps its id.
pub fn sections(
    world: &World,
    kinds: &[SectionKind],
    taken: &BTreeMap<String, String>,
) -> Vec<model::Section> {
    let hearing = Hearing::new(world);
    let wanted = |kind: SectionKind| kinds.is_empty() || kinds.contains(&kind);
    let (mut sections, mut said) = (Vec::new(), BTreeSet::new());
    for section in SECTIONS.iter().filter(|section| wanted(section.kind())) {
        let limit = world.limits.get(&section.kind()).copied().unwrap_or(section.limit());
        let mut items = section.items(&hearing, &said);
        for (at, item) in items.iter_mut().enumerate() {
            item.rank = u32::try_from(at + 1).unwrap_or(u32::MAX);
            item.shown = at < limit;
        }
        let shown = items.iter().filter(|item| item.shown);
        said.extend(shown.filter_map(|item| item.posts.first().map(|post| post.id)));
        if !items.is_empty() {
            sections.push(model::Section { kind: section.kind(), items });
        }
    }
    ids::assign(&mut sections, taken);
    sections
}
