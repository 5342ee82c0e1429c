//! The world as it is written down: outlets, their entries, and what of them can be seen at an
//! instant. Nothing here knows a feed format.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, de};

/// One file for each outlet, in the order of `feeds.yaml`.
const FILES: [&str; 24] = [
    include_str!("../../../tests/fixtures/world/mara-blog.yaml"),
    include_str!("../../../tests/fixtures/world/mara-mastodon.yaml"),
    include_str!("../../../tests/fixtures/world/mara-bluesky.yaml"),
    include_str!("../../../tests/fixtures/world/ines-mastodon.yaml"),
    include_str!("../../../tests/fixtures/world/ines-blog.yaml"),
    include_str!("../../../tests/fixtures/world/ines-releases.yaml"),
    include_str!("../../../tests/fixtures/world/tomas-bluesky.yaml"),
    include_str!("../../../tests/fixtures/world/tomas-videos.yaml"),
    include_str!("../../../tests/fixtures/world/priya-letter.yaml"),
    include_str!("../../../tests/fixtures/world/priya-bluesky.yaml"),
    include_str!("../../../tests/fixtures/world/dana-blog.yaml"),
    include_str!("../../../tests/fixtures/world/dana-mastodon.yaml"),
    include_str!("../../../tests/fixtures/world/wen-blog.yaml"),
    include_str!("../../../tests/fixtures/world/wen-mastodon.yaml"),
    include_str!("../../../tests/fixtures/world/jonas-blog.yaml"),
    include_str!("../../../tests/fixtures/world/jonas-mastodon.yaml"),
    include_str!("../../../tests/fixtures/world/linnea-bluesky.yaml"),
    include_str!("../../../tests/fixtures/world/kofi-mastodon.yaml"),
    include_str!("../../../tests/fixtures/world/planet.yaml"),
    include_str!("../../../tests/fixtures/world/crabs.yaml"),
    include_str!("../../../tests/fixtures/world/forum.yaml"),
    include_str!("../../../tests/fixtures/world/northwire.yaml"),
    include_str!("../../../tests/fixtures/world/daily.yaml"),
    include_str!("../../../tests/fixtures/world/meetups.yaml"),
];

/// How many entries an outlet shows at once, as most real ones do.
const WINDOW: usize = 20;

/// All outlets.
#[derive(Debug, Clone)]
pub struct World {
    /// In the order of `feeds.yaml`.
    pub outlets: Vec<Outlet>,
}

impl World {
    /// Reads the world that is built into the program.
    pub fn load() -> World {
        let read = |text: &&str| serde_yaml::from_str(text).expect("a test reads each file");
        World { outlets: FILES.iter().map(read).collect() }
    }
}

/// What an outlet's feed looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// RSS 2.0 with `content:encoded` and `slash:comments`: a blog, a newsletter.
    Rss,
    /// RSS 2.0 with a short `description` only: a newspaper.
    News,
    /// Atom (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
    /// A Mastodon account's RSS: no titles.
    Mastodon,
    /// A Bluesky profile's RSS: no titles, plain text, a date format of its own.
    Bluesky,
    /// A forum's Atom, as Reddit writes it.
    Forum,
    /// A link site's RSS, as Lobsters writes it: links, tags and a page of comments.
    Links,
    /// A video channel's Atom, as YouTube writes it.
    Videos,
    /// A repository's releases, as GitHub writes them.
    Releases,
    /// A page without a feed.
    Page,
}

/// One address at which somebody publishes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlet {
    /// The address that `feeds.yaml` asks.
    pub feed: String,
    /// What answers there.
    pub format: Format,
    /// The feed's title.
    pub title: String,
    /// The page for people.
    pub home: String,
    /// Who writes here, where it is one person.
    pub author: Option<String>,
    /// Language tag, where the feed has one.
    pub language: Option<String>,
    /// Oldest first.
    #[serde(rename = "posts")]
    pub entries: Vec<Entry>,
}

impl Outlet {
    /// Host, path and query of the feed's address.
    pub fn place(&self) -> &str {
        self.feed.split_once("://").map_or(self.feed.as_str(), |(_, place)| place)
    }

    /// The newest entries at `now`, newest first, each as it reads then.
    pub fn seen(&self, now: Timestamp) -> Vec<Seen<'_>> {
        let mut seen: Vec<Seen<'_>> =
            self.entries.iter().filter(|entry| entry.at <= now).map(|e| e.seen(now)).collect();
        seen.sort_by_key(|one| std::cmp::Reverse(one.entry.at));
        seen.truncate(WINDOW);
        seen
    }
}

/// One post, with its later versions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When it appears. Written as day and time in October 2026, UTC: `12 21:40`.
    #[serde(deserialize_with = "october")]
    pub at: Timestamp,
    /// Title, where the outlet has titles.
    pub title: Option<String>,
    /// Its page, where it is not made from the title or the instant.
    pub link: Option<String>,
    /// Markdown at blogs; plain text with bare links, `#tags` and `@names` elsewhere.
    #[serde(default)]
    pub text: String,
    /// Who wrote it, where the outlet has many writers.
    pub author: Option<String>,
    /// Tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Page of the discussion.
    pub comments: Option<String>,
    /// How many answers it has in the end.
    pub replies: Option<u64>,
    /// How many views it has in the end.
    pub views: Option<u64>,
    /// Later versions, oldest first.
    #[serde(default)]
    pub edits: Vec<Revision>,
}

/// What an edit changed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// When.
    #[serde(deserialize_with = "october")]
    pub at: Timestamp,
    /// The new title, where it changed.
    pub title: Option<String>,
    /// The new text, where it changed.
    pub text: Option<String>,
}

/// An entry as it reads at an instant.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// What does not change.
    pub entry: &'a Entry,
    /// Title at that instant.
    pub title: Option<&'a str>,
    /// Text at that instant.
    pub text: &'a str,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Part of the final counts that has come together, in 0..=1.
    pub ripeness: f64,
}

impl Seen<'_> {
    /// How many of `total` have come by now. Half come in the first six hours.
    pub fn grown(&self, total: u64) -> u64 {
        (total as f64 * self.ripeness).round() as u64
    }
}

impl Entry {
    fn seen(&self, now: Timestamp) -> Seen<'_> {
        let hours = (now.as_second() - self.at.as_second()) as f64 / 3600.0;
        let ripeness = 1.0 - (-hours.floor() / 6.0).exp2();
        let (title, text) = (self.title.as_deref(), self.text.as_str());
        let mut seen = Seen { entry: self, title, text, updated: self.at, ripeness };
        for edit in self.edits.iter().filter(|edit| edit.at <= now) {
            seen.title = edit.title.as_deref().or(seen.title);
            seen.text = edit.text.as_deref().unwrap_or(seen.text);
            seen.updated = edit.at;
        }
        seen
    }
}

/// Reads `12 21:40` as that day and time of October 2026, UTC.
fn october<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_october(&text)
        .ok_or_else(|| de::Error::custom(format!("`{text}` is no day and time like `12 21:40`")))
}

fn parse_october(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once(' ')?;
    let (hour, minute) = time.split_once(':')?;
    let date = Date::new(2026, 10, day.parse().ok()?).ok()?;
    let local = date
        .to_datetime(jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?);
    Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
