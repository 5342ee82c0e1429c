//! Whole articles where a feed gives teasers and its reader asked for more.

use std::collections::BTreeMap;

use bellwether::model::{Feed, FeedId, Form, Post};
use bellwether::source::article::{OPTION, wanted};
use serde_json::Value;

use crate::pipeline::{FIRST, SECOND, fetch};
use crate::support::posts::post;
use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

const THIRD: &str = "2026-10-14T05:30:00Z";

/// A feed of teasers whose pages are on `server`.
fn teasers(server: &FeedServer, guids: &[&str]) -> Reply {
    let item = |guid: &&str| {
        format!(
            "<item><guid isPermaLink=\"false\">{guid}</guid><title>Saws, part {guid}</title>\
             <link>{}</link><description>It begins with the teeth…</description></item>",
            server.url(&format!("/{guid}"))
        )
    };
    let items: String = guids.iter().map(item).collect();
    Reply::ok(format!("<rss version=\"2.0\"><channel><title>Saws</title>{items}</channel></rss>"))
}

fn page() -> Reply {
    let story = "<p>The teeth are set by turns, and then a hornbeam wedge holds them.</p>";
    let body = format!("<nav>Imprint</nav><article class=x>{}</article>", story.repeat(12));
    Reply::ok(format!("<html><body>{body}</body></html>")).header("content-type", "text/html")
}

fn following(server: &FeedServer, full: &str) -> Workspace {
    let url = server.url("/feed");
    Workspace::new(&format!(
        "fetch: {{allow: [\"127.0.0.0/16\"], requests_per_second: 0}}\n\
         sources:\n  - {{name: saws, url: \"{url}\"{full}}}\n"
    ))
}

/// How often each page was asked for.
fn asked(server: &FeedServer, path: &str) -> usize {
    server.asked().iter().filter(|asked| asked.path == path).count()
}

fn found(workspace: &Workspace) -> usize {
    workspace.run(&["search", "--json", "--now", THIRD, "hornbeam"]).out.lines().count()
}

/// Polls a feed to which `/2` comes at the second time and nothing at the third; returns the
/// reports of the second and the third.
fn three_polls(server: &FeedServer, workspace: &Workspace) -> [Value; 2] {
    server.on("/feed", teasers(server, &["1"])).on("/feed", teasers(server, &["2", "1"]));
    fetch(workspace, FIRST);
    [SECOND, THIRD].map(|now| fetch(workspace, now).1)
}

#[test]
fn a_new_teaser_becomes_its_article_once_and_is_no_edit() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/2", page());
    let workspace = following(&server, ", full: true");
    let [second, third] = three_polls(&server, &workspace);
    assert_eq!((&second["new"], &second["changed"]), (&Value::from(1), &Value::from(0)));
    assert_eq!((&third["new"], &third["changed"]), (&Value::from(0), &Value::from(0)));
    assert_eq!(found(&workspace), 1);
    assert_eq!((asked(&server, "/1"), asked(&server, "/2")), (0, 1), "backlog stays as it is");
}

#[test]
fn the_readers_selector_is_what_is_read() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/2", page());
    let workspace = following(&server, ", full: {content: .x}");
    three_polls(&server, &workspace);
    assert_eq!(found(&workspace), 1);
}

#[test]
fn nobodys_page_is_read_without_the_readers_word_or_for_a_private_feed() {
    for full in ["", ", full: false", ", full: true, private: true"] {
        let server = FeedServer::start("127.0.0.2");
        server.on("/2", page());
        let workspace = following(&server, full);
        three_polls(&server, &workspace);
        assert_eq!((found(&workspace), asked(&server, "/2")), (0, 0), "{full}");
    }
}

#[test]
fn a_page_that_robots_may_not_read_stays_a_teaser() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/robots.txt", Reply::ok("User-agent: *\nDisallow: /2\n")).on("/2", page());
    let workspace = following(&server, ", full: true");
    let [second, _] = three_polls(&server, &workspace);
    assert_eq!((&second["new"], &second["failed"]), (&Value::from(1), &Value::from(0)));
    assert_eq!((found(&workspace), asked(&server, "/2")), (0, 0));
}

#[test]
fn only_new_articles_of_feeds_that_the_user_named_are_wanted() {
    let mut feed = Feed {
        id: FeedId::new(&["a"]),
        address: "https://a.example/feed".into(),
        name: "A".into(),
        kind: "syndication".into(),
        owner: None,
        select: None,
        account: None,
        options: BTreeMap::new(),
        secret: false,
        unreadable: None,
    };
    let post = Post {
        url: Some("https://a.example/1".into()),
        form: Form::Article,
        text: "It begins…".into(),
        ..post("a", "1")
    };
    assert_eq!(wanted(&feed, &post), None);
    feed.options.insert(OPTION.to_owned(), "true".to_owned());
    assert_eq!(wanted(&feed, &post).map(|request| request.url), post.url);
    for other in [
        Post { backlog: true, ..post.clone() },
        Post { form: Form::Forum, ..post.clone() },
        Post { repost_of: Some("b.example/1".into()), ..post.clone() },
        Post { url: None, ..post.clone() },
        Post { text: "A long one. ".repeat(90), ..post.clone() },
    ] {
        assert_eq!(wanted(&feed, &other), None, "{other:?}");
    }
    feed.secret = true;
    assert_eq!(wanted(&feed, &post), None);
}
