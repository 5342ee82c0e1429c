//! Why there is no answer, with the facts and the next step.
//!
//! A text names the host and never the path: the address of a feed may be a secret.

use std::net::IpAddr;
use std::time::Duration;

use jiff::SignedDuration;

use crate::model::Pace;

/// What stood between a request and its answer. `host` carries the port where the URL has one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Not an absolute http or https URL with a host.
    #[error("the address is not an http or https URL")]
    Url,
    /// The address guard said no; nothing was sent.
    #[error("{host} leads to a private address{}", address.map(|ip| format!(" ({ip})")).unwrap_or_default())]
    Refused {
        /// Whose address it is.
        host: String,
        /// `None` where the host is refused by its spelling alone.
        address: Option<IpAddr>,
    },
    /// The name has no address.
    #[error("cannot find {host}: {cause}")]
    Dns {
        /// The name asked for.
        host: String,
        /// What the system's resolver said.
        cause: String,
        /// No name server answered, or no network leads anywhere.
        offline: bool,
    },
    /// No connection.
    #[error("cannot reach {host}: {cause}")]
    Connect {
        /// The host that was tried.
        host: String,
        /// What the system said: `connection refused`, `network unreachable`.
        cause: String,
        /// No network leads there.
        offline: bool,
    },
    /// A connection, but no trust.
    #[error("no secure connection to {host}: {cause}")]
    Tls {
        /// The host whose certificate or handshake failed.
        host: String,
        /// What rustls said.
        cause: String,
    },
    /// The whole answer did not come in time.
    #[error("{host} did not answer in full within {}", seconds(*.after))]
    Timeout {
        /// The host that was waited for.
        host: String,
        /// The time it was given.
        after: Duration,
    },
    /// The body, unpacked, is larger than we read.
    #[error("the answer of {host} is larger than {} MiB", .max_bytes >> 20)]
    TooLarge {
        /// The host that sent it.
        host: String,
        /// The limit.
        max_bytes: usize,
    },
    /// The answer broke off, or its framing is wrong.
    #[error("the answer of {host} broke off: {cause}")]
    Truncated {
        /// The host that sent it.
        host: String,
        /// What was wrong with its end.
        cause: String,
    },
    /// Packed in a way we do not unpack.
    #[error("the answer of {host} is packed as `{encoding}`")]
    Encoding {
        /// The host that sent it.
        host: String,
        /// `Content-Encoding`, as sent, or what the body looked like.
        encoding: String,
    },
    /// What came is no HTTP, or nothing came.
    #[error("{host} gave no valid answer: {cause}")]
    Protocol {
        /// The host that was asked.
        host: String,
        /// What the HTTP library said.
        cause: String,
    },
    /// Redirects that lead nowhere.
    #[error("{host} redirects {cause}")]
    Redirects {
        /// The last host that redirected.
        host: String,
        /// Completes the sentence: `in a circle`, `more than 8 times`, `to file:`.
        cause: String,
    },
    /// A status that brings no document.
    #[error("{host} answered {code}{}", phrase(*.code))]
    Status {
        /// The host that answered.
        host: String,
        /// The HTTP status.
        code: u16,
        /// How long to stay away.
        pace: Pace,
    },
    /// A 200 without a body.
    #[error("{host} sent an empty answer")]
    Empty {
        /// The host that sent it.
        host: String,
        /// How long to stay away.
        pace: Pace,
    },
    /// A page that wants to see a browser or a human.
    #[error("{host} shows a bot wall ({kind}) instead of the feed")]
    Wall {
        /// The host behind it.
        host: String,
        /// Whose wall: `Cloudflare`, `Anubis`.
        kind: &'static str,
        /// How long to stay away.
        pace: Pace,
    },
    /// Another feed of the service was just told to stay away; nothing was sent.
    #[error("{service} asked to be left alone for {} more", seconds(*.left))]
    Resting {
        /// The registrable domain, or host and port.
        service: String,
        /// What is left of its `Retry-After`.
        left: Duration,
    },
    /// `robots.txt` forbids the page.
    #[error("{host} asks robots not to read this page")]
    Robots {
        /// The host of the page.
        host: String,
    },
    /// The client could not be set up.
    #[error("cannot set up the fetcher: {cause}")]
    Setup {
        /// What the HTTP library said.
        cause: String,
    },
}

impl Failure {
    /// Says what the user can do about it, in one line.
    pub fn hint(&self) -> Option<String> {
        match self {
            Failure::Refused { address: Some(ip), .. } => {
                let bits = if ip.is_ipv4() { 32 } else { 128 };
                Some(format!("if this is meant, write `fetch: {{allow: [{ip}/{bits}]}}`"))
            }
            Failure::Refused { address: None, .. } => {
                Some("if this is meant, use its address and list that in `fetch.allow`".to_owned())
            }
            Failure::Tls { .. } => Some(
                "the certificate must be valid and signed by an authority this system trusts \
                 (package ca-certificates)"
                    .to_owned(),
            ),
            Failure::Dns { offline: true, .. } | Failure::Connect { offline: true, .. } => {
                Some("is this machine online? `bellwether demo` works without a network".to_owned())
            }
            Failure::Dns { .. } => Some("check the spelling of the host".to_owned()),
            Failure::Wall { .. } => Some(
                "open it in a browser: many sites have another feed address, or a newsletter"
                    .to_owned(),
            ),
            Failure::Status { code, .. } => status_hint(*code).map(str::to_owned),
            Failure::Robots { .. } => Some("look for a feed of the same site".to_owned()),
            Failure::Url => Some("write it with http:// or https://".to_owned()),
            Failure::Setup { .. } => Some("check `fetch.user_agent`".to_owned()),
            _ => None,
        }
    }

    /// How long the server asked to be left alone, as far as it said so.
    pub fn pace(&self) -> Pace {
        match self {
            Failure::Status { pace, .. }
            | Failure::Empty { pace, .. }
            | Failure::Wall { pace, .. } => pace.clone(),
            Failure::Resting { left, .. } => {
                Pace { retry_after: SignedDuration::try_from(*left).ok(), ..Pace::default() }
            }
            _ => Pace::default(),
        }
    }

    /// The status, where the server understood the question and says no: another question may
    /// be answered. Not of bot walls, nor of answers that speak of pace.
    pub fn refusal(&self) -> Option<u16> {
        match self {
            Failure::Status {
                code: code @ (400 | 401 | 403 | 404 | 405 | 406 | 410 | 422),
                pace,
                ..
            } if pace.retry_after.is_none() => Some(*code),
            _ => None,
        }
    }

    /// Whether this looks like a machine without a network rather than one bad server. Believe it
    /// when every feed fails so.
    pub fn is_offline(&self) -> bool {
        matches!(self, Failure::Dns { offline: true, .. } | Failure::Connect { offline: true, .. })
    }

    /// Whether the host's name has no address, as far as the resolver says. Of one feed it is a
    /// misspelling; of all feeds, a machine whose resolver is cut off.
    pub fn is_unknown_host(&self) -> bool {
        matches!(self, Failure::Dns { .. })
    }

    /// Whether the server says that the document is gone for good (410).
    pub fn is_gone(&self) -> bool {
        matches!(self, Failure::Status { code: 410, .. })
    }

    /// Whether it is a challenge for browsers, to be left alone for a day.
    pub fn is_wall(&self) -> bool {
        matches!(self, Failure::Wall { .. })
    }

    /// Whether no request left: the fault says nothing about the server's health.
    pub fn is_unsent(&self) -> bool {
        matches!(
            self,
            Failure::Url
                | Failure::Refused { .. }
                | Failure::Resting { .. }
                | Failure::Robots { .. }
                | Failure::Setup { .. }
        )
    }
}

fn status_hint(code: u16) -> Option<&'static str> {
    Some(match code {
        401 => "the feed wants a user and a password in its address",
        403 => "the site may block programs: is there another address of the feed?",
        404 => "the feed has moved or its address is misspelled: look for it on the site",
        410 => "the feed was taken down: remove it from feeds.yaml",
        429 => "the site limits how often it may be asked; the next try waits",
        _ => return None,
    })
}

fn phrase(code: u16) -> String {
    let reason =
        reqwest::StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason());
    reason.map(|words| format!(" ({})", words.to_lowercase())).unwrap_or_default()
}

fn seconds(duration: Duration) -> String {
    match duration.as_millis() {
        millis @ 0..1_000 => format!("{millis} ms"),
        millis => format!("{} s", millis.div_ceil(1_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_the_host_and_the_cause_on_one_line() {
        let refused = Failure::Connect {
            host: "host.example".to_owned(),
            cause: "connection refused".to_owned(),
            offline: false,
        };
        assert_eq!(refused.to_string(), "cannot reach host.example: connection refused");
        let host = "host.example".to_owned();
        let status = Failure::Status { host: host.clone(), code: 404, pace: Pace::default() };
        assert_eq!(status.to_string(), "host.example answered 404 (not found)");
        let odd = Failure::Status { host: host.clone(), code: 799, pace: Pace::default() };
        assert_eq!(odd.to_string(), "host.example answered 799");
        let late = Failure::Timeout { host, after: Duration::from_secs(30) };
        assert_eq!(late.to_string(), "host.example did not answer in full within 30 s");
    }

    #[test]
    fn the_hint_of_a_private_address_names_the_setting() {
        let failure = Failure::Refused {
            host: "nas.example".to_owned(),
            address: Some(IpAddr::from([192, 168, 1, 7])),
        };
        assert_eq!(failure.to_string(), "nas.example leads to a private address (192.168.1.7)");
        assert!(failure.hint().expect("a hint").contains("fetch: {allow: [192.168.1.7/32]}"));
    }

    #[test]
    fn a_resting_service_tells_how_long() {
        let failure = Failure::Resting {
            service: "tumble.example".to_owned(),
            left: Duration::from_secs(90),
        };
        assert_eq!(failure.pace().retry_after, Some(SignedDuration::from_secs(90)));
        assert!(failure.is_unsent());
    }
}
