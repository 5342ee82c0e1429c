//! Errors as a person sees them: one line, and the next step on a line of its own.

use std::io::{self, stderr};

use crate::{archive, config, deliver, fetch, index, pipeline, query, source};

/// A mistake in the words of a command.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Mistake {
    text: String,
    hint: Option<String>,
}

/// Makes an error with a next step.
pub(super) fn mistake(text: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
    Mistake { text: text.into(), hint: Some(hint.into()) }.into()
}

/// Makes an error that was told elsewhere.
pub(super) fn mistake_of(text: String, hint: Option<String>) -> anyhow::Error {
    Mistake { text, hint }.into()
}

/// Makes the error for a name that is not among `known`, with the nearest one as a hint.
pub(super) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> anyhow::Error {
    const NEAR: f64 = 0.6;
    const FEW: usize = 8;
    let known: Vec<&str> = known.collect();
    let scored = known
        .iter()
        .map(|&word| (strsim::jaro_winkler(&word.to_lowercase(), &name.to_lowercase()), word));
    let best = scored.filter(|(near, _)| NEAR <= *near).max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = match best {
        Some((_, word)) => Some(format!("did you mean `{word}`?")),
        None if known.is_empty() => None,
        None if known.len() <= FEW => Some(format!("known: {}", known.join(", "))),
        None => Some("`bellwether check` lists the names".to_owned()),
    };
    Mistake { text: format!("no {what} is called `{name}`"), hint }.into()
}

/// Makes the error for a computer without a network.
pub(super) fn offline() -> anyhow::Error {
    mistake(
        "no network: none of the feeds could be reached",
        "check the connection; nothing was lost. `bellwether demo` shows everything offline",
    )
}

/// The user pressed Ctrl-C.
pub(super) fn interrupted() -> anyhow::Error {
    mistake("interrupted", "what was read by then is kept; run the command again for the rest")
}

/// Whoever read our output has seen enough.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Prints an error and its hint.
pub(super) fn show(error: &anyhow::Error) {
    let (red, bold, plain) = if super::screen::is_styled(&stderr()) {
        ("\x1b[31m", "\x1b[1m", "\x1b[0m")
    } else {
        ("", "", "")
    };
    // How the journal is told that it is an error (sd-daemon(3)).
    let level = if super::log::goes_to_the_journal() { "<3>" } else { "" };
    for line in lines(error) {
        eprintln!("{level}{red}{bold}error:{plain} {line}");
    }
    if let Some(hint) = error.chain().find_map(hint) {
        eprintln!("{level}{bold}hint:{plain}  {}", crate::digest::escape::terminal(&hint));
    }
}

/// Whether the same would come of trying again until somebody has done something: wrong settings,
/// an archive that is damaged or from a later version.
pub(super) fn needs_a_person(error: &anyhow::Error) -> bool {
    use archive::Error::{Corrupt, Newer};
    let of_the_archive = |error: &archive::Error| matches!(error, Corrupt { .. } | Newer { .. });
    error.chain().any(|cause| {
        cause.is::<config::Error>() || cause.downcast_ref().is_some_and(of_the_archive)
    })
}

/// Each mistake in `feeds.yaml` has its line; a line break in another error is none of ours.
fn lines(error: &anyhow::Error) -> Vec<String> {
    let text = format!("{error:#}");
    let lines = if error.is::<config::Error>() { text.lines().collect() } else { vec![&*text] };
    lines.into_iter().map(crate::digest::escape::terminal).collect()
}

/// The next step that an error of any room knows.
fn hint(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let known = [
        error.downcast_ref::<Mistake>().and_then(|error| error.hint.clone()),
        error.downcast_ref::<config::Error>().and_then(config::Error::hint),
        error.downcast_ref::<archive::Error>().and_then(archive::Error::hint),
        error.downcast_ref::<index::Error>().and_then(index::Error::hint).map(str::to_owned),
        error.downcast_ref::<deliver::Error>().map(|error| error.hint().to_owned()),
        error.downcast_ref::<query::Error>().map(query::Error::hint),
        error.downcast_ref::<fetch::Failure>().and_then(fetch::Failure::hint),
        error.downcast_ref::<source::Error>().and_then(source::Error::hint),
        error.downcast_ref::<pipeline::Error>().and_then(pipeline::Error::hint),
    ];
    known.into_iter().flatten().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_in_the_settings_has_a_line() {
        let surroundings = config::Surroundings::of_this_process();
        let wrong = config::read("- one\n- two\n", "feeds.yaml", &surroundings).unwrap_err();
        let lines = lines(&wrong.into());
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[1].starts_with("feeds.yaml:2:3: "), "{lines:?}");
        assert_eq!(super::lines(&anyhow::anyhow!("a\nerror: b")), ["a error: b"]);
    }

    #[test]
    fn what_may_pass_by_itself_is_tried_again() {
        let newer = archive::Error::Newer { path: "archive.db".into(), known: 2 };
        assert!(needs_a_person(&anyhow::Error::from(newer).context("cannot start")));
        let full = archive::Error::Full { path: "archive.db".into() };
        assert!(!needs_a_person(&full.into()));
    }
}
