//! Which posts find each other, which must not, and what a topic is called.

use bellwether::model::PostId;
use bellwether::topic::{Clustering, Doc, Settings, cluster, cluster_after};
use jiff::{SignedDuration, Timestamp};

/// The instant of the last post of a stream; those before are an hour apart.
const NOW: &str = "2026-10-13T07:00:00Z";

fn doc<'a>(text: &'a str, person: &'a str) -> Doc<'a> {
    Doc {
        id: PostId::new(&[text, person]),
        title: None,
        text,
        language: Some("en"),
        at: Some(NOW.parse().unwrap()),
        person,
        canonical: None,
        links: &[],
        story: None,
    }
}

fn stream<'a>(texts: &[&'a str]) -> Vec<Doc<'a>> {
    const PEOPLE: [&str; 5] = ["ines", "tomas", "priya", "jun", "ana"];
    texts.iter().enumerate().map(|(at, text)| doc(text, PEOPLE[at % PEOPLE.len()])).collect()
}

fn check(docs: &[Doc], expected: &[&[usize]]) -> Clustering {
    let clustering = cluster(docs, &Settings::default());
    assert_eq!(clustering.topics, expected);
    clustering
}

const CACHE: [&str; 5] = [
    "Tantivy 0.26 drops the fast-field cache, and segment merges need half of the memory",
    "We planted three apple trees behind the old house last October",
    "The fast-field cache of Tantivy 0.26 is gone: my merges went from 4 GB to 2 GB of memory",
    "A bakery in Malmö sells bread with seaweed now, which tastes of winter",
    "@ines Tantivy without its fast-field cache merges my segments twice as fast here",
];

#[test]
fn posts_of_one_story_find_each_other_and_others_stay_apart() {
    check(&stream(&CACHE), &[&[0, 2, 4], &[1], &[3]]);
}

#[test]
fn one_shared_name_is_not_enough() {
    let texts = [
        "Claude wrote my wedding speech and nobody noticed",
        "Uploading spreadsheets to Claude fails since Tuesday",
        "Comparing Claude prices across three countries",
    ];
    check(&stream(&texts), &[&[0], &[1], &[2]]);
}

#[test]
fn what_was_said_every_day_before_ties_nothing_today() {
    let verbs = ["draws", "counts", "sorts", "paints", "reads", "cuts", "bakes", "sings"];
    let nouns = ["maps", "stars", "socks", "walls", "books", "cloth", "bread", "songs"];
    let texts: Vec<String> = (0..400)
        .map(|n| match n % 4 {
            0 => format!("Claude Code {} {} number{n}", verbs[n % 8], nouns[n / 8 % 8]),
            _ => format!("someone{n} {} {} number{n}", verbs[n % 8], nouns[n / 8 % 8]),
        })
        .collect();
    let before: Vec<Doc> = texts.iter().map(|text| doc(text, "jun")).collect();
    let today = stream(&[
        "Claude Code renamed all branches overnight",
        "Claude Code invented a chess opening",
        "Vera Rubin chips ship in August, says Nvidia in Vegas",
        "Nvidia in Vegas: Vera Rubin chips come in August",
    ]);
    let usual = cluster_after(&before, &today, &Settings::default());
    assert_eq!(usual.topics, [vec![0], vec![1], vec![2, 3]]);
    assert_eq!(cluster(&today, &Settings::default()).topics, [vec![0, 1], vec![2, 3]]);
}

#[test]
fn the_same_page_is_one_topic_in_whatever_words_and_language() {
    let mut docs = stream(&["Numbers at last", "Endlich Zahlen", "Something else entirely here"]);
    let link = ["bench.example/tantivy".to_owned()];
    docs[0].canonical = Some("bench.example/tantivy");
    (docs[1].links, docs[1].language) = (&link, Some("de"));
    check(&docs, &[&[0, 1], &[2]]);
}

#[test]
fn a_link_under_every_post_of_a_person_ties_nothing() {
    let shop = ["shop.example/mugs".to_owned()];
    let texts =
        ["Morning fog over the harbor", "Rewrote a parser twice", "Cello lesson went badly"];
    let mut docs: Vec<Doc> = texts.iter().map(|text| doc(text, "jun")).collect();
    docs.iter_mut().for_each(|doc| doc.links = &shop);
    check(&docs, &[&[0], &[1], &[2]]);
}

#[test]
fn a_bare_host_is_no_page() {
    let home = ["ines.example/".to_owned()];
    let mut docs = stream(&["Morning fog over the harbor", "Rewrote a parser twice"]);
    docs.iter_mut().for_each(|doc| doc.links = &home);
    check(&docs, &[&[0], &[1]]);
}

#[test]
fn one_text_under_two_addresses_is_one_topic() {
    let copy = format!("{}!", CACHE[0].to_uppercase());
    let mut docs = stream(&[CACHE[0], &copy]);
    docs[1].language = Some("de");
    check(&docs, &[&[0, 1]]);
}

#[test]
fn a_story_that_dedup_found_is_one_topic() {
    let mut docs = stream(&["Numbers at last", "Endlich Zahlen", "Numbers"]);
    docs[1].story = Some(docs[0].id);
    check(&docs, &[&[0, 1], &[2]]);
}

#[test]
fn answers_of_a_word_or_two_gather_nobody() {
    check(
        &stream(&["@jun yes!", "@ana Yes.", "@priya thanks, love it", "@tomas love, thanks"]),
        &[&[0], &[1], &[2], &[3]],
    );
}

#[test]
fn a_topic_grown_cold_takes_no_post() {
    let mut docs = stream(&[CACHE[0], CACHE[2]]);
    check(&docs, &[&[0, 1]]);
    let long_ago = docs[0].at.unwrap() - SignedDuration::from_hours(24 * 80);
    docs[0].at = Some(long_ago);
    check(&docs, &[&[0], &[1]]);
}

#[test]
fn a_post_without_words_has_a_topic_of_its_own() {
    check(&stream(&["", "🔥🔥", "https://a.example/x"]), &[&[0], &[1], &[2]]);
}

#[test]
fn a_topic_is_called_by_a_title_not_by_an_answer() {
    let mut docs = stream(&[CACHE[4], CACHE[2], CACHE[0]]);
    docs[2].title = Some("Tantivy drops the fast-field cache");
    let clustering = check(&docs, &[&[0, 1, 2]]);
    assert_eq!(clustering.label(0, &docs), "Tantivy drops the fast-field cache");
}

#[test]
fn a_note_without_title_lends_its_first_sentence() {
    let docs = stream(&["Merging is fast now. See https://a.example/x for the long story."]);
    assert_eq!(check(&docs, &[&[0]]).label(0, &docs), "Merging is fast now.");
}

#[test]
fn near_topics_are_similar_and_far_ones_are_not() {
    let clustering = check(&stream(&CACHE), &[&[0, 2, 4], &[1], &[3]]);
    assert!(clustering.similarity(0, 0) > 0.99);
    assert!(clustering.similarity(0, 1) < 0.1);
    assert_eq!(clustering.central(0).len(), 3);
}

#[test]
fn the_past_of_a_topic_is_its_distinct_people_day_by_day() {
    let clustering = check(&stream(&CACHE), &[&[0, 2, 4], &[1], &[3]]);
    let now: Timestamp = NOW.parse().unwrap();
    let hours_ago = |hours, person| {
        let at = Some(now - SignedDuration::from_hours(hours));
        Doc { at, ..doc("Tantivy merges segments without the fast-field cache", person) }
    };
    let past =
        [hours_ago(2, "ines"), hours_ago(25, "ines"), hours_ago(26, "ines"), hours_ago(50, "jun")];
    let people = clustering.past_people(&past, now, 3);
    assert_eq!(people[0], [1, 1, 0]);
    assert_eq!(people[1], [0, 0, 0]);
}

#[test]
fn the_same_posts_give_the_same_topics() {
    let texts: Vec<String> =
        (0..300).map(|n| format!("{} number{} again{}", CACHE[n % 5], n % 7, n % 11)).collect();
    let docs: Vec<Doc> = texts.iter().map(|text| doc(text, "jun")).collect();
    let once = cluster(&docs, &Settings::default());
    assert_eq!(once.topics, cluster(&docs, &Settings::default()).topics);
    assert!(once.topics.iter().all(|posts| posts.is_sorted() && !posts.is_empty()));
    assert_eq!(once.topics.iter().map(Vec::len).sum::<usize>(), docs.len());
}
