//! What a page says beside its feeds: lists of what its author reads, and entries that are marked
//! up where there is no feed (microformats2 h-feed).

use scraper::{ElementRef, Html, Selector};

use super::discover;
use crate::model::Select;
use crate::normalize::url::resolve;

/// Where lists of what somebody reads lie on sites that do not name them.
pub const BLOGROLLS: [&str; 2] = ["/.well-known/recommendations.opml", "/blogroll.opml"];

/// Parts of a marked-up entry: the class of each, and what it is.
const ENTRY: &str = ".h-entry";
const PARTS: [&str; 3] = [".p-name", ".u-url", ".dt-published"];

/// Returns the lists that the page at `base` names by `rel=blogroll`, in its order, absolute.
pub fn blogrolls(html: &str, base: &str) -> Vec<String> {
    if discover::check_depth(html, discover::MAX_DEPTH).is_err() {
        return Vec::new();
    }
    let page = Html::parse_document(html);
    let mut found: Vec<String> = Vec::new();
    for link in select(&page, "link[rel~=blogroll][href], a[rel~=blogroll][href]") {
        let url = link.attr("href").and_then(|href| resolve(base, href));
        found.extend(url.filter(|url| !found.contains(url)));
    }
    found
}

/// Returns by what the entries of a page are found that marks them up; `None` where it has no
/// h-feed and no more than one entry, which is an article.
pub fn h_feed(html: &str) -> Option<Select> {
    discover::check_depth(html, discover::MAX_DEPTH).ok()?;
    let page = Html::parse_document(html);
    let entries = select(&page, ENTRY);
    let is_list = !select(&page, ".h-feed").is_empty() && !entries.is_empty();
    if !is_list && entries.len() < 2 {
        return None;
    }
    let has = |part: &str| {
        let part = Selector::parse(part).expect("a fixed selector that was tested");
        entries.iter().any(|entry| entry.select(&part).next().is_some())
    };
    let [title, link, date] = PARTS.map(|part| has(part).then(|| part.to_owned()));
    Some(Select { item: ENTRY.to_owned(), title, link, date })
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a fixed selector that was tested");
    page.select(&selector).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_marks_its_entries_up_is_a_feed_of_its_own() {
        let html = "<div class=h-feed><article class=h-entry><a class='p-name u-url' href=/1>One\
            </a><time class=dt-published datetime=2026-10-01></time></article></div>";
        let select = h_feed(html).unwrap();
        assert_eq!(select.date.as_deref(), Some(".dt-published"));
        assert_eq!(h_feed("<article class=h-entry>one article</article>"), None);
        let notes = h_feed("<p class=h-entry>a</p><p class=h-entry>b</p>").unwrap();
        assert_eq!((notes.title, notes.link), (None, None));
    }

    #[test]
    fn a_page_names_what_its_author_reads() {
        let html =
            "<link rel=blogroll type=text/xml href=/roll.opml><a rel=blogroll href=/roll.opml>";
        assert_eq!(blogrolls(html, "https://a.example/x/"), ["https://a.example/roll.opml"]);
    }
}
