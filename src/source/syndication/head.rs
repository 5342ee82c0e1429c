//! What a feed says of itself.

use jiff::SignedDuration;
use url::Url;

use crate::model::RawAuthor;
use crate::source::xml::{Element, html_of};

use super::fields::{absolute, atom_links, atom_person, first_of, first_text, rss_person};
use super::sheet::Head;

/// Days as RSS `skipDays` and as everybody writes them.
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Reads the head of a document; `channel` is the root itself in Atom.
pub(super) fn read(root: &Element, channel: &Element, atom: bool, base: Option<&Url>) -> Head {
    let html = |names: &[&str]| {
        let elements = names.iter().flat_map(|name| channel.all(name));
        elements.filter_map(|element| html_of(element, atom)).next()
    };
    let skip_hours = children_of(channel, "skiphours", "hour");
    let skip_hours = skip_hours.iter().filter_map(|hour| hour.parse::<u8>().ok());
    Head {
        title: html(&["title", "dc:title"]),
        subtitle: html(&[
            "subtitle",
            "tagline",
            "description",
            "dc:description",
            "abstract",
            "itunes:subtitle",
            "itunes:summary",
            "atom:subtitle",
        ]),
        link: link(channel, base),
        id: first_text(channel, &["id", "atom:id"]).map(|id| absolute(&id, None)),
        language: language(root, channel),
        authors: authors(channel, base),
        updated: first_text(
            channel,
            &[
                "updated",
                "modified",
                "lastbuilddate",
                "dc:date",
                "dcterms:modified",
                "atom:updated",
            ],
        )
        .or_else(|| channel.attribute("lastmod").map(str::to_owned)),
        published: first_text(channel, &["pubdate", "published", "dcterms:issued", "issued"]),
        ttl: ttl(channel),
        // 24 is midnight's other name.
        skip_hours: skip_hours.filter(|hour| *hour <= 24).map(|hour| hour % 24).collect(),
        skip_days: skip_days(channel),
        expired: false,
    }
}

fn link(channel: &Element, base: Option<&Url>) -> Option<String> {
    let links = atom_links(channel, base);
    let own = channel.all("link").find_map(|link| link.text());
    own.map(|link| absolute(&link, base))
        .or_else(|| first_of(&links, "alternate"))
        .or_else(|| channel.attribute("href").map(|href| absolute(href, base)))
}

fn language(root: &Element, channel: &Element) -> Option<String> {
    first_text(channel, &["language", "dc:language"])
        .or_else(|| channel.attribute("xml:lang").map(str::to_owned))
        .or_else(|| root.attribute("xml:lang").map(str::to_owned))
        .filter(|language| !language.trim().is_empty())
}

/// Who is named for the whole feed: authors before editors.
fn authors(channel: &Element, base: Option<&Url>) -> Vec<RawAuthor> {
    let constructs =
        channel.elements().filter(|child| matches!(child.name.as_str(), "author" | "atom:author"));
    let named: Vec<_> = constructs.filter_map(|author| atom_person(author, base)).collect();
    if !named.is_empty() {
        return named;
    }
    let texts = ["dc:creator", "dc:author", "itunes:author", "managingeditor"];
    let texts = texts.iter().find_map(|name| channel.text_of(name));
    texts.and_then(|text| rss_person(&text)).into_iter().collect()
}

fn children_of(channel: &Element, list: &str, item: &str) -> Vec<String> {
    channel.all(list).flat_map(|list| list.all(item)).filter_map(Element::text).collect()
}

fn skip_days(channel: &Element) -> Vec<String> {
    let days = children_of(channel, "skipdays", "day");
    let known = |day: &String| DAYS.iter().find(|known| known.eq_ignore_ascii_case(day));
    days.iter().filter_map(known).map(|day| (*day).to_owned()).collect()
}

/// RSS `ttl` in minutes, else the Syndication module's period divided by its frequency.
fn ttl(channel: &Element) -> Option<SignedDuration> {
    let minutes = channel.text_of("ttl").and_then(|text| text.parse::<u32>().ok());
    if let Some(minutes) = minutes.filter(|minutes| *minutes > 0) {
        return Some(SignedDuration::from_mins(i64::from(minutes)));
    }
    let hours = match channel.text_of("sy:updateperiod")?.to_ascii_lowercase().as_str() {
        "hourly" => 1,
        "daily" => 24,
        "weekly" => 7 * 24,
        "monthly" => 30 * 24,
        "yearly" => 365 * 24,
        _ => return None,
    };
    let frequency = channel.text_of("sy:updatefrequency").and_then(|text| text.parse().ok());
    let frequency = frequency.filter(|count: &i64| *count > 0).unwrap_or(1);
    Some(SignedDuration::from_secs(hours * 3600 / frequency))
}
