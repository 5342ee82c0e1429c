//! Where in the file a key stands: the path of a key becomes a line and a column.

use yamlpath::{Component, Document, Route};

use super::Fault;

/// One step from a collection into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// The path of a key or value from the top of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spot(pub(super) Vec<Step>);

impl Spot {
    pub(super) fn key(&self, key: &str) -> Spot {
        self.with(Step::Key(key.to_owned()))
    }

    pub(super) fn index(&self, index: usize) -> Spot {
        self.with(Step::Index(index))
    }

    fn with(&self, step: Step) -> Spot {
        let mut steps = self.0.clone();
        steps.push(step);
        Spot(steps)
    }
}

/// What a fault points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Key,
    Value,
    /// The key where it stands for the second time.
    SecondKey,
}

/// A fault whose place is a path.
#[derive(Debug, Clone)]
pub(super) struct Unplaced {
    pub(super) spot: Spot,
    pub(super) target: Target,
    /// The fault's character in the value, from 1 on; 0: the value as a whole.
    pub(super) shift: usize,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// Another place, whose line the message ends with.
    pub(super) also: Option<(Spot, Target)>,
}

/// Gives each fault its line and column.
pub(super) fn place(text: &str, file: &str, faults: Vec<Unplaced>) -> Vec<Fault> {
    let document = Document::new(text).ok();
    let find = |spot: &Spot, target| {
        let found = document.as_ref().map(|document| find(document, spot, target));
        found.unwrap_or(0)
    };
    let fault = |fault: Unplaced| {
        let offset = find(&fault.spot, fault.target);
        let (line, column) = line_and_column(text, offset);
        let quote = usize::from(text[offset..].starts_with(['"', '\'']));
        let shift = if fault.shift == 0 { 0 } else { fault.shift - 1 + quote };
        let message = match &fault.also {
            Some((also, target)) => {
                let (line, _) = line_and_column(text, find(also, *target));
                format!("{} (line {line})", fault.message)
            }
            None => fault.message,
        };
        let file = file.to_owned();
        Fault { file, line, column: column + shift, message, hint: fault.hint }
    };
    faults.into_iter().map(fault).collect()
}

/// Returns the byte at which `spot` begins, or the nearest collection around it that is found.
fn find(document: &Document, spot: &Spot, target: Target) -> usize {
    if target == Target::SecondKey {
        let first = find(document, spot, Target::Key);
        let again = match spot.0.last() {
            Some(Step::Key(key)) => second(document.source(), first, key),
            _ => None,
        };
        return again.unwrap_or(first);
    }
    let mut steps = spot.0.as_slice();
    let mut target = target;
    loop {
        let route = Route::from(steps.iter().map(component).collect::<Vec<_>>());
        let feature = match target {
            Target::Key | Target::SecondKey => document.query_key_only(&route).ok(),
            Target::Value => document.query_exact(&route).ok().flatten(),
        };
        if let Some(feature) = feature {
            return start(document, &feature);
        }
        target = match (target, steps) {
            (_, []) => return 0,
            (Target::Value, [.., Step::Key(_)]) => Target::Key,
            (_, [rest @ .., _]) => {
                steps = rest;
                Target::Value
            }
        };
    }
}

/// Returns where `key`, which stands at `first`, stands again: further on in its line, or at the
/// beginning of a later line that is indented as it is.
fn second(text: &str, first: usize, key: &str) -> Option<usize> {
    let rest = &text[first..];
    let line_end = rest.find('\n').unwrap_or(rest.len());
    let wanted = format!("{key}:");
    let in_line = rest[key.len()..line_end]
        .match_indices(&wanted)
        .find(|(at, _)| rest[..key.len() + at].ends_with([' ', ',', '{']));
    if let Some((at, _)) = in_line {
        return Some(first + key.len() + at);
    }
    let (_, column) = line_and_column(text, first);
    let mut offset = first + line_end;
    for line in text[offset..].split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        if line[indent..].starts_with(&wanted) && indent + 1 == column {
            return Some(offset + indent);
        }
        offset += line.len();
    }
    None
}

/// A block sequence's or mapping's span may begin with the white space before it.
fn start(document: &Document, feature: &yamlpath::Feature) -> usize {
    let (from, to) = feature.location.byte_span;
    let inside = &document.source()[from..to];
    from + (inside.len() - inside.trim_start().len())
}

fn component(step: &Step) -> Component<'_> {
    match step {
        Step::Key(key) => Component::from(key.as_str()),
        Step::Index(index) => Component::from(*index),
    }
}

/// Returns line and column, in characters and from 1 on, of the byte `offset` in `text`.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset.min(text.len())];
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or("");
    (line, last.chars().count() + 1)
}
