//! Bluesky: an account's posts by the public AppView, with answers, reposts and counters; by its
//! feed where that refuses.
//!
//! An account is known by its DID, since handles change. One that asks to be shown to signed-in
//! readers only is not read.

mod read;
mod text;
mod thread;
mod views;

use serde_json::Value;

use super::{Error, Parsed, Reply, SourceKind, Step, Thread, answer, dialog, syndication};
use crate::model::{
    Account, Document, Feed, FeedState, Handle, Post, Problem, Request, Validators,
};
use read::Own;
use views::{Author, Entry};

/// The AppView that answers anybody.
const PUBLIC_API: &str = "https://public.api.bsky.app";

/// As many posts as are asked for at once.
const LIMIT: usize = 50;

/// See the header.
#[derive(Debug)]
pub(super) struct Bluesky;

impl SourceKind for Bluesky {
    fn name(&self) -> &'static str {
        "bluesky"
    }

    fn doc(&self) -> &'static str {
        "a Bluesky account, by the public API, else by its feed"
    }

    fn api(&self, _handle: &str) -> Option<String> {
        Some(PUBLIC_API.to_owned())
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        match &feed.account {
            Some(account) => posts_of(account, state),
            None => syndication::request(feed, state),
        }
    }

    fn parse(&self, feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        match answer::json(document) {
            Ok(value) if value.get("items").is_none() => author_feed(&value, feed, None),
            _ => syndication::Syndication.parse(feed, document),
        }
    }

    fn step(&self, feed: &Feed, state: &FeedState, heard: &[Reply]) -> Result<Step, Error> {
        let Some(account) = &feed.account else {
            return dialog::one_question(self, feed, state, heard);
        };
        match heard {
            [] => Ok(Step::Ask(posts_of(account, state))),
            [Reply::Document { asked, document }] if !answer::is_page(document) => {
                let parsed = author_feed(&answer::json(document)?, feed, Some(asked))?;
                Ok(Step::Done(renamed(parsed, state)))
            }
            [_] => Ok(Step::Ask(by_feed(feed, state))),
            [.., Reply::Document { document, .. }] => {
                let mut parsed = syndication::Syndication.parse(feed, document)?;
                if state.found.is_some() || state.first_read.is_none() {
                    let text = "refuses: read by the feed, without answers and counters";
                    parsed.problems.push(Problem::new("Bluesky's API", text));
                }
                Ok(Step::Done(parsed))
            }
            [.., Reply::Refused { .. }] => Ok(Step::GiveUp),
        }
    }

    fn thread(&self, feed: &Feed, post: &Post) -> Option<Request> {
        thread::request(feed.account.as_ref().map_or(PUBLIC_API, |account| &account.api), post)
    }

    fn read_thread(&self, _post: &Post, document: &Document) -> Result<Thread, Error> {
        thread::read(&answer::json(document)?)
    }
}

/// Asks for JSON.
fn ask(url: String) -> Request {
    let accept = Some("application/json".to_owned());
    Request { url, accept, validators: Validators::default() }
}

fn posts_of(account: &Account, state: &FeedState) -> Request {
    match state.found.as_ref().filter(|found| actor(found).is_some()) {
        Some(found) => Request { validators: state.validators.clone(), ..ask(found.clone()) },
        None => ask(address(&account.api, account.handle.trim_start_matches('@'))),
    }
}

fn address(api: &str, actor: &str) -> String {
    let actor: String = url::form_urlencoded::byte_serialize(actor.as_bytes()).collect();
    format!(
        "{api}/xrpc/app.bsky.feed.getAuthorFeed\
         ?actor={actor}&limit={LIMIT}&filter=posts_with_replies"
    )
}

/// Who is asked for in such an address.
fn actor(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok().filter(|url| url.path().ends_with("getAuthorFeed"))?;
    let actor = url.query_pairs().find(|(key, _)| key == "actor")?.1;
    Some(actor.into_owned())
}

/// The same account by its feed. The validators are the feed's if the last poll read it.
fn by_feed(feed: &Feed, state: &FeedState) -> Request {
    let known = state.found.is_none();
    let validators = if known { state.validators.clone() } else { Validators::default() };
    let accept = Some(syndication::ACCEPT.to_owned());
    Request { url: feed.address.clone(), accept, validators }
}

/// Reads an author's feed; `asked` is the address that it came from.
fn author_feed(value: &Value, feed: &Feed, asked: Option<&str>) -> Result<Parsed, Error> {
    const EXPECTED: &str = "a feed of Bluesky's posts";
    let list = value.get("feed").ok_or_else(|| answer::unlike(value, EXPECTED))?;
    let (entries, problems) = answer::elements::<Entry>(list, EXPECTED, "post")?;
    let account = feed.account.as_ref();
    let name = asked.and_then(actor);
    let own = name.as_deref().and_then(|name| whose(name, &entries));
    if let Some(author) = own.filter(|author| read::is_signed_in_only(author)) {
        let account = read::handle(author).unwrap_or(&author.did);
        return Err(Error::SignedInOnly { account: format!("@{account}") });
    }
    let as_named: Own = own.zip(account).map(|(author, account)| {
        (author.did.clone(), Handle::new("bluesky", account.handle.trim_start_matches('@')))
    });
    Ok(Parsed {
        title: own.map(title),
        site: own.map(|author| text::profile(read::handle(author).unwrap_or(&author.did))),
        found: own.zip(account).map(|(author, account)| address(&account.api, &author.did)),
        whole: true,
        posts: read::posts(&entries, &as_named),
        problems,
        ..Parsed::default()
    })
}

/// The account of that name or DID among those whose posts or reposts these are.
fn whose<'a>(name: &str, entries: &'a [Entry]) -> Option<&'a Author> {
    let who = |entry: &'a Entry| match &entry.reason {
        Some(reason) if read::is_repost(reason) => &reason.by,
        _ => &entry.post.author,
    };
    let named = |author: &&Author| {
        author.did == name
            || author.handle.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    entries.iter().map(who).find(named).filter(|author| !author.did.is_empty())
}

/// As the account's own feed is titled.
fn title(author: &Author) -> String {
    let handle = read::handle(author).unwrap_or(&author.did);
    let name = answer::filled(author.display_name.as_deref()).unwrap_or(handle);
    format!("@{handle} - {name}")
}

/// Says once that the account has another handle now.
fn renamed(mut parsed: Parsed, state: &FeedState) -> Parsed {
    let handle = |title: &Option<String>| {
        let title = title.as_deref()?.strip_prefix('@')?;
        Some(title.split_once(" - ")?.0.to_owned())
    };
    if let (Some(before), Some(now)) = (handle(&state.title), handle(&parsed.title))
        && before != now
    {
        let text = format!("is called @{now} now: write that into feeds.yaml");
        parsed.problems.push(Problem::new(format!("@{before}"), text));
    }
    parsed
}
