//! Answers of services that give lists of posts: each element is read by itself, an error may
//! stand in place of what was asked, and plain text becomes HTML.

use serde::Deserialize as _;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::Value;

use super::{Error, lenient, xml};
use crate::model::{Document, Problem};

/// The most elements of one list that are read.
const MAX_ELEMENTS: usize = 500;

/// The most letters that are shown of a service's own words.
const SAID_LETTERS: usize = 160;

/// Reads a document as JSON.
///
/// # Errors
/// As [`lenient::read`].
pub(super) fn json(document: &Document) -> Result<Value, Error> {
    lenient::read(document, "JSON")
}

/// Tells whether an answer is a page for people, which is what a service sends where its
/// interface is closed or elsewhere.
pub(super) fn is_page(document: &Document) -> bool {
    matches!(json(document), Err(Error::HtmlPage { .. } | Error::Empty))
}

/// Reads each element of a list by itself: one that is not understood is a problem.
///
/// # Errors
/// [`Error::Unlike`] where `value` is no list, or none of its elements is understood.
pub(super) fn elements<T: DeserializeOwned>(
    value: &Value,
    expected: &'static str,
    element: &str,
) -> Result<(Vec<T>, Vec<Problem>), Error> {
    let list = value.as_array().ok_or_else(|| unlike(value, expected))?;
    let (mut read, mut problems) = (Vec::new(), Vec::new());
    for (position, value) in list.iter().enumerate().take(MAX_ELEMENTS) {
        match T::deserialize(value) {
            Ok(good) => read.push(good),
            Err(error) => {
                let subject = format!("{element} {}", position + 1);
                problems.push(Problem::new(subject, format!("is not understood: {error}")));
            }
        }
    }
    match problems.first() {
        Some(problem) if read.is_empty() => {
            Err(Error::Unlike { expected, said: Some(problem.to_string()) })
        }
        _ => Ok((read, problems)),
    }
}

/// The error of an answer that is something else; with the service's own words, if it says why.
pub(super) fn unlike(value: &Value, expected: &'static str) -> Error {
    let words = ["message", "error_description", "error"];
    let said = words.iter().find_map(|word| value.get(word)?.as_str());
    let said = said.map(|said| said.chars().take(SAID_LETTERS).collect());
    Error::Unlike { expected, said }
}

/// A list whose elements may be anything: those not understood are left out, `null` is none.
pub(super) fn each<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let list = match Value::deserialize(deserializer)? {
        Value::Array(list) => list,
        _ => Vec::new(),
    };
    Ok(list.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect())
}

/// A value that may be missing, `null` or of another form: all of that is nothing.
pub(super) fn maybe<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// Plain text as HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    xml::escape(text, &mut out);
    out
}

/// A text that is there and not blank.
pub(super) fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// A picture's or film's description as a paragraph of the post.
pub(super) fn described(kind: &str, description: Option<&str>) -> String {
    let shown = |text| format!("<p>[{kind}] {}</p>", escaped(text).replace('\n', "<br>"));
    filled(description).map(shown).unwrap_or_default()
}
