//! What is followed: profiles and sources become feeds, each address once.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Faults;
use super::place::{self, Context, Settled};
use crate::config::Surroundings;
use crate::config::locate::Spot;
use crate::config::written::{File, Place};
use crate::model::{Feed, FeedId, ME, Person};
use crate::schedule::{Plan, cron::Cron};

pub(super) struct Follow<'a> {
    pub(super) feeds: Vec<Feed>,
    pub(super) plans: BTreeMap<FeedId, Plan>,
    pub(super) private: BTreeSet<FeedId>,
    /// Of sources.
    pub(super) circles_of: BTreeMap<FeedId, Vec<String>>,
    /// Of the circle whose person is being read.
    pub(super) cron: Option<Cron>,
    /// By circle.
    crons: BTreeMap<String, Cron>,
    around: &'a Surroundings,
    /// Profiles and addresses seen, and whose they are.
    seen: BTreeMap<String, (Spot, String)>,
    /// What tells the feeds of one person apart where their kinds do not.
    labels: BTreeMap<FeedId, String>,
    /// The user's own name at Reddit, which its private feeds ask for.
    reddit_user: Option<String>,
}

impl<'a> Follow<'a> {
    pub(super) fn new(around: &'a Surroundings, crons: BTreeMap<String, Cron>) -> Follow<'a> {
        Follow {
            feeds: Vec::new(),
            plans: BTreeMap::new(),
            private: BTreeSet::new(),
            circles_of: BTreeMap::new(),
            cron: None,
            crons,
            around,
            seen: BTreeMap::new(),
            labels: BTreeMap::new(),
            reddit_user: None,
        }
    }

    /// Adds a person's profile.
    pub(super) fn profile(
        &mut self,
        person: &mut Person,
        place: &Place,
        spot: &Spot,
        faults: &mut Faults,
    ) {
        if place.circle.is_some() {
            let hint = "put it beside the person's `name`";
            faults.value(&spot.key("circle"), "a circle is a person's, not a profile's", hint);
        }
        let Some(settled) = self.settle(place, "blog", spot, faults) else { return };
        for handle in &settled.handles {
            if handle.network() == "reddit" && person.slug == ME {
                self.reddit_user = Some(handle.name().to_owned());
            }
            // Several people may write at one site, but nobody shares an account.
            let key = handle.as_str().to_owned();
            if handle.network() != "web"
                && !self.claim(key, &handle.to_string(), &person.name, spot, faults)
            {
                return;
            }
            if !person.handles.contains(handle) {
                person.handles.push(handle.clone());
            }
        }
        person.pages.extend(settled.page.clone());
        let name = place.name.as_ref().unwrap_or(&person.name);
        self.add(settled, name, Some(&person.slug), place, spot, faults);
    }

    /// Adds everything under `sources:`, or the whole of a bare list.
    pub(super) fn sources(&mut self, file: &File, faults: &mut Faults) {
        let top = Spot::default();
        let top = if file.bare { top } else { top.key("sources") };
        for (index, place) in file.keys.sources.iter().flatten().enumerate() {
            let spot = top.index(index);
            let Some(settled) = self.settle(place, "syndication", &spot, faults) else { continue };
            let name = place.name.clone().unwrap_or_else(|| place::name_of(place));
            let circles = place.circle.as_ref().map(|circle| circle.0.clone()).unwrap_or_default();
            self.cron = circles.iter().find_map(|name| self.crons.get(name)).cloned();
            if !circles.is_empty() {
                let ids = settled.addresses.iter().map(|one| FeedId::new(&[&one.known_as]));
                self.circles_of.extend(ids.map(|id| (id, circles.clone())));
            }
            self.add(settled, &name, None, place, &spot, faults);
            self.cron = None;
        }
    }

    fn settle(
        &self,
        place: &Place,
        usual: &str,
        spot: &Spot,
        faults: &mut Faults,
    ) -> Option<Settled> {
        let context = Context { around: self.around, reddit_user: self.reddit_user.as_deref() };
        place::settle(place, usual, spot, &context, faults)
    }

    fn add(
        &mut self,
        settled: Settled,
        name: &str,
        owner: Option<&str>,
        place: &Place,
        spot: &Spot,
        faults: &mut Faults,
    ) {
        let cron = faults.cron(place.cron.as_ref(), &spot.key("cron"));
        let cron = cron.or_else(|| self.cron.clone());
        let plan = Plan { refresh: place.refresh.map(|span| span.0), cron };
        for address in settled.addresses {
            let id = FeedId::new(&[&address.known_as]);
            let key = identity(&address.known_as);
            self.claim(key, &address.known_as, name, spot, faults);
            if plan != Plan::default() {
                self.plans.insert(id, plan.clone());
            }
            if place.private == Some(true) {
                self.private.insert(id);
            }
            self.labels.insert(id, address.label);
            self.feeds.push(Feed {
                id,
                address: address.address,
                name: name.to_owned(),
                kind: settled.kind.to_owned(),
                owner: owner.map(str::to_owned),
                select: place.select.as_ref().map(place::select),
                account: settled.account.clone(),
                options: settled.options.clone(),
                secret: address.secret,
                unreadable: settled.unreadable.clone(),
            });
        }
    }

    /// A profile or address (`what`) belongs to the first entry that has it, whose is `who`;
    /// any other is a fault. Says whether it was the first.
    fn claim(
        &mut self,
        key: String,
        what: &str,
        who: &str,
        spot: &Spot,
        faults: &mut Faults,
    ) -> bool {
        let (other, whose) = self.seen.entry(key).or_insert_with(|| (spot.clone(), who.to_owned()));
        if other == spot {
            return true;
        }
        let message = format!("`{what}` is already followed as {whose}");
        let hint = "a profile or address stands in one place only: remove one of the two";
        faults.clash(spot, other, message, hint);
        false
    }

    /// A person's only feed is called as the person is, several are told apart by their kinds.
    pub(super) fn tell_apart(&mut self, person: &Person) {
        let is_own = |feed: &&mut Feed| {
            feed.owner.as_deref() == Some(&person.slug) && feed.name == person.name
        };
        let mut own: Vec<&mut Feed> = self.feeds.iter_mut().rev().take_while(is_own).collect();
        if own.len() < 2 {
            return;
        }
        let kinds: Vec<String> = own.iter().map(|feed| feed.kind.clone()).collect();
        for feed in &mut own {
            let alone = kinds.iter().filter(|kind| **kind == feed.kind).count() == 1;
            feed.name = match self.labels.get(&feed.id) {
                Some(label) if !alone => format!("{} ({}: {label})", person.name, feed.kind),
                _ => format!("{} ({})", person.name, feed.kind),
            };
        }
    }
}

/// What makes two addresses one: the scheme, `www.` and a slash at the end are no difference.
pub(super) fn identity(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/').to_owned()
}
