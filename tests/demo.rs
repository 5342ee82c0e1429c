//! `demo` finds the stories that are planted in its world, and shows them as a person can read.

use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// What `demo` prints with these arguments.
fn demo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
    let output = command.arg("demo").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Its digest as JSON, made once.
fn digest() -> &'static Value {
    static DIGEST: OnceLock<Value> = OnceLock::new();
    DIGEST.get_or_init(|| serde_json::from_str(&demo(&["--json"])).unwrap())
}

/// The items of one section, best first.
fn items(digest: &Value, kind: &str) -> Vec<Value> {
    let sections = digest["sections"].as_array().unwrap();
    let section = sections.iter().find(|section| section["kind"] == kind);
    section.map_or(Vec::new(), |section| section["items"].as_array().unwrap().clone())
}

/// The rank of the first item with a post whose title or excerpt holds `words`.
fn place(items: &[Value], words: &str) -> Option<usize> {
    items.iter().position(|item| item["posts"].to_string().contains(words))
}

/// Its names of distinct people.
fn people(item: &Value) -> usize {
    let posts = item["posts"].as_array().unwrap();
    let mut names: Vec<&str> =
        posts.iter().filter_map(|post| post["person"]["name"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

#[test]
fn the_planted_stories_are_found() {
    let [topics, asks, waiting] = ["topics", "asks", "waiting"].map(|kind| items(digest(), kind));

    let release = place(&topics, "fast-field cache").expect("the release is a topic");
    assert_eq!(release, 0, "the release that all speak of comes first");
    assert!(people(&topics[release]) >= 2);
    let forty = place(&topics, "QueryCon").unwrap_or(usize::MAX);
    assert!(release < forty, "forty posts by one person do not outrank it");

    assert!(place(&asks, "BM25F").is_some(), "an open question is found");
    let call = place(&topics, "feedback from anyone").or(place(&asks, "feedback from anyone"));
    assert!(call.is_some(), "a call for feedback is found: as a topic, and then not said twice");
    assert!(place(&asks, "end of the search box").is_none(), "a rhetorical question is not");

    for name in ["Dana Whitfield", "Priya Nair", "Ana Reyes"] {
        assert!(waiting.iter().any(|item| item["person"]["name"] == name), "{name} waits");
    }
    let mine = topics.iter().chain(&asks).filter(|item| item["person"]["name"] == "Mara Lindqvist");
    assert_eq!(mine.count(), 0, "my own posts are no news to me");
}

#[test]
fn every_score_is_the_sum_of_its_reasons() {
    for section in digest()["sections"].as_array().unwrap() {
        for item in section["items"].as_array().unwrap() {
            let reasons = item["reasons"].as_array().unwrap();
            let sum: f64 = reasons.iter().map(|reason| reason["points"].as_f64().unwrap()).sum();
            let score = item["score"].as_f64().unwrap();
            assert!((sum - score).abs() < 1e-6, "{} is not {score}: {item}", sum);
        }
    }
}

#[test]
fn the_screen_is_at_most_26_lines_of_100_columns_and_twice_the_same() {
    let printed = demo(&[]);
    let (screen, _) = printed.split_once("\n---\n").unwrap();
    let lines: Vec<&str> = screen.lines().collect();
    assert!(lines.len() <= 26, "{} lines", lines.len());
    for line in lines {
        assert!(line.chars().count() <= 100, "{line}");
    }
    assert_eq!(printed, demo(&[]));
}

#[test]
fn a_kept_demo_can_be_searched_and_asked_why() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("demo");
    let printed = demo(&["--keep", kept.to_str().unwrap()]);
    let bellwether = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bellwether"));
        let now = ["--now", "2026-10-13T05:30:00Z"];
        let output = command.arg("--dir").arg(&kept).args(now).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(bellwether(&["search", "\"divided by the wrong total\""]).contains("Backpressure"));
    assert!(bellwether(&["search", "lang:de Zertifikat"]).contains("Harborline"));
    let id = printed.split("\n- [t").nth(1).unwrap().split(']').next().unwrap();
    assert!(bellwether(&["why", &format!("t{id}")]).contains("voices"));
}
