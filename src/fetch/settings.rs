//! What the fetcher may do, in one struct: `pipeline` fills it from what the user wrote.

use std::net::SocketAddr;
use std::time::Duration;

use crate::address::Allow;

/// Limits and manners of one `Client`. The defaults are those of a program that reads the
/// public web and nothing else.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `User-Agent`: the name, the version and where its user can be reached.
    pub user_agent: String,
    /// Private networks that a feed may lead to (`fetch.allow`).
    pub allow: Allow,
    /// New requests in a second, over all services; 0 is no limit.
    pub requests_per_second: f64,
    /// For one whole answer with all its redirects, without the waiting for our own turn.
    pub timeout: Duration,
    /// For one connection, TLS included.
    pub connect_timeout: Duration,
    /// One body, unpacked.
    pub max_bytes: usize,
    /// All bodies that are being read or not yet dropped by the caller, unpacked.
    pub max_in_flight_bytes: usize,
    /// Requests under way at one time, over all services.
    pub max_in_flight: usize,
    /// Redirects followed for one answer.
    pub max_hops: usize,
    /// Names led to an address without asking DNS, for `demo` and tests: a host (`mara.example`)
    /// or, with a leading dot, all hosts under it (`.example`). The first match holds; a URL's own
    /// port overrides the address's.
    pub led: Vec<(String, SocketAddr)>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            user_agent: concat!("bellwether/", env!("CARGO_PKG_VERSION")).to_owned(),
            allow: Allow::default(),
            requests_per_second: 20.0,
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_bytes: 16 << 20,
            max_in_flight_bytes: 32 << 20,
            max_in_flight: 64,
            max_hops: 8,
            led: Vec::new(),
        }
    }
}
