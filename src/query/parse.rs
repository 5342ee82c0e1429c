//! From what a person typed to a [`Query`].
//!
//! Forgiving where the meaning is clear: stray punctuation is dropped, an open quote or
//! parenthesis ends with the query, and words that say nothing (`what do you use for …`) are not
//! asked for unless quoted, joined by an operator, or all there is.

use super::lex::{Token, What, lex};
use super::{Error, Leaf, Query};
use crate::text::is_stop_word;

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
