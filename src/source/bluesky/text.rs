//! A post's text as HTML: what its facets mark becomes links.

use super::views::{Facet, Feature, Record};
use crate::model::{Handle, RawAuthor};
use crate::source::answer::escaped;

/// Returns the text with its links, mentions and tags. Facets that overlap, or do not fall
/// between letters, are left out: anybody may have written them.
pub(super) fn html(record: &Record) -> String {
    let text = record.text.as_deref().unwrap_or("");
    let (mut html, mut at) = (String::new(), 0);
    for (piece, start, end, feature) in pieces(text, &record.facets) {
        if start < at {
            continue;
        }
        html.push_str(&lines(&text[at..start]));
        let shown = lines(piece);
        match (&feature.uri, &feature.did) {
            (Some(uri), _) => html.push_str(&format!("<a href=\"{}\">{shown}</a>", escaped(uri))),
            (None, Some(did)) => {
                let page = escaped(&profile(did));
                html.push_str(&format!("<a href=\"{page}\" class=\"mention\">{shown}</a>"));
            }
            (None, None) => html.push_str(&shown),
        }
        at = end;
    }
    html.push_str(&lines(&text[at..]));
    if html.is_empty() { html } else { format!("<p>{html}</p>") }
}

/// The facets that can be applied, in the text's order, with the pieces that they mark.
fn pieces<'a>(text: &'a str, facets: &'a [Facet]) -> Vec<(&'a str, usize, usize, &'a Feature)> {
    let piece = |facet: &'a Facet| {
        let (start, end) = (facet.index.byte_start, facet.index.byte_end);
        let piece = text.get(start..end).filter(|piece| !piece.is_empty())?;
        Some((piece, start, end, facet.features.first()?))
    };
    let mut found: Vec<_> = facets.iter().filter_map(piece).collect();
    found.sort_by_key(|(_, start, end, _)| (*start, *end));
    found
}

/// Whom the text names: by the name that stands there, and by the account for good.
pub(super) fn mentions(record: &Record) -> Vec<RawAuthor> {
    let text = record.text.as_deref().unwrap_or("");
    let mention = |(piece, _, _, feature): (&str, usize, usize, &Feature)| {
        let did = feature.did.as_ref()?;
        let name = piece.trim_start_matches('@');
        let handle = name.contains('.').then(|| Handle::new("bluesky", name));
        Some(RawAuthor { uri: Some(profile(did)), handle, ..RawAuthor::default() })
    };
    pieces(text, &record.facets).into_iter().filter_map(mention).collect()
}

/// Tags in the text, and those beside it.
pub(super) fn tags(record: &Record) -> Vec<String> {
    let features = record.facets.iter().flat_map(|facet| &facet.features);
    let mut tags: Vec<String> = Vec::new();
    for tag in features.filter_map(|feature| feature.tag.clone()).chain(record.tags.clone()) {
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// The page of an account, by its DID or its handle.
pub(super) fn profile(who: &str) -> String {
    format!("https://bsky.app/profile/{who}")
}

fn lines(text: &str) -> String {
    escaped(text).replace("\n\n", "</p><p>").replace('\n', "<br>")
}

#[cfg(test)]
mod tests {
    use super::super::views::Range;
    use super::*;

    fn facet(byte_start: usize, byte_end: usize, feature: Feature) -> Facet {
        Facet { index: Range { byte_start, byte_end }, features: vec![feature] }
    }

    fn link(uri: &str) -> Feature {
        Feature { uri: Some(uri.to_owned()), ..Feature::default() }
    }

    fn check(text: &str, facets: Vec<Facet>, expected: &str) {
        let record = Record { text: Some(text.to_owned()), facets, ..Record::default() };
        assert_eq!(html(&record), expected, "{text}");
    }

    #[test]
    fn facets_count_bytes() {
        check(
            "Größe 📦 here & there",
            vec![facet(13, 17, link("https://a.example/?a=1&b=2"))],
            "<p>Größe 📦 <a href=\"https://a.example/?a=1&amp;b=2\">here</a> &amp; there</p>",
        );
    }

    #[test]
    fn facets_that_cannot_be_are_left_out() {
        let all = vec![
            facet(1, 2, link("https://inside.a.letter.example/")),
            facet(3, 99, link("https://beyond.example/")),
            facet(5, 3, link("https://backwards.example/")),
            facet(3, 7, link("https://first.example/")),
            facet(4, 8, link("https://overlaps.example/")),
        ];
        check("äb cdef gh", all, "<p>äb<a href=\"https://first.example/\"> cde</a>f gh</p>");
    }

    #[test]
    fn lines_stay_lines() {
        check("one\ntwo\n\nthree", Vec::new(), "<p>one<br>two</p><p>three</p>");
        check("", Vec::new(), "");
    }
}
