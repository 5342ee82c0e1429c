//! From statuses to posts.

use std::collections::BTreeMap;

use url::Url;

use super::status::{Account, Mention, Status};
use crate::model::{Counters, Handle, RawAuthor, RawPost};
use crate::source::answer::{described, escaped, filled};

/// An instance's answer and what is known of the instance.
pub(super) struct Reading {
    /// Scheme, host and port: ids of statuses mean something only there.
    origin: String,
    /// The account that was asked for, by its id there, as the user names it.
    own: Option<(String, Handle)>,
    /// `url` and `uri` of all statuses of the answer, by id.
    known: BTreeMap<String, Vec<String>>,
}

impl Reading {
    /// Of an answer that came from `url`.
    pub(super) fn new(url: &str, own: Option<(String, Handle)>) -> Reading {
        let origin = Url::parse(url).map(|url| url.origin().ascii_serialization());
        Reading { origin: origin.unwrap_or_default(), own, known: BTreeMap::new() }
    }

    /// Answers to a status that is not in the answer itself, too.
    pub(super) fn know(&mut self, id: &str, addresses: Vec<String>) {
        self.known.insert(id.to_owned(), addresses);
    }

    /// Returns the posts of `statuses`, in their order; of a boost the boosted post first.
    pub(super) fn posts(&mut self, statuses: &[Status]) -> Vec<RawPost> {
        for status in statuses {
            let boosted = status.reblog.as_deref();
            for status in [Some(status), boosted].into_iter().flatten() {
                self.known.insert(status.id.clone(), addresses(status));
            }
        }
        let mut posts: Vec<RawPost> = Vec::new();
        for status in statuses.iter().filter(|status| is_public(status)) {
            match &status.reblog {
                // A boost of a private status shows nothing to the public.
                Some(boosted) if !is_public(boosted) => {}
                Some(boosted) => posts.extend([self.post(boosted), self.boost(status, boosted)]),
                None => posts.push(self.post(status)),
            }
        }
        // Whoever boosts their own post has it in the answer twice.
        let mut seen = std::collections::BTreeSet::new();
        posts.retain(|post| post.guid.as_ref().is_none_or(|guid| seen.insert(guid.clone())));
        posts
    }

    fn post(&self, status: &Status) -> RawPost {
        let quote = status.quote.as_ref().filter(|quote| {
            // Quoting needs the quoted author's consent, which may be open or taken back.
            quote.state.as_deref().is_none_or(|state| state == "accepted")
        });
        let quoted = quote.and_then(|quote| match &quote.quoted_status {
            Some(status) => addresses(status).into_iter().next(),
            None => self.known.get(quote.quoted_status_id.as_ref()?)?.first().cloned(),
        });
        RawPost {
            // The feed of the same account names its posts so, too.
            guid: addresses(status).into_iter().next(),
            link: status.url.clone().or_else(|| status.uri.clone()),
            content: Some(content(status)),
            authors: vec![self.author(&status.account)],
            published: status.created_at.clone(),
            updated: status.edited_at.clone(),
            tags: status.tags.iter().filter_map(|tag| tag.name.clone()).collect(),
            in_reply_to: self.answered(status),
            aliases: addresses(status).into_iter().skip(1).collect(),
            quote_of: quoted,
            mentions: status.mentions.iter().map(|mention| self.mention(mention)).collect(),
            poll: status.poll.is_some(),
            bot: status.account.bot.unwrap_or(false),
            enclosures: media(status),
            language: status.language.clone(),
            counters: counters(status),
            ..RawPost::default()
        }
    }

    /// Has no page: the address that Mastodon gives leads to no document for people.
    fn boost(&self, status: &Status, boosted: &Status) -> RawPost {
        RawPost {
            guid: status.uri.clone().or_else(|| status.url.clone()),
            authors: vec![self.author(&status.account)],
            published: status.created_at.clone(),
            repost_of: addresses(boosted).into_iter().next(),
            bot: status.account.bot.unwrap_or(false),
            ..RawPost::default()
        }
    }

    /// What a status answers: as its own instance names it where that is known, else the page
    /// of it on the instance that was asked; whom it answers where the answered one is gone.
    fn answered(&self, status: &Status) -> Vec<String> {
        let whom = status.in_reply_to_account_id.as_ref();
        let own = whom.is_some_and(|whom| status.account.id.as_ref() == Some(whom));
        let named = status.mentions.iter().find(|mention| mention.id.as_ref() == whom);
        let acct = match own {
            true => status.account.acct.as_deref(),
            false => named.filter(|_| whom.is_some()).and_then(|named| named.acct.as_deref()),
        };
        match (&status.in_reply_to_id, acct) {
            (Some(id), _) if self.known.contains_key(id) => self.known[id].clone(),
            (Some(id), Some(acct)) => vec![format!("{}/@{acct}/{id}", self.origin)],
            (Some(id), None) => vec![format!("{}/statuses/{id}", self.origin)],
            (None, Some(_)) if own => self
                .handle(&status.account)
                .map(|own| own.as_str().to_owned())
                .into_iter()
                .collect(),
            (None, Some(acct)) => {
                let url = named.and_then(|named| named.url.as_deref());
                let handle = Handle::new("mastodon", &whole(acct, url, &self.origin));
                vec![handle.as_str().to_owned()]
            }
            (None, None) => Vec::new(),
        }
    }

    fn author(&self, account: &Account) -> RawAuthor {
        let name = filled(account.display_name.as_deref()).or(account.username.as_deref());
        RawAuthor {
            name: name.map(escaped),
            uri: account.url.clone(),
            email: None,
            handle: self.handle(account),
        }
    }

    fn handle(&self, account: &Account) -> Option<Handle> {
        if let Some((id, handle)) = &self.own
            && account.id.as_ref() == Some(id)
        {
            return Some(handle.clone());
        }
        let acct = filled(account.acct.as_deref())?;
        Some(Handle::new("mastodon", &whole(acct, account.url.as_deref(), &self.origin)))
    }

    fn mention(&self, mention: &Mention) -> RawAuthor {
        let url = mention.url.as_deref();
        let handle = filled(mention.acct.as_deref());
        let handle = handle.map(|acct| Handle::new("mastodon", &whole(acct, url, &self.origin)));
        RawAuthor { uri: mention.url.clone(), handle, ..RawAuthor::default() }
    }
}

/// `acct` with the instance that it leaves out: that of the account's page.
pub(super) fn whole(acct: &str, url: Option<&str>, origin: &str) -> String {
    let host = |url: &str| Url::parse(url).ok()?.host_str().map(str::to_owned);
    match acct.contains('@') {
        true => acct.to_owned(),
        false => match url.and_then(host).or_else(|| host(origin)) {
            Some(host) => format!("{acct}@{host}"),
            None => acct.to_owned(),
        },
    }
}

/// The page first.
fn addresses(status: &Status) -> Vec<String> {
    let mut found: Vec<String> =
        [&status.url, &status.uri].into_iter().flatten().cloned().collect();
    found.dedup();
    found
}

/// Only what everybody may read; a server of another kind may leave the word out.
fn is_public(status: &Status) -> bool {
    matches!(status.visibility.as_deref(), None | Some("public" | "unlisted"))
}

pub(super) fn counters(status: &Status) -> Counters {
    Counters {
        replies: status.replies_count,
        boosts: status.reblogs_count,
        likes: status.favourites_count,
        views: None,
    }
}

/// The warning as the instance's own feed writes it, the text, what may be voted for, and what
/// the media show.
fn content(status: &Status) -> String {
    let mut html = String::new();
    if let Some(warning) = filled(status.spoiler_text.as_deref()) {
        let warning = escaped(warning);
        html.push_str(&format!("<p><strong>Content warning:</strong> {warning}</p><hr>"));
    }
    html.push_str(status.content.as_deref().unwrap_or(""));
    let choices = status.poll.iter().flat_map(|poll| &poll.options);
    let choices: String = choices
        .filter_map(|choice| filled(choice.title.as_deref()))
        .map(|choice| format!("<li>{}</li>", escaped(choice)))
        .collect();
    if !choices.is_empty() {
        html.push_str(&format!("<ul>{choices}</ul>"));
    }
    for media in &status.media_attachments {
        let kind = match media.kind.as_deref() {
            Some("gifv") => "video",
            Some(kind @ ("video" | "audio")) => kind,
            _ => "image",
        };
        html.push_str(&described(kind, media.description.as_deref()));
    }
    html
}

fn media(status: &Status) -> Vec<String> {
    let urls = status.media_attachments.iter();
    urls.filter_map(|media| media.url.clone().or_else(|| media.remote_url.clone())).collect()
}
