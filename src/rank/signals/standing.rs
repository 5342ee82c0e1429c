//! Whether the people I follow listen to its author.

use jiff::Timestamp;

use super::{Scored, Signal};
use crate::rank::Subject;

/// So many listeners are half of what can be.
const HALF: f64 = 4.0;

/// n / (n + 4), n = other followed people who mention, quote or link the author in the window.
pub(super) struct Standing;

impl Signal for Standing {
    fn name(&self) -> &'static str {
        "standing"
    }

    fn doc(&self) -> &'static str {
        "how many of your people mention, quote or link its author"
    }

    fn weight(&self) -> f64 {
        0.18
    }

    fn neutral(&self) -> f64 {
        0.0
    }

    fn value(&self, subject: &Subject, _now: Timestamp) -> Scored {
        let listeners = subject.lead.listeners;
        let name = &subject.lead.voice.name;
        let text = match listeners {
            0 => format!("none of your people mentions {name}"),
            1 => format!("1 of your people mentions {name}"),
            many => format!("{many} of your people mention {name}"),
        };
        Scored::new(of(listeners), text)
    }
}

/// Returns the standing of somebody to whom so many listen, in 0..1.
pub fn of(listeners: usize) -> f64 {
    let listeners = listeners as f64;
    listeners / (listeners + HALF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::samples::{Room, close};

    #[test]
    fn whoever_my_people_mention_has_standing() {
        let standing = |listeners| {
            Room::new(&[("ines", "a")]).with_listeners(listeners).value(&Standing).value
        };
        close(standing(0), 0.0);
        close(standing(4), 0.5);
        assert!(standing(40) < 1.0);
    }
}
