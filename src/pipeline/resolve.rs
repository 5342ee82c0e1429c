//! Which item a person means: by an id as a digest shows it, or by a post's address.

use super::Error;
use crate::archive::{Archive, Shown};
use crate::model::{Post, PostId, SectionKind};
use crate::normalize::url::canonical;

/// Digests that are looked through for an id.
const APPEARANCES: usize = 50;

/// An item, known without the digest that showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its id, without brackets and in lower case; or the address, as it was typed.
    pub item: String,
    /// What stays the same from digest to digest.
    pub identity: String,
    /// Its section; `None` for an address.
    pub section: Option<SectionKind>,
    /// Its line, plain text.
    pub title: String,
    /// Where it leads.
    pub url: Option<String>,
    /// Its posts, the one that leads it first.
    pub posts: Vec<PostId>,
    /// `identity::Voice` keys of the people in it.
    pub people: Vec<String>,
}

/// Whether `text` can only be an address: ids have no such characters.
pub fn is_address(text: &str) -> bool {
    text.contains(['.', '/', ':'])
}

/// An id as digests have it: `[T3FD]` is `t3fd`.
pub fn tidy(id: &str) -> String {
    id.trim().trim_matches(['[', ']']).to_lowercase()
}

/// Finds what `text` means.
///
/// # Errors
///
/// [`Error::NoItem`], [`Error::NoPost`]; else of the archive.
pub fn resolve(archive: &Archive, text: &str) -> Result<Target, Error> {
    if is_address(text) { at_address(archive, text) } else { shown(archive, &tidy(text)) }
}

fn at_address(archive: &Archive, text: &str) -> Result<Target, Error> {
    let missing = || Error::NoPost { url: text.to_owned() };
    // Without a scheme it is as people write addresses.
    let address = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let canonical = canonical(&address).ok_or_else(missing)?;
    let found = archive.find_url(&canonical)?;
    let first = &found.first().ok_or_else(missing)?.post;
    Ok(Target {
        item: text.to_owned(),
        identity: first.id.to_string(),
        section: None,
        title: line(first),
        url: url(first),
        posts: found.iter().map(|kept| kept.post.id).collect(),
        people: Vec::new(),
    })
}

fn shown(archive: &Archive, id: &str) -> Result<Target, Error> {
    let appearances = archive.appearances(id, APPEARANCES)?;
    // Format 1 kept no posts of what was only printed.
    let full = appearances.iter().find(|(_, one)| !one.posts.is_empty());
    let Some((_, item)) = full.or(appearances.first()).cloned() else {
        return Err(Error::NoItem { id: id.to_owned() });
    };
    let Shown { identity, section, title, posts, people, .. } = item;
    let lead = match posts.first() {
        Some(lead) => archive.post(*lead)?,
        None => None,
    };
    let url = lead.and_then(|kept| url(&kept.post));
    Ok(Target { item: id.to_owned(), identity, section: Some(section), title, url, posts, people })
}

/// What a person calls the post.
fn line(post: &Post) -> String {
    const COLUMNS: usize = 80;
    match &post.title {
        Some(title) if !title.is_empty() => title.clone(),
        _ => crate::text::shorten(&post.text, COLUMNS),
    }
}

fn url(post: &Post) -> Option<String> {
    let canonical = || post.canonical.as_ref().map(|url| format!("https://{url}"));
    post.url.clone().or_else(canonical)
}
