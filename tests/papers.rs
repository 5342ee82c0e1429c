//! Documents say what is true: the tour names the rooms, the glossary names types, the note on
//! dependencies names them all.

use std::collections::BTreeSet;

use crate::support::files::{read, repository, rust_files};
use crate::tidy::FLOORS;

/// Words in code font that open a table's row: `| `text` | …`, also several in one cell.
fn first_cells(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    cells.flat_map(|cell| code_words(&format!("`{cell}"))).collect()
}

fn code_words(line: &str) -> Vec<String> {
    line.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Rooms that stand in `src/`: its folders and files.
fn rooms_of_src() -> BTreeSet<String> {
    let first = |path: &str| path.split('/').next().unwrap_or_default().replace(".rs", "");
    let mut rooms: BTreeSet<String> =
        rust_files("src").iter().map(|(path, _)| first(path)).collect();
    rooms.remove("lib");
    rooms.remove("main");
    rooms
}

#[test]
fn the_architecture_page_names_each_room_and_none_that_is_gone() {
    let page = read("docs/ARCHITECTURE.md");
    let (_, from_rooms) = page.split_once("## Rooms").unwrap();
    let (tables, _) = from_rooms.split_once("\n## ").unwrap();
    assert_eq!(first_cells(tables), rooms_of_src());
}

#[test]
fn the_architecture_page_lists_the_rooms_in_their_order() {
    let page = read("docs/ARCHITECTURE.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let order: Vec<&str> = FLOORS.iter().flat_map(|rooms| rooms.iter().copied()).collect();
    let listed: Vec<_> = rows.filter_map(|room| order.iter().position(|o| *o == room)).collect();
    assert!(listed.is_sorted(), "{listed:?}");
}

#[test]
fn paths_that_documents_name_are_there() {
    for page in ["docs/ARCHITECTURE.md", "README.md"] {
        for word in read(page).lines().flat_map(code_words) {
            let path = word.trim_end_matches('/');
            let rooted =
                ["src/", "tests/", "docs/", "packaging/"].iter().any(|r| path.starts_with(r));
            if rooted && !path.contains(['<', ' ', '*']) {
                assert!(repository().join(path).exists(), "{page} names `{path}`");
            }
        }
    }
}

#[test]
fn each_type_of_the_glossary_is_in_the_source() {
    let sources: String = rust_files("src").into_iter().map(|(_, text)| text).collect();
    let entries = read("docs/GLOSSARY.md");
    for line in entries.lines().filter(|line| line.starts_with("- **")) {
        let (head, _) = line.split_once(':').unwrap_or((line, ""));
        for name in code_words(head) {
            let there = ["struct", "enum", "trait", "type"].iter().any(|item| {
                let end = |after: &str| !after.starts_with(|c: char| c.is_alphanumeric());
                sources.split(&format!("pub {item} {name}")).skip(1).any(end)
            });
            let by_macro = sources.contains(&format!("    {name}\n}}"));
            assert!(there || by_macro, "the glossary has `{name}`, src/ has not");
        }
    }
}

#[test]
fn the_note_on_dependencies_names_each_and_none_else() {
    let mut wanted = BTreeSet::new();
    let mut in_dependencies = false;
    for line in read("Cargo.toml").lines() {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| in_dependencies) {
            wanted.insert(name.to_owned());
        }
    }
    assert!(wanted.len() > 20, "Cargo.toml was not understood");
    assert_eq!(first_cells(&read("docs/technotes/dependencies.md")), wanted);
}

#[test]
fn the_changelog_has_a_place_for_what_comes_next() {
    assert!(read("CHANGELOG.md").contains("\n## Unreleased\n"));
}
