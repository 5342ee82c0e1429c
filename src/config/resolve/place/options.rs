//! A kind's own options, checked as far as they can be without the kind.

use scraper::Selector;
use serde_yaml::{Mapping, Value};

use super::known::Known;
use crate::config::kinds;
use crate::config::locate::{Spot, Target};
use crate::config::resolve::faults::Faults;
use crate::config::written::SHARED_KEYS;
use crate::source::article;

/// Says whether all options are known to the kind and of the right type.
pub(super) fn check(known: &Known, spot: &Spot, faults: &mut Faults) -> bool {
    let options = kinds::options(known.kind);
    let mut fine = check_select(known, spot, faults);
    for (key, value) in &known.place.options {
        let spot = spot.key(key);
        if key == article::OPTION && kinds::has_articles(known.kind) {
            fine &= check_full(value, &spot, faults);
        } else if !options.contains(&key.as_str()) {
            let keys = [options, SHARED_KEYS.as_slice()].concat();
            faults.unknown(&spot, Target::Key, "key", key, &keys);
            fine = false;
        } else if let Some(expected) = wrong(key, value) {
            faults.value(&spot, format!("expected {expected}"), "");
            fine = false;
        } else if key == "use" && value.as_str() != Some("voices") {
            let word = value.as_str().unwrap_or_default();
            faults.unknown(&spot, Target::Value, "use", word, &["voices"]);
            fine = false;
        }
    }
    fine
}

/// Says whether `value` tells which articles to read whole.
fn check_full(value: &Value, spot: &Spot, faults: &mut Faults) -> bool {
    if value.is_bool() || matches!(value.as_str(), Some("yes" | "no")) {
        return true;
    }
    let hint = "where the article stands on its page: full: {content: \"article .body\"}";
    let selector = value.as_mapping().filter(|all| all.len() == 1).and_then(selector);
    match selector {
        Some(text) if article::check(text).is_err() => {
            faults.value(&spot.key("content"), format!("`{text}` is not a CSS selector"), hint);
        }
        Some(_) => return true,
        None => faults.value(spot, "expected true, false or a selector", hint),
    }
    false
}

fn selector(full: &Mapping) -> Option<&str> {
    full.get("content")?.as_str()
}

/// What `full` says, as an option of the feed; `None` where articles are not to be read.
pub(super) fn full(value: &Value) -> Option<String> {
    match value {
        Value::Bool(true) => Some("true".to_owned()),
        Value::String(yes) if yes == "yes" => Some("true".to_owned()),
        Value::Mapping(full) => selector(full).map(str::to_owned),
        _ => None,
    }
}

/// Returns what was expected where `value` is something else.
fn wrong(key: &str, value: &Value) -> Option<&'static str> {
    let (right, expected) = match key {
        "shorts" => (value.is_bool(), "true or false"),
        "min_points" => (value.is_u64(), "a whole number"),
        "releases" | "commits" | "tags" | "discussions" => (
            value.as_sequence().is_some_and(|all| all.iter().all(is_repository)),
            "a list of repositories, each owner/name",
        ),
        _ => (value.as_str().is_some_and(|text| !text.is_empty()), "text"),
    };
    (!right).then_some(expected)
}

fn is_repository(value: &Value) -> bool {
    let parts: Vec<&str> = value.as_str().unwrap_or("").split('/').collect();
    let plain = |part: &&str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    parts.len() == 2 && parts.iter().all(plain)
}

/// Says whether all selectors are CSS.
fn check_select(known: &Known, spot: &Spot, faults: &mut Faults) -> bool {
    let Some(select) = &known.place.select else { return true };
    let spot = spot.key("select");
    let all = [
        ("item", Some(&select.item)),
        ("title", select.title.as_ref()),
        ("link", select.link.as_ref()),
        ("date", select.date.as_ref()),
    ];
    let mut fine = true;
    for (key, text) in all {
        let Some(text) = text.filter(|text| Selector::parse(text).is_err()) else { continue };
        let hint = "CSS as in a stylesheet: article h2 > a";
        faults.value(&spot.key(key), format!("`{text}` is not a CSS selector"), hint);
        fine = false;
    }
    fine
}
