//! Fields of services' JSON, read leniently: one more, one less or one of another type costs that
//! field and nothing else.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Error, decode, discover};
use crate::model::{Document, Problem};

/// What an API is asked for in.
pub(super) const ACCEPT: &str = "application/json";

/// Tells whether the document is JSON by its first letter.
pub(super) fn is_json(document: &Document) -> bool {
    let body = document.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&document.body);
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Reads the whole answer, `expected` to be so.
///
/// # Errors
/// Where it is empty, a page for people, or not of this shape.
pub(super) fn read<T: DeserializeOwned>(
    document: &Document,
    expected: &'static str,
) -> Result<T, Error> {
    let text = decode::text(&document.body, document.content_type.as_deref());
    let text = text.trim_start();
    if text.is_empty() {
        return Err(Error::Empty);
    }
    if discover::is_html(text) {
        return Err(Error::HtmlPage { feeds: Vec::new() });
    }
    serde_json::from_str(text).map_err(|error| {
        let cause = error.to_string().split(" at line ").next().unwrap_or_default().to_owned();
        match error.is_data() {
            true => Error::Unlike { expected, said: Some(cause) },
            false => Error::Json { line: error.line(), column: error.column(), cause },
        }
    })
}

/// Reads each element for itself; one that is not of this shape is a problem.
pub(super) fn elements<T: DeserializeOwned>(
    values: Vec<Value>,
    what: &str,
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    let read = |value| match serde_json::from_value(value) {
        Ok(element) => Some(element),
        Err(error) => {
            problems.push(Problem::new(what, format!("not understood: {error}")));
            None
        }
    };
    values.into_iter().filter_map(read).collect()
}

/// Text, or a number as text; all else is nothing.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// A count; less than none is none (a forum's points may fall below zero).
pub(super) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(value.as_u64().or_else(|| value.as_f64().map(|number| number.max(0.0) as u64)))
}

/// Yes only where it says so.
pub(super) fn yes<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(from)?.as_bool().unwrap_or(false))
}

/// The texts of a list.
pub(super) fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let value = Value::deserialize(from)?;
    let texts = value.as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(texts.map(str::to_owned).collect())
}

/// A list, empty where there is none.
pub(super) fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Value>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(list) => list,
        _ => Vec::new(),
    })
}
