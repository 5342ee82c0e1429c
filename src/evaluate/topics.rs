//! `evaluate topics`: which items of a stream speak of one thing. Mode: `merge`.
//!
//! In: `{"id", "text", "title"?, "ts"?, "lang"?}` in stream order; labels in the data are not
//! read. Out: `{"id", "cluster"}`, one line for each item, in the same order.

use std::io::{BufRead, Write};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::model::PostId;
use crate::text;
use crate::topic::{Doc, Settings, cluster};

#[derive(Deserialize)]
struct Item {
    id: String,
    #[serde(default)]
    text: String,
    title: Option<String>,
    ts: Option<String>,
    lang: Option<String>,
    author: Option<String>,
    url: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    cluster: String,
}

/// Reads items, and writes for each the topic that it is in at the end of the stream.
pub fn run(reader: impl BufRead, mut writer: impl Write) -> Result<(), Error> {
    let items: Vec<Item> = super::lines::<Item>(reader)?.into_iter().map(plain).collect();
    let docs: Vec<Doc> = items.iter().enumerate().map(|(at, item)| doc(at, item)).collect();
    let clusters = cluster(&docs, &Settings::default());
    for (item, topic) in items.iter().zip(&clusters.topic_of) {
        let answer = Answer { id: &item.id, cluster: format!("t{topic}") };
        let line = serde_json::to_string(&answer).expect("two strings are JSON");
        writeln!(writer, "{line}")?;
    }
    Ok(writer.flush()?)
}

/// Undoes what the feed's own format would have undone, and names the language.
fn plain(mut item: Item) -> Item {
    item.text = html_escape::decode_html_entities(&item.text).into_owned();
    item.title = item.title.map(|title| html_escape::decode_html_entities(&title).into_owned());
    item.lang = item.lang.or_else(|| text::language(&item.text));
    item
}

fn doc(at: usize, item: &Item) -> Doc<'_> {
    Doc {
        id: PostId::new(&[&at.to_string()]),
        title: item.title.as_deref(),
        text: &item.text,
        language: item.lang.as_deref(),
        at: item.ts.as_deref().and_then(instant),
        person: item.author.as_deref().unwrap_or(""),
        canonical: item.url.as_deref(),
        links: &[],
        story: None,
    }
}

/// Reads RFC 3339, a date, or date and time divided by a space (then UTC).
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let civil = text.replacen(' ', "T", 1).parse::<DateTime>();
    let civil = civil.or_else(|_| text.parse::<Date>().map(DateTime::from)).ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &str) -> Vec<String> {
        let mut out = Vec::new();
        run(input.as_bytes(), &mut out).expect("input is well formed");
        String::from_utf8(out).expect("JSON is UTF-8").lines().map(str::to_owned).collect()
    }

    #[test]
    fn every_item_is_answered_in_order_even_if_ids_repeat() {
        let input = concat!(
            r#"{"id":"a","text":"Tantivy drops the fast field cache","ts":"2026-10-01"}"#,
            "\n",
            r#"{"id":"b","text":"Apple trees in October","ts":"2026-10-01 10:00:00"}"#,
            "\n\n",
            r#"{"id":"a","text":"The fast field cache of Tantivy is gone","cluster":"x"}"#,
            "\n",
        );
        assert_eq!(
            answers(input),
            [
                r#"{"id":"a","cluster":"t0"}"#,
                r#"{"id":"b","cluster":"t1"}"#,
                r#"{"id":"a","cluster":"t0"}"#,
            ]
        );
    }

    #[test]
    fn a_line_that_is_no_item_is_named() {
        let error = run("{\"id\":\"a\"}\n{}\n".as_bytes(), Vec::new()).expect_err("no id");
        assert_eq!(error.to_string(), "line 2");
    }

    #[test]
    fn instants_are_read_in_three_forms() {
        for text in ["2026-10-01", "2026-10-01 00:00:00", "2026-10-01T02:00:00+02:00"] {
            assert_eq!(
                instant(text).map(|at| at.to_string()).as_deref(),
                Some("2026-10-01T00:00:00Z")
            );
        }
        assert_eq!(instant("17"), None);
    }
}
