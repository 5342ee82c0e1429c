//! Files that are wrong: the line and column of what is wrong in them, and the next step.

use bellwether::config::{self, Surroundings};

/// Reads settings that are wrong and compares every fault, each with its hint after an arrow;
/// `…` at the end of a hint stands for the rest of it.
#[track_caller]
fn check(yaml: &str, expected: &str) {
    let error = config::read(yaml, "feeds.yaml", &Surroundings::fixed(&[])).expect_err(yaml);
    let mut found: Vec<(String, Option<String>)> =
        error.faults().iter().map(|fault| (fault.to_string(), fault.hint.clone())).collect();
    if found.is_empty() {
        found.push((error.to_string(), error.hint()));
    }
    let mut expected = expected.trim().lines().map(str::trim).peekable();
    for (message, hint) in found {
        assert_eq!(Some(message.as_str()), expected.next(), "for\n{yaml}");
        let wanted = expected.next_if(|line| line.starts_with("->")).map(|line| &line[3..]);
        match (wanted.map(|wanted| (wanted, wanted.strip_suffix('…'))), hint) {
            (Some((_, Some(begin))), Some(hint)) if hint.starts_with(begin) => {}
            (wanted, hint) => assert_eq!(wanted.map(|(whole, _)| whole), hint.as_deref(), "{yaml}"),
        }
    }
    assert_eq!(expected.next(), None, "for\n{yaml}");
}

#[test]
fn an_empty_file_says_what_would_be_enough() {
    let enough = "feeds.yaml is empty
         -> a list of addresses is enough, each on a line of its own: - https://example.org/feed.xml";
    check("", enough);
    check("---\n# only a comment\n\n", enough);
}

#[test]
fn lines_of_addresses_without_dashes_are_told_of_the_dash() {
    check(
        "https://a.example\nhttps://b.example\n",
        "feeds.yaml:1:1: expected a list of addresses or a mapping, found \"https://a.example https://b.example\"
         -> begin each line with `- `",
    );
}

#[test]
fn what_full_does_not_take_is_refused() {
    let hint = "-> where the article stands on its page: full: {content: \"article .body\"}";
    let entry =
        |full: &str| format!("- {{kind: blog, url: \"https://a.example\", full: {full}}}\n");
    let told = format!("feeds.yaml:1:48: expected true, false or a selector\n{hint}");
    check(&entry("auto"), &told);
    check(&entry("{selector: p}"), &told);
    let told = format!("feeds.yaml:1:58: `p[` is not a CSS selector\n{hint}");
    check(&entry("{content: \"p[\"}"), &told);
}

#[test]
fn an_unknown_key_is_placed_and_the_nearest_is_named() {
    check(
        "peple: []\n",
        "feeds.yaml:1:1: unknown key `peple`\n-> did you mean `people`? known: version, me, interests, …",
    );
    check(
        "people:\n- name: Åsa 名前\n  circle: x\n  cadense: 3d\n",
        "feeds.yaml:4:3: unknown key `cadense`
         -> did you mean `cadence`? known: name, also, circle, cadence, notes, profiles",
    );
    check(
        "sources:\n  - {kind: page, url: \"https://a.example\", select: {itm: p}}\n",
        "feeds.yaml:2:53: unknown key `itm`\n-> did you mean `item`? known: item, title, link, date",
    );
}

#[test]
fn an_option_of_another_kind_is_unknown() {
    check(
        "people:\n  - name: Ines\n    profiles:\n      - {kind: blog, url: \"https://ines.example\", shorts: false}\n",
        "feeds.yaml:4:51: unknown key `shorts`\n-> known: comments, webmentions, token_env, …",
    );
}

#[test]
fn a_missing_key_is_placed_at_its_entry() {
    check("people:\n  - circle: leaders\n", "feeds.yaml:2:5: `name` is missing here");
}

#[test]
fn a_key_given_twice_is_placed_where_it_comes_again() {
    let hint = "-> put both together under one key";
    let twice = |place: &str, key: &str, first: usize| {
        format!("feeds.yaml:{place}: `{key}` is already there (line {first})\n{hint}")
    };
    check("people: []\nsources: []\npeople: []\n", &twice("3:1", "people", 1));
    check("circles:\n  a: {weight: 1}\n  a: {weight: .5}\n", &twice("3:3", "a", 2));
    check("sources:\n  - {kind: x, url: y, kind: z}\n", &twice("2:23", "kind", 2));
}

#[test]
fn what_was_expected_is_said_in_the_users_words() {
    check("people: Ines\n", "feeds.yaml:1:9: expected a list, found \"Ines\"");
    check("people:\n  - name: [A]\n", "feeds.yaml:2:11: expected text, found a list");
    check(
        "digest: {limits: {topics: -1}}\n",
        "feeds.yaml:1:27: expected a whole number, found `-1`",
    );
    check(
        "sources:\n  - {url: \"https://a.example\", refresh: 30}\n",
        "feeds.yaml:2:41: expected a duration such as 30m, 12h, 21d or 5y, found `30`",
    );
}

#[test]
fn yaml_that_breaks_off_is_placed_where_it_breaks() {
    check(
        "sources:\n  - {name: a, url: \"https://a.example\"\n",
        "feeds.yaml:3:1: did not find expected ',' or '}', while parsing a flow mapping
         -> look at what follows the `{` of line 2",
    );
    check(
        "sources:\n  - name: a: b\n",
        "feeds.yaml:2:12: mapping values are not allowed in this context
         -> text with `: ` in it needs quotes; else look at the indentation",
    );
}

#[test]
fn a_handle_without_quotes_is_told_of_the_quotes() {
    check(
        "sources:\n  - @ines@social.example\n",
        "feeds.yaml:2:5: found character that cannot start any token, while scanning for the next token
         -> text that begins with @ needs quotes: \"@ines@social.example\"",
    );
}

#[test]
fn tabs_and_second_documents_are_told() {
    check(
        "sources:\n\t- https://a.example\n",
        "feeds.yaml:2:1: a tab indents this line\n-> YAML indents by spaces only",
    );
    check(
        "---\nsources: []\n---\npeople: []\n",
        "feeds.yaml:3:1: a second document begins here
         -> remove the line `---`, or put the rest into a file of its own",
    );
}

#[test]
fn nesting_beyond_reason_is_refused_before_it_is_parsed() {
    let deep = format!("sources: {}", "[".repeat(500_000));
    check(
        &deep,
        "feeds.yaml:1:74: nested too deeply\n-> settings need four levels; is this the right file?",
    );
    let dashes = format!("sources:\n {}x\n", "- ".repeat(5000));
    check(
        &dashes,
        "feeds.yaml:2:1: nested too deeply\n-> settings need four levels; is this the right file?",
    );
}

#[test]
fn an_alias_bomb_does_not_go_off() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let last = level - 1;
        bomb.push_str(&format!(
            "a{level}: &a{level} [{}]\n",
            vec![format!("*a{last}"); 9].join(", ")
        ));
    }
    check(&bomb, "feeds.yaml:1:1: unknown key `a0`\n-> known: version, me, …");
    let inside = bomb.replace('\n', "\n  ");
    let error = config::read(
        &format!("digest:\n email:\n  {inside}"),
        "feeds.yaml",
        &Surroundings::fixed(&[]),
    );
    assert!(error.expect_err("a bomb").to_string().contains("repetition limit"));
}

#[test]
fn what_is_followed_must_be_an_address_or_a_handle() {
    check(
        "sources:\n  - ines\n  - {name: x, url: ftp://a.example}\n  - {name: x, kind: blog}\n",
        "feeds.yaml:2:5: `ines` is neither an address nor a handle
         -> write https://…, @name@host for Mastodon, or @name.host for Bluesky
         feeds.yaml:3:20: `ftp://a.example` is not a web address
         -> an address begins with https:// or http://
         feeds.yaml:4:5: there is nothing to read here
         -> give one of handle, url, feed",
    );
}

#[test]
fn a_password_in_an_address_is_refused() {
    check(
        "sources:\n  - {url: \"https://u:p@a.example/feed\"}\n",
        "feeds.yaml:2:11: this address holds a password
         -> no secret stands here: put the address into an environment variable and name that by `url_env`",
    );
}

#[test]
fn an_unknown_kind_names_the_nearest() {
    check(
        "sources:\n  - {url: \"https://a.example/feed\", kind: mastodn}\n",
        "feeds.yaml:2:43: unknown kind `mastodn`\n-> did you mean `mastodon`? known: …",
    );
}

#[test]
fn the_options_of_a_kind_are_checked() {
    check(
        "sources:
  - {kind: page, url: \"https://a.example\"}
  - {kind: page, url: \"https://b.example\", select: {item: \"p[\"}}
  - {kind: youtube, channel_id: example}
  - {kind: github, handle: x, releases: [noslash]}
  - {kind: hackernews, query: x, min_points: many}
  - {kind: linkedin, handle: x, mode: manuel}
",
        "feeds.yaml:2:5: kind `page` needs `select`
         -> say what its entries are: select: {item: \"article\", title: \"h2\"}
         feeds.yaml:3:59: `p[` is not a CSS selector
         -> CSS as in a stylesheet: article h2 > a
         feeds.yaml:4:33: `example` is no channel's id, which begins with UC
         -> it stands in the address of the channel's page: youtube.com/channel/UC…
         feeds.yaml:5:41: expected a list of repositories, each owner/name
         feeds.yaml:6:46: expected a whole number
         feeds.yaml:7:39: unknown mode `manuel`
         -> did you mean `manual`? known: manual",
    );
}

#[test]
fn two_people_with_one_profile_are_both_named() {
    check(
        "people:
  - name: Ines
    profiles: [\"@ines@a.example\"]
  - name: Tomas
    profiles:
      - {kind: mastodon, handle: ines@a.example}
",
        "feeds.yaml:6:9: `@ines@a.example` is already followed as Ines (line 3)
         -> a profile or address stands in one place only: remove one of the two",
    );
}

#[test]
fn an_address_followed_twice_is_refused_whatever_its_spelling() {
    check(
        "sources:\n  - https://a.example/feed\n  - https://b.example\n  - http://www.a.example/feed/\n",
        "feeds.yaml:4:5: `http://www.a.example/feed/` is already followed as a.example (line 2)
         -> a profile or address stands in one place only: remove one of the two",
    );
}

#[test]
fn two_people_of_one_name_are_refused() {
    check(
        "people:\n  - name: Ines\n  - name: ines\n",
        "feeds.yaml:3:11: `ines` is already there (line 2)
         -> put the profiles together under one name, or tell the two apart",
    );
}

#[test]
fn an_interest_that_does_not_parse_is_placed_inside_the_query() {
    check(
        "interests:\n  - {name: a, query: 'rust AND'}\n  - autor:ines\n",
        "feeds.yaml:2:28: expected a word or a condition after `AND`, at column 6 of the query
         -> write \"AND\" in quotes to search for the word
         feeds.yaml:3:5: unknown field `autor`, at column 1 of the query
         -> did you mean `author:`? to search for the text itself, write it in quotes",
    );
}

#[test]
fn weights_go_from_0_to_1_and_are_those_of_signals() {
    check(
        "interests:\n  - {name: a, query: rust, weight: 1.5}\ndigest:\n  weights:\n    voises: 0.4\n    heat: .nan\n",
        "feeds.yaml:2:36: 1.5 is no weight
         -> weights go from 0 to 1
         feeds.yaml:5:5: unknown weight `voises`
         -> did you mean `voices`? known: relevance, voices, …
         feeds.yaml:6:11: NaN is no weight
         -> weights go from 0 to 1",
    );
}

#[test]
fn every_fault_of_a_schedule_is_told_at_once() {
    check(
        "digest:
  schedules:
    - {name: a, cron: \"0 7 1 * mon\"}
    - {name: a, cron: \"0 7 * * *\", tz: Europe/Stokholm, to: [mail], sections: [topic]}
    - {name: b, cron: \"0 25 * * *\"}
    - {name: ../c, cron: \"0 7 * * *\"}
",
        "feeds.yaml:3:23: a day of the month together with a day of the week is ambiguous
         -> put `*` in one of the two fields, or write two lines
         feeds.yaml:4:40: unknown time zone `Europe/Stokholm`
         -> did you mean `Europe/Stockholm`?
         feeds.yaml:4:62: unknown channel `mail`
         -> did you mean `email`? known: file, email, webhook, ntfy, atom
         feeds.yaml:4:80: unknown section `topic`
         -> did you mean `topics`? known: waiting, topics, …
         feeds.yaml:5:23: `25` is no hour of a cron line
         -> it takes 0–23, `*`, `a-b`, `*/n` and lists
         feeds.yaml:6:14: `../c` cannot be a file's name
         -> digests are files: a name without slashes, not too long, as `morning`",
    );
}

#[test]
fn limits_and_quiet_hours_are_checked() {
    check(
        "digest:\n  limits: {topic: 1}\n  urgent: {to: ntfy, quiet: night}\n",
        "feeds.yaml:2:12: unknown section `topic`
         -> did you mean `topics`? known: …
         feeds.yaml:3:29: `night` is no stretch of the day
         -> write it as \"21:00-07:00\"",
    );
}

#[test]
fn how_feeds_are_fetched_is_checked() {
    check(
        "fetch: {allow: [10.0.0.0/33], min: 2h, max: 1h, user_agent: \"böt\"}\n",
        "feeds.yaml:1:17: `10.0.0.0/33` is not a network
         -> write an address and a length, such as 192.168.1.0/24
         feeds.yaml:1:45: `max` is shorter than `min`
         feeds.yaml:1:61: this cannot be a user agent
         -> only plain ASCII on one line can be sent",
    );
}

#[test]
fn campaigns_have_tags_and_days_that_exist() {
    check(
        "campaigns:
  - {name: A, every: caturday, starts: 2026-9-1}
  - {name: B, tags: b, starts: 2026-09-01, ends: 2025-01-01}
",
        "feeds.yaml:2:5: campaign `A` has no tags
         -> entries are found by their tags: tags: [searchsaturday]
         feeds.yaml:2:22: unknown day `caturday`
         -> did you mean `saturday`? known: monday, …
         feeds.yaml:2:40: `2026-9-1` is not a day
         -> write it as 2026-09-01
         feeds.yaml:3:50: it ends before it starts",
    );
}

#[test]
fn a_muted_handle_must_say_whose_it_is() {
    check(
        "mute: {handles: [ines]}\n",
        "feeds.yaml:1:18: `ines` is not a handle
         -> write @name@host, @name.host, network:name or a profile's address",
    );
}

#[test]
fn a_version_of_the_future_is_refused() {
    check(
        "version: 2\n",
        "feeds.yaml:1:10: unknown version of the file\n-> this program reads version 1",
    );
}

#[test]
fn a_bare_list_has_places_too() {
    check(
        "- https://a.example\n- {url: \"https://b.example\", nam: b}\n- nonsense\n",
        "feeds.yaml:2:30: unknown key `nam`
         -> did you mean `name`? known: name, kind, …
         feeds.yaml:3:3: `nonsense` is neither an address nor a handle
         -> write https://…, @name@host for Mastodon, or @name.host for Bluesky",
    );
}
