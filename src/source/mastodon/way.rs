//! The way to an account's statuses: its id by its name, then the statuses by its id; from where
//! it moved to where it is; and from a closed door to its feed.

use serde::Deserialize as _;
use url::Url;

use super::status::{self, Status};
use super::{LIMIT, ask, read, statuses};
use crate::model::{Account, Feed, FeedState, Problem, Request, Validators};
use crate::source::{Error, Parsed, Reply, SourceKind as _, answer, syndication};

/// A chain of moves is not followed further than this.
const MOVES: usize = 2;

/// A question, and what led to it.
#[derive(Debug, Clone)]
pub(super) struct Way {
    ask: Ask,
    /// The account's feed.
    feed: String,
    /// As `ines@new.example`; empty while nobody moved.
    moves: Vec<String>,
}

#[derive(Debug, Clone)]
enum Ask {
    /// Who has this name?
    Lookup { api: String, name: String },
    /// What did this account say?
    Statuses { url: String },
    /// The same by its feed.
    Syndication,
}

/// What an answer leads to.
pub(super) enum Next {
    Ask(Way),
    Done(Box<Parsed>),
    GiveUp,
}

impl Way {
    pub(super) fn begin(feed: &Feed, account: &Account, state: &FeedState) -> Way {
        let found = state.found.as_ref().filter(|found| account_id(found).is_some());
        let ask = match found {
            Some(url) => Ask::Statuses { url: url.clone() },
            None => {
                let handle = account.handle.trim_start_matches('@');
                let (user, host) = handle.split_once('@').unwrap_or((handle, ""));
                let at_home =
                    Url::parse(&account.api).is_ok_and(|api| api.host_str() == Some(host));
                let name = if at_home { user } else { handle };
                Ask::Lookup { api: account.api.clone(), name: name.to_owned() }
            }
        };
        Way { ask, feed: feed.address.clone(), moves: Vec::new() }
    }

    pub(super) fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        match &self.ask {
            Ask::Lookup { api, name } => {
                let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
                ask(format!("{api}/api/v1/accounts/lookup?acct={name}"))
            }
            Ask::Statuses { url } => {
                let known = state.found.as_ref() == Some(url);
                let validators =
                    if known { state.validators.clone() } else { Validators::default() };
                Request { validators, ..ask(url.clone()) }
            }
            Ask::Syndication => {
                let known = state.found.is_none() && self.feed == feed.address;
                let validators =
                    if known { state.validators.clone() } else { Validators::default() };
                let accept = Some(syndication::ACCEPT.to_owned());
                Request { url: self.feed.clone(), accept, validators }
            }
        }
    }

    /// Goes on after an answer.
    ///
    /// # Errors
    /// Where the answer is not what was asked for.
    pub(super) fn after(
        self,
        feed: &Feed,
        state: &FeedState,
        reply: &Reply,
    ) -> Result<Next, Error> {
        let document = match (reply, &self.ask) {
            (Reply::Refused { .. }, Ask::Syndication) => return Ok(Next::GiveUp),
            (Reply::Refused { .. }, _) => return Ok(self.by_feed()),
            (Reply::Document { document, .. }, Ask::Syndication) => {
                let parsed = syndication::Syndication.parse(feed, document)?;
                return Ok(self.done(parsed, None, state));
            }
            (Reply::Document { document, .. }, _) if answer::is_page(document) => {
                return Ok(self.by_feed());
            }
            (Reply::Document { document, .. }, _) => document,
        };
        let value = answer::json(document)?;
        match &self.ask {
            Ask::Statuses { url } => {
                let id = account_id(url);
                let own = |status: &Status| status.account.id.as_deref() == id;
                let newest = value.get(0).and_then(|first| Status::deserialize(first).ok());
                let moved = newest.filter(own).and_then(|status| status.account.moved);
                if let Some(way) = moved.and_then(|account| self.moved(&account)) {
                    return Ok(Next::Ask(way));
                }
                let parsed = statuses(&value, document, feed, id)?;
                Ok(self.clone().done(parsed, Some(url.clone()), state))
            }
            Ask::Lookup { api, .. } => {
                let account = status::Account::deserialize(&value).unwrap_or_default();
                if let Some(way) = account.moved.as_ref().and_then(|to| self.moved(to)) {
                    return Ok(Next::Ask(way));
                }
                let id = answer::filled(account.id.as_deref())
                    .ok_or_else(|| answer::unlike(&value, "an account at Mastodon"))?;
                let url = format!("{api}/api/v1/accounts/{id}/statuses?limit={LIMIT}");
                Ok(Next::Ask(Way { ask: Ask::Statuses { url }, ..self }))
            }
            Ask::Syndication => Ok(Next::GiveUp),
        }
    }

    /// To where the account lives now: its own instance knows it best.
    fn moved(&self, account: &status::Account) -> Option<Way> {
        let page = account.url.as_deref()?;
        let url = Url::parse(page).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let api = url.origin().ascii_serialization();
        let name = answer::filled(account.username.as_deref())?.to_owned();
        let whole = read::whole(&name, Some(page), &api);
        if self.moves.len() == MOVES || self.moves.contains(&whole) {
            return None;
        }
        let mut moves = self.moves.clone();
        moves.push(whole);
        Some(Way { ask: Ask::Lookup { api, name }, feed: format!("{page}.rss"), moves })
    }

    fn by_feed(self) -> Next {
        Next::Ask(Way { ask: Ask::Syndication, ..self })
    }

    /// Says once what is new about the way.
    fn done(self, mut parsed: Parsed, found: Option<String>, state: &FeedState) -> Next {
        if let Some(to) = self.moves.last() {
            let text = format!("moved to @{to} and is read there: write that into feeds.yaml");
            parsed.problems.push(Problem::new("the account", text));
        }
        if found.is_none() && (state.found.is_some() || state.first_read.is_none()) {
            let text = "is closed to the public: read by the feed, without replies and counters";
            parsed.problems.push(Problem::new("the instance's API", text));
        }
        Next::Done(Box::new(Parsed { found, ..parsed }))
    }
}

/// The id in the address of an account's statuses.
fn account_id(url: &str) -> Option<&str> {
    url.split_once("/api/v1/accounts/")?.1.split('/').next()
}
