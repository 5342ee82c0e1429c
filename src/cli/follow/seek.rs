//! Looks at one address: its feeds, the person's other profiles, lists of what they read.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;

use jiff::Timestamp;

use super::choice;
use super::report::{Also, Candidate, Place, Report, Roll};
use crate::cli::desk::Web;
use crate::cli::standing::Standing;
use crate::cli::talk::Talk;
use crate::cli::trouble;
use crate::config::write::{Ask, Follow, Seen, stands};
use crate::digest::escape::terminal;
use crate::pipeline::around::{link_back, readings, visit};
use crate::pipeline::look::look;
use crate::source::discover::Found;
use crate::source::shapes;

/// Feeds of one page that are looked into, and other profiles that are asked back.
const MOST: usize = 8;

pub(super) struct Seeker<'a> {
    pub(super) web: &'a Web,
    pub(super) now: Timestamp,
    pub(super) standing: &'a Standing,
    pub(super) path: &'a Path,
    /// Pages that were found to name a feed, by the feed's address.
    pub(super) pages: &'a BTreeMap<String, String>,
}

/// One thing that can be followed, and how it looks.
pub(super) struct Choice {
    pub(super) follow: Follow,
    pub(super) seen: Seen,
}

impl Seeker<'_> {
    /// Tells what is there, asks where there is a choice, and returns what is to be written.
    pub(super) fn seek(
        &self,
        talk: &mut Talk,
        text: &str,
        follow: Follow,
    ) -> anyhow::Result<(Report, Vec<Follow>)> {
        let mut report = Report { asked: text.to_owned(), ..Report::default() };
        if self.is_there(&follow, &mut report, talk) {
            return Ok((report, Vec::new()));
        }
        if follow.manual {
            return Ok((self.closed(&follow, report, talk), vec![follow]));
        }
        let Some(ask) = follow.ask() else {
            let problem = format!("`{text}` cannot be followed as it is written");
            return Err(trouble::mistake(problem, "give the address of its page or feed"));
        };
        let seen = self.ask(std::slice::from_ref(&ask))?.remove(0);
        let (pages, mut me, mut rolls) = self.around(&follow, &seen)?;
        let options = self.options(&follow, &seen)?;
        report.name = named(&follow, &seen, &options);
        // A page stands for its feed, and a feed for the page that was seen to name it.
        let other = match (&seen, options.as_slice()) {
            (Seen::Page { feeds, .. }, [_]) => feeds.first().map(|found| found.url.clone()),
            (Seen::Feed { .. }, [_]) => self.pages.get(&ask.address).cloned(),
            _ => None,
        };
        if let Some(other) = other
            && self.is_there(&Follow::from_text(&other), &mut report, talk)
        {
            return Ok((report, Vec::new()));
        }
        let chosen = choice::of_feeds(talk, text, &options, &seen, self.now, &mut report)?;
        let Some(mut follows) = chosen else { return Ok((report, Vec::new())) };
        if follows.iter().all(|one| self.is_there(one, &mut report, talk)) {
            return Ok((report, Vec::new()));
        }
        me.retain(|url| {
            let other = Follow::from_text(url);
            !pages.contains(url) && other.ask().is_some() && self.place_of(&other).is_none()
        });
        me.truncate(MOST);
        let verified = self.wait(link_back(&self.web.client, &pages, &me))?;
        report.also = me
            .into_iter()
            .zip(verified)
            .map(|(url, verified)| Also { url, verified, taken: false })
            .collect();
        follows.extend(choice::of_profiles(talk, &mut report)?);
        let home = pages.first().filter(|page| is_home(page) || !rolls.is_empty());
        if let Some(page) = home {
            let lists = self.wait(readings(&self.web.client, page, &rolls))?;
            rolls.clear();
            report.blogrolls = lists
                .into_iter()
                .map(|(url, listed)| Roll { url, entries: listed.len() })
                .collect();
            choice::tell_rolls(talk, &report.blogrolls);
        }
        Ok((report, follows))
    }

    /// Says where it is followed already, if it is.
    fn is_there(&self, follow: &Follow, report: &mut Report, talk: &Talk) -> bool {
        let Some(place) = self.place_of(follow) else { return false };
        let file = self.path.display();
        talk.say(&terminal(&format!(
            "{} is followed already, as {}: {file}, line {}.",
            follow.text(),
            place.name,
            place.line
        )));
        report.stands = Some(place);
        true
    }

    fn place_of(&self, follow: &Follow) -> Option<Place> {
        stands(self.standing.text(), &self.path.display().to_string(), follow).map(Place::of)
    }

    /// A profile that nobody can read: says so, and what works instead.
    fn closed(&self, follow: &Follow, mut report: Report, talk: &Talk) -> Report {
        let hit = shapes::recognize(follow.text());
        let kind = hit.as_ref().map_or("manual", |hit| hit.kind);
        let why = shapes::shape(kind).map_or("it cannot be read", |shape| shape.unread);
        report.name = hit.map(|hit| {
            let name = hit.handle.rsplit('/').next().unwrap_or_default();
            name.to_owned()
        });
        report.unreadable = Some(why.to_owned());
        talk.say(&terminal(&format!("{}: {why}, so there is no feed to read.", follow.text())));
        talk.say("What works: the mails that it sends you, in a local folder (`kind: maildir`);");
        talk.say("a bridge that you run yourself (`follow` takes the feed's address that it gives);");
        talk.say("else it is noted down by hand (`mode: manual`) and stays on the person's card.");
        report
    }

    fn ask(&self, asks: &[Ask]) -> anyhow::Result<Vec<Seen>> {
        let mut tell = |_: &Ask, _: &Seen| {};
        let never = std::future::pending();
        let seen = self.wait(look(&self.web.client, asks, never, &mut tell))?;
        Ok(seen.into_iter().flatten().collect())
    }

    /// Waits for the web; Ctrl-C ends it.
    fn wait<T>(&self, work: impl Future<Output = T>) -> anyhow::Result<T> {
        self.web.runtime.block_on(async {
            tokio::select! {
                done = work => Ok(done),
                Ok(()) = tokio::signal::ctrl_c() => {
                    Err(trouble::mistake("interrupted", "nothing was written"))
                }
            }
        })
    }

    /// The pages of whoever is followed, what they say of other profiles, and the lists that they
    /// name.
    fn around(
        &self,
        follow: &Follow,
        seen: &Seen,
    ) -> anyhow::Result<(Vec<String>, Vec<String>, Vec<String>)> {
        if let Seen::Page { me, blogrolls, .. } = seen {
            let page = follow.url.clone().or_else(|| follow.ask().map(|ask| ask.address));
            return Ok((page.into_iter().collect(), me.clone(), blogrolls.clone()));
        }
        let hit = shapes::recognize(follow.text());
        let profile = hit.and_then(|hit| shapes::page_of(hit.kind, &hit.handle));
        let site = match seen {
            // A feed's page, where it is on the same host: others speak of themselves.
            Seen::Feed { site: Some(site), .. } if same_host(site, follow.text()) => Some(site),
            _ => None,
        };
        let Some(page) = profile.or(site.cloned()) else { return Ok(Default::default()) };
        let there = self.wait(visit(&self.web.client, &page))?.unwrap_or_default();
        Ok((vec![page], there.me, there.blogrolls))
    }

    /// What can be followed: each feed was read, or is a page that can be read as one.
    fn options(&self, follow: &Follow, seen: &Seen) -> anyhow::Result<Vec<Choice>> {
        let one = |follow: Follow, seen: Seen| Choice { follow, seen };
        Ok(match seen {
            Seen::Feed { .. } => vec![one(follow.clone().after(seen), seen.clone())],
            Seen::Page { feeds, feed: None, .. } if feeds.len() > 1 => {
                let feeds: Vec<&Found> = feeds.iter().take(MOST).collect();
                let follows = follow.clone().after(seen).choose(&feeds);
                let asks: Vec<Ask> = follows.iter().filter_map(Follow::ask).collect();
                let seen = self.ask(&asks)?;
                let all = follows.into_iter().zip(seen).map(|(follow, seen)| one(follow, seen));
                all.filter(|option| matches!(option.seen, Seen::Feed { .. })).collect()
            }
            Seen::Page { feed: Some(feed), .. } if matches!(**feed, Seen::Feed { .. }) => {
                vec![one(follow.clone().after(seen), (**feed).clone())]
            }
            _ => Vec::new(),
        })
    }
}

/// What a person would call it.
fn named(follow: &Follow, seen: &Seen, options: &[Choice]) -> Option<String> {
    let page = match seen {
        Seen::Page { title, .. } => follow.clone().after(&Seen::Page {
            title: title.clone(),
            feeds: Vec::new(),
            named: false,
            me: Vec::new(),
            feed: None,
            entries: None,
            blogrolls: Vec::new(),
        }).name,
        _ => None,
    };
    page.or_else(|| options.first()?.follow.name.clone())
}

impl Choice {
    /// What it is to the program that reads the report.
    pub(super) fn candidate(&self) -> Candidate {
        let ask = self.follow.ask();
        let (title, posts, newest, sample) = match &self.seen {
            Seen::Feed { title, posts, newest, sample, .. } => {
                (title.clone(), *posts, *newest, sample.clone())
            }
            _ => (None, 0, None, Vec::new()),
        };
        let kind = ask.as_ref().map_or_else(String::new, |ask| ask.kind.clone());
        let url = self.follow.feed.clone().or_else(|| ask.map(|ask| ask.address));
        let url = url.unwrap_or_else(|| self.follow.text().to_owned());
        Candidate { kind, url, title, posts, newest, sample, taken: false }
    }
}

fn is_home(page: &str) -> bool {
    shapes::Page::of(page).is_some_and(|page| page.segments.is_empty())
}

fn same_host(one: &str, other: &str) -> bool {
    let host = |url| shapes::Page::of(url).map(|page| page.host);
    host(one).is_some() && host(one) == host(other)
}
