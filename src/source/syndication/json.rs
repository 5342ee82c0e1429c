//! JSON Feed 1.0 and 1.1, and what calls itself so.

use serde_json::{Map, Value};
use url::Url;

use crate::model::{Problem, RawAuthor, RawPost};
use crate::source::Error;
use crate::source::xml::{MAX_ENTRIES, escape};

use super::fields::{MAX_OF_ONE, absolute};
use super::sheet::{Enclosure, Entry, Head, Sheet};

type Object = Map<String, Value>;

/// Reads `text`. A missing version, numeric ids and items that are no objects are forgiven.
///
/// # Errors
/// [`Error::Json`] where it is not well-formed, [`Error::NotAFeed`] where it holds no items.
pub(super) fn read(text: &str, url: &str) -> Result<Sheet, Error> {
    let value: Value = serde_json::from_str(text).map_err(|error| Error::Json {
        line: error.line(),
        column: error.column(),
        cause: cause(&error),
    })?;
    let not_a_feed = || Error::NotAFeed { looks_like: "a JSON document without items".to_owned() };
    let feed = value.as_object().ok_or_else(not_a_feed)?;
    let items = feed.get("items").and_then(Value::as_array).ok_or_else(not_a_feed)?;
    let page =
        string(feed, "home_page_url").map(|page| absolute(&page, Url::parse(url).ok().as_ref()));
    let base =
        page.as_deref().and_then(|page| Url::parse(page).ok()).or_else(|| Url::parse(url).ok());
    let mut sheet = Sheet { head: head(feed, page), whole: true, ..Sheet::default() };
    for (position, item) in items.iter().enumerate().take(MAX_ENTRIES) {
        match item.as_object() {
            Some(item) => sheet.entries.push(entry(item, base.as_ref())),
            None => {
                let subject = format!("item {}", position + 1);
                sheet.problems.push(Problem::new(subject, "is not an object"));
            }
        }
    }
    super::sheet::tell_left_out(items.len().saturating_sub(MAX_ENTRIES), &mut sheet.problems);
    Ok(sheet)
}

/// The reader's words without the position, which has fields of its own.
fn cause(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn head(feed: &Object, page: Option<String>) -> Head {
    Head {
        title: string(feed, "title").map(|title| escaped(&title)),
        subtitle: string(feed, "description").map(|text| escaped(&text)),
        link: page,
        id: string(feed, "feed_url"),
        language: string(feed, "language"),
        authors: authors(feed),
        expired: feed.get("expired").and_then(Value::as_bool).unwrap_or(false),
        ..Head::default()
    }
}

fn entry(item: &Object, base: Option<&Url>) -> Entry {
    let address = |name: &str| string(item, name).map(|url| absolute(&url, base));
    let external = address("external_url");
    let link = address("url").or_else(|| external.clone());
    let enclosures: Vec<Enclosure> =
        list(item, "attachments").filter_map(|a| attachment(a, base)).collect();
    let post = RawPost {
        guid: string(item, "id"),
        title: string(item, "title").map(|title| escaped(&title)),
        summary: string(item, "summary").map(|text| escaped(&text)),
        content: string(item, "content_html")
            .or_else(|| string(item, "content_text").map(|text| lines_as_html(&text))),
        authors: authors(item),
        published: string(item, "date_published"),
        updated: string(item, "date_modified"),
        tags: tags(item),
        enclosures: enclosures.iter().map(|enclosure| enclosure.url.clone()).collect(),
        language: string(item, "language"),
        link: link.clone(),
        ..RawPost::default()
    };
    let links = link.into_iter().chain(external).collect();
    Entry { post, links, enclosures }
}

/// A string; a number where a string should be is taken as its digits.
fn string(object: &Object, name: &str) -> Option<String> {
    let text = match object.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn list<'a>(object: &'a Object, name: &str) -> impl Iterator<Item = &'a Value> {
    object.get(name).and_then(Value::as_array).into_iter().flatten().take(MAX_OF_ONE)
}

fn tags(item: &Object) -> Vec<String> {
    list(item, "tags").filter_map(Value::as_str).map(str::to_owned).collect()
}

/// 1.1 has `authors`, 1.0 `author`; a bare string is a name.
fn authors(object: &Object) -> Vec<RawAuthor> {
    let single = object.get("author").into_iter();
    let mut found: Vec<RawAuthor> = Vec::new();
    for author in list(object, "authors").chain(single) {
        let author = match author {
            Value::String(name) => RawAuthor { name: Some(name.clone()), ..RawAuthor::default() },
            Value::Object(fields) => RawAuthor {
                name: string(fields, "name"),
                uri: string(fields, "url"),
                email: None,
                handle: None,
            },
            _ => continue,
        };
        if author != RawAuthor::default() && !found.contains(&author) {
            found.push(author);
        }
    }
    found
}

fn attachment(value: &Value, base: Option<&Url>) -> Option<Enclosure> {
    let fields = value.as_object()?;
    Some(Enclosure {
        url: absolute(&string(fields, "url")?, base),
        media_type: string(fields, "mime_type"),
        length: string(fields, "size_in_bytes"),
    })
}

/// Titles and summaries of a JSON Feed are plain text; posts hold HTML.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}

fn lines_as_html(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs
        .map(|paragraph| format!("<p>{}</p>", escaped(paragraph).replace('\n', "<br>")))
        .collect()
}
