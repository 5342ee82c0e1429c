//! What is asked of a server and what came back: the words between `source` and `fetch`.

use jiff::SignedDuration;

use super::Validators;

/// One GET. Only `fetch` sends it; only `source` and `schedule` decide what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Absolute http or https URL.
    pub url: String,
    /// `Accept`; the fetcher's own for feeds where `None`.
    pub accept: Option<String>,
    /// Sent back as `If-None-Match` and `If-Modified-Since`.
    pub validators: Validators,
}

/// A whole answer with a body, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The URL that answered, after redirects.
    pub url: String,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// The body after `Content-Encoding` was undone; its charset is still the server's.
    pub body: Vec<u8>,
}

/// What the server said of time: how long the answer is fresh, how long to stay away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pace {
    /// `Cache-Control: max-age` less `Age`, or `Expires` less `Date` (RFC 9111 §4.2.1).
    pub fresh_for: Option<SignedDuration>,
    /// `Retry-After` (RFC 9110 §10.2.3), as a duration from the answer on.
    pub retry_after: Option<SignedDuration>,
}
