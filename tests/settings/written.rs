//! Files that the program writes or adds to.

use bellwether::config::write::{Answers, Follow, Wanted, add, add_all, propose, write};
use bellwether::model::Feed;
use proptest::prelude::*;

use super::load;

fn named(name: &str, text: &str, folder: &str) -> Follow {
    let folder = (!folder.is_empty()).then(|| folder.to_owned());
    Follow { name: Some(name.to_owned()), folder, ..Follow::from_text(text) }
}

fn feed(title: &str, feed: &str, folder: &str) -> Follow {
    let folder = (!folder.is_empty()).then(|| folder.to_owned());
    Follow {
        name: Some(title.to_owned()),
        feed: Some(feed.to_owned()),
        folder,
        ..Follow::default()
    }
}

fn answers() -> Answers {
    Answers {
        names: vec!["Mara Lindqvist".to_owned(), "mlq".to_owned()],
        me: vec![
            Follow::from_text("https://mara.example"),
            Follow::from_text("@mara@social.example"),
        ],
        interests: vec![
            Wanted {
                name: "search engines".to_owned(),
                query: "tantivy OR \"inverted index\"".to_owned(),
                weight: 1.0,
            },
            Wanted { name: "rust".to_owned(), query: "rust".to_owned(), weight: 0.8 },
        ],
        follows: vec![
            Follow::from_text("@kim@social.example"),
            named("Ines Okafor", "@ines@social.example", "friends"),
            named("Ines Okafor", "https://github.com/inesok", "friends"),
            named("Tomas", "https://bsky.app/profile/tomas.example", "leaders"),
            feed("Planet: all of it", "https://planet.example/atom.xml", "News"),
            feed("", "https://plain.example/feed.xml", ""),
            Follow {
                kind: Some("hackernews".to_owned()),
                handle: Some("mlq".to_owned()),
                ..Follow::default()
            },
            Follow::from_text("https://www.reddit.com/r/rust"),
        ],
        ..Answers::default()
    }
}

#[test]
fn a_new_file_is_one_that_a_person_likes_to_edit() {
    let text = write(&answers());
    let expected = include_str!("new.yaml");
    assert_eq!(text, expected);
}

fn addresses(feeds: &[Feed]) -> Vec<&str> {
    feeds.iter().map(|feed| feed.address.as_str()).collect()
}

#[test]
fn a_new_file_says_what_the_answers_said() {
    let config = load(&write(&answers()));
    assert_eq!(config.people[0].name, "Mara Lindqvist");
    assert_eq!(config.interests.len(), 2);
    assert_eq!(
        addresses(&config.feeds),
        [
            "https://mara.example",
            "https://social.example/@mara.rss",
            "https://social.example/@kim.rss",
            "https://hnrss.org/submitted?id=mlq",
            "https://social.example/@ines.rss",
            "https://github.com/inesok.atom",
            "https://bsky.app/profile/tomas.example/rss",
            "https://plain.example/feed.xml",
            "https://www.reddit.com/r/rust/.rss",
            "https://planet.example/atom.xml",
        ]
    );
    assert_eq!(
        config.people.iter().find(|p| p.slug == "ines-okafor").unwrap().circles,
        ["friends"]
    );
}

#[test]
fn a_new_file_from_no_answers_is_a_file_that_follows_nothing() {
    let text = write(&Answers::default());
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
    let (text, added) =
        add(&text, "feeds.yaml", &[Follow::from_text("https://a.example")]).unwrap();
    assert_eq!(added.lines, ["https://a.example"]);
    assert_eq!(load(&text).feeds.len(), 1);
}

/// Adds to `text` and compares the lines that are new, each with its number.
#[track_caller]
fn check_add(text: &str, follows: &[Follow], expected: &str) {
    let (new, _) = add(text, "feeds.yaml", follows).unwrap();
    load(&new);
    let mut old = text.lines().peekable();
    let mut found = Vec::new();
    for (index, line) in new.lines().enumerate() {
        if old.next_if(|old| *old == line).is_none() {
            found.push(format!("{}:{line}", index + 1));
        }
    }
    assert_eq!(old.next(), None, "a line was lost or changed:\n{new}");
    assert_eq!(found.join("\n"), expected.trim_matches('\n'), "in\n{new}");
}

#[test]
fn additions_go_to_the_end_of_their_lists_and_change_no_other_line() {
    check_add(
        "# mine
people:
    - name: Ines   # a friend
      profiles: [\"@ines@a.example\"]

    # the others
    - \"@kim@a.example\" # quiet
# about sources

sources:
- https://a.example/feed   # daily

# the end
fetch: {min: 30m}
",
        &[
            named("Tomas", "@tomas.example", "leaders"),
            Follow::from_text("@jun@b.example"),
            feed("B", "https://b.example/feed", ""),
            Follow::from_text("https://c.example"),
        ],
        "
8:    - {name: Tomas, circle: leaders, profiles: [\"@tomas.example\"]}
9:    - \"@jun@b.example\"
14:- {name: B, url: https://b.example/feed}
15:- https://c.example
",
    );
}

#[test]
fn a_list_that_is_missing_or_empty_is_begun() {
    let follows = [Follow::from_text("@jun@b.example"), Follow::from_text("https://c.example")];
    check_add(
        "fetch: {min: 30m}",
        &follows,
        "
2:
3:people:
4:  - \"@jun@b.example\"
5:
6:sources:
7:  - https://c.example
",
    );
    check_add(
        "sources:\npeople: # nobody yet\n",
        &follows,
        "
2:  - https://c.example
4:  - \"@jun@b.example\"
",
    );
}

#[test]
fn a_list_on_one_line_is_added_to_on_that_line() {
    let (new, _) =
        add("sources: [https://a.example]\n", "f", &[Follow::from_text("https://b.example")])
            .unwrap();
    assert_eq!(new, "sources: [https://a.example, https://b.example]\n");
    let (new, _) = add("sources: []\n", "f", &[Follow::from_text("https://b.example")]).unwrap();
    assert_eq!(new, "sources: [https://b.example]\n");
}

#[test]
fn a_bare_list_stays_one() {
    check_add(
        "# feeds\n- https://a.example\n# more\n",
        &[Follow::from_text("@jun@b.example"), Follow::from_text("https://c.example")],
        "3:- \"@jun@b.example\"\n4:- https://c.example",
    );
}

#[test]
fn what_is_followed_already_is_not_added_again() {
    let text = "people:\n  - name: Ines\n    profiles: [\"@ines@a.example\"]\n";
    let follows = [
        Follow::from_text("https://a.example/@ines"),
        Follow::from_text("@kim@a.example"),
        Follow::from_text("kim@a.example"),
        Follow::from_text("@Kim@a.example"),
        Follow { url: Some("nonsense".to_owned()), ..Follow::default() },
    ];
    let follows = follows.map(|follow| Follow { kind: Some("mastodon".to_owned()), ..follow });
    let (new, added) = add(text, "feeds.yaml", &follows).unwrap();
    assert_eq!(added.lines, ["\"@kim@a.example\""]);
    assert_eq!((added.known, added.refused), (3, 1));
    assert_eq!(add(&new, "feeds.yaml", &follows).unwrap().0, new);
}

#[test]
fn two_people_of_one_name_are_told_apart() {
    let text = "people:\n  - {name: Kim, profiles: [\"@kim@a.example\"]}\n";
    let (_, added) = add(text, "feeds.yaml", &[named("Kim", "@kim.example", "")]).unwrap();
    assert_eq!(added.lines, ["{name: Kim (bluesky), profiles: [\"@kim.example\"]}"]);
}

#[test]
fn a_file_with_faults_is_not_added_to() {
    let error =
        add("peple: []\n", "feeds.yaml", &[Follow::from_text("https://a.example")]).unwrap_err();
    assert_eq!(error.to_string(), "feeds.yaml:1:1: unknown key `peple`");
    assert!(error.hint().unwrap().starts_with("did you mean `people`?"));
}

fn doubtful(text: &str, doubt: &str) -> Follow {
    Follow { doubt: Some(doubt.to_owned()), ..Follow::from_text(text) }
}

#[test]
fn what_is_no_feed_stands_in_the_file_as_a_comment() {
    let follows = vec![
        Follow::from_text("https://a.example/f"),
        doubtful("https://b.example/x.png", "a PNG image"),
    ];
    let text = write(&Answers { follows: follows.clone(), ..Answers::default() });
    assert_eq!(load(&text).feeds.len(), 1);
    assert!(text.contains("\n  # - https://b.example/x.png   # a PNG image\n"), "{text}");
    let (again, added) = add(&text, "feeds.yaml", &follows).unwrap();
    assert_eq!((again, added.known), (text, 2));
    check_add(
        "sources:\n  - https://c.example\n",
        &follows,
        "
3:  - https://a.example/f
4:
5:# No feeds when they were looked at; they are not asked:
6:# - https://b.example/x.png   # a PNG image
",
    );
}

/// Adds everything to `text` and compares the whole.
#[track_caller]
fn check_all(text: &str, answers: &Answers, expected: &str) {
    let (new, _) = add_all(text, "feeds.yaml", answers).unwrap();
    load(&new);
    assert_eq!(new, expected);
    assert_eq!(add_all(&new, "feeds.yaml", answers).unwrap().0, new, "twice");
}

fn of_me() -> Answers {
    Answers {
        names: vec!["Mara".to_owned()],
        me: vec![Follow::from_text("https://mara.example")],
        interests: vec![Wanted { name: "rust".into(), query: "rust".into(), weight: 0.8 }],
        ..Answers::default()
    }
}

#[test]
fn the_user_and_interests_are_added_behind_what_shows_how_they_look() {
    check_all(
        "# me:\n#   names: [You]\n\n# interests:\n#   - x\nsources:\n  - https://a.example\n",
        &of_me(),
        "# me:\n#   names: [You]\nme:\n  names: [Mara]\n  profiles:\n    - https://mara.example\n\n\
         # interests:\n#   - x\ninterests:\n  - {name: rust, query: rust, weight: 0.8}\n\
         sources:\n  - https://a.example\n",
    );
}

#[test]
fn what_the_file_says_of_the_user_is_added_to() {
    check_all(
        "me:\n    names: [mlq]\nsources: [https://a.example]\ninterests:\n- bm25\n",
        &of_me(),
        "me:\n    names: [mlq, Mara]\n    profiles:\n      - https://mara.example\n\
         sources: [https://a.example]\ninterests:\n- bm25\n- {name: rust, query: rust, weight: 0.8}\n",
    );
}

#[test]
fn a_bare_list_becomes_sources_where_more_than_sources_is_to_be_said() {
    check_all(
        "# mine\n- https://a.example\n- https://b.example\n",
        &Answers { names: vec!["Mara".into()], ..Answers::default() },
        "# mine\nsources:\n- https://a.example\n- https://b.example\n\nme:\n  names: [Mara]\n",
    );
}

#[test]
fn a_proposed_interest_counts_only_once_the_user_removes_the_marks() {
    let text = write(&answers_without_interests());
    let wanted = [Wanted { name: "rust".into(), query: "rust".into(), weight: 0.8 }];
    let proposed = propose(&text, &wanted);
    assert_eq!(load(&proposed).interests, []);
    let lines = "# interests:\n#   - {name: rust, query: rust, weight: 0.8}\n";
    assert!(proposed.contains(lines), "{proposed}");
    let accepted = proposed.replace(lines, &lines.replace("# ", "").replace("#  ", "  "));
    assert_eq!(load(&accepted).interests.len(), 1, "{accepted}");
}

fn answers_without_interests() -> Answers {
    Answers { interests: Vec::new(), ..answers() }
}

fn any_follow() -> impl Strategy<Value = Follow> {
    let text = || proptest::option::of("[^\\PC]{0,12}|\\PC{0,12}");
    let kind = proptest::option::of("blog|mastodon|github|syndication|x");
    let handle = proptest::option::of("@?[a-z]{1,3}@[a-z]{1,3}\\.example|[a-z]{1,3}|\\PC{0,6}");
    let url = || proptest::option::of("https?://[a-z]{1,2}\\.example(/[a-z,\\[{#:]{0,3})?");
    (text(), kind, handle, url(), url(), text()).prop_map(
        |(name, kind, handle, url, feed, folder)| Follow {
            name,
            kind,
            handle,
            url,
            feed,
            folder,
            ..Follow::default()
        },
    )
}

proptest! {
    #[test]
    fn whatever_is_answered_the_file_is_right_and_complete(
        follows in proptest::collection::vec(any_follow(), 0..12)
    ) {
        let text = write(&Answers { follows: follows.clone(), ..Answers::default() });
        let config = load(&format!("{text}\nversion: 1\n"));
        let (again, added) = add(&format!("{text}\nversion: 1\n"), "feeds.yaml", &follows).unwrap();
        prop_assert_eq!(&added.lines, &Vec::<String>::new());
        let (one_by_one, _) = add("version: 1\n", "feeds.yaml", &follows).unwrap();
        prop_assert_eq!(load(&one_by_one).feeds.len(), config.feeds.len());
        prop_assert!(again.starts_with(&text));
    }
}
