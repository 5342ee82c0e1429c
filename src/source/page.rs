//! A page without a feed, read by the CSS selectors that the user gave.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::model::{Document, Feed, FeedState, Problem, RawPost, Request, Select};
use crate::normalize::url::resolve;

use super::{Error, Parsed, SourceKind, decode, discover};

/// The most entries of one page that are read.
const MAX_ENTRIES: usize = 1_000;

/// A page whose entries are found by selectors.
#[derive(Debug)]
pub struct Page;

impl SourceKind for Page {
    fn name(&self) -> &'static str {
        "page"
    }

    fn doc(&self) -> &'static str {
        "a page without a feed, read by CSS selectors"
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        Request {
            url: feed.address.clone(),
            accept: Some("text/html, application/xhtml+xml;q=0.9, */*;q=0.5".to_owned()),
            validators: state.validators.clone(),
        }
    }

    fn parse(&self, feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        let select = feed.select.as_ref().ok_or(Error::NoSelect)?;
        let selectors = Selectors::compile(select)?;
        let text = decode::text(&document.body, document.content_type.as_deref());
        if text.trim().is_empty() {
            return Err(Error::Empty);
        }
        discover::check_depth(&text, discover::MAX_DEPTH)?;
        let page = Html::parse_document(&text);
        let base = base(&page, &document.url);
        let mut problems = Vec::new();
        let mut items: Vec<ElementRef<'_>> = page.select(&selectors.item).collect();
        if items.is_empty() {
            return Err(Error::NoMatch { selector: select.item.clone() });
        }
        if items.len() > MAX_ENTRIES {
            let text = format!("{} entries; the first {MAX_ENTRIES} are read", items.len());
            problems.push(Problem::new("the page", text));
            items.truncate(MAX_ENTRIES);
        }
        let posts: Vec<RawPost> = items.iter().map(|item| selectors.post(*item, &base)).collect();
        selectors.complain(select, &items, &mut problems);
        let title = Selector::parse("title").ok().and_then(|title| page.select(&title).next());
        Ok(Parsed {
            title: title.map(text_of).filter(|title| !title.is_empty()),
            site: Some(document.url.clone()),
            language: page.root_element().attr("lang").map(str::to_owned),
            whole: true,
            posts: posts
                .into_iter()
                .filter(|post| post.title.is_some() || post.link.is_some())
                .collect(),
            problems,
            ..Parsed::default()
        })
    }
}

/// Tells whether each selector of `select` is one, without a page.
///
/// # Errors
/// [`Error::BadSelector`] for the first that is not.
pub fn check(select: &Select) -> Result<(), Error> {
    Selectors::compile(select).map(|_| ())
}

struct Selectors {
    item: Selector,
    title: Option<Selector>,
    link: Option<Selector>,
    date: Option<Selector>,
}

impl Selectors {
    fn compile(select: &Select) -> Result<Selectors, Error> {
        let one = |text: &str| {
            Selector::parse(text).map_err(|_| Error::BadSelector { selector: text.to_owned() })
        };
        let maybe = |text: &Option<String>| text.as_deref().map(one).transpose();
        Ok(Selectors {
            item: one(&select.item)?,
            title: maybe(&select.title)?,
            link: maybe(&select.link)?,
            date: maybe(&select.date)?,
        })
    }

    fn post(&self, item: ElementRef<'_>, base: &str) -> RawPost {
        let title = self.title.as_ref().and_then(|title| item.select(title).next());
        let heading = title.unwrap_or(item);
        let link = match &self.link {
            Some(link) => item.select(link).find_map(href),
            None => href(heading).or_else(|| href(item)),
        };
        RawPost {
            link: link.and_then(|href| resolve(base, &href)),
            title: Some(text_of(heading)).filter(|text| !text.is_empty()),
            content: Some(item.inner_html()),
            published: self.date.as_ref().and_then(|date| item.select(date).find_map(date_of)),
            ..RawPost::default()
        }
    }

    /// A selector that matches in none of the entries is told; the entries stay.
    fn complain(&self, select: &Select, items: &[ElementRef<'_>], problems: &mut Vec<Problem>) {
        let parts =
            [(&self.title, &select.title), (&self.link, &select.link), (&self.date, &select.date)];
        for (selector, text) in parts {
            let (Some(selector), Some(text)) = (selector, text) else { continue };
            if items.iter().all(|item| item.select(selector).next().is_none()) {
                let subject = format!("selector `{text}`");
                problems.push(Problem::new(subject, "matches nothing in any entry"));
            }
        }
    }
}

/// The address of the element itself, or of the first in it that has one.
fn href(element: ElementRef<'_>) -> Option<String> {
    let own = element.attr("href");
    let inner = || {
        let any = Selector::parse("[href]").ok()?;
        element.select(&any).find_map(|found| found.attr("href"))
    };
    own.or_else(inner).map(str::to_owned)
}

fn date_of(element: ElementRef<'_>) -> Option<String> {
    let attribute = element.attr("datetime").or_else(|| element.attr("content")).map(str::to_owned);
    let inner = || {
        let time = Selector::parse("time[datetime]").ok()?;
        element.select(&time).find_map(|found| found.attr("datetime").map(str::to_owned))
    };
    attribute.or_else(inner).or_else(|| Some(text_of(element)).filter(|text| !text.is_empty()))
}

fn text_of(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn base(page: &Html, url: &str) -> String {
    let base = Selector::parse("base[href]").ok();
    let own = base.and_then(|base| page.select(&base).next()?.attr("href").map(str::to_owned));
    own.and_then(|own| Url::parse(url).ok()?.join(&own).ok())
        .map_or_else(|| url.to_owned(), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FeedId;

    const PAGE: &str = "<html lang=en><title>News</title><ul>\
        <li class=n><h2>First &amp; best</h2><a href='/1'>more</a> <time datetime=2026-01-02>2 Jan</time></li>\
        <li class=n><h2>Second</h2><a href='2'>more</a> <span class=d>3 January 2026</span></li></ul>";

    fn read(select: Select, page: &str) -> Result<Parsed, Error> {
        let feed = Feed {
            id: FeedId::new(&["p"]),
            address: "https://a.example/news".into(),
            name: "News".into(),
            kind: "page".into(),
            owner: None,
            account: None,
            options: Default::default(),
            select: Some(select),
            secret: false,
            unreadable: None,
        };
        let document = Document {
            url: "https://a.example/news/".into(),
            content_type: Some("text/html".into()),
            body: page.as_bytes().to_vec(),
        };
        Page.parse(&feed, &document)
    }

    fn select(item: &str, date: Option<&str>) -> Select {
        Select {
            item: item.into(),
            title: Some("h2".into()),
            link: Some("a".into()),
            date: date.map(Into::into),
        }
    }

    #[test]
    fn entries_are_found_by_selectors() {
        let parsed = read(select("li.n", Some("time, .d")), PAGE).unwrap();
        let posts: Vec<_> = parsed
            .posts
            .iter()
            .map(|post| {
                (
                    post.title.as_deref().unwrap(),
                    post.link.as_deref().unwrap(),
                    post.published.as_deref().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            posts,
            [
                ("First & best", "https://a.example/1", "2026-01-02"),
                ("Second", "https://a.example/news/2", "3 January 2026"),
            ]
        );
    }

    #[test]
    fn a_selector_that_matches_nothing_is_named() {
        let error = read(select("div.post", None), PAGE).unwrap_err();
        assert_eq!(error.to_string(), "the selector `div.post` matches nothing on the page");
        let parsed = read(select("li.n", Some(".when")), PAGE).unwrap();
        assert_eq!(parsed.posts.len(), 2);
        assert_eq!(parsed.problems[0].subject, "selector `.when`");
    }

    #[test]
    fn a_selector_that_is_none_is_an_error() {
        let error = read(select("li[", None), PAGE).unwrap_err();
        assert_eq!(error, Error::BadSelector { selector: "li[".into() });
    }
}
