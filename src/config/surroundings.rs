//! What the settings take from outside the file: secrets, the system's time zone.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

/// Where a secret is kept; the file of settings names the place and never the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeper {
    Environment,
    File,
    Credential,
}

impl Keeper {
    /// The ends of the keys that name a place: `url_env`, `url_file`, `url_credential`.
    pub(super) const SUFFIXES: [(&'static str, Keeper); 3] = [
        ("_env", Keeper::Environment),
        ("_file", Keeper::File),
        ("_credential", Keeper::Credential),
    ];
}

/// Secrets and the zone. Does not show a secret when printed.
#[derive(Clone)]
pub struct Surroundings {
    secrets: Secrets,
    /// For schedules that name no zone.
    pub zone: TimeZone,
}

#[derive(Clone)]
enum Secrets {
    /// Paths of files are relative to this folder.
    Process(PathBuf),
    Fixed(BTreeMap<String, String>),
}

impl Surroundings {
    /// Of the process that asks; files of secrets are found from its current folder.
    pub fn of_this_process() -> Surroundings {
        Surroundings::beside(Path::new(""))
    }

    /// Of the process that asks; files of secrets are found from `folder`, where the settings lie.
    pub fn beside(folder: &Path) -> Surroundings {
        let zone = TimeZone::system();
        let zone = if zone.iana_name().is_some() { zone } else { TimeZone::UTC };
        Surroundings { secrets: Secrets::Process(folder.to_owned()), zone }
    }

    /// Only these variables, no files and no credentials; zone UTC. For tests.
    pub fn fixed(variables: &[(&str, &str)]) -> Surroundings {
        let pair = |(name, value): &(&str, &str)| (String::from(*name), String::from(*value));
        let secrets = Secrets::Fixed(variables.iter().map(pair).collect());
        Surroundings { secrets, zone: TimeZone::UTC }
    }

    /// Returns the secret that `name` names, or why there is none: one clause, for the coverage
    /// line.
    pub(super) fn secret(&self, keeper: Keeper, name: &str) -> Result<String, String> {
        let found = match (&self.secrets, keeper) {
            (Secrets::Process(_), Keeper::Environment) => std::env::var(name).ok(),
            (Secrets::Process(folder), Keeper::File) => {
                return in_file(&folder.join(expand_home(name)));
            }
            (Secrets::Process(_), Keeper::Credential) => {
                let folder = std::env::var_os("CREDENTIALS_DIRECTORY")
                    .ok_or_else(|| format!("credential {name} is not there (no systemd)"))?;
                return in_file(&PathBuf::from(folder).join(name));
            }
            (Secrets::Fixed(variables), _) => variables.get(name).cloned(),
        };
        let found =
            found.map(|secret| secret.trim().to_owned()).filter(|secret| !secret.is_empty());
        found.ok_or_else(|| format!("{name} is not set"))
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("zone", &self.zone).finish_non_exhaustive()
    }
}

fn in_file(path: &Path) -> Result<String, String> {
    let shown = path.display();
    open_to_others(path).map_err(|why| format!("{shown} {why}"))?;
    let text = std::fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let secret = text.trim();
    if secret.is_empty() { Err(format!("{shown} is empty")) } else { Ok(secret.to_owned()) }
}

/// A secret that others can read is none (systemd's own credentials are 0400 or 0440).
#[cfg(unix)]
fn open_to_others(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?;
    if mode.permissions().mode() & 0o007 == 0 {
        Ok(())
    } else {
        Err("can be read by everyone: chmod 600".to_owned())
    }
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Result<(), String> {
    Ok(())
}

fn expand_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(path),
    }
}
