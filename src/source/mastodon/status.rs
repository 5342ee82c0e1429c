//! What Mastodon's interface sends, as far as it is read (docs.joinmastodon.org/entities). Other
//! servers of the fediverse speak it too, and leave out much of it.

use serde::Deserialize;

use crate::source::answer::{each, maybe};

/// `Account`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Account {
    /// On the instance that was asked.
    pub(super) id: Option<String>,
    pub(super) username: Option<String>,
    /// With `@host` where it is an account of another instance.
    pub(super) acct: Option<String>,
    /// Plain text.
    pub(super) display_name: Option<String>,
    pub(super) url: Option<String>,
    pub(super) bot: Option<bool>,
    /// Where it lives now.
    pub(super) moved: Option<Box<Account>>,
}

/// `Status`. One without an id or an account is none.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Status {
    /// On the instance that was asked.
    pub(super) id: String,
    /// ActivityPub's id: the same everywhere.
    pub(super) uri: Option<String>,
    /// The page for people.
    pub(super) url: Option<String>,
    pub(super) created_at: Option<String>,
    pub(super) edited_at: Option<String>,
    /// On the instance that was asked; `null` where the answered status is gone.
    pub(super) in_reply_to_id: Option<String>,
    pub(super) in_reply_to_account_id: Option<String>,
    /// The content warning, plain text.
    pub(super) spoiler_text: Option<String>,
    pub(super) visibility: Option<String>,
    pub(super) language: Option<String>,
    pub(super) replies_count: Option<u64>,
    pub(super) reblogs_count: Option<u64>,
    pub(super) favourites_count: Option<u64>,
    /// HTML.
    pub(super) content: Option<String>,
    pub(super) account: Account,
    pub(super) reblog: Option<Box<Status>>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) quote: Option<Quote>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) poll: Option<Poll>,
    #[serde(default, deserialize_with = "each")]
    pub(super) media_attachments: Vec<Media>,
    #[serde(default, deserialize_with = "each")]
    pub(super) mentions: Vec<Mention>,
    #[serde(default, deserialize_with = "each")]
    pub(super) tags: Vec<Tag>,
}

/// `Quote` or `ShallowQuote`: a status may be there or only its id, or neither.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quote {
    /// `accepted` where the quoted author agrees.
    pub(super) state: Option<String>,
    #[serde(deserialize_with = "maybe")]
    pub(super) quoted_status: Option<Box<Status>>,
    pub(super) quoted_status_id: Option<String>,
}

/// `Poll`. Its votes change all the time and are no part of a text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Poll {
    #[serde(deserialize_with = "each")]
    pub(super) options: Vec<Choice>,
}

/// `Poll::Option`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    pub(super) title: Option<String>,
}

/// `MediaAttachment`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Media {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) url: Option<String>,
    pub(super) remote_url: Option<String>,
    /// For those who cannot see it.
    pub(super) description: Option<String>,
}

/// `Status::Mention`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Mention {
    pub(super) id: Option<String>,
    pub(super) acct: Option<String>,
    pub(super) url: Option<String>,
}

/// `Tag`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag {
    pub(super) name: Option<String>,
}

/// `Context`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Conversation {
    pub(super) descendants: Option<serde_json::Value>,
}
