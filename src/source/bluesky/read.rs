//! From views of posts to posts.

use std::collections::BTreeSet;

use super::text;
use super::views::{Author, Embed, Entry, PostView, Reason, Shown};
use crate::model::{Counters, Handle, RawAuthor, RawPost};
use crate::source::answer::{described, escaped, filled};

/// What an account says of itself that asks not to be shown to the public.
const SIGNED_IN_ONLY: &str = "!no-unauthenticated";
/// What an account says of itself that a program writes.
const BOT: &str = "bot";
/// Handles that prove to be none.
const NO_HANDLE: &str = "handle.invalid";

/// The account that was asked for: its DID, and as the user names it.
pub(super) type Own = Option<(String, Handle)>;

/// Returns the posts of `entries`, in their order; of a repost the reposted one first.
/// What asks not to be shown to the public is left out; that it was reposted is told.
pub(super) fn posts(entries: &[Entry], own: &Own) -> Vec<RawPost> {
    let mut posts = Vec::new();
    for Entry { post: view, reply, reason } in entries {
        if !is_signed_in_only(&view.author) {
            let parent = reply.as_ref().and_then(|reply| reply.parent.as_ref());
            posts.push(post(view, parent, own));
        }
        if let Some(reason) = reason.as_ref().filter(|reason| is_repost(reason)) {
            posts.push(repost(view, reason, own));
        }
    }
    // Whoever reposts their own post has it in the answer twice.
    let mut seen = BTreeSet::new();
    posts.retain(|post| post.guid.as_ref().is_none_or(|guid| seen.insert(guid.clone())));
    posts
}

pub(super) fn is_repost(reason: &Reason) -> bool {
    reason.kind.ends_with("#reasonRepost")
}

pub(super) fn is_signed_in_only(author: &Author) -> bool {
    is_labelled(author, SIGNED_IN_ONLY)
}

fn is_labelled(author: &Author, value: &str) -> bool {
    author.labels.iter().any(|label| label.val == value && label.neg != Some(true))
}

pub(super) fn post(view: &PostView, parent: Option<&PostView>, own: &Own) -> RawPost {
    let record = &view.record;
    let (mut content, mut enclosures) = (text::html(record), Vec::new());
    if let Some(embed) = &view.embed {
        show(embed, &mut content, &mut enclosures);
    }
    let parent = parent.filter(|parent| !parent.uri.is_empty());
    let answered = record.reply.as_ref().and_then(|reply| reply.parent.uri.clone());
    let answered = answered.or_else(|| parent.map(|parent| parent.uri.clone()));
    RawPost {
        guid: filled(Some(&view.uri)).map(str::to_owned),
        link: page(&view.uri, &view.author),
        content: Some(content),
        authors: vec![author(&view.author, own)],
        // Authors may write any date; one before the service saw the post is theirs to say.
        published: record.created_at.clone().or_else(|| view.indexed_at.clone()),
        tags: text::tags(record),
        in_reply_to: answered
            .into_iter()
            .chain(parent.and_then(|parent| page(&parent.uri, &parent.author)))
            .collect(),
        quote_of: view.embed.as_ref().and_then(quoted),
        mentions: text::mentions(record),
        bot: is_labelled(&view.author, BOT),
        enclosures,
        language: record.langs.first().cloned(),
        counters: counters(view),
        ..RawPost::default()
    }
}

/// A repost has no page of its own.
fn repost(view: &PostView, reason: &Reason, own: &Own) -> RawPost {
    let named = || format!("repost/{}/{}", reason.by.did, view.uri.trim_start_matches("at://"));
    RawPost {
        guid: Some(reason.uri.clone().unwrap_or_else(named)),
        authors: vec![author(&reason.by, own)],
        published: reason.indexed_at.clone(),
        repost_of: Some(view.uri.clone()),
        bot: is_labelled(&reason.by, BOT),
        ..RawPost::default()
    }
}

pub(super) fn counters(view: &PostView) -> Counters {
    Counters {
        replies: view.reply_count,
        boosts: view.repost_count,
        likes: view.like_count,
        views: None,
    }
}

fn author(author: &Author, own: &Own) -> RawAuthor {
    let handle = handle(author);
    let name = filled(author.display_name.as_deref()).or(handle);
    let own = own.as_ref().filter(|(did, _)| *did == author.did).map(|(_, handle)| handle.clone());
    RawAuthor {
        name: name.map(escaped),
        uri: filled(Some(&author.did)).map(text::profile),
        email: None,
        handle: own.or_else(|| handle.map(|handle| Handle::new("bluesky", handle))),
    }
}

pub(super) fn handle(author: &Author) -> Option<&str> {
    filled(author.handle.as_deref()).filter(|handle| *handle != NO_HANDLE)
}

/// The page for people, under the handle as people share it.
fn page(uri: &str, author: &Author) -> Option<String> {
    let key = uri.split_once("/app.bsky.feed.post/")?.1;
    let who = handle(author).or_else(|| filled(Some(&author.did)))?;
    Some(format!("{}/post/{key}", text::profile(who)))
}

/// What stands below the text: descriptions of pictures and films, the card of a page.
fn show(embed: &Embed, content: &mut String, enclosures: &mut Vec<String>) {
    for image in &embed.images {
        content.push_str(&described("image", image.alt.as_deref()));
        enclosures.extend(image.fullsize.clone());
    }
    if let Some(playlist) = &embed.playlist {
        content.push_str(&described("video", embed.alt.as_deref()));
        enclosures.push(playlist.clone());
    }
    if let Some(card) = &embed.external
        && let Some(uri) = filled(card.uri.as_deref())
    {
        let title = filled(card.title.as_deref()).unwrap_or(uri);
        content.push_str(&format!("<p><a href=\"{}\">{}</a>", escaped(uri), escaped(title)));
        let text = filled(card.description.as_deref()).map(|text| format!("<br>{}", escaped(text)));
        content.push_str(&text.unwrap_or_default());
        content.push_str("</p>");
    }
    if let Some(media) = &embed.media {
        show(media, content, enclosures);
    }
}

/// The post that is quoted, if it is one (not a list or a feed) and its author did not detach it.
fn quoted(embed: &Embed) -> Option<String> {
    let shown = embed.record.as_deref()?;
    let shown: &Shown = shown.record.as_deref().filter(|_| shown.uri.is_none()).unwrap_or(shown);
    let uri = shown.uri.as_deref()?;
    let detached = shown.kind.as_deref().is_some_and(|kind| kind.ends_with("#viewDetached"));
    let is_post = uri.contains("/app.bsky.feed.post/")
        || shown.kind.as_deref().is_some_and(|kind| kind.ends_with("#viewRecord"));
    (is_post && !detached).then(|| uri.to_owned())
}
