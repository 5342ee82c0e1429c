//! The index finds what the query language says, keeps step with the archive, and can be lost.

use std::collections::BTreeMap;

use bellwether::index::{Asking, Document, Error, Hits, Index, Sort};
use bellwether::model::{Author, FeedId, Handle, Post, PostId};
use bellwether::query::{self, Leaf, Query, Subject, When};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::sample::select;
use tempfile::TempDir;

use crate::support::posts::{at, post};

const NOW: &str = "2026-10-13T08:00:00Z";

/// An index in a folder that goes away with it.
struct World {
    folder: TempDir,
    index: Index,
    sources: BTreeMap<FeedId, String>,
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(&folder.path().join("tantivy")).unwrap();
        let names = [("a", "Planet Search"), ("b", "Lobsters"), ("c", "Ines, Mastodon")];
        let sources = names.map(|(feed, name)| (FeedId::new(&[feed]), name.to_owned()));
        World { folder, index, sources: sources.into() }
    }

    /// Adds posts as the rows after `after`, written by Ines where the feed is hers.
    fn add(&mut self, after: i64, posts: &[Post]) {
        let mut writer = self.index.writer().unwrap();
        let mut seq = after;
        for post in posts {
            seq += 1;
            writer.add(&Document { seq, post, person: person(post) }).unwrap();
        }
        writer.commit(seq).unwrap();
        writer.finish().unwrap();
    }

    fn find(&self, query: Option<&Query>, sort: Sort, limit: usize) -> Hits {
        let zone = TimeZone::UTC;
        let asking = Asking { sources: &self.sources, now: at(NOW), zone: &zone };
        self.index.search(query, &asking, sort, limit).unwrap()
    }

    fn ids(&self, query: &str) -> Vec<PostId> {
        let query = query::parse(query).unwrap();
        let hits = self.find(Some(&query), Sort::Relevance, 100);
        assert_eq!(hits.total, hits.hits.len());
        hits.hits.iter().map(|hit| hit.id).collect()
    }
}

fn person(post: &Post) -> Option<&'static str> {
    (post.feed == FeedId::new(&["c"])).then_some("Ines Okafor")
}

fn says(guid: &str, title: &str, text: &str) -> Post {
    Post { title: Some(title.into()), text: text.into(), ..post("a", guid) }
}

#[test]
fn a_limit_beyond_all_memory_shows_every_hit() {
    let mut world = World::new();
    let query = query::parse("merge").unwrap();
    assert_eq!(world.find(Some(&query), Sort::Newest, usize::MAX).total, 0);
    world.add(0, &[says("1", "Merges", "One."), says("2", "Merges", "Two.")]);
    for sort in [Sort::Relevance, Sort::Newest] {
        assert_eq!(world.find(Some(&query), sort, usize::MAX).hits.len(), 2);
    }
}

#[test]
fn a_post_is_found_by_every_form_of_its_words_the_title_first() {
    let mut world = World::new();
    let text = says("1", "News", "It merges segments in indexes.");
    let title = says("2", "Merging the index", "Long ago, somewhere else, something happened.");
    world.add(0, &[text.clone(), title.clone(), says("3", "Other", "Nothing of it.")]);
    assert_eq!(world.ids("index merge"), [title.id, text.id]);
    assert_eq!(world.ids("\"segments in indexes\""), [text.id]);
    assert_eq!(world.ids("segm*"), [text.id]);
    assert_eq!(world.ids("NOT merge").len(), 1);
    assert_eq!(world.ids("author:ines source:planet -merge").len(), 1);
}

#[test]
fn no_query_finds_everything_the_newest_first() {
    let mut world = World::new();
    let dated = |guid: &str, hour: &str| Post {
        published: Some(at(&format!("2026-10-13T{hour}:00:00Z"))),
        ..post("a", guid)
    };
    world.add(0, &[dated("1", "05"), dated("2", "07"), dated("3", "06")]);
    let hits = world.find(None, Sort::Newest, 2);
    assert_eq!(hits.total, 3);
    let order: Vec<PostId> = hits.hits.iter().map(|hit| hit.id).collect();
    assert_eq!(order, [dated("2", "07").id, dated("3", "06").id]);
    assert_eq!(hits.hits[0].at, at("2026-10-13T07:00:00Z"));
    assert_eq!(world.find(None, Sort::Relevance, 0).total, 3);
}

#[test]
fn an_edit_takes_the_place_of_the_older_version() {
    let mut world = World::new();
    let first = says("1", "Title", "before");
    let edit = Post { text: "after".into(), version: 2, ..first.clone() };
    world.add(0, &[first.clone(), says("2", "Title", "other")]);
    world.add(2, &[edit]);
    assert_eq!(world.ids("before"), []);
    assert_eq!(world.ids("after"), [first.id]);
    assert_eq!(world.index.len().unwrap(), 2);
}

#[test]
fn what_is_in_already_is_skipped() {
    let mut world = World::new();
    world.add(0, &[post("a", "1"), post("a", "2")]);
    world.add(0, &[post("a", "1"), post("a", "2"), post("a", "3")]);
    assert_eq!(world.index.len().unwrap(), 3);
    assert_eq!(world.index.through().unwrap(), 3);
}

#[test]
fn what_was_not_committed_is_not_there_and_the_mark_tells() {
    let mut world = World::new();
    world.add(0, &[post("a", "1")]);
    let lost = post("a", "2");
    let mut writer = world.index.writer().unwrap();
    writer.add(&Document { seq: 2, post: &lost, person: None }).unwrap();
    drop(writer);
    let again = Index::open(&world.folder.path().join("tantivy")).unwrap();
    assert_eq!((again.through().unwrap(), again.len().unwrap()), (1, 1));
}

#[test]
fn one_writer_at_a_time() {
    let mut world = World::new();
    let mut other = Index::open(&world.folder.path().join("tantivy")).unwrap();
    let writer = world.index.writer().unwrap();
    assert!(matches!(other.writer(), Err(Error::Locked { .. })));
    drop(writer);
    assert!(other.writer().is_ok());
}

#[test]
fn a_reader_sees_what_another_one_commits() {
    let mut world = World::new();
    let reader = Index::read_only(&world.folder.path().join("tantivy")).unwrap();
    world.add(0, &[post("a", "1")]);
    assert_eq!(reader.len().unwrap(), 1);
}

#[test]
fn an_index_that_is_missing_of_another_format_or_damaged_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tantivy");
    assert!(matches!(Index::read_only(&path), Err(Error::Missing { .. })));

    let spoil: [fn(&str) -> String; 3] = [
        |meta| meta.replace(r#"\"format\":"#, r#"\"format\":9"#),
        |meta| meta.replace("\"title\"", "\"headline\""),
        |meta| meta[..meta.len() / 2].to_owned(),
    ];
    for (at, spoil) in spoil.into_iter().enumerate() {
        let mut world = World::new();
        world.add(0, &[post("a", "1")]);
        let path = world.folder.path().join("tantivy");
        let meta = std::fs::read_to_string(path.join("meta.json")).unwrap();
        std::fs::write(path.join("meta.json"), spoil(&meta)).unwrap();
        let refused = Index::read_only(&path).err().unwrap();
        assert!(refused.rebuild_helps() && refused.hint().is_some(), "{at}: {refused}");
        let again = Index::open(&path).unwrap();
        assert_eq!((again.through().unwrap(), again.len().unwrap()), (0, 0), "{at}");
    }
}

/// Spoils each file with this ending; says what a reader says.
fn spoiled(ending: &str, spoil: fn(Vec<u8>) -> Vec<u8>) -> Result<Hits, Error> {
    let mut world = World::new();
    world.add(0, &(0..50).map(|guid| post("a", &guid.to_string())).collect::<Vec<_>>());
    let path = world.folder.path().join("tantivy");
    for file in std::fs::read_dir(&path).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_some_and(|own| own == ending) {
            let content = std::fs::read(&file).unwrap();
            std::fs::write(file, spoil(content)).unwrap();
        }
    }
    let (query, zone) = (query::parse("\"text of\"").unwrap(), TimeZone::UTC);
    let asking = Asking { sources: &world.sources, now: at(NOW), zone: &zone };
    Index::read_only(&path)?.search(Some(&query), &asking, Sort::Newest, 10)
}

#[test]
fn files_that_make_no_sense_are_damage_and_no_panic() {
    for ending in ["fast", "fieldnorm", "idx", "json", "pos", "store", "term"] {
        for spoil in [|content: Vec<u8>| content[..content.len() / 2].to_vec(), |_| Vec::new()] {
            let refused = spoiled(ending, spoil).unwrap_err();
            assert!(refused.rebuild_helps(), "{ending}: {refused:?}");
        }
        let garbage = |content: Vec<u8>| {
            let half = content.len() / 2;
            [vec![0xff; half], content[half..].to_vec()].concat()
        };
        if let Err(refused) = spoiled(ending, garbage) {
            assert!(refused.rebuild_helps(), "{ending}: {refused:?}");
        }
    }
}

#[test]
fn a_torn_file_is_damage_when_the_index_is_opened() {
    let mut world = World::new();
    world.add(0, &(0..9).map(|guid| post("a", &guid.to_string())).collect::<Vec<_>>());
    world.add(9, &[Post { version: 2, ..post("a", "1") }]);
    let path = world.folder.path().join("tantivy");
    let files: Vec<_> =
        std::fs::read_dir(&path).unwrap().map(|file| file.unwrap().path()).collect();
    for file in files.iter().filter(|file| file.extension().is_none_or(|own| own != "lock")) {
        let content = std::fs::read(file).unwrap();
        for length in [0, 1, content.len() / 2, content.len() - 2] {
            std::fs::write(file, &content[..length]).unwrap();
            let refused = Index::read_only(&path).err();
            let said = format!("{length} of {} bytes: {}", content.len(), file.display());
            assert!(refused.expect(&said).rebuild_helps(), "{said}");
        }
        std::fs::write(file, &content).unwrap();
        assert_eq!(Index::read_only(&path).unwrap().len().unwrap(), 9);
    }
}

#[test]
fn an_index_whose_segments_are_gone_is_made_anew() {
    let mut world = World::new();
    world.add(0, &[post("a", "1")]);
    let path = world.folder.path().join("tantivy");
    for file in std::fs::read_dir(&path).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_some_and(|ending| ending == "idx" || ending == "fast") {
            std::fs::remove_file(file).unwrap();
        }
    }
    assert!(Index::read_only(&path).err().unwrap().rebuild_helps());
    assert_eq!(Index::open(&path).unwrap().through().unwrap(), 0);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_said() {
    use std::os::unix::fs::PermissionsExt;

    let mut world = World::new();
    world.add(0, &[post("a", "1")]);
    let path = world.folder.path().join("tantivy");
    for file in std::fs::read_dir(&path).unwrap() {
        let file = file.unwrap().path();
        std::fs::set_permissions(file, PermissionsExt::from_mode(0o444)).unwrap();
    }
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o555)).unwrap();
    // Who may write everywhere (root) has no such folder.
    if std::fs::write(path.join("probe"), "").is_err() {
        let refused = Index::open(&path).and_then(|mut index| index.writer().map(|_| ()));
        let refused = refused.unwrap_err();
        assert!(matches!(refused, Error::Io { .. }), "{refused:?}");
    }
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
}

const WORDS: [&str; 17] = [
    "index",
    "indexes",
    "merging",
    "segments",
    "the",
    "news",
    "neue",
    "Häuser",
    "haus",
    "東京",
    "東京都のデータベース",
    "データ",
    "검색",
    "index의",
    "전문검색을",
    "ภาษา",
    "ภาษาไทย",
];

fn some_text() -> impl Strategy<Value = String> {
    prop::collection::vec(select(&WORDS[..]), 0..6).prop_map(|words| words.join(" "))
}

prop_compose! {
    fn some_post()(
        feed in select(&["a", "b", "c", "d"][..]),
        guid in 0..1000_u32,
        title in prop::option::of(some_text()),
        text in some_text(),
        language in prop::option::of(select(&["en", "de", "pl", "en-GB", "zh", "ja", "ko"][..])),
        author in select(&["", "Inés Okafor", "Tomas Brandt"][..]),
        handle in prop::option::of(select(&["ines@host.example", "tomas"][..])),
        tag in prop::option::of(select(&["search", "Rust"][..])),
        link in prop::option::of(select(&["x.example/y", "x.example/y/z?q=1", "www.X.example"][..])),
        url in prop::option::of(select(&["https://blog.a.example/one?x=1", "http://a.example"][..])),
        hour in prop::option::of(0..24_u32),
    ) -> Post {
        Post {
            title,
            text,
            language: language.map(str::to_owned),
            author: Author {
                name: author.into(),
                handles: handle.into_iter().map(|name| Handle::new("mastodon", name)).collect(),
            },
            tags: tag.into_iter().map(str::to_owned).collect(),
            links: link.into_iter().map(str::to_owned).collect(),
            url: url.map(str::to_owned),
            canonical: None,
            published: hour.map(|hour| at(&format!("2026-10-12T{hour:02}:00:00Z"))),
            ..post(feed, &guid.to_string())
        }
    }
}

fn some_leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(&WORDS[..]).prop_map(str::to_owned),
        2 => (select(&WORDS[..]), select(&WORDS[..])).prop_map(|(a, b)| format!("\"{a} {b}\"")),
        5 => select(
            &[
                "ind*", "hä*", "seg*", "東*", "データ*", "검색*", "author:ines", "author:@tomas", "author:\"ines okafor\"",
                "author:ines@host.example", "person:okafor", "person:tomas", "source:search",
                "source:\"ines mastodon\"", "lang:en", "lang:de", "tag:rust", "site:a.example",
                "site:blog.a.example/one", "site:example", "https://x.example/y/", "after:yesterday",
                "before:2026-10-12", "after:20h", "before:today",
            ][..],
        )
        .prop_map(str::to_owned),
    ]
}

fn some_query() -> impl Strategy<Value = String> {
    some_leaf().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| parts.join(" ")),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" OR "))),
            inner.prop_map(|part| format!("NOT ({part})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_index_finds_what_the_query_language_says(
        posts in prop::collection::vec(some_post(), 1..12),
        queries in prop::collection::vec(some_query(), 12),
    ) {
        let mut posts = posts;
        posts.sort_by_key(|post| post.id);
        posts.dedup_by_key(|post| post.id);
        let mut world = World::new();
        world.add(0, &posts);
        let zone = TimeZone::UTC;
        for text in queries {
            let query = query::parse(&text).unwrap();
            let mut found: Vec<PostId> =
                world.find(Some(&query), Sort::Relevance, 100).hits.iter().map(|hit| hit.id).collect();
            found.sort();
            let said: Vec<PostId> = posts
                .iter()
                .filter(|post| {
                    let source = world.sources.get(&post.feed).map_or("", String::as_str);
                    let subject = Subject::new(post, person(post), source, at(NOW), &zone);
                    query::matches(&query, &subject)
                })
                .map(|post| post.id)
                .collect();
            prop_assert_eq!(found, said, "{}", text);
        }
    }
}

#[test]
fn an_instant_at_the_end_of_time_is_no_error() {
    let mut world = World::new();
    world.add(0, &[post("a", "1")]);
    for when in [Timestamp::MIN, Timestamp::MAX] {
        let after = Query::Leaf(Leaf::After(When::Instant(when)));
        let found = world.find(Some(&after), Sort::Newest, 10).total;
        assert_eq!(found, usize::from(when == Timestamp::MIN));
    }
}
