//! Knows the walls that stand before a site to keep programs out, by their headers and by the
//! names of their scripts. Words that a person might write ("just a moment") are no evidence.

use reqwest::header::HeaderMap;

/// A header, what its value contains, whose it is.
const HEADERS: [(&str, &str, &str); 5] = [
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
    ("x-amzn-waf-action", "challenge", "AWS WAF"),
    ("x-amzn-waf-action", "captcha", "AWS WAF"),
    ("x-datadome", "protected", "DataDome"),
];

/// Only a wall's own page loads these.
const MARKS: [(&str, &str); 17] = [
    ("/cdn-cgi/challenge-platform/", "Cloudflare"),
    ("window._cf_chl_opt", "Cloudflare"),
    ("cf-browser-verification", "Cloudflare"),
    ("/.within.website/x/cmd/anubis/", "Anubis"),
    ("id=\"anubis_challenge\"", "Anubis"),
    ("captcha-delivery.com", "DataDome"),
    ("window._pxAppId", "HUMAN"),
    ("id=\"px-captcha\"", "HUMAN"),
    ("/_Incapsula_Resource", "Imperva"),
    ("awsWafCookieDomainList", "AWS WAF"),
    ("sucuri_cloudproxy_js", "Sucuri"),
    ("/.well-known/ddos-guard/", "DDoS-Guard"),
    ("/_vercel/challenge", "Vercel"),
    ("sgcaptcha/", "SiteGround"),
    ("/.bunny-shield/", "Bunny Shield"),
    ("go-away.challenge", "go-away"),
    ("<p>Your request has been blocked due to a network policy.</p>", "Reddit"),
];

/// Returns whose wall this answer is. `beginning` is the start of its body. A feed that quotes a
/// mark is none: only HTML is looked at. Pages that pass also load Cloudflare's script, so on a
/// `success` the page must be small, as a challenge is.
pub(super) fn of(success: bool, headers: &HeaderMap, beginning: &[u8]) -> Option<&'static str> {
    const LARGEST_CHALLENGE: usize = 32 << 10;
    let says = |name, word| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.to_ascii_lowercase().contains(word))
    };
    let by_header = HEADERS.iter().find(|(name, word, _)| says(*name, word));
    if let Some((_, _, kind)) = by_header.filter(|(name, ..)| !success || *name != "x-datadome") {
        return Some(kind);
    }
    if !is_html(beginning) || (success && LARGEST_CHALLENGE < beginning.len()) {
        return None;
    }
    let page = String::from_utf8_lossy(beginning);
    MARKS.iter().find(|(mark, _)| page.contains(mark)).map(|(_, kind)| *kind)
}

fn is_html(beginning: &[u8]) -> bool {
    let text = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning).trim_ascii_start();
    let starts = |tag: &&[u8]| text.get(..tag.len()).is_some_and(|is| is.eq_ignore_ascii_case(tag));
    [&b"<!doctype html"[..], b"<html", b"<head"].iter().any(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &str = "<!DOCTYPE html><title>Just a moment...</title>\
        <script src=\"/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1\"></script>";

    #[test]
    fn a_challenge_is_known_by_its_header_or_its_script() {
        let cloudflare = [("cf-mitigated", "challenge")];
        let headers = cloudflare.iter().map(|(name, value)| {
            (name.parse::<reqwest::header::HeaderName>().unwrap(), value.parse().unwrap())
        });
        assert_eq!(of(false, &headers.collect(), b""), Some("Cloudflare"));
        assert_eq!(of(false, &HeaderMap::new(), CHALLENGE.as_bytes()), Some("Cloudflare"));
        assert_eq!(of(true, &HeaderMap::new(), CHALLENGE.as_bytes()), Some("Cloudflare"));
    }

    #[test]
    fn a_feed_that_quotes_a_challenge_is_a_feed() {
        let feed = format!("<?xml version=\"1.0\"?><rss><![CDATA[{CHALLENGE}]]></rss>");
        assert_eq!(of(true, &HeaderMap::new(), feed.as_bytes()), None);
    }

    #[test]
    fn a_long_page_that_was_let_through_is_a_page() {
        let page = format!("{CHALLENGE}{}", "<p>text</p>".repeat(4000));
        assert_eq!(of(true, &HeaderMap::new(), page.as_bytes()), None);
    }

    #[test]
    fn a_plain_refusal_is_no_wall() {
        assert_eq!(of(false, &HeaderMap::new(), b"<html>403 Forbidden</html>"), None);
    }
}
