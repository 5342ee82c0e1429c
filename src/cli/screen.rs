//! What a person sees while a command works: a bar on a terminal, plain lines elsewhere.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

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
            if !quiet && total > 0 {
                eprintln!("{what}: {total} …");
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

    /// So many steps more.
    pub(super) fn add(&self, steps: usize) {
        self.bar.inc(steps as u64);
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
