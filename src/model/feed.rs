//! A feed as the user named it, and what its past polls left behind.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::FeedId;

/// CSS selectors of a page without a feed (`kind: page`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Select {
    /// Each match is one entry.
    pub item: String,
    /// Inside the entry: its title. The whole entry's text if absent.
    pub title: Option<String>,
    /// Inside the entry: the first element with an `href`. The title's own link if absent.
    pub link: Option<String>,
    /// Inside the entry: a `<time datetime>` or text that is a date.
    pub date: Option<String>,
}

/// An account at a service, read by the service's API; the feed at [`Feed::address`] is what
/// there is beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// As the service writes it: `ines@social.example`, `tomas.example`, `mlq`.
    pub handle: String,
    /// Base address of the API, without a slash at its end.
    pub api: String,
}

/// One subscription in `feeds.yaml`: a syndication feed or a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Hash of `address`.
    pub id: FeedId,
    /// The address to ask, as `feeds.yaml` has it (or as derived from a handle): an absolute URL.
    pub address: String,
    /// What a person calls it: the source's or the person's name, and the kind where it helps.
    pub name: String,
    /// The name of its `source::SourceKind` (`syndication`, `page`, `mastodon`, …).
    pub kind: String,
    /// The slug of the person whose feed it is; `None` for a venue.
    pub owner: Option<String>,
    /// Only for `kind: page`.
    pub select: Option<Select>,
    /// Only for profiles that are read by an API.
    pub account: Option<Account>,
    /// The kind's own options that are plain text or numbers, as written.
    pub options: BTreeMap<String, String>,
    /// The address is a secret: never shown, not even in an error.
    pub secret: bool,
    /// Why this feed cannot be read (a kind not read yet, `mode: manual`, a secret that is not
    /// set): it is not polled, and the coverage line says this.
    pub unreadable: Option<String>,
}

/// How the last poll of a feed ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A whole document, understood.
    Read,
    /// 304: nothing new.
    Unchanged,
    /// No answer, an error status, or a document that could not be understood.
    Failed,
    /// 410, or a JSON Feed that says `expired`.
    Gone,
}

impl Outcome {
    /// The word for it in the archive, in JSON and in `status`.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Read => "read",
            Outcome::Unchanged => "unchanged",
            Outcome::Failed => "failed",
            Outcome::Gone => "gone",
        }
    }

    /// Takes back what `word` gave.
    pub fn from_word(word: &str) -> Option<Outcome> {
        [Outcome::Read, Outcome::Unchanged, Outcome::Failed, Outcome::Gone]
            .into_iter()
            .find(|outcome| outcome.word() == word)
    }
}

/// Validators of the last whole and understood answer (RFC 9110 §8.8), opaque, byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, quotes and `W/` included.
    pub etag: Option<String>,
    /// `Last-Modified`, as the server wrote it.
    pub last_modified: Option<String>,
    /// The URL that they came from where a redirect led to it: sent to that URL and no other.
    /// `None`: the feed's own address.
    pub url: Option<String>,
}

/// What is known of a feed from its polls. `FeedState::default()` is a feed never asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FeedState {
    /// To be sent back with the next request.
    pub validators: Validators,
    /// When it was last asked.
    pub checked: Option<Timestamp>,
    /// When it was first read whole: posts of that reading are the backlog.
    pub first_read: Option<Timestamp>,
    /// When it was last read or unchanged.
    pub succeeded: Option<Timestamp>,
    /// How the last poll ended.
    pub outcome: Option<Outcome>,
    /// Failed polls in a row.
    pub failures: u32,
    /// Since when it fails, while it fails.
    pub failing_since: Option<Timestamp>,
    /// One line: what went wrong at the last poll, if it failed.
    pub error: Option<String>,
    /// From when on a scheduled poll is welcome.
    pub next_check: Option<Timestamp>,
    /// Until when the server asked to be left alone (Retry-After, max-age, ttl, back-off);
    /// not even `fetch` by hand asks earlier.
    pub not_before: Option<Timestamp>,
    /// The feed's own title, once read.
    pub title: Option<String>,
    /// Where the feed is, if the address that the user wrote is a page that names it.
    pub found: Option<String>,
}
