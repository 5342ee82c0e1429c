//! What begins now, and when to look again.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::clock::next_whole;
use super::event_loop::{Daemon, Reading};
use super::jobs::{self, Round};
use super::workshop::Lane;
use crate::model::{Feed, FeedId};
use crate::pipeline::due::Fallen;
use crate::text::counted;

/// Feeds that fall due within so long are asked together.
const GATHER: SignedDuration = SignedDuration::from_mins(1);

/// So long a digest waits for what is still to be read.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

const SECOND: SignedDuration = SignedDuration::from_secs(1);

impl Daemon {
    /// Begins whatever can begin.
    pub(super) fn decide(&mut self) {
        if self.leave_by.is_some() {
            return;
        }
        let now = self.clock.now();
        self.run_errands();
        if !self.sick.archive.is_well() {
            self.probe(now);
            return;
        }
        self.write_notes();
        if self.is_noting {
            return;
        }
        if self.is_stale {
            self.look(now);
            return;
        }
        if self.is_looking || self.outlook.is_none() {
            return;
        }
        if let Some(fallen) = self.fallen(now) {
            self.make(fallen, now);
            // While it waits for the network, what a person asked for can be done.
            if self.reading.is_none() && self.press.is_none() {
                self.carry_out_wishes(now);
            }
            self.tell_who_waits("digest");
            return;
        }
        self.waiting_since = None;
        self.carry_out_wishes(now);
        self.tell_who_waits("work before it");
        self.read(now);
        self.deliver_again(now);
        self.measure(now);
    }

    fn probe(&mut self, now: Timestamp) {
        if !self.sick.is_probing && self.sick.archive.is_ready(now) {
            self.sick.is_probing = true;
            let kept = Arc::clone(&self.kept);
            self.aside("probe", move |bench| jobs::probe(bench, &kept));
        }
    }

    fn look(&mut self, now: Timestamp) {
        if !self.is_looking {
            (self.is_looking, self.is_stale) = (true, false);
            let settings = Arc::clone(&self.settings);
            self.aside("look", move |bench| jobs::outlook(bench, &settings, now));
        }
    }

    /// The first digest that has fallen due and may be tried.
    fn fallen(&self, now: Timestamp) -> Option<Fallen> {
        let ready = |fallen: &&Fallen| {
            self.sick.digests.get(&fallen.name).is_none_or(|retry| retry.is_ready(now))
        };
        self.outlook.as_ref()?.fallen.iter().find(ready).cloned()
    }

    /// Sends a digest that has fallen due, once what is due has been read: a post must not fall
    /// between two digests, so nothing is asked while one is made.
    fn make(&mut self, fallen: Fallen, now: Timestamp) {
        if self.press.is_some() || self.waits_for_answers(now) {
            return;
        }
        if self.reading.is_none() && !self.is_patience_over(now) {
            if !self.sick.network.is_ready(now) {
                return;
            }
            if self.asked_for != Some(fallen.tick.at) && self.is_anything_due() {
                self.asked_for = Some(fallen.tick.at);
                // At the digest's own instant, so that what is new is in it.
                self.ask(self.due_feeds(), fallen.tick.now);
                return;
            }
        }
        self.waiting_since = None;
        self.press = Some("digest");
        self.last_issue = Some(fallen.tick.now);
        let settings = Arc::clone(&self.settings);
        let work = move |bench: &_| jobs::send(bench, &settings, fallen);
        self.bench.begin(Lane::Press, "digest", work);
    }

    /// Whether feeds are still being asked, which ends early when a digest has waited enough.
    pub(super) fn waits_for_answers(&mut self, now: Timestamp) -> bool {
        self.waiting_since.get_or_insert(now);
        let is_asking = self.reading.as_ref().is_some_and(|reading| reading.is_asking);
        if is_asking && self.is_patience_over(now) {
            tracing::info!("poll: ends early, a digest waits for it");
            self.stop_asking();
        }
        is_asking
    }

    /// A clock that was set back meanwhile counts as patience that is over.
    fn is_patience_over(&self, now: Timestamp) -> bool {
        let over = |since: Timestamp| now < since || PATIENCE <= now.duration_since(since);
        self.waiting_since.is_some_and(over)
    }

    /// Asks what is due, or else makes up for an index that is behind.
    fn read(&mut self, now: Timestamp) {
        if self.reading.is_some() || self.press.is_some() {
            return;
        }
        if self.is_index_behind && self.sick.index.is_ready(now) {
            self.reading = Some(Reading { name: "index", is_asking: false, stop: None });
            let settings = Arc::clone(&self.settings);
            self.bench.begin(Lane::Reading, "index", move |bench| jobs::index(bench, &settings));
            return;
        }
        if self.is_anything_due() && self.may_ask_from(now) <= now {
            self.ask(self.due_feeds(), self.instant_to_read(now));
        }
    }

    fn is_anything_due(&self) -> bool {
        self.outlook.as_ref().is_some_and(|outlook| !outlook.due.is_empty())
    }

    /// In the order in which they are to be asked.
    fn due_feeds(&self) -> Vec<Feed> {
        let due: &[FeedId] = self.outlook.as_ref().map_or(&[], |outlook| &outlook.due);
        let feeds = self.settings.config.feeds.iter().map(|feed| (feed.id, feed));
        let feeds: BTreeMap<FeedId, &Feed> = feeds.collect();
        due.iter().filter_map(|id| feeds.get(id)).map(|feed| (*feed).clone()).collect()
    }

    /// What is read at the very instant of a digest that was made already would be in none.
    pub(super) fn instant_to_read(&self, now: Timestamp) -> Timestamp {
        if self.last_issue == Some(now) { now.saturating_add(SECOND).unwrap_or(now) } else { now }
    }

    /// When feeds may be asked again: not in each second in which one falls due, and with no
    /// network only now and then.
    fn may_ask_from(&self, now: Timestamp) -> Timestamp {
        let gathered = self.last_poll.map(|last| last.saturating_add(GATHER).unwrap_or(last));
        // A poll that lies in the future was before the clock was set back.
        let gathered = gathered.filter(|from| from.duration_since(now) <= GATHER);
        gathered.max(self.sick.network.again(now)).unwrap_or(Timestamp::MIN)
    }

    fn ask(&mut self, feeds: Vec<Feed>, now: Timestamp) {
        let (stop, stopped) = oneshot::channel();
        self.reading = Some(Reading { name: "poll", is_asking: true, stop: Some(stop) });
        self.last_poll = Some(self.clock.now());
        let settings = Arc::clone(&self.settings);
        let round = Round { settings, client: self.client.clone(), feeds, now, stop: stopped };
        self.bench.begin(Lane::Reading, "poll", move |bench| jobs::ask_feeds(bench, round));
    }

    fn deliver_again(&mut self, now: Timestamp) {
        let waiting = self.outlook.as_ref().map_or(0, |outlook| outlook.undelivered.len());
        if waiting > 0 && self.press.is_none() && self.sick.delivery.is_ready(now) {
            self.press = Some("delivery");
            let settings = Arc::clone(&self.settings);
            let work = move |bench: &_| jobs::deliver_again(bench, &settings, now);
            self.bench.begin(Lane::Press, "delivery", work);
        }
    }

    fn measure(&mut self, now: Timestamp) {
        if let Some(outlook) = &mut self.outlook
            && std::mem::take(&mut outlook.sizes_due)
        {
            let kept = Arc::clone(&self.kept);
            self.aside("sizes", move |bench| jobs::sizes(bench, &kept, now));
        }
    }

    /// The next instant at which something may begin; `None`: only an event brings more.
    pub(super) fn wake(&self) -> Option<Timestamp> {
        let now = self.clock.now();
        if self.leave_by.is_some() {
            return None;
        }
        let next = if self.sick.archive.is_well() {
            self.instants(now).into_iter().flatten().min()
        } else {
            self.sick.archive.again(now)
        };
        // Whatever it was, it did not begin now: a loop must not race.
        let later = now.saturating_add(SECOND).unwrap_or(now);
        next.map(|next| next_whole(next).max(later))
    }

    fn instants(&self, now: Timestamp) -> [Option<Timestamp>; 6] {
        let Some(outlook) = &self.outlook else { return [None; 6] };
        let may_ask = self.may_ask_from(now);
        let poll = outlook.next_poll.filter(|_| self.reading.is_none());
        let patience = self.waiting_since.and_then(|since| since.saturating_add(PATIENCE).ok());
        let failed = outlook.fallen.iter().filter_map(|fallen| {
            self.sick.digests.get(&fallen.name).and_then(|retry| retry.again(now))
        });
        let index = self.sick.index.again(now).filter(|_| self.is_index_behind);
        let waits = !outlook.undelivered.is_empty();
        [
            poll.map(|poll| poll.max(may_ask)),
            outlook.next_digest.as_ref().map(|next| next.at),
            patience,
            failed.min(),
            index,
            self.sick.delivery.again(now).filter(|_| waits),
        ]
    }

    /// Nothing runs, and nothing can begin before the clock or an event comes.
    pub(super) fn is_idle(&self) -> bool {
        let is_sick = !self.sick.archive.is_well();
        self.reading.is_none()
            && self.press.is_none()
            && self.side == 0
            && (is_sick || !self.is_stale && !self.is_looking && self.notes.is_empty())
            && !self.errands.is_wanted
    }

    /// Tells the service manager what goes on, in one line.
    pub(super) fn tell_state(&mut self) {
        let zone = self.settings.config.rhythm.zone.clone();
        let at = |at: Timestamp| time(at, self.clock.now(), &zone);
        let mut parts = vec![counted(self.settings.config.feeds.len(), "feed")];
        parts.extend(self.sick.troubles(self.clock.now()).into_iter().map(|one| one.error));
        parts.extend(self.refused.as_ref().map(|_| "feeds.yaml refused".to_owned()));
        if let Some(outlook) = &self.outlook {
            parts.extend(outlook.next_poll.map(|next| format!("next poll {}", at(next))));
            let digest = outlook.next_digest.as_ref();
            parts.extend(digest.map(|next| format!("digest {} {}", next.name, at(next.at))));
        }
        self.manager.status(parts.join(", "));
    }
}

fn time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let format = if at.date() == now.date() { "%H:%M" } else { "%a %H:%M" };
    at.strftime(format).to_string()
}
