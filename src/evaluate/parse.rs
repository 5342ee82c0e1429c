//! How right feeds are read: each file's fields as `source::syndication` finds them.
//!
//! Input: a folder, and paths in it, one a line. Output: one JSON line for each path, `feed` and
//! `entries` or `error`. The documents have no address of their own: what `xml:base` does not
//! resolve stays as written.

use std::fs;
use std::io::{BufRead, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::model::{Document, RawAuthor};
use crate::normalize::date;
use crate::source::syndication::{self, Enclosure, Entry, Sheet};

use super::Error;

/// Reads each file of `list` below `root` and writes what is in it. A file that is not there or
/// cannot be understood is answered with an error.
///
/// # Errors
/// Only where `list` cannot be read, `out` not written, or `root` is no folder.
pub fn run(root: &Path, list: impl BufRead, out: &mut impl Write) -> Result<(), Error> {
    if !root.is_dir() {
        let missing = std::io::Error::new(std::io::ErrorKind::NotFound, "the folder is not there");
        return Err(Error::Io(missing));
    }
    for line in list.lines() {
        let line = line?;
        let path = line.trim();
        if !path.is_empty() {
            writeln!(out, "{}", answer(root, path))?;
        }
    }
    Ok(())
}

fn answer(root: &Path, path: &str) -> Value {
    let body = match fs::read(root.join(path)) {
        Ok(body) => body,
        Err(error) => return json!({"file": path, "error": error.to_string()}),
    };
    let document = Document { url: String::new(), content_type: None, body };
    match syndication::read(&document) {
        Ok(sheet) => prediction(path, &sheet),
        Err(error) => json!({"file": path, "error": error.to_string()}),
    }
}

fn prediction(path: &str, sheet: &Sheet) -> Value {
    let head = &sheet.head;
    json!({
        "file": path,
        "feed": {
            "title": head.title, "subtitle": head.subtitle, "link": head.link, "id": head.id,
            "language": head.language, "author": author(&head.authors),
            "updated": instant(&head.updated), "published": instant(&head.published),
        },
        "entries": sheet.entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn entry(entry: &Entry) -> Value {
    let post = &entry.post;
    json!({
        "id": post.guid, "title": post.title, "link": post.link, "links": entry.links,
        "author": author(&post.authors), "published": instant(&post.published),
        "updated": instant(&post.updated), "summary": post.summary, "content": post.content,
        "tags": post.tags, "comments": post.comments, "slash_comments": post.counters.replies,
        "wfw_commentrss": post.comment_feed, "language": post.language,
        "enclosures": entry.enclosures.iter().map(enclosure).collect::<Vec<_>>(),
    })
}

fn enclosure(enclosure: &Enclosure) -> Value {
    json!({"url": enclosure.url, "type": enclosure.media_type, "length": enclosure.length})
}

/// `name (email)`, the name, the address, or the page.
fn author(authors: &[RawAuthor]) -> Option<String> {
    let author = authors.first()?;
    match (&author.name, &author.email) {
        (Some(name), Some(email)) => Some(format!("{name} ({email})")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => author.uri.clone(),
    }
}

fn instant(written: &Option<String>) -> Option<String> {
    let instant = date::lenient(written.as_deref()?)?;
    Some(instant.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_answered_in_its_order() {
        let folder = tempfile::tempdir().unwrap();
        let feed = "<rss><channel><title>T</title><item><guid>1</guid>\
                    <pubDate>6 Sep 2021</pubDate></item></channel></rss>";
        fs::write(folder.path().join("a.xml"), feed).unwrap();
        let mut out = Vec::new();
        run(folder.path(), "a.xml\nmissing.xml\n".as_bytes(), &mut out).unwrap();
        let lines: Vec<Value> = out
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect();
        assert_eq!(lines[0]["feed"]["title"], "T");
        assert_eq!(lines[0]["entries"][0]["published"], "2021-09-06T00:00:00Z");
        assert_eq!(lines[1]["file"], "missing.xml");
        assert!(lines[1]["error"].is_string());
    }
}
