//! What is wrong with a query, where, and what was expected there.

use super::FIELDS;

/// A query that cannot be read. Columns count characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No word and no condition in it.
    #[error("nothing to search for")]
    Empty,
    /// More bytes than [`super::LONGEST_BYTES`].
    #[error("query is longer than {limit} bytes")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// More parentheses or NOTs in one another than [`super::MAX_DEPTH`].
    #[error("more than {limit} levels of parentheses")]
    TooDeep {
        /// Of the one too many.
        column: usize,
        /// The limit.
        limit: usize,
    },
    /// `AND`, `OR` or `NOT` without something after it, or before it.
    #[error("expected a word or a condition {side} `{operator}`")]
    MissingTerm {
        /// Of the operator.
        column: usize,
        /// As written.
        operator: String,
        /// `before` or `after`.
        side: &'static str,
    },
    /// A name before a colon that is none of [`FIELDS`].
    #[error("unknown field `{name}`")]
    UnknownField {
        /// Of the name.
        column: usize,
        /// As written.
        name: String,
    },
    /// A field with nothing after its colon.
    #[error("expected a value after `{field}:`")]
    MissingValue {
        /// Of the field.
        column: usize,
        /// Its name.
        field: String,
    },
    /// A value of `after:` or `before:` that is no date.
    #[error("`{text}` is not a date")]
    BadDate {
        /// Of the value.
        column: usize,
        /// As written.
        text: String,
    },
}

impl Error {
    /// Where in the query, in characters from 1.
    pub fn column(&self) -> usize {
        match self {
            Error::Empty | Error::TooLong { .. } => 1,
            Error::TooDeep { column, .. }
            | Error::MissingTerm { column, .. }
            | Error::UnknownField { column, .. }
            | Error::MissingValue { column, .. }
            | Error::BadDate { column, .. } => *column,
        }
    }

    /// What to write instead.
    pub fn hint(&self) -> String {
        match self {
            Error::Empty => "write a word, a \"phrase\", or a field such as author:ines".to_owned(),
            Error::TooLong { .. } | Error::TooDeep { .. } => "write a simpler query".to_owned(),
            Error::MissingTerm { operator, .. } => {
                format!("write \"{operator}\" in quotes to search for the word")
            }
            Error::UnknownField { name, .. } => {
                let near = FIELDS.iter().map(|field| (strsim::jaro_winkler(name, field), *field));
                let best = near.max_by(|a, b| a.0.total_cmp(&b.0));
                let quote = "to search for the text itself, write it in quotes";
                match best {
                    Some((score, field)) if score >= 0.8 => {
                        format!("did you mean `{field}:`? {quote}")
                    }
                    _ => format!("known: {}; {quote}", FIELDS.join(", ")),
                }
            }
            Error::MissingValue { field, .. } => {
                format!("no space after the colon: {field}:value, or {field}:\"two words\"")
            }
            Error::BadDate { .. } => {
                "write 2026-10-13, 2026-10-13T07:30:00Z, today, yesterday, 7d or 12h".to_owned()
            }
        }
    }
}
