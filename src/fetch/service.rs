//! Which service a URL belongs to: politeness counts by service, not by host name.

use psl::{Psl as _, Type};
use url::{Host, Url};

/// Returns the key under which requests wait for one another: the registrable domain of a public
/// name (all of `*.tumblr.com` is one service, FreshRSS#8925), an address or a name of one's own
/// network with its port (two programs on one machine are two, FreshRSS#7870).
pub(super) fn of(url: &Url) -> String {
    let host = match url.host() {
        Some(Host::Domain(name)) => match registrable(name) {
            Some(domain) => return domain.to_owned(),
            None => name.to_owned(),
        },
        Some(Host::Ipv4(ip)) => ip.to_string(),
        Some(Host::Ipv6(ip)) => format!("[{ip}]"),
        None => String::new(),
    };
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

/// The label before the public suffix, and the suffix. Suffixes that a company registered for its
/// customers (`github.io`) do not count: behind them stands one service. `None` for a name under
/// no known suffix.
fn registrable(name: &str) -> Option<&str> {
    let name = name.trim_end_matches('.');
    let mut suffix = psl::List.suffix(name.as_bytes())?;
    while suffix.typ() == Some(Type::Private) {
        let dot = suffix.as_bytes().iter().position(|byte| *byte == b'.')?;
        let parent = &name[name.len() - suffix.as_bytes().len() + dot + 1..];
        suffix = psl::List.suffix(parent.as_bytes())?;
    }
    suffix.typ()?;
    let before = name.len().checked_sub(suffix.as_bytes().len() + 1)?;
    let start = name[..before].rfind('.').map_or(0, |dot| dot + 1);
    Some(&name[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, service: &str) {
        assert_eq!(of(&Url::parse(url).unwrap()), service, "{url}");
    }

    #[test]
    fn all_names_under_a_registrable_domain_are_one_service() {
        check("https://staff.tumblr.com/rss", "tumblr.com");
        check("https://WWW.bbc.co.uk./feed", "bbc.co.uk");
        check("https://example.com:8443/", "example.com");
    }

    #[test]
    fn the_customers_of_one_company_are_one_service() {
        check("https://mara.github.io/feed.xml", "github.io");
        check("https://a.s3.amazonaws.com/", "amazonaws.com");
    }

    #[test]
    fn on_ones_own_network_each_port_is_a_service() {
        check("http://127.0.0.1:8080/", "127.0.0.1:8080");
        check("http://localhost/", "localhost:80");
        check("https://nas/feed", "nas:443");
        check("http://[::1]:81/", "[::1]:81");
        check("http://mara.example/feed", "mara.example:80");
    }

    #[test]
    fn a_bare_suffix_is_its_own_host() {
        check("https://com/", "com:443");
    }
}
