//! The demo's world holds what its stories need, and its server answers as the real web does.

use std::collections::{BTreeMap, BTreeSet};

use bellwether::cli::demo::{self, Format, Outlet, Server, World, render};
use bellwether::fetch::{Answer, Client, Settings};
use bellwether::model::{Feed, Request};
use jiff::Timestamp;

use crate::support;

/// Every `feed:` and source `url:` of the world's `feeds.yaml` that is asked: plain http.
fn followed() -> BTreeSet<String> {
    demo::feeds_yaml()
        .split('"')
        .filter(|text| text.starts_with("http://"))
        .map(str::to_owned)
        .collect()
}

fn outlet(feed: &str) -> Outlet {
    World::load().outlets.into_iter().find(|outlet| outlet.feed.contains(feed)).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn each_outlet_is_followed_and_each_followed_feed_is_served() {
    let served: BTreeSet<String> = World::load().outlets.into_iter().map(|o| o.feed).collect();
    assert_eq!(served, followed());
}

#[test]
fn about_three_hundred_posts_fall_into_the_ten_days() {
    let world = World::load();
    let all: Vec<_> = world.outlets.iter().flat_map(|outlet| &outlet.entries).collect();
    assert!((240..=340).contains(&all.len()), "{} posts", all.len());
    assert!(all.iter().all(|entry| entry.at <= demo::ends()));
    let backlog = all.iter().filter(|entry| entry.at <= demo::begins()).count();
    assert!(backlog > 20, "{backlog} posts are there at the first reading");
}

#[test]
fn every_outlet_has_posts_in_order_and_no_two_at_one_instant() {
    for outlet in World::load().outlets {
        let instants: Vec<_> = outlet.entries.iter().map(|entry| entry.at).collect();
        assert!(!instants.is_empty(), "{} is empty", outlet.feed);
        assert!(instants.windows(2).all(|two| two[0] < two[1]), "{} is out of order", outlet.feed);
    }
}

#[test]
fn nothing_in_the_world_names_a_real_host() {
    for outlet in World::load().outlets {
        let text = render(&outlet, demo::ends()).body;
        for (start, _) in text.match_indices("://") {
            let host: String =
                text[start + 3..].chars().take_while(|c| !"/\"<&? )]".contains(*c)).collect();
            let known = host.is_empty()
                || host.ends_with(".example")
                || ["purl.org", "www.w3.org", "jsonfeed.org", "www.youtube.com"]
                    .contains(&host.as_str())
                || ["search.yahoo.com", "webfeeds.org"].contains(&host.as_str())
                || host.starts_with("did:plc:");
            assert!(known, "{} names {host}", outlet.feed);
        }
    }
}

fn readable() -> Vec<Feed> {
    let feeds = support::world::config().feeds.into_iter();
    feeds.filter(|feed| feed.unreadable.is_none()).collect()
}

#[test]
fn its_feeds_yaml_knows_me_eight_people_and_one_profile_that_nobody_can_read() {
    let config = support::world::config();
    assert_eq!(config.people.len(), 9);
    assert_eq!(config.people[0].slug, "me");
    assert_eq!(readable().len(), followed().len());
    assert_eq!(config.feeds.len() - readable().len(), 1);
    assert_eq!(config.feeds.iter().filter(|f| f.owner.as_deref() == Some("me")).count(), 3);
}

#[test]
fn every_post_comes_through_its_format_whole() {
    let world = World::load();
    for feed in readable() {
        let outlet = world.outlets.iter().find(|outlet| outlet.feed == feed.address).unwrap();
        let shown = outlet.seen(demo::ends());
        let parsed = support::world::parsed(&world, &feed, demo::ends());
        assert_eq!(parsed.problems, [], "{}", feed.address);
        assert!(parsed.whole, "{}", feed.address);
        let posts = support::world::posts(&world, &feed, demo::ends(), false);
        assert_eq!(posts.len(), shown.len(), "{}", feed.address);
        for ((post, _), entry) in posts.iter().zip(&shown) {
            let written = entry.entry.at;
            let kept = post.published.unwrap_or_else(|| panic!("{} has no date", post.heading()));
            let exact = outlet.format != Format::Page;
            assert!(!exact || kept == written, "{}: {kept} is not {written}", post.heading());
            assert_eq!(post.title.as_deref(), entry.title, "{}", feed.address);
            assert!(post.canonical.is_some(), "{} has no page", post.heading());
            assert!(!post.heading().is_empty(), "{} at {written} is empty", feed.address);
        }
    }
}

#[test]
fn counts_come_from_those_formats_that_have_them() {
    let world = World::load();
    let counted = |part: &str| {
        let feed = readable().into_iter().find(|feed| feed.address.contains(part)).unwrap();
        let posts = support::world::posts(&world, &feed, demo::ends(), false);
        posts.into_iter().map(|(_, counters)| counters).collect::<Vec<_>>()
    };
    assert!(counted("priya.letters").iter().all(|counters| counters.replies.is_some()));
    assert!(counted("dana.example/atom").iter().all(|counters| counters.replies.is_some()));
    assert!(counted("video.example").iter().all(|counters| counters.views.is_some()));
    assert!(counted("fosstodon").iter().all(|counters| counters.is_empty()));
}

#[test]
fn what_one_post_links_of_another_is_there_already() {
    let world = World::load();
    let all = |feed: Feed| support::world::posts(&world, &feed, demo::ends(), false);
    let posts: Vec<_> = readable().into_iter().flat_map(all).map(|(post, _)| post).collect();
    let mut pages = BTreeMap::new();
    for post in &posts {
        if let Some(page) = &post.canonical {
            let first = pages.entry(page.clone()).or_insert(post.published);
            *first = post.published.min(*first);
        }
    }
    for post in &posts {
        for link in post.links.iter().filter(|link| link.contains(".example/2026/10/")) {
            let page = pages.get(link);
            assert!(
                page.is_some_and(|at| *at <= post.published),
                "{} links {link}",
                post.heading()
            );
        }
    }
}

#[test]
fn one_story_has_one_address_wherever_it_is_linked() {
    let world = World::load();
    let page = "ines.example/2026/10/ferric-index-0-9-drops-the-fast-field-cache";
    for part in ["ines.example/feed", "planet.example", "crabs.example"] {
        let feed = readable().into_iter().find(|feed| feed.address.contains(part)).unwrap();
        let posts = support::world::posts(&world, &feed, demo::ends(), false);
        let found = posts.iter().any(|(post, _)| post.canonical.as_deref() == Some(page));
        assert!(found, "{part} does not lead to {page}");
    }
}

#[test]
fn an_edit_is_seen_from_its_instant_on() {
    let blog = outlet("dana.example/atom.xml");
    let before = render(&blog, at("2026-10-10T08:59:00Z"));
    let after = render(&blog, at("2026-10-10T09:00:00Z"));
    assert!(before.body.contains("fell by 3 %") && !before.body.contains("Correction"));
    assert!(after.body.contains("Correction") && after.body.contains("fell by 0.3 %"));
    assert!(before.modified < after.modified);
}

#[test]
fn a_post_appears_at_its_instant_and_not_before() {
    let account = outlet("@ines.rss");
    assert!(!render(&account, at("2026-10-12T14:04:59Z")).body.contains("0.9 is out"));
    assert!(render(&account, at("2026-10-12T14:05:00Z")).body.contains("0.9 is out"));
}

#[test]
fn counts_grow_with_age() {
    let blog = outlet("ines.example/feed.xml");
    let comments = |now: &str| -> u64 {
        let body = render(&blog, at(now)).body;
        let first = body.split("<slash:comments>").nth(1).unwrap();
        first.split('<').next().unwrap().parse().unwrap()
    };
    assert_eq!(comments("2026-10-12T14:02:00Z"), 0);
    assert_eq!(comments("2026-10-12T20:02:00Z"), 7);
    assert_eq!(comments("2026-10-14T15:10:00Z"), 14);
}

#[test]
fn every_format_is_used() {
    let used: Vec<Format> = World::load().outlets.iter().map(|outlet| outlet.format).collect();
    for format in [
        Format::Rss,
        Format::News,
        Format::Atom,
        Format::Json,
        Format::Mastodon,
        Format::Bluesky,
        Format::Forum,
        Format::Links,
        Format::Videos,
        Format::Releases,
        Format::Page,
    ] {
        assert!(used.contains(&format), "{format:?}");
    }
}

fn client(server: &Server) -> Client {
    let settings = Settings {
        led: vec![(".example".to_owned(), server.address())],
        requests_per_second: 0.0,
        ..Settings::default()
    };
    Client::new(&settings).unwrap()
}

fn get(url: &str) -> Request {
    Request { url: url.to_owned(), accept: None, validators: Default::default() }
}

#[tokio::test]
async fn every_followed_feed_is_read_and_a_second_time_is_unchanged() {
    let server = Server::start(World::load(), demo::ends()).await.unwrap();
    let client = client(&server);
    for url in followed() {
        let mut request = get(&url);
        let Answer::Document { document, validators, .. } = client.get(&request).await else {
            panic!("{url} was not read")
        };
        assert!(document.body.len() > 200, "{url}");
        request.validators = validators;
        let again = client.get(&request).await;
        assert!(matches!(again, Answer::Unchanged { .. }), "{url}: {again:?}");
    }
    assert_eq!(server.requests(), 2 * followed().len() as u64);
}

#[tokio::test]
async fn the_clock_moves_the_world_on() {
    let server = Server::start(World::load(), at("2026-10-12T13:00:00Z")).await.unwrap();
    let client = client(&server);
    let mut request = get("http://fosstodon.example/@ines.rss");
    let Answer::Document { validators, .. } = client.get(&request).await else { panic!() };
    request.validators = validators;
    server.set_now(at("2026-10-12T14:05:00Z"));
    let Answer::Document { document, .. } = client.get(&request).await else { panic!() };
    assert!(String::from_utf8(document.body).unwrap().contains("0.9 is out"));
}

#[tokio::test]
async fn a_name_that_nobody_has_is_not_found() {
    let server = Server::start(World::load(), demo::ends()).await.unwrap();
    let answer = client(&server).get(&get("http://nobody.example/feed")).await;
    assert!(matches!(answer, Answer::Failed(_)), "{answer:?}");
}
