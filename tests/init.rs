//! Setting up, as a person does it: lists, questions, a file that is there, no network.

use bellwether::config::SHIPPED;
use jiff::{SignedDuration, Timestamp};

use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::{Run, Workspace};

const ALLOW: [&str; 4] = ["--dir", ".", "--allow", "127.0.0.0/8"];

/// A feed of that title; each entry is an hour older than the one before.
fn feed(title: &str, entries: &[&str]) -> Reply {
    let entry = |(at, text): (usize, &&str)| {
        let at = Timestamp::now() - SignedDuration::from_hours(at as i64 + 1);
        format!(
            "<entry><id>{title}{at}</id><title>{text}</title><updated>{at}</updated>\
             <link href=\"https://{title}.example/{at}\"/><content>{text}</content></entry>"
        )
    };
    let entries: String = entries.iter().enumerate().map(entry).collect();
    let head = "<feed xmlns=\"http://www.w3.org/2005/Atom\">";
    Reply::ok(format!("{head}<id>{title}</id><title>{title}</title>{entries}</feed>"))
        .header("content-type", "application/atom+xml")
}

fn page(links: &[(&str, &str)]) -> Reply {
    let link = |(url, title): &(&str, &str)| {
        format!("<link rel=alternate type=application/atom+xml href=\"{url}\" title=\"{title}\">")
    };
    let links: String = links.iter().map(link).collect();
    Reply::ok(format!("<!doctype html><html><head><title>Ines</title>{links}</head></html>"))
        .header("content-type", "text/html")
}

/// Runs `init` in the workspace, where loopback may be read.
fn init(workspace: &Workspace, args: &[&str], input: &str) -> Run {
    workspace.answer(&[&["init"][..], &ALLOW, args].concat(), input)
}

#[track_caller]
fn check_code(run: &Run, code: i32) {
    assert_eq!(run.code, code, "{}{}", run.out, run.err);
}

#[test]
fn a_list_is_read_and_the_first_digest_printed() {
    let server = FeedServer::start("127.0.0.21");
    server.on("/a.xml", feed("Ants", &["why ants walk in lines", "on the moon"]));
    let workspace = Workspace::empty();
    workspace.write("list.md", format!("## Science\n- [The ants]({})\n", server.url("/a.xml")));
    let run = init(&workspace, &["--list", "list.md", "--yes"], "");
    check_code(&run, 0);
    assert!(run.out.contains("1 feed, 2 new posts"), "{}", run.out);
    let yaml = workspace.read("feeds.yaml");
    let line = format!(
        "  # Science\n  - {{name: The ants, circle: Science, url: {}}}\n",
        server.url("/a.xml")
    );
    assert!(yaml.contains(&line), "{yaml}");
    assert_eq!(server.asked().len(), 1, "looked at and read in one request");
}

#[test]
fn an_opml_file_is_followed_and_what_cannot_be_read_is_kept() {
    let server = FeedServer::start("127.0.0.22");
    server.on("/a.xml", feed("Ants", &["why ants walk in lines"]));
    server.on("/x.png", Reply::ok(b"\x89PNG\r\n".as_slice()));
    let workspace = Workspace::empty();
    let outline = |title: &str, path: &str| {
        format!("<outline text=\"{title}\" xmlUrl=\"{}\"/>", server.url(path))
    };
    let outlines = [outline("A", "/a.xml"), outline("Gone", "/gone"), outline("Pic", "/x.png")];
    let opml = format!("<opml><body>{}</body></opml>", outlines.concat());
    workspace.write("feeds.opml", opml);
    let run = init(&workspace, &["--opml", "feeds.opml", "--yes"], "");
    check_code(&run, 1);
    let yaml = workspace.read("feeds.yaml");
    assert!(yaml.contains(&format!("  - {{name: A, url: {}}}", server.url("/a.xml"))), "{yaml}");
    assert!(yaml.contains(&format!("  - {{name: Gone, url: {}}}", server.url("/gone"))), "{yaml}");
    let doubt = format!("  # - {{name: Pic, url: {}}}   # a PNG image", server.url("/x.png"));
    assert!(yaml.contains(&doubt), "{yaml}");
    assert!(run.out.contains("why ants walk in lines"), "{}", run.out);
}

#[test]
fn a_mastodon_export_becomes_people() {
    let workspace = Workspace::empty();
    workspace.write("f.csv", "Account address,Show boosts\nines@social.example,true\n");
    let run = init(&workspace, &["--csv", "f.csv", "--offline"], "");
    check_code(&run, 0);
    assert!(workspace.read("feeds.yaml").contains("people:\n  - \"@ines@social.example\"\n"));
    assert!(!workspace.path("index").exists(), "nothing was read");
}

#[test]
fn the_feed_that_a_page_names_is_read_and_of_several_the_first() {
    let server = FeedServer::start("127.0.0.23");
    server.on("/one", page(&[("/a.xml", "All"), ("/comments/feed", "Comments")]));
    server.on("/two", page(&[("/a2.xml", "Articles"), ("/b2.xml", "Links")]));
    server.on("/a.xml", feed("Ants", &["why ants walk in lines"]));
    server.on("/a2.xml", feed("Bees", &["what bees dance"]));
    let workspace = Workspace::empty();
    let (one, two) = (server.url("/one"), server.url("/two"));
    let run = init(&workspace, &["--yes", "--follow", &one, &two], "");
    check_code(&run, 0);
    assert!(run.err.contains("names several feeds"), "{}", run.err);
    let yaml = workspace.read("feeds.yaml");
    assert!(yaml.contains(&format!("{{name: Ants, url: {one}}}")), "{yaml}");
    assert!(yaml.contains(&server.url("/a2.xml")), "{yaml}");
    assert!(!yaml.contains(&server.url("/b2.xml")), "{yaml}");
    assert!(run.out.contains("2 feeds, 2 new posts"), "{}", run.out);
}

#[test]
fn questions_are_answered_line_by_line_also_from_a_pipe() {
    let server = FeedServer::start("127.0.0.24");
    server.on("/two", page(&[("/a2.xml", "Articles"), ("/b2.xml", "Links")]));
    server.on("/b2.xml", feed("Bees", &["a bee is no ant", "Bees and SQLite"]));
    server.on("/c.xml", feed("Crows", &["my crow knows SQLite", "and SQLite knows it"]));
    server.on("/mara", page(&[("/m.xml", "Mara")]));
    server.on("/m.xml", feed("Mara writes", &["I like SQLite"]));
    let workspace = Workspace::empty();
    let answers = [
        "Mara Lindqvist, mlq",
        &server.url("/mara"),
        "",
        &server.url("/two"),
        &server.url("/c.xml"),
        "ines@mail.example",
        "",
        "2",
        "",
        "1, \"hash maps\"",
    ];
    let run = init(&workspace, &[], &answers.join("\n"));
    check_code(&run, 0);
    assert!(run.err.contains("a mail address has no feed"), "{}", run.err);
    let yaml = workspace.read("feeds.yaml");
    for part in [
        "me:\n  names: [Mara Lindqvist, mlq]\n",
        &format!("    - {}\n", server.url("/mara")),
        &format!("{{name: Ines, url: {}}}", server.url("/b2.xml")),
        &format!("{{name: Crows, url: {}}}", server.url("/c.xml")),
        "\ninterests:\n  - {name: SQLite,    query: sqlite, weight: 0.8}\n  - {name: hash maps, query: '\"hash maps\"', weight: 0.8}\n",
    ] {
        assert!(yaml.contains(part), "{part}\nin\n{yaml}{}", run.err);
    }
    assert!(run.out.contains("SQLite"), "{}", run.out);
}

#[test]
fn a_file_of_ones_own_is_only_added_to_and_only_by_consent() {
    let workspace = Workspace::empty();
    let own = "# mine\nsources:\n  - https://a.example   # good\n";
    workspace.write("feeds.yaml", own);
    let args = ["--offline", "--follow", "https://b.example"];
    let run = init(&workspace, &args, "");
    check_code(&run, 2);
    assert!(
        run.err.contains("+ https://b.example") && run.err.contains("`--yes` adds"),
        "{}",
        run.err
    );
    check_code(&init(&workspace, &args, "n\n"), 0);
    assert_eq!(workspace.read("feeds.yaml"), own);
    check_code(&init(&workspace, &args, "y\n"), 0);
    assert_eq!(workspace.read("feeds.yaml"), format!("{own}  - https://b.example\n"));
    let run = init(&workspace, &["--yes", "--offline", "--follow", "https://b.example"], "");
    check_code(&run, 0);
    assert!(run.err.contains("stays as it is"), "{}", run.err);
}

#[test]
fn a_file_with_faults_is_left_alone() {
    let workspace = Workspace::new("peple: []\n");
    let run = init(&workspace, &["--yes", "--follow", "https://b.example"], "");
    check_code(&run, 2);
    assert!(run.err.contains("feeds.yaml:1:1: unknown key `peple`"), "{}", run.err);
    assert_eq!(workspace.read("feeds.yaml"), "peple: []\n");
}

#[test]
fn the_shipped_file_is_replaced_and_that_is_said() {
    let workspace = Workspace::new(SHIPPED);
    let run = init(&workspace, &["--offline", "--follow", "https://b.example"], "");
    check_code(&run, 0);
    assert!(run.err.contains("yours takes its place"), "{}", run.err);
    let yaml = workspace.read("feeds.yaml");
    assert!(
        yaml.contains("sources:\n  - https://b.example\n") && !yaml.contains("simonw"),
        "{yaml}"
    );
}

#[test]
fn whoever_follows_nothing_begins_with_the_shipped_feeds() {
    let workspace = Workspace::empty();
    check_code(&init(&workspace, &["--yes", "--offline", "--name", "Mara"], ""), 0);
    let yaml = workspace.read("feeds.yaml");
    assert!(yaml.contains("simonw") && yaml.contains("\nme:\n  names: [Mara]\n"), "{yaml}");
}

#[test]
fn without_a_network_the_file_is_written_and_the_demo_named() {
    let workspace = Workspace::empty();
    // A connection to a multicast address fails as one without any network does.
    let args = ["init", "--dir", ".", "--allow", "224.0.0.0/4", "--yes", "--follow"];
    let run = workspace.run(&[&args[..], &["http://224.0.0.1/feed"]].concat());
    check_code(&run, 2);
    assert!(run.err.contains("error: no network") && run.err.contains("demo`"), "{}", run.err);
    assert!(workspace.read("feeds.yaml").contains("  - http://224.0.0.1/feed\n"));
}

#[test]
fn with_nobody_to_ask_and_nothing_given_it_says_what_to_pass() {
    let workspace = Workspace::empty();
    let run = init(&workspace, &[], "\n\n");
    check_code(&run, 2);
    assert!(
        run.err.contains("--opml FILE") && !workspace.path("feeds.yaml").exists(),
        "{}",
        run.err
    );
}

#[cfg(unix)]
#[test]
fn a_link_keeps_leading_to_the_file() {
    let workspace = Workspace::empty();
    workspace.write("dotfiles/mine.yaml", "- https://a.example\n");
    std::os::unix::fs::symlink("dotfiles/mine.yaml", workspace.path("feeds.yaml")).unwrap();
    check_code(&init(&workspace, &["--yes", "--offline", "--follow", "b.example"], ""), 0);
    assert!(workspace.path("feeds.yaml").is_symlink());
    let text = "- https://a.example\n- https://b.example\n";
    assert_eq!(workspace.read("dotfiles/mine.yaml"), text);
}

#[test]
fn with_yes_interests_are_proposed_as_a_comment() {
    let server = FeedServer::start("127.0.0.25");
    server.on("/a.xml", feed("Ants", &["an ant knows SQLite", "so SQLite it is"]));
    server.on("/b.xml", feed("Bees", &["a bee likes SQLite"]));
    let workspace = Workspace::empty();
    let (a, b) = (server.url("/a.xml"), server.url("/b.xml"));
    let run = init(&workspace, &["--yes", "--follow", &a, &b], "");
    check_code(&run, 0);
    let yaml = workspace.read("feeds.yaml");
    let lines = "# interests:\n#   - {name: SQLite, query: sqlite, weight: 0.8}\n";
    assert!(yaml.contains(lines), "{yaml}");
    let again = init(&workspace, &["--yes"], "");
    check_code(&again, 0);
    assert_eq!(workspace.read("feeds.yaml"), yaml, "a second time adds nothing");
    assert_eq!(server.asked().len(), 2, "what was read is not read again");
}
