//! How well the main text of pages is found: what `source::article` reads of each.
//!
//! Input: `{"id","file","url"}` a line; `file` leads to the page as it was served. Output:
//! `{"id","text"}` a line; a page that cannot be read has an empty text.

use std::fs;
use std::io::{BufRead, Write};

use serde::Deserialize;
use serde_json::json;

use super::{Error, lines};
use crate::model::Document;
use crate::source::article;

#[derive(Deserialize)]
struct Page {
    id: String,
    file: String,
    #[serde(default)]
    url: String,
}

/// Writes the main text of each page of `list`, in its order.
///
/// # Errors
/// Where `list` is malformed or `out` cannot be written; not where a page cannot be read.
pub fn run(list: impl BufRead, out: &mut impl Write) -> Result<(), Error> {
    for page in lines::<Page>(list)? {
        let text = text(&page);
        writeln!(out, "{}", json!({"id": page.id, "text": text}))?;
    }
    Ok(())
}

fn text(page: &Page) -> String {
    let Ok(body) = fs::read(&page.file) else { return String::new() };
    let document = Document { url: page.url.clone(), content_type: None, body };
    article::read(&document, None).map(|article| article.text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_answered_also_one_that_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.html");
        let story = "<p>A saw that is sharpened by hand stays sharp for a season.</p>".repeat(9);
        let body = format!("<body><nav>Home</nav><article>{story}</article>");
        fs::write(&file, body).unwrap();
        let list = json!({"id": "a", "file": file, "url": "https://a.example/saws"}).to_string()
            + "\n{\"id\":\"b\",\"file\":\"/nowhere/b.html\",\"url\":\"\"}\n";
        let mut out = Vec::new();
        run(list.as_bytes(), &mut out).unwrap();
        let answers = String::from_utf8(out).unwrap();
        let answers: Vec<serde_json::Value> =
            answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(answers[0]["text"].as_str().unwrap().contains("sharpened by hand"));
        assert!(!answers[0]["text"].as_str().unwrap().contains("Home"));
        assert_eq!(answers[1], json!({"id": "b", "text": ""}));
    }
}
