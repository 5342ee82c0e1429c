//! The people whom the user knows, and what their own feeds teach about their handles.

use std::collections::BTreeMap;

use super::voice::{Voice, one_name};
use crate::model::{Feed, FeedId, Handle, ME, Person, Post};
use crate::normalize::url::canonical;

/// Networks whose posts always tell the account that wrote them.
const EXACT: [&str; 2] = ["mastodon", "bluesky"];

/// Everybody in `feeds.yaml`, by handle and by feed.
#[derive(Debug, Clone, Default)]
pub struct People {
    people: Vec<Person>,
    /// Of each person, sorted.
    handles: Vec<Vec<Handle>>,
    by_handle: BTreeMap<Handle, usize>,
    owners: BTreeMap<FeedId, usize>,
    /// Canonical host of a page to whose it is.
    by_host: BTreeMap<String, usize>,
    /// Whom an owned feed names most: somebody else there is a guest.
    majority: BTreeMap<FeedId, Handle>,
    feed_names: BTreeMap<FeedId, String>,
}

impl People {
    /// Knows `people` by the handles that the user wrote, and whose each feed is.
    pub fn new(people: &[Person], feeds: &[Feed]) -> People {
        let slugs: BTreeMap<&str, usize> =
            people.iter().enumerate().map(|(at, person)| (person.slug.as_str(), at)).collect();
        let mut by_handle = BTreeMap::new();
        for (at, person) in people.iter().enumerate() {
            for handle in &person.handles {
                by_handle.entry(handle.clone()).or_insert(at);
            }
        }
        let mut handles: Vec<Vec<Handle>> =
            people.iter().map(|person| person.handles.clone()).collect();
        handles.iter_mut().for_each(|each| each.sort());
        let owner = |feed: &Feed| slugs.get(feed.owner.as_deref()?).map(|at| (feed.id, *at));
        People {
            by_handle,
            by_host: hosts(people),
            handles,
            owners: feeds.iter().filter_map(owner).collect(),
            majority: BTreeMap::new(),
            feed_names: feeds.iter().map(|feed| (feed.id, feed.name.clone())).collect(),
            people: people.to_vec(),
        }
    }

    /// Learns the handles of people from their own feeds: whoever wrote more than half of the
    /// posts that name an author is the owner, since the user said that the feed is theirs.
    /// A handle that the user gave to one person is never taken by another.
    pub fn learn(&mut self, posts: &[Post]) {
        let mut counts: BTreeMap<FeedId, (usize, BTreeMap<&Handle, usize>)> = BTreeMap::new();
        for post in posts.iter().filter(|post| self.owners.contains_key(&post.feed)) {
            if post.author.handles.is_empty() || post.repost_of.is_some() {
                continue;
            }
            let (all, each) = counts.entry(post.feed).or_default();
            *all += 1;
            for handle in &post.author.handles {
                *each.entry(handle).or_default() += 1;
            }
        }
        for (feed, (all, each)) in counts {
            for (handle, count) in each {
                if count * 2 > all {
                    self.add(handle.clone(), self.owners[&feed]);
                    self.majority.entry(feed).or_insert_with(|| handle.clone());
                }
            }
        }
    }

    fn add(&mut self, handle: Handle, at: usize) {
        if self.by_handle.contains_key(&handle) {
            return;
        }
        self.by_handle.insert(handle.clone(), at);
        let own = &mut self.handles[at];
        let place = own.binary_search(&handle).unwrap_or_else(|place| place);
        own.insert(place, handle);
    }

    /// Returns who wrote `post`. In order: a known handle; the owner of the feed, unless it is
    /// known to be somebody else's post; the name on a post on their own page; a stranger's handle; a name in this feed; the feed.
    pub fn voice<'a>(&'a self, post: &'a Post) -> Voice<'a> {
        let handles = &post.author.handles;
        let known = handles.iter().find_map(|handle| self.by_handle.get(handle));
        let owner = self.owners.get(&post.feed);
        let guest = !handles.is_empty() && self.majority.contains_key(&post.feed);
        let guest = guest || owner.is_some_and(|at| self.is_elsewhere(*at, handles));
        let owner = owner.filter(|_| !guest || post.repost_of.is_some());
        let own_page = self.by_own_page(post);
        let own_page = own_page.as_ref();
        if let Some(at) =
            owner.filter(|_| post.repost_of.is_some()).or(known).or(owner).or(own_page)
        {
            return self.known(*at);
        }
        let name = one_name(&post.author.name);
        let source = self.feed_name(post.feed);
        let key = match handles.first() {
            Some(handle) => handle.as_str().to_owned(),
            None => format!("feed:{}/{}", post.feed, name.to_lowercase()),
        };
        let shown = match (name.is_empty(), handles.first()) {
            (false, _) => name.clone(),
            (true, Some(handle)) => handle.to_string(),
            (true, None) => source.to_owned(),
        };
        let venue = handles.is_empty() && name.is_empty();
        Voice { key, person: None, name: shown, handles, venue }
    }

    /// Returns the key under which `handle` is counted, as [`Voice::key`].
    pub fn key_of(&self, handle: &Handle) -> String {
        match self.by_handle.get(handle) {
            Some(at) => person_key(&self.people[*at]),
            None => handle.as_str().to_owned(),
        }
    }

    /// Returns whom the user knows by `handle`.
    pub fn person(&self, handle: &Handle) -> Option<&Person> {
        self.by_handle.get(handle).map(|at| &self.people[*at])
    }

    /// Returns the user, where `feeds.yaml` has a `me`.
    pub fn me(&self) -> Option<&Person> {
        self.people.iter().find(|person| person.slug == ME)
    }

    /// Returns all handles of `person`, learned ones included, sorted.
    pub fn handles(&self, person: &Person) -> &[Handle] {
        let at = self.people.iter().position(|other| other.slug == person.slug);
        at.map_or(&[], |at| &self.handles[at])
    }

    /// Returns what a person calls the feed; empty for one that is gone from `feeds.yaml`.
    pub fn feed_name(&self, feed: FeedId) -> &str {
        self.feed_names.get(&feed).map_or("", String::as_str)
    }

    /// Whether the feed stands in `feeds.yaml`.
    pub fn follows(&self, feed: FeedId) -> bool {
        self.feed_names.contains_key(&feed)
    }

    /// Whether an account wrote that is none of the person's, at a network where the user says
    /// which is theirs: what they boost stands in their feed as somebody else's post.
    fn is_elsewhere(&self, at: usize, handles: &[Handle]) -> bool {
        let told =
            |network: &str| self.people[at].handles.iter().any(|own| own.network() == network);
        let mut exact = handles.iter().filter(|handle| EXACT.contains(&handle.network()));
        exact.any(|handle| told(handle.network()))
            && !handles.iter().any(|handle| self.handles[at].contains(handle))
    }

    /// Whose name stands on a post that lies on a page of theirs, in somebody else's feed (a
    /// planet). The name alone is no evidence, nor is the page: others link to it.
    fn by_own_page(&self, post: &Post) -> Option<usize> {
        let at = *self.by_host.get(host(post.canonical.as_deref()?))?;
        let name = folded(&post.author.name);
        let person = &self.people[at];
        std::iter::once(&person.name)
            .chain(&person.also)
            .any(|own| folded(own) == name)
            .then_some(at)
    }

    fn known(&self, at: usize) -> Voice<'_> {
        let person = &self.people[at];
        Voice {
            key: person_key(person),
            person: Some(person),
            name: person.name.clone(),
            handles: &self.handles[at],
            venue: false,
        }
    }
}

/// The hosts that are one person's alone, by their pages and web handles.
fn hosts(people: &[Person]) -> BTreeMap<String, usize> {
    let mut whose: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, person) in people.iter().enumerate() {
        let pages = person.pages.iter().filter_map(|page| canonical(page));
        let web = person.handles.iter().filter(|handle| handle.network() == "web");
        let all = pages.chain(web.map(|handle| handle.name().to_owned()));
        let mut own: Vec<String> = all.map(|page| host(&page).to_owned()).collect();
        own.sort();
        own.dedup();
        own.into_iter().for_each(|host| whose.entry(host).or_default().push(at));
    }
    let alone = whose.into_iter().filter(|(_, all)| all.len() == 1);
    alone.map(|(host, all)| (host, all[0])).collect()
}

/// The host of a canonical URL.
fn host(canonical: &str) -> &str {
    canonical.split(['/', '?']).next().unwrap_or(canonical)
}

fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn person_key(person: &Person) -> String {
    format!("person:{}", person.slug)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{feed, person, post};

    fn mara_and_ines() -> (Vec<Person>, Vec<Feed>) {
        let people = vec![
            person("ines-okafor", "Ines Okafor", &[("mastodon", "ines@social.example")]),
            person("tomas-brandt", "Tomas Brandt", &[]),
        ];
        let feeds = vec![
            feed("https://ines.example/feed", Some("ines-okafor")),
            feed("https://bridge.example/tomas/rss", Some("tomas-brandt")),
            feed("https://planet.example/atom", None),
        ];
        (people, feeds)
    }

    #[test]
    fn a_feed_owned_by_a_person_teaches_their_handle() {
        let (known, feeds) = mara_and_ines();
        let mut people = People::new(&known, &feeds);
        let own = post(feeds[1].id, "1", "tomas", &[("x", "tomasb")]);
        let elsewhere = post(feeds[2].id, "2", "Tom", &[("x", "tomasb")]);
        assert!(people.voice(&elsewhere).person.is_none());
        people.learn(&[own]);
        assert_eq!(people.voice(&elsewhere).key, "person:tomas-brandt");
        assert_eq!(people.voice(&elsewhere).handles, [Handle::new("x", "tomasb")]);
    }

    #[test]
    fn a_guest_in_an_owned_feed_is_not_its_owner() {
        let (known, feeds) = mara_and_ines();
        let mut people = People::new(&known, &feeds);
        let own: Vec<Post> =
            ["1", "2"].map(|id| post(feeds[1].id, id, "tomas", &[("x", "tomasb")])).into();
        people.learn(&own);
        let guest = post(feeds[1].id, "3", "Jun", &[("x", "jun")]);
        assert_eq!(people.voice(&guest).key, "x:jun");
    }

    #[test]
    fn a_boost_in_an_owned_feed_is_its_owners_word() {
        let (known, feeds) = mara_and_ines();
        let mut people = People::new(&known, &feeds);
        people.learn(&[post(feeds[1].id, "1", "tomas", &[("x", "tomasb")])]);
        let mut boost = post(feeds[1].id, "2", "Jun", &[("x", "jun")]);
        boost.repost_of = Some("x:jun".into());
        assert_eq!(people.voice(&boost).key, "person:tomas-brandt");
    }

    #[test]
    fn what_somebody_boosts_is_never_their_own_word() {
        let (known, feeds) = mara_and_ines();
        let people = People::new(&known, &feeds);
        let own = post(feeds[0].id, "1", "Ines", &[("mastodon", "ines@social.example")]);
        let boosted = post(feeds[0].id, "2", "Jun", &[("mastodon", "jun@search.example")]);
        assert_eq!(people.voice(&own).key, "person:ines-okafor");
        assert_eq!(people.voice(&boosted).key, "mastodon:jun@search.example");
    }

    #[test]
    fn one_human_counts_once_across_feeds() {
        let (known, feeds) = mara_and_ines();
        let people = People::new(&known, &feeds);
        let blog = post(feeds[0].id, "1", "", &[]);
        let planet = post(feeds[2].id, "2", "ines", &[("mastodon", "ines@social.example")]);
        assert_eq!(people.voice(&blog).key, people.voice(&planet).key);
    }

    #[test]
    fn strangers_of_one_name_in_two_feeds_are_two() {
        let (known, feeds) = mara_and_ines();
        let people = People::new(&known, &feeds);
        let here = post(feeds[2].id, "1", "Ana Reyes", &[]);
        let there = post(FeedId::new(&["https://other.example/"]), "2", "Ana  Reyes", &[]);
        assert_ne!(people.voice(&here).key, people.voice(&there).key);
        assert_eq!(people.voice(&there).name, "Ana Reyes");
    }

    #[test]
    fn a_planets_copy_of_a_post_is_its_authors_by_name_and_page() {
        let (mut known, feeds) = mara_and_ines();
        known[0].pages.push("https://ines.example/".into());
        let people = People::new(&known, &feeds);
        let on = |page: &str, name: &str| Post {
            canonical: Some(format!("{page}/2026/merges")),
            ..post(feeds[2].id, "1", name, &[])
        };
        assert_eq!(people.voice(&on("ines.example", "Ines  okafor")).key, "person:ines-okafor");
        assert!(people.voice(&on("ines.example", "tarn")).person.is_none());
        assert!(people.voice(&on("other.example", "Ines Okafor")).person.is_none());
    }

    #[test]
    fn a_venue_that_names_nobody_speaks_itself() {
        let (known, feeds) = mara_and_ines();
        let people = People::new(&known, &feeds);
        let nobody = post(feeds[2].id, "1", "", &[]);
        let voice = people.voice(&nobody);
        assert!(voice.venue);
        assert_eq!(voice.name, "https://planet.example/atom");
    }
}
