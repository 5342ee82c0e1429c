//! One profile or source: which addresses it means, and why it cannot be read if it cannot.

mod known;
mod options;
mod services;

use std::collections::BTreeMap;

use super::faults::Faults;
use crate::config::Surroundings;
use crate::config::kinds;
use crate::config::locate::Spot;
use crate::config::surroundings::Keeper;
use crate::config::written::{Place, Select};
use crate::model::{self, Handle};

use known::Known;
pub(in crate::config) use known::name_of;

/// What an entry comes to.
pub(super) struct Settled {
    pub(super) kind: &'static str,
    pub(super) addresses: Vec<Address>,
    pub(super) handles: Vec<Handle>,
    pub(super) account: Option<model::Account>,
    pub(super) options: BTreeMap<String, String>,
    /// The page that is somebody's, as written.
    pub(super) page: Option<String>,
    pub(super) unreadable: Option<String>,
}

/// One address to ask.
pub(super) struct Address {
    pub(super) address: String,
    /// What its id is hashed from: the address, or the name of the secret that holds it.
    pub(super) known_as: String,
    /// Tells the addresses of one entry apart.
    pub(super) label: String,
    pub(super) secret: bool,
}

impl Address {
    fn open(address: impl Into<String>, label: impl Into<String>) -> Address {
        let address = address.into();
        Address { known_as: address.clone(), address, label: label.into(), secret: false }
    }
}

/// Something that cannot be read.
struct Closed {
    /// Stands for its address.
    known_as: String,
    /// One clause, for the coverage line.
    reason: String,
}

pub(super) struct Context<'a> {
    pub(super) around: &'a Surroundings,
    pub(super) reddit_user: Option<&'a str>,
}

/// Settles `place`; without a kind of its own it has the one that its address or handle tells,
/// else `usual`. `None` after a fault.
pub(super) fn settle(
    place: &Place,
    usual: &str,
    spot: &Spot,
    context: &Context,
    faults: &mut Faults,
) -> Option<Settled> {
    let known = Known::recognize(place, usual, spot, faults)?;
    if !(known.check(spot, faults) & options::check(&known, spot, faults)) {
        return None;
    }
    let (addresses, unreadable) = match addresses(&known, context, spot, faults)? {
        Ok(addresses) => (addresses, None),
        Err(closed) => (vec![Address::open(closed.known_as, known.label())], Some(closed.reason)),
    };
    let (handles, page) = (known.handles(), known.url.clone());
    let (account, options) = (known.account(), known.plain_options());
    Some(Settled { kind: known.kind, addresses, handles, account, options, page, unreadable })
}

/// `None` after a fault.
fn addresses(
    known: &Known,
    context: &Context,
    spot: &Spot,
    faults: &mut Faults,
) -> Option<Result<Vec<Address>, Closed>> {
    let open = |address: &str| {
        let secret = is_secret(address);
        Some(Ok(vec![Address { secret, ..Address::open(address, known.label()) }]))
    };
    let closed = |reason: String| Some(Err(Closed { known_as: known.stand_in(), reason }));
    if known.place.mode.is_some() {
        return closed("kept by hand".to_owned());
    }
    if let Some(feed) = &known.place.feed {
        return open(feed);
    }
    if let Some((keeper, name)) = known::secret_url(known.place) {
        return Some(secret(known, context.around, keeper, name));
    }
    if let Some(found) = services::addresses(known, context, spot, faults) {
        return found;
    }
    if let Some(feed) = known.feed() {
        return open(&feed);
    }
    match &known.url {
        Some(url) if kinds::is_plain(known.kind) => open(url),
        None if known.handle.is_none() && known.place.options.is_empty() => {
            faults.value(spot, "there is nothing to read here", "give one of handle, url, feed");
            None
        }
        None if known.handle.is_none() && !known.place.options.is_empty() => {
            closed(format!("{} by such options is not read yet", known.kind))
        }
        _ => closed(kinds::unread(known.kind).to_owned()),
    }
}

/// Whoever knows a Kill-the-Newsletter feed's address can also write to it.
fn is_secret(address: &str) -> bool {
    known::web(address).is_some_and(|url| {
        url.host_str() == Some("kill-the-newsletter.com") && url.path().starts_with("/feeds/")
    })
}

/// An address that is a secret. Its id is hashed from the secret's name, so that a new secret
/// is still the same feed.
fn secret(
    known: &Known,
    around: &Surroundings,
    keeper: Keeper,
    name: &str,
) -> Result<Vec<Address>, Closed> {
    let known_as = format!("secret:{name}");
    match around.secret(keeper, name) {
        Ok(address) if known::web(&address).is_some() => {
            Ok(vec![Address { address, known_as, label: known.label(), secret: true }])
        }
        Ok(_) => Err(Closed { known_as, reason: format!("{name} does not hold a web address") }),
        Err(reason) => Err(Closed { known_as, reason }),
    }
}

/// What the page is read by.
pub(super) fn select(select: &Select) -> model::Select {
    model::Select {
        item: select.item.clone(),
        title: select.title.clone(),
        link: select.link.clone(),
        date: select.date.clone(),
    }
}
