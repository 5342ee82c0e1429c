//! An issue, put together.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::times::{day, from};
use crate::model::{Digest, Late, Period, Section, Unseen};

/// What an issue is made of.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The schedule's name: `morning`.
    pub name: String,
    /// The instant it is made for.
    pub now: Timestamp,
    /// In which it speaks of time.
    pub zone: TimeZone,
    /// The zone's IANA name, or how the user wrote it.
    pub zone_name: String,
    /// The archive's sequence number; only for an issue that is sent.
    pub as_of: Option<i64>,
    /// From [`super::late`], where it was due before.
    pub late: Option<Late>,
    /// What it speaks of.
    pub period: Period,
    /// Feeds in `feeds.yaml`.
    pub feeds: usize,
    /// Feeds that were read at least once.
    pub read: usize,
    /// Posts of the period.
    pub new_posts: usize,
    /// From `agenda::sections`.
    pub sections: Vec<Section>,
    /// From [`super::coverage`].
    pub coverage: Vec<Unseen>,
}

/// Puts an issue together. One without an item says why there is none.
pub fn compose(parts: Parts) -> Digest {
    let shown = parts.sections.iter().flat_map(|section| &section.items).any(|item| item.shown);
    let nothing = (!shown).then(|| why_nothing(&parts));
    Digest {
        day: day(parts.now, &parts.zone),
        name: parts.name,
        now: parts.now,
        zone: parts.zone_name,
        as_of: parts.as_of,
        late: parts.late,
        period: parts.period,
        profiles: parts.read,
        new_posts: parts.new_posts,
        sections: parts.sections,
        nothing,
        coverage: parts.coverage,
    }
}

fn why_nothing(parts: &Parts) -> String {
    let from = from(parts.period.from, parts.now, &parts.zone);
    match (parts.feeds, parts.read, parts.new_posts) {
        (0, ..) => "feeds.yaml follows nobody yet".to_owned(),
        (_, 0, _) => "no feed was read yet".to_owned(),
        (.., 0) => format!("no new post since {from}"),
        (.., 1) => format!("1 new post since {from}, already shown, muted or off your interests"),
        (.., many) => {
            format!("{many} new posts since {from}, all shown before, muted or off your interests")
        }
    }
}
