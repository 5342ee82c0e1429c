//! What a person sees while a command works: a bar on a terminal, plain lines elsewhere.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::digest::escape::terminal;
use crate::pipeline::work;

/// Whether bold and color are welcome: on a terminal, unless `NO_COLOR` is set (no-color.org).
pub(super) fn is_styled(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Progress of one long work.
pub(super) struct Progress {
    bar: ProgressBar,
    quiet: bool,
}

impl Progress {
    /// Starts a bar of `total` steps, or plain lines where standard error is no terminal;
    /// `quiet` shows neither.
    pub(super) fn new(what: &str, total: usize, quiet: bool) -> Progress {
        if quiet || !stderr().is_terminal() {
            match total {
                _ if quiet => {}
                0 => eprintln!("{what} …"),
                total => eprintln!("{what}: {total} …"),
            }
            return Progress { bar: ProgressBar::hidden(), quiet };
        }
        let bar = ProgressBar::new(total as u64);
        if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(250));
        Progress { bar, quiet }
    }

    /// One step more.
    pub(super) fn step(&self, message: &str) {
        self.bar.set_message(message.to_owned());
        self.bar.inc(1);
    }

    /// So many steps are done.
    pub(super) fn reach(&self, steps: usize, message: &str) {
        self.bar.set_message(message.to_owned());
        self.bar.set_position(steps as u64);
    }

    /// A line that stays, above the bar.
    pub(super) fn line(&self, text: &str) {
        if !self.quiet {
            self.bar.suspend(|| eprintln!("{text}"));
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Lines about single feeds; a hundred failures have one cause.
const LINES: usize = 20;

/// Shows how a long work goes on, whoever does it.
pub(super) struct Watch {
    quiet: bool,
    what: String,
    bar: Option<Progress>,
    lines: usize,
}

impl Watch {
    /// Shows nothing if `quiet`.
    pub(super) fn new(quiet: bool) -> Watch {
        Watch { quiet, what: String::new(), bar: None, lines: 0 }
    }

    /// Shows what is told.
    pub(super) fn show(&mut self, told: &work::Progress) {
        if self.quiet {
            return;
        }
        if self.bar.is_none() || self.what != told.what {
            self.end_bar();
            self.what.clone_from(&told.what);
            self.bar = Some(Progress::new(&terminal(&told.what), told.total, false));
        }
        let Some(bar) = &self.bar else { return };
        match &told.note {
            Some(_) if LINES <= self.lines => self.lines += 1,
            Some(note) => {
                self.lines += 1;
                bar.line(&terminal(note));
            }
            None => bar.reach(told.done, &terminal(&told.name)),
        }
    }

    fn end_bar(&mut self) {
        if let Some(bar) = self.bar.take() {
            if LINES < self.lines {
                let (more, program) = (self.lines - LINES, super::program());
                bar.line(&format!("… and {more} more; `{program} status` names those that fail"));
            }
            self.lines = 0;
            bar.finish();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.end_bar();
    }
}
