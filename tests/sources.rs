//! Documents as the world sends them, and the posts that are made of them.

use std::fs;
use std::path::Path;

use bellwether::model::{Counters, Document, Feed, FeedId, Form, Post, Select};
use bellwether::normalize::{self, Context};
use bellwether::source::{self, Error, Parsed};
use jiff::SignedDuration;

fn feed(kind: &str) -> Feed {
    let address = format!("https://feeds.example/{kind}");
    Feed {
        id: FeedId::new(&[&address]),
        address,
        name: kind.to_owned(),
        kind: kind.to_owned(),
        owner: None,
        select: None,
        account: None,
        options: Default::default(),
        secret: false,
        unreadable: None,
    }
}

fn document(fixture: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(fixture);
    let body = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Document { url: "https://ines.example/feed".into(), content_type: None, body }
}

fn parsed(fixture: &str) -> Result<Parsed, Error> {
    let kind = fixture.split('/').next().unwrap();
    source::kind(kind).unwrap().parse(&feed(kind), &document(fixture))
}

fn posts(fixture: &str) -> Vec<(Post, Counters)> {
    let feed = feed(fixture.split('/').next().unwrap());
    let parsed = parsed(fixture).unwrap_or_else(|error| panic!("{fixture}: {error}"));
    let ctx = Context {
        feed: &feed,
        site: parsed.site.as_deref(),
        language: parsed.language.as_deref(),
        seen: "2026-06-10T00:00:00Z".parse().unwrap(),
        backlog: false,
    };
    normalize::posts(&parsed.posts, &ctx).0
}

/// Each post as `title | text | page | author's handles`, absent things as `-`.
fn check(fixture: &str, expected: &[&str]) {
    let shown = |(post, _): &(Post, Counters)| {
        let some =
            |text: &str| if text.is_empty() { "-".to_owned() } else { text.replace('\n', "⏎") };
        let handles: Vec<&str> = post.author.handles.iter().map(|handle| handle.as_str()).collect();
        [
            some(post.title.as_deref().unwrap_or("")),
            some(&post.text),
            some(post.url.as_deref().unwrap_or("")),
            some(&handles.join(" ")),
        ]
        .join(" | ")
    };
    let found: Vec<String> = posts(fixture).iter().map(shown).collect();
    assert_eq!(found, expected, "{fixture}");
}

#[test]
fn a_document_cut_in_an_entry_gives_the_whole_ones() {
    check(
        "syndication/truncated_in_entry.rss",
        &["Post 1 | - | https://ines.example/1 | -", "Post 2 | - | https://ines.example/2 | -"],
    );
    let parsed = parsed("syndication/truncated_in_entry.rss").unwrap();
    assert!(!parsed.whole, "its validators must not be kept");
    assert_eq!(parsed.problems.len(), 1);
}

#[test]
fn what_a_strict_reader_refuses_is_read() {
    check(
        "syndication/bare_ampersand.rss",
        &["Q&A at AT&T café ’s | a < b && c > d | https://ines.example/q?a=1&b=2 | -"],
    );
    check(
        "syndication/html_in_description.rss",
        &["Bare HTML | One bold word⏎and a link. | - | -"],
    );
    check(
        "syndication/mismatched_tags.rss",
        &[
            "First | one two | https://ines.example/1 | -",
            "Second | - | https://ines.example/2 | -",
            "Third | - | https://ines.example/3 | -",
        ],
    );
    check("syndication/no_version.rss", &["No version | - | https://ines.example/1 | -"]);
    check(
        "syndication/prefixes_of_its_own.rss",
        &["Own prefixes | Body | https://ines.example/1 | -"],
    );
}

#[test]
fn the_charset_is_what_the_bytes_say() {
    check("syndication/latin1_under_utf8.rss", &["Café déjà vu | - | https://ines.example/1 | -"]);
    check("syndication/utf16be_with_mark.rss", &["Привет | - | https://ines.example/1 | -"]);
    check("syndication/mark_before_prolog.rss", &["Marked | - | https://ines.example/1 | -"]);
}

#[test]
fn posts_that_share_a_guid_are_two_posts() {
    let posts = posts("syndication/guid_reused.rss");
    assert_eq!(posts.len(), 2);
    assert_ne!(posts[0].0.id, posts[1].0.id);
}

#[test]
fn a_post_without_any_name_has_the_same_id_at_each_reading() {
    let ids = || {
        posts("syndication/no_names_at_all.rss").iter().map(|(post, _)| post.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(), ids());
    assert_eq!(ids().len(), 2);
    assert!(posts("syndication/no_names_at_all.rss").iter().all(|(post, _)| post.guid.is_none()));
}

#[test]
fn rss_says_its_pace_and_counts_its_comments() {
    let parsed = parsed("syndication/comments_and_pace.rss").unwrap();
    assert_eq!(parsed.ttl, Some(SignedDuration::from_hours(2)));
    assert_eq!(parsed.skip_hours, [2, 0]);
    assert_eq!(parsed.skip_days, ["Sunday"]);
    let raw = &parsed.posts[0];
    assert_eq!(raw.comment_feed.as_deref(), Some("https://ines.example/1/feed/"));
    assert_eq!(raw.published.as_deref(), Some("Mon, 01 Jun 2026 08:00:00 GMT"));
    let (post, counters) = &posts("syndication/comments_and_pace.rss")[0];
    assert_eq!(counters.replies, Some(7));
    assert_eq!(post.text, "Long and whole.");
    assert_eq!(post.author.name, "Ines Okafor");
    assert_eq!(post.tags, ["search"]);
}

#[test]
fn rdf_is_read() {
    check("syndication/about_as_guid.rdf", &["As RDF | - | https://ines.example/1 | -"]);
    let post = &posts("syndication/about_as_guid.rdf")[0].0;
    assert_eq!(post.published, Some("2026-06-01T08:00:00Z".parse().unwrap()));
}

#[test]
fn atom_texts_are_what_their_type_says() {
    check(
        "syndication/content_of_all_types.atom",
        &[
            "A <b> in text | 1 < 2 | https://ines.example/blog/1 | web:ines.example",
            "An HTML title | See one | https://ines.example/blog/2 | web:ines.example",
            "An XHTML title | One⏎⏎Two | https://ines.example/blog/3 | web:ines.example",
        ],
    );
    let second = &posts("syndication/content_of_all_types.atom")[1].0;
    assert_eq!(second.links, ["ines.example/blog/1"]);
}

#[test]
fn an_answer_names_what_it_answers() {
    let (post, counters) = &posts("syndication/threads.atom")[0];
    assert_eq!(post.in_reply_to.as_deref(), Some("ines.example/1"));
    assert_eq!(counters.replies, Some(3));
}

#[test]
fn a_comment_on_a_blog_answers_the_page_that_it_stands_on() {
    let (post, _) = &posts("syndication/comments_of_a_blog.rss")[0];
    assert_eq!(post.in_reply_to.as_deref(), Some("ines.example/merges"));
    assert_eq!(post.canonical.as_deref(), Some("ines.example/merges#comment-7"));
}

#[test]
fn a_json_feed_may_be_loose() {
    check(
        "syndication/loose.json",
        &[
            "A < B & C | Line one⏎line two | https://ines.example/7 | web:ines.example",
            "- | No id, no url | - | -",
        ],
    );
    assert_eq!(parsed("syndication/loose.json").unwrap().problems.len(), 1);
}

#[test]
fn a_page_instead_of_a_feed_names_the_feed() {
    let error = parsed("syndication/page_with_a_feed.html").unwrap_err();
    assert_eq!(error.to_string(), "this is an HTML page, not a feed");
    assert_eq!(error.hint().unwrap(), "the page names a feed: https://ines.example/feed.xml");
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    let read = |body: &[u8]| {
        let document = Document { body: body.to_vec(), ..document("page/list_of_news.html") };
        let error = source::kind("syndication").unwrap().parse(&feed("syndication"), &document);
        error.unwrap_err().to_string()
    };
    assert_eq!(read(b" \n"), "the answer is empty");
    assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0"), "this is a PNG image, not a feed");
    assert_eq!(read(b"<opml><body/></opml>"), "this is an XML document <opml>, not a feed");
    assert_eq!(read(b"{\"a\":1}"), "this is a JSON document without items, not a feed");
    assert_eq!(read(b"{\"items\":["), "broken JSON in line 1, column 10: EOF while parsing a list");
    assert_eq!(
        read(b"<rss><channel><title>x</ti"),
        "the feed is cut off before its first entry ends"
    );
    let deep = format!("<rss><channel>{}", "<media:group>".repeat(100_000));
    assert_eq!(read(deep.as_bytes()), "elements are nested more than 100 deep");
    let deep = "[".repeat(200_000);
    assert!(read(deep.as_bytes()).starts_with("broken JSON"));
}

#[test]
fn a_bridge_tells_replies_and_reposts_from_posts() {
    check(
        "bridge/reposts_and_replies.rss",
        &[
            "- | @ines_ok which merge policy? | https://nitter.example/mlq/status/3#m | x:mlq",
            "- | Segment merges, measured ines.example/merges | https://nitter.example/ines_ok/status/2#m | x:mlq",
            "- | A long note about segments that the title cuts in the middle of a sentence. #tantivy | \
         https://nitter.example/mlq/status/1#m | x:mlq",
        ],
    );
    let posts = posts("bridge/reposts_and_replies.rss");
    assert_eq!(posts[0].0.in_reply_to.as_deref(), Some("x:ines_ok"));
    assert_eq!(posts[0].0.mentions[0].as_str(), "x:ines_ok");
    assert_eq!(posts[1].0.repost_of.as_deref(), Some("x.com/ines_ok/status/2"));
    assert_eq!(posts[1].0.links, ["ines.example/merges"]);
    assert_eq!(posts[2].0.tags, ["tantivy"]);
    assert!(posts.iter().all(|(post, _)| post.form == Form::Micro));
}

#[test]
fn mastodon_notes_know_who_and_what_they_name() {
    check(
        "mastodon/notes_without_titles.rss",
        &["- | @jun see https://a.example/very/long #Search | https://social.example/@ines/115 | \
         mastodon:ines@social.example"],
    );
    let post = &posts("mastodon/notes_without_titles.rss")[0].0;
    assert_eq!(post.mentions[0].as_str(), "mastodon:jun@other.example");
    assert_eq!(post.links, ["a.example/very/long"]);
    assert_eq!(post.tags, ["search"]);
}

#[test]
fn bluesky_notes_keep_their_lines_and_their_other_name() {
    check(
        "bluesky/dates_without_weekday.rss",
        &["- | CRDT undo is hard.⏎cc @jun.example https://a.example/undo?utm_source=x | \
         https://bsky.app/profile/tomas.example/post/3lab | bluesky:tomas.example"],
    );
    let post = &posts("bluesky/dates_without_weekday.rss")[0].0;
    assert_eq!(post.published, Some("2026-06-02T15:04:00Z".parse().unwrap()));
    assert_eq!(post.aliases, ["bsky.app/profile/did:plc:abc/post/3lab"]);
    assert_eq!(post.mentions[0].as_str(), "bluesky:jun.example");
    assert_eq!(post.links, ["a.example/undo"]);
}

#[test]
fn reddit_posts_are_their_text_and_link() {
    check(
        "reddit/links_and_texts.atom",
        &[
            "A link | - | https://www.reddit.com/r/rust/comments/1abc/a_link/ | reddit:priya_n",
            "A text | How do you test this? | https://www.reddit.com/r/rust/comments/2abc/a_text/ | reddit:jun",
        ],
    );
    let posts = posts("reddit/links_and_texts.atom");
    assert_eq!(posts[0].0.links, ["a.example/x"]);
    assert_eq!(posts[0].0.canonical.as_deref(), Some("reddit.com/comments/1abc"));
    assert_eq!(posts[1].0.links, Vec::<String>::new());
    assert_eq!(posts[0].0.tags, ["rust"]);
}

#[test]
fn videos_come_with_their_counters() {
    let (post, counters) = &posts("youtube/counted_in_a_group.atom")[0];
    assert_eq!((counters.likes, counters.views), (Some(12), Some(345)));
    assert_eq!((post.form, post.text.as_str()), (Form::Video, "What undo means."));
}

#[test]
fn a_link_site_knows_the_discussion_beside_the_article() {
    let post = &posts("lobsters/discussions_elsewhere.rss")[0].0;
    assert_eq!(post.canonical.as_deref(), Some("priya.example/small"));
    assert_eq!(post.aliases, ["lobste.rs/s/abc123"]);
    assert_eq!(post.author.handles[0].as_str(), "lobsters:pnair");
    assert_eq!(post.form, Form::Forum);
    assert_eq!(post.published, Some("2026-06-01T13:00:00Z".parse().unwrap()));
}

#[test]
fn a_page_is_read_by_selectors() {
    let select = Select {
        item: "li.n".into(),
        title: Some("a".into()),
        link: None,
        date: Some("time".into()),
    };
    let feed = Feed { select: Some(select), ..feed("page") };
    let kind = source::kind("page").unwrap();
    let parsed = kind.parse(&feed, &document("page/list_of_news.html")).unwrap();
    let ctx = Context {
        feed: &feed,
        site: parsed.site.as_deref(),
        language: parsed.language.as_deref(),
        seen: "2026-06-10T00:00:00Z".parse().unwrap(),
        backlog: true,
    };
    let (posts, problems) = normalize::posts(&parsed.posts, &ctx);
    assert_eq!(problems, []);
    let first = &posts[0].0;
    assert_eq!(first.title.as_deref(), Some("First"));
    assert_eq!(first.url.as_deref(), Some("https://ines.example/1"));
    assert_eq!(first.published, Some("2026-06-01T00:00:00Z".parse().unwrap()));
    assert_eq!(posts.len(), 2);
}

#[test]
fn a_date_that_cannot_be_true_is_told_and_not_kept() {
    let feed = feed("syndication");
    let dated = |date: &str| {
        let raw = bellwether::model::RawPost {
            guid: Some(date.into()),
            title: Some("T".into()),
            published: Some(date.into()),
            ..Default::default()
        };
        let ctx = Context {
            feed: &feed,
            site: None,
            language: None,
            seen: "2026-06-10T00:00:00Z".parse().unwrap(),
            backlog: false,
        };
        let (posts, problems) = normalize::posts(&[raw], &ctx);
        (posts[0].0.published.is_some(), problems.len())
    };
    assert_eq!(dated("2026-06-10T23:00:00Z"), (true, 0));
    assert_eq!(dated("Thu, 01 Jan 2099 00:00:00 GMT"), (false, 1));
    assert_eq!(dated("0001-01-01T00:00:00Z"), (false, 1));
    assert_eq!(dated("soon"), (false, 1));
}

#[test]
fn every_kind_has_a_name_of_its_own_and_says_what_it_is() {
    let mut names = source::names();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    for name in names {
        let kind = source::kind(name).unwrap();
        assert_eq!(kind.name(), name);
        assert!(!kind.doc().is_empty() && !kind.doc().ends_with('.'), "{name}");
    }
}
