//! From what a person typed to words, conditions and operators, each with its column.

use super::{Error, Leaf, When, link_key};
use crate::text::{is_single, links, pieces, unaccent};

/// Names that may stand before a colon.
pub const FIELDS: [&str; 8] =
    ["author", "person", "source", "lang", "tag", "site", "after", "before"];

/// Other engines' names for the same.
const ALIASES: [(&str, &str); 9] = [
    ("domain", "site"),
    ("feed", "source"),
    ("from", "author"),
    ("hashtag", "tag"),
    ("host", "site"),
    ("language", "lang"),
    ("since", "after"),
    ("tags", "tag"),
    ("until", "before"),
];

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Open,
    Close,
    And,
    Or,
    Not,
    /// `bare`: written without quotes, one word; may be left out if it says nothing.
    Leaf {
        leaf: Leaf,
        bare: bool,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) what: What,
    pub(super) column: usize,
}

const QUOTES: [char; 5] = ['"', '“', '”', '„', '＂'];

pub(super) fn lex(text: &str) -> Result<Vec<Token>, Error> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let column = text[..text.len() - rest.len()].chars().count() + 1;
        let mut push = |what| tokens.push(Token { what, column });
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let after = &rest[first.len_utf8()..];
        if first == '(' {
            push(What::Open);
            rest = after;
        } else if first == ')' {
            push(What::Close);
            rest = after;
        } else if QUOTES.contains(&first) {
            let (inside, tail) = quoted(after);
            let found = folded(inside);
            if !found.is_empty() {
                push(What::Leaf { leaf: Leaf::Words(found), bare: false });
            }
            rest = tail;
        } else if first == '-' && after.starts_with(|c: char| c != '-' && !c.is_whitespace()) {
            push(What::Not);
            rest = after;
        } else {
            let mut end = rest.find(|c: char| c.is_whitespace() || "()\"“”„＂".contains(c));
            if let Some(&url) = links(whole(rest)).first().filter(|url| rest.starts_with(**url)) {
                push(What::Leaf { leaf: Leaf::Link(link_key(url)), bare: false });
                rest = &rest[url.len()..];
                continue;
            }
            if end == Some(0) {
                end = Some(first.len_utf8());
            }
            let chunk = &rest[..end.unwrap_or(rest.len())];
            rest = &rest[chunk.len()..];
            match chunk {
                "AND" => push(What::And),
                "OR" => push(What::Or),
                "NOT" => push(What::Not),
                _ => {
                    if let Some((name, value)) = field(chunk, rest) {
                        let (value, tail) = match rest.chars().next() {
                            Some(c) if value.is_empty() && QUOTES.contains(&c) => {
                                quoted(&rest[c.len_utf8()..])
                            }
                            _ => (value, rest),
                        };
                        rest = tail;
                        push(What::Leaf { leaf: condition(name, value, column)?, bare: false });
                    } else {
                        bare_words(chunk, column, &mut tokens);
                    }
                }
            }
        }
    }
}

/// Returns `rest` up to white space.
fn whole(rest: &str) -> &str {
    rest.split(char::is_whitespace).next().unwrap_or(rest)
}

/// Divides `rest`, which follows an opening quote, at the closing one.
fn quoted(rest: &str) -> (&str, &str) {
    match rest.char_indices().find(|(_, c)| QUOTES.contains(c)) {
        Some((at, mark)) => (&rest[..at], &rest[at + mark.len_utf8()..]),
        None => (rest, ""),
    }
}

fn folded(text: &str) -> Vec<String> {
    pieces(text).into_iter().map(|word| word.text).collect()
}

/// Divides `chunk` into a field's name and value, if it is meant so: `std::vec`, `10:30`,
/// `Note:` and `note: this` are words.
fn field<'t>(chunk: &'t str, rest: &str) -> Option<(&'t str, &'t str)> {
    let (name, value) = chunk.split_once(':')?;
    let plain = name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_lowercase());
    let given =
        !value.is_empty() && !value.starts_with([':', '/', ')']) || rest.starts_with(QUOTES);
    (plain && (given || FIELDS.contains(&name))).then_some((name, value))
}

fn condition(name: &str, value: &str, column: usize) -> Result<Leaf, Error> {
    let field = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, field)| field);
    if !FIELDS.contains(&field) {
        return Err(Error::UnknownField { column, name: name.to_owned() });
    }
    let value = value.trim();
    let when = || {
        let column = column + name.chars().count() + 1;
        When::parse(value).ok_or_else(|| Error::BadDate { column, text: value.to_owned() })
    };
    if value.is_empty() {
        return Err(Error::MissingValue { column, field: name.to_owned() });
    }
    Ok(match field {
        "author" => Leaf::Author(value.to_owned()),
        "person" => Leaf::Person(value.to_owned()),
        "source" => Leaf::Source(value.to_owned()),
        "lang" => Leaf::Lang(value.to_lowercase().split('-').next().unwrap_or("").to_owned()),
        "tag" => Leaf::Tag(value.trim_start_matches('#').to_lowercase()),
        "site" => Leaf::Site(link_key(value)),
        "after" => Leaf::After(when()?),
        _ => Leaf::Before(when()?),
    })
}

/// Adds what a chunk without quotes asks for: one word, several next to each other
/// (`local-first`), or a prefix (`tantiv*`). Nothing for punctuation.
fn bare_words(chunk: &str, column: usize, tokens: &mut Vec<Token>) {
    let mut found = folded(chunk);
    // Where each character is a word, several are a beginning as they are.
    let whole = found.len() > 1 && found.last().is_some_and(|last| is_single(last));
    let prefix = chunk.ends_with('*') && chunk.len() > 1 && !whole;
    let last = if prefix { found.pop() } else { None };
    if !found.is_empty() {
        let bare = found.len() == 1 && last.is_none();
        tokens.push(Token { what: What::Leaf { leaf: Leaf::Words(found), bare }, column });
    }
    if let Some(word) = last {
        let leaf = Leaf::Prefix(unaccent(&word));
        tokens.push(Token { what: What::Leaf { leaf, bare: false }, column });
    }
}
