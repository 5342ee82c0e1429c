//! `bellwether init`: a few questions or a list, then feeds.yaml, a first reading and a digest.
//!
//! What is to be written is decided in `config::write`, what an address is in `pipeline::look`;
//! here is the talk around it. Until the file is written nothing else is.

mod gather;
mod interests;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use super::sight::Sights;
use super::standing::{self, Standing};
use super::desk::{Desk, Web};
use super::talk::Talk;
use super::{Context, partly, say, trouble};
use crate::address::Allow;
use crate::config::write::Answers;
use crate::config::{self, Config, FetchSettings, SHIPPED, Surroundings};
use crate::model::Feed;

/// Set up: who you are, what to follow, the first digest.
///
/// Asks a few questions on a terminal, writes feeds.yaml, reads the feeds, proposes interests and
/// prints the first digest. Lists and options answer questions beforehand; with --yes none is
/// asked. A feeds.yaml of your own is never replaced: what is new is shown, then added.
/// Exit code 1: some feeds failed.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Follow a site, feed or profile: its address or handle (may be given several times)
    #[arg(long, value_name = "URL|HANDLE", num_args = 1..)]
    follow: Vec<String>,
    /// Follow what another reader's list names
    #[arg(long, value_name = "FILE", num_args = 1..)]
    opml: Vec<PathBuf>,
    /// Follow the accounts of a Mastodon export (following_accounts.csv)
    #[arg(long, value_name = "FILE", num_args = 1..)]
    csv: Vec<PathBuf>,
    /// Follow the addresses and handles in any text; `-` is standard input
    #[arg(long, value_name = "FILE", num_args = 1..)]
    list: Vec<PathBuf>,
    /// A site or profile of your own
    #[arg(long, value_name = "URL|HANDLE", num_args = 1..)]
    me: Vec<String>,
    /// A name of your own, as posts have it
    #[arg(long, value_name = "NAME")]
    name: Vec<String>,
    /// Ask nothing: take what Enter would take, and add to a feeds.yaml that is there
    #[arg(long, short)]
    yes: bool,
    /// Only write feeds.yaml: look at no address, read no feed
    #[arg(long)]
    offline: bool,
    /// Private network that feeds may lead to, written into a new file
    #[arg(long, value_name = "CIDR", hide = true)]
    allow: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  bellwether init                                       a few questions
  bellwether init --opml feeds.opml --csv following_accounts.csv --yes
  bellwether init --follow https://ines.example @tomas.example r/rust --me @mara@social.example
  bellwether init --list - < bookmarks.md
  bellwether init --yes                                 begin with the feeds that come with it";

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let path = &context.place.settings;
    let standing = Standing::read(path)?;
    Standing::check_writable(path)?;
    let mut answers = gather::given(&arguments)?;
    let from_input = arguments.list.iter().any(|list| list.as_os_str() == "-");
    let mut talk = Talk::new(arguments.yes, from_input)?;
    let nothing = answers.names.is_empty() && answers.me.is_empty() && answers.follows.is_empty();
    if !arguments.yes && talk.is_silent()? && nothing {
        return Err(trouble::mistake(
            "nothing to follow was given, and nobody is there to be asked",
            "pass `--opml FILE`, `--csv FILE`, `--list FILE` or `--follow URL`, or `--yes` for the \
             feeds that come with the program",
        ));
    }
    let web = Web::open(&manners(&standing, &arguments)?, Vec::new())?;
    let known = standing.config().into_iter().flat_map(|config| &config.feeds);
    let known: BTreeSet<String> = known.map(|feed| feed.address.clone()).collect();
    let mut sights = Sights {
        web: &web,
        now: context.now,
        blind: arguments.offline,
        offline: false,
        known,
        doubts: 0,
    };
    let with_shipped = answer(&mut answers, &standing, &mut talk, &mut sights, context)?;
    let Sights { offline, doubts, .. } = sights;
    if !standing::save(path, &standing, &answers, with_shipped, &mut talk)? {
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.offline {
        next_steps(context, false);
        return Ok(ExitCode::SUCCESS);
    }
    if offline {
        return Err(no_network(context));
    }
    talk.left_behind = "feeds.yaml is written, and what was read by then is kept";
    let config = config::load(path)?;
    let fresh = !matches!(standing, Standing::Own { .. });
    let failed = begin(config, web, fresh, context, &mut talk)?;
    Ok(if failed + doubts == 0 { ExitCode::SUCCESS } else { partly() })
}

/// Looks at what the arguments gave, asks what they left open; says whether the feeds that come
/// with the program are wanted.
fn answer(
    answers: &mut Answers,
    standing: &Standing,
    talk: &mut Talk,
    sights: &mut Sights<'_>,
    context: &Context,
) -> anyhow::Result<bool> {
    let file = context.place.settings.display();
    if talk.is_open() {
        talk.say("A few questions; Enter goes on, Ctrl-C leaves everything as it is. Your answers come");
        talk.say(&format!("into {file}, where you can change them at any time."));
    }
    let is_new = standing.config().is_none();
    let is_known = standing.config().is_some_and(|config| config.me().is_some());
    if !answers.me.is_empty() {
        gather::look_at_me(talk, sights, answers)?;
    } else if talk.is_open() && !is_known && answers.names.is_empty() && (is_new || answers.follows.is_empty()) {
        gather::ask_me(talk, sights, answers)?;
    }
    if !answers.follows.is_empty() {
        let given = std::mem::take(&mut answers.follows);
        answers.follows = sights.look(talk, given)?.0;
    } else if talk.is_open() {
        gather::ask_follows(talk, sights, answers)?;
    }
    if !answers.follows.is_empty() || standing.config().is_some() {
        return Ok(false);
    }
    let shipped = config::read(SHIPPED, "feeds.yaml", &Surroundings::of_this_process())?;
    let question = format!(
        "You follow nothing yet. Begin with the {} public feeds that come with the program?",
        shipped.feeds.len()
    );
    talk.agree(&question, true)
}

/// Of the user's own file, else the usual ones.
fn manners(standing: &Standing, arguments: &Arguments) -> anyhow::Result<FetchSettings> {
    let usual = standing.manners()?;
    if standing.config().is_some() {
        return Ok(usual);
    }
    let allow = Allow::parse(arguments.allow.iter().map(String::as_str));
    let allow = allow.map_err(|error| trouble::mistake(error.to_string(), "write it as 10.0.0.0/8"))?;
    Ok(FetchSettings { allow, ..usual })
}

/// The first reading, the interests and the first digest; returns how many feeds failed.
fn begin(
    config: Config,
    web: Web,
    fresh: bool,
    context: &Context,
    talk: &mut Talk,
) -> anyhow::Result<usize> {
    let path = &context.place.settings;
    let mut desk = match Desk::around(config, &context.place, context.command, web) {
        Ok(desk) => desk,
        Err(error) => {
            let Some(daemon) = super::errand::daemon_of(&error) else { return Err(error) };
            talk.say(&format!("{daemon} takes the file as it is now, and reads what is new in it."));
            next_steps(context, true);
            return Ok(0);
        }
    };
    let states = desk.archive.states()?;
    let is_new = |feed: &&Feed| states.get(&feed.id).is_none_or(|state| state.first_read.is_none());
    let feeds: Vec<Feed> = desk.config.feeds.iter().filter(is_new).cloned().collect();
    if desk.config.feeds.is_empty() {
        talk.say("It follows nothing yet: write an address or a handle into it, each on a line.");
        next_steps(context, false);
        return Ok(0);
    }
    let mut failed = 0;
    if !feeds.is_empty() {
        let report = desk.fetch(&feeds, context.now, false)?;
        if report.offline {
            return Err(no_network(context));
        }
        talk.say(&super::fetch::summary(&report));
        failed = report.failed;
    }
    if interests::interests(&desk, path, fresh, context.now, talk)? {
        desk.config = config::load(path)?;
    }
    if desk.archive.counts()?.posts == 0 {
        talk.say("No feed could be read, so there is no digest yet.");
    } else {
        let made = super::digest::print_from(&mut desk, context)?;
        eprintln!();
        say!("{}", made.markdown().trim_end());
    }
    next_steps(context, true);
    Ok(failed)
}

fn no_network(context: &Context) -> anyhow::Error {
    trouble::mistake(
        "no network: none of the feeds could be reached",
        format!(
            "{} is written and stays; `{} fetch` reads the feeds once there is a network, \
             `{} demo` shows everything offline",
            context.place.settings.display(),
            super::program(),
            super::program()
        ),
    )
}

/// Names commands as they work here: for every morning and, where something `was_read`, for it.
fn next_steps(context: &Context, was_read: bool) {
    let usual = super::Surroundings::read(None).place();
    let folder = context.place.settings.parent().filter(|_| usual != context.place);
    let dir = folder.map(|folder| format!(" --dir {}", folder.display())).unwrap_or_default();
    let program = format!("{}{dir}", super::program());
    let mut steps = vec![
        ("fetch", "reads the feeds once more"),
        ("digest --send", "the next digest, also kept as a file"),
        ("run", "both by itself, as long as it runs"),
        ("service install --start", "the same as a service of systemd, with each log-in"),
        ("check", "what feeds.yaml comes to, after you have edited it"),
    ];
    if was_read {
        steps.insert(2, ("search '\"a phrase\" OR words'", "finds posts in everything that was read"));
    }
    let width = steps.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    eprintln!("\nFrom now on:");
    for (command, about) in steps {
        eprintln!("  {program} {command:<width$}   {about}");
    }
}

fn heading(text: &str) {
    eprintln!("\n{}", console::style(text).for_stderr().bold());
}
