//! The user's service manager, asked through `systemctl --user`.

use std::process::{Command, Output};

use crate::cli::trouble;

/// The unit's name.
pub(super) const UNIT: &str = "bellwether";

/// Fails, with the next step, where no user manager answers.
///
/// # Errors
/// There is no `systemctl`, or nobody behind it.
pub(super) fn reach() -> anyhow::Result<()> {
    let answer = ask(&["show", "--property=Version"])?;
    if answer.status.success() {
        return Ok(());
    }
    let why = first_line(&answer);
    Err(trouble::mistake(
        format!("your systemd user manager cannot be reached: {why}"),
        "it runs for whoever logged in as himself, not through su or sudo: log in at the console \
         or by ssh, then `systemctl --user enable --now bellwether`; `bellwether run` works \
         without it",
    ))
}

/// Runs `systemctl --user` with these words.
///
/// # Errors
/// It ends with a failure: what it said, and where the rest stands.
pub(super) fn run(words: &[&str]) -> anyhow::Result<()> {
    let answer = ask(words)?;
    if answer.status.success() {
        return Ok(());
    }
    Err(trouble::mistake(
        format!("systemctl --user {}: {}", words.join(" "), first_line(&answer)),
        format!("`journalctl --user -u {UNIT} -n 20` shows what it said"),
    ))
}

fn ask(words: &[&str]) -> anyhow::Result<Output> {
    Command::new("systemctl").arg("--user").args(words).output().map_err(|error| {
        trouble::mistake(
            format!("systemctl cannot be run: {error}"),
            "this needs systemd; without it, let your own service manager run `bellwether run`",
        )
    })
}

fn first_line(answer: &Output) -> String {
    let said = String::from_utf8_lossy(&answer.stderr);
    said.lines().next().unwrap_or("it gave no reason").to_owned()
}
