//! Addresses that follow from a service's own options.

use serde_yaml::Value;
use url::Url;

use super::known::Known;
use super::{Address, Closed, Context};
use crate::config::locate::Spot;
use crate::config::resolve::faults::Faults;
use crate::config::surroundings::Keeper;
use crate::source::shapes;

/// `None`: the options say nothing of addresses; `Some(None)`: after a fault.
type Found = Option<Option<Result<Vec<Address>, Closed>>>;

/// Returns what the options of `known` say to read.
pub(super) fn addresses(
    known: &Known,
    context: &Context,
    spot: &Spot,
    faults: &mut Faults,
) -> Found {
    match known.kind {
        "github" => github(known),
        "youtube" => youtube(known, spot, faults),
        "reddit" => reddit(known, context),
        "hackernews" => hackernews(known),
        _ => None,
    }
}

/// Repositories named by the user replace the account's own activity, which is mostly noise.
fn github(known: &Known) -> Found {
    let mut addresses = Vec::new();
    for feed in ["releases", "commits", "tags", "discussions"] {
        let repositories = known.place.option(feed).and_then(Value::as_sequence);
        for repository in repositories.into_iter().flatten().filter_map(Value::as_str) {
            let address = format!("https://github.com/{repository}/{feed}.atom");
            addresses.push(Address::open(address, format!("{repository} {feed}")));
        }
    }
    (!addresses.is_empty()).then_some(Some(Ok(addresses)))
}

/// `shorts: false` reads the list of long videos, `UULF` in place of the channel's `UC`.
fn youtube(known: &Known, spot: &Spot, faults: &mut Faults) -> Found {
    let text = |key: &str| known.place.option(key).and_then(Value::as_str);
    let feed = |query: String| {
        let address = format!("https://www.youtube.com/feeds/videos.xml?{query}");
        Some(Some(Ok(vec![Address::open(address, known.label())])))
    };
    if let Some(playlist) = text("playlist_id") {
        return feed(format!("playlist_id={playlist}"));
    }
    if let Some(channel) = text("channel_id") {
        let Some(rest) = channel.strip_prefix("UC") else {
            let hint = "it stands in the address of the channel's page: youtube.com/channel/UC…";
            let message = format!("`{channel}` is no channel's id, which begins with UC");
            faults.value(&spot.key("channel_id"), message, hint);
            return Some(None);
        };
        let shorts = known.place.option("shorts").and_then(Value::as_bool).unwrap_or(true);
        return feed(match shorts {
            true => format!("channel_id={channel}"),
            false => format!("playlist_id=UULF{rest}"),
        });
    }
    // A name leads to its channel only through its page, which names the feed.
    let handle = known.handle.as_ref().filter(|_| known.url.is_none() && known.feed().is_none())?;
    let page = format!("https://www.youtube.com/@{}", handle.trim_start_matches('@'));
    Some(Some(Ok(vec![Address::open(page, known.label())])))
}

/// A private feed's token reads any feed of Reddit; it is the user's, not the profile's.
fn reddit(known: &Known, context: &Context) -> Found {
    let (keeper, name) = Keeper::SUFFIXES.iter().find_map(|(suffix, keeper)| {
        let name = known.place.option(&format!("feed_token{suffix}"))?.as_str()?;
        Some((*keeper, name))
    })?;
    let named = known.handle.as_ref().or(known.url.as_ref())?;
    let open = shapes::feed_of("reddit", named)?;
    let user = known.place.option("feed_user").and_then(Value::as_str).map(str::to_owned);
    let Some(user) = user.or(context.reddit_user.map(str::to_owned)) else {
        let reason = "a token needs feed_user, your own name at Reddit".to_owned();
        return Some(Some(Err(Closed { known_as: open, reason })));
    };
    Some(Some(match context.around.secret(keeper, name) {
        Ok(token) => Ok(vec![Address {
            address: format!("{open}?feed={token}&user={user}"),
            known_as: open,
            label: known.label(),
            secret: true,
        }]),
        Err(reason) => Err(Closed { known_as: open, reason }),
    }))
}

/// The feed beside a search for words or points, a volunteer's: the search itself is asked first.
fn hackernews(known: &Known) -> Found {
    if known.handle.as_ref().is_some_and(|handle| !handle.is_empty()) {
        return None;
    }
    let options = known.plain_options();
    let pairs = [("q", options.get("query")), ("points", options.get("min_points"))];
    let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let mut address = Url::parse("https://hnrss.org/newest").ok()?;
    address.query_pairs_mut().extend_pairs(pairs);
    let asked = address.query().is_some_and(|query| !query.is_empty());
    asked.then(|| Some(Ok(vec![Address::open(address, known.label())])))
}
