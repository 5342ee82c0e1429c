//! `bellwether service`: a unit of the user's own service manager, so that the daemon runs by
//! itself and the shell's commands meet its files.
//!
//! It writes one file. systemd is asked for something only with `--start` and `--stop`.

mod change;
mod systemctl;
mod unit;

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf, absolute};
use std::process::ExitCode;

use self::systemctl::UNIT;
use super::talk::Talk;
use super::{Context, Place, Surroundings, partly, say, trouble};
use crate::config;
use crate::deliver::write_whole;
use crate::digest::escape::terminal;

/// Let systemd run it: write, show or remove the unit of a user service.
///
/// The unit runs this program, where it lies now, on the files that your commands use here.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  bellwether service install --start\n  bellwether service print | systemd-analyze --user security --offline=true /dev/stdin\n  loginctl enable-linger               keep it running while you are logged out\n  journalctl --user -u bellwether -f   what it says")]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Write the unit; a file that differs is replaced only after you agreed
    Install {
        /// Also let systemd load, enable and start it
        #[arg(long)]
        start: bool,
        /// Say what would be done, and do nothing
        #[arg(long)]
        dry_run: bool,
        /// Print the unit, and do nothing
        #[arg(long, conflicts_with_all = ["start", "dry_run"])]
        print: bool,
        /// Replace a file that differs without asking
        #[arg(long, short)]
        yes: bool,
    },
    /// Print the unit
    Print,
    /// Remove the unit; settings, archive and digests stay
    Uninstall {
        /// Let systemd stop and disable it first
        #[arg(long)]
        stop: bool,
        /// Remove it also if somebody else wrote it
        #[arg(long, short)]
        yes: bool,
    },
}

pub(super) fn run(arguments: Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    let place = Place {
        settings: absolute(&context.place.settings)?,
        index: absolute(&context.place.index)?,
    };
    match arguments.what {
        What::Print | What::Install { print: true, .. } => {
            say!("{}", unit::text(&program()?, &place)?.trim_end());
            Ok(ExitCode::SUCCESS)
        }
        What::Install { start, dry_run, yes, .. } => install(&place, start, dry_run, yes),
        What::Uninstall { stop, yes } => uninstall(&place, stop, yes),
    }
}

/// This program's file.
fn program() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    match program.is_file() {
        true => Ok(program),
        false => Err(trouble::mistake(
            format!("{} is no longer there", program.display()),
            "the program was replaced while it ran: run the command again",
        )),
    }
}

/// Where the user's own units lie (systemd.unit(5), "Unit File Load Path").
fn unit_file() -> anyhow::Result<PathBuf> {
    let home = Surroundings::read(None).config_home.ok_or_else(|| {
        trouble::mistake("you have no home folder", "set HOME, or take packaging/bellwether.service")
    })?;
    Ok(absolute(home)?.join("systemd/user").join(format!("{UNIT}.service")))
}

fn install(place: &Place, start: bool, dry_run: bool, yes: bool) -> anyhow::Result<ExitCode> {
    let (program, path) = (program()?, unit_file()?);
    let text = unit::text(&program, place)?;
    let old = std::fs::read_to_string(&path).ok();
    let differs = old.as_ref().is_some_and(|old| *old != text);
    if start && !dry_run {
        // What would keep it from starting is said before anything is written.
        config::load(&place.settings)?;
    }
    if differs {
        show_change(&path, old.as_deref().unwrap_or_default(), &text);
    }
    if dry_run {
        say!("{}: {}", shown(&path), match (&old, differs) {
            (None, _) => "would be written",
            (Some(_), true) => "would be replaced as shown, once you agreed",
            (Some(_), false) => "is as it should be",
        });
        return Ok(ExitCode::SUCCESS);
    }
    if differs && !may_replace(yes)? {
        say!("{} stays as it was.", shown(&path));
        return Ok(partly());
    }
    write_whole(&path, text.as_bytes())?;
    let done = if old.is_none() || differs { "Written" } else { "Already there" };
    say!("{done}: {}", shown(&path));
    say!("It runs {} on the files of your commands here:", shown(&program));
    say!("  settings  {}", shown(&place.settings));
    say!("  index     {}", shown(&place.index));
    warn(&program, place);
    if start {
        systemctl::reach()?;
        systemctl::run(&["daemon-reload"])?;
        systemctl::run(&["enable", UNIT])?;
        systemctl::run(&[if differs { "restart" } else { "start" }, UNIT])?;
        say!("\nIt runs, and will with each log-in.");
    }
    next_steps(start)?;
    Ok(ExitCode::SUCCESS)
}

fn shown(path: &Path) -> String {
    terminal(&path.display().to_string())
}

fn show_change(path: &Path, old: &str, new: &str) {
    eprintln!("{} differs:", shown(path));
    for line in change::lines(old, new) {
        eprintln!("  {}", terminal(&line));
    }
}

/// Asks, unless `yes`.
fn may_replace(yes: bool) -> anyhow::Result<bool> {
    if yes {
        return Ok(true);
    }
    let mut talk = Talk::new(false, false)?;
    talk.consent("Replace it? Lines of your own in it will be gone", false)?.ok_or_else(|| {
        trouble::mistake(
            "the unit differs, and nobody is there to be asked",
            "`--yes` replaces it; lines of your own belong into `systemctl --user edit bellwether`",
        )
    })
}

/// What will not last, or not work.
fn warn(program: &Path, place: &Place) {
    let is_build = program.ancestors().nth(2).is_some_and(|folder| folder.ends_with("target"));
    if is_build {
        eprintln!(
            "note: {} is a build folder, and gone with `cargo clean`: `cargo install --path .`, \
             then install the service again",
            shown(program)
        );
    }
    if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        eprintln!(
            "note: this is root's own service; for the whole machine, with a user of its own, \
             take packaging/bellwether.service"
        );
    }
    if let Err(error) = config::load(&place.settings) {
        eprintln!("note: it will not start before this is mended: {}", terminal(&error.to_string()));
    }
}

/// Names the commands that come next.
fn next_steps(runs: bool) -> anyhow::Result<()> {
    let mut steps = Vec::new();
    if !runs {
        steps.push(("systemctl --user daemon-reload", "systemd reads the unit"));
        steps.push(("systemctl --user enable --now bellwether", "starts it, now and with each log-in"));
    }
    if !lingers() {
        steps.push(("loginctl enable-linger", "from boot on, and while you are logged out"));
    }
    steps.push(("journalctl --user -u bellwether -f", "what it says"));
    steps.push(("bellwether status", "what it does, and what is wrong"));
    let width = steps.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    say!("\nNext:");
    for (command, about) in steps {
        say!("  {command:<width$}  {about}");
    }
    Ok(())
}

/// Whether the user's manager runs without a log-in (loginctl(1), "enable-linger").
fn lingers() -> bool {
    let user = std::env::var_os("USER").or_else(|| std::env::var_os("LOGNAME"));
    user.is_some_and(|user| Path::new("/var/lib/systemd/linger").join(user).exists())
}

fn uninstall(place: &Place, stop: bool, yes: bool) -> anyhow::Result<ExitCode> {
    let path = unit_file()?;
    let Ok(text) = std::fs::read_to_string(&path) else {
        say!("Nothing to remove: {} is not there.", shown(&path));
        return Ok(partly());
    };
    if !text.starts_with(unit::MARK) && !yes {
        return Err(trouble::mistake(
            format!("{} was not written by this program", path.display()),
            "`--yes` removes it all the same",
        ));
    }
    if stop {
        systemctl::reach()?;
        systemctl::run(&["disable", "--now", UNIT])?;
    }
    // What `enable` made; without its unit it would only be a complaint in the journal.
    let link = path.with_file_name("default.target.wants").join(format!("{UNIT}.service"));
    if link.is_symlink() {
        std::fs::remove_file(&link)?;
    }
    std::fs::remove_file(&path)?;
    say!("Removed: {}", shown(&path));
    say!("Settings, archive and digests stay: {}, {}", shown(&place.settings), shown(&place.index));
    match stop {
        true => systemctl::run(&["daemon-reload"])?,
        false => say!("If it runs: systemctl --user stop bellwether && systemctl --user daemon-reload"),
    }
    Ok(ExitCode::SUCCESS)
}
