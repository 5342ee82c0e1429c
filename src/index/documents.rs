//! A post as the index keeps it: terms, no text.
//!
//! Terms are made here, by `text`, and joined by spaces; the engine only cuts at the spaces.
//! So a term here is a term of `query::matches`, and neighbors are neighbors.

use std::collections::BTreeSet;

use jiff::Timestamp;
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};

use crate::model::{Post, PostId};
use crate::query::link_key;
use crate::text::{Token, analyze, base_language, links, unaccent, words};

/// A version of a post, for the index.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The row in the archive.
    pub seq: i64,
    /// The post; its newest version takes the place of older ones.
    pub post: &'a Post,
    /// The name of the person of `feeds.yaml` who wrote it.
    pub person: Option<&'a str>,
}

/// The fields of the schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// To delete by.
    pub(super) id: Field,
    /// The id's first and last 8 bytes, to read.
    pub(super) id_high: Field,
    pub(super) id_low: Field,
    /// Row of the archive.
    pub(super) seq: Field,
    /// Nanoseconds since 1970: published, else seen.
    pub(super) at: Field,
    /// Terms, with positions.
    pub(super) title: Field,
    pub(super) text: Field,
    /// Words of both as they are written, for prefixes.
    pub(super) word: Field,
    /// Words of a name, with positions.
    pub(super) author: Field,
    pub(super) person: Field,
    /// `ines@host` and `mastodon:ines@host`.
    pub(super) handle: Field,
    pub(super) feed: Field,
    pub(super) lang: Field,
    pub(super) tag: Field,
    /// Every site that its pages are on.
    pub(super) site: Field,
    /// Link keys of its pages and of what it links to.
    pub(super) link: Field,
}

/// Names of the fast fields, by which collectors ask for them.
pub(super) const AT: &str = "at";
pub(super) const ID_HIGH: &str = "id_high";
pub(super) const ID_LOW: &str = "id_low";
pub(super) const SEQ: &str = "seq";

pub(super) fn schema() -> Schema {
    let mut schema = Schema::builder();
    let terms = |record: IndexRecordOption, norms: bool| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(record)
            .set_fieldnorms(norms);
        TextOptions::default().set_indexing_options(indexing)
    };
    let scored = terms(IndexRecordOption::WithFreqsAndPositions, true);
    let named = terms(IndexRecordOption::WithFreqsAndPositions, false);
    schema.add_bytes_field("id", INDEXED);
    schema.add_u64_field(ID_HIGH, FAST);
    schema.add_u64_field(ID_LOW, FAST);
    schema.add_i64_field(SEQ, FAST);
    schema.add_i64_field(AT, FAST);
    schema.add_text_field("title", scored.clone());
    schema.add_text_field("text", scored);
    schema.add_text_field("word", terms(IndexRecordOption::Basic, false));
    schema.add_text_field("author", named.clone());
    schema.add_text_field("person", named);
    for name in ["handle", "feed", "lang", "tag", "site", "link"] {
        schema.add_text_field(name, STRING);
    }
    schema.build()
}

impl Fields {
    pub(super) fn of(schema: &Schema) -> Fields {
        let field = |name| schema.get_field(name).expect("the schema is ours");
        Fields {
            id: field("id"),
            id_high: field(ID_HIGH),
            id_low: field(ID_LOW),
            seq: field(SEQ),
            at: field(AT),
            title: field("title"),
            text: field("text"),
            word: field("word"),
            author: field("author"),
            person: field("person"),
            handle: field("handle"),
            feed: field("feed"),
            lang: field("lang"),
            tag: field("tag"),
            site: field("site"),
            link: field("link"),
        }
    }

    /// Makes the engine's document.
    pub(super) fn document(&self, document: &Document<'_>) -> TantivyDocument {
        let post = document.post;
        let mut made = TantivyDocument::new();
        let (high, low) = halves(post.id);
        made.add_bytes(self.id, post.id.as_bytes());
        made.add_u64(self.id_high, high);
        made.add_u64(self.id_low, low);
        made.add_i64(self.seq, document.seq);
        made.add_i64(self.at, nanoseconds(post.published.unwrap_or(post.seen)));
        self.add_texts(&mut made, post);
        self.add_facts(&mut made, document);
        self.add_addresses(&mut made, post);
        made
    }

    fn add_texts(&self, made: &mut TantivyDocument, post: &Post) {
        let lang = post.language.as_deref();
        let title = analyze(post.title.as_deref().unwrap_or(""), lang);
        let text = analyze(&post.text, lang);
        let all: BTreeSet<&str> = title.iter().chain(&text).map(|t| t.word.as_str()).collect();
        made.add_text(self.title, joined(title.iter().map(term)));
        made.add_text(self.text, joined(text.iter().map(term)));
        made.add_text(self.word, joined(all));
    }

    fn add_facts(&self, made: &mut TantivyDocument, document: &Document<'_>) {
        let post = document.post;
        made.add_text(self.author, name_terms(&post.author.name).join(" "));
        made.add_text(self.person, name_terms(document.person.unwrap_or("")).join(" "));
        for handle in &post.author.handles {
            made.add_text(self.handle, handle.name());
            made.add_text(self.handle, handle.as_str());
        }
        made.add_text(self.feed, post.feed.to_string());
        if post.language.is_some() {
            made.add_text(self.lang, base_language(post.language.as_deref()));
        }
        for tag in &post.tags {
            made.add_text(self.tag, tag.to_lowercase());
        }
    }

    fn add_addresses(&self, made: &mut TantivyDocument, post: &Post) {
        let canonical = post.canonical.as_deref();
        let aliases = post.aliases.iter().map(String::as_str);
        let pages: BTreeSet<String> =
            post.url.as_deref().into_iter().chain(canonical).chain(aliases).map(link_key).collect();
        let sites: BTreeSet<&str> = pages.iter().flat_map(|page| sites(page)).collect();
        for site in sites {
            made.add_text(self.site, site);
        }
        let title = post.title.as_deref().unwrap_or("");
        let spelled = links(title).into_iter().chain(links(&post.text));
        let links = post.links.iter().map(String::as_str).chain(spelled).map(link_key);
        for link in pages.iter().cloned().chain(links).collect::<BTreeSet<String>>() {
            made.add_text(self.link, link);
        }
    }
}

fn term(token: &Token) -> &str {
    &token.term
}

fn joined<'a>(terms: impl IntoIterator<Item = &'a str>) -> String {
    terms.into_iter().collect::<Vec<&str>>().join(" ")
}

/// The words of a name, case and accents aside.
pub(super) fn name_terms(name: &str) -> Vec<String> {
    words(name).into_iter().map(|word| unaccent(&word.text)).collect()
}

/// Everything that `site:` may say of a page: its host and the domains above it, and its
/// address up to each `/` or `?`.
fn sites(page: &str) -> impl Iterator<Item = &str> {
    let host = page.split(['/', '?']).next().unwrap_or(page);
    let domains = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
    let paths = page.match_indices(['/', '?']).map(|(end, _)| &page[..end]);
    [host, page].into_iter().chain(domains).chain(paths)
}

/// The id as two numbers.
pub(super) fn halves(id: PostId) -> (u64, u64) {
    let whole = u128::from_be_bytes(*id.as_bytes());
    ((whole >> 64) as u64, whole as u64)
}

/// Takes back what [`halves`] gave.
pub(super) fn whole((high, low): (u64, u64)) -> PostId {
    PostId::from_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
}

/// Since 1970; the first and the last nanosecond that fit stand for all beyond (1677, 2262).
pub(super) fn nanoseconds(instant: Timestamp) -> i64 {
    let limit = if instant.as_second() < 0 { i64::MIN } else { i64::MAX };
    i64::try_from(instant.as_nanosecond()).unwrap_or(limit)
}
