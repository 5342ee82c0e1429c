//! Turns what the HTTP library reports into a `Failure`: it reads the chain of causes, because
//! the library's own words name the layer and not the fault.

use std::error::Error;
use std::io;

use url::Url;

use super::guard::{Unresolved, host};
use super::{Failure, Settings};

/// For an error before the head of the answer was read.
pub(super) fn of_request(error: &reqwest::Error, url: &Url, settings: &Settings) -> Failure {
    let host = host(url);
    match find::<Unresolved>(error) {
        Some(Unresolved::Refused(ip)) => return Failure::Refused { host, address: Some(*ip) },
        Some(Unresolved::NotFound { cause, offline }) => {
            return Failure::Dns { host, cause: cause.clone(), offline: *offline };
        }
        None => {}
    }
    if error.is_builder() || error.is_redirect() {
        return Failure::Redirects { host, cause: "to an address that is no URL".to_owned() };
    }
    if !error.is_connect() {
        return match find::<io::Error>(error).filter(|io| io.raw_os_error().is_some()) {
            Some(io) => Failure::Truncated { host, cause: words(io) },
            None => Failure::Protocol { host, cause: last(error) },
        };
    }
    if error.is_timeout() {
        let cause = format!("no connection within {:?}", settings.connect_timeout);
        return Failure::Connect { host, cause, offline: false };
    }
    match find::<io::Error>(error).filter(|io| io.raw_os_error().is_some()) {
        Some(io) => Failure::Connect { host, cause: words(io), offline: is_offline(io) },
        None if url.scheme() == "https" => Failure::Tls { host, cause: last(error) },
        None => Failure::Connect { host, cause: last(error), offline: false },
    }
}

/// For an error within the body.
pub(super) fn of_body(error: &reqwest::Error, url: &Url) -> Failure {
    let host = host(url);
    match find::<io::Error>(error) {
        Some(io) if io.raw_os_error().is_some() => Failure::Truncated { host, cause: words(io) },
        _ => Failure::Truncated { host, cause: last(error) },
    }
}

fn is_offline(error: &io::Error) -> bool {
    use io::ErrorKind::{HostUnreachable, NetworkDown, NetworkUnreachable};
    matches!(error.kind(), HostUnreachable | NetworkDown | NetworkUnreachable)
}

/// The error's own words without `(os error 111)`.
fn words(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

fn find<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The innermost cause, as a clause.
pub(super) fn last(error: &(dyn Error + 'static)) -> String {
    let last = causes(error).last().map(ToString::to_string).unwrap_or_default();
    let mut chars = last.trim_end_matches('.').chars();
    // `InvalidCertificate` stays, `Connection refused` becomes a clause.
    let first = chars.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}
