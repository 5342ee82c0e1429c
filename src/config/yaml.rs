//! Text to keys: what YAML itself refuses, put into the user's words.

use serde_path_to_error::Segment;

use super::locate::{Spot, Step, Target, Unplaced, line_and_column, place};
use super::written::File;
use super::{Error, Fault, error};

/// Brackets or dashes in one another; above it a parser's stack and time are at stake.
const MAX_DEPTH: usize = 64;

/// Reads the keys; unknown ones are a fault.
pub(super) fn read(text: &str, file: &str) -> Result<File, Error> {
    let fault = |(line, column), message: &str, hint: &str| {
        Error::fault(Fault {
            file: file.to_owned(),
            line,
            column,
            message: message.to_owned(),
            hint: Some(hint.to_owned()),
        })
    };
    if is_blank(text) {
        return Err(Error::Empty { file: file.to_owned() });
    }
    if let Some(offset) = too_deep(text) {
        let hint = "settings need four levels; is this the right file?";
        return Err(fault(line_and_column(text, offset), "nested too deeply", hint));
    }
    if let Some(line) = second_document(text) {
        let hint = "remove the line `---`, or put the rest into a file of its own";
        return Err(fault((line, 1), "a second document begins here", hint));
    }
    if let Some(at) = tab_indent(text) {
        return Err(fault(at, "a tab indents this line", "YAML indents by spaces only"));
    }
    let deserializer = serde_yaml::Deserializer::from_str(text);
    serde_path_to_error::deserialize(deserializer).map_err(|error| translate(error, text, file))
}

/// Nothing but white space, comments and document markers.
fn is_blank(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.starts_with('#') || line == "---")
}

/// Returns where brackets, or the dashes of one line, are too many in one another. A line that
/// begins an entry or a key at the margin starts anew, so that a stray bracket in plain text
/// does no harm.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote = None;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if quote.is_none() && (trimmed.starts_with("- ") || line.starts_with(char::is_alphabetic)) {
            depth = 0;
        }
        if trimmed.split("- ").take_while(|between| between.is_empty()).count() > MAX_DEPTH {
            return Some(offset);
        }
        let mut before = ' ';
        for (at, c) in line.char_indices() {
            match (quote, c) {
                (Some(open), _) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '#') if before.is_whitespace() => break,
                (None, '"' | '\'') if " ,:[{\t".contains(before) => quote = Some(c),
                (None, '[' | '{') => depth += 1,
                (None, ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > MAX_DEPTH {
                return Some(offset + at);
            }
            before = c;
        }
        offset += line.len();
    }
    None
}

/// Returns the line of a `---` that something stands before.
fn second_document(text: &str) -> Option<usize> {
    let is_mark = |line: &str| line.trim_end() == "---" || line.starts_with("--- ");
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let marks = text.lines().enumerate().filter(|(_, line)| is_mark(line)).map(|(index, _)| index);
    let first = text.lines().position(|line| !blank(line) && !line.starts_with('%'))?;
    marks.into_iter().find(|index| *index > first).map(|index| index + 1)
}

/// Returns where a tab stands in the white space that a line begins with.
fn tab_indent(text: &str) -> Option<(usize, usize)> {
    text.lines().enumerate().find_map(|(index, line)| {
        let indent: &str = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let tab = indent.find('\t').filter(|_| indent.len() < line.trim_end().len())?;
        (!line.trim_start().starts_with('#')).then_some((index + 1, tab + 1))
    })
}

fn translate(
    error: serde_path_to_error::Error<serde_yaml::Error>,
    text: &str,
    file: &str,
) -> Error {
    let spot = spot(error.path());
    let inner = error.inner();
    let message = plain(&inner.to_string());
    if let Some(unplaced) = of_meaning(&spot, &message) {
        let mut faults = place(text, file, vec![unplaced]);
        return Error::fault(faults.remove(0));
    }
    let at = inner.location().map(|at| (at.line().max(1), at.column().max(1)));
    let (line, column) = at.unwrap_or((1, 1));
    let hint = not_closed(&inner.to_string()).or_else(|| of_syntax(text, line, column));
    Error::fault(Fault { file: file.to_owned(), line, column, message, hint })
}

fn spot(path: &serde_path_to_error::Path) -> Spot {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    Spot(path.iter().filter_map(step).collect())
}

/// Without the path in front and the positions, which are said in our own way.
fn plain(message: &str) -> String {
    let starts =
        ["unknown field", "missing field", "duplicate field", "duplicate entry", "invalid"];
    let from = starts.iter().filter_map(|start| message.find(start)).min().unwrap_or(0);
    let mut parts = message[from..].split(" at line ");
    let first = parts.next().unwrap_or("").to_owned();
    let numbers = |c: char| c.is_ascii_digit() || c == ' ';
    let rest = parts.map(|part| part.trim_start_matches(numbers).trim_start_matches("column"));
    rest.fold(first, |all, part| all + part.trim_start_matches(numbers))
}

/// What serde says of keys and values.
fn of_meaning(spot: &Spot, message: &str) -> Option<Unplaced> {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let fault = |spot: Spot, target, message: String, hint| Unplaced {
        spot,
        target,
        shift: 0,
        message,
        hint,
        also: None,
    };
    if message.starts_with("unknown field") {
        let (word, known) = quoted.split_first()?;
        let spot = if ends_with(spot, word) { spot.clone() } else { spot.key(word) };
        let hint = Some(error::nearest(word, known));
        Some(fault(spot, Target::Key, format!("unknown key `{word}`"), hint))
    } else if message.starts_with("missing field") {
        let word = quoted.first()?;
        Some(fault(spot.clone(), Target::Value, format!("`{word}` is missing here"), None))
    } else if message.starts_with("duplicate") {
        let word = quoted.first().copied().or_else(|| message.split('"').nth(1))?;
        let spot = if ends_with(spot, word) { spot.clone() } else { spot.key(word) };
        let hint = Some("put both together under one key".to_owned());
        let message = format!("`{word}` is already there");
        Some(Unplaced {
            also: Some((spot.clone(), Target::Key)),
            ..fault(spot, Target::SecondKey, message, hint)
        })
    } else {
        let rest = message.strip_prefix("invalid type: ");
        let (found, expected) =
            rest.or(message.strip_prefix("invalid value: "))?.split_once(", expected ")?;
        let bare_lines = spot.0.is_empty() && found.starts_with("string \"http");
        let hint = bare_lines.then(|| "begin each line with `- `".to_owned());
        let message = format!("expected {}, found {}", wanted(expected), in_yaml(found));
        Some(fault(spot.clone(), Target::Value, message, hint))
    }
}

fn ends_with(spot: &Spot, word: &str) -> bool {
    matches!(spot.0.last(), Some(Step::Key(key)) if key == word)
}

/// Serde's words for what was expected, in YAML's.
fn wanted(expected: &str) -> &str {
    match expected {
        "a string" => "text",
        "a sequence" => "a list",
        "a map" => "a mapping",
        "a boolean" => "true or false",
        "field identifier" => "a key",
        "f64" => "a number",
        "u32" | "u64" => "a whole number",
        expected if expected.starts_with("struct ") => "a mapping",
        other => other,
    }
}

/// Serde's words for what was found, in YAML's.
fn in_yaml(found: &str) -> &str {
    match found {
        "unit value" | "null" => "nothing",
        "sequence" => "a list",
        "map" => "a mapping",
        other => {
            let kinds = ["string ", "integer ", "boolean ", "floating point "];
            kinds.iter().find_map(|kind| other.strip_prefix(kind)).unwrap_or(other)
        }
    }
}

/// Where the bracket stands that misses its other half.
fn not_closed(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("while parsing a flow ")?;
    let bracket = if rest.starts_with("mapping") { '{' } else { '[' };
    let (_, at) = rest.split_once(" at line ")?;
    let line: String = at.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("look at what follows the `{bracket}` of line {line}"))
}

/// The usual reasons for which YAML stumbles.
fn of_syntax(text: &str, line: usize, column: usize) -> Option<String> {
    let rest: String = text.lines().nth(line - 1)?.chars().skip(column - 1).collect();
    match rest.chars().next() {
        Some(first @ ('@' | '`' | '%' | '&' | '*' | '!')) => {
            Some(format!("text that begins with {first} needs quotes: \"{}\"", rest.trim_end()))
        }
        _ if rest.contains(": ") => {
            Some("text with `: ` in it needs quotes; else look at the indentation".to_owned())
        }
        _ => Some("look at the indentation and the brackets here and just above".to_owned()),
    }
}
