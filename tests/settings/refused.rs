//! Files that are wrong: the line and column of what is wrong in them, and the next step.

use bellwether::config::{self, Surroundings};

/// Reads settings that are wrong and compares every fault, one per line, each with its hint
/// after an arrow.
#[track_caller]
fn check(yaml: &str, expected: &str) {
    let error = config::read(yaml, "feeds.yaml", &Surroundings::fixed(&[])).expect_err(yaml);
    let with_hint = |text: String, hint: Option<String>| match hint {
        Some(hint) => format!("{text}\n  -> {hint}"),
        None => text,
    };
    let mut found: Vec<String> = error
        .faults()
        .iter()
        .map(|fault| with_hint(fault.to_string(), fault.hint.clone()))
        .collect();
    if found.is_empty() {
        found.push(with_hint(error.to_string(), error.hint()));
    }
    assert_eq!(found.join("\n"), expected.trim(), "for\n{yaml}");
}

#[test]
fn an_unknown_weight_is_placed_and_the_nearest_is_named() {
    check(
        "digest:\n  weights:\n    burst: 0.1\n    voises: 0.4\n",
        "feeds.yaml:4:5: unknown weight `voises`\n  -> did you mean `voices`? known: relevance, voices, heat, openness, substance, standing, burst, need",
    );
}
