//! What makes an edit an edit: title, text and address, less what changes by itself.

use sha2::{Digest as _, Sha256};

use crate::model::Post;

/// Hashes of what a post says. Equal content is no edit.
///
/// White space, `5 hours ago` and counters printed into the text (`Points: 12`, `3 comments`)
/// do not count: feeds rewrite them at each poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// Of the title; of nothing where there is none.
    pub title: u64,
    /// Of the plain text, as the feed has it.
    pub text: u64,
    /// Of the canonical URL, else of the URL as published.
    pub address: u64,
}

impl Content {
    /// Hashes the content of `post`.
    pub fn of(post: &Post) -> Content {
        let address = post.canonical.as_deref().or(post.url.as_deref());
        Content {
            title: hash(steady(post.title.as_deref().unwrap_or(""))),
            text: hash(steady(post.teaser.as_deref().unwrap_or(&post.text))),
            address: hash(address.into_iter()),
        }
    }

    /// The same text, or the same title where there is one.
    pub fn tells_the_same(&self, other: &Content) -> bool {
        let untitled = hash(std::iter::empty());
        self.text == other.text || (self.title == other.title && self.title != untitled)
    }

    /// 24 bytes, as the archive keeps them.
    pub fn to_bytes(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        for (place, part) in bytes.chunks_exact_mut(8).zip([self.title, self.text, self.address]) {
            place.copy_from_slice(&part.to_le_bytes());
        }
        bytes
    }

    /// Takes back what `to_bytes` gave.
    pub fn from_bytes(bytes: &[u8; 24]) -> Content {
        let part = |at: usize| {
            let eight = bytes[at..at + 8].try_into().expect("eight of 24 bytes");
            u64::from_le_bytes(eight)
        };
        Content { title: part(0), text: part(8), address: part(16) }
    }
}

/// The first 8 bytes of SHA-256 over `words`, each ended by a zero byte.
fn hash<'a>(words: impl Iterator<Item = &'a str>) -> u64 {
    let mut hasher = Sha256::new();
    for word in words {
        hasher.update(word.as_bytes());
        hasher.update([0]);
    }
    let whole = hasher.finalize();
    u64::from_le_bytes(whole[..8].try_into().expect("SHA-256 has 32 bytes"))
}

/// The words of `text` without counters and relative times.
fn steady(text: &str) -> impl Iterator<Item = &str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut kept = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let skipped = moving(&words[at..]);
        if skipped == 0 {
            kept.push(words[at]);
        }
        at += skipped.max(1);
    }
    kept.into_iter()
}

/// How many of the leading words are a counter or a relative time; 0 if they are neither.
fn moving(words: &[&str]) -> usize {
    if is_number(words[0]) {
        match words {
            [_, unit, ago, ..] if is_time(unit) && bare(ago).eq_ignore_ascii_case("ago") => 3,
            [_, unit, ..] if is_counted(unit) => 2,
            _ => 0,
        }
    } else {
        match words {
            [label, number, ..]
                if label.ends_with(':') && is_counted(label) && is_number(number) =>
            {
                2
            }
            _ => 0,
        }
    }
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_number(word: &str) -> bool {
    let word = bare(word);
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.')
}

fn is_time(word: &str) -> bool {
    const UNITS: [&str; 9] =
        ["second", "sec", "minute", "min", "hour", "day", "week", "month", "year"];
    is_one_of(&UNITS, word)
}

fn is_counted(word: &str) -> bool {
    const COUNTED: [&str; 13] = [
        "point",
        "comment",
        "like",
        "view",
        "reply",
        "replie",
        "boost",
        "vote",
        "upvote",
        "share",
        "repost",
        "reaction",
        "favourite",
    ];
    is_one_of(&COUNTED, word)
}

/// `word` is one of `singulars`, or its plural.
fn is_one_of(singulars: &[&str], word: &str) -> bool {
    let lower = bare(word).to_ascii_lowercase();
    let one = lower.strip_suffix('s').unwrap_or(&lower);
    singulars.contains(&one)
}
