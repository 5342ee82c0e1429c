//! A document with all that the standards name in it, before it is narrowed to posts.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use url::Url;

use crate::model::{Problem, RawAuthor, RawPost};
use crate::normalize::html;
use crate::source::Parsed;
use crate::source::xml::{Element, MAX_ENTRIES, Reading};

use super::{entry, fields, head, strict};

/// A feed document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// What it says of itself.
    pub head: Head,
    /// Its entries, in its order.
    pub entries: Vec<Entry>,
    /// It ended where it should.
    pub whole: bool,
    /// What was wrong with single entries.
    pub problems: Vec<Problem>,
}

/// What a feed says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Head {
    /// `title`; may hold HTML.
    pub title: Option<String>,
    /// RSS `description`, `atom:subtitle`.
    pub subtitle: Option<String>,
    /// The page that it is the feed of.
    pub link: Option<String>,
    /// `atom:id`.
    pub id: Option<String>,
    /// Language tag.
    pub language: Option<String>,
    /// Who writes where an entry names nobody (RFC 4287 §4.2.1).
    pub authors: Vec<RawAuthor>,
    /// As written.
    pub updated: Option<String>,
    /// As written.
    pub published: Option<String>,
    /// RSS `ttl`, or one `sy:updatePeriod` by `sy:updateFrequency`.
    pub ttl: Option<SignedDuration>,
    /// Hours of the day, 0–23 in UTC, in which nobody need ask.
    pub skip_hours: Vec<u8>,
    /// English names of days on which nobody need ask.
    pub skip_days: Vec<String>,
    /// A JSON Feed that says it will never change again.
    pub expired: bool,
}

/// An entry, and what of it does not belong to a post.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// The post. Its authors are its own, not the feed's.
    pub post: RawPost,
    /// All its links, whatever their relation.
    pub links: Vec<String>,
    /// What comes with it.
    pub enclosures: Vec<Enclosure>,
}

/// A file that comes with an entry; never fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enclosure {
    /// Where it is.
    pub url: String,
    /// Its media type, as written.
    pub media_type: Option<String>,
    /// Its size in bytes, as written.
    pub length: Option<String>,
}

impl Sheet {
    /// Narrows to what a poll keeps: entries without an author get the feed's, entries without
    /// a language the feed's.
    pub fn into_parsed(self) -> Parsed {
        let Head { title, link, language, authors, ttl, skip_hours, skip_days, expired, .. } =
            self.head;
        let inherit = |entry: Entry| {
            let mut post = entry.post;
            if post.authors.is_empty() {
                post.authors.clone_from(&authors);
            }
            post.language = post.language.or_else(|| language.clone());
            post
        };
        Parsed {
            title: title.map(|title| html::title(&title)),
            site: link,
            ttl,
            skip_hours,
            skip_days,
            expired,
            whole: self.whole,
            found: None,
            posts: self.entries.into_iter().map(inherit).collect(),
            language: language.clone(),
            problems: self.problems,
        }
    }
}

/// Says how many entries are beyond the limit.
pub(super) fn tell_left_out(left_out: usize, problems: &mut Vec<Problem>) {
    if left_out > 0 {
        let text = format!("holds {left_out} entries more than the {MAX_ENTRIES} that are read");
        problems.push(Problem::new("the feed", text));
    }
}

/// Makes a sheet of an XML document found at `url` (possibly empty).
pub(super) fn from_xml(reading: Reading, url: &str) -> Sheet {
    let Reading { root, mut entries, left_out, truncated, cut_entry } = reading;
    let atom = matches!(root.name.as_str(), "feed" | "entry");
    let base = fields::base(&root, Url::parse(url).ok().as_ref());
    let channel = root.child("channel").unwrap_or(&root);
    let base =
        if std::ptr::eq(channel, &root) { base } else { fields::base(channel, base.as_ref()) };
    let head = head::read(&root, channel, atom, base.as_ref());
    if root.name == "entry" {
        entries.push(root);
    }
    let mut problems = Vec::new();
    if cut_entry {
        let text =
            format!("the document ends inside an entry; {} before it are kept", entries.len());
        problems.push(Problem::new("entries", text));
    }
    tell_left_out(left_out, &mut problems);
    let bases: Vec<_> = entries.iter().map(|entry| fields::base(entry, base.as_ref())).collect();
    let mut read = strict::read(&entries, &bases, atom, &mut problems);
    for ((entry, post), base) in entries.iter().zip(&mut read).zip(&bases) {
        entry::complete(post, entry, atom, base.as_ref());
    }
    if !truncated {
        disown_repeated_guids(&mut read, &entries);
    }
    Sheet { head, entries: read, whole: !truncated, problems }
}

/// `rdf:about` names a page and serves as a guid only while it is unique.
fn disown_repeated_guids(read: &mut [Entry], entries: &[Element]) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for entry in read.iter() {
        if let Some(guid) = &entry.post.guid {
            *count.entry(guid.clone()).or_default() += 1;
        }
    }
    for (entry, element) in read.iter_mut().zip(entries) {
        let about_only = element.child("guid").is_none() && element.child("id").is_none();
        let repeated = entry.post.guid.as_ref().is_some_and(|guid| count[guid] > 1);
        if about_only && repeated {
            entry.post.guid = None;
        }
    }
}
