//! `bellwether follow URL|@HANDLE…`: from a handle, a profile or a home page to the right feed.
//!
//! `seek` looks and tells what is there, `choice` asks; here is what is then written.

mod choice;
mod report;
mod seek;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use self::report::Report;
use self::seek::Seeker;
use super::desk::Web;
use super::standing::{self, Standing};
use super::talk::Talk;
use super::{Context, errand, partly, trouble};
use crate::archive::Archive;
use crate::config::write::{Answers, Follow};
use crate::model::Feed;
use crate::source::lists;

/// Follow somebody or something: find the feed, show a sample, write it into feeds.yaml.
///
/// Takes handles (@ines@social.example, @tomas.example, r/rust), addresses of profiles, of sites
/// and of feeds. Shows what is there and what would be written before anything is, and asks
/// where there is a choice. Exit code 1: nothing that can be followed was found.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A handle, or the address of a profile, a site or a feed
    #[arg(value_name = "URL|@HANDLE", required = true)]
    whom: Vec<String>,
    /// Whose it is: a person of feeds.yaml (`me` is you), or somebody new
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// The circle of what is new
    #[arg(long, value_name = "NAME")]
    circle: Option<String>,
    /// Ask nothing: take what Enter would take, and write it
    #[arg(long, short)]
    yes: bool,
    /// Look and show, but write nothing
    #[arg(long)]
    dry_run: bool,
    /// One JSON object for each on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  bellwether follow https://ines.example
  bellwether follow @ines@social.example --person \"Ines Okafor\" --circle friends
  bellwether follow https://x.com/inesok --person \"Ines Okafor\" --yes    noted by hand: unreadable
  bellwether follow https://ines.example --dry-run --json | jq .feeds

The JSON object:
  asked             as it was given
  name              who or what it is
  stands            {line, name} where it is followed already
  unreadable        why it cannot be read
  feeds             what can be followed: {url, title, posts, newest, sample: [{title, at}], taken}
  also              other profiles that the page names: {url, verified, taken}
  blogrolls         lists of what its author reads: {url, entries}
  added, written    lines for feeds.yaml, and whether they are in it now";

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let path = &context.place.settings;
    let standing = Standing::read(path)?;
    if !arguments.dry_run {
        Standing::check_writable(path)?;
    }
    let mut asked = Vec::new();
    for text in &arguments.whom {
        asked.push((text, named(text)?));
    }
    let mut talk = Talk::new(arguments.yes || arguments.dry_run, false)?;
    let web = Web::open(&standing.manners()?, Vec::new())?;
    let pages = pages(&standing, context);
    let mut nothing = false;
    for (text, follow) in asked {
        // Read anew for each: the one before may be in it.
        let standing = Standing::read(path)?;
        let seeker = Seeker { web: &web, now: context.now, standing: &standing, path, pages: &pages };
        let (mut report, mut follows) = seeker.seek(&mut talk, text, follow)?;
        belong(&mut follows, &report, &arguments, &standing, &talk);
        if !follows.is_empty() {
            write(path, &standing, follows, &arguments, &mut talk, &mut report)?;
        }
        nothing |= report.stands.is_none() && report.added.is_empty();
        if report.written {
            taken(&report, context, &talk)?;
        }
        if arguments.json {
            super::say_json(&report)?;
        }
    }
    Ok(if nothing { partly() } else { ExitCode::SUCCESS })
}

/// Pages of feeds.yaml that were found to name a feed, by the feed's address.
fn pages(standing: &Standing, context: &Context) -> BTreeMap<String, String> {
    let states = Archive::read_only(&context.place.archive()).and_then(|archive| archive.states());
    let states = states.unwrap_or_default();
    let feeds = standing.config().into_iter().flat_map(|config| &config.feeds);
    let found = |feed: &Feed| Some((states.get(&feed.id)?.found.clone()?, feed.address.clone()));
    feeds.filter_map(found).collect()
}

fn named(text: &str) -> anyhow::Result<Follow> {
    if Path::new(text).is_file() {
        let hint = format!("`bellwether import {text}` follows what it names");
        return Err(trouble::mistake(format!("`{text}` is a file"), hint));
    }
    match lists::pasted(text).0.into_iter().next() {
        Some(listed) => {
            let follow = Follow::from_listed(listed);
            Ok(Follow { name: None, folder: None, ..follow })
        }
        None => {
            let problem = format!("`{text}` is neither an address nor a handle");
            Err(trouble::mistake(problem, lists::advice(text)))
        }
    }
}

/// Gives them the person and the circle that were named or follow from what was found.
fn belong(
    follows: &mut [Follow],
    report: &Report,
    arguments: &Arguments,
    standing: &Standing,
    talk: &Talk,
) {
    let together = follows.len() > 1 && report.also.iter().any(|also| also.taken);
    let found = report.name.clone().filter(|_| together || follows.iter().any(|one| one.manual));
    let person = arguments.person.clone().or(found);
    let there = person.as_ref().and_then(|name| standing.config()?.person_named(name));
    if let (Some((_, person)), Some(circle)) = (there, &arguments.circle)
        && !person.circles.contains(circle)
    {
        talk.say(&crate::digest::escape::terminal(&format!(
            "{} is in feeds.yaml already: the circle stays as it is there.",
            person.name
        )));
    }
    for follow in follows {
        follow.person.clone_from(&person);
        follow.folder.clone_from(&arguments.circle);
    }
}

fn write(
    path: &Path,
    standing: &Standing,
    follows: Vec<Follow>,
    arguments: &Arguments,
    talk: &mut Talk,
    report: &mut Report,
) -> anyhow::Result<()> {
    let answers = Answers { follows, ..Answers::default() };
    let added = standing::add(path, standing, &answers, arguments.dry_run, talk)?;
    report.added = added.lines;
    report.written = added.written;
    if report.added.is_empty() && added.known > 0 {
        let text = standing.text();
        let file = path.display().to_string();
        let at = answers.follows.iter().find_map(|one| {
            crate::config::write::stands(text, &file, one)
        });
        report.stands = at.map(report::Place::of);
    }
    Ok(())
}

/// Says who reads it now, or the next command.
fn taken(report: &Report, context: &Context, talk: &Talk) -> anyhow::Result<()> {
    talk.say(&next(report.is_readable(), context)?);
    Ok(())
}

/// Where names of what is followed are found.
pub(super) fn names_hint() -> String {
    format!("`{} following` lists what is, by name", super::program())
}

/// What comes after the file was changed.
pub(super) fn next(readable: bool, context: &Context) -> anyhow::Result<String> {
    Ok(match errand::daemon(context)? {
        Some(daemon) => format!("{daemon} takes the file as it is now."),
        None if readable => format!("`{} fetch --due` reads what is new in it.", super::program()),
        None => format!("`{} check` shows what the file comes to.", super::program()),
    })
}
