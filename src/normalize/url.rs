//! A URL as the identity of a page: one text for all spellings that lead to the same one.
//!
//! The result has no scheme and is never asked of a server: what is shown
//! and fetched stays as published. Services with rules of their own stand in `services`.

use url::Url;

use super::services;

/// Query parameters that tell who sent the reader, not what is read.
const TRACKING: [&str; 38] = [
    "__s",
    "__twitter_impression",
    "_hsenc",
    "_hsmi",
    "amp",
    "at_campaign",
    "at_medium",
    "cmpid",
    "dclid",
    "fb_action_ids",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "oly_anon_id",
    "oly_enc_id",
    "outputtype",
    "ref",
    "ref_src",
    "ref_url",
    "referrer",
    "s_cid",
    "share_id",
    "si",
    "smid",
    "sr_share",
    "trk",
    "ttclid",
    "twclid",
    "wbraid",
    "yclid",
];

/// Families of such parameters.
const TRACKING_PREFIXES: [&str; 5] = ["utm_", "pk_", "mtm_", "hsa_", "vero_"];

/// First labels of a host that only choose a layout.
const LAYOUT_LABELS: [&str; 4] = ["www.", "m.", "mobile.", "amp."];

/// The longest URL that is taken for one, in bytes.
const MAX_BYTES: usize = 4096;

/// Returns the identity of the page at `text`: host in lower case without `www.`, `m.` or a
/// default port, no scheme, user, fragment, tracking parameter or last slash; one form for the
/// several addresses of a post at X, Reddit, YouTube, Bluesky, Mastodon, arXiv and others.
///
/// `None` where `text` is not an http, https or at URL. Text without a scheme is taken as what
/// this function returned, so it is idempotent. Redirects are not followed (`t.co` stays).
pub fn canonical(text: &str) -> Option<String> {
    let mut identity = once(text)?;
    // A wrapped address (AMP cache, redirector) is unwrapped layer by layer.
    for _ in 0..4 {
        match once(&identity) {
            Some(next) if next != identity => identity = next,
            _ => break,
        }
    }
    Some(identity)
}

fn once(text: &str) -> Option<String> {
    let url = parse(text.trim())?;
    let mut parts = Parts { host: host(&url)?, path: path(url.path()), query: query(&url) };
    services::fold(&mut parts);
    if let Some(inner) = parts.host.strip_prefix("=>") {
        return once(inner);
    }
    Some(parts.join())
}

/// A URL in pieces, while its identity is looked for.
#[derive(Debug)]
pub(super) struct Parts {
    /// Lower case, with a port that is neither 80 nor 443. After `=>`: another URL that this
    /// one only wraps.
    pub(super) host: String,
    /// Empty, or begins with a slash and does not end with one.
    pub(super) path: String,
    /// Pairs as written, percent-encoded, in order, tracking left out.
    pub(super) query: Vec<(String, Option<String>)>,
}

impl Parts {
    /// The value of a query parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.as_deref())
    }

    fn join(&self) -> String {
        let mut text = self.host.clone();
        text.push_str(&self.path);
        // A bare word would not be known for a host when it is read back.
        if self.path.is_empty() && !self.host.contains(['.', ':']) {
            text.push('/');
        }
        for (position, (key, value)) in self.query.iter().enumerate() {
            text.push(if position == 0 { '?' } else { '&' });
            text.push_str(key);
            if let Some(value) = value {
                text.push('=');
                text.push_str(value);
            }
        }
        text
    }
}

/// Reads a URL with a scheme, or without one what `canonical` gave.
fn parse(text: &str) -> Option<Url> {
    if text.is_empty() || text.len() > MAX_BYTES {
        return None;
    }
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return Url::parse(text).ok();
    }
    if lower.starts_with("at://") {
        return Url::parse(&services::bluesky_page(&text[5..])?).ok();
    }
    if text.starts_with("//") {
        return Url::parse(&format!("https:{text}")).ok();
    }
    let authority = text.split(['/', '?', '#']).next().unwrap_or("");
    let could_be_a_host = text.contains(['.', ':', '/']) && !authority.is_empty();
    if !could_be_a_host || authority.contains(['@', ' ']) || authority.ends_with(':') {
        return None;
    }
    Url::parse(&format!("https://{text}")).ok()
}

fn host(url: &Url) -> Option<String> {
    let full = url.host_str()?.trim_end_matches('.').to_ascii_lowercase();
    let mut host = full.as_str();
    while let Some(rest) = LAYOUT_LABELS.iter().find_map(|label| host.strip_prefix(label)) {
        if !rest.contains('.') || rest.starts_with('.') {
            break;
        }
        host = rest;
    }
    // en.m.wikipedia.org is the phone's en.wikipedia.org.
    let mut host = host.replacen(".m.wikipedia.org", ".wikipedia.org", 1);
    if host.is_empty() {
        return None;
    }
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        host.push_str(&format!(":{port}"));
    }
    Some(host)
}

fn path(path: &str) -> String {
    let path = fold_percent(path);
    let path = path.trim_end_matches('/');
    path.strip_suffix("/amp").unwrap_or(path).trim_end_matches('/').to_owned()
}

/// Undoes percent-encoding that is not needed, and gives the rest upper-case digits
/// (RFC 3986 §6.2.2). A bare `%` is encoded, so that nothing decodes twice.
fn fold_percent(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let from = text.len() - rest.len() + at;
        let digits = bytes.get(from + 1..from + 3).and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| plain_hex(digits))
        {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
                rest = &rest[at + 3..];
            }
            Some(byte) => {
                out.push_str(&format!("%{byte:02X}"));
                rest = &rest[at + 3..];
            }
            None => {
                out.push_str("%25");
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// `from_str_radix` takes a sign for a digit; percent-encoding does not.
fn plain_hex(digits: Option<&str>) -> bool {
    digits.is_some_and(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn query(url: &Url) -> Vec<(String, Option<String>)> {
    let pairs = url.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| match pair.split_once('=') {
        Some((key, value)) => (fold_percent(key), Some(fold_percent(value))),
        None => (fold_percent(pair), None),
    });
    pairs.filter(|(key, value)| !key.is_empty() && !is_tracking(key, value.as_deref())).collect()
}

fn is_tracking(key: &str, value: Option<&str>) -> bool {
    let key = key.to_ascii_lowercase();
    // Medium and others mark their feeds' links `?source=rss-…`.
    let from_feed = key == "source" && value.is_some_and(|value| value.starts_with("rss"));
    from_feed
        || TRACKING.contains(&key.as_str())
        || TRACKING_PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}

/// Returns `href` as seen from the page `base`, absolute. `None` where it is neither http nor
/// https (`javascript:`, `data:`, `mailto:`) or no URL at all.
pub fn resolve(base: &str, href: &str) -> Option<String> {
    let href = href.trim();
    if href.is_empty() || href.len() > MAX_BYTES {
        return None;
    }
    let url = match Url::parse(base) {
        Ok(base) => base.join(href).ok()?,
        Err(_) => Url::parse(href).ok()?,
    };
    let fetchable = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    fetchable.then(|| url.into())
}

/// Returns the host of `text` in lower case, without `www.` and its like; `None` where `text`
/// is not an http or https URL.
pub fn host_of(text: &str) -> Option<String> {
    host(&parse(text.trim())?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(url: &str, expected: &str) {
        assert_eq!(canonical(url).as_deref(), Some(expected), "{url}");
        assert_eq!(canonical(expected).as_deref(), Some(expected), "again: {expected}");
    }

    #[test]
    fn one_page_has_one_identity() {
        for url in [
            "https://a.example/post",
            "http://a.example/post/",
            "HTTPS://WWW.A.Example:443/post",
            "http://m.a.example:80/post#top",
            "https://a.example/post?utm_source=x&fbclid=1",
            "https://user:pw@a.example./post",
            "//a.example/post",
            "https://amp.a.example/post",
            "https://a.example/post/amp/",
            "https://a.example/post?ref=hn&si=3",
            "https://a.example/%70ost",
            "https://a.example/x/../post",
            " https://a.example/post ",
        ] {
            check(url, "a.example/post");
        }
    }

    #[test]
    fn what_names_another_page_stays() {
        check("https://a.example/post?id=2&page=3", "a.example/post?id=2&page=3");
        check("https://a.example/Post", "a.example/Post");
        check("https://blog.a.example/", "blog.a.example");
        check("https://a.example:8443/x", "a.example:8443/x");
        check("https://a.example/?p=12&utm_medium=rss", "a.example?p=12");
        check("http://localhost/", "localhost/");
        check("http://127.0.0.2:8600/r/rust/.rss", "127.0.0.2:8600/r/rust/.rss");
        check("https://t.co/AbC", "t.co/AbC");
        check("https://a.example/%e4%f6?q=%c3%a9", "a.example/%E4%F6?q=%C3%A9");
    }

    #[test]
    fn what_is_no_page_has_no_identity() {
        for text in [
            "",
            "hello",
            "javascript:alert(1)",
            "mailto:a@b.example",
            "tag:a,2026:1",
            "data:text/html,x",
            "urn:uuid:1-2",
            "ftp://a.example/x",
            "https://",
            "a b.example",
        ] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn links_are_resolved_and_scripts_are_not() {
        let from = |href: &str| resolve("https://a.example/blog/index.html", href);
        assert_eq!(from("post").as_deref(), Some("https://a.example/blog/post"));
        assert_eq!(from("/post").as_deref(), Some("https://a.example/post"));
        assert_eq!(from("//b.example/").as_deref(), Some("https://b.example/"));
        for href in
            ["javascript:alert(1)", "JaVa\tScript:x", "data:,x", "mailto:a@b", "", "file:///"]
        {
            assert_eq!(from(href), None, "{href}");
        }
        assert_eq!(resolve("", "https://b.example/x").as_deref(), Some("https://b.example/x"));
        assert_eq!(resolve("", "x"), None);
    }

    proptest! {
        #[test]
        fn canonical_is_idempotent(
            host in "(www\\.|m\\.|amp\\.|old\\.)?[a-z]{1,6}(\\.(com|org|example|m\\.wikipedia\\.org))?",
            known in prop::option::of(prop::sample::select(vec![
                "x.com", "twitter.com", "reddit.com", "youtu.be", "youtube.com", "bsky.app",
                "arxiv.org", "redd.it", "google.com", "nitter.net", "lobste.rs", "medium.com",
            ])),
            path in "(/(amp|r|s|status|comments|users|statuses|abs|pdf|[@a-zA-Z0-9%._~+-]{0,8})){0,5}/?",
            query in "(\\?[a-z%=&_~+/:.0-9]{0,20})?",
            fragment in "(#[a-z]{0,4})?",
        ) {
            let host = known.map_or(host, str::to_owned);
            let url = format!("https://{host}{path}{query}{fragment}");
            if let Some(first) = canonical(&url) {
                prop_assert_eq!(canonical(&first), Some(first.clone()), "{} of {}", first, url);
            }
        }

        #[test]
        fn canonical_never_panics(text in "\\PC{0,60}") {
            if let Some(first) = canonical(&text) {
                prop_assert_eq!(canonical(&first), Some(first));
            }
        }
    }
}
