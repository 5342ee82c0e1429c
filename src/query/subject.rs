//! A post as a query sees it, analyzed once for any number of queries.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Leaf;
use crate::model::Post;
use crate::text::{Token, analyze, base_language, links, unaccent, words};

/// A post with what the archive and the settings know beside it, and the reader's clock.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    post: &'a Post,
    person: Option<&'a str>,
    source: &'a str,
    now: Timestamp,
    zone: &'a TimeZone,
    title: Vec<Token>,
    text: Vec<Token>,
}

impl<'a> Subject<'a> {
    /// Makes one: `person` is the name of the person of `feeds.yaml` who wrote it, `source` the
    /// name of its feed; `now` and `zone` give dates such as `yesterday` their meaning.
    pub fn new(
        post: &'a Post,
        person: Option<&'a str>,
        source: &'a str,
        now: Timestamp,
        zone: &'a TimeZone,
    ) -> Subject<'a> {
        let lang = post.language.as_deref();
        let title = analyze(post.title.as_deref().unwrap_or(""), lang);
        let text = analyze(&post.text, lang);
        Subject { post, person, source, now, zone, title, text }
    }

    /// When the post is, for `after:` and `before:`: published, else seen.
    pub fn at(&self) -> Timestamp {
        self.post.published.unwrap_or(self.post.seen)
    }

    pub(super) fn has(&self, leaf: &Leaf) -> bool {
        let post = self.post;
        match leaf {
            Leaf::Words(_) | Leaf::Prefix(_) => {
                let lang = post.language.as_deref();
                let fields = [&self.title, &self.text];
                fields.into_iter().any(|field| !leaf.hits(field, lang).is_empty())
            }
            Leaf::Link(key) => self.links().any(|link| link_key(link) == *key),
            Leaf::Author(name) => {
                let handle = name.trim_start_matches('@').to_lowercase();
                let named = |h: &crate::model::Handle| h.name() == handle || h.as_str() == handle;
                named_so(&post.author.name, name) || post.author.handles.iter().any(named)
            }
            Leaf::Person(name) => self.person.is_some_and(|person| named_so(person, name)),
            Leaf::Source(name) => named_so(self.source, name),
            Leaf::Lang(lang) => {
                post.language.as_deref().is_some_and(|own| base_language(Some(own)) == lang)
            }
            Leaf::Tag(tag) => post.tags.iter().any(|own| own.to_lowercase() == *tag),
            Leaf::Site(site) => self.pages().any(|page| on_site(&link_key(page), site)),
            Leaf::After(when) => self.at() >= when.instant(self.now, self.zone),
            Leaf::Before(when) => self.at() < when.instant(self.now, self.zone),
        }
    }

    /// Its own addresses.
    fn pages(&self) -> impl Iterator<Item = &str> {
        let post = self.post;
        let aliases = post.aliases.iter().map(String::as_str);
        post.url.as_deref().into_iter().chain(post.canonical.as_deref()).chain(aliases)
    }

    /// Its own addresses and those it links to or spells out.
    fn links(&self) -> impl Iterator<Item = &str> {
        let post = self.post;
        let spelled =
            links(post.title.as_deref().unwrap_or("")).into_iter().chain(links(&post.text));
        self.pages().chain(post.links.iter().map(String::as_str)).chain(spelled)
    }
}

/// Returns what two spellings of one URL share: no scheme, no `www.`, lower-case host, no
/// fragment, no slash at the end. For what an index keeps and what a query asks for; the
/// identity of posts is `normalize::url::canonical`.
pub fn link_key(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or(rest);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let host = rest[..end].to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    format!("{host}{}", rest[end..].trim_end_matches('/'))
}

fn on_site(key: &str, site: &str) -> bool {
    let host = key.split(['/', '?']).next().unwrap_or(key);
    if site.contains('/') {
        let rest = key.strip_prefix(site);
        return rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    }
    host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Says whether the words of `part` stand next to each other in `name`, case and accents aside.
fn named_so(name: &str, part: &str) -> bool {
    let plain = |text: &str| -> Vec<String> {
        words(text).into_iter().map(|word| unaccent(&word.text)).collect()
    };
    let (name, part) = (plain(name), plain(part));
    !part.is_empty() && name.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Author, FeedId, Form, Handle, PostId};
    use crate::query::{matches, parse};

    fn post() -> Post {
        Post {
            id: PostId::new(&["post"]),
            feed: FeedId::new(&["feed"]),
            guid: None,
            url: Some("https://blog.ines.example/2026/cache?x=1".to_owned()),
            canonical: Some("blog.ines.example/2026/cache".to_owned()),
            aliases: vec![],
            title: Some("Tantivy drops the fast-field cache".to_owned()),
            text: "Indexes are faster without it.\nSee https://t.example/abc".to_owned(),
            html: String::new(),
            language: Some("en".to_owned()),
            author: Author {
                name: "Inés Okafor".to_owned(),
                handles: vec![Handle::new("mastodon", "@ines@fosstodon.example")],
            },
            published: Some("2026-10-12T20:00:00Z".parse().expect("a date")),
            seen: "2026-10-13T05:00:00Z".parse().expect("a date"),
            backlog: false,
            form: Form::Article,
            links: vec!["lucene.example/docs".to_owned()],
            mentions: vec![],
            tags: vec!["search".to_owned()],
            in_reply_to: None,
            repost_of: None,
            quote_of: None,
            poll: false,
            bot: false,
            teaser: None,
            version: 1,
        }
    }

    fn found(query: &str, post: &Post) -> bool {
        let now = "2026-10-13T05:30:00Z".parse().expect("a date");
        let zone = TimeZone::UTC;
        let subject = Subject::new(post, Some("Ines O."), "Planet Search", now, &zone);
        matches(&parse(query).expect(query), &subject)
    }

    fn check(query: &str, expected: bool) {
        assert_eq!(found(query, &post()), expected, "{query}");
    }

    #[test]
    fn words_are_found_in_every_form_in_title_and_text() {
        check("index tantivy", true);
        check("caching", true);
        check("index lucene", false);
        check("index -lucene", true);
        check("lucene OR caches", true);
    }

    #[test]
    fn a_phrase_does_not_reach_from_the_title_into_the_text() {
        check("\"fast-field cache\"", true);
        check("\"cache field\"", false);
        check("\"cache indexes\"", false);
    }

    #[test]
    fn a_prefix_is_compared_with_the_word_as_written() {
        check("indexe*", true);
        check("indexi*", false);
    }

    #[test]
    fn fields_look_at_what_they_name() {
        check("author:ines author:\"ines okafor\" author:@ines@fosstodon.example", true);
        check("author:ine", false);
        check("person:ines source:planet lang:en tag:Search", true);
        check("site:ines.example site:blog.ines.example/2026", true);
        check("site:nes.example", false);
        check("site:blog.ines.example/20", false);
        check("lang:de", false);
    }

    #[test]
    fn a_day_begins_with_after_and_ends_before_before() {
        check("after:2026-10-12 before:2026-10-13", true);
        check("after:2026-10-13", false);
        check("before:2026-10-12", false);
        check("after:yesterday before:today", true);
    }

    #[test]
    fn a_link_is_found_in_whatever_spelling() {
        check("http://www.lucene.example/docs/", true);
        check("https://t.example/abc", true);
        check("https://blog.ines.example/2026/cache#top", true);
        check("https://t.example/ab", false);
    }

    #[test]
    fn a_word_meets_its_stem_in_the_language_of_the_post_only() {
        let german = Post {
            title: None,
            text: "Neue Suchmaschinen, neue Häuser".to_owned(),
            language: Some("de".to_owned()),
            ..post()
        };
        assert!(found("suchmaschine haus", &german));
        assert!(found("\"neues haus\"", &german));
        assert!(!found("news", &Post { text: "new".to_owned(), title: None, ..post() }));
    }

    #[test]
    fn the_rows_for_an_index_agree_with_the_hits_in_a_text() {
        let text = "Die neuen Suchmaschinen of the new indexes";
        for lang in [Some("de"), Some("en"), Some("pl"), None] {
            let tokens = analyze(text, lang);
            let phrases =
                ["neue suchmaschine", "new index", "die neuen", "indexes", "suchmaschine the"];
            for phrase in phrases {
                let asked: Vec<String> = words(phrase).into_iter().map(|word| word.text).collect();
                let by_rows = Leaf::rows(&asked).iter().any(|row| {
                    tokens.windows(row.len()).any(|some| some.iter().map(|t| &t.term).eq(row))
                });
                let by_hits = !Leaf::Words(asked).hits(&tokens, lang).is_empty();
                assert_eq!(by_rows, by_hits, "{phrase} {lang:?}");
            }
        }
    }
}
