//! A dialog with a service: most kinds ask once, some need one answer to know what to ask next.
//!
//! A kind sees all that was heard in this poll and says what to do: ask again, or be done. So it
//! stays pure, and which requests a service takes can be tested without one.

use super::{Error, Parsed, SourceKind, syndication};
use crate::model::{Document, Feed, FeedState, Problem, Request, Validators};

/// The most requests of one poll of one feed.
pub const MOST: usize = 4;

/// What came of one question.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// A whole answer.
    Document {
        /// The address that was asked; the document's own is that after redirects.
        asked: String,
        /// What came.
        document: Document,
    },
    /// An HTTP status that brings no document: 401, 403, 404, 410, 422 and the like. Answers that
    /// speak of pace (429, 5xx) end the dialog and are not among these.
    Refused {
        /// The status.
        status: u16,
    },
}

impl Reply {
    /// The document, if it is one.
    pub fn document(&self) -> Option<&Document> {
        match self {
            Reply::Document { document, .. } => Some(document),
            Reply::Refused { .. } => None,
        }
    }
}

/// What a kind does next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// One request more. Of its answers only the last one's validators are kept.
    Ask(Request),
    /// That is all.
    Done(Parsed),
    /// The last answer was a refusal, and there is no other way.
    GiveUp,
}

/// The dialog of a kind that has an API and a feed: `first` asks the API; where that is refused or
/// not understood, the feed at the feed's own address is read.
///
/// # Errors
/// As [`SourceKind::parse`], of the feed.
pub(super) fn api_or_feed(
    feed: &Feed,
    heard: &[Reply],
    first: impl FnOnce() -> Request,
    read: impl FnOnce(&Document) -> Result<Parsed, Error>,
) -> Result<Step, Error> {
    let Some((answer, rest)) = heard.split_first() else { return Ok(Step::Ask(first())) };
    let trouble = match answer {
        Reply::Document { document, .. } => match read(document) {
            Ok(parsed) => return Ok(Step::Done(parsed)),
            Err(error) => Some(error),
        },
        Reply::Refused { .. } => None,
    };
    match rest.first() {
        None => Ok(Step::Ask(Request {
            url: feed.address.clone(),
            accept: Some(syndication::ACCEPT.to_owned()),
            validators: Validators::default(),
        })),
        Some(Reply::Document { document, .. }) => {
            let mut parsed = syndication::read(document).map(syndication::Sheet::into_parsed)?;
            if let Some(error) = trouble {
                let text = format!("{error}; its feed is read instead");
                parsed.problems.push(Problem::new("the API", text));
            }
            Ok(Step::Done(parsed))
        }
        Some(Reply::Refused { .. }) => Ok(Step::GiveUp),
    }
}

/// The dialog of a kind with one question: where the address leads to a page that names a feed,
/// that feed is read instead, and asked directly from then on ([`FeedState::found`]).
///
/// # Errors
/// As [`SourceKind::parse`].
pub(super) fn one_question<K: SourceKind + ?Sized>(
    kind: &K,
    feed: &Feed,
    state: &FeedState,
    heard: &[Reply],
) -> Result<Step, Error> {
    let Some(last) = heard.last() else { return Ok(Step::Ask(kind.request(feed, state))) };
    let Reply::Document { asked, document } = last else { return Ok(Step::GiveUp) };
    match (kind.parse(feed, document), heard.len()) {
        (Ok(parsed), 1) => Ok(Step::Done(Parsed { found: state.found.clone(), ..parsed })),
        (Ok(parsed), _) => Ok(Step::Done(Parsed { found: Some(asked.clone()), ..parsed })),
        (Err(Error::HtmlPage { feeds }), 1) if state.found.is_none() && !feeds.is_empty() => {
            let url = feeds[0].url.clone();
            Ok(Step::Ask(Request { url, accept: None, validators: Validators::default() }))
        }
        (Err(error), _) => Err(error),
    }
}
