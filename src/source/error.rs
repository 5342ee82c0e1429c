//! Why a document could not be read as what its feed's kind expects.

use super::discover::Found;

/// What is wrong with a whole document. Its entries' own troubles are
/// [`Problem`](crate::model::Problem)s beside what was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing but white space.
    #[error("the answer is empty")]
    Empty,
    /// A page for people where a feed was expected.
    #[error("this is an HTML page, not a feed")]
    HtmlPage {
        /// Feeds that the page names, the best first.
        feeds: Vec<Found>,
    },
    /// Neither XML, JSON nor HTML that one knows.
    #[error("this is {looks_like}, not a feed")]
    NotAFeed {
        /// `an XML document <opml>`, `a PNG image`, `text`.
        looks_like: String,
    },
    /// The document ends before its first entry does.
    #[error("the feed is cut off before its first entry ends")]
    Truncated,
    /// Elements within elements beyond any use.
    #[error("elements are nested more than {limit} deep")]
    TooDeep {
        /// The most that is read.
        limit: usize,
    },
    /// JSON that is not well-formed.
    #[error("broken JSON in line {line}, column {column}: {cause}")]
    Json {
        /// 1-based.
        line: usize,
        /// 1-based.
        column: usize,
        /// As the JSON reader says it.
        cause: String,
    },
    /// `kind: page` without `select`.
    #[error("a page needs `select`: which elements are its entries")]
    NoSelect,
    /// Text that is no CSS selector.
    #[error("`{selector}` is not a CSS selector")]
    BadSelector {
        /// As in `feeds.yaml`.
        selector: String,
    },
    /// A page with no main text that one could tell from what is around it.
    #[error("no article was found on the page")]
    NoArticle,
    /// A page on which nothing was found.
    #[error("the selector `{selector}` matches nothing on the page")]
    NoMatch {
        /// As in `feeds.yaml`.
        selector: String,
    },
    /// JSON of another form than its service is known to send.
    #[error("the answer is not {expected}{}", said.as_ref().map(|said| format!(": {said}")).unwrap_or_default())]
    Unlike {
        /// What was asked for: `a list of statuses`.
        expected: &'static str,
        /// The service's own words, or what is wrong with the first of its elements.
        said: Option<String>,
    },
    /// An account that asks not to be shown to the public.
    #[error("{account} asks to be shown to signed-in readers only")]
    SignedInOnly {
        /// As the service writes it.
        account: String,
    },
}

impl Error {
    /// The user's next step, where there is one.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::HtmlPage { feeds } => Some(match feeds.first() {
                Some(found) => format!("the page names a feed: {}", found.url),
                None => "give the address of its feed, or `kind: page` with `select`".to_owned(),
            }),
            Error::NoSelect => {
                Some("for example `select: {item: article, title: h2, link: a}`".to_owned())
            }
            Error::BadSelector { .. } => {
                Some("selectors are written as in a style sheet: `ul.posts > li`".to_owned())
            }
            Error::NoMatch { .. } => Some(
                "the page may have been rebuilt: look at its source and adapt `select`".to_owned(),
            ),
            Error::NoArticle => {
                Some("name its place: `full: {content: \"article .body\"}`".to_owned())
            }
            Error::SignedInOnly { .. } => {
                Some("write `mode: manual` to keep the profile without reading it".to_owned())
            }
            Error::NotAFeed { .. } => Some("check the address in a browser".to_owned()),
            Error::Unlike { said: None, .. } => Some(
                "the service may have changed: a newer bellwether may know its new form".to_owned(),
            ),
            Error::Unlike { .. } => None,
            Error::Empty | Error::Truncated | Error::TooDeep { .. } | Error::Json { .. } => None,
        }
    }
}
