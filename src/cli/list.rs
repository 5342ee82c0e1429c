//! A list of what somebody follows, from a file, and what of it could not be read.

use std::path::Path;

use super::trouble;
use crate::digest::escape::terminal;
use crate::model::Problem;
use crate::source::lists::{self, Listed};

/// Lists are small; a larger file is another one.
const MOST_BYTES: u64 = 16 << 20;
/// Lines about what a list had that could not be read.
const MOST_PROBLEMS: usize = 8;

/// Says what was skipped and why, each on a line.
pub(super) fn skipped(list: &str, problems: &[Problem]) {
    for problem in problems.iter().take(MOST_PROBLEMS) {
        eprintln!("  {list}: {}", terminal(&problem.to_string()));
    }
    if problems.len() > MOST_PROBLEMS {
        eprintln!("  … and {} more like these", problems.len() - MOST_PROBLEMS);
    }
}

/// Reads a list of any form; `-` is standard input.
pub(super) fn file(path: &Path) -> anyhow::Result<(Vec<Listed>, Vec<Problem>)> {
    let unreadable = |error: std::io::Error| {
        let text = format!("{} cannot be read: {error}", path.display());
        trouble::mistake(text, "name a file of another reader's list")
    };
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        let input = std::io::Read::take(std::io::stdin().lock(), MOST_BYTES);
        std::io::Read::read_to_end(&mut { input }, &mut bytes).map_err(unreadable)?;
        return Ok(lists::any(&bytes));
    }
    if std::fs::metadata(path).map_err(unreadable)?.len() > MOST_BYTES {
        let text = format!("{} is larger than any list of feeds", path.display());
        return Err(trouble::mistake(text, "is it the right file?"));
    }
    Ok(lists::any(&std::fs::read(path).map_err(unreadable)?))
}
