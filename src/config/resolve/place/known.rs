//! An entry with what its text tells of itself: kind, handle, page, name.

use std::collections::BTreeMap;

use serde_yaml::Value;
use url::Url;

use super::super::faults::Faults;
use super::options;
use crate::address;
use crate::config::kinds;
use crate::config::locate::{Spot, Target};
use crate::config::names;
use crate::config::surroundings::Keeper;
use crate::config::written::Place;
use crate::model::{Account, Handle};
use crate::source::{self, article, shapes};

pub(super) struct Known<'a> {
    pub(super) kind: &'static str,
    pub(super) handle: Option<String>,
    pub(super) url: Option<String>,
    pub(super) place: &'a Place,
}

impl<'a> Known<'a> {
    /// `None` after a fault.
    pub(super) fn recognize(
        place: &'a Place,
        usual: &str,
        spot: &Spot,
        faults: &mut Faults,
    ) -> Option<Known<'a>> {
        let text = place.bare.as_ref().or(place.handle.as_ref()).or(place.url.as_ref());
        let hit = text.and_then(|text| shapes::recognize(text));
        if let Some(text) = place.bare.as_ref().filter(|text| hit.is_none() && web(text).is_none())
        {
            let hint = "write https://…, @name@host for Mastodon, or @name.host for Bluesky";
            faults.value(spot, format!("`{text}` is neither an address nor a handle"), hint);
            return None;
        }
        let word = match (&place.kind, &hit) {
            (Some(kind), _) => kind.as_str(),
            (None, _) if place.option("opml").is_some() => "opml",
            (None, _) if place.select.is_some() => "page",
            (None, Some(hit)) => hit.kind,
            (None, None) => usual,
        };
        let Some(kind) = kinds::kind(word) else {
            faults.unknown(&spot.key("kind"), Target::Value, "kind", word, &kinds::names());
            return None;
        };
        let handle = text.and_then(|text| shapes::handle_of(kind, text));
        let bare = place.bare.clone().filter(|text| web(text).is_some());
        Some(Known { kind, handle, url: place.url.clone().or(bare), place })
    }

    /// Finds what is wrong in the keys that all kinds share; true if nothing is.
    pub(super) fn check(&self, spot: &Spot, faults: &mut Faults) -> bool {
        let place = self.place;
        let mut fine = check_address(place.url.as_ref(), &spot.key("url"), faults);
        fine &= check_address(place.feed.as_ref(), &spot.key("feed"), faults);
        fine &= check_address(place.api.as_ref(), &spot.key("api"), faults);
        if let Some(mode) = place.mode.as_ref().filter(|mode| *mode != "manual") {
            faults.unknown(&spot.key("mode"), Target::Value, "mode", mode, &["manual"]);
            fine = false;
        }
        if self.kind == "page" && place.select.is_none() && place.feed.is_none() {
            let hint = "say what its entries are: select: {item: \"article\", title: \"h2\"}";
            faults.value(spot, "kind `page` needs `select`", hint);
            fine = false;
        }
        fine
    }

    /// The feed that its service gives to its handle; an address that is one of its feeds
    /// already stays as it is.
    pub(super) fn feed(&self) -> Option<String> {
        match &self.url {
            Some(url) if is_feed(url) => Some(url.clone()),
            _ => shapes::feed_of(self.kind, self.handle.as_deref()?),
        }
    }

    /// The name at its network, else the site of a home page.
    pub(super) fn handles(&self) -> Vec<Handle> {
        if kinds::is_network(self.kind) {
            let name = self.handle.as_deref().and_then(|handle| person(self.kind, handle));
            return name.map(|name| Handle::new(self.kind, name)).into_iter().collect();
        }
        let home = self.url.as_ref().and_then(|url| web(url));
        let home = home.filter(|url| url.path() == "/" && self.kind != "bridge");
        let host = home.as_ref().and_then(Url::host_str);
        let bare = host.map(|host| host.strip_prefix("www.").unwrap_or(host));
        bare.map(|host| Handle::new("web", host)).into_iter().collect()
    }

    /// The account that is read by an API; none where the user gives the feed that is to be read.
    pub(super) fn account(&self) -> Option<Account> {
        let place = self.place;
        if place.feed.is_some() || place.mode.is_some() || secret_url(place).is_some() {
            return None;
        }
        let handle = self.handle.clone().unwrap_or_default();
        let api = place.api.clone().or_else(|| source::kind(self.kind)?.api(&handle))?;
        Some(Account { handle, api: api.trim_end_matches('/').to_owned() })
    }

    /// Its kind's own options that are text, numbers or yes and no; of `full` what is to be read,
    /// which is nothing of private places.
    pub(super) fn plain_options(&self) -> BTreeMap<String, String> {
        let plain = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            _ => None,
        };
        let private = self.place.private == Some(true);
        let option = |(key, value): &(String, Value)| match key.as_str() {
            article::OPTION if private => None,
            article::OPTION => Some((key.clone(), options::full(value)?)),
            _ => Some((key.clone(), plain(value)?)),
        };
        self.place.options.iter().filter_map(option).collect()
    }

    /// What an entry that cannot be read is known as instead of an address.
    pub(super) fn stand_in(&self) -> String {
        let option = || self.place.options.iter().find_map(|(_, value)| value.as_str());
        let named = self.handle.as_deref().or(self.place.name.as_deref()).or_else(option);
        let named = || format!("{}:{}", self.kind, named.unwrap_or_default());
        self.url.clone().unwrap_or_else(named)
    }

    /// Tells it apart from others of its kind.
    pub(super) fn label(&self) -> String {
        let address = self.url.as_ref().or(self.place.feed.as_ref()).and_then(|url| web(url));
        let address = address.map(|url| names::of_address(&url));
        self.handle.clone().or(address).unwrap_or_else(|| self.kind.to_owned())
    }
}

/// The person's part of a handle: not a subreddit, a tag, or the repository of an owner.
fn person<'a>(kind: &str, handle: &'a str) -> Option<&'a str> {
    let name = handle.trim_start_matches('/');
    let name = name.strip_prefix("u/").or(name.strip_prefix("in/")).unwrap_or(name);
    match (kind, name.split_once('/')) {
        (_, None) | ("stackexchange", _) => Some(name),
        ("github", Some((owner, _))) => Some(owner),
        _ => None,
    }
    .filter(|name| !name.is_empty())
}

/// The ends of addresses that are feeds.
const FEED_ENDS: [&str; 6] = [".rss", ".atom", ".xml", ".rdf", "/feed", "/rss"];

fn is_feed(url: &str) -> bool {
    let path = web(url).map(|url| url.path().trim_end_matches('/').to_lowercase());
    path.is_some_and(|path| FEED_ENDS.iter().any(|end| path.ends_with(end)))
}

fn check_address(text: Option<&String>, spot: &Spot, faults: &mut Faults) -> bool {
    let Some(text) = text else { return true };
    match web(text) {
        None => {
            let hint = "an address begins with https:// or http://";
            faults.value(spot, format!("`{text}` is not a web address"), hint);
            false
        }
        Some(url) if address::has_credentials(&url) => {
            let hint = "no secret stands here: put the address into an environment variable and \
                        name that by `url_env`";
            faults.value(spot, "this address holds a password", hint);
            false
        }
        Some(_) => true,
    }
}

/// Where an address that is a secret is kept, and under which name.
pub(super) fn secret_url(place: &Place) -> Option<(Keeper, &str)> {
    let keys = [
        (Keeper::Environment, &place.url_env),
        (Keeper::File, &place.url_file),
        (Keeper::Credential, &place.url_credential),
    ];
    keys.into_iter().find_map(|(keeper, name)| Some((keeper, name.as_deref()?)))
}

/// Returns what an entry is called that gives itself no name.
pub(in crate::config) fn name_of(place: &Place) -> String {
    let text = place.bare.as_ref().or(place.handle.as_ref());
    let hit = text.and_then(|text| shapes::recognize(text)).map(|hit| hit.handle);
    let address = [&place.bare, &place.url, &place.feed].into_iter().flatten().next();
    let address = || address.and_then(|url| web(url)).map(|url| names::of_address(&url));
    let secret = || secret_url(place).map(|(_, name)| name.to_owned());
    let option = || place.options.iter().find_map(|(_, value)| value.as_str().map(str::to_owned));
    let kind = || place.bare.clone().or_else(|| place.kind.clone());
    hit.or_else(|| place.handle.clone())
        .or_else(address)
        .or_else(secret)
        .or_else(option)
        .or_else(kind)
        .unwrap_or_default()
}

/// An absolute http or https URL.
pub(super) fn web(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}
