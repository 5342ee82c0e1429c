//! Following somebody: from a handle or a page to the right feed, and lists in and out.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::{Run, Workspace};

const NOW: [&str; 2] = ["--now", "2026-10-13T07:00:00Z"];

fn feed(title: &str, site: &str, entries: &[&str]) -> Reply {
    let entry = |(at, text): (usize, &&str)| {
        format!(
            "<entry><id>{title}{at}</id><title>{text}</title><updated>2026-10-{:02}T07:00:00Z\
             </updated><link href=\"https://{title}.example/{at}\"/></entry>",
            12 - at
        )
    };
    let entries: String = entries.iter().enumerate().map(entry).collect();
    let head = "<feed xmlns=\"http://www.w3.org/2005/Atom\">";
    let site = format!("<link href=\"{site}\"/>");
    Reply::ok(format!("{head}<id>{title}</id><title>{title}</title>{site}{entries}</feed>"))
        .header("content-type", "application/atom+xml")
}

fn page(name: &str, head: &str, body: &str) -> Reply {
    let html = format!("<!doctype html><title>{name}</title>{head}<body>{body}");
    Reply::ok(html).header("content-type", "text/html")
}

fn link(url: &str, title: &str) -> String {
    format!("<link rel=alternate type=application/atom+xml href=\"{url}\" title=\"{title}\">")
}

/// A workspace that may read loopback, with these lines below.
fn workspace(rest: &str) -> Workspace {
    Workspace::new(&format!("# mine\nfetch: {{allow: [127.0.0.0/8]}}\n{rest}"))
}

fn run(workspace: &Workspace, args: &[&str], input: &str) -> Run {
    workspace.answer(&[args, &NOW].concat(), input)
}

#[track_caller]
fn check_code(run: &Run, code: i32) {
    assert_eq!(run.code, code, "{}{}", run.out, run.err);
}

fn json(run: &Run) -> serde_json::Value {
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}{}", run.out, run.err))
}

#[test]
fn a_home_page_leads_to_its_feed_with_a_sample_of_posts() {
    let server = FeedServer::start("127.0.0.61");
    server.on("/ines", page("Ines Okafor", &link("/a.xml", "Posts"), ""));
    server.on("/a.xml", feed("Ines", "x", &["newest", "older", "third", "fourth"]));
    let workspace = workspace("# about sources\nsources:\n  - https://b.example/feed   # daily\n");
    let before = workspace.read("feeds.yaml");
    let url = server.url("/ines");
    let rehearsal = run(&workspace, &["follow", &url, "--dry-run"], "");
    check_code(&rehearsal, 0);
    assert_eq!(workspace.read("feeds.yaml"), before, "a rehearsal writes nothing");
    let told = run(&workspace, &["follow", &url, "--yes", "--json"], "");
    check_code(&told, 0);
    for part in ["2026-10-12  newest", "2026-10-10  third", "4 posts, the newest 24 h old"] {
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
    assert!(!told.err.contains("fourth"), "{}", told.err);
    let report = json(&told);
    assert_eq!(report["written"], true);
    assert_eq!(report["feeds"][0]["sample"][0]["title"], "newest");
    let added = format!("  - {{name: Ines, url: {url}}}\n");
    assert_eq!(workspace.read("feeds.yaml"), format!("{before}{added}"));
    let again = run(&workspace, &["follow", &url, "--yes"], "");
    check_code(&again, 0);
    assert!(
        again.err.contains("is followed already, as Ines: ./feeds.yaml, line 6")
            || again.err.contains("feeds.yaml, line 6"),
        "{}",
        again.err
    );
    let by_feed = server.url("/a.xml");
    run(&workspace, &["fetch"], "");
    let same = run(&workspace, &["follow", &by_feed, "--yes"], "");
    assert!(same.err.contains("line 6"), "the page stands for its feed: {}", same.err);
    assert_eq!(workspace.read("feeds.yaml"), format!("{before}{added}"));
}

#[test]
fn of_several_feeds_the_user_chooses_and_nothing_is_written_unasked() {
    let server = FeedServer::start("127.0.0.62");
    let links = [link("/a.xml", "Articles"), link("/b.xml", "Links")].concat();
    server.on("/ines", page("Ines", &links, ""));
    server.on("/a.xml", feed("Articles", "x", &["on merges"]));
    server.on("/b.xml", feed("Links", "x", &["a link"]));
    let workspace = workspace("");
    let url = server.url("/ines");
    let chosen = run(&workspace, &["follow", &url], "2\ny\n");
    check_code(&chosen, 0);
    assert!(chosen.err.contains("on merges") && chosen.err.contains("a link"), "{}", chosen.err);
    let yaml = workspace.read("feeds.yaml");
    assert!(yaml.contains(&server.url("/b.xml")), "{yaml}");
    assert!(!yaml.contains(&server.url("/a.xml")), "{yaml}");
    let refused = run(&workspace, &["follow", &url], "1\nn\n");
    assert!(refused.err.contains("Nothing was changed"), "{}", refused.err);
    assert_eq!(workspace.read("feeds.yaml"), yaml);
    let silent = run(&workspace, &["follow", &url], "");
    check_code(&silent, 2);
    assert!(silent.err.contains("--yes"), "{}", silent.err);
}

#[test]
fn profiles_that_link_back_are_verified_and_go_to_the_same_person() {
    let server = FeedServer::start("127.0.0.63");
    let me = "<a rel=me href=/notes>n</a><a rel=me href=/stranger>s</a>";
    server.on("/ines", page("Ines Okafor", &link("/a.xml", ""), me));
    server.on("/notes", page("n", &link("/n.xml", ""), "<a rel=me href=/ines/>back</a>"));
    server.on("/stranger", page("s", &link("/s.xml", ""), "<a href=/ines>no</a>"));
    server.on("/a.xml", feed("A", "x", &["a"]));
    let workspace = workspace("");
    let url = server.url("/ines");
    let told = run(&workspace, &["follow", &url, "--yes", "--json", "--circle", "friends"], "");
    check_code(&told, 0);
    assert!(told.err.contains("(verified)") && told.err.contains("(claimed)"), "{}", told.err);
    let also = json(&told)["also"].clone();
    assert_eq!((&also[0]["verified"], &also[0]["taken"]), (&true.into(), &true.into()));
    assert_eq!((&also[1]["verified"], &also[1]["taken"]), (&false.into(), &false.into()));
    let line = format!(
        "- {{name: Ines Okafor, circle: friends, profiles: [{url}, {}]}}\n",
        server.url("/notes")
    );
    let quoted =
        line.replace("[http", "[\"http").replace(", http", "\", \"http").replace("]}", "\"]}");
    let yaml = workspace.read("feeds.yaml");
    assert!(yaml.contains(&line) || yaml.contains(&quoted), "{yaml}");
    let person = run(&workspace, &["follow", &server.url("/s.xml"), "--dry-run"], "");
    check_code(&person, 1);
}

#[test]
fn a_page_that_marks_up_its_entries_is_read_as_it_is() {
    let server = FeedServer::start("127.0.0.64");
    let entry = |at: u32| {
        format!(
            "<article class=h-entry><a class='p-name u-url' href=/{at}>Note {at}</a>\
             <time class=dt-published datetime=2026-10-0{at}></time></article>"
        )
    };
    let body = format!("<main class=h-feed>{}{}</main>", entry(1), entry(2));
    server.on("/notes", page("Notes", "", &body));
    let workspace = workspace("");
    let told = run(&workspace, &["follow", &server.url("/notes"), "--yes"], "");
    check_code(&told, 0);
    assert!(told.err.contains("2026-10-02  Note 2"), "{}", told.err);
    let yaml = workspace.read("feeds.yaml");
    let select = "select: {item: \".h-entry\", title: \".p-name\", link: \".u-url\", date: \
                  \".dt-published\"}";
    assert!(yaml.contains("kind: page") && yaml.contains(select), "{yaml}");
    assert!(workspace.done(&["fetch"]).contains("2 new posts"));
}

#[test]
fn what_nobody_can_read_is_said_and_noted_by_hand() {
    let workspace = workspace("people:\n  - \"@ines@social.example\"\n");
    let told = run(&workspace, &["follow", "https://x.com/inesok", "--yes"], "");
    check_code(&told, 0);
    for part in ["X shows its posts to nobody", "maildir", "a bridge", "mode: manual"] {
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
    let line = "  - {name: inesok, profiles: [{kind: x, url: https://x.com/inesok, mode: manual}]}";
    assert!(workspace.read("feeds.yaml").contains(line), "{}", workspace.read("feeds.yaml"));
    let person = ["follow", "https://www.linkedin.com/in/inesok", "--yes", "--person"];
    let told = run(&workspace, &[&person[..], &["ines@social.example"]].concat(), "");
    check_code(&told, 0);
    let entry = "- {name: ines@social.example, profiles: [\"@ines@social.example\", {kind: linkedin, \
                 url: https://www.linkedin.com/in/inesok, mode: manual}]}";
    assert!(workspace.read("feeds.yaml").contains(entry), "{}", workspace.read("feeds.yaml"));
    let again = run(&workspace, &["follow", "https://x.com/inesok", "--yes"], "");
    assert!(again.err.contains("followed already, as inesok"), "{}", again.err);
}

#[test]
fn what_leads_nowhere_is_not_written() {
    let server = FeedServer::start("127.0.0.65");
    server.on("/page", page("Nothing", "", "<p>hello"));
    server.on("/x.png", Reply::ok(b"\x89PNG\r\n".as_slice()));
    let workspace = workspace("");
    let before = workspace.read("feeds.yaml");
    for (path, part) in [("/page", "names no feed"), ("/x.png", "PNG"), ("/gone", "404")] {
        let told = run(&workspace, &["follow", &server.url(path), "--yes"], "");
        check_code(&told, 1);
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
    check_code(&run(&workspace, &["follow", "@ines"], ""), 2);
    assert_eq!(workspace.read("feeds.yaml"), before);
}

#[test]
fn lists_of_what_an_author_reads_are_offered_and_imported() {
    let server = FeedServer::start("127.0.0.66");
    let roll =
        format!("<opml><body><outline text='B' xmlUrl='{}'/></body></opml>", server.url("/b.xml"));
    server.on("/", page("Ines", &link("/a.xml", ""), ""));
    server.on("/a.xml", feed("A", "x", &["a"]));
    server.on("/b.xml", feed("B", "x", &["b"]));
    server.on("/.well-known/recommendations.opml", Reply::ok(roll.clone()));
    server.on("/blogroll.opml", Reply::ok(roll));
    let workspace = workspace("");
    let told = run(&workspace, &["follow", &server.url("/"), "--yes"], "");
    check_code(&told, 0);
    let list = server.url("/.well-known/recommendations.opml");
    assert!(told.err.contains(&format!("{list} (1)")), "{}", told.err);
    assert!(!told.err.contains("blogroll.opml"), "the same list: {}", told.err);
    assert!(!workspace.read("feeds.yaml").contains("/b.xml"), "offered, not followed");
    check_code(&run(&workspace, &["import", &list, "--yes"], ""), 0);
    assert!(workspace.read("feeds.yaml").contains("/b.xml"));
}

#[test]
fn unfollow_takes_the_entry_and_leaves_posts_and_comments() {
    let server = FeedServer::start("127.0.0.67");
    server.on("/a.xml", feed("A", "x", &["a lone ant"]));
    let rest =
        format!("sources:\n  # ants\n  - {{name: Ants, url: {}}}  # daily\n", server.url("/a.xml"));
    let workspace = workspace(&rest);
    workspace.done(&["fetch"]);
    let no = run(&workspace, &["unfollow", "ants"], "n\n");
    assert!(no.err.contains("- 5: - {name: Ants"), "{}", no.err);
    assert!(workspace.read("feeds.yaml").ends_with(&rest));
    let told = run(&workspace, &["unfollow", "ants", "--yes"], "");
    check_code(&told, 0);
    assert!(told.err.contains("stays in the archive"), "{}", told.err);
    assert!(workspace.read("feeds.yaml").ends_with("sources:\n  # ants\n"));
    assert!(workspace.done(&["search", "lone"]).contains("a lone ant"));
    let unknown = run(&workspace, &["unfollow", "bees", "--yes"], "");
    check_code(&unknown, 2);
    assert!(unknown.err.contains("following"), "{}", unknown.err);
}

#[test]
fn following_tells_how_each_feed_is() {
    let server = FeedServer::start("127.0.0.68");
    server.on("/a.xml", feed("A", "x", &["a"]));
    let rest = format!(
        "people:\n  - {{name: Ines, circle: friends, profiles: [{{kind: x, handle: inesok, mode: \
         manual}}]}}\nsources:\n  - {{name: Ants, circle: science, url: {}}}\n  - {{name: Gone, \
         url: {}}}\n",
        server.url("/a.xml"),
        server.url("/gone")
    );
    let workspace = workspace(&rest);
    let fresh = run(&workspace, &["following"], "");
    check_code(&fresh, 0);
    assert!(fresh.out.contains("never read  Ants"), "{}", fresh.out);
    run(&workspace, &["fetch"], "");
    let told = run(&workspace, &["following"], "");
    assert!(told.out.contains("last post 24 h ago, next in"), "{}", told.out);
    assert!(told.out.contains("unreadable  Ines"), "{}", told.out);
    let lines = run(&workspace, &["following", "--json"], "").out;
    let rows: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = |at: usize, key: &str| rows[at][key].clone();
    assert_eq!(rows.len(), 3);
    assert_eq!((told(0, "health"), told(0, "person")), ("unreadable".into(), "Ines".into()));
    assert_eq!((told(1, "health"), told(1, "circles")[0].clone()), ("ok".into(), "science".into()));
    assert_eq!(told(2, "health"), "failing");
    assert!(told(2, "error").as_str().unwrap().contains("404"), "{lines}");
    let some = run(&workspace, &["following", "science"], "").out;
    assert_eq!(some.lines().count(), 1, "{some}");
}

#[test]
fn lists_of_networks_become_people() {
    let workspace = workspace("");
    workspace.write(
        "Connections.csv",
        "Notes:\n\"Some addresses may be missing.\"\n\nFirst Name,Last Name,URL,Email Address,\
         Company,Position,Connected On\nWen,Zhao,https://www.linkedin.com/in/wen,,,,1 Jan 2026\n\
         Ana,Reyes,,,,,2 Jan 2026\n",
    );
    workspace.write("follows.json", "{\"follows\": [{\"did\": \"did:plc:a\", \"handle\": \"tomas.example\", \"displayName\": \"Tomas Brandt\"}]}");
    workspace.write("handles.txt", "jun.bsky.social\nkim.example\n");
    let import = |file: &str| run(&workspace, &["import", file, "--yes", "--offline"], "");
    let told = import("Connections.csv");
    check_code(&told, 0);
    assert!(told.err.contains("line 6: Ana Reyes: no address is given"), "{}", told.err);
    check_code(&import("follows.json"), 0);
    check_code(&import("handles.txt"), 0);
    let yaml = workspace.read("feeds.yaml");
    for line in [
        "{name: Wen Zhao, profiles: [{kind: linkedin, url: https://www.linkedin.com/in/wen, mode: manual}]}",
        "{name: Tomas Brandt, profiles: [\"@tomas.example\"]}",
        "- \"@jun.bsky.social\"\n",
        "- \"@kim.example\"\n",
    ] {
        assert!(yaml.contains(line), "{line}\n{yaml}");
    }
}

/// Title, address and folder of each entry of a list.
type Entries = BTreeSet<(String, String, String)>;

/// What `export` writes, read by `import` in a new place, and written again.
fn round_trip(entries: &Entries, format: &str) -> (Entries, Entries) {
    let workspace = Workspace::empty();
    let rows: Vec<serde_json::Value> = entries
        .iter()
        .map(|(title, url, circle)| {
            serde_json::json!({"title": title, "feed": url, "circle": circle})
        })
        .collect();
    workspace.write("begin.json", serde_json::to_string(&rows).unwrap());
    let exported = |workspace: &Workspace| -> Entries {
        let text = workspace.done(&["export", "json"]);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        let get = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or("").to_owned();
        rows.iter().map(|row| (get(row, "title"), get(row, "feed"), get(row, "circle"))).collect()
    };
    workspace.done(&["import", "begin.json", "--yes", "--offline"]);
    workspace.done(&["export", format, "list"]);
    let other = Workspace::empty();
    other.write("list", workspace.read("list"));
    other.done(&["import", "list", "--yes", "--offline"]);
    (exported(&workspace), exported(&other))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn feeds_titles_and_folders_survive_a_round_trip(
        entries in proptest::collection::btree_map(
            "https://[a-z]{1,3}\\.example/[a-z]{1,3}\\?x=1&y=[0-9]",
            ("[A-Za-z<&\"'é:, ]{0,9}[a-z]", "|[A-Z&<'/]{1,3}[a-z ]{0,4}[a-z]"),
            1..6,
        ),
        format in "opml|json|csv",
    ) {
        let one = |(url, (title, circle)): (String, (String, String))| {
            let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            (words(&title), url, words(&circle))
        };
        let entries: Entries = entries.into_iter().map(one).collect();
        let (first, second) = round_trip(&entries, &format);
        prop_assert_eq!(&first, &entries);
        prop_assert_eq!(&second, &entries);
    }
}
