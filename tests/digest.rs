//! The digest as a person reads it, and as programs do.

use std::fs;

use bellwether::digest::{html, json, late, markdown};
use bellwether::model::{Digest, SectionKind, Unseen};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use crate::support::morning::{Morning, view};
use crate::support::posts::at;
use crate::support::schema::violations;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/digest/morning.md");
const SCHEMA: &str = include_str!("../docs/digest.schema.json");

/// Titles that would like to be more than text.
const HOSTILE: &[&str] = &[
    "[click](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "`code` **bold** _em_ ~~gone~~",
    "# heading\n## [t3fd]: https://evil.example\n---\n- item",
    "\u{1b}[31mred\u{1b}[0m \u{202e}desrever\u{202c} \u{200b}zero\u{7}",
    "](https://evil.example) [tabc] [D] [t3fd][t3fd] [x]: y",
    "&lt;b&gt; &#x3c;i&#x3e; <https://evil.example> \\[a\\](b)",
    "1. one\n2) two\n> quote\n+ plus\n=== \n``` fence",
];

fn printed(morning: &Morning) -> (Digest, String) {
    let digest = morning.digest();
    let text = markdown(&digest, &view());
    (digest, text)
}

/// The lines above the rule.
fn screen(text: &str) -> Vec<&str> {
    text.lines().take_while(|line| *line != "---").collect()
}

/// A morning full of posts whose titles, texts and names are hostile.
fn hostile() -> Morning {
    let mut morning = Morning::quiet();
    for (at, title) in HOSTILE.iter().enumerate() {
        let guid = format!("h{at}");
        morning.write("planet", &guid, 1, title, &format!("{title} and some words after it"));
        morning.last().author.name = format!("{title} Smith");
        morning.last().author.handles.clear();
        morning.last().url = Some(format!("https://planet.example/{guid}?q=<b>&x=(\"](x"));
        morning.topic(&[("planet", &guid)], 1, 0.1);
    }
    morning.limits.insert(SectionKind::Topics, 50);
    morning.coverage =
        vec![Unseen { what: HOSTILE[0].into(), why: HOSTILE[2].into(), since: None }];
    morning
}

#[test]
fn the_digest_reads_as_it_did() {
    let (_, text) = printed(&Morning::busy());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(GOLDEN, &text).unwrap();
    }
    let golden = fs::read_to_string(GOLDEN).unwrap_or_default();
    assert_eq!(golden, text, "run this test with UPDATE_EXPECT=1 and read the difference");
}

#[test]
fn posts_in_another_order_give_the_same_bytes() {
    let mut other = Morning::busy();
    other.posts.reverse();
    other.topics.reverse();
    let (digest, text) = printed(&Morning::busy());
    assert_eq!(printed(&other).1, text);
    assert_eq!(json(&other.digest()), json(&digest));
}

#[test]
fn the_screen_holds_26_lines_of_100_columns() {
    let mut full = Morning::busy();
    for at in 0..60 {
        let (guid, who) = (format!("n{at}"), ["ines", "tomas", "priya", "planet"][at % 4]);
        let words = format!("{} theme{at} *starred* [bracketed] words", "long ".repeat(at % 30));
        full.write(
            who,
            &guid,
            1,
            &words,
            &format!("{words}. Does anyone know more about it, too?"),
        );
        full.last().author.handles.clear();
        full.topic(&[(who, &guid)], 1, 0.1);
    }
    full.interests.clear();
    for kind in SectionKind::ALL {
        full.limits.insert(kind, 30);
    }
    full.coverage = (0..40)
        .map(|at| Unseen { what: format!("Feed {at}"), why: "failing".into(), since: None })
        .collect();
    full.late = Some(late(at("2026-10-12T05:30:00Z"), None));
    full.before = Some(at("2026-10-09T04:30:00Z"));
    for morning in [Morning::busy(), Morning::quiet(), hostile(), full] {
        let (_, text) = printed(&morning);
        assert!(screen(&text).len() <= 26, "{text}");
        for line in text.lines().filter(|line| !line.contains("<http") && !line.contains("]: http"))
        {
            assert!(line.width() <= 100, "{} columns: {line}", line.width());
        }
    }
}

#[test]
fn where_lines_are_short_lower_sections_yield_and_all_stand_below_the_rule() {
    let mut morning = hostile();
    for at in 0..40 {
        let guid = format!("t{at}");
        morning.write("planet", &guid, 1, &format!("theme{at} of its own"), "Some words of text.");
        morning.last().author.name = format!("Name {at}");
        morning.last().author.handles.clear();
        morning.topic(&[("planet", &guid)], 1, 0.1);
    }
    let (digest, text) = printed(&morning);
    let (above, below) = text.split_once("\n---\n").unwrap();
    assert!(above.lines().count() <= 26);
    let shown: Vec<_> = digest.shown().collect();
    assert!(shown.len() > 26);
    for (_, item) in shown {
        assert!(below.contains(&format!("## [{}] ", item.id)), "{}", item.id);
    }
}

/// Headings (text), links (address, text) and all events that must never come from feed text.
#[derive(Default)]
struct Rendered {
    headings: Vec<String>,
    links: Vec<(String, String)>,
    foreign: Vec<String>,
    items: usize,
}

fn rendered(text: &str) -> Rendered {
    let mut seen = Rendered::default();
    let (mut heading, mut link): (Option<String>, Option<(String, String)>) = (None, None);
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => seen.headings.extend(heading.take()),
            Event::Start(Tag::Link { dest_url, .. }) => {
                link = Some((dest_url.into(), String::new()))
            }
            Event::End(TagEnd::Link) => seen.links.extend(link.take()),
            Event::Text(text) => {
                heading.iter_mut().for_each(|heading| heading.push_str(&text));
                link.iter_mut().for_each(|(_, told)| told.push_str(&text));
            }
            Event::Start(Tag::Item) => seen.items += 1,
            Event::Start(Tag::Paragraph | Tag::List(_)) | Event::End(_) => {}
            Event::SoftBreak | Event::Rule => {}
            other => seen.foreign.push(format!("{other:?}")),
        }
    }
    seen
}

#[test]
fn rendered_it_has_the_same_headings_items_and_links() {
    for morning in [Morning::busy(), hostile()] {
        let (digest, text) = printed(&morning);
        let seen = rendered(&text);
        let written = text.lines().filter(|line| line.starts_with('#')).count();
        assert_eq!(seen.headings.len(), written, "{:?}", seen.headings);
        for (_, item) in digest.shown() {
            let links = seen.links.iter().filter(|(_, told)| *told == item.id);
            assert!(1 <= links.count(), "{} leads somewhere", item.id);
        }
        let lines = |prefix: &str| text.lines().filter(|line| line.starts_with(prefix)).count();
        let posts: usize = (1..=5).map(|number| lines(&format!("{number}. "))).sum();
        assert_eq!(seen.items, lines("- ") + posts);
    }
}

#[test]
fn feed_text_becomes_no_link_image_code_or_html() {
    let (digest, text) = printed(&hostile());
    let seen = rendered(&text);
    assert_eq!(seen.foreign, Vec::<String>::new(), "{text}");
    let ids: Vec<&str> = digest.shown().map(|(_, item)| item.id.as_str()).collect();
    for (address, told) in &seen.links {
        assert!(address.starts_with("https://planet.example/h"), "{told} leads to {address}");
        assert!(ids.contains(&told.as_str()) || told.starts_with("https://planet"), "{told}");
    }
    assert!(
        !text
            .chars()
            .any(|c| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c))
    );
    let page = html(&digest, &view());
    assert!(
        !page.contains("<script") && !page.contains("<img") && !page.contains("javascript:a\"")
    );
}

#[test]
fn hostile_titles_are_still_read_as_they_are() {
    let (_, text) = printed(&hostile());
    let told: String = rendered(&text).headings.join("\n");
    assert!(told.contains("<script>alert(1)</script>"), "{told}");
    assert!(told.contains("`code` **bold** _em_ ~~gone~~"), "{told}");
    assert!(told.contains("[click](javascript:alert(1))"), "{told}");
}

#[test]
fn printed_points_sum_to_the_printed_score() {
    let (digest, text) = printed(&Morning::busy());
    for (_, item) in digest.shown() {
        let start = text.find(&format!("\n## [{}] ", item.id)).unwrap();
        let block: Vec<&str> = text[start + 1..].lines().collect();
        let cents = |word: &str| word.strip_prefix('.').and_then(|cents| cents.parse::<u32>().ok());
        let score = cents(block[0].rsplit(" · ").next().unwrap()).unwrap();
        let why: Vec<&str> =
            block[1..].iter().copied().take_while(|line| !line.starts_with("1. ")).collect();
        let points: u32 = why.join(" ").split(' ').filter_map(cents).sum();
        assert_eq!(points, score, "{why:?}");
    }
}

#[test]
fn the_json_is_what_its_schema_says() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    for morning in [Morning::busy(), Morning::quiet(), hostile()] {
        let text = json(&morning.digest());
        assert!(!text.contains('<'));
        let document = serde_json::from_str(&text).unwrap();
        assert_eq!(violations(&schema, &document), Vec::<String>::new());
    }
}

#[test]
fn in_json_points_sum_to_the_score_and_ranks_count_from_one() {
    for section in Morning::busy().digest().sections {
        for (at, item) in section.items.iter().enumerate() {
            let sum: f64 = item.reasons.iter().map(|reason| reason.points).sum();
            assert!((sum - item.score).abs() < 1e-9, "{} {sum}", item.id);
            assert_eq!(item.rank as usize, at + 1);
        }
    }
}

/// A morning of which the digest was due at `due`, after one at `before`.
fn belated(due: &str, before: &str) -> Morning {
    let mut morning = Morning::busy();
    morning.late = Some(late(at(due), None));
    morning.before = Some(at(before));
    morning
}

#[test]
fn a_late_digest_says_so_in_its_second_line_and_speaks_of_all_the_time_since_the_last() {
    let (_, text) = printed(&belated("2026-10-12T05:30:00Z", "2026-10-09T05:31:00Z"));
    let lines: Vec<&str> = text.lines().take(3).collect();
    assert_eq!(lines[1], "Late: due yesterday 07:30, Bellwether was not running.");
    assert!(lines[2].contains(" new posts since Friday 07:31. "), "{}", lines[2]);
    let (digest, text) = printed(&belated("2026-10-13T04:30:00Z", "2026-10-12T05:30:00Z"));
    assert!(text.contains("\nLate: due 06:30, Bellwether was not running.\n"), "{text}");
    assert!(text.contains(" new posts since yesterday. "), "{text}");
    assert!(html(&digest, &view()).contains("Late: due 06:30"));
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let document = serde_json::from_str(&json(&digest)).unwrap();
    assert_eq!(violations(&schema, &document), Vec::<String>::new());
    assert_eq!(document["late"]["due"], "2026-10-13T04:30:00Z");
}

#[test]
fn a_digest_is_never_empty() {
    let (digest, text) = printed(&Morning::quiet());
    assert!(digest.nothing.is_some());
    assert!(text.contains("Nothing today: no new post since yesterday."), "{text}");
    let mut unread = Morning::quiet();
    unread.feeds.clear();
    assert!(printed(&unread).1.contains("feeds.yaml follows nobody yet"));
}
