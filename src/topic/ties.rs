//! Posts that are one story whatever their words: the same page, the same text, the same link.

use std::collections::BTreeMap;

use super::Doc;
use crate::model::PostId;
use crate::text::{Fingerprint, fingerprint};

/// Bits of 64 in which the fingerprints of one text may differ. At most 3: four bands of
/// 16 bits find each such pair.
const MOST_BITS: u32 = 3;

/// A person who puts one link under more posts than this means nothing by it (a shop, a
/// newsletter, an invitation).
const MOST_BY_ONE: usize = 2;

/// A link in more than this share of all posts ties none of them.
const MOST_SHARE: f64 = 0.05;

/// Returns for each post the earlier posts that tell the same story, one for each reason.
pub(super) fn ties(docs: &[Doc]) -> Vec<Vec<usize>> {
    let mut ties = vec![Vec::new(); docs.len()];
    let mut by_id: BTreeMap<PostId, usize> = BTreeMap::new();
    let common = common_links(docs);
    let mut by_link: BTreeMap<&str, usize> = BTreeMap::new();
    let mut bands: [BTreeMap<u16, Vec<(usize, Fingerprint)>>; 4] = Default::default();
    for (at, doc) in docs.iter().enumerate() {
        let tied = &mut ties[at];
        tied.extend(doc.story.and_then(|story| by_id.get(&story)));
        by_id.entry(doc.id).or_insert(at);
        for link in pages(doc) {
            if !common.contains_key(link) {
                let first = *by_link.entry(link).or_insert(at);
                tied.extend((first != at).then_some(first));
            }
        }
        let print = fingerprint(doc.text);
        if let Some(bits) = print.bits() {
            let band = |number: usize| (bits >> (16 * number)) as u16;
            let near = (0..4).find_map(|number| {
                let others = bands[number].get(&band(number))?;
                others.iter().find(|(_, other)| differ(bits, *other) <= MOST_BITS)
            });
            match near {
                Some(&(first, _)) => tied.push(first),
                None => {
                    for (number, prints) in bands.iter_mut().enumerate() {
                        prints.entry(band(number)).or_default().push((at, print));
                    }
                }
            }
        }
        tied.sort_unstable();
        tied.dedup();
    }
    ties
}

fn differ(bits: u64, other: Fingerprint) -> u32 {
    other.bits().map_or(64, |other| (bits ^ other).count_ones())
}

/// Returns the post's own page and the pages it links to; a bare host is no page.
fn pages<'a>(doc: &Doc<'a>) -> impl Iterator<Item = &'a str> {
    let links = doc.links.iter().map(String::as_str);
    let all = doc.canonical.into_iter().chain(links);
    all.filter(|link| {
        let path = link.split_once('/').map_or("", |(_, path)| path);
        path.trim_end_matches('/').len() > 1
    })
}

/// Returns the links that tie nothing: in many posts of one person, or in many posts at all.
fn common_links<'a>(docs: &[Doc<'a>]) -> BTreeMap<&'a str, ()> {
    let mut by_person: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut by_all: BTreeMap<&str, usize> = BTreeMap::new();
    for doc in docs {
        let mut own: Vec<&str> = pages(doc).collect();
        own.sort_unstable();
        own.dedup();
        for link in own {
            *by_person.entry((link, doc.person)).or_default() += 1;
            *by_all.entry(link).or_default() += 1;
        }
    }
    let most = (docs.len() as f64 * MOST_SHARE).max(10.0) as usize;
    let repeated = by_person
        .into_iter()
        .filter(|((_, person), times)| !person.is_empty() && *times > MOST_BY_ONE);
    let everywhere = by_all.into_iter().filter(|(_, times)| *times > most);
    repeated
        .map(|((link, _), _)| (link, ()))
        .chain(everywhere.map(|(link, _)| (link, ())))
        .collect()
}
