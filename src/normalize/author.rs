//! Who wrote a post, as handles: from the name, the address and the link that a feed gives.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use crate::model::{Author, Handle, RawAuthor};

use super::url::canonical;

/// `@name` as X has it. Its length is counted afterwards ([`fits_x`]): a count in the pattern
/// would hold thirty copies of all letters there are, for each thread.
static X_NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"@(\w+)").expect("a fixed pattern that was tested"));

/// Tells whether `name` is no longer than names are at X, old ones included.
pub(super) fn fits_x(name: &str) -> bool {
    name.chars().count() <= 30
}

/// First path segments under which a site keeps the people who write there.
const PEOPLE: [&str; 10] =
    ["author", "authors", "user", "users", "u", "people", "profile", "profiles", "by", "members"];

/// Returns the author with the handles that can be read without guessing: what a network writes
/// into names (`@mlq`, `/u/priya_n`), the page that the feed calls the author's, and the
/// author's part of the post's own address. A bare name is no handle.
///
/// `feed_kind` and `feed_address` are the feed's; `post_url` is the post's page, or at a forum
/// that of its discussion.
pub fn handles(
    raw: &RawAuthor,
    feed_kind: &str,
    feed_address: &str,
    post_url: Option<&str>,
) -> Author {
    let name = raw.name.as_deref().map(super::html::title).unwrap_or_default();
    let mut found = Vec::from_iter(raw.handle.clone());
    found.extend(from_name(&name, feed_kind, feed_address, post_url));
    found.extend(raw.uri.as_deref().and_then(from_page));
    found.extend(raw.email.as_deref().and_then(from_mail));
    if found.is_empty() {
        found.extend(post_url.and_then(|url| from_post(url, feed_kind)));
    }
    found.sort();
    found.dedup();
    Author { name: shown(&name, raw, &found), handles: found }
}

/// What to show: the name without the network's ornaments, else the handle.
fn shown(name: &str, raw: &RawAuthor, handles: &[Handle]) -> String {
    let bare = name.trim_start_matches("/u/").trim_start_matches("u/").trim_start_matches('@');
    if !bare.trim().is_empty() {
        return bare.trim().to_owned();
    }
    let mail = raw.email.as_deref().and_then(|mail| mail.split('@').next()).map(str::to_owned);
    let user = |handle: &Handle| match handle.network() {
        "mastodon" => handle.name().split('@').next().unwrap_or("").to_owned(),
        _ => handle.name().to_owned(),
    };
    mail.or_else(|| handles.first().map(user)).unwrap_or_default()
}

fn host(url: Option<&str>) -> Option<String> {
    super::url::host_of(url?)
}

/// Tells whether a post is one of X, seen there or through a front end.
pub(super) fn is_x(post_url: Option<&str>) -> bool {
    post_url.and_then(canonical).is_some_and(|identity| identity.starts_with("x.com/"))
}

fn from_name(name: &str, kind: &str, feed_address: &str, post_url: Option<&str>) -> Option<Handle> {
    if let Some(user) = name.strip_prefix("/u/").or_else(|| name.strip_prefix("u/")) {
        return is_word(user).then(|| Handle::new("reddit", user));
    }
    if let Some((user, instance)) = name.strip_prefix('@').and_then(|rest| rest.split_once('@')) {
        let whole =
            is_word(user) && instance.contains('.') && !instance.contains(char::is_whitespace);
        return whole.then(|| Handle::new("mastodon", &format!("{user}@{instance}")));
    }
    if is_x(post_url) || (kind == "bridge" && name.starts_with('@')) {
        let mut named = X_NAME.captures_iter(name).map(|found| found[1].to_owned());
        return named.find(|user| fits_x(user)).map(|user| Handle::new("x", &user));
    }
    let venue = |site: &str| {
        host(post_url).as_deref() == Some(site) || host(Some(feed_address)).as_deref() == Some(site)
    };
    if is_word(name)
        && (kind == "hackernews" || venue("news.ycombinator.com") || venue("hnrss.org"))
    {
        return Some(Handle::new("hackernews", name));
    }
    if is_word(name) && (kind == "lobsters" || venue("lobste.rs")) {
        return Some(Handle::new("lobsters", name));
    }
    None
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Mailboxes that belong to a site or a program, not to whoever wrote.
const ROLES: [&str; 22] = [
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "webmaster",
    "postmaster",
    "info",
    "admin",
    "editor",
    "editors",
    "editorial",
    "newsroom",
    "redaktion",
    "redazione",
    "contact",
    "hello",
    "news",
    "press",
    "office",
    "feedback",
    "support",
    "team",
];

/// Lobsters writes `name@users.lobste.rs` for everybody, Blogger `noreply@blogger.com`.
fn from_mail(mail: &str) -> Option<Handle> {
    let mail = mail.trim().to_lowercase();
    let (user, host) = mail.split_once('@')?;
    match host {
        "users.lobste.rs" => Some(Handle::new("lobsters", user)),
        _ if ROLES.contains(&user) || user.is_empty() => None,
        _ => Some(Handle::new("mail", &mail)),
    }
}

/// Returns the handle of whoever a page is about, by its address: an account at a network, else
/// the site. A page of one author among several keeps its path.
pub fn from_page(url: &str) -> Option<Handle> {
    let parsed = Url::parse(url.trim()).ok()?;
    if parsed.scheme() == "mailto" {
        return Some(Handle::new("mail", parsed.path()));
    }
    let identity = canonical(url)?;
    let page = identity.split('?').next().unwrap_or(&identity);
    let (site, path) = page.split_once('/').unwrap_or((page, ""));
    let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let account = match (site, &segments[..]) {
        ("x.com", [user]) => Some(("x", (*user).to_owned())),
        ("reddit.com", ["user", user, ..]) => Some(("reddit", (*user).to_owned())),
        ("bsky.app", ["profile", who]) => Some(("bluesky", (*who).to_owned())),
        ("github.com", [user]) => Some(("github", (*user).to_owned())),
        ("youtube.com", ["channel", id]) => Some(("youtube", (*id).to_owned())),
        ("medium.com" | "youtube.com" | "threads.net" | "threads.com", [user])
            if user.starts_with('@') =>
        {
            let network = site.split('.').next().unwrap_or(site);
            Some((network, (*user).to_owned()))
        }
        ("dev.to", [user]) => Some(("devto", (*user).to_owned())),
        ("lobste.rs", [user]) if user.starts_with('~') => Some(("lobsters", user[1..].to_owned())),
        ("news.ycombinator.com", ["user"]) => {
            identity.split_once("id=").map(|(_, id)| ("hackernews", id.to_owned()))
        }
        (_, [user]) if user.starts_with('@') && user.len() > 1 => {
            Some(("mastodon", fediverse(user, site)))
        }
        (_, ["users", user])
            if parsed.path_segments().is_some_and(|mut parts| parts.next() == Some("users"))
                && is_fediverse(site) =>
        {
            Some(("mastodon", fediverse(user, site)))
        }
        _ => None,
    };
    Some(match account {
        Some((network, name)) => Handle::new(network, &name),
        None if segments.len() > 1 && PEOPLE.contains(&segments[0]) => {
            Handle::new("web", &format!("{site}/{path}"))
        }
        None if segments.first().is_some_and(|first| first.starts_with('~')) => {
            Handle::new("web", &format!("{site}/{}", segments[0]))
        }
        None => Handle::new("web", site),
    })
}

/// Instances are known by no list; these words stand in the names of most.
fn is_fediverse(site: &str) -> bool {
    ["mastodon", "social", "masto", "fosstodon", "hachyderm", "fedi", "toot"]
        .iter()
        .any(|word| site.contains(word))
}

fn fediverse(user: &str, site: &str) -> String {
    let user = user.trim_start_matches('@');
    if user.contains('@') { user.to_owned() } else { format!("{user}@{site}") }
}

/// The author's part of a post's address, at networks whose posts lie below their authors.
pub(super) fn from_post(url: &str, kind: &str) -> Option<Handle> {
    let identity = canonical(url)?;
    let mut parts = identity.split('/');
    let site = parts.next()?;
    let segments: Vec<&str> = parts.collect();
    match (site, &segments[..]) {
        ("x.com", [user, "status", ..]) if *user != "i" => Some(Handle::new("x", user)),
        ("bsky.app", ["profile", who, ..]) => Some(Handle::new("bluesky", who)),
        (_, [user, id, ..])
            if user.starts_with('@')
                && user.len() > 1
                && (kind == "mastodon" || id.bytes().all(|byte| byte.is_ascii_digit())) =>
        {
            let other = ["medium.com", "youtube.com", "threads.net", "threads.com", "tiktok.com"];
            (!other.contains(&site)).then(|| Handle::new("mastodon", &fediverse(user, site)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(name: &str, uri: &str, email: &str) -> RawAuthor {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        RawAuthor { name: some(name), uri: some(uri), email: some(email), handle: None }
    }

    fn check(author: RawAuthor, kind: &str, post: &str, name: &str, expected: &[&str]) {
        let post = Some(post).filter(|post| !post.is_empty());
        let found = handles(&author, kind, "https://feeds.example/f", post);
        let texts: Vec<&str> = found.handles.iter().map(Handle::as_str).collect();
        assert_eq!((found.name.as_str(), &texts[..]), (name, expected), "{author:?}");
    }

    #[test]
    fn networks_write_handles_into_names() {
        check(raw("@MLQ", "", ""), "bridge", "https://twitter.com/mlq/status/1", "MLQ", &["x:mlq"]);
        check(
            raw("@mlq", "", ""),
            "syndication",
            "https://nitter.example/mlq/status/1#m",
            "mlq",
            &["x:mlq"],
        );
        check(
            raw("/u/priya_n", "https://www.reddit.com/user/priya_n", ""),
            "reddit",
            "",
            "priya_n",
            &["reddit:priya_n"],
        );
        check(
            raw("@ines@social.example", "", ""),
            "syndication",
            "",
            "ines@social.example",
            &["mastodon:ines@social.example"],
        );
        check(
            raw("pnair", "", ""),
            "lobsters",
            "https://lobste.rs/s/abc",
            "pnair",
            &["lobsters:pnair"],
        );
        check(
            raw("mlq", "", ""),
            "syndication",
            "https://news.ycombinator.com/item?id=1",
            "mlq",
            &["hackernews:mlq"],
        );
        check(
            raw("pnair", "", "pnair@users.lobste.rs"),
            "syndication",
            "",
            "pnair",
            &["lobsters:pnair"],
        );
    }

    #[test]
    fn posts_lie_below_their_authors() {
        check(
            raw("", "", ""),
            "mastodon",
            "https://social.example/@ines/115",
            "ines",
            &["mastodon:ines@social.example"],
        );
        check(
            raw("", "", ""),
            "bluesky",
            "https://bsky.app/profile/tomas.example/post/3l",
            "tomas.example",
            &["bluesky:tomas.example"],
        );
        check(raw("", "", ""), "blog", "https://medium.com/@ines/12", "", &[]);
    }

    #[test]
    fn a_page_is_a_handle_and_a_name_is_none() {
        check(
            raw("Ines", "https://ines.example/about", ""),
            "blog",
            "",
            "Ines",
            &["web:ines.example"],
        );
        check(
            raw("Ines", "https://site.example/author/ines/", ""),
            "blog",
            "",
            "Ines",
            &["web:site.example/author/ines"],
        );
        check(
            raw("Ines", "https://github.com/inesok", ""),
            "github",
            "",
            "Ines",
            &["github:inesok"],
        );
        check(raw("Ines Okafor", "", ""), "blog", "https://ines.example/p", "Ines Okafor", &[]);
        check(raw("Ines", "", "Ines@a.example"), "blog", "", "Ines", &["mail:ines@a.example"]);
        check(raw("Ines", "", "noreply@blogger.com"), "blog", "", "Ines", &[]);
        check(raw("", "", "ines@a.example"), "blog", "", "ines", &["mail:ines@a.example"]);
    }
}
