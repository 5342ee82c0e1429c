//! From what a person typed to a [`Query`].
//!
//! Forgiving where the meaning is clear: stray punctuation is dropped, an open quote or
//! parenthesis ends with the query, and words that say nothing (`what do you use for …`) are not
//! asked for unless quoted, joined by an operator, or all there is.

use super::{Error, Leaf, Query, When, link_key};
use crate::text::{is_stop_word, links, unaccent, words};

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

/// Levels of parentheses and NOT that a query may have.
pub const MAX_DEPTH: usize = 64;

/// Bytes that a query may have.
pub const LONGEST_BYTES: usize = 8192;

/// Reads a query.
///
/// `AND`, `OR` and `NOT` in capitals; AND binds closer than OR and stands between words where
/// nothing else does.
pub fn parse(text: &str) -> Result<Query, Error> {
    if text.len() > LONGEST_BYTES {
        return Err(Error::TooLong { limit: LONGEST_BYTES });
    }
    let mut parser = Parser { tokens: lex(text)?, at: 0 };
    let mut parts = Vec::new();
    while parser.at < parser.tokens.len() {
        parts.extend(parser.any(0)?);
        if let Some(Token { what: What::Close, .. }) = parser.tokens.get(parser.at) {
            parser.at += 1;
        }
    }
    join(parts, Query::All).ok_or(Error::Empty)
}

#[derive(Debug, Clone, PartialEq)]
enum What {
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
struct Token {
    what: What,
    column: usize,
}

const QUOTES: [char; 5] = ['"', '“', '”', '„', '＂'];

fn lex(text: &str) -> Result<Vec<Token>, Error> {
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
    words(text).into_iter().map(|word| word.text).collect()
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
    let prefix = chunk.ends_with('*') && chunk.len() > 1;
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

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&What> {
        self.tokens.get(self.at).map(|token| &token.what)
    }

    /// Reads alternatives up to a closing parenthesis or the end.
    fn any(&mut self, depth: usize) -> Result<Option<Query>, Error> {
        let mut parts = Vec::new();
        parts.extend(self.all(depth)?);
        while self.peek() == Some(&What::Or) {
            let operator = self.at;
            self.at += 1;
            let part = self.all(depth)?;
            if parts.is_empty() {
                return Err(self.missing(operator, "before"));
            }
            parts.push(part.ok_or_else(|| self.missing(operator, "after"))?);
        }
        Ok(join(parts, Query::Any))
    }

    /// Reads a run of conditions that must all hold.
    fn all(&mut self, depth: usize) -> Result<Option<Query>, Error> {
        let mut parts: Vec<(Query, bool)> = Vec::new();
        let mut operator = None;
        loop {
            match self.peek() {
                None | Some(What::Or | What::Close) => break,
                Some(What::And) => {
                    let last = parts.last_mut().ok_or_else(|| self.missing(self.at, "before"))?;
                    last.1 = false;
                    operator = Some(self.at);
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            if let Some((part, bare)) = self.one(depth)? {
                parts.push((part, bare && operator.is_none()));
                operator = None;
            }
        }
        if let Some(operator) = operator {
            return Err(self.missing(operator, "after"));
        }
        let says = |part: &Query| !says_nothing(part) && !part.terms().is_empty();
        if parts.iter().any(|(part, _)| says(part)) {
            parts.retain(|(part, bare)| !(*bare && says_nothing(part)));
        }
        Ok(join(parts.into_iter().map(|(part, _)| part).collect(), Query::All))
    }

    /// Reads one condition or group; whether it is a bare word. `None` for empty parentheses.
    fn one(&mut self, depth: usize) -> Result<Option<(Query, bool)>, Error> {
        let Token { what, column } = self.tokens[self.at].clone();
        if depth >= MAX_DEPTH && matches!(what, What::Open | What::Not) {
            return Err(Error::TooDeep { column, limit: MAX_DEPTH });
        }
        let operator = self.at;
        self.at += 1;
        match what {
            What::Leaf { leaf, bare } => Ok(Some((Query::Leaf(leaf), bare))),
            What::Not => match self.peek() {
                None | Some(What::And | What::Or | What::Close) => {
                    Err(self.missing(operator, "after"))
                }
                _ => {
                    let part = self.one(depth + 1)?;
                    Ok(part.map(|(part, _)| (Query::Not(Box::new(part)), false)))
                }
            },
            _ => {
                let group = self.any(depth + 1)?;
                if self.peek() == Some(&What::Close) {
                    self.at += 1;
                }
                Ok(group.map(|group| (group, false)))
            }
        }
    }

    fn missing(&self, operator: usize, side: &'static str) -> Error {
        let Token { what, column } = &self.tokens[operator];
        let operator = match what {
            What::And => "AND",
            What::Or => "OR",
            _ => "NOT",
        };
        Error::MissingTerm { column: *column, operator: operator.to_owned(), side }
    }
}

/// A query has no language; only English words are known to say nothing.
fn says_nothing(part: &Query) -> bool {
    matches!(part, Query::Leaf(Leaf::Words(words)) if matches!(&words[..], [word] if is_stop_word(word, None)))
}

fn join(mut parts: Vec<Query>, make: fn(Vec<Query>) -> Query) -> Option<Query> {
    if parts.len() > 1 { Some(make(parts)) } else { parts.pop() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tree on one line: `a`, `a+b` (next to each other), `(a & b)`, `(a | b)`, `!a`, `f:v`.
    fn show(query: &Query) -> String {
        let list = |parts: &[Query], mark: &str| {
            format!("({})", parts.iter().map(show).collect::<Vec<_>>().join(mark))
        };
        match query {
            Query::All(parts) => list(parts, " & "),
            Query::Any(parts) => list(parts, " | "),
            Query::Not(part) => format!("!{}", show(part)),
            Query::Leaf(leaf) => match leaf {
                Leaf::Words(words) => words.join("+"),
                Leaf::Prefix(prefix) => format!("{prefix}*"),
                other => format!("{other:?}"),
            },
        }
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(parse(text).map(|query| show(&query)).as_deref(), Ok(expected), "{text}");
    }

    fn fails(text: &str, column: usize, message: &str) {
        let error = parse(text).expect_err(text);
        assert_eq!((error.column(), error.to_string().as_str()), (column, message), "{text}");
        assert!(!error.hint().is_empty());
    }

    #[test]
    fn and_binds_closer_than_or() {
        check("a1 b1 OR c1 AND d1", "((a1 & b1) | (c1 & d1))");
        check("rust AND (daemon OR tokio) -game", "(rust & (daemon | tokio) & !game)");
        check("NOT rust", "!rust");
    }

    #[test]
    fn words_written_as_one_stand_next_to_each_other() {
        check("\"local-first\" OR local-first", "(local+first | local+first)");
        check("Tantiv* local-fir*", "(tantiv* & local & fir*)");
    }

    #[test]
    fn stray_punctuation_is_not_an_error() {
        check("rust, — (daemon) & () - tokio)", "(rust & daemon & tokio)");
        check("“inverted index", "inverted+index");
        check("((rust", "rust");
        check(
            "std::vec 10:30 Note:this #rust @ines c++ --release",
            "(std+vec & 10+30 & note+this & rust & ines & c++ & release)",
        );
        check("note: this works", "(note & works)");
    }

    #[test]
    fn words_that_say_nothing_are_asked_for_only_on_purpose() {
        check("what do you use for query logs", "(use & query & logs)");
        check("the who", "(the & who)");
        check("the AND index", "(the & index)");
        check("\"the\" index", "(the & index)");
        check("the author:ines", "(the & Author(\"ines\"))");
    }

    #[test]
    fn fields_take_one_word_or_a_phrase() {
        check("author:\"Ines Okafor\"", "Author(\"Ines Okafor\")");
        check(
            "domain:www.A.example lang:en-US tag:#CRDT",
            "(Site(\"a.example\") & Lang(\"en\") & Tag(\"crdt\"))",
        );
        check("-source:lobsters after:7d", "(!Source(\"lobsters\") & After(Ago(168h)))");
    }

    #[test]
    fn a_url_asks_for_what_is_there_or_links_there() {
        check("https://www.a.example/x_(y)/ rust", "(Link(\"a.example/x_(y)\") & rust)");
    }

    #[test]
    fn an_error_says_where_and_what_was_expected() {
        fails("", 1, "nothing to search for");
        fails("...", 1, "nothing to search for");
        fails("rust auhtor:ines", 6, "unknown field `auhtor`");
        fails("é before:soon", 10, "`soon` is not a date");
        fails("author: ines", 1, "expected a value after `author:`");
        fails("rust AND", 6, "expected a word or a condition after `AND`");
        fails("OR rust", 1, "expected a word or a condition before `OR`");
        fails("rust NOT", 6, "expected a word or a condition after `NOT`");
        fails(&"(".repeat(9000), 1, "query is longer than 8192 bytes");
        fails(&"(".repeat(100), 65, "more than 64 levels of parentheses");
    }

    #[test]
    fn the_hint_names_the_nearest_field() {
        let hint = parse("auhtor:ines").expect_err("unknown").hint();
        assert!(hint.starts_with("did you mean `author:`?"), "{hint}");
        let hint = parse("zzz:ines").expect_err("unknown").hint();
        assert!(hint.starts_with("known: author, person,"), "{hint}");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in "(\\PC|AND |OR |NOT |\\(|\\)|\"|-|author:|after:| ){0,40}") {
            let _ = parse(&text);
        }

        #[test]
        fn words_alone_are_always_a_query(text in "[a-z]{1,8}( [a-z]{1,8}){0,5}") {
            assert!(parse(&text).is_ok());
        }
    }
}
