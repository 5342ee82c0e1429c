//! Questions and answers: on a terminal, or from a pipe whose lines are the answers in turn.
//!
//! An empty line is Enter; the end of the input ends a question as Enter does, but on a terminal
//! one that comes before any answer (Ctrl-D) is a refusal, as Ctrl-C is. Everything that is said
//! goes to standard error, so that standard output holds the digest alone.

use std::collections::VecDeque;
use std::io::{BufRead as _, IsTerminal as _, stdin};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::cli::trouble;
use crate::digest::escape;

/// A line that comes this soon after an empty one was pasted with it.
const PASTED: Duration = Duration::from_millis(120);

/// Whoever answers.
pub(super) struct Talk {
    lines: UnboundedReceiver<String>,
    /// Lines that were looked at before their question came.
    ahead: VecDeque<String>,
    ended: bool,
    /// Some line came, be it empty.
    answered: bool,
    is_terminal: bool,
    /// Takes what Enter would take, and asks nothing.
    agrees: bool,
    /// What Ctrl-C leaves behind.
    pub(super) left_behind: &'static str,
    runtime: Runtime,
}

impl Talk {
    /// Listens to standard input, unless everything is agreed to or it was `read` for something
    /// else.
    pub(super) fn new(agrees: bool, read: bool) -> anyhow::Result<Talk> {
        let (sender, lines) = unbounded_channel();
        let ended = agrees || read;
        if !ended {
            // A thread of its own, for nothing can call it back from its reading.
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                while stdin().lock().read_until(b'\n', &mut bytes).is_ok_and(|count| 0 < count) {
                    let line = String::from_utf8_lossy(&bytes).trim().to_owned();
                    if sender.send(line).is_err() {
                        return;
                    }
                    bytes.clear();
                }
            });
        }
        Ok(Talk {
            lines,
            ahead: VecDeque::new(),
            ended,
            answered: false,
            is_terminal: !ended && stdin().is_terminal(),
            agrees,
            left_behind: "nothing was written",
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }

    /// Nobody will say a word.
    pub(super) fn is_silent(&mut self) -> anyhow::Result<bool> {
        if self.is_terminal {
            return Ok(false);
        }
        while !self.ended && self.ahead.iter().all(String::is_empty) {
            if let Some(line) = self.receive()? {
                self.ahead.push_back(line);
            }
        }
        Ok(self.ahead.iter().all(String::is_empty))
    }

    /// Says something: plain text of ours, or escaped.
    pub(super) fn say(&self, text: &str) {
        eprintln!("{text}");
    }

    /// Asks for one line; `None` for Enter.
    pub(super) fn line(&mut self) -> anyhow::Result<Option<String>> {
        let line = self.next()?;
        Ok(line.filter(|line| !line.is_empty()))
    }

    /// Asks for lines up to an empty one. Empty lines within a pasted text end nothing.
    pub(super) fn lines(&mut self) -> anyhow::Result<Vec<String>> {
        let mut lines = Vec::new();
        while let Some(line) = self.next()? {
            if line.is_empty() {
                let Some(more) = self.pasted() else { break };
                self.ahead.push_front(more);
            }
            lines.push(line);
        }
        Ok(lines)
    }

    /// Asks yes or no; Enter and `--yes` mean `usual`, and so does the end of the input.
    pub(super) fn agree(&mut self, question: &str, usual: bool) -> anyhow::Result<bool> {
        Ok(self.consent(question, usual)?.unwrap_or(usual))
    }

    /// As `agree`, but `None` where nobody answered.
    pub(super) fn consent(&mut self, question: &str, usual: bool) -> anyhow::Result<Option<bool>> {
        if self.agrees {
            return Ok(Some(usual));
        }
        let choice = if usual { "Y/n" } else { "y/N" };
        while self.is_open() {
            eprintln!("{} [{choice}]", escape::terminal(question));
            match self.next()?.map(|line| line.to_lowercase()).as_deref() {
                None => break,
                Some("") => return Ok(Some(usual)),
                Some("y" | "yes" | "j" | "ja") => return Ok(Some(true)),
                Some("n" | "no" | "nein" | "nej") => return Ok(Some(false)),
                Some(_) => {}
            }
        }
        Ok(None)
    }

    /// `--yes`: nothing is asked.
    pub(super) fn agrees(&self) -> bool {
        self.agrees
    }

    /// Refuses where somebody sat at a terminal and left before the first answer.
    pub(super) fn stays(&self) -> anyhow::Result<()> {
        if self.is_terminal && self.ended && !self.answered {
            return Err(trouble::mistake("no answer", self.left_behind));
        }
        Ok(())
    }

    /// Whether somebody is there to be asked.
    pub(super) fn is_open(&self) -> bool {
        !self.ended || !self.ahead.is_empty()
    }

    /// `None` at the end of the input.
    fn next(&mut self) -> anyhow::Result<Option<String>> {
        if self.is_terminal && self.ahead.is_empty() {
            match self.lines.try_recv() {
                // Lines that were pasted together need one mark.
                Ok(pasted) => self.ahead.push_back(pasted),
                Err(_) => eprint!("{} ", console::style(">").for_stderr().bold()),
            }
        }
        let line = match self.ahead.pop_front() {
            Some(line) => Some(line),
            None => self.receive()?,
        };
        match &line {
            Some(line) if !self.is_terminal => eprintln!("> {}", escape::terminal(line)),
            None if self.is_terminal => eprintln!(),
            _ => {}
        }
        Ok(line)
    }

    fn receive(&mut self) -> anyhow::Result<Option<String>> {
        if self.ended {
            return Ok(None);
        }
        let Talk { lines, runtime, left_behind, .. } = self;
        let line = runtime.block_on(async {
            tokio::select! {
                biased;
                Ok(()) = tokio::signal::ctrl_c() => Err(trouble::mistake("interrupted", *left_behind)),
                line = lines.recv() => Ok(line),
            }
        })?;
        self.ended = line.is_none();
        self.answered |= line.is_some();
        Ok(line)
    }

    /// The line that came together with an empty one.
    fn pasted(&mut self) -> Option<String> {
        if !self.is_terminal {
            return None;
        }
        let Talk { lines, runtime, .. } = self;
        let soon = async { tokio::time::timeout(PASTED, lines.recv()).await };
        runtime.block_on(soon).ok().flatten()
    }
}
