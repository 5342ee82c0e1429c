//! `evaluate asks`: which titles ask their readers something.
//!
//! In: `{"id", "text"}`, the text being a title. Out: `{"id", "ask", "strength"}`.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};

use super::Error;
use crate::text::{ASK_THRESHOLD, ask_strength, language};

#[derive(Deserialize)]
struct Item {
    id: String,
    #[serde(default)]
    text: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    ask: bool,
    strength: f32,
}

/// Reads items, and writes for each how strongly it asks.
pub fn run(reader: impl BufRead, mut writer: impl Write) -> Result<(), Error> {
    for item in super::lines::<Item>(reader)? {
        let lang = language(&item.text);
        let strength = ask_strength(Some(&item.text), "", lang.as_deref(), false);
        let answer = Answer { id: &item.id, ask: strength >= ASK_THRESHOLD, strength };
        let line = serde_json::to_string(&answer).expect("plain values are JSON");
        writeln!(writer, "{line}")?;
    }
    Ok(writer.flush()?)
}
