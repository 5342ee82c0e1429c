//! The whole path, run as a person runs it, against servers on loopback: what is read, what is
//! told of bad input, and that nothing that was kept is lost.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::{Run, Workspace};

pub(crate) const FIRST: &str = "2026-10-12T05:30:00Z";
pub(crate) const SECOND: &str = "2026-10-13T05:30:00Z";

/// An RSS document with one item for each (guid, title), published an hour before [`FIRST`].
fn rss(items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(guid, title)| {
            format!(
                "<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title>\
                 <link>http://ines.example/{guid}</link><description>{title}, told at length \
                 for whoever follows along.</description>\
                 <pubDate>Mon, 12 Oct 2026 04:30:00 GMT</pubDate></item>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel>\
         <title>Ines</title><link>http://ines.example/</link>{items}</channel></rss>"
    )
}

pub(crate) fn feed(items: &[(&str, &str)]) -> Reply {
    Reply::ok(rss(items)).header("content-type", "application/rss+xml")
}

/// A `feeds.yaml` that follows these addresses on loopback.
pub(crate) fn following(urls: &[String]) -> Workspace {
    let sources: String = urls
        .iter()
        .enumerate()
        .map(|(at, url)| format!("  - {{name: feed{at}, url: \"{url}\"}}\n"))
        .collect();
    Workspace::new(&format!(
        "fetch: {{allow: [\"127.0.0.0/16\"], requests_per_second: 0}}\nsources:\n{sources}"
    ))
}

pub(crate) fn fetch(workspace: &Workspace, now: &str) -> (Run, Value) {
    let run = workspace.run(&["fetch", "--json", "--now", now]);
    let report = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    (run, report)
}

fn titles(workspace: &Workspace, query: &str) -> Vec<String> {
    let found = workspace.run(&["search", "--json", "--now", SECOND, query]).out;
    let title = |line: &str| {
        let hit: Value = serde_json::from_str(line).unwrap();
        hit["title"].as_str().unwrap().to_owned()
    };
    found.lines().map(title).collect()
}

/// Reads a good feed, then `bad` from the same address beside a good neighbor: the run tells
/// `error`, keeps what it had and reads the neighbor.
#[track_caller]
fn check_bad(bad: Reply, error: &str) {
    let (server, neighbor) = (FeedServer::start("127.0.0.2"), FeedServer::start("127.0.0.3"));
    server.on("/feed", feed(&[("1", "Segment merges, measured")])).on("/feed", bad);
    neighbor.on("/feed", feed(&[("2", "Undo is unsolved")]));
    let workspace = following(&[server.url("/feed"), neighbor.url("/feed")]);
    let (first, report) = fetch(&workspace, FIRST);
    assert_eq!((first.code, &report["new"]), (0, &Value::from(2)), "{first:?}");

    let (second, report) = fetch(&workspace, SECOND);
    assert_eq!(second.code, 1, "{second:?}");
    assert_eq!((&report["failed"], &report["read"]), (&Value::from(1), &Value::from(1)));
    let told = report["failures"][0]["error"].as_str().unwrap();
    assert!(told.contains(error), "`{told}` does not say `{error}`");
    assert_eq!(report["failures"][0]["feed"], "feed0");
    assert_eq!(titles(&workspace, "merges"), ["Segment merges, measured"]);
    let status = workspace.run(&["status", "--json"]);
    assert_eq!(status.code, 1, "status tells by its exit code that a feed fails");
    assert!(status.out.contains(error), "{}", status.out);
}

#[test]
fn a_feed_that_became_a_page_is_told_and_keeps_its_posts() {
    check_bad(Reply::ok("<!doctype html><html><body>Sign in</body></html>"), "HTML page");
}

#[test]
fn an_empty_feed_document_is_told_and_keeps_its_posts() {
    check_bad(Reply::ok(""), "empty");
}

#[test]
fn an_answer_that_breaks_off_is_told_and_keeps_its_posts() {
    let whole = rss(&[("1", "Segment merges, measured"), ("3", "Half a post")]);
    check_bad(Reply::ok(&whole.as_bytes()[..whole.len() - 80]).cut(), "before message completed");
}

#[test]
fn a_feed_of_50_mb_is_refused_and_keeps_its_posts() {
    check_bad(Reply::ok(vec![b'x'; 50 << 20]), "larger than");
}

#[test]
fn an_error_status_is_told_and_keeps_its_posts() {
    check_bad(Reply::status(500), "500");
}

#[test]
fn a_truncated_document_keeps_its_whole_entries_and_stays_conditional_on_nothing() {
    let server = FeedServer::start("127.0.0.2");
    let whole = rss(&[("1", "A whole entry"), ("2", "An entry cut in two")]);
    let cut = whole.find("An entry cut").unwrap() + 8;
    server.on("/feed", Reply::ok(&whole.as_bytes()[..cut]).header("etag", "\"cut\""));
    server.on("/feed", feed(&[("1", "A whole entry"), ("2", "An entry cut in two")]));
    let workspace = following(&[server.url("/feed")]);
    let (_, report) = fetch(&workspace, FIRST);
    assert_eq!(report["new"], 1);
    fetch(&workspace, SECOND);
    assert!(server.asked()[1].header("if-none-match").is_none(), "a 304 would hide the rest");
    assert_eq!(titles(&workspace, "entry").len(), 2);
}

#[test]
fn a_wrong_charset_spoils_no_word() {
    let server = FeedServer::start("127.0.0.2");
    let latin: Vec<u8> = rss(&[("1", "Caf\u{e9} m\u{fc}ssig")]).chars().map(|c| c as u8).collect();
    server.on("/feed", Reply::ok(latin).header("content-type", "application/rss+xml"));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    assert_eq!(titles(&workspace, "müssig"), ["Café müssig"]);
}

#[test]
fn a_host_that_is_down_is_told_and_the_others_are_read() {
    let neighbor = FeedServer::start("127.0.0.3");
    neighbor.on("/feed", feed(&[("2", "Undo is unsolved")]));
    let down = FeedServer::start("127.0.0.2");
    let gone = down.url("/feed");
    drop(down);
    let workspace = following(&[gone, neighbor.url("/feed")]);
    let (run, report) = fetch(&workspace, FIRST);
    assert_eq!(run.code, 1);
    assert_eq!(report["new"], 1);
    let told = report["failures"][0]["error"].as_str().unwrap();
    assert!(told.contains("cannot reach 127.0.0.2"), "{told}");
}

#[test]
fn a_private_address_is_not_asked_unless_it_is_allowed() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Never read")]));
    let workspace = Workspace::new(&format!("- {}\n", server.url("/feed")));
    let (run, report) = fetch(&workspace, FIRST);
    assert_eq!(run.code, 1);
    assert!(server.asked().is_empty());
    let hint = report["failures"][0]["hint"].as_str().unwrap();
    assert!(hint.contains("allow"), "{hint}");
}

#[test]
fn what_was_there_at_the_first_reading_is_kept_but_not_new() {
    let server = FeedServer::start("127.0.0.2");
    let old = rss(&[("1", "An old post")]).replace("12 Oct 2026", "12 Oct 2025");
    server.on("/feed", Reply::ok(old));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    assert_eq!(titles(&workspace, "old"), ["An old post"]);
    let digest = workspace.done(&["digest", "--now", FIRST]);
    assert!(digest.contains("no new post") && !digest.contains("An old post"), "{digest}");
}

#[test]
fn another_fetch_is_all_304_and_changes_nothing() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "A post")]).header("etag", "\"one\"").revalidates());
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    let before = workspace.done(&["search", "--json", "--now", SECOND, "post"]);
    let (_, report) = fetch(&workspace, SECOND);
    assert_eq!((&report["unchanged"], &report["new"]), (&Value::from(1), &Value::from(0)));
    assert_eq!(workspace.done(&["search", "--json", "--now", SECOND, "post"]), before);
}

#[test]
fn an_edit_is_a_new_version_and_the_search_finds_it() {
    let server = FeedServer::start("127.0.0.2");
    server
        .on("/feed", feed(&[("1", "A first title")]))
        .on("/feed", feed(&[("1", "A second title")]));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    let (_, report) = fetch(&workspace, SECOND);
    assert_eq!((&report["new"], &report["changed"]), (&Value::from(0), &Value::from(1)));
    assert_eq!(titles(&workspace, "title"), ["A second title"]);
}

#[test]
fn a_home_page_leads_to_its_feed_which_is_asked_directly_from_then_on() {
    let server = FeedServer::start("127.0.0.2");
    let page = "<!doctype html><html><head><link rel=\"alternate\" \
                type=\"application/rss+xml\" href=\"/feed.xml\"></head></html>";
    server.on("/", Reply::ok(page).header("content-type", "text/html"));
    server
        .on("/feed.xml", feed(&[("1", "Found by its page")]).header("etag", "\"f\"").revalidates());
    let workspace = following(&[server.url("/")]);
    let (_, report) = fetch(&workspace, FIRST);
    assert_eq!(report["new"], 1, "{report}");
    let (_, report) = fetch(&workspace, SECOND);
    assert_eq!(report["unchanged"], 1);
    let paths: Vec<String> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(paths, ["/", "/feed.xml", "/feed.xml"]);
}

#[test]
fn options_of_a_search_may_follow_its_query() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Undo is unsolved"), ("2", "Undo and merges")]));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    let hits = workspace.done(&["search", "undo", "-merges", "--json", "--limit", "99999999999"]);
    assert_eq!(hits.lines().count(), 1, "{hits}");
    assert!(hits.contains("Undo is unsolved"), "{hits}");
}

#[test]
fn a_lost_index_is_built_anew_and_finds_the_same() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "A post about merges"), ("2", "Another post")]));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    let before = titles(&workspace, "post");
    std::fs::remove_dir_all(workspace.path("index/tantivy")).unwrap();
    assert_eq!(titles(&workspace, "post"), before);
    workspace.write("index/tantivy/meta.json", "no index at all");
    assert_eq!(titles(&workspace, "post"), before);
    workspace.done(&["reindex"]);
    assert_eq!(titles(&workspace, "post"), before);
}

#[test]
fn a_full_disk_is_one_clear_error_and_keeps_what_was_there() {
    let server = FeedServer::start("127.0.0.2");
    let large = |at: u32| (0..2000).map(|word| format!("w{} ", word * at)).collect::<String>();
    let items: Vec<(String, String)> = (1..40).map(|at| (format!("big{at}"), large(at))).collect();
    let items: Vec<(&str, &str)> = items.iter().map(|(g, t)| (g.as_str(), t.as_str())).collect();
    server.on("/feed", feed(&[("1", "A small post")])).on("/feed", feed(&items));
    let workspace = following(&[server.url("/feed")]);
    fetch(&workspace, FIRST);
    let script = "trap '' XFSZ; ulimit -f 256; exec \"$0\" fetch --now \"$1\"";
    let output = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_bellwether"), SECOND])
        .current_dir(workspace.dir())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("disk full") && told.contains("hint:"), "{told}");
    assert_eq!(titles(&workspace, "small"), ["A small post"]);
    workspace.done(&["fetch", "--now", "2026-10-14T05:30:00Z"]);
}

#[test]
fn a_place_that_cannot_be_written_is_one_clear_error() {
    let workspace = following(&["http://127.0.0.9:9/feed".to_owned()]);
    workspace.write("index", "a file where the folder should be");
    let run = workspace.run(&["fetch", "--now", FIRST]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("index") && run.err.contains("hint:"), "{}", run.err);
}

#[test]
fn a_second_writer_is_told_who_writes() {
    let (server, gate) = (FeedServer::start("127.0.0.2"), crate::support::reply::Gate::new());
    server.on("/feed", feed(&[("1", "A post")]).wait(&gate));
    let workspace = following(&[server.url("/feed")]);
    let mut first = Command::new(env!("CARGO_BIN_EXE_bellwether"))
        .args(["fetch", "--now", FIRST])
        .current_dir(workspace.dir())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(server.came(1));
    let second = workspace.run(&["fetch", "--now", FIRST]);
    gate.open();
    assert!(first.wait().unwrap().success());
    assert_eq!(second.code, 2);
    assert!(second.err.contains(&first.id().to_string()), "{}", second.err);
}

#[test]
fn without_any_network_fetch_says_so_and_names_the_demo() {
    let workspace = Workspace::new("- http://203.0.114.7/feed\n");
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net", env!("CARGO_BIN_EXE_bellwether"), "fetch"])
        .current_dir(workspace.dir())
        .stdin(Stdio::null())
        .output();
    let told = output.as_ref().map(|done| String::from_utf8_lossy(&done.stderr).into_owned());
    let told = told.unwrap_or_default();
    if output.is_err() || told.contains("unshare") {
        eprintln!("skipped: without_any_network_… (no network namespace can be made here)");
        return;
    }
    assert_eq!(output.unwrap().status.code(), Some(2), "{told}");
    assert!(told.contains("no network") && told.contains("demo"), "{told}");
}

#[test]
fn a_command_that_meets_no_archive_names_the_next_step() {
    let workspace = following(&["http://127.0.0.9:9/feed".to_owned()]);
    for command in ["status", "digest"] {
        let run = workspace.run(&[command]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains("bellwether fetch"), "{}", run.err);
    }
}

#[test]
fn check_shows_the_defaults_and_finds_nothing_wrong_with_a_bare_list() {
    let workspace =
        Workspace::new("- https://blog.example/feed.xml\n- https://planet.example/atom\n");
    let shown = workspace.done(&["check"]);
    for expected in ["is valid", "https://planet.example/atom", "voices", "morning"] {
        assert!(shown.contains(expected), "{expected} is missing in\n{shown}");
    }
}

#[test]
fn by_a_timer_only_feeds_whose_time_has_come_are_asked() {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&[("1", "Undo is unsolved")]));
    let url = server.url("/feed");
    let workspace = Workspace::new(&format!(
        "fetch: {{allow: [\"127.0.0.0/16\"]}}\nsources: [{{url: \"{url}\", refresh: 6h}}]\n"
    ));
    fetch(&workspace, FIRST);
    for (now, asked) in [("2026-10-12T11:29:00Z", 0), ("2026-10-12T11:30:00Z", 1)] {
        let report = workspace.done(&["fetch", "--due", "--json", "--now", now]);
        assert_eq!(serde_json::from_str::<Value>(&report).unwrap()["asked"], asked, "{now}");
    }
}

#[test]
fn where_no_host_has_an_address_it_is_the_network_and_one_line_says_so() {
    let urls: Vec<String> = (0..4).map(|at| format!("http://feed{at}.invalid/feed")).collect();
    let run = following(&urls).run(&["fetch", "--now", FIRST]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no network") && run.err.contains("demo"), "{}", run.err);
    assert!(!run.err.contains("spelling"), "{}", run.err);
}
