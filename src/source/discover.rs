//! What a page for people says of its feed and of who is behind it.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::Error;

/// A feed that a page names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Absolute.
    pub url: String,
    /// As the page calls it.
    pub title: Option<String>,
}

/// Where feeds lie on sites that do not name them, the likeliest first.
pub const COMMON_PATHS: [&str; 10] = [
    "/feed/",
    "/feed.xml",
    "/atom.xml",
    "/rss.xml",
    "/index.xml",
    "/rss",
    "/feed.json",
    "/rss/",
    "/blog/feed/",
    "/blog/index.xml",
];

/// The most feeds or pages that one page may name.
const MAX_FOUND: usize = 50;

/// How much of a page is searched for what it says of itself, in bytes: such things stand in
/// its head, or early in its body.
const MAX_BYTES: usize = 500_000;

/// The same in tags.
const MAX_TAGS: usize = 5_000;

/// The deepest nesting of a page that is read. html5ever's work grows with its square.
pub(super) const MAX_DEPTH: usize = 1_000;

/// Elements that must be closed.
static NESTING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)<(/?)(?:a|article|aside|b|blockquote|center|code|div|dl|em|font|form|i|main|nav|ol|section|small|span|strong|table|u|ul)\b")
        .expect("a fixed pattern that was tested")
});

/// Tells whether a page nests deeper than `limit`.
pub(super) fn check_depth(html: &str, limit: usize) -> Result<(), Error> {
    let mut depth = 0usize;
    for tag in NESTING.captures_iter(html) {
        depth = if tag[1].is_empty() { depth + 1 } else { depth.saturating_sub(1) };
        if depth > limit {
            return Err(Error::TooDeep { limit });
        }
    }
    Ok(())
}

/// The part of a page that is searched.
fn beginning(html: &str) -> &str {
    let html = &html[..html.floor_char_boundary(MAX_BYTES.min(html.len()))];
    let end = html.match_indices('<').nth(MAX_TAGS).map_or(html.len(), |(at, _)| at);
    &html[..end]
}

/// Media types that mean a feed.
const FEED_TYPES: [&str; 6] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/x.atom+xml",
    "text/rss",
];

/// Tells whether `text` begins as an HTML page does.
pub fn is_html(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ => break,
        };
        match rest.find(end) {
            Some(at) => rest = rest[at + end.len()..].trim_start(),
            None => return false,
        }
    }
    // A page's doctype over a feed: careless templates do that.
    let early = &text[..text.floor_char_boundary(text.len().min(2048))];
    if !early.contains("<html")
        && ["<rss", "<feed", "<rdf:RDF"].iter().any(|root| early.contains(root))
    {
        return false;
    }
    let start: String = rest.chars().take(15).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|begin| start.starts_with(begin))
}

/// Returns the feeds that the page at `base` names by `<link rel=alternate>`, in its order, but
/// those of comments last.
pub fn feeds_in_page(html: &str, base: &str) -> Vec<Found> {
    let document = Html::parse_document(beginning(html));
    let base = base_of(&document, base);
    let mut found: Vec<Found> = Vec::new();
    for link in select(&document, "link[href]") {
        let is = |name: &str, wanted: fn(&str) -> bool| link.attr(name).is_some_and(wanted);
        let alternate = is("rel", |rel| {
            rel.split_whitespace().any(|word| {
                word.eq_ignore_ascii_case("alternate") || word.eq_ignore_ascii_case("feed")
            })
        });
        let typed =
            is("type", |kind| FEED_TYPES.contains(&kind.trim().to_ascii_lowercase().as_str()));
        let Some(url) = link.attr("href").and_then(|href| absolute(base.as_ref(), href)) else {
            continue;
        };
        if alternate
            && typed
            && found.len() < MAX_FOUND
            && found.iter().all(|known| known.url != url)
        {
            let title = link.attr("title").map(str::trim).filter(|title| !title.is_empty());
            found.push(Found { url, title: title.map(str::to_owned) });
        }
    }
    found.sort_by_key(is_of_comments);
    found
}

/// Returns those of `feeds` among which a person would choose: none of comments where there are
/// others, and of one feed in several formats the first.
pub fn choices(feeds: Vec<Found>) -> Vec<Found> {
    let only_comments = feeds.iter().all(is_of_comments);
    let mut chosen: Vec<Found> = Vec::new();
    for found in feeds {
        let told = |other: &Found| subject(other) == subject(&found);
        if (only_comments || !is_of_comments(&found)) && !chosen.iter().any(told) {
            chosen.push(found);
        }
    }
    chosen
}

/// What a feed's title says of its content: without the words that name its format.
fn subject(found: &Found) -> Vec<String> {
    const FORMATS: [&str; 12] =
        ["rss", "rss2", "atom", "json", "xml", "feed", "feeds", "rdf", "2.0", "1.0", "0.92", "via"];
    let title = found.title.as_deref().unwrap_or("").to_lowercase();
    let is_edge = |c: char| !c.is_alphanumeric() && c != '.';
    let words = title.split(|c: char| c.is_whitespace()).map(|word| word.trim_matches(is_edge));
    words.filter(|word| !word.is_empty() && !FORMATS.contains(word)).map(str::to_owned).collect()
}

fn is_of_comments(found: &Found) -> bool {
    let title = found.title.as_deref().unwrap_or("").to_lowercase();
    found.url.contains("/comments/") || title.contains("comment")
}

/// Returns the pages that the page at `base` says are of the same person (`rel=me`), in its
/// order, absolute.
pub fn rel_me(html: &str, base: &str) -> Vec<String> {
    let document = Html::parse_document(beginning(html));
    let base = base_of(&document, base);
    let mut found = Vec::new();
    for link in select(&document, "a[rel~=me][href], link[rel~=me][href]") {
        let url = link.attr("href").and_then(|href| absolute(base.as_ref(), href));
        let room = found.len() < MAX_FOUND;
        found.extend(url.filter(|url| room && !found.contains(url)));
    }
    found
}

/// Returns the name of whoever the page is about: its h-card's, else what it calls the site,
/// else its title.
pub fn name(html: &str) -> Option<String> {
    let document = Html::parse_document(beginning(html));
    let text = |selector: &str| {
        let texts = select(&document, selector).map(|element| text_of(&element));
        texts.into_iter().find(|text| !text.is_empty())
    };
    let site = || {
        let mut metas = select(&document, "meta[property='og:site_name'][content]");
        let content = metas.next().and_then(|meta| meta.attr("content").map(str::trim));
        content.filter(|content| !content.is_empty()).map(str::to_owned)
    };
    text(".h-card .p-name").or_else(|| text(".h-card")).or_else(site).or_else(|| text("title"))
}

fn text_of(element: &ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn select<'a>(document: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a fixed selector that was tested");
    document.select(&selector).collect::<Vec<_>>().into_iter()
}

fn base_of(document: &Html, url: &str) -> Option<Url> {
    let outer = Url::parse(url).ok();
    let own =
        select(document, "base[href]").next().and_then(|base| base.attr("href").map(str::to_owned));
    match (own, &outer) {
        (Some(own), Some(outer)) => outer.join(&own).ok(),
        (Some(own), None) => Url::parse(&own).ok(),
        (None, _) => outer,
    }
}

fn absolute(base: Option<&Url>, href: &str) -> Option<String> {
    crate::normalize::url::resolve(base.map_or("", Url::as_str), href)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!doctype html><html><head><title>T</title><base href='/blog/'>\
        <link rel=alternate type='application/rss+xml' title='Comments' href='comments/feed/'>\
        <link rel=alternate type='text/html' href='en'>\
        <link rel=stylesheet href=s.css>\
        <link rel='alternate home' type='application/atom+xml' href='atom.xml'></head>\
        <body class=h-card><a class=p-name href=/>Ines  Okafor</a>\
        <a rel='me noopener' href='https://social.example/@ines'>m</a></body></html>";

    #[test]
    fn a_page_names_its_feeds_comments_last() {
        let found = feeds_in_page(PAGE, "https://ines.example/about");
        let urls: Vec<&str> = found.iter().map(|found| found.url.as_str()).collect();
        assert_eq!(
            urls,
            ["https://ines.example/blog/atom.xml", "https://ines.example/blog/comments/feed/"]
        );
    }

    #[test]
    fn formats_and_comments_are_no_choice() {
        let named = |titles: &[&str]| -> Vec<Found> {
            let found = |(at, title): (usize, &&str)| Found {
                url: format!("https://a.example/{at}"),
                title: (!title.is_empty()).then(|| (*title).to_owned()),
            };
            titles.iter().enumerate().map(found).collect()
        };
        let count = |titles: &[&str]| choices(named(titles)).len();
        assert_eq!(count(&["Ines » Feed", "Ines » Comments Feed"]), 1);
        assert_eq!(count(&["RSS 2.0", "Atom 1.0", "JSON Feed"]), 1);
        assert_eq!(count(&["", ""]), 1);
        assert_eq!(count(&["Articles (RSS)", "Articles (Atom)", "Links", "Notes"]), 3);
        assert_eq!(count(&["Comments"]), 1);
        assert_eq!(count(&[]), 0);
    }

    #[test]
    fn a_page_says_who_is_behind_it() {
        assert_eq!(rel_me(PAGE, "https://ines.example/"), ["https://social.example/@ines"]);
        assert_eq!(name(PAGE).as_deref(), Some("Ines Okafor"));
        assert_eq!(name("<title> A  B </title>").as_deref(), Some("A B"));
        assert_eq!(name("<p>x"), None);
    }

    #[test]
    fn a_page_of_absurd_depth_costs_no_time() {
        let deep = format!("<!doctype html>{}", "<div>".repeat(1_000_000));
        assert_eq!(feeds_in_page(&deep, "https://a.example/"), []);
        assert_eq!(check_depth(&deep, MAX_DEPTH), Err(Error::TooDeep { limit: MAX_DEPTH }));
        assert_eq!(check_depth(&"<div><p>x</div>".repeat(5_000), MAX_DEPTH), Ok(()));
    }

    #[test]
    fn a_page_is_known_by_its_beginning() {
        assert!(is_html("\n<!-- x --><!DOCTYPE HTML><p>"));
        assert!(is_html("<?xml version='1.0'?><html xmlns='…'>"));
        assert!(!is_html("<rss><channel/></rss>"));
        assert!(!is_html("<!DOCTYPE html><rss><channel/></rss>"));
        assert!(!is_html("<?xml"));
    }
}
