//! Additions to a file that is there: every line of it stays as it is.

use std::collections::BTreeSet;

use yamlpath::{Component, Document, FeatureKind, Route};

use super::answers::Follow;
use super::entries;
use super::quote::scalar;
use crate::config::resolve;
use crate::config::{Config, Error, Surroundings, read};

/// What an addition came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Added {
    /// The lines that were added, without their indentation, in their order.
    pub lines: Vec<String>,
    /// How many were followed already, or stood twice among the new ones.
    pub known: usize,
    /// How many the settings would refuse.
    pub refused: usize,
}

/// Why nothing could be added.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The file as it is cannot be read.
    #[error(transparent)]
    Faulty(#[from] Error),
    /// The list of that name is written in a way that cannot be added to.
    #[error("{file}: the list `{list}` is written in a way that I cannot add to")]
    NoPlace {
        /// As it was called.
        file: String,
        /// `people` or `sources`.
        list: &'static str,
    },
}

impl EditError {
    /// The user's next step.
    pub fn hint(&self) -> Option<String> {
        match self {
            EditError::Faulty(error) => error.hint(),
            EditError::NoPlace { .. } => {
                Some("write one entry on each line, after `- `".to_owned())
            }
        }
    }
}

/// Returns `text`, the content of `file`, with those of `follows` that it does not follow yet,
/// and what was done. Comments, order and spelling of what is there stay as they are.
///
/// # Errors
/// When the file has faults, or when there is no place for an entry.
pub fn add(text: &str, file: &str, follows: &[Follow]) -> Result<(String, Added), EditError> {
    let around = Surroundings::fixed(&[]);
    let (mut taken, mut names, bare) = match read(text, file, &around) {
        Ok(config) => (resolve::claimed(&config), names_of(&config), text_is_list(text)),
        Err(Error::Empty { .. }) => (BTreeSet::new(), BTreeSet::new(), false),
        Err(error) => return Err(error.into()),
    };
    let mut added = Added::default();
    let mut people = Vec::new();
    let mut sources = Vec::new();
    for follow in follows {
        let Some(claims) = follow.claims() else {
            added.refused += 1;
            continue;
        };
        if claims.keys.iter().any(|key| taken.contains(key)) {
            added.known += 1;
            continue;
        }
        let is_person = follow.is_person(&claims) && !bare;
        taken.extend(claims.keys);
        if is_person {
            people.push(person(follow, claims.kind, &mut names));
        } else {
            sources.push(entries::source(follow));
        }
    }
    let mut new = text.to_owned();
    for (list, lines) in [("people", &people), ("sources", &sources)] {
        if !lines.is_empty() {
            let place = (!bare).then_some(list);
            new = insert(&new, place, lines)
                .filter(|new| read(new, file, &around).is_ok())
                .ok_or_else(|| EditError::NoPlace { file: file.to_owned(), list })?;
        }
    }
    added.lines = people.into_iter().chain(sources).collect();
    Ok((new, added))
}

fn text_is_list(text: &str) -> bool {
    let is_content =
        |line: &&str| !line.is_empty() && !line.starts_with(['#', '%']) && *line != "---";
    text.lines().map(str::trim).find(is_content).is_some_and(|line| line.starts_with(['-', '[']))
}

fn names_of(config: &Config) -> BTreeSet<String> {
    config.people.iter().map(|person| person.name.to_lowercase()).collect()
}

/// Somebody of a name that is taken is told apart by the kind of the profile.
fn person(follow: &Follow, kind: &str, names: &mut BTreeSet<String>) -> String {
    let profile = entries::profile(follow, "blog");
    let circle = follow.own_folder();
    let known_by = resolve::name_of(&follow.place());
    let own = follow.own_name().filter(|name| *name != known_by);
    if own.is_none() && circle.is_none() && !profile.starts_with('{') {
        return profile;
    }
    let name = own.unwrap_or(known_by);
    let free = scalar(&entries::free_name(&name, kind, names));
    let circle = circle.map(|circle| format!("circle: {}, ", scalar(&circle))).unwrap_or_default();
    format!("{{name: {free}, {circle}profiles: [{profile}]}}")
}

/// Adds `lines` to the list under the key `list`, or to the file that is a list itself.
fn insert(text: &str, list: Option<&str>, lines: &[String]) -> Option<String> {
    let text =
        if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
    let document = Document::new(text.as_str()).ok()?;
    let route = match list {
        Some(key) => Route::from(vec![Component::from(key)]),
        None => Route::from(Vec::new()),
    };
    match document.query_exact(&route) {
        Err(_) => {
            let key = list?;
            let body: String = lines.iter().map(|line| format!("  - {line}\n")).collect();
            Some(format!("{text}\n{key}:\n{body}"))
        }
        Ok(None) => {
            let key = document.query_key_only(&route).ok()?;
            Some(after_line(&text, key.location.byte_span.1, "  ", lines))
        }
        Ok(Some(feature)) => {
            let (start, end) = feature.location.byte_span;
            match feature.kind() {
                FeatureKind::BlockSequence => {
                    let end = yamlpatch::find_content_end(&feature, &document);
                    let first = start + text[start..].find('-')?;
                    let line = text[..first].rfind('\n').map_or(0, |at| at + 1);
                    let indent = " ".repeat(first - line);
                    Some(after_line(&text, end.saturating_sub(1), &indent, lines))
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
    }
}

/// Inserts `lines` as entries behind the line in which the byte `offset` stands.
fn after_line(text: &str, offset: usize, indent: &str, lines: &[String]) -> String {
    let at = text[offset..].find('\n').map_or(text.len(), |end| offset + end + 1);
    let body: String = lines.iter().map(|line| format!("{indent}- {line}\n")).collect();
    format!("{}{body}{}", &text[..at], &text[at..])
}
