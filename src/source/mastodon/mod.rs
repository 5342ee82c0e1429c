//! Mastodon, and what speaks as it does: an account's statuses by its instance's open interface,
//! with replies, boosts and counters; by its feed where the instance keeps that closed.
//!
//! An account that moved is read where it lives now.

mod read;
mod status;
mod way;

use serde::Deserialize as _;
use url::Url;

use super::{Error, Parsed, Reply, SourceKind, Step, Thread, answer, dialog, syndication};
use crate::model::{
    Account, Counters, Document, Feed, FeedState, Handle, Post, Request, Validators,
};
use read::Reading;
use status::{Conversation, Status};
use way::Way;

/// As many statuses as an instance gives at once.
const LIMIT: usize = 40;

/// See the header.
#[derive(Debug)]
pub(super) struct Mastodon;

impl SourceKind for Mastodon {
    fn name(&self) -> &'static str {
        "mastodon"
    }

    fn doc(&self) -> &'static str {
        "a Mastodon account, by its instance's API, else by its feed"
    }

    fn api(&self, handle: &str) -> Option<String> {
        let (user, host) = handle.trim_start_matches('@').split_once('@')?;
        (!user.is_empty() && host.contains('.')).then(|| format!("https://{host}"))
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        match &feed.account {
            Some(account) => Way::begin(feed, account, state).request(feed, state),
            None => syndication::request(feed, state),
        }
    }

    fn parse(&self, feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        match answer::json(document) {
            Ok(value) if value.get("items").is_none() => statuses(&value, document, feed, None),
            _ => syndication::Syndication.parse(feed, document),
        }
    }

    fn step(&self, feed: &Feed, state: &FeedState, heard: &[Reply]) -> Result<Step, Error> {
        let Some(account) = &feed.account else {
            return dialog::one_question(self, feed, state, heard);
        };
        let mut way = Way::begin(feed, account, state);
        for reply in heard {
            way = match way.after(feed, state, reply)? {
                way::Next::Ask(way) => way,
                way::Next::Done(parsed) => return Ok(Step::Done(*parsed)),
                way::Next::GiveUp => return Ok(Step::GiveUp),
            };
        }
        Ok(Step::Ask(way.request(feed, state)))
    }

    /// The author's own instance knows the most of a status.
    fn thread(&self, feed: &Feed, post: &Post) -> Option<Request> {
        let url = Url::parse(post.url.as_deref()?).ok()?;
        let id = id_of(&url)?;
        let account = feed.account.as_ref();
        let home = account.and_then(|account| Some((account.handle.split_once('@')?.1, account)));
        let api = match home {
            Some((host, account)) if url.host_str() == Some(host) => account.api.clone(),
            _ => url.origin().ascii_serialization(),
        };
        Some(ask(format!("{api}/api/v1/statuses/{id}/context")))
    }

    /// Such an answer does not count what it holds answers to.
    fn read_thread(&self, post: &Post, document: &Document) -> Result<Thread, Error> {
        const EXPECTED: &str = "the context of a status";
        let value = answer::json(document)?;
        let context = Conversation::deserialize(&value).unwrap_or_default();
        let below = context.descendants.ok_or_else(|| answer::unlike(&value, EXPECTED))?;
        let (statuses, _) = answer::elements::<Status>(&below, EXPECTED, "status")?;
        let mut reading = Reading::new(&document.url, None);
        let url = post.url.as_deref().and_then(|url| Url::parse(url).ok());
        if let Some(id) = url.as_ref().and_then(id_of) {
            reading.know(&id, post.url.clone().into_iter().collect());
        }
        let answers = reading.posts(&statuses);
        Ok(Thread { counters: Counters::default(), locked: None, answers })
    }
}

/// Asks for JSON.
fn ask(url: String) -> Request {
    let accept = Some("application/json".to_owned());
    Request { url, accept, validators: Validators::default() }
}

/// The id of a status, by the address of its page: `/@ines/115`, `/users/ines/statuses/115`.
fn id_of(url: &Url) -> Option<String> {
    let path: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let id = match path[..] {
        [user, id] if user.starts_with('@') => id,
        [.., "statuses", id] => id,
        _ => return None,
    };
    Some(id.to_owned())
}

/// Reads a list of statuses. `own`: the id of the account that was asked for.
fn statuses(
    value: &serde_json::Value,
    document: &Document,
    feed: &Feed,
    own: Option<&str>,
) -> Result<Parsed, Error> {
    let (statuses, problems) =
        answer::elements::<Status>(value, "a list of Mastodon's statuses", "status")?;
    let of_handle = |id: &str| {
        let Account { handle, .. } = feed.account.as_ref()?;
        Some((id.to_owned(), Handle::new("mastodon", handle)))
    };
    let mut reading = Reading::new(&document.url, own.and_then(of_handle));
    let posts = reading.posts(&statuses);
    let first = statuses.first().filter(|_| own.is_some()).map(|status| &status.account);
    Ok(Parsed {
        title: first
            .and_then(|account| answer::filled(account.display_name.as_deref()))
            .map(str::to_owned),
        site: first.and_then(|account| account.url.clone()),
        whole: true,
        posts,
        problems,
        ..Parsed::default()
    })
}
