//! Whether the conversation is still alive.
//!
//! Totals say almost nothing of that, a rate with decay does: constants are from the ranking of
//! front pages by comments still to come (docs/technotes/ranking.md).

use jiff::{SignedDuration, Timestamp};

use super::{Scored, Signal};
use crate::model::{Counters, Form, Sample};
use crate::rank::{Heard, Subject};

/// The value of a post of this minute whose counters are unknown; it halves every three days.
const NEUTRAL: f64 = 0.5;
/// Two samples tell a rate only if they lie so far apart, in minutes.
const APART_MINUTES: (i64, i64) = (20, 90);
/// Half-life of a post whose counters are unknown: within a day its hour says nothing
/// (measured: six hours cost the digest a quarter of its hits).
const UNCOUNTED: SignedDuration = SignedDuration::from_hours(72);
/// What a like counts beside an answer or a boost.
const LIKE: f64 = 0.2;
/// Doublings above the author's usual that count as much as can be.
const FULL: f64 = 4.0;
/// The usual heat where nothing is known of author or platform, in reactions an hour.
const USUAL: f64 = 1.0;

/// log₂(1 + heat over the author's usual heat) / 4 of the liveliest of its posts, or recency where
/// nothing is counted.
pub(super) struct Heat;

impl Signal for Heat {
    fn name(&self) -> &'static str {
        "heat"
    }

    fn doc(&self) -> &'static str {
        "how lively it is now against its author's usual; how recent, where nothing is counted"
    }

    fn weight(&self) -> f64 {
        0.10
    }

    fn neutral(&self) -> f64 {
        NEUTRAL
    }

    fn value(&self, subject: &Subject, now: Timestamp) -> Scored {
        let counted = subject.posts.iter().filter_map(|heard| counted(heard, now));
        let hottest = counted.max_by(|a, b| a.value.total_cmp(&b.value));
        hottest.unwrap_or_else(|| recent(subject, now))
    }
}

/// What a post's counters say; `None` where nothing was counted.
fn counted(heard: &Heard, now: Timestamp) -> Option<Scored> {
    let heat = heat(heard.post.form, heard.time(), heard.samples, now)?;
    let times = heat / (heard.usual_heat.unwrap_or(USUAL) + 0.1);
    let whose = match heard.usual_heat {
        Some(_) => format!("{}'s", heard.voice.name),
        None => "a".to_owned(),
    };
    let scored =
        Scored::new((1.0 + times).log2() / FULL, format!("{}x {whose} usual rate", short(times)));
    Some(Scored { learning: heard.usual_heat.is_none(), ..scored })
}

fn recent(subject: &Subject, now: Timestamp) -> Scored {
    let age = subject.age_hours(now);
    let value = NEUTRAL * decay(age, UNCOUNTED);
    Scored::new(value, format!("{:.0} h old, counters unknown", age.floor()))
}

/// Reactions an hour, decayed by age; `None` where nothing was counted.
pub(in crate::rank) fn heat(
    form: Form,
    published: Timestamp,
    samples: &[Sample],
    now: Timestamp,
) -> Option<f64> {
    let last = samples.iter().rev().find(|sample| sample.at <= now)?;
    let total = reactions(&last.counters)?;
    let age = (now.duration_since(published).as_secs_f64() / 3600.0).max(0.0);
    let apart = |sample: &&Sample| {
        let minutes = last.at.duration_since(sample.at).as_mins();
        (APART_MINUTES.0..=APART_MINUTES.1).contains(&minutes)
    };
    let earlier = samples.iter().rev().find(apart);
    let known = earlier.and_then(|sample| Some((sample, reactions(&sample.counters)?)));
    Some(match known {
        Some((sample, before)) => {
            let hours = last.at.duration_since(sample.at).as_secs_f64() / 3600.0;
            (total - before).max(0.0) / hours * decay(age, half_life(form, true))
        }
        None => total / (age + 1.0) * decay(age, half_life(form, false)),
    })
}

/// Returns the median heat of an author's posts, for [`Heard::usual_heat`]: each is measured as
/// it stood at its own last sample. `None` for fewer than five posts with counters.
pub fn usual(posts: &[(Form, Timestamp, &[Sample])]) -> Option<f64> {
    const LEAST: usize = 5;
    let measured = |(form, published, samples): &(Form, Timestamp, &[Sample])| {
        heat(*form, *published, samples, samples.last()?.at)
    };
    let mut heats: Vec<f64> = posts.iter().filter_map(measured).collect();
    heats.sort_by(f64::total_cmp);
    (heats.len() >= LEAST).then(|| heats[heats.len() / 2])
}

fn reactions(counters: &Counters) -> Option<f64> {
    let parts = [(counters.replies, 1.0), (counters.boosts, 1.0), (counters.likes, LIKE)];
    let known: Vec<f64> =
        parts.iter().filter_map(|(count, worth)| Some((*count)? as f64 * worth)).collect();
    (!known.is_empty()).then(|| known.iter().sum())
}

fn half_life(form: Form, two_samples: bool) -> SignedDuration {
    SignedDuration::from_hours(match (form, two_samples) {
        (Form::Micro | Form::Forum, true) => 12,
        (Form::Micro | Form::Forum, false) => 6,
        (Form::Article, _) => 72,
        (Form::Video, _) => 48,
    })
}

fn decay(age_hours: f64, half_life: SignedDuration) -> f64 {
    (-age_hours / (half_life.as_secs_f64() / 3600.0)).exp2()
}

fn short(times: f64) -> String {
    if times < 10.0 { format!("{times:.1}") } else { format!("{times:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::at;
    use crate::rank::samples::{Room, close};

    fn sample(time: &str, replies: u64) -> Sample {
        let counters = Counters { replies: Some(replies), ..Counters::default() };
        Sample { at: at(time), counters }
    }

    const BORN: &str = "2026-10-13T00:00:00Z";
    const NOW: &str = "2026-10-13T06:00:00Z";

    fn hot(samples: &[Sample]) -> Option<f64> {
        heat(Form::Micro, at(BORN), samples, at(NOW))
    }

    #[test]
    fn one_sample_tells_a_rate_since_birth() {
        close(hot(&[sample(NOW, 70)]).unwrap(), 70.0 / 7.0 * 0.5);
    }

    #[test]
    fn two_samples_an_hour_apart_tell_the_rate_between_them() {
        let samples = [sample("2026-10-13T05:00:00Z", 60), sample(NOW, 70)];
        close(hot(&samples).unwrap(), 10.0 * (0.5f64).exp2().recip());
    }

    #[test]
    fn two_samples_too_far_apart_are_one() {
        let samples = [sample("2026-10-13T01:00:00Z", 60), sample(NOW, 70)];
        assert_eq!(hot(&samples), hot(&samples[1..]));
    }

    #[test]
    fn nothing_counted_is_no_heat_and_not_zero() {
        assert_eq!(hot(&[]), None);
        assert_eq!(hot(&[Sample { at: at(NOW), counters: Counters::default() }]), None);
    }

    #[test]
    fn an_author_ten_times_as_loud_needs_ten_times_the_noise() {
        let quiet = Room::new(&[("ines", "a")]).with_heat(50, 5.0);
        let loud = Room::new(&[("ines", "a")]).with_heat(500, 50.0);
        assert!((quiet.value(&Heat).value - loud.value(&Heat).value).abs() < 0.01);
    }

    #[test]
    fn without_counters_the_younger_is_hotter_and_none_is_above_neutral() {
        let young = Room::new(&[("ines", "a")]).with_age_hours(1).value(&Heat).value;
        let old = Room::new(&[("ines", "a")]).with_age_hours(20).value(&Heat).value;
        assert!(old < young && young < NEUTRAL);
    }
}
