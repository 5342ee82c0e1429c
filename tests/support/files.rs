//! Files of this repository, for tests that read it as a reviewer would.

use std::path::{Path, PathBuf};

/// The folder that holds `Cargo.toml`.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file of the repository; its path is named where that fails.
pub(crate) fn read(path: &str) -> String {
    let whole = repository().join(path);
    std::fs::read_to_string(&whole).unwrap_or_else(|error| panic!("{}: {error}", whole.display()))
}

/// Every `.rs` file under `folder` of the repository: its path there, with `/`, and its text.
/// Sorted by path.
pub(crate) fn rust_files(folder: &str) -> Vec<(String, String)> {
    let root = repository().join(folder);
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found.sort();
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let parts: Vec<_> = path
                .strip_prefix(root)
                .unwrap()
                .iter()
                .map(|part| part.to_string_lossy())
                .collect();
            found.push((parts.join("/"), std::fs::read_to_string(&path).unwrap()));
        }
    }
}
