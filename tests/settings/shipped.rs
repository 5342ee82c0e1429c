//! The file that comes with the program.

use bellwether::config::{self, write};

use super::load;

/// Makes settings of the lines in comments: those that are YAML and not prose.
fn uncomment(text: &str) -> String {
    let is_key = |line: &str| {
        let key = line.split_once(':').map_or("", |(key, _)| key);
        !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    let mut sample = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let body = line.strip_prefix("# ").unwrap_or("");
        sample = is_key(body) || (sample && body.starts_with("  "));
        if sample {
            lines.push(body);
        }
    }
    lines.join("\n")
}

#[test]
fn it_follows_about_twenty_feeds_of_several_kinds() {
    let config = load(config::SHIPPED);
    assert!((20..=26).contains(&config.feeds.len()), "{}", config.feeds.len());
    let mut kinds: Vec<&str> = config.feeds.iter().map(|feed| feed.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert!(kinds.len() >= 10, "{kinds:?}");
    for feed in &config.feeds {
        assert_eq!(feed.unreadable, None, "{}", feed.name);
        assert!(feed.address.starts_with("https://"), "{}", feed.address);
    }
}

#[test]
fn no_line_of_it_is_too_long_to_read() {
    for line in config::SHIPPED.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn what_it_shows_in_comments_is_right_and_as_the_defaults_are() {
    for text in [config::SHIPPED, &write::write(&write::Answers::default())] {
        let sample = load(&uncomment(text));
        let nothing = load("version: 1");
        assert_eq!(sample.schedules, nothing.schedules);
        assert_eq!(sample.limits, nothing.limits);
        assert_eq!(sample.shown_again, nothing.shown_again);
        assert_eq!(sample.rhythm, nothing.rhythm);
        assert!(!sample.interests.is_empty(), "{text}");
        assert!(sample.me().is_some(), "{text}");
    }
}
