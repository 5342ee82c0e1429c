//! What the user tells a command to do is done, whoever holds the lock: the command itself, another
//! one, or the daemon.

mod alone;
mod beside;
mod door;
mod dying;

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, Stdio};

use bellwether::archive::Archive;
use bellwether::model::Mark;
use jiff::Timestamp;

use crate::support::reply::Reply;
use crate::support::server::FeedServer;
use crate::support::workspace::{Run, Workspace, bellwether};

/// The instant of the first reading and of the digests here.
const NOW: &str = "2026-10-12T06:30:00Z";

const TITLES: [&str; 2] = [
    "Has anyone measured BM25F on short posts?",
    "Does anyone know how to keep query logs without tracking people?",
];

/// A feed in which `titles` were published an hour before [`NOW`].
fn feed(titles: &[&str]) -> Reply {
    let mut items = String::new();
    for title in titles {
        let name = title.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
        items += &format!(
            "<item><guid>{name}</guid><title>{title}</title>\
             <link>https://ines.example/{name}</link>\
             <pubDate>Mon, 12 Oct 2026 05:30:00 GMT</pubDate></item>"
        );
    }
    Reply::ok(format!("<rss version=\"2.0\"><channel><title>Ines</title>{items}</channel></rss>"))
}

/// A server that tells of [`TITLES`], and a folder that follows it. What the server is told to
/// answer beyond that it answers from the second time on.
fn followed() -> (FeedServer, Workspace) {
    let server = FeedServer::start("127.0.0.2");
    server.on("/feed", feed(&TITLES));
    let workspace = Workspace::new(&following(&[server.url("/feed")]));
    (server, workspace)
}

/// The same after a first reading.
fn read() -> (FeedServer, Workspace) {
    let (server, workspace) = followed();
    workspace.done(&["fetch", "--now", NOW]);
    (server, workspace)
}

fn following(urls: &[String]) -> String {
    let sources: Vec<String> = urls.iter().map(|url| format!("\"{url}\"")).collect();
    format!(
        "fetch: {{allow: [\"127.0.0.0/16\"], requests_per_second: 0}}\nsources: [{}]\n\
         digest: {{schedules: [{{name: morning, cron: \"30 7 * * *\", tz: UTC, to: [file]}}]}}\n",
        sources.join(", ")
    )
}

/// The ids that a digest at `now` shows, in its order.
#[track_caller]
fn shown(workspace: &Workspace, now: &str) -> Vec<String> {
    let digest = workspace.done(&["digest", "--now", now]);
    let lines = digest.lines().take_while(|line| *line != "---");
    lines.filter_map(|line| Some(line.strip_prefix("- [")?.split(']').next()?.to_owned())).collect()
}

/// The id of the item about `part`.
#[track_caller]
fn item_about(workspace: &Workspace, part: &str) -> String {
    let digest = workspace.done(&["digest", "--now", NOW]);
    let line = digest.lines().find(|line| line.starts_with("- [") && line.contains(part));
    let line = line.unwrap_or_else(|| panic!("nothing about {part}\n{digest}"));
    line["- [".len()..].split(']').next().unwrap().to_owned()
}

fn archive(workspace: &Workspace) -> Archive {
    Archive::read_only(&workspace.path("index/archive.db")).unwrap()
}

/// The marks in force now, as verb and id.
fn marks(workspace: &Workspace) -> Vec<(&'static str, String)> {
    let marks: Vec<Mark> = archive(workspace).marks(Timestamp::MAX, None).unwrap();
    marks.into_iter().map(|mark| (mark.kind.name(), mark.item)).collect()
}

/// How many intents are not done.
fn open(workspace: &Workspace) -> usize {
    archive(workspace).open_intents().unwrap().len()
}

/// A command that has not ended yet.
struct Under {
    child: Child,
    err: BufReader<ChildStderr>,
    told: String,
}

impl Under {
    fn way(workspace: &Workspace, args: &[&str]) -> Under {
        let mut command: Command = bellwether(workspace.dir());
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        Under { child, err, told: String::new() }
    }

    /// Reads on until it has said `part` on standard error.
    #[track_caller]
    fn says(&mut self, part: &str) {
        while !self.told.contains(part) {
            let count = self.err.read_line(&mut self.told).unwrap();
            assert_ne!(count, 0, "it never said `{part}`: {}", self.told);
        }
    }

    fn interrupt(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    }

    fn ended(mut self) -> Run {
        self.err.read_to_string(&mut self.told).unwrap();
        let output = self.child.wait_with_output().unwrap();
        Run {
            code: output.status.code().expect("it ends by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: self.told,
        }
    }
}
