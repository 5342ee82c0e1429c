//! Which place it is: from `--dir`, the environment or the folder one stands in.

use std::env;
use std::path::{Path, PathBuf};

use crate::pipeline::Place;

/// What decides where the files are; read once, at the top.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `--dir`.
    pub dir: Option<PathBuf>,
    /// `$BELLWETHER_HOME`.
    pub bellwether_home: Option<PathBuf>,
    /// `$XDG_CONFIG_HOME`, else `$HOME/.config`.
    pub config_home: Option<PathBuf>,
    /// `$XDG_DATA_HOME`, else `$HOME/.local/share`.
    pub data_home: Option<PathBuf>,
    /// The current folder, if it holds a `feeds.yaml`.
    pub here: Option<PathBuf>,
}

impl Surroundings {
    /// Reads them from the process.
    pub fn read(dir: Option<PathBuf>) -> Surroundings {
        let folder = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let below_home = |rest: &str| folder("HOME").map(|home| home.join(rest));
        let here = env::current_dir().ok().filter(|here| here.join("feeds.yaml").is_file());
        Surroundings {
            dir,
            bellwether_home: folder("BELLWETHER_HOME"),
            config_home: folder("XDG_CONFIG_HOME").or_else(|| below_home(".config")),
            data_home: folder("XDG_DATA_HOME").or_else(|| below_home(".local/share")),
            here,
        }
    }

    /// `--dir`, else `$BELLWETHER_HOME`, else the current folder if it holds a `feeds.yaml`,
    /// else the XDG folders; without a home, the current folder after all.
    pub fn place(&self) -> Place {
        let chosen = self.dir.as_ref().or(self.bellwether_home.as_ref()).or(self.here.as_ref());
        match (chosen, &self.config_home, &self.data_home) {
            (None, Some(config), Some(data)) => Place {
                settings: config.join("bellwether/feeds.yaml"),
                index: data.join("bellwether/index"),
            },
            (chosen, ..) => Place::in_folder(chosen.map_or(Path::new("."), PathBuf::as_path)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xdg() -> Surroundings {
        Surroundings {
            config_home: Some("/home/m/.config".into()),
            data_home: Some("/home/m/.local/share".into()),
            ..Surroundings::default()
        }
    }

    #[test]
    fn the_flag_wins_over_the_environment_and_the_current_folder() {
        let all = Surroundings {
            dir: Some("/flag".into()),
            bellwether_home: Some("/env".into()),
            here: Some("/here".into()),
            ..xdg()
        };
        assert_eq!(all.place(), Place::in_folder(Path::new("/flag")));
        let without = Surroundings { dir: None, ..all };
        assert_eq!(without.place(), Place::in_folder(Path::new("/env")));
        let only_here = Surroundings { bellwether_home: None, ..without };
        assert_eq!(only_here.place(), Place::in_folder(Path::new("/here")));
    }

    #[test]
    fn without_any_of_them_settings_and_data_lie_in_the_xdg_folders() {
        let place = xdg().place();
        assert_eq!(place.settings, Path::new("/home/m/.config/bellwether/feeds.yaml"));
        assert_eq!(place.archive(), Path::new("/home/m/.local/share/bellwether/index/archive.db"));
    }
}
