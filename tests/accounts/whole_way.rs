//! An account from `feeds.yaml` to the archive, over the wire.

use bellwether::archive::Archive;
use bellwether::model::Post;

use super::fixture;
use crate::pipeline::{FIRST, SECOND, fetch};
use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::Workspace;

const LOOKUP: &str = "/api/v1/accounts/lookup?acct=ines%40social.example";
const STATUSES: &str = "/api/v1/accounts/7/statuses?limit=40";

fn following(kind: &str, handle: &str, server: &FeedServer) -> Workspace {
    Workspace::new(&format!(
        "fetch: {{allow: [\"127.0.0.0/16\"], requests_per_second: 0}}\npeople:\n  \
         - {{name: Ines Okafor, profiles: [{{kind: {kind}, handle: \"{handle}\", api: \"{}\"}}]}}\n",
        server.url("")
    ))
}

fn kept(workspace: &Workspace) -> Vec<Post> {
    let archive = Archive::read_only(&workspace.path("index/archive.db")).unwrap();
    archive.posts_after(0, 1000).unwrap().into_iter().map(|kept| kept.post).collect()
}

fn paths(server: &FeedServer) -> Vec<String> {
    server.asked().into_iter().map(|asked| asked.path).collect()
}

#[test]
fn an_account_is_read_and_then_asked_once_on_condition() {
    let server = FeedServer::start("127.0.0.2");
    let statuses = Reply::ok(fixture("mastodon/boosts_replies_quotes.json"));
    server.on(LOOKUP, Reply::ok(fixture("mastodon/account.json")));
    server.on(STATUSES, statuses.header("etag", "W/\"abc\"").revalidates());
    let workspace = following("mastodon", "@ines@social.example", &server);

    let (run, report) = fetch(&workspace, FIRST);
    assert_eq!((run.code, &report["new"]), (0, &13.into()), "{run:?}");
    assert_eq!(paths(&server), [LOOKUP, STATUSES]);
    let posts = kept(&workspace);
    assert_eq!(posts.iter().filter(|post| post.repost_of.is_some()).count(), 1);
    assert!(posts.iter().all(|post| post.backlog));

    let (run, report) = fetch(&workspace, SECOND);
    assert_eq!((run.code, &report["unchanged"]), (0, &1.into()), "{run:?}");
    assert_eq!(paths(&server), [LOOKUP, STATUSES, STATUSES]);
    let last = server.asked().pop().unwrap();
    assert_eq!(last.header("if-none-match"), Some(&b"W/\"abc\""[..]));
    assert_eq!(last.header("accept"), Some(&b"application/json"[..]));
}

#[test]
fn an_account_at_bluesky_takes_one_request_each_time() {
    let server = FeedServer::start("127.0.0.2");
    let path = |actor: &str| {
        format!(
            "/xrpc/app.bsky.feed.getAuthorFeed?actor={actor}&limit=50&filter=posts_with_replies"
        )
    };
    let (named, known) = (path("tomas.example"), path("did%3Aplc%3Atomas"));
    let body = fixture("bluesky/reposts_replies_embeds.json");
    server.on(&named, Reply::ok(body.clone())).on(&known, Reply::ok(body));
    let workspace = following("bluesky", "tomas.example", &server);
    let (run, report) = fetch(&workspace, FIRST);
    assert_eq!((run.code, &report["new"]), (0, &13.into()), "{run:?}");
    let (run, report) = fetch(&workspace, SECOND);
    assert_eq!((run.code, &report["new"]), (0, &0.into()), "{run:?}");
    assert_eq!(paths(&server), [named, known]);
}

#[test]
fn an_account_for_signed_in_readers_fails_with_the_next_step() {
    let server = FeedServer::start("127.0.0.2");
    let path = "/xrpc/app.bsky.feed.getAuthorFeed\
        ?actor=tomas.example&limit=50&filter=posts_with_replies";
    server.on(path, Reply::ok(fixture("bluesky/signed_in_only.json")));
    let workspace = following("bluesky", "tomas.example", &server);
    let (run, report) = fetch(&workspace, FIRST);
    assert_eq!(run.code, 1, "{run:?}");
    let failure = &report["failures"][0];
    assert_eq!(failure["error"], "@tomas.example asks to be shown to signed-in readers only");
    assert_eq!(failure["hint"], "write `mode: manual` to keep the profile without reading it");
    assert_eq!(kept(&workspace).len(), 0);
}
