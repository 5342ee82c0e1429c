//! Why an issue came later than its schedule says.

use jiff::Timestamp;

use crate::model::Late;

/// Tells why a digest that was due at `due` comes only now; `started`: when the program that now
/// makes it was started, where that is known.
pub fn late(due: Timestamp, started: Option<Timestamp>) -> Late {
    let ran = started.is_some_and(|started| started <= due);
    let why = if ran { "it could not be made then" } else { "Bellwether was not running" };
    Late { due, why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::at;

    #[test]
    fn a_program_that_ran_when_the_digest_was_due_does_not_say_that_it_did_not() {
        let due = at("2026-10-12T05:30:00Z");
        let why = |started: Option<&str>| late(due, started.map(at)).why;
        assert_eq!(why(None), "Bellwether was not running");
        assert_eq!(why(Some("2026-10-13T06:10:00Z")), "Bellwether was not running");
        assert_eq!(why(Some("2026-10-11T06:10:00Z")), "it could not be made then");
    }
}
