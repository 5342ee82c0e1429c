//! `bellwether check`: reads feeds.yaml and shows what it comes to, defaults included.

use std::borrow::Cow;
use std::process::ExitCode;

use serde::Serialize;
use url::Url;

use super::{Context, partly, say, trouble};
use crate::config::{self, Config};
use crate::digest::escape::terminal;
use crate::model::Feed;
use crate::{agenda, rank};

/// Check feeds.yaml and show what it comes to, with every default.
///
/// Asks no server. Exit code 1: some feeds cannot be read as they stand.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether check\n  bellwether check 'Ines Okafor'\n  bellwether check --json")]
pub(super) struct Arguments {
    /// Only the feeds of this person or source
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// One JSON object for each feed
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    kind: &'a str,
    address: Cow<'a, str>,
    owner: Option<&'a str>,
    unreadable: Option<&'a str>,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let config = config::load(&context.place.settings)?;
    let feeds: Vec<&Feed> = match &arguments.name {
        None => config.feeds.iter().collect(),
        Some(name) => config.feeds_named(name),
    };
    if let (Some(name), []) = (&arguments.name, &feeds[..]) {
        let people = config.people.iter().map(|person| person.name.as_str());
        let known = config.feeds.iter().map(|feed| feed.name.as_str()).chain(people);
        return Err(trouble::unknown("feed or person", name, known));
    }
    if arguments.json {
        for feed in &feeds {
            super::say_json(&row(feed))?;
        }
    } else {
        say!("{} is valid.", context.place.settings.display());
        list(&feeds)?;
        if arguments.name.is_none() {
            settings(&config, context)?;
        }
    }
    let unread = feeds.iter().any(|feed| feed.unreadable.is_some());
    Ok(if unread { partly() } else { ExitCode::SUCCESS })
}

fn row(feed: &Feed) -> Row<'_> {
    Row {
        name: &feed.name,
        kind: &feed.kind,
        address: address(feed),
        owner: feed.owner.as_deref(),
        unreadable: feed.unreadable.as_deref(),
    }
}

/// A secret address is never shown, nor a password in another.
fn address(feed: &Feed) -> Cow<'_, str> {
    if feed.secret {
        return "(secret)".into();
    }
    without_password(&feed.address).map_or((&*feed.address).into(), Cow::from)
}

fn without_password(address: &str) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    url.password()?;
    url.set_password(Some("***")).ok()?;
    Some(url.into())
}

fn list(feeds: &[&Feed]) -> anyhow::Result<()> {
    say!("\nFeeds ({}):", feeds.len());
    for feed in feeds {
        let line = match &feed.unreadable {
            None => format!("{}  {}  {}", feed.name, feed.kind, address(feed)),
            Some(why) => format!("{}  {}  not read: {why}", feed.name, feed.kind),
        };
        say!("  {}", terminal(&line));
    }
    Ok(())
}

fn settings(config: &Config, context: &Context) -> anyhow::Result<()> {
    let followed = config.people.iter().filter(|person| person.slug != crate::model::ME).count();
    let me = if config.me().is_some() { "you are known" } else { "no `me`: nobody waits for you" };
    say!("\nPeople: {followed} followed; {me}.");
    if config.interests.is_empty() {
        say!("Interests: none, so relevance is unknown and closes no gate.");
    } else {
        say!("Interests:");
        for interest in &config.interests {
            let line = format!("{} ({}): {}", interest.name, interest.weight, interest.text);
            say!("  {}", terminal(&line));
        }
    }
    say!("Digests:");
    for schedule in &config.schedules {
        let next = schedule.cron.next(context.now, &schedule.zone);
        let when = next.to_zoned(schedule.zone.clone()).strftime("%a %-d %b %H:%M %Z").to_string();
        say!("  {}: next due {when}, to {}", terminal(&schedule.name), schedule.to.join(", "));
    }
    say!("Weights of the signals:");
    for signal in rank::SIGNALS {
        let weight = config.weights.get(signal.name()).copied().unwrap_or(signal.weight());
        say!("  {:<11} {weight:.2}  {}", signal.name(), signal.doc());
    }
    say!("Lines on the screen:");
    for section in agenda::SECTIONS {
        let limit = config.limits.get(&section.kind()).copied().unwrap_or(section.limit());
        say!("  {:<11} {limit}", section.kind().name());
    }
    let rate = config.fetch.requests_per_second;
    say!("Fetching: as {}", terminal(&config.fetch.user_agent));
    say!("  {} new requests a second, one at a time for each service", if rate > 0.0 { rate.to_string() } else { "any number of".to_owned() });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        let shown = without_password("https://ines:secret@a.example/feed?x=1");
        assert_eq!(shown.as_deref(), Some("https://ines:***@a.example/feed?x=1"));
        assert_eq!(without_password("https://ines@a.example/feed"), None);
    }
}
