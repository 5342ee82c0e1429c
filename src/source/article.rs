//! The main text of a page, for feeds that give no more than a teaser.
//!
//! trafilatura finds it (rules first, then readability, paragraph statistics and a plain
//! fall-back, of which it takes the most fitting); where a user gave CSS selectors, their matches
//! are the text and nothing is guessed. What comes out is sanitised like any feed's HTML.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use scraper::{ElementRef, Html, Selector};
use trafilatura::{ExtractionFocus, HtmlDateMode, Options};
use url::Url;

use super::{Error, decode, discover};
use crate::model::{Document, Feed, Form, Post, Request, Validators};
use crate::normalize::html;

/// The longest page that is read, in bytes of text; the rest is cut.
const MAX_BYTES: usize = 4_000_000;

/// The most tags of a page that are read: the rules are tried on each, several times over.
const MAX_TAGS: usize = 40_000;

/// Elements of a page that are nested deeper than this are not read by the rules.
const MAX_DEPTH: usize = 400;

/// What a page is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Article {
    /// Plain text; paragraphs divided by blank lines.
    pub text: String,
    /// The same, sanitised HTML, addresses absolute.
    pub html: String,
}

/// Reads the main text of the page in `document`; `content` are CSS selectors whose matches it
/// is, as the user says.
///
/// # Errors
/// Where there is nothing to read, the page is nested beyond use, a selector is none or matches
/// nothing, or no main text is found.
pub fn read(document: &Document, content: Option<&str>) -> Result<Article, Error> {
    let text = decode::text(&document.body, document.content_type.as_deref());
    if text.trim().is_empty() {
        return Err(Error::Empty);
    }
    let page = bounded(&text);
    let found = match content {
        Some(selector) => selected(page, selector)?,
        None => {
            discover::check_depth(page, MAX_DEPTH)?;
            guessed(page, &document.url).ok_or(Error::NoArticle)?
        }
    };
    let html = html::sanitize_at(&found, Some(&document.url));
    let text = html::plain(&html);
    if text.is_empty() { Err(Error::NoArticle) } else { Ok(Article { text, html }) }
}

/// The option of a feed by which its user wants whole articles: `true`, or the CSS selector of
/// the text on its pages.
pub const OPTION: &str = "full";

/// A text of fewer characters is a teaser.
const SHORT: usize = 500;

/// What stands at the end of a teaser.
const ENDS: [&str; 9] = [
    "…",
    "...",
    "[…]",
    "[...]",
    "read more",
    "continue reading",
    "weiterlesen",
    "lire la suite",
    "leer más",
];

/// Says what to ask for the page of `post`, where the user wants whole articles of its `feed` and
/// the feed gave a teaser. Never for what was there before the feed was followed, notes, threads,
/// videos, answers and boosts, nor where the address is a secret.
pub fn wanted(feed: &Feed, post: &Post) -> Option<Request> {
    let asked = feed.options.get(OPTION).is_some_and(|full| full != "false");
    let own = post.repost_of.is_none() && post.in_reply_to.is_none();
    if !asked || feed.secret || post.backlog || post.form != Form::Article || !own {
        return None;
    }
    let url = post.url.clone().filter(|_| is_teaser(&post.text))?;
    let accept = Some("text/html, application/xhtml+xml;q=0.9".to_owned());
    Some(Request { url, accept, validators: Validators::default() })
}

/// The selector that the user gave for the articles of `feed`.
pub fn content(feed: &Feed) -> Option<&str> {
    feed.options.get(OPTION).map(String::as_str).filter(|full| *full != "true")
}

/// Tells whether `text` is but the beginning of something.
fn is_teaser(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| c.is_whitespace() || "→»>.]".contains(c));
    let tail: String = end.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
    let tail = tail.to_lowercase();
    let cut = ENDS.iter().any(|mark| tail.ends_with(mark) || text.trim_end().ends_with(mark));
    cut || text.chars().count() < SHORT
}

/// Tells whether `content` is a CSS selector.
///
/// # Errors
/// [`Error::BadSelector`] where it is not.
pub fn check(content: &str) -> Result<(), Error> {
    selector(content).map(|_| ())
}

fn selector(content: &str) -> Result<Selector, Error> {
    Selector::parse(content).map_err(|_| Error::BadSelector { selector: content.to_owned() })
}

fn bounded(page: &str) -> &str {
    let page = &page[..page.floor_char_boundary(MAX_BYTES)];
    let end = page.match_indices('<').nth(MAX_TAGS).map_or(page.len(), |(at, _)| at);
    &page[..end]
}

/// The elements that the user named, one after the other; one within another only once.
fn selected(page: &str, content: &str) -> Result<String, Error> {
    let selector = selector(content)?;
    discover::check_depth(page, discover::MAX_DEPTH)?;
    let page = Html::parse_document(page);
    let mut last: Option<ElementRef<'_>> = None;
    let mut found = String::new();
    for element in page.select(&selector) {
        if last.is_some_and(|last| element.ancestors().any(|above| above.id() == last.id())) {
            continue;
        }
        let _ = writeln!(found, "<div>{}</div>", element.inner_html());
        last = Some(element);
    }
    if last.is_none() {
        return Err(Error::NoMatch { selector: content.to_owned() });
    }
    Ok(found)
}

/// What trafilatura takes for the main text, as HTML, with links (they tell what it speaks of)
/// and without images (with them more of what is around it comes along). It is many rules made
/// elsewhere: a panic in one of them is a page without an article.
fn guessed(page: &str, url: &str) -> Option<String> {
    let mut options = Options::default()
        .with_fallback(true)
        .with_focus(ExtractionFocus::Balanced)
        .with_exclude_comments(true)
        .with_links(true)
        .with_html_date_mode(HtmlDateMode::Disabled);
    options.original_url = Url::parse(url).ok();
    let found = catch_unwind(AssertUnwindSafe(|| trafilatura::extract(page, &options)));
    Some(found.ok()?.ok()?.content_html)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "<p>A saw that is sharpened by hand stays sharp for a season, \
        and the one who sharpens it learns what the wood wants of it.</p>\
        <p>See <a href='/files'>the files</a> and <img src='teeth.png' alt='Teeth'> them.</p>\
        <script>track()</script>";

    fn page(body: &str) -> Document {
        Document {
            url: "https://a.example/2026/saws".to_owned(),
            content_type: Some("text/html; charset=utf-8".to_owned()),
            body: format!(
                "<html><head><title>Saws</title></head><body><nav><a href=/>Home</a> \
                 <a href=/about>About us</a></nav>{body}<footer>Imprint</footer></body></html>"
            )
            .into_bytes(),
        }
    }

    #[test]
    fn a_text_that_breaks_off_is_a_teaser_and_a_long_one_is_not() {
        let long = "A saw that is sharpened by hand. ".repeat(30);
        assert!(!is_teaser(&long));
        for end in ["…", " [...]", " Read more →", " Continue reading »", "\nWeiterlesen"] {
            assert!(is_teaser(&format!("{long}{end}")), "{end}");
        }
        assert!(is_teaser("A saw that is sharpened by hand."));
    }

    #[test]
    fn the_main_text_is_found_without_what_is_around_it() {
        let story = STORY.repeat(4).replacen("season", "season or two", 1);
        let found = read(&page(&format!("<article>{story}</article>")), None).unwrap();
        assert!(found.text.starts_with("A saw that is sharpened"), "{}", found.text);
        for around in ["Home", "About", "Imprint", "track"] {
            assert!(!found.html.contains(around), "{around}: {}", found.html);
        }
        assert!(found.html.contains("https://a.example/files"), "{}", found.html);
    }

    #[test]
    fn the_users_selector_overrides_the_guess() {
        let body =
            format!("<div class=ad><p>{}</p></div><div class=x>{STORY}</div>", "Buy! ".repeat(300));
        let found = read(&page(&body), Some("div.x")).unwrap();
        assert_eq!(found.text.lines().next().unwrap().split(' ').next(), Some("A"));
        assert!(found.html.contains("src=\"https://a.example/2026/teeth.png\""), "{}", found.html);
        assert!(!found.html.contains("script") && !found.text.contains("Buy"));
    }

    #[test]
    fn what_is_matched_twice_is_read_once() {
        let body = "<div class=x>One <div class=x>Two</div></div><div class=x>Three</div>";
        assert_eq!(read(&page(body), Some(".x")).unwrap().text, "One\n\nTwo\n\nThree");
    }

    #[test]
    fn a_selector_that_is_none_or_finds_nothing_is_told() {
        let page = page(STORY);
        assert!(matches!(check("p["), Err(Error::BadSelector { .. })));
        assert!(matches!(read(&page, Some("p[")), Err(Error::BadSelector { .. })));
        assert!(matches!(read(&page, Some(".none")), Err(Error::NoMatch { .. })));
    }

    #[test]
    fn a_page_beyond_use_is_refused() {
        let deep = page(&format!("{}x", "<div>".repeat(MAX_DEPTH + 1)));
        assert_eq!(read(&deep, None), Err(Error::TooDeep { limit: MAX_DEPTH }));
        let empty = Document { body: b" ".to_vec(), ..deep };
        assert_eq!(read(&empty, None), Err(Error::Empty));
    }

    #[test]
    fn a_page_that_only_a_program_fills_has_no_article() {
        let none = Document { body: b"<body><script>draw()</script>".to_vec(), ..page("") };
        assert_eq!(read(&none, None), Err(Error::NoArticle));
    }
}
