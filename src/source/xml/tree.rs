//! Reads an XML document into its head and its entries, one small tree at a time.
//!
//! Nothing here recurses on what a document nests: depth is bounded while reading.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::mend::{close_last_tag, mend_angles};
use super::names::Scope;
use super::{decode_references, references};
use crate::source::Error;

/// The deepest nesting that is read. feed-rs overflows the stack somewhere near a thousand.
const MAX_DEPTH: usize = 100;

/// The most attributes of one element that are read.
const MAX_ATTRIBUTES: usize = 64;

/// The most entries of one document that are kept: the first, which are the newest.
pub(in super::super) const MAX_ENTRIES: usize = 20_000;

/// An element under the one prefix of its vocabulary, in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in super::super) struct Element {
    /// `title`, `dc:creator`, `media:group`.
    pub(in super::super) name: String,
    /// Names likewise, but `xml:base` and `xml:lang`; values decoded. In order.
    pub(in super::super) attributes: Vec<(String, String)>,
    /// What it holds, in order.
    pub(in super::super) children: Vec<Node>,
}

/// What an element holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Node {
    /// An element in it.
    Element(Element),
    /// Text with its references replaced.
    Text(String),
}

impl Element {
    /// The value of an attribute.
    pub(in super::super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The elements directly in it.
    pub(in super::super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements of that name directly in it.
    pub(in super::super) fn all<'a>(
        &'a self,
        name: &'a str,
    ) -> impl Iterator<Item = &'a Element> + 'a {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first element of that name directly in it.
    pub(in super::super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    /// The first element of that name anywhere in it.
    pub(in super::super) fn descendant(&self, name: &str) -> Option<&Element> {
        self.elements().find_map(|element| {
            if element.name == name { Some(element) } else { element.descendant(name) }
        })
    }

    /// All text in it, trimmed; `None` if there is none.
    pub(in super::super) fn text(&self) -> Option<String> {
        let mut text = String::new();
        self.gather(&mut text);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn gather(&self, text: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => element.gather(text),
                Node::Text(part) => text.push_str(part),
            }
        }
    }

    /// The text of the first child of that name that has any.
    pub(in super::super) fn text_of(&self, name: &str) -> Option<String> {
        self.elements().filter(|element| element.name == name).find_map(Element::text)
    }
}

/// What a document holds.
#[derive(Debug)]
pub(in super::super) struct Reading {
    /// The root with everything but the entries.
    pub(in super::super) root: Element,
    /// Whole entries, in order.
    pub(in super::super) entries: Vec<Element>,
    /// Whole entries beyond [`MAX_ENTRIES`], which were only counted.
    pub(in super::super) left_out: usize,
    /// The document ended inside an entry, which is left out, or before its root did.
    pub(in super::super) truncated: bool,
    /// The document ended inside an entry.
    pub(in super::super) cut_entry: bool,
}

/// Reads `text`. Bare ampersands and angles, mismatched and missing tags, unknown references
/// and undeclared prefixes are forgiven as a browser would.
///
/// # Errors
/// [`Error::TooDeep`].
pub(in super::super) fn read(text: &str) -> Result<Reading, Error> {
    let text = mend_angles(text);
    let text = close_last_tag(&text);
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut building = Building::default();
    let mut entities = BTreeMap::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => building.open(&start)?,
            Ok(Event::Empty(start)) => {
                building.open(&start)?;
                building.close_top();
            }
            Ok(Event::End(end)) => building.close(end.name().as_ref()),
            Ok(Event::Text(part)) => building.text(&part.into_inner()),
            Ok(Event::CData(part)) => building.text(&part.into_inner()),
            Ok(Event::GeneralRef(name)) => {
                let name = name.into_inner();
                match references::resolve(&name).or_else(|| entities.get(&*name).cloned()) {
                    Some(characters) => building.text(&characters),
                    None => building.text(&format!("&{name};")),
                }
            }
            Ok(Event::DocType(doctype)) => entities = references::declared(&doctype.into_inner()),
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
            Ok(Event::Eof) | Err(_) => break,
        }
    }
    Ok(building.finish())
}

/// Elements that are open, and the entries that were closed.
#[derive(Debug, Default)]
struct Building {
    stack: Vec<Open>,
    scope: Scope,
    atom: bool,
    root: Option<Element>,
    entries: Vec<Element>,
    left_out: usize,
}

#[derive(Debug)]
struct Open {
    element: Element,
    /// As the document spells it.
    tag: String,
    /// What the scope held before.
    outside: usize,
}

impl Building {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Error> {
        if self.root.is_some() {
            return Ok(()); // a second root: nothing of it is ours
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(Error::TooDeep { limit: MAX_DEPTH });
        }
        let outside = self.scope.enter();
        let mut raw = Vec::new();
        let mut attributes = start.html_attributes();
        for attribute in attributes.with_checks(false).take(MAX_ATTRIBUTES).flatten() {
            let key: &str = attribute.key.as_ref();
            let value = decode_references(&attribute.value).into_owned();
            self.scope.declare(key, &value);
            raw.push((key.to_owned(), value));
        }
        let tag: &str = start.name().into_inner();
        if self.stack.is_empty() {
            let local = tag.rsplit(':').next().unwrap_or(tag).to_lowercase();
            self.atom = matches!(local.as_str(), "feed" | "entry");
        }
        let element = Element {
            name: self.scope.resolve(tag, self.atom),
            attributes: raw
                .into_iter()
                .filter(|(key, _)| !key.starts_with("xmlns"))
                .map(|(key, value)| (self.attribute_name(&key), value))
                .collect(),
            children: Vec::new(),
        };
        if is_entry(&element.name) {
            self.close_what_was_forgotten();
        }
        self.stack.push(Open { element, tag: tag.to_owned(), outside });
        Ok(())
    }

    fn attribute_name(&self, key: &str) -> String {
        if key.contains(':') { self.scope.resolve(key, self.atom) } else { key.to_lowercase() }
    }

    /// An entry stands in a feed, not in an entry or in a title: what was never closed ends here.
    fn close_what_was_forgotten(&mut self) {
        let Some(feed) = self.stack.iter().rposition(|open| is_feed(&open.element.name)) else {
            return;
        };
        let entry = self.stack.iter().rposition(|open| is_entry(&open.element.name));
        let foreign = entry.is_some_and(|entry| entry > feed && entry + 1 < self.stack.len());
        while !foreign && self.stack.len() > feed + 1 {
            self.close_top();
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.stack.last_mut() {
            match open.element.children.last_mut() {
                Some(Node::Text(before)) => before.push_str(text),
                _ => open.element.children.push(Node::Text(text.to_owned())),
            }
        }
    }

    /// Closes the nearest open element of that tag and all in it; nothing if there is none.
    fn close(&mut self, tag: &str) {
        let matching = |open: &Open| open.tag.eq_ignore_ascii_case(tag);
        if let Some(at) = self.stack.iter().rposition(matching) {
            while self.stack.len() > at {
                self.close_top();
            }
        }
    }

    fn close_top(&mut self) {
        let Some(Open { element, outside, .. }) = self.stack.pop() else { return };
        self.scope.leave(outside);
        match self.stack.last_mut() {
            None => self.root = Some(element),
            Some(parent) if is_entry(&element.name) && is_feed(&parent.element.name) => {
                if self.entries.len() < MAX_ENTRIES {
                    self.entries.push(element);
                } else {
                    self.left_out += 1;
                }
            }
            Some(parent) => parent.element.children.push(Node::Element(element)),
        }
    }

    fn finish(mut self) -> Reading {
        let truncated = self.root.is_none();
        let cut = self.stack.iter().position(|open| is_entry(&open.element.name));
        let cut_entry = cut.is_some_and(|at| at > 0);
        if cut_entry {
            self.stack.truncate(cut.unwrap_or(0));
        }
        while !self.stack.is_empty() {
            self.close_top();
        }
        let root = self.root.unwrap_or_default();
        Reading { root, entries: self.entries, left_out: self.left_out, truncated, cut_entry }
    }
}

fn is_entry(name: &str) -> bool {
    matches!(name, "item" | "entry" | "atom:entry")
}

fn is_feed(name: &str) -> bool {
    matches!(name, "rss" | "channel" | "feed" | "rdf:rdf" | "rdf" | "items" | "atom:feed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(xml: &str) -> Vec<String> {
        read(xml).unwrap().entries.iter().map(|entry| entry.text().unwrap_or_default()).collect()
    }

    #[test]
    fn head_and_entries_are_told_apart() {
        let reading = read(
            "<rss><channel><title>F</title><item><title>a</title></item>\
             <item><title>b</title></item></channel></rss>",
        )
        .unwrap();
        assert_eq!(reading.root.child("channel").unwrap().text_of("title").as_deref(), Some("F"));
        assert_eq!(reading.entries.len(), 2);
        assert!(!reading.truncated);
    }

    #[test]
    fn a_cut_entry_is_left_out_and_the_others_stay() {
        let reading = read("<rss><channel><item>a</item><item>b</item><item><title>c").unwrap();
        assert_eq!(reading.entries.len(), 2);
        assert!(reading.truncated && reading.cut_entry);
        assert!(!read("<rss><item>a</item></rss").unwrap().truncated);
    }

    #[test]
    fn broken_markup_is_forgiven() {
        assert_eq!(
            entries("<rss><item>AT&T &amp; caf&eacute; a < b <3</item></rss>"),
            ["AT&T & café a < b <3",]
        );
        assert_eq!(entries("<rss><item><p>x<b>y</item><item>z</p></item></rss>"), ["xy", "z"]);
        assert_eq!(entries("<rss><item>a<item>b</item></rss>"), ["a", "b"]);
        assert_eq!(entries("<rss><channel><title>F<item>b</item></channel></rss>"), ["b"]);
        assert_eq!(entries("<rss><item><![CDATA[<x> & ]]>y</item></rss>"), ["<x> & y"]);
    }

    #[test]
    fn entities_of_the_document_are_text_and_never_more() {
        let xml = "<!DOCTYPE rss [<!ENTITY id 'tag:a,'><!ENTITY lol '&id;&id;'>\
                   <!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><item>&id;1 &lol; &x;</item></rss>";
        assert_eq!(entries(xml), ["tag:a,1 &id;&id; &x;"]);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("<rss>{}", "<a>".repeat(500_000));
        assert_eq!(read(&deep).unwrap_err(), Error::TooDeep { limit: MAX_DEPTH });
    }

    #[test]
    fn text_that_is_no_xml_has_no_entries() {
        for text in ["", "hello", "<", "<<<", "<!", "]]>", "<a b=c", "&&&", "<?x"] {
            assert!(read(text).unwrap().entries.is_empty(), "{text}");
        }
    }
}
