//! The file of settings: how it stands, what is added, and that nothing is ever lost of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::talk::Talk;
use crate::cli::trouble;
use crate::config::write::{Added, Answers, add_all, remove, write};
use crate::config::{self, Config, FetchSettings, SHIPPED, Surroundings};
use crate::deliver::write_whole;
use crate::digest::escape::terminal;
use crate::model::FeedId;

/// Lines of an addition that are shown at most.
const LINES: usize = 30;

/// What is there before anything is written.
pub(super) enum Standing {
    /// No file, or one with nothing in it.
    New,
    /// The one that comes with the program.
    Shipped,
    /// The user's own.
    Own {
        /// As it is.
        text: String,
        /// What it says.
        config: Box<Config>,
    },
}

impl Standing {
    /// Reads the file.
    ///
    /// # Errors
    /// A file with faults: nothing is added to it.
    pub(super) fn read(path: &Path) -> anyhow::Result<Standing> {
        let file = std::fs::metadata(path);
        if file.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return Ok(Standing::New);
        }
        let is_shipped = |bytes: Vec<u8>| bytes == SHIPPED.as_bytes();
        if file.is_ok_and(|file| file.len() == SHIPPED.len() as u64)
            && std::fs::read(path).is_ok_and(is_shipped)
        {
            return Ok(Standing::Shipped);
        }
        match config::load(path) {
            Err(config::Error::Empty { .. }) => Ok(Standing::New),
            Err(error) => Err(error.into()),
            Ok(config) => {
                let text = std::fs::read_to_string(path)?;
                Ok(Standing::Own { text, config: Box::new(config) })
            }
        }
    }

    /// Fails where the file could not be written, before anybody answers a question in vain.
    pub(super) fn check_writable(path: &Path) -> anyhow::Result<()> {
        let folders = path.ancestors().skip(1).map(|folder| match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        });
        let folder = folders.into_iter().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
        tempfile::tempfile_in(folder).map(drop).map_err(|error| {
            let text = format!("{} cannot be written: {error}", path.display());
            trouble::mistake(text, "`--dir DIR` names another folder")
        })
    }

    /// The file as it is; nothing where there is none.
    pub(super) fn text(&self) -> &str {
        match self {
            Standing::Own { text, .. } => text,
            Standing::Shipped => SHIPPED,
            Standing::New => "",
        }
    }

    /// How the web is read: as the user's own settings say, else the usual way.
    pub(super) fn manners(&self) -> anyhow::Result<FetchSettings> {
        match self.config() {
            Some(config) => Ok(config.fetch.clone()),
            None => {
                Ok(config::read(SHIPPED, "feeds.yaml", &Surroundings::of_this_process())?.fetch)
            }
        }
    }

    /// The user's own settings.
    pub(super) fn config(&self) -> Option<&Config> {
        match self {
            Standing::Own { config, .. } => Some(config),
            Standing::New | Standing::Shipped => None,
        }
    }
}

/// Puts `answers` into the file at `path`; says whether the file now has them all. `with_shipped`:
/// what comes with the program is followed, too.
pub(super) fn save(
    path: &Path,
    standing: &Standing,
    answers: &Answers,
    with_shipped: bool,
    talk: &mut Talk,
) -> anyhow::Result<bool> {
    let file = path.display();
    match standing {
        Standing::Own { text, .. } => return extend(path, text, answers, talk),
        Standing::Shipped if with_shipped => {}
        Standing::Shipped => talk.say(&format!(
            "{file} was the list that comes with the program: yours takes its place."
        )),
        Standing::New => {}
    }
    let text = match with_shipped {
        true => add_all(SHIPPED, &file.to_string(), answers).map_err(fault)?.0,
        false => write(answers),
    };
    put(path, &text).inspect_err(|_| {
        eprintln!("These are your answers; {file} should hold them:\n\n{text}");
    })?;
    talk.say(&format!("Written: {file}"));
    Ok(true)
}

/// Adds to a file of the user's own, once the user agrees.
fn extend(path: &Path, text: &str, answers: &Answers, talk: &mut Talk) -> anyhow::Result<bool> {
    let (new, added) = plan(path, text, answers, talk)?;
    if added.lines.is_empty() {
        return Ok(true);
    }
    agreed(path, &new, talk)
}

/// Shows what `answers` would add to `text`, the file's; returns the new text and the addition.
fn plan(
    path: &Path,
    text: &str,
    answers: &Answers,
    talk: &Talk,
) -> anyhow::Result<(String, Added)> {
    let file = path.display();
    let (new, added) = add_all(text, &file.to_string(), answers).map_err(fault)?;
    if added.known > 0 {
        talk.say(&format!("{} of these stand in {file} already.", added.known));
    }
    if added.refused > 0 {
        talk.say(&format!("{} of these cannot be followed as they are written.", added.refused));
    }
    if added.lines.is_empty() {
        talk.say(&format!("{file} stays as it is."));
        return Ok((new, added));
    }
    talk.say(&match text.is_empty() {
        true => format!("{file} would be new, with these lines:"),
        false => {
            format!("{file} is yours: nothing in it is changed. It would get these lines:")
        }
    });
    show("+", &added.lines, talk);
    Ok((new, added))
}

/// Shows `lines` of the file behind `mark`.
pub(super) fn show(mark: &str, lines: &[String], talk: &Talk) {
    for line in lines.iter().take(LINES) {
        talk.say(&format!("  {mark} {}", terminal(line)));
    }
    if lines.len() > LINES {
        talk.say(&format!("  … and {} more", lines.len() - LINES));
    }
}

/// Writes `new` once the user agrees; says whether it was written.
fn agreed(path: &Path, new: &str, talk: &mut Talk) -> anyhow::Result<bool> {
    let file = path.display();
    match talk.consent("Add them?", true)? {
        Some(true) => {}
        Some(false) => {
            talk.say("Nothing was changed.");
            return Ok(false);
        }
        None => {
            let text = format!("{file} is yours, and nobody could be asked whether to add to it");
            return Err(trouble::mistake(text, "`--yes` adds"));
        }
    }
    put(path, new)?;
    talk.say(&format!("Added to {file}."));
    Ok(true)
}

/// What came of an addition.
pub(super) struct Addition {
    /// Lines that are new.
    pub(super) lines: Vec<String>,
    /// How many stood there already.
    pub(super) known: usize,
    /// The file has them now.
    pub(super) written: bool,
}

/// Adds `answers` to the file, whatever it is, once the user agrees; only shows them in a
/// `rehearsal`.
pub(super) fn add(
    path: &Path,
    standing: &Standing,
    answers: &Answers,
    rehearsal: bool,
    talk: &mut Talk,
) -> anyhow::Result<Addition> {
    let (new, added) = plan(path, standing.text(), answers, talk)?;
    let new = if standing.text().is_empty() { write(answers) } else { new };
    let written = match (added.lines.is_empty(), rehearsal) {
        (true, _) => false,
        (false, true) => {
            talk.say("A rehearsal: nothing was written.");
            false
        }
        (false, false) => agreed(path, &new, talk)?,
    };
    Ok(Addition { lines: added.lines, known: added.known, written })
}

/// Takes these feeds out of the file, once the user agrees; says which lines went, `None` where
/// the user would not.
pub(super) fn take_out(
    path: &Path,
    standing: &Standing,
    feeds: &BTreeSet<FeedId>,
    rehearsal: bool,
    talk: &mut Talk,
) -> anyhow::Result<(Vec<String>, bool)> {
    let file = path.display();
    let (new, gone) = remove(standing.text(), &file.to_string(), feeds).map_err(fault)?;
    let lines: Vec<String> =
        gone.into_iter().map(|(number, line)| format!("{number}: {line}")).collect();
    talk.say(&format!("{file} would lose these lines, and nothing else:"));
    show("-", &lines, talk);
    if rehearsal {
        talk.say("A rehearsal: nothing was written.");
        return Ok((lines, false));
    }
    match talk.consent("Take them out?", true)? {
        Some(true) => {}
        Some(false) => {
            talk.say("Nothing was changed.");
            return Ok((lines, false));
        }
        None => {
            let text = format!("nobody could be asked whether to change {file}");
            return Err(trouble::mistake(text, "`--yes` takes them out"));
        }
    }
    put(path, &new)?;
    talk.say(&format!("Taken out of {file}."));
    Ok((lines, true))
}

/// Adds to the file as it stands now; somebody may have edited it in the meantime.
pub(super) fn amend(
    path: &Path,
    change: impl FnOnce(&str) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let new = change(&text)?;
    put(path, &new)
}

/// Writes the whole file, or leaves the old one: also at Ctrl-C, on a full disk or a power cut.
/// What the program itself could not read is never written.
fn put(path: &Path, text: &str) -> anyhow::Result<()> {
    match config::read(text, &path.display().to_string(), &Surroundings::of_this_process()) {
        Ok(_) | Err(config::Error::Empty { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    // A link keeps leading to the file.
    let path: PathBuf = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    Ok(write_whole(&path, text.as_bytes())?)
}

fn fault(error: config::write::EditError) -> anyhow::Error {
    match error {
        config::write::EditError::Faulty(error) => error.into(),
        error => {
            let hint = error.hint().unwrap_or_default();
            trouble::mistake(error.to_string(), hint)
        }
    }
}

/// Adds interests to the file.
pub(super) fn add_interests(path: &Path, answers: &Answers) -> anyhow::Result<()> {
    amend(path, |text| Ok(add_all(text, &path.display().to_string(), answers).map_err(fault)?.0))
}
