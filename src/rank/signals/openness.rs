//! Whether an answer is wanted and would be seen.

use jiff::Timestamp;

use super::{Scored, Signal};
use crate::rank::Subject;

/// What the room among the answers gives where nobody counted them.
const ROOM_UNKNOWN: f64 = 0.5;
/// The chance that an author answers, where nothing is known of their threads.
const ANSWERS_UNKNOWN: f64 = 0.5;
/// What the ask of somebody counts who is not followed: venues are full of calls for help.
const STRANGER: f64 = 0.4;
/// So many answers halve the room.
const CROWD: f64 = 10.0;

/// .4 ask + .3 room + .3 chance that the author answers.
pub(super) struct Openness;

impl Signal for Openness {
    fn name(&self) -> &'static str {
        "openness"
    }

    fn doc(&self) -> &'static str {
        "whether it asks for answers, and how few there are yet"
    }

    fn weight(&self) -> f64 {
        0.05
    }

    fn neutral(&self) -> f64 {
        0.3 * (ROOM_UNKNOWN + ANSWERS_UNKNOWN)
    }

    fn value(&self, subject: &Subject, _now: Timestamp) -> Scored {
        let share = if subject.lead.voice.is_known() { 1.0 } else { STRANGER };
        let ask = subject.lead.ask * share;
        let replies = subject.lead.counters().replies;
        let value = 0.4 * ask + 0.3 * room(replies) + 0.3 * ANSWERS_UNKNOWN;
        let asks = if subject.lead.ask >= 0.5 { "asks" } else { "does not ask" };
        let text = match replies {
            None => format!("{asks}; replies unknown"),
            Some(0) => format!("{asks}; no reply yet"),
            Some(1) => format!("{asks}; 1 reply"),
            Some(many) => format!("{asks}; {many} replies"),
        };
        Scored::new(value, text)
    }
}

/// 1 / (1 + replies/10): 1 where nobody answered yet.
pub fn room(replies: Option<u64>) -> f64 {
    replies.map_or(ROOM_UNKNOWN, |replies| 1.0 / (1.0 + replies as f64 / CROWD))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::samples::{Room, close};

    #[test]
    fn openness_falls_with_every_reply() {
        let open =
            |replies| Room::new(&[("ines", "a")]).with_replies(replies).value(&Openness).value;
        assert!(open(0) > open(1) && open(1) > open(50));
        close(open(0), 0.45);
        close(open(10), 0.3);
    }

    #[test]
    fn an_ask_without_counters_is_open() {
        let ask = Room::new(&[("ines", "a")]).with_ask(1.0).value(&Openness);
        close(ask.value, 0.7);
        assert_eq!(ask.text, "asks; replies unknown");
    }
}
