//! The file of settings: how it stands, what is added, and that nothing is ever lost of it.

use std::path::{Path, PathBuf};

use crate::cli::talk::Talk;
use crate::cli::trouble;
use crate::config::write::{Answers, add_all, write};
use crate::config::{self, Config, SHIPPED, Surroundings};
use crate::deliver::write_whole;
use crate::digest::escape::terminal;

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
    let file = path.display();
    let (new, added) = add_all(text, &file.to_string(), answers).map_err(fault)?;
    if added.known > 0 {
        talk.say(&format!("{} of these stand in {file} already.", added.known));
    }
    if added.lines.is_empty() {
        talk.say(&format!("{file} stays as it is."));
        return Ok(true);
    }
    talk.say(&format!("{file} is yours: nothing in it is changed. It would get these lines:"));
    for line in added.lines.iter().take(LINES) {
        talk.say(&format!("  + {}", terminal(line)));
    }
    if added.lines.len() > LINES {
        talk.say(&format!("  … and {} more", added.lines.len() - LINES));
    }
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
    put(path, &new)?;
    talk.say(&format!("Added to {file}."));
    Ok(true)
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
