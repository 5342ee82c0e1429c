//! Profiles added to people, and entries taken out: every other line stays.

use std::collections::BTreeSet;

use bellwether::config::write::{Follow, add, remove, stands};
use bellwether::model::{FeedId, Select};
use proptest::prelude::*;

use super::load;

const FILE: &str = "\
# mine
me:
  names: [Mara]
people:
  # met at a fair
  - name: Ines Okafor   # a friend
    circle: friends
    profiles:
      # the blog first
      - https://ines.example
      - \"@ines@social.example\"
    notes: \"runs\"

  # the others
  - {name: Tomas, profiles: [\"@tomas.example\", https://tomas.example]}
  - \"@kim@social.example\"   # quiet
  - name: Jun
# about sources
sources:
  - https://a.example/feed   # daily
  # news
  - {name: B, url: https://b.example/feed}

# the end
";

fn of(person: &str, text: &str) -> Follow {
    Follow { person: Some(person.to_owned()), ..Follow::from_text(text) }
}

#[track_caller]
fn check_add(follow: Follow, line: &str, whole: (&str, &str)) {
    let (new, added) = add(FILE, "feeds.yaml", &[follow]).unwrap();
    assert_eq!(added.lines, [line]);
    assert_eq!(new, FILE.replacen(whole.0, whole.1, 1));
    load(&new);
}

#[test]
fn a_profile_goes_to_its_person_however_that_is_written() {
    check_add(
        of("ines okafor", "https://github.com/inesok"),
        "https://github.com/inesok   # of Ines Okafor",
        (
            "      - \"@ines@social.example\"\n",
            "      - \"@ines@social.example\"\n      - https://github.com/inesok\n",
        ),
    );
    check_add(
        of("Tomas", "@tomas@social.example"),
        "\"@tomas@social.example\"   # of Tomas",
        ("https://tomas.example]", "https://tomas.example, \"@tomas@social.example\"]"),
    );
    check_add(
        of("kim@social.example", "https://kim.example"),
        "https://kim.example   # of kim@social.example",
        (
            "\"@kim@social.example\"  ",
            "{name: kim@social.example, profiles: [\"@kim@social.example\", https://kim.example]}  ",
        ),
    );
    check_add(
        of("Jun", "@jun.example"),
        "\"@jun.example\"   # of Jun",
        ("  - name: Jun\n", "  - name: Jun\n    profiles: [\"@jun.example\"]\n"),
    );
    check_add(
        of("Mara", "https://mara.example"),
        "https://mara.example",
        ("  names: [Mara]\n", "  names: [Mara]\n  profiles:\n    - https://mara.example\n"),
    );
}

#[test]
fn somebody_new_gets_all_profiles_in_one_entry() {
    let follows = [
        Follow { manual: true, ..of("Wen Zhao", "https://x.com/wen") },
        of("wen zhao", "https://wen.example"),
    ];
    let (new, added) = add(FILE, "feeds.yaml", &follows).unwrap();
    let line = "{name: Wen Zhao, profiles: [{kind: x, url: https://x.com/wen, mode: manual}, \
                https://wen.example]}";
    assert_eq!(added.lines, [line]);
    assert_eq!(load(&new).feeds_named("Wen Zhao").len(), 2);
}

#[test]
fn a_page_without_a_feed_is_written_with_what_its_entries_are() {
    let select = Select {
        item: ".h-entry".into(),
        title: Some(".p-name".into()),
        link: Some(".u-url".into()),
        date: Some(".dt-published".into()),
    };
    let follow = Follow {
        kind: Some("page".into()),
        select: Some(select.clone()),
        folder: Some("friends".into()),
        ..Follow::from_text("https://wen.example/notes")
    };
    let (new, added) = add(FILE, "feeds.yaml", &[follow]).unwrap();
    assert_eq!(
        added.lines,
        ["{circle: friends, kind: page, url: https://wen.example/notes, select: {item: \
          \".h-entry\", title: \".p-name\", link: \".u-url\", date: \".dt-published\"}}"]
    );
    let config = load(&new);
    let feed = config.feeds.last().unwrap();
    assert_eq!(feed.select.as_ref(), Some(&select));
    assert_eq!(config.circles_of[&feed.id], ["friends"]);
}

#[test]
fn what_is_there_is_found_with_its_line() {
    let line = |text: &str| stands(FILE, "feeds.yaml", &Follow::from_text(text)).map(|at| at.line);
    assert_eq!(line("http://www.ines.example/"), Some(10));
    assert_eq!(line("https://bsky.app/profile/tomas.example"), Some(15));
    assert_eq!(line("@kim@social.example"), Some(16));
    assert_eq!(line("https://b.example/feed"), Some(22));
    assert_eq!(line("https://c.example/feed"), None);
}

/// Takes out what `name` means and compares the lines that are gone.
#[track_caller]
fn check_remove(name: &str, expected: &[usize]) {
    let mut ids: BTreeSet<FeedId> =
        load(FILE).feeds_named(name).iter().map(|feed| feed.id).collect();
    if ids.is_empty() {
        ids.extend(stands(FILE, "feeds.yaml", &Follow::from_text(name)).unwrap().feeds);
    }
    let (new, gone) = remove(FILE, "feeds.yaml", &ids).unwrap();
    let lines: Vec<usize> = gone.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, expected, "{new}");
    let left = FILE.lines().enumerate().filter(|(at, _)| !expected.contains(&(at + 1)));
    let left: String = left.map(|(_, line)| format!("{line}\n")).collect();
    assert_eq!(new, left);
}

#[test]
fn an_entry_is_taken_out_and_comments_around_it_stay() {
    check_remove("Ines Okafor", &[6, 7, 8, 9, 10, 11, 12]);
    check_remove("@ines@social.example", &[11]);
    check_remove("Ines Okafor (blog)", &[10]);
    check_remove("kim@social.example", &[16]);
    check_remove("B", &[22]);
    check_remove("https://a.example/feed", &[20]);
    check_remove("Tomas", &[15]);
}

#[test]
fn an_entry_of_a_list_on_one_line_is_taken_out_of_the_line() {
    let one = |name: &str| {
        let ids = load(FILE).feeds_named(name).iter().map(|feed| feed.id).collect();
        remove(FILE, "feeds.yaml", &ids).unwrap().0
    };
    let without = |what: &str, with: &str| FILE.replacen(what, with, 1);
    assert_eq!(one("Tomas (bluesky)"), without("\"@tomas.example\", ", ""));
    assert_eq!(one("Tomas (blog)"), without(", https://tomas.example", ""));
}

#[test]
fn the_last_entry_leaves_a_list_that_can_be_added_to() {
    let text = "sources:\n  # news\n  - https://a.example/f\nfetch: {min: 30m}\n";
    let ids = load(text).feeds.iter().map(|feed| feed.id).collect();
    let (new, _) = remove(text, "feeds.yaml", &ids).unwrap();
    assert_eq!(new, "sources:\n  # news\nfetch: {min: 30m}\n");
    let (again, _) = add(&new, "feeds.yaml", &[Follow::from_text("https://a.example/f")]).unwrap();
    assert_eq!(load(&again).feeds.len(), 1, "{again}");
}

proptest! {
    #[test]
    fn what_was_added_is_taken_out_again_without_a_trace(
        name in "[A-Za-z:#\"' -]{0,9}[a-z]", person in any::<bool>(), manual in any::<bool>(),
        host in "[a-z]{1,4}", at in 0..4_usize,
    ) {
        let person = person.then_some(name.clone());
        let text = format!("https://{host}.test/{at}");
        let follow = Follow { name: Some(name), person, manual, ..Follow::from_text(&text) };
        let (new, added) = add(FILE, "feeds.yaml", &[follow]).unwrap();
        prop_assert_eq!(added.lines.len(), 1);
        let before: BTreeSet<FeedId> = load(FILE).feeds.iter().map(|feed| feed.id).collect();
        let feeds = load(&new).feeds;
        let ids = feeds.iter().map(|feed| feed.id).filter(|id| !before.contains(id)).collect();
        prop_assert_eq!(remove(&new, "feeds.yaml", &ids).unwrap().0, FILE);
    }
}
