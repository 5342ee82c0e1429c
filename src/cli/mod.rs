//! The command line: one file for each command, and what all of them share.
//!
//! Commands read the clock and the arguments, call a journey of `pipeline`, and show what came
//! of it. Exit codes: 0 done, 1 nothing found or some feeds failed, 2 error; of `run` also 78, an
//! error that is not tried again.

mod desk;
mod errand;
mod list;
mod log;
mod options;
mod place;
mod pursue;
mod screen;
mod sight;
mod standing;
mod talk;
mod trouble;
mod remarks;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser};
use jiff::Timestamp;

pub use crate::pipeline::Place;
pub use place::Surroundings;

/// What every command is given.
pub struct Context {
    /// Where the files are.
    pub place: Place,
    /// `--now`, else the clock in whole seconds, read once at the start.
    pub now: Timestamp,
    /// `--now` was given: this is a replay.
    pub replay: bool,
    /// The command's name.
    pub command: &'static str,
}

/// Lists the commands: one line each makes the subcommand and its dispatch.
macro_rules! commands {
    ($($(#[$doc:meta])* $vis:vis $module:ident => $name:ident,)*) => {
        $($vis mod $module;)*

        #[derive(clap::Subcommand)]
        enum Command {
            $($(#[$doc])* $name($module::Arguments),)*
        }

        impl Command {
            fn name(&self) -> &'static str {
                match self {
                    $(Command::$name(_) => stringify!($module),)*
                }
            }

            fn run(self, context: &Context) -> anyhow::Result<ExitCode> {
                match self {
                    $(Command::$name(arguments) => $module::run(arguments, context),)*
                }
            }
        }
    };
}

commands! {
    /// Show the whole path on a small invented world, offline, in seconds
    pub demo => Demo,
    /// Set up: who you are, what to follow, the first digest
    init => Init,
    /// Run as a daemon: poll, index, send digests on schedule
    run => Run,
    /// Read all feeds once, now
    fetch => Fetch,
    /// Compose a digest and print it; --send also writes and records it
    digest => Digest,
    /// Search everything that was kept
    search => Search,
    /// Explain why a digest showed an item: every signal and its points
    why => Why,
    /// Close items of a digest: not shown again without news
    done => Done,
    /// Postpone an item: shown again in 3 days, or when you say
    snooze => Snooze,
    /// Never show an item again, in any section
    mute => Mute,
    /// Keep an item or a post to be found again; alone, list what is saved
    save => Save,
    /// Take an item off the list of what is saved
    unsave => Unsave,
    /// Check feeds.yaml and show what it comes to
    check => Check,
    /// Follow somebody or something: find the feed, write it into feeds.yaml
    follow => Follow,
    /// Take entries out of feeds.yaml; what was read stays
    unfollow => Unfollow,
    /// Follow what a list names: OPML, exports of networks, any text
    import => Import,
    /// Write what is followed as OPML, JSON or CSV
    export => Export,
    /// List what is followed: health, last post, next check, last error
    following => Following,
    /// Show what runs, how the feeds are, what is kept, and what needs a look
    status => Status,
    /// Let systemd run it: write, show or remove the unit of a user service
    service => Service,
    /// Build the search index anew from the archive
    reindex => Reindex,
    /// Save what can be read of a damaged archive
    repair => Repair,
    /// Measure accuracy on labelled data
    evaluate => Evaluate,
}

const EXAMPLES: &str = "\
Examples:
  bellwether demo                      see what it does, offline
  bellwether init                      set up with a few questions
  bellwether init --opml feeds.opml --yes
  bellwether fetch && bellwether digest
  bellwether digest --send             write it to index/digests/ and remember what was shown
  bellwether search '\"merge policy\" after:2026-01-01'
  bellwether why t3fd
  bellwether done w7kq && bellwether snooze t3fd 1w

Files: --dir DIR, else $BELLWETHER_HOME, else a folder with feeds.yaml that you stand in,
else ~/.config/bellwether and ~/.local/share/bellwether.";

#[derive(Parser)]
#[command(name = "bellwether", version, about, after_help = EXAMPLES)]
#[command(propagate_version = true, arg_required_else_help = true)]
struct Line {
    /// Folder with feeds.yaml and index/
    #[arg(long, global = true, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Take this instant for now (RFC 3339): replay and tests
    #[arg(long, global = true, value_name = "T", hide_short_help = true, value_parser = instant)]
    now: Option<Timestamp>,
    /// Say more on standard error; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

/// Reads `2026-10-13T07:30Z`, with or without seconds; without a zone it is UTC.
fn instant(text: &str) -> Result<Timestamp, String> {
    crate::normalize::date::lenient(text)
        .ok_or_else(|| "expected an instant such as 2026-10-13T07:30:00Z".to_owned())
}

/// The clock, in whole seconds: an instant that a person can give again with `--now`.
fn this_second() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// How `run` ends where to start it again would not help (EX_CONFIG of sysexits(3)): the units in
/// `packaging/` have systemd leave it at that.
const NEEDS_A_PERSON: u8 = 78;

/// Runs the program: arguments to exit code.
pub fn main() -> ExitCode {
    let command = Line::command();
    let line = Line::parse_from(options::first("search", &command, std::env::args_os()));
    let is_daemon = line.command.name() == "run";
    log::start(line.verbose, is_daemon);
    let context = Context {
        place: Surroundings::read(line.dir).place(),
        now: line.now.unwrap_or_else(this_second),
        replay: line.now.is_some(),
        command: line.command.name(),
    };
    match line.command.run(&context) {
        Ok(code) => code,
        Err(error) if trouble::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            trouble::show(&error);
            let is_settled = is_daemon && trouble::needs_a_person(&error);
            ExitCode::from(if is_settled { NEEDS_A_PERSON } else { 2 })
        }
    }
}

/// Writes a line to standard output; a closed pipe is an error that ends the program quietly.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout().lock(), $($text)*)?;
    }};
}
use say;

/// Writes a value as one line of JSON.
fn say_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    say!("{}", crate::digest::escape::json(&serde_json::to_string(value)?));
    Ok(())
}

/// How this program was called, for the commands that it proposes.
fn program() -> &'static str {
    if std::env::var_os("CARGO").is_some() { "cargo run --release --" } else { "bellwether" }
}

/// "Nothing found", or "some feeds failed".
fn partly() -> ExitCode {
    ExitCode::from(1)
}
