//! Where in a file of YAML a new entry goes, so that every line that is there stays as it is.

use yamlpath::{Component, Document, Feature, FeatureKind, Route};

use super::quote::scalar;
use crate::config::resolve;
use crate::config::written::Place;

/// Adds `lines` as entries to the list at `path` (one or two keys), or to the file that is a list
/// itself where `path` is empty. What is missing of the path is begun. `None` where the file is
/// written in a way that has no place for it.
pub(super) fn entries(text: &str, path: &[&str], lines: &[String]) -> Option<String> {
    let text = ended(text);
    let document = Document::new(text.as_str()).ok()?;
    let route = route(path);
    match document.query_exact(&route) {
        Err(_) => match path {
            [key] => {
                let body: String = lines.iter().map(|line| format!("  - {line}\n")).collect();
                Some(block(&text, key, &format!("{key}:\n{body}")))
            }
            // Names are short, and stand on one line.
            [outer, key @ "names"] => {
                within(&text, &document, outer, &format!("{key}: [{}]\n", lines.join(", ")))
            }
            [outer, key] => {
                let body: String = lines.iter().map(|line| format!("  - {line}\n")).collect();
                within(&text, &document, outer, &format!("{key}:\n{body}"))
            }
            _ => None,
        },
        Ok(None) => {
            let key = document.query_key_only(&route).ok()?;
            let indent = "  ".repeat(path.len());
            Some(after_line(&text, key.location.byte_span.1, &indent, lines))
        }
        Ok(Some(feature)) => into_sequence(&text, &document, &feature, lines),
    }
}

fn into_sequence(
    text: &str,
    document: &Document,
    feature: &Feature<'_>,
    lines: &[String],
) -> Option<String> {
    let (start, end) = feature.location.byte_span;
    match feature.kind() {
        FeatureKind::BlockSequence => {
            let end = yamlpatch::find_content_end(feature, document);
            let first = start + text[start..].find('-')?;
            let line = text[..first].rfind('\n').map_or(0, |at| at + 1);
            let indent = " ".repeat(first - line);
            Some(after_line(text, end.saturating_sub(1), &indent, lines))
        }
        FeatureKind::FlowSequence => {
            let close = start + text[start..end].rfind(']')?;
            let inside = text[start + 1..close].trim_end();
            let comma = if inside.is_empty() || inside.ends_with(',') { "" } else { ", " };
            let at = start + 1 + inside.len();
            Some(format!("{}{comma}{}{}", &text[..at], lines.join(", "), &text[at..]))
        }
        _ => None,
    }
}

/// Adds `lines` as profiles to the person at `index` of `people`. One who is only a profile so far
/// (`- "@ines@social.example"`) becomes an entry of the form `{name, profiles}`.
pub(super) fn profiles(text: &str, index: usize, lines: &[String]) -> Option<String> {
    let text = ended(text);
    let document = Document::new(text.as_str()).ok()?;
    let person = Route::from(vec![Component::from("people"), Component::from(index)]);
    let list = person.with_key("profiles");
    if let Ok(feature) = document.query_exact(&list) {
        return match feature {
            Some(feature) => into_sequence(&text, &document, &feature, lines),
            None => None,
        };
    }
    let feature = document.query_exact(&person).ok()??;
    let (start, end) = feature.location.byte_span;
    let inline = lines.join(", ");
    match feature.kind() {
        FeatureKind::BlockMapping => {
            let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
            let indent = " ".repeat(text[line..start].chars().count());
            let end = yamlpatch::find_content_end(&feature, &document);
            Some(behind(&text, end.saturating_sub(1), &format!("{indent}profiles: [{inline}]\n")))
        }
        FeatureKind::FlowMapping => {
            let close = start + text[start..end].rfind('}')?;
            let inside = text[start + 1..close].trim_end();
            let comma = if inside.is_empty() || inside.ends_with(',') { "" } else { ", " };
            let at = start + 1 + inside.len();
            Some(format!("{}{comma}profiles: [{inline}]{}", &text[..at], &text[at..]))
        }
        FeatureKind::Scalar => {
            let bare: String = serde_yaml::from_str(&text[start..end]).ok()?;
            let place = Place { bare: Some(bare.clone()), ..Place::default() };
            let name = scalar(&resolve::name_of(&place));
            let entry = format!("{{name: {name}, profiles: [{}, {inline}]}}", scalar(&bare));
            Some(format!("{}{entry}{}", &text[..start], &text[end..]))
        }
        _ => None,
    }
}

/// Adds a top-level `key`, whose lines are `body`: behind the comment that shows what it looks
/// like (`# key:`), where there is one, else at the end.
pub(super) fn block(text: &str, key: &str, body: &str) -> String {
    let text = ended(text);
    match after_sample(&text, key) {
        Some(at) => format!("{}{body}{}", &text[..at], &text[at..]),
        None => format!("{text}\n{body}"),
    }
}

/// Adds `lines`, each a comment, behind the sample of `key` or at the end.
pub(super) fn comment(text: &str, key: &str, lines: &[String]) -> String {
    let body: String = lines.iter().map(|line| format!("# {line}\n")).collect();
    block(text, key, &body)
}

/// Makes a mapping of a file that is a list, by one line before it.
pub(super) fn list_to_sources(text: &str) -> Option<String> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("- ") {
            return Some(format!("{}sources:\n{}", &text[..at], &text[at..]));
        }
        at += line.len();
    }
    None
}

fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

fn route<'a>(path: &[&'a str]) -> Route<'a> {
    Route::from(path.iter().map(|key| Component::from(*key)).collect::<Vec<_>>())
}

/// Adds a key to the mapping under the top-level key `outer`, or begins that.
fn within(text: &str, document: &Document, outer: &str, body: &str) -> Option<String> {
    let indented =
        |indent: &str| -> String { body.lines().map(|line| format!("{indent}{line}\n")).collect() };
    match document.query_exact(&route(&[outer])) {
        Err(_) => Some(block(text, outer, &format!("{outer}:\n{}", indented("  ")))),
        Ok(None) => {
            let key = document.query_key_only(&route(&[outer])).ok()?;
            Some(behind(text, key.location.byte_span.1, &indented("  ")))
        }
        Ok(Some(feature)) if matches!(feature.kind(), FeatureKind::BlockMapping) => {
            let start = feature.location.byte_span.0;
            let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
            let indent = " ".repeat(start - line);
            let end = yamlpatch::find_content_end(&feature, document);
            Some(behind(text, end.saturating_sub(1), &indented(&indent)))
        }
        Ok(Some(_)) => None,
    }
}

/// The end of the comment that begins with `# key:` and goes on in lines that are indented.
fn after_sample(text: &str, key: &str) -> Option<usize> {
    let (mut at, mut inside) = (0, false);
    for line in text.split_inclusive('\n') {
        let begins = line
            .strip_prefix("# ")
            .is_some_and(|rest| rest.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
        if inside && !line.starts_with("#  ") {
            return Some(at);
        }
        inside |= begins;
        at += line.len();
    }
    inside.then_some(at)
}

/// Inserts `lines` as entries behind the line in which the byte `offset` stands.
fn after_line(text: &str, offset: usize, indent: &str, lines: &[String]) -> String {
    let body: String = lines.iter().map(|line| format!("{indent}- {line}\n")).collect();
    behind(text, offset, &body)
}

fn behind(text: &str, offset: usize, body: &str) -> String {
    let at = text[offset..].find('\n').map_or(text.len(), |end| offset + end + 1);
    format!("{}{body}{}", &text[..at], &text[at..])
}
