//! Figures on labelled data, one file for each task.
//!
//! Each task reads lines from anything and writes its predictions, one line for each input; the
//! scorers stand outside the program. No archive, settings or network is touched.

pub mod asks;
pub mod extract;
pub mod parse;
pub mod topics;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

/// Input that is missing or malformed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input could not be read, or the output not written.
    #[error("cannot read or write")]
    Io(#[from] io::Error),
    /// A line is not the JSON object that the task expects.
    #[error("line {line}")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Opens a file of lines; unpacks it where its name ends in `.gz`.
pub fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let file = BufReader::new(File::open(path)?);
    let packed = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
    Ok(if packed { Box::new(BufReader::new(MultiGzDecoder::new(file))) } else { Box::new(file) })
}

/// Reads one value for each line that is not blank.
fn lines<T: serde::de::DeserializeOwned>(reader: impl BufRead) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    for (at, line) in reader.lines().enumerate() {
        let line = line?;
        if !line.trim().is_empty() {
            let value = serde_json::from_str(&line);
            values.push(value.map_err(|source| Error::Line { line: at + 1, source })?);
        }
    }
    Ok(values)
}
