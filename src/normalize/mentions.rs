//! Who and what a text names: handles and tags.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::Handle;

use super::author::from_page;
use super::html::Anchor;

/// The most mentions or tags of one post that are kept.
const MAX: usize = 50;

/// `@name`, `@name@host`, `@host.tld`, `u/name`; what stands before tells an address from it.
/// Lengths are counted afterwards: `\w{1,60}` is sixty copies of all letters there are, and each
/// thread that ever matched it would hold a megabyte for good.
static HANDLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\w@./:=-])(?:@([\w.-]+)(?:@([\w-]+(?:\.[\w-]+)+))?|/?u/([\w-]{2,}))")
        .expect("a fixed pattern that was tested")
});

/// What is looked at of a name; nobody's is longer.
const NAME_LETTERS: usize = 60;
/// The same of a name at Reddit.
const REDDIT_LETTERS: usize = 30;

/// `#tag`, with a letter in it.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\w&/#])[#＃]([\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*)")
        .expect("a fixed pattern that was tested")
});

/// Where a bare `@name` is somebody's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network<'a> {
    /// X.
    X,
    /// Bluesky, where names are hosts.
    Bluesky,
    /// The instance of a Mastodon post.
    Mastodon(&'a str),
    /// Reddit, with `u/name`.
    Reddit,
    /// GitHub.
    GitHub,
    /// Nowhere: only whole names count.
    None,
}

/// Returns the handles that `text` and `anchors` name, in order, each once.
pub(super) fn mentions(text: &str, anchors: &[Anchor], network: Network<'_>) -> Vec<Handle> {
    let mut found: Vec<Handle> = Vec::new();
    let mut add = |handle: Option<Handle>| {
        if let Some(handle) = handle.filter(|handle| !found.contains(handle) && found.len() < MAX) {
            found.push(handle);
        }
    };
    // An anchor knows the instance that the text leaves out.
    let marked = anchors.iter().filter(|anchor| anchor.is_marker && anchor.text.starts_with('@'));
    let linked: Vec<(String, Handle)> = marked
        .filter_map(|anchor| Some((anchor.text.to_lowercase(), from_page(&anchor.href)?)))
        .collect();
    for captures in HANDLE.captures_iter(text) {
        if let Some(user) = captures.get(3) {
            let user = cut(user.as_str(), REDDIT_LETTERS);
            add((network == Network::Reddit).then(|| Handle::new("reddit", user)));
            continue;
        }
        let Some(name) = captures.get(1) else { continue };
        let whole = name.as_str();
        let name = cut(whole, NAME_LETTERS);
        let host = captures.get(2).filter(|_| name == whole);
        let name = name.trim_end_matches(['.', '-']);
        if let Some(host) = host {
            add(Some(Handle::new("mastodon", &format!("{name}@{}", host.as_str()))));
            continue;
        }
        let written = format!("@{}", name.to_lowercase());
        match linked.iter().find(|(text, _)| *text == written) {
            Some((_, handle)) => add(Some(handle.clone())),
            None => add(bare(name, network)),
        }
    }
    found
}

/// The first `letters` of `name`.
fn cut(name: &str, letters: usize) -> &str {
    name.char_indices().nth(letters).map_or(name, |(end, _)| &name[..end])
}

fn bare(name: &str, network: Network<'_>) -> Option<Handle> {
    let is_word = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_host = name.contains('.') && name.rsplit('.').next().is_some_and(|tld| tld.len() > 1);
    match network {
        Network::X if is_word => Some(Handle::new("x", name)),
        Network::Mastodon(instance) if is_word => {
            Some(Handle::new("mastodon", &format!("{name}@{instance}")))
        }
        Network::GitHub if !name.contains('.') && name.is_ascii() => {
            Some(Handle::new("github", name))
        }
        Network::Bluesky if is_host => Some(Handle::new("bluesky", name)),
        _ if name.ends_with(".bsky.social") => Some(Handle::new("bluesky", name)),
        _ => None,
    }
}

/// Returns the tags of `categories` and then those in `text`: lower case, without `#`, each once.
pub(super) fn tags(categories: &[String], text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    // Reddit names its subreddit twice: `rust` and `r/rust`.
    let twice = |tag: &&String| {
        tag.strip_prefix("r/").is_some_and(|sub| categories.iter().any(|tag| tag == sub))
    };
    let named = categories.iter().filter(|tag| !twice(tag)).map(|tag| super::html::title(tag));
    let written = TAG.captures_iter(text).map(|captures| captures[1].to_owned());
    for tag in named.chain(written) {
        let tag = tag.trim().trim_start_matches(['#', '＃']).to_lowercase();
        if !tag.is_empty() && tag.len() <= 100 && !found.contains(&tag) && found.len() < MAX {
            found.push(tag);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, network: Network<'_>, expected: &[&str]) {
        let found = mentions(text, &[], network);
        let found: Vec<&str> = found.iter().map(Handle::as_str).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_name_belongs_to_the_network_it_is_written_in() {
        check("@mlq and (@Ines_Ok), not a@b.example", Network::X, &["x:mlq", "x:ines_ok"]);
        check("cc @tomas.example.", Network::Bluesky, &["bluesky:tomas.example"]);
        check(
            "@ines and @jun@search.example",
            Network::Mastodon("social.example"),
            &["mastodon:ines@social.example", "mastodon:jun@search.example"],
        );
        check("thanks u/priya_n", Network::Reddit, &["reddit:priya_n"]);
        check(
            "@decorator in python, @jun@search.example",
            Network::None,
            &["mastodon:jun@search.example"],
        );
        check("https://medium.com/@ines/x", Network::X, &[]);
    }

    #[test]
    fn a_name_without_end_is_cut() {
        let long = "ä".repeat(70);
        check(&format!("@{long}.bsky.social"), Network::None, &[]);
        check(&format!("@{long}@search.example"), Network::None, &[]);
        let (cut, user) = ("n".repeat(60), "u".repeat(30));
        check(&format!("@{cut}nn, @jun"), Network::X, &[&format!("x:{cut}"), "x:jun"]);
        check(&format!("u/{user}uu"), Network::Reddit, &[&format!("reddit:{user}")]);
    }

    #[test]
    fn a_link_knows_the_instance() {
        let anchor = Anchor {
            href: "https://other.example/@jun".into(),
            text: "@jun".into(),
            is_marker: true,
        };
        let found = mentions("@jun hello", &[anchor], Network::Mastodon("social.example"));
        assert_eq!(found, [Handle::new("mastodon", "jun@other.example")]);
    }

    #[test]
    fn tags_come_from_categories_and_text_once() {
        let categories = ["Rust".to_owned(), "Search &amp; IR".to_owned(), "#rust".to_owned()];
        assert_eq!(
            tags(&categories, "On #Tantivy, #100DaysToOffload, C#, a#b, #42 and &#8217;"),
            ["rust", "search & ir", "tantivy", "100daystooffload",]
        );
    }
}
