//! What feed-rs loses or refuses of an entry: names, dates as written, threads, counters.

use url::Url;

use crate::model::{Counters, RawAuthor};
use crate::source::xml::Element;

use super::fields::{
    Link, MAX_OF_ONE, absolute, atom_links, atom_person, first_of, first_text, rss_person,
};
use super::sheet::{Enclosure, Entry};

/// Completes `entry`, which holds what feed-rs gave, from the element itself.
pub(super) fn complete(entry: &mut Entry, element: &Element, atom: bool, base: Option<&Url>) {
    let links = atom_links(element, base);
    entry.links = all_links(element, &links, base);
    entry.enclosures = enclosures(element, &links, base);
    let post = &mut entry.post;
    post.guid = guid(element);
    let written = post.link.take().map(|link| as_written(link, &entry.links));
    post.link = written.or_else(|| link(element, &links, base));
    post.authors = authors(element, base);
    post.published = published(element);
    post.updated = updated(element, atom);
    post.comments = first_text(element, &["comments"]).map(|url| absolute(&url, base));
    post.comment_feed = comment_feed(element, &links, base);
    post.in_reply_to = in_reply_to(element, base);
    if post.in_reply_to.is_empty() {
        post.in_reply_to.extend(post.link.as_deref().and_then(commented_page));
    }
    post.enclosures = entry.enclosures.iter().map(|enclosure| enclosure.url.clone()).collect();
    post.language = language(element);
    post.counters = counters(element, &links);
}

/// feed-rs percent-encodes addresses; a page is found by the address that its author wrote.
fn as_written(link: String, written: &[String]) -> String {
    let same = |other: &&String| Url::parse(other).is_ok_and(|url| url.as_str() == link);
    written.iter().find(same).cloned().unwrap_or(link)
}

fn guid(element: &Element) -> Option<String> {
    first_text(element, &["guid", "id", "atom:id"])
        .or_else(|| element.attribute("rdf:about").map(str::to_owned))
        .or_else(|| first_text(element, &["dc:identifier"]))
        .filter(|guid| !guid.trim().is_empty())
}

/// The page of an entry that has no `link`: its permanent guid, what RDF says it is about,
/// the page of its discussion.
fn link(element: &Element, links: &[Link<'_>], base: Option<&Url>) -> Option<String> {
    let permanent = element.all("guid").find(|guid| {
        guid.attribute("ispermalink").is_none_or(|value| !value.eq_ignore_ascii_case("false"))
    });
    let guid = permanent.and_then(Element::text).filter(|guid| is_web(guid));
    let about = element.attribute("rdf:about").filter(|about| is_web(about)).map(str::to_owned);
    let id = || element.text_of("id").filter(|id| is_web(id));
    first_of(links, "alternate")
        .or(guid)
        .or(about)
        .or_else(|| element.attribute("href").map(|href| absolute(href, base)))
        .or_else(id)
        .or_else(|| links.iter().find(|link| link.rel == "self").map(|link| link.href.clone()))
}

fn is_web(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    lower.starts_with("http://") || lower.starts_with("https://")
}

fn all_links(element: &Element, links: &[Link<'_>], base: Option<&Url>) -> Vec<String> {
    let plain = element.all("link").filter(|link| link.attribute("href").is_none());
    let plain = plain.filter_map(Element::text).map(|href| absolute(&href, base));
    plain.chain(links.iter().map(|link| link.href.clone())).collect()
}

fn enclosures(element: &Element, links: &[Link<'_>], base: Option<&Url>) -> Vec<Enclosure> {
    let make = |of: &Element, url: String, length: &str| Enclosure {
        url,
        media_type: of.attribute("type").map(str::to_owned),
        length: of.attribute(length).map(str::to_owned),
    };
    let plain = element.elements().filter(|child| matches!(child.name.as_str(), "enclosure"));
    let plain = plain.filter_map(|child| {
        let url = child.attribute("url").or_else(|| child.attribute("rdf:resource"))?;
        Some(make(child, absolute(url, base), "length"))
    });
    let linked = links.iter().filter(|link| link.rel == "enclosure");
    let linked = linked.map(|link| make(link.element, link.href.clone(), "length"));
    let groups = element.all("media:group").flat_map(|group| group.all("media:content"));
    let media = element.all("media:content").chain(groups).filter_map(|child| {
        let url = child.attribute("url")?;
        Some(make(child, absolute(url, base), "filesize"))
    });
    let mut found: Vec<Enclosure> = Vec::new();
    for enclosure in plain.chain(linked).chain(media).take(MAX_OF_ONE) {
        if !enclosure.url.is_empty() && found.iter().all(|known| known.url != enclosure.url) {
            found.push(enclosure);
        }
    }
    found
}

fn authors(element: &Element, base: Option<&Url>) -> Vec<RawAuthor> {
    let mut found: Vec<RawAuthor> = Vec::new();
    for child in element.elements() {
        let author = match child.name.as_str() {
            "author" | "atom:author" => atom_person(child, base),
            "dc:creator" | "dc:author" => child.text().and_then(|text| rss_person(&text)),
            _ => None,
        };
        let room = found.len() < MAX_OF_ONE;
        found.extend(author.filter(|author| room && !found.contains(author)));
    }
    if found.is_empty() {
        let other = first_text(element, &["itunes:author", "managingeditor"]);
        found.extend(other.and_then(|text| rss_person(&text)));
    }
    if found.is_empty() {
        // An aggregated entry's author is its source's (RFC 4287 §4.2.11).
        let sources = element.all("source").flat_map(|source| source.all("author"));
        found.extend(sources.filter_map(|author| atom_person(author, base)).take(1));
    }
    found
}

fn published(element: &Element) -> Option<String> {
    first_text(
        element,
        &[
            "pubdate",
            "published",
            "issued",
            "atom:published",
            "dcterms:issued",
            "dc:date",
            "created",
            "dcterms:created",
        ],
    )
}

fn updated(element: &Element, atom: bool) -> Option<String> {
    let own = ["updated", "modified", "atom:updated", "dcterms:modified", "lastbuilddate"];
    first_text(element, &own)
        .or_else(|| element.attribute("lastmod").map(str::to_owned))
        .or_else(|| if atom { None } else { first_text(element, &["dc:date"]) })
}

fn comment_feed(element: &Element, links: &[Link<'_>], base: Option<&Url>) -> Option<String> {
    let wfw = first_text(element, &["wfw:commentrss"]).map(|url| absolute(&url, base));
    let replies = links.iter().filter(|link| link.rel == "replies");
    let feed = replies
        .clone()
        .find(|link| link.element.attribute("type").is_some_and(|kind| kind.contains("xml")));
    wfw.or_else(|| feed.or_else(|| replies.clone().next()).map(|link| link.href.clone()))
}

/// RFC 4685 §3: `ref` names the entry answered, `href` its page.
fn in_reply_to(element: &Element, base: Option<&Url>) -> Vec<String> {
    let mut found = Vec::new();
    for reply in element.all("thr:in-reply-to") {
        let page = reply.attribute("href").map(|href| absolute(href, base));
        found.extend(page.into_iter().chain(reply.attribute("ref").map(str::to_owned)));
    }
    found.retain(|text: &String| !text.trim().is_empty());
    found
}

/// The page below which a link of the form `…#comment-7` stands: WordPress's RSS of comments has
/// no other word of what they answer.
fn commented_page(link: &str) -> Option<String> {
    let (page, number) = link.split_once("#comment-")?;
    let plain = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| page.to_owned())
}

fn language(element: &Element) -> Option<String> {
    let own = element.attribute("xml:lang").map(str::to_owned);
    let parts = ["content", "content:encoded", "summary", "description", "title"];
    own.or_else(|| first_text(element, &["dc:language", "language"])).or_else(|| {
        let mut parts = parts.iter().filter_map(|name| element.child(name));
        parts.find_map(|part| part.attribute("xml:lang")).map(str::to_owned)
    })
}

fn counters(element: &Element, links: &[Link<'_>]) -> Counters {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let text = |name: &str| element.text_of(name).as_deref().and_then(number);
    let of = |name: &str, attribute: &str| {
        element.descendant(name).and_then(|found| found.attribute(attribute)).and_then(number)
    };
    let linked = links.iter().filter(|link| link.rel == "replies");
    let linked = linked.filter_map(|link| link.element.attribute("thr:count")).find_map(number);
    Counters {
        replies: text("slash:comments").or_else(|| text("thr:total")).or(linked),
        boosts: None,
        likes: of("media:starrating", "count").or_else(|| of("media:statistics", "favorites")),
        views: of("media:statistics", "views"),
    }
}
