//! Files that are right, and what they come to.

use bellwether::model::{Feed, ME, SectionKind};
use jiff::SignedDuration;

use super::{load, load_with};

const FULL: &str = include_str!("full.yaml");

fn addresses(feeds: &[Feed]) -> Vec<&str> {
    feeds.iter().map(|feed| feed.address.as_str()).collect()
}

fn names(feeds: &[Feed]) -> Vec<&str> {
    feeds.iter().map(|feed| feed.name.as_str()).collect()
}

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[test]
fn a_bare_list_of_addresses_is_a_file() {
    let config = load("- https://a.example/feed.xml\n- https://b.example\n# nothing else\n");
    assert_eq!(addresses(&config.feeds), ["https://a.example/feed.xml", "https://b.example"]);
    assert_eq!(names(&config.feeds), ["a.example", "b.example"]);
    assert!(config.feeds.iter().all(|feed| feed.kind == "syndication" && feed.owner.is_none()));
    assert_eq!(config.schedules[0].name, "morning");
    assert_eq!(config.schedules[0].cron.to_string(), "0 7 * * *");
}

#[test]
fn everything_that_the_specification_shows_is_understood() {
    let config = load(FULL);
    assert_eq!(config.feeds.len(), 21);
    assert_eq!(config.people.len(), 4);
    assert_eq!(config.interests.len(), 3);
    assert_eq!(config.campaigns.len(), 2);
    assert_eq!(config.campaigns[0].entries, Some(100));
    assert_eq!(config.schedules.len(), 2);
    assert_eq!(config.schedules[0].zone.iana_name(), Some("Europe/Stockholm"));
    assert!(config.schedules[1].report);
    assert_eq!(config.urgent.as_ref().map(|urgent| urgent.per_day), Some(3));
    assert_eq!(config.limits[&SectionKind::Waiting], 5);
    assert_eq!(config.weights["burst"], 0.10);
    assert_eq!(config.retention.circles["collaborators"], DAY * 365 * 5);
    assert_eq!(config.notes["ines-okafor"], "met at FOSDEM; maintains ferric-index");
    assert!(config.channels.contains_key("email"));
    assert_eq!(config.rhythm.limits.max, DAY);
    assert_eq!(config.fetch.requests_per_second, 20.0);
}

#[test]
fn what_cannot_be_read_is_loaded_all_the_same_and_says_why() {
    let config = load(FULL);
    let unreadable =
        config.feeds.iter().filter_map(|feed| Some((&*feed.name, feed.unreadable.as_deref()?)));
    assert_eq!(
        unreadable.collect::<Vec<_>>(),
        [
            ("Mara Lindqvist (linkedin)", "kept by hand"),
            ("Tomas Brandt (linkedin)", "kept by hand"),
            ("Priya Nair (reddit)", "a token needs feed_user, your own name at Reddit"),
            ("Weekly IR letter", "IR_LETTER_FEED is not set"),
            ("LinkedIn mail", "maildir by such options is not read yet"),
            ("Blogroll", "opml by such options is not read yet"),
        ]
    );
}

#[test]
fn me_comes_first_and_a_person_has_the_best_of_all_circles() {
    let config = load(FULL);
    let slugs: Vec<&str> = config.people.iter().map(|person| person.slug.as_str()).collect();
    assert_eq!(slugs, [ME, "ines-okafor", "tomas-brandt", "priya-nair"]);
    let ines = &config.people[1];
    assert_eq!((ines.weight, ines.cadence, ines.promote), (0.8, Some(DAY * 21), true));
    assert_eq!(config.people[3].cadence, Some(DAY * 30));
    let handles: Vec<&str> = ines.handles.iter().map(|handle| handle.as_str()).collect();
    assert_eq!(handles, ["mastodon:ines@fosstodon.example", "github:inesok", "web:ines.example"]);
}

#[test]
fn a_circles_cron_line_is_for_its_peoples_feeds_and_one_of_their_own_goes_first() {
    let config = load(
        "circles: {makers: {cron: \"0 */6 * * *\"}}\n\
         people:\n\
         - {name: Ines Okafor, circle: makers, profiles: [{kind: blog, url: \"https://ines.example\"}, \
           {kind: github, handle: inesok, cron: \"0 7 * * *\"}]}\n\
         - {name: Priya Nair, profiles: [{kind: blog, url: \"https://priya.example\"}]}\n",
    );
    let plan =
        |feed: &Feed| config.rhythm.plans.get(&feed.id)?.cron.as_ref().map(ToString::to_string);
    let crons: Vec<_> = config.feeds.iter().map(plan).collect();
    let line = |line: &str| Some(line.to_owned());
    assert_eq!(crons, [line("0 */6 * * *"), line("0 7 * * *"), None], "{:?}", names(&config.feeds));
}

#[test]
fn an_address_that_is_a_secret_is_marked_and_keeps_its_id() {
    let yaml = "sources: [{name: Letter, url_env: LETTER}]";
    let secret = load_with(yaml, &[("LETTER", "https://letter.example/s3cr3t.xml")]);
    let unset = load(yaml);
    let (secret, unset) = (&secret.feeds[0], &unset.feeds[0]);
    assert!(secret.secret && secret.unreadable.is_none());
    assert_eq!(secret.address, "https://letter.example/s3cr3t.xml");
    assert_eq!(unset.unreadable.as_deref(), Some("LETTER is not set"));
    assert_eq!(secret.id, unset.id);
}

#[test]
fn the_address_of_a_kill_the_newsletter_feed_is_a_secret() {
    let config = load(
        "sources:\n  - {name: letter, kind: newsletter, url: https://kill-the-newsletter.com/feeds/abc.xml}\n  \
         - {name: other, kind: newsletter, feed: https://kill-the-newsletter.com/feeds/def.xml}\n  \
         - {name: plain, kind: newsletter, url: https://letter.example/feed.xml}\n",
    );
    let secret: Vec<bool> = config.feeds.iter().map(|feed| feed.secret).collect();
    assert_eq!(secret, [true, true, false]);
}

#[test]
fn a_search_at_hacker_news_has_the_same_search_as_a_feed_beside_it() {
    let config =
        load("sources:\n  - {name: search, kind: hackernews, query: \"a b\", min_points: 10}\n");
    let feed = &config.feeds[0];
    assert_eq!(feed.address, "https://hnrss.org/newest?q=a+b&points=10");
    assert_eq!(feed.account.as_ref().map(|account| account.handle.as_str()), Some(""));
    assert_eq!(feed.options["min_points"], "10");
}
