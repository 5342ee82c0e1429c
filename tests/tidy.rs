//! The rules of the house, read from `src/` on every run: floors and their order, purity, sizes,
//! headers, names. Each rule is a function of a file's path and text, and has a test that shows
//! it fail on a planted violation.

use crate::support::code::{names_at_root, only_code, without_tests};
use crate::support::files::{read, rust_files};

/// The rooms by floor, left to right. A room uses only those that stand before it.
pub(crate) const FLOORS: [&[&str]; 6] = [
    &["model"],
    &[
        "text",
        "query",
        "address",
        "normalize",
        "source",
        "schedule",
        "dedup",
        "identity",
        "topic",
        "relate",
        "rank",
        "agenda",
        "digest",
    ],
    &["config"],
    &["fetch", "archive", "index", "deliver"],
    &["pipeline", "evaluate"],
    &["web", "daemon", "cli"],
];

/// Files that are one long table, and so may be longer than [`MAX_LINES`].
const TABLES: &[&str] = &[];
const MAX_LINES: usize = 400;
const VAGUE: [&str; 12] = [
    "util", "utils", "helper", "helpers", "manager", "common", "misc", "data", "process", "handle",
    "core", "stuff",
];

/// One file of `src/`.
struct Source {
    /// Under `src/`, with `/`: `query/parse.rs`.
    path: String,
    text: String,
    /// Without comments, literals and tests.
    code: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Source {
        let code = without_tests(&only_code(text));
        Source { path: path.to_owned(), text: text.to_owned(), code }
    }

    /// `query` for `query/parse.rs`; `None` for `lib.rs` and `main.rs`.
    fn room(&self) -> Option<&str> {
        let first = self.path.split('/').next()?;
        let name = first.strip_suffix(".rs").unwrap_or(first);
        (!matches!(name, "lib" | "main")).then_some(name)
    }

    /// `None` for `lib.rs`, `main.rs` and a room that stands in no floor.
    fn floor(&self) -> Option<usize> {
        floor_of(self.room()?)
    }

    /// How many `super::` lead from here to the crate's root.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("mod.rs") { parts - 1 } else { parts }
    }

    /// Breaches at each line of code on which `what` finds something.
    fn lines<T: Into<Option<String>>>(&self, what: impl Fn(&str) -> T) -> Vec<Breach> {
        let lines = self.code.lines().enumerate();
        lines
            .filter_map(|(at, line)| Some(Breach { line: at + 1, what: what(line).into()? }))
            .collect()
    }
}

/// A rule broken at a line.
#[derive(Debug, PartialEq)]
struct Breach {
    line: usize,
    what: String,
}

/// A rule: its name says what holds.
type Rule = (&'static str, fn(&Source) -> Vec<Breach>);

const RULES: [Rule; 13] = [
    ("a room stands on a floor of the house", known_room),
    ("a room uses only rooms that stand before it", order),
    ("doors do not know one another", doors_apart),
    ("config never travels below pipeline", config_stays_up),
    ("floors 0 and 1 are pure", purity),
    ("the wall clock is read on floor 5 only", no_clock),
    ("each door of the world has one room", one_room_per_door),
    ("only faces print", no_print),
    ("a file opens with a header", header),
    ("a file is at most 400 lines", size),
    ("shipped code does not unwrap", no_unwrap),
    ("nothing is left to do", nothing_open),
    ("a file's name says what it holds", no_vague_name),
];

#[test]
fn the_house_keeps_its_rules() {
    let files = rust_files("src");
    assert!(files.len() > 20, "src/ was not read");
    let mut report = String::new();
    let only_tests = only_tests(&files);
    for (path, text) in &files {
        let mut source = Source::new(path, text);
        if only_tests.contains(path) {
            source.code.clear();
        }
        for (name, rule) in RULES {
            for Breach { line, what } in rule(&source) {
                report += &format!("src/{path}:{line}: {name}: {what}\n");
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn lib_lists_the_rooms_in_the_order_of_the_floors() {
    let code = only_code(&read("src/lib.rs"));
    let listed: Vec<&str> = code
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let places: Vec<_> = listed.iter().map(|room| place(room)).collect();
    assert!(places.iter().all(Option::is_some), "unknown room in {listed:?}");
    assert!(places.is_sorted(), "lib.rs lists {listed:?}");
}

/// Files that a `#[cfg(test)] mod name;` beside them takes in.
fn only_tests(files: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for after in only_code(text).split("#[cfg(test)]").skip(1) {
            let item = after.trim_start().trim_start_matches("pub(super) ");
            if let Some(name) = item.strip_prefix("mod ").and_then(|rest| rest.split(';').next()) {
                found.push(format!("{folder}/{name}.rs"));
            }
        }
    }
    found
}

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The room's number, counted through all floors.
fn place(room: &str) -> Option<usize> {
    FLOORS.iter().flat_map(|rooms| rooms.iter()).position(|name| *name == room)
}

fn breach(line: usize, what: impl Into<String>) -> Vec<Breach> {
    vec![Breach { line, what: what.into() }]
}

fn known_room(source: &Source) -> Vec<Breach> {
    match source.room() {
        Some(room) if place(room).is_none() => breach(1, format!("`{room}` is no room")),
        _ => Vec::new(),
    }
}

/// Rooms that `source` names, with their lines.
fn rooms_used(source: &Source) -> Vec<(usize, String)> {
    let mut used = names_at_root(&source.code, source.depth());
    used.retain(|(_, name)| place(name).is_some());
    used
}

fn order(source: &Source) -> Vec<Breach> {
    let Some(own) = source.room().and_then(place) else { return Vec::new() };
    let room = source.room().unwrap_or_default();
    let late = |name: &String| place(name).is_some_and(|other| other > own);
    rooms_used(source)
        .into_iter()
        .filter(|(_, name)| late(name))
        .map(|(line, name)| Breach { line, what: format!("`{room}` uses `{name}`") })
        .collect()
}

fn doors_apart(source: &Source) -> Vec<Breach> {
    if source.floor() != Some(3) {
        return Vec::new();
    }
    let room = source.room().unwrap_or_default();
    rooms_used(source)
        .into_iter()
        .filter(|(_, name)| floor_of(name) == Some(3) && name != room)
        .map(|(line, name)| Breach { line, what: format!("`{room}` knows `{name}`") })
        .collect()
}

fn config_stays_up(source: &Source) -> Vec<Breach> {
    if source.floor().is_none_or(|floor| floor > 3) || source.room() == Some("config") {
        return Vec::new();
    }
    let used = rooms_used(source).into_iter().filter(|(_, name)| name == "config");
    used.map(|(line, _)| Breach { line, what: "`config` is handed down".to_owned() }).collect()
}

/// Finds `needle` in `line` where it does not continue a longer word.
fn has(line: &str, needle: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(needle).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + needle.len()..].chars().next();
        let longer = before.is_some_and(word) && needle.starts_with(word)
            || after.is_some_and(word) && needle.ends_with(word);
        !longer
    })
}

fn first_of(line: &str, needles: &[&str]) -> Option<String> {
    needles.iter().find(|needle| has(line, needle)).map(|needle| format!("`{needle}`"))
}

/// `std::io`'s traits read memory as well as the world, so only its ways out are refused.
fn purity(source: &Source) -> Vec<Breach> {
    const IMPURE: &str = "SystemTime Instant::now time::Instant Timestamp::now Zoned::now Local::now \
         Utc::now std::fs std::net::TcpStream std::net::TcpListener std::net::UdpSocket \
         std::net::ToSocketAddrs std::env std::process std::thread io::stdin io::stdout \
         io::stderr tokio reqwest rusqlite tantivy rand HashMap HashSet RandomState \
         async tracing";
    if source.floor().is_none_or(|floor| floor > 1) {
        return Vec::new();
    }
    let impure: Vec<&str> = IMPURE.split_whitespace().collect();
    source.lines(|line| first_of(line, &impure))
}

fn no_clock(source: &Source) -> Vec<Breach> {
    const CLOCKS: [&str; 5] =
        ["Timestamp::now", "Zoned::now", "SystemTime", "Local::now", "Utc::now"];
    if source.floor().is_none_or(|floor| floor > 4) {
        return Vec::new();
    }
    source.lines(|line| first_of(line, &CLOCKS))
}

fn one_room_per_door(source: &Source) -> Vec<Breach> {
    const DOORS: [(&str, &str); 3] =
        [("reqwest", "fetch"), ("rusqlite", "archive"), ("tantivy", "index")];
    let room = source.room().unwrap_or_default();
    source.lines(|line| {
        let (what, owner) =
            DOORS.iter().find(|(what, owner)| *owner != room && has(line, &format!("{what}::")))?;
        Some(format!("`{what}` belongs to `{owner}`"))
    })
}

fn no_print(source: &Source) -> Vec<Breach> {
    const PRINTS: [&str; 5] = ["println!", "print!", "eprintln!", "eprint!", "dbg!"];
    if source.floor().is_none_or(|floor| floor > 4) {
        return Vec::new();
    }
    source.lines(|line| first_of(line, &PRINTS))
}

fn header(source: &Source) -> Vec<Breach> {
    let first = source.text.lines().next().unwrap_or_default();
    let says = first.strip_prefix("//!").is_some_and(|rest| rest.trim().len() > 10);
    if says { Vec::new() } else { breach(1, "no `//!` header") }
}

fn size(source: &Source) -> Vec<Breach> {
    let lines = source.text.lines().count();
    if lines <= MAX_LINES || TABLES.contains(&source.path.as_str()) {
        return Vec::new();
    }
    breach(
        lines,
        format!("{lines} lines: split it by meaning, or name it a table in tests/tidy.rs"),
    )
}

fn no_unwrap(source: &Source) -> Vec<Breach> {
    source.lines(|line| line.contains(".unwrap()").then(|| "say why in `expect`".to_owned()))
}

fn nothing_open(source: &Source) -> Vec<Breach> {
    const OPEN: [&str; 3] = ["todo!", "unimplemented!", "#[ignore"];
    let code = only_code(&source.text);
    Source { code, path: source.path.clone(), text: String::new() }
        .lines(|line| first_of(line, &OPEN))
}

fn no_vague_name(source: &Source) -> Vec<Breach> {
    let words = source.path.trim_end_matches(".rs").split(['/', '_']);
    let vague = words.filter(|word| VAGUE.contains(word));
    vague.map(|word| Breach { line: 1, what: format!("`{word}` says nothing") }).collect()
}

/// Asserts that `rule` finds something at `line` of a file `path` with this text.
fn fails(rule: fn(&Source) -> Vec<Breach>, path: &str, text: &str, line: usize) {
    let lines: Vec<_> = rule(&Source::new(path, text)).iter().map(|found| found.line).collect();
    assert_eq!(lines, [line], "{path}: {text}");
}

fn holds(rule: fn(&Source) -> Vec<Breach>, path: &str, text: &str) {
    assert_eq!(rule(&Source::new(path, text)), [], "{path}: {text}");
}

#[test]
fn a_room_without_a_floor_is_found() {
    fails(known_room, "cellar/mod.rs", "", 1);
    holds(known_room, "address.rs", "");
    holds(known_room, "lib.rs", "");
}

#[test]
fn a_use_against_the_order_is_found_however_it_is_written() {
    fails(order, "query/parse.rs", "\nuse crate::topic::Topic;", 2);
    fails(order, "query/mod.rs", "fn a() { crate::cli::run() }", 1);
    fails(order, "query/mod.rs", "use crate::{\n    model::{Post, PostId},\n    rank,\n};", 1);
    fails(order, "query/mod.rs", "use super::rank::Signal;", 1);
    fails(order, "query/parse.rs", "use super::super::rank::Signal;", 1);
    holds(order, "query/parse.rs", "use super::rank; use crate::text::words; use crate::model;");
    holds(order, "query/mod.rs", "// crate::rank\n#[cfg(test)]\nmod tests { use crate::rank; }");
}

#[test]
fn a_door_that_knows_another_is_found() {
    fails(doors_apart, "index/mod.rs", "use crate::archive::Archive;", 1);
    holds(doors_apart, "index/mod.rs", "use crate::index::writer; use crate::query::Query;");
}

#[test]
fn config_below_pipeline_is_found() {
    fails(config_stays_up, "fetch/client.rs", "use crate::config::Config;", 1);
    holds(config_stays_up, "pipeline/mod.rs", "use crate::config::Config;");
}

#[test]
fn impure_thought_is_found() {
    fails(purity, "topic/mod.rs", "\n\nuse std::collections::HashMap;", 3);
    fails(purity, "model/post.rs", "let now = Timestamp::now();", 1);
    fails(purity, "rank/mod.rs", "async fn a() {}", 1);
    fails(purity, "digest/mod.rs", "let a = std::fs::read(b);", 1);
    holds(
        purity,
        "topic/mod.rs",
        "let operand = instant(); use std::io::Read; use std::net::IpAddr;",
    );
    holds(purity, "fetch/mod.rs", "use std::collections::HashMap;");
}

#[test]
fn a_file_of_tests_is_known_by_its_door() {
    let door = ("query/mod.rs".to_owned(), "mod a;\n#[cfg(test)]\nmod samples;".to_owned());
    assert_eq!(only_tests(&[door]), ["query/samples.rs"]);
}

#[test]
fn a_clock_below_the_faces_is_found() {
    fails(no_clock, "pipeline/poll.rs", "let now = jiff::Timestamp::now();", 1);
    holds(no_clock, "cli/fetch.rs", "let now = Timestamp::now();");
    holds(no_clock, "fetch/client.rs", "let start = Instant::now();");
}

#[test]
fn a_second_way_to_the_world_is_found() {
    fails(one_room_per_door, "archive/mod.rs", "use reqwest::Client;", 1);
    fails(one_room_per_door, "pipeline/mod.rs", "rusqlite::Connection::open(a)", 1);
    fails(one_room_per_door, "cli/mod.rs", "use tantivy::Index;", 1);
    holds(one_room_per_door, "index/mod.rs", "use tantivy::Index;");
}

#[test]
fn the_other_rules_find_what_they_are_for() {
    fails(no_print, "pipeline/mod.rs", "println!(\"a\");", 1);
    holds(no_print, "cli/mod.rs", "println!(\"a\");");
    fails(header, "text/mod.rs", "use a;\n//! Late header of the file.", 1);
    fails(size, "text/mod.rs", &"a\n".repeat(401), 401);
    fails(no_unwrap, "text/mod.rs", "\na.unwrap();", 2);
    holds(no_unwrap, "text/mod.rs", "a.unwrap_or(b); #[cfg(test)] mod tests { a.unwrap() }");
    fails(nothing_open, "text/mod.rs", "#[cfg(test)] mod tests { fn a() { todo!() } }", 1);
    fails(nothing_open, "text/mod.rs", "\n#[ignore = \"slow\"] fn a() {}", 2);
    fails(no_vague_name, "text/string_utils.rs", "", 1);
}
