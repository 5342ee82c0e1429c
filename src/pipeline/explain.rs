//! Why a digest showed an item: the digest is made again, and the item found in it.

use super::Error;
use super::publish::{Occasion, compose};
use super::record;
use crate::archive::{Archive, Shown};
use crate::config::Config;
use crate::model::{Digest, Item, Section, SectionKind};

/// An item in the digest that showed it.
pub struct Explained {
    /// The digest.
    pub digest: Digest,
    /// Its section.
    pub section: SectionKind,
    /// The item, with all its reasons.
    pub item: Item,
    /// The digest was sent, not only printed.
    pub sent: bool,
}

/// Finds the newest digest that showed `id`, makes it again and returns the item; `None` where
/// no digest showed it.
///
/// # Errors
///
/// [`Error::Changed`]: the archive or `feeds.yaml` no longer gives it.
pub fn explain(archive: &Archive, config: &Config, id: &str) -> Result<Option<Explained>, Error> {
    let Some((row, shown)) = archive.appearances(id, 1)?.pop() else { return Ok(None) };
    let changed = || Error::Changed { id: id.to_owned(), digest: shown.digest.clone() };
    let schedule = config.schedule(&shown.digest).ok_or_else(changed)?;
    let occasion = Occasion { config, schedule, sections: &[], now: shown.now, due: None };
    let (made, sent) = if shown.sent {
        record::again(archive, &occasion)?
    } else {
        // As it was printed: later marks hide nothing of it.
        (compose(archive, &occasion, Some(row), false)?, false)
    };
    let mut digest = made.digest;
    let (section, item) = take(&mut digest.sections, &shown).ok_or_else(changed)?;
    Ok(Some(Explained { digest, section, item, sent }))
}

fn take(sections: &mut [Section], shown: &Shown) -> Option<(SectionKind, Item)> {
    let section = sections.iter_mut().find(|section| section.kind == shown.section)?;
    let place = section.items.iter().position(|item| item.identity == shown.identity)?;
    Some((section.kind, section.items.swap_remove(place)))
}
