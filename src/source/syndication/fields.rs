//! Fields that RSS and Atom share: bases, links, people, dates.

use url::Url;

use crate::model::RawAuthor;
use crate::source::xml::Element;

/// Returns the base of addresses in `element`: its `xml:base` as seen from `outside`.
pub(super) fn base(element: &Element, outside: Option<&Url>) -> Option<Url> {
    match element.attribute("xml:base") {
        Some(own) => match outside {
            Some(outside) => outside.join(own.trim()).ok(),
            None => Url::parse(own.trim()).ok(),
        }
        .or_else(|| outside.cloned()),
        None => outside.cloned(),
    }
}

/// Returns `address` made absolute where that is possible, else as written.
pub(super) fn absolute(address: &str, base: Option<&Url>) -> String {
    let address = address.trim();
    match base {
        Some(base) if Url::parse(address).is_err() => {
            base.join(address).map_or_else(|_| address.to_owned(), String::from)
        }
        _ => address.to_owned(),
    }
}

/// The most tags, people, links or files of one entry that are read: telling them apart takes
/// time with their square.
pub(super) const MAX_OF_ONE: usize = 100;

/// A link as Atom has it.
#[derive(Debug, Clone)]
pub(super) struct Link<'a> {
    pub(super) rel: &'a str,
    pub(super) href: String,
    pub(super) element: &'a Element,
}

/// Returns Atom's links in `element`, in order, absolute.
pub(super) fn atom_links<'a>(element: &'a Element, base: Option<&Url>) -> Vec<Link<'a>> {
    let links =
        element.elements().filter(|child| matches!(child.name.as_str(), "link" | "atom:link"));
    let link = |child: &'a Element| {
        // Some write the address as text, as RSS does.
        let written = || child.attribute("rel").and_then(|_| child.text());
        let href = child.attribute("href").map(str::to_owned).or_else(written)?;
        let own = self::base(child, base);
        let rel = child.attribute("rel").unwrap_or("alternate");
        let rel = rel
            .rsplit('/')
            .next()
            .filter(|_| rel.starts_with("http://www.iana.org"))
            .unwrap_or(rel);
        Some(Link { rel, href: absolute(&href, own.as_ref()), element: child })
    };
    links.filter_map(link).filter(|link| !link.href.is_empty()).take(MAX_OF_ONE).collect()
}

/// Returns the first link of that relation, an HTML page before others.
pub(super) fn first_of(links: &[Link<'_>], rel: &str) -> Option<String> {
    let is_page = |link: &&Link<'_>| {
        let kind = link.element.attribute("type").unwrap_or("text/html");
        kind.is_empty() || kind.contains("html")
    };
    let of_rel = || links.iter().filter(|link| link.rel.eq_ignore_ascii_case(rel));
    of_rel().find(is_page).or_else(|| of_rel().next()).map(|link| link.href.clone())
}

/// Reads an Atom person construct (RFC 4287 §3.2; Atom 0.3 said `url`, earlier drafts `homepage`).
pub(super) fn atom_person(element: &Element, base: Option<&Url>) -> Option<RawAuthor> {
    let field = |names: [&str; 3]| names.iter().find_map(|name| element.text_of(name));
    let uri = field(["uri", "url", "homepage"]);
    let author = RawAuthor {
        name: field(["name", "atom:name", "foaf:name"]),
        uri: uri.map(|uri| absolute(&uri, base)),
        email: field(["email", "atom:email", "foaf:mbox"]),
        handle: None,
    };
    if author == RawAuthor::default() { rss_person(&element.text()?) } else { Some(author) }
}

/// Reads a person as RSS writes one: `a@b.example (Name)`, `Name (a@b.example)`,
/// `Name <a@b.example>`, an address or a name.
pub(super) fn rss_person(text: &str) -> Option<RawAuthor> {
    let text = text.trim();
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    if text.is_empty() {
        return None;
    }
    let split = |open: char, close: char| {
        let (before, rest) = text.split_once(open)?;
        let inner = rest.trim_end().strip_suffix(close)?;
        Some((before.trim().to_owned(), inner.trim().to_owned()))
    };
    let (name, email) =
        match split('<', '>').or_else(|| split('(', ')')).or_else(|| split('（', '）')) {
            Some((first, second)) if is_mail(&first) => (Some(second), Some(first)),
            Some((first, second)) if is_mail(&second) => (Some(first), Some(second)),
            _ if is_mail(text) => (None, Some(text.to_owned())),
            _ => (Some(text.to_owned()), None),
        };
    Some(RawAuthor { name: name.filter(|name| !name.is_empty()), uri: None, email, handle: None })
}

/// Tells whether `text` has the form of a mail address.
fn is_mail(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"()<>,;:\"".contains(&byte);
    !user.is_empty() && host.contains('.') && !host.contains('@') && text.bytes().all(plain)
}

/// Returns the tags of an entry, in order, each once: categories by label and term, subjects,
/// and keywords that are written as a list.
pub(super) fn tags(element: &Element) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |tag: Option<String>| {
        let tag = tag.map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty());
        if let Some(tag) = tag.filter(|tag| found.len() < MAX_OF_ONE && !found.contains(tag)) {
            found.push(tag);
        }
    };
    for child in element.elements() {
        let attribute = |name: &str| child.attribute(name).map(str::to_owned);
        match child.name.as_str() {
            "category" | "atom:category" | "media:category" | "dc:subject" => {
                add(attribute("term"));
                add(attribute("label"));
                add(child.text());
            }
            "itunes:category" => {
                add(attribute("text"));
                let inner = child.all("itunes:category");
                inner.for_each(|inner| add(inner.attribute("text").map(str::to_owned)));
            }
            "itunes:keywords" | "media:keywords" | "tags" => {
                let list = child.text().unwrap_or_default();
                list.split(',').for_each(|tag| add(Some(tag.to_owned())));
            }
            _ => {}
        }
    }
    found
}

/// Returns the text of the first element that has one of `names`, the first name first.
pub(super) fn first_text(element: &Element, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| element.text_of(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_read_in_any_order() {
        for (text, name, email) in [
            ("ines@a.example (Ines Okafor)", Some("Ines Okafor"), Some("ines@a.example")),
            ("Ines Okafor (ines@a.example)", Some("Ines Okafor"), Some("ines@a.example")),
            ("Ines Okafor <ines@a.example>", Some("Ines Okafor"), Some("ines@a.example")),
            ("ines@a.example", None, Some("ines@a.example")),
            ("Ines (Rust)", Some("Ines (Rust)"), None),
            ("@ines@a.example", Some("@ines@a.example"), None),
            ("名前（a@b.example）", Some("名前"), Some("a@b.example")),
        ] {
            let author = rss_person(text).unwrap();
            assert_eq!((author.name.as_deref(), author.email.as_deref()), (name, email), "{text}");
        }
        assert_eq!(rss_person("  "), None);
    }

    #[test]
    fn bases_nest() {
        let outside = Url::parse("https://a.example/x/").unwrap();
        let element = |value: &str| Element {
            attributes: vec![("xml:base".into(), value.into())],
            ..Element::default()
        };
        assert_eq!(
            base(&element("y/"), Some(&outside)).unwrap().as_str(),
            "https://a.example/x/y/"
        );
        assert_eq!(absolute("p", Some(&outside)), "https://a.example/x/p");
        assert_eq!(absolute("p", None), "p");
        assert_eq!(absolute("mailto:x@y", Some(&outside)), "mailto:x@y");
    }
}
