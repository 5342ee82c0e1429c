//! Whether contact with the lead's author is due.

use jiff::Timestamp;

use super::{Scored, Signal};
use crate::rank::Subject;

/// The value for a person with a cadence of whom no contact is known.
const NEUTRAL: f64 = 0.5;

/// clamp(d − ½), d = days since contact over the cadence; 0 for people without one.
pub(super) struct Need;

impl Signal for Need {
    fn name(&self) -> &'static str {
        "need"
    }

    fn doc(&self) -> &'static str {
        "whether contact with its author is due"
    }

    fn weight(&self) -> f64 {
        0.05
    }

    fn neutral(&self) -> f64 {
        NEUTRAL
    }

    fn value(&self, subject: &Subject, now: Timestamp) -> Scored {
        let Some(cadence) = subject.lead.voice.person.and_then(|person| person.cadence) else {
            return Scored::new(0.0, "no cadence");
        };
        let due = cadence.as_secs_f64() / 86_400.0;
        match subject.lead.contact {
            None => Scored::new(NEUTRAL, format!("last contact unknown, cadence {due:.0} days")),
            Some(contact) => {
                let days = now.duration_since(contact).as_secs_f64().max(0.0) / 86_400.0;
                let text = format!("{:.0} days since contact, cadence {due:.0}", days.floor());
                Scored::new(days / due.max(f64::MIN_POSITIVE) - 0.5, text)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::samples::{Room, close};

    #[test]
    fn need_grows_from_half_the_cadence_on() {
        for (days, value) in [(4, 0.0), (5, 0.0), (10, 0.5), (15, 1.0), (40, 1.0)] {
            let room = Room::new(&[("ines", "a")]).with_cadence(10).with_contact_days_ago(days);
            close(room.value(&Need).value, value);
        }
    }

    #[test]
    fn nobody_without_a_cadence_is_needed() {
        close(Room::new(&[("ines", "a")]).value(&Need).value, 0.0);
        close(Room::new(&[("ines", "a")]).with_cadence(10).value(&Need).value, NEUTRAL);
    }
}
