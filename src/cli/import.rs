//! `bellwether import FILE`: the list of another reader or network into feeds.yaml.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::desk::Web;
use super::list::{file, skipped};
use super::sight::Sights;
use super::standing::{self, Standing};
use super::talk::Talk;
use super::{Context, follow, partly, trouble};
use crate::config::write::{Answers, Follow};
use crate::model::Problem;
use crate::pipeline::around::fetch_list;
use crate::source::lists::Listed;

/// Follow what a list names; its folders become circles.
///
/// Reads OPML, Mastodon's following_accounts.csv, Bluesky's follows (JSON, or handles), LinkedIn's
/// Connections.csv (people noted by hand, for their posts cannot be read), what `export` writes,
/// bookmarks of a browser, and any text with addresses and handles. Says what it skipped and why,
/// looks at each address, and shows the lines before it writes them. Exit code 1: some of it is
/// no feed, and stands in the file as a comment.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether import feeds.opml\n  bellwether import following_accounts.csv --yes\n  bellwether import Connections.csv --circle colleagues --dry-run\n  bellwether import https://ines.example/blogroll.opml\n  pbpaste | bellwether import -  --yes")]
pub(super) struct Arguments {
    /// A file, the address of an OPML list, or `-` for standard input
    #[arg(value_name = "FILE|URL")]
    list: String,
    /// The circle of what stands in no folder
    #[arg(long, value_name = "NAME")]
    circle: Option<String>,
    /// Ask nothing, and write it
    #[arg(long, short)]
    yes: bool,
    /// Look and show, but write nothing
    #[arg(long)]
    dry_run: bool,
    /// Look at no address
    #[arg(long)]
    offline: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// The line of JSON.
#[derive(Serialize)]
struct Row {
    /// Entries that the list holds.
    entries: usize,
    /// What could not be read of it.
    skipped: Vec<String>,
    /// Followed already.
    known: usize,
    added: Vec<String>,
    written: bool,
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let path = &context.place.settings;
    let standing = Standing::read(path)?;
    if !arguments.dry_run {
        Standing::check_writable(path)?;
    }
    let web = Web::open(&standing.manners()?, Vec::new())?;
    let (listed, problems) = read(&arguments.list, &web)?;
    skipped(&arguments.list, &problems);
    if listed.is_empty() {
        let text = format!("{} names nothing that can be followed", arguments.list);
        let hint = "OPML, a CSV of Mastodon or LinkedIn, Bluesky's JSON, or addresses and handles \
                    in any text";
        return Err(trouble::mistake(text, hint));
    }
    let from_input = arguments.list == "-";
    let mut talk = Talk::new(arguments.yes || arguments.dry_run, from_input)?;
    let entries = listed.len();
    let circle = |follow: Follow| Follow {
        folder: follow.folder.or_else(|| arguments.circle.clone()),
        ..follow
    };
    let follows: Vec<Follow> = listed.into_iter().map(Follow::from_listed).map(circle).collect();
    let by_hand = follows.iter().filter(|follow| follow.manual).count();
    talk.say(&format!("{}: {entries} entries.", arguments.list));
    if by_hand > 0 {
        talk.say(&format!(
            "{by_hand} of them are profiles that nobody can read from outside: they are noted by \
             hand (`mode: manual`)."
        ));
    }
    let known = standing.config().into_iter().flat_map(|config| &config.feeds);
    let known: BTreeSet<String> = known.map(|feed| feed.address.clone()).collect();
    let blind = arguments.offline;
    let (by_hand, others): (Vec<Follow>, Vec<Follow>) =
        follows.into_iter().partition(|follow| follow.manual);
    let mut sights = Sights { web: &web, now: context.now, blind, offline: false, known, doubts: 0 };
    let (mut follows, _) = sights.look(&mut talk, others)?;
    follows.extend(by_hand);
    let answers = Answers { follows, ..Answers::default() };
    let added = standing::add(path, &standing, &answers, arguments.dry_run, &mut talk)?;
    if added.written {
        talk.say(&follow::next(true, context)?);
    }
    if arguments.json {
        super::say_json(&Row {
            entries,
            skipped: problems.iter().map(Problem::to_string).collect(),
            known: added.known,
            added: added.lines,
            written: added.written,
        })?;
    }
    Ok(if sights.doubts == 0 { ExitCode::SUCCESS } else { partly() })
}

fn read(list: &str, web: &Web) -> anyhow::Result<(Vec<Listed>, Vec<Problem>)> {
    if !list.contains("://") {
        return file(Path::new(list));
    }
    let read = web.runtime.block_on(fetch_list(&web.client, list));
    read.map_err(|why| trouble::mistake(format!("{list}: {why}"), "is it the address of a list?"))
}
