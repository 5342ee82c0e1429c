//! Where a connection may go: the literal in a URL and every address behind a name are looked at
//! before anything is sent.
//!
//! Both are needed: reqwest does not ask a resolver for literals (`http://2130706433/` is
//! 127.0.0.1), and only the resolver sees where a name leads. One refused address blocks the
//! whole name, so that a mixed answer cannot be retried into the private half.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use super::{Failure, Settings};
use crate::address::{self, Allow, Refused};

/// Why a name was not led anywhere; `fault` finds it in reqwest's error.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unresolved {
    #[error("{0} is private")]
    Refused(IpAddr),
    #[error("{cause}")]
    NotFound { cause: String, offline: bool },
}

/// The resolver that reqwest asks for every name.
#[derive(Debug)]
pub(super) struct Guard {
    allow: Allow,
    led: Vec<(String, SocketAddr)>,
}

impl Guard {
    pub(super) fn new(settings: &Settings) -> Guard {
        Guard { allow: settings.allow.clone(), led: settings.led.clone() }
    }

    fn led_to(&self, name: &str) -> Option<SocketAddr> {
        let leads = |pattern: &str| match pattern.strip_prefix('.') {
            Some(parent) => {
                name.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            None => name == pattern,
        };
        self.led.iter().find(|(pattern, _)| leads(pattern)).map(|(_, to)| *to)
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        if let Some(address) = self.led_to(name.as_str()) {
            return Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) });
        }
        let allow = self.allow.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(not_found)?;
            Ok(Box::new(all_permitted(found.collect(), &allow)?.into_iter()) as Addrs)
        })
    }
}

/// Fails closed: all of them, or none.
fn all_permitted(found: Vec<SocketAddr>, allow: &Allow) -> Result<Vec<SocketAddr>, Unresolved> {
    match found.iter().find(|address| !allow.permits(address.ip())) {
        Some(private) => Err(Unresolved::Refused(private.ip())),
        None => Ok(found),
    }
}

/// The standard library hands over getaddrinfo's words, not its code.
fn not_found(error: io::Error) -> Unresolved {
    let text = error.to_string();
    let cause = text.rsplit(": ").next().unwrap_or_default().to_lowercase();
    let no_server = ["temporary failure", "try again"].iter().any(|words| cause.contains(words));
    Unresolved::NotFound { offline: no_server || !has_route(), cause }
}

/// Whether any network leads out of this machine. Connecting a UDP socket asks the routing table
/// and sends nothing; the address is reserved for documentation (RFC 5737).
fn has_route() -> bool {
    let socket = UdpSocket::bind((IpAddr::from([0, 0, 0, 0]), 0));
    socket.and_then(|socket| socket.connect(("192.0.2.1", 9))).is_ok()
}

/// Looks at what the URL itself says, before each request and each redirect.
pub(super) fn check(url: &Url, allow: &Allow) -> Result<(), Failure> {
    address::check_url(url, allow).map_err(|refused| match refused {
        Refused::Scheme { .. } | Refused::NoHost => Failure::Url,
        Refused::Address { ip } => Failure::Refused { host: host(url), address: Some(ip) },
        Refused::Name { .. } => Failure::Refused { host: host(url), address: None },
    })
}

/// The host as errors name it: with the port where the URL has one.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(pattern: &str) -> Guard {
        let led = vec![(pattern.to_owned(), SocketAddr::from(([127, 0, 0, 1], 8080)))];
        Guard { allow: Allow::default(), led }
    }

    #[test]
    fn a_name_is_led_by_itself_or_by_its_parent() {
        assert!(guard("mara.example").led_to("mara.example").is_some());
        assert!(guard("mara.example").led_to("a.mara.example").is_none());
        assert!(guard(".example").led_to("a.mara.example").is_some());
        assert!(guard(".example").led_to("notexample").is_none());
    }

    #[test]
    fn one_private_address_blocks_the_name() {
        let mixed =
            vec![SocketAddr::from(([93, 184, 216, 34], 0)), SocketAddr::from(([10, 0, 0, 1], 0))];
        assert!(all_permitted(mixed.clone(), &Allow::default()).is_err());
        assert_eq!(all_permitted(mixed[..1].to_vec(), &Allow::default()).unwrap(), mixed[..1]);
    }

    #[test]
    fn a_silent_name_server_means_offline() {
        let said = "failed to lookup address information: Temporary failure in name resolution";
        let Unresolved::NotFound { cause, offline } = not_found(io::Error::other(said)) else {
            panic!("not a refusal");
        };
        assert_eq!((cause.as_str(), offline), ("temporary failure in name resolution", true));
    }
}
