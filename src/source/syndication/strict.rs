//! Gives feed-rs what it can read: entries written anew, well-formed, a batch at a time.
//!
//! Only the elements that are wanted of it are written, so that none of those on which it
//! panics (docs/technotes/reading-feeds.md) reaches it. A batch that fails is read entry by entry.

use std::panic::{AssertUnwindSafe, catch_unwind};

use feed_rs::model as feed;
use url::Url;

use crate::model::{Problem, RawPost};
use crate::source::xml::{Element, escape, html_of};

use super::fields::{absolute, atom_links, base as base_of};
use super::sheet::Entry;

/// Entries for one call of feed-rs: enough to make its start cheap, few enough to stay small.
const BATCH: usize = 64;

/// Returns one entry for each element, in order. Whatever fails becomes a problem and an entry
/// without title, link and text.
pub(super) fn read(
    elements: &[Element],
    bases: &[Option<Url>],
    atom: bool,
    problems: &mut Vec<Problem>,
) -> Vec<Entry> {
    let written: Vec<String> = elements
        .iter()
        .zip(bases)
        .map(|(element, base)| {
            if atom {
                write_atom(element, base.as_ref())
            } else {
                write_rss(element, base.as_ref())
            }
        })
        .collect();
    let mut found = Vec::with_capacity(written.len());
    for (number, batch) in written.chunks(BATCH).enumerate() {
        if let Some(entries) = parse(batch, atom) {
            found.extend(entries.into_iter().map(keep));
            continue;
        }
        for (position, entry) in batch.iter().enumerate() {
            let one = parse(std::slice::from_ref(entry), atom).and_then(|mut one| one.pop());
            if one.is_none() {
                let subject = format!("entry {}", number * BATCH + position + 1);
                problems.push(Problem::new(subject, "its title and text could not be read"));
            }
            found.push(one.map(keep).unwrap_or_default());
        }
    }
    found
}

/// Returns as many entries as were handed over, or `None`.
fn parse(batch: &[String], atom: bool) -> Option<Vec<feed::Entry>> {
    let (start, end) = if atom {
        ("<feed xmlns=\"http://www.w3.org/2005/Atom\">", "</feed>")
    } else {
        (
            "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel>",
            "</channel></rss>",
        )
    };
    let document = [start, &batch.concat(), end].concat();
    let parser = feed_rs::parser::Builder::new().id_generator(|_, _, _| String::new()).build();
    let read = catch_unwind(AssertUnwindSafe(|| parser.parse(document.as_bytes())));
    read.ok()?.ok().map(|feed| feed.entries).filter(|entries| entries.len() == batch.len())
}

fn keep(entry: feed::Entry) -> Entry {
    let text = |text: feed::Text| Some(text.content).filter(|text| !text.trim().is_empty());
    let tags = entry.categories.into_iter().map(|category| category.term).collect();
    let page =
        entry.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    let post = RawPost {
        link: page.map(|link| link.href.clone()),
        title: entry.title.and_then(text),
        summary: entry.summary.and_then(text),
        content: entry.content.and_then(|content| content.body),
        tags,
        ..RawPost::default()
    };
    Entry { post, ..Entry::default() }
}

/// Appends `<tag …>text</tag>`.
fn put(out: &mut String, tag: &str, attributes: &str, text: &str) {
    out.push_str(&format!("<{tag}{attributes}>"));
    escape(text, out);
    out.push_str(&format!("</{tag}>"));
}

fn first_html(element: &Element, names: &[&str], atom: bool) -> Option<String> {
    names.iter().flat_map(|name| element.all(name)).find_map(|found| html_of(found, atom))
}

fn write_rss(element: &Element, base: Option<&Url>) -> String {
    let mut out = String::from("<item>");
    let html = |names: &[&str]| first_html(element, names, false);
    if let Some(title) = html(&["title", "dc:title", "itunes:title", "media:title"]) {
        put(&mut out, "title", "", &title);
    }
    let plain = element.all("link").filter(|link| link.attribute("href").is_none());
    if let Some(link) = plain.filter_map(Element::text).next() {
        put(&mut out, "link", "", &absolute(&link, base));
    }
    let summary = html(&[
        "description",
        "dc:description",
        "abstract",
        "itunes:summary",
        "summary",
        "media:description",
    ]);
    let media = || html_of(element.descendant("media:description")?, false);
    if let Some(summary) = summary.or_else(media) {
        put(&mut out, "description", "", &rebase(summary, element, "description", base));
    }
    if let Some(content) = html(&["content:encoded", "body", "fullitem", "atom:content", "content"])
    {
        put(&mut out, "content:encoded", "", &rebase(content, element, "body", base));
    }
    for tag in super::fields::tags(element) {
        put(&mut out, "category", "", &tag);
    }
    out.push_str("</item>");
    out
}

fn write_atom(element: &Element, base: Option<&Url>) -> String {
    let mut out = String::from("<entry>");
    let html = |names: &[&str]| first_html(element, names, true);
    if let Some(title) = html(&["title", "dc:title", "media:title"]) {
        put(&mut out, "title", " type=\"html\"", &title);
    }
    if let Some(link) = super::fields::first_of(&atom_links(element, base), "alternate") {
        let mut href = String::new();
        escape(&link, &mut href);
        out.push_str(&format!("<link rel=\"alternate\" href=\"{href}\"/>"));
    }
    if let Some(summary) = html(&["summary", "description", "dc:description"]).or_else(|| {
        let description = element.descendant("media:description")?;
        html_of(description, true)
    }) {
        put(&mut out, "summary", " type=\"html\"", &rebase(summary, element, "summary", base));
    }
    if let Some(content) = html(&["content", "content:encoded"]) {
        put(&mut out, "content", " type=\"html\"", &rebase(content, element, "content", base));
    }
    for tag in super::fields::tags(element) {
        let mut term = String::new();
        escape(&tag, &mut term);
        out.push_str(&format!("<category term=\"{term}\"/>"));
    }
    out.push_str("</entry>");
    out
}

/// Makes the addresses in `html` absolute where `xml:base` says what they are relative to.
fn rebase(html: String, element: &Element, part: &str, base: Option<&Url>) -> String {
    let own = element.child(part).map_or_else(|| base.cloned(), |part| base_of(part, base));
    match own {
        Some(base) => super::super::rebase::html(&html, &base),
        None => html,
    }
}
