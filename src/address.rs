//! Which hosts and addresses are public, and which a feed may lead to.
//!
//! Pure: `fetch` asks here before each request, after each redirect and for each address that a
//! name resolves to. Whoever answers a question here fails closed: what is not known to be
//! public is refused, unless the user's `fetch.allow` names its network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

/// IPv4 networks that are not the public internet (IANA special-purpose registry, RFC 6890).
const PRIVATE_V4: [(Ipv4Addr, u8); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Names that never mean a public host (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`).
const PRIVATE_NAMES: [&str; 7] =
    ["localhost", "local", "internal", "lan", "home.arpa", "intranet", "localdomain"];

/// Networks that a feed may lead to although they are not public (`fetch.allow`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allow(Vec<IpNet>);

impl Allow {
    /// Allows these networks, and no others.
    pub fn new(nets: Vec<IpNet>) -> Allow {
        Allow(nets)
    }

    /// Reads CIDRs (`127.0.0.0/16`, `fd00::/8`); a bare address is a network of one.
    ///
    /// # Errors
    /// The first text that is neither.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Allow, NotANetwork> {
        let net = |text: &str| {
            let text = text.trim();
            let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
            let net = text.parse::<IpNet>().ok().or_else(one);
            net.ok_or_else(|| NotANetwork { text: text.to_owned() })
        };
        texts.into_iter().map(net).collect::<Result<_, _>>().map(Allow)
    }

    /// Tells whether a connection to `ip` may be opened: it is public, or in an allowed network.
    pub fn permits(&self, ip: IpAddr) -> bool {
        is_public(ip) || self.names(ip)
    }

    /// Tells whether an allowed network holds `ip`, in its IPv4 form where it has one.
    fn names(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.0.iter().any(|net| net.contains(&ip))
    }
}

/// Text that is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a network")]
pub struct NotANetwork {
    /// As written.
    pub text: String,
}

impl NotANetwork {
    /// The user's next step.
    pub fn hint(&self) -> String {
        "write an address and a length, such as 192.168.1.0/24".to_owned()
    }
}

/// Why a feed may not lead to a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Neither http nor https.
    #[error("`{scheme}:` is neither http nor https")]
    Scheme {
        /// Without the colon.
        scheme: String,
    },
    /// No host to ask.
    #[error("the URL names no host")]
    NoHost,
    /// An address that is not public and that no allowed network holds.
    #[error("{ip} is not a public address")]
    Address {
        /// In its IPv4 form where it hides one.
        ip: IpAddr,
    },
    /// A name that never means a public host.
    #[error("`{name}` is a name of a private network")]
    Name {
        /// As in the URL.
        name: String,
    },
}

impl Refused {
    /// The user's next step.
    pub fn hint(&self) -> String {
        match self {
            Refused::Scheme { .. } | Refused::NoHost => {
                "an address begins with http:// or https:// and a host".to_owned()
            }
            Refused::Address { ip } => {
                format!("if it is your own, add `{ip}` to fetch.allow in feeds.yaml")
            }
            Refused::Name { .. } => {
                "if it is your own, use its address and add that to fetch.allow in feeds.yaml"
                    .to_owned()
            }
        }
    }
}

/// Tells whether `ip` belongs to the public internet: of IPv6 only 2000::/3, and there neither
/// documentation, tunnels nor translations (Teredo, 6to4), which hide another address; of IPv4
/// what no special-purpose registry names. A v4-mapped address is judged as the IPv4 it is.
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => !PRIVATE_V4.iter().any(|&(net, bits)| in_v4(v4, net, bits)),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn in_v4(ip: Ipv4Addr, net: Ipv4Addr, bits: u8) -> bool {
    (u32::from(ip) ^ u32::from(net)) >> (32 - bits) == 0
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let global = a & 0xe000 == 0x2000;
    let protocols = a == 0x2001 && b < 0x0200; // 2001::/23: Teredo, ORCHID, benchmarks (RFC 2928)
    let documentation = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000); // RFC 9637
    let six_to_four = a == 0x2002; // RFC 7526: deprecated
    global && !protocols && !documentation && !six_to_four
}

/// Tells whether a feed may lead to `url`, as far as the URL alone says: scheme, literal
/// addresses (which no resolver sees) and private names. What a name resolves to is asked of
/// [`Allow::permits`].
///
/// # Errors
/// Why not.
pub fn check_url(url: &Url, allow: &Allow) -> Result<(), Refused> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::Scheme { scheme: url.scheme().to_owned() });
    }
    match url.host() {
        None => Err(Refused::NoHost),
        Some(Host::Ipv4(ip)) => check_ip(IpAddr::V4(ip), allow),
        Some(Host::Ipv6(ip)) => check_ip(IpAddr::V6(ip), allow),
        Some(Host::Domain(name)) if is_private_name(name) => {
            Err(Refused::Name { name: name.to_owned() })
        }
        Some(Host::Domain(_)) => Ok(()),
    }
}

fn check_ip(ip: IpAddr, allow: &Allow) -> Result<(), Refused> {
    if allow.permits(ip) { Ok(()) } else { Err(Refused::Address { ip: ip.to_canonical() }) }
}

/// Tells whether `name` never means a public host. A name without a dot is one of those.
pub fn is_private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let under = |zone: &str| name.strip_suffix(zone).is_some_and(|rest| rest.ends_with('.'));
    !name.contains('.') || PRIVATE_NAMES.iter().any(|zone| name == *zone || under(zone))
}

/// Tells whether `url` carries a user name or a password: it is a secret, and never shown.
pub fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str) -> Result<(), Refused> {
        check_url(&Url::parse(url).unwrap(), &Allow::default())
    }

    fn refused(url: &str) -> bool {
        check(url).is_err()
    }

    #[test]
    fn every_spelling_of_a_private_address_is_refused() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0x7f000001",
            "0177.0.0.1",
            "0177.1",
            "127.0.0.1.",
            "１２７.０.０.１",
            "127。0。0。1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001:0:7f00:1::]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
        ] {
            assert!(refused(&format!("http://{host}/feed")), "{host}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for host in [
            "1.1.1.1",
            "9.9.9.9",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "[2606:4700::1111]",
            "[2a00:1450::1]",
            "[2001:4860:4860::8888]",
            "[::ffff:9.9.9.9]",
        ] {
            assert_eq!(check(&format!("https://{host}/")), Ok(()), "{host}");
        }
    }

    #[test]
    fn private_names_are_refused_by_name() {
        for host in [
            "localhost",
            "LOCALHOST",
            "a.localhost",
            "printer.local",
            "db.internal",
            "router",
            "localhost.",
            "nas.lan",
            "x.home.arpa",
        ] {
            assert!(refused(&format!("http://{host}/")), "{host}");
        }
        assert!(!refused("http://localhost.example/"));
        assert!(!refused("http://mylocal.example/"));
    }

    #[test]
    fn only_http_and_https_pass() {
        for url in [
            "file:///etc/passwd",
            "ftp://a.example/",
            "javascript:alert(1)",
            "data:,x",
            "gopher://a.example/",
        ] {
            assert!(matches!(check(url), Err(Refused::Scheme { .. })), "{url}");
        }
    }

    #[test]
    fn an_allowed_network_holds_its_addresses_and_no_others() {
        let allow = Allow::parse(["127.0.0.0/16", "192.168.7.7"]).unwrap();
        let may = |url: &str| check_url(&Url::parse(url).unwrap(), &allow).is_ok();
        assert!(may("http://127.0.3.254:8600/feed"));
        assert!(may("http://[::ffff:127.0.0.1]/"));
        assert!(may("http://192.168.7.7/"));
        assert!(!may("http://127.9.9.9/"));
        assert!(!may("http://192.168.7.8/"));
        assert!(allow.permits("8.8.8.8".parse().unwrap()));
    }

    #[test]
    fn text_that_is_no_network_is_named() {
        let error = Allow::parse(["10.0.0.0/8", "home"]).unwrap_err();
        assert_eq!(error.to_string(), "`home` is not a network");
    }

    #[test]
    fn credentials_in_a_url_are_seen() {
        let seen = |url: &str| has_credentials(&Url::parse(url).unwrap());
        assert!(seen("https://me:secret@a.example/feed"));
        assert!(seen("https://token@a.example/feed"));
        assert!(!seen("https://a.example/@me"));
    }
}
