//! The user unit as text: this program, and the files that the shell's commands meet.

use std::path::Path;

use crate::cli::{Place, trouble};

/// The unit with three gaps: the program, where its files are, and secrets for its environment.
const TEMPLATE: &str = include_str!("../../../packaging/bellwether.user.service");

/// How a unit begins that was written by this program.
pub(super) const MARK: &str = "# Written by `bellwether service install`";

/// Writes the unit that runs `program` on the files at `place`. Both are absolute.
///
/// # Errors
/// A path that a unit cannot name: not UTF-8, or with a control character; of the program also one
/// with a quote or a backslash.
pub(super) fn text(program: &Path, place: &Place) -> anyhow::Result<String> {
    // systemd refuses them in a program's name, quoted or not.
    if program.to_string_lossy().contains(['"', '\'', '\\']) {
        return Err(trouble::mistake(
            format!("{} cannot be run by systemd", program.display()),
            "it takes no quotes and backslashes in a program's path: install it elsewhere",
        ));
    }
    let settings = folder_of(&place.settings);
    let data = folder_of(&place.index);
    let (arguments, lines) = if settings == data {
        (format!(" --dir {}", quoted(data)?), "# Where its files are is said above.".to_owned())
    } else {
        (String::new(), by_environment(settings, data)?)
    };
    Ok(TEMPLATE
        .replace("@PROGRAM@", &format!("{}{arguments}", quoted(program)?))
        .replace("@PLACE@", &lines)
        .replace("@ENVIRONMENT@", &whole(&settings.join("environment"))?))
}

/// Lines that lead to the XDG folders, whatever else the user manager's environment says: there
/// `$BELLWETHER_HOME` and a `feeds.yaml` in the current folder would win.
fn by_environment(settings: &Path, data: &Path) -> anyhow::Result<String> {
    let variable = |name: &str, folder: &Path| {
        Ok::<String, anyhow::Error>(format!("\"{name}={}\"", escaped(folder_of(folder))?))
    };
    Ok(format!(
        "# Where the files are for your shell at the time of writing.\n\
         Environment={} {}\n\
         # It would win over these,\n\
         UnsetEnvironment=BELLWETHER_HOME\n\
         # as would a feeds.yaml in the current folder; here is none.\n\
         WorkingDirectory=-{}",
        variable("XDG_CONFIG_HOME", settings)?,
        variable("XDG_DATA_HOME", data)?,
        whole(data)?
    ))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

/// A path as one word of a line that systemd splits into words: `"/a b/100%%"`.
fn quoted(path: &Path) -> anyhow::Result<String> {
    Ok(format!("\"{}\"", escaped(path)?))
}

/// A path between quotes: backslash and quote by a backslash (systemd.syntax(7), "Quoting"), and
/// the per cent sign, which begins a specifier, doubled (systemd.unit(5), "Specifiers").
fn escaped(path: &Path) -> anyhow::Result<String> {
    Ok(whole(path)?.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A path that is all of a line's value: systemd takes no quotes there, but specifiers.
fn whole(path: &Path) -> anyhow::Result<String> {
    let text = path.to_str().filter(|text| !text.contains(char::is_control));
    let text = text.ok_or_else(|| {
        trouble::mistake(
            format!("{} cannot stand in a systemd unit", path.display()),
            "a unit names files in UTF-8 and on one line: rename the folder, or pass `--dir`",
        )
    })?;
    Ok(text.replace('%', "%%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(program: &str, place: &Place, beginning: &str) -> Vec<String> {
        let text = text(Path::new(program), place).unwrap();
        assert!(text.starts_with(MARK) && !text.contains('@') || text.contains("@system-service"));
        text.lines().filter(|line| line.starts_with(beginning)).map(str::to_owned).collect()
    }

    #[test]
    fn files_in_one_folder_are_named_by_dir() {
        let place = Place::in_folder(Path::new("/srv/reading"));
        let start = lines("/usr/bin/bellwether", &place, "ExecStart");
        assert_eq!(start, [r#"ExecStart=:"/usr/bin/bellwether" --dir "/srv/reading" run"#]);
        assert!(lines("/usr/bin/bellwether", &place, "Environment=").is_empty());
    }

    #[test]
    fn files_in_two_folders_are_named_by_the_variables_that_lead_to_them() {
        let place = Place {
            settings: "/home/m/.config/bellwether/feeds.yaml".into(),
            index: "/home/m/.local/share/bellwether/index".into(),
        };
        assert_eq!(lines("/b", &place, "ExecStart"), [r#"ExecStart=:"/b" run"#]);
        assert_eq!(
            lines("/b", &place, "Environment="),
            [r#"Environment="XDG_CONFIG_HOME=/home/m/.config" "XDG_DATA_HOME=/home/m/.local/share""#]
        );
        let secrets = "EnvironmentFile=-/home/m/.config/bellwether/environment";
        assert_eq!(lines("/b", &place, "EnvironmentFile"), [secrets]);
    }

    #[test]
    fn blanks_quotes_dollars_and_per_cent_signs_stay_what_they_are() {
        let place = Place::in_folder(Path::new(r#"/m/my "100%" \ $HOME"#));
        let start = lines("/opt/a b/bellwether", &place, "ExecStart");
        let wanted = r#"ExecStart=:"/opt/a b/bellwether" --dir "/m/my \"100%%\" \\ $HOME" run"#;
        assert_eq!(start, [wanted]);
    }

    #[test]
    fn a_path_with_a_line_break_is_refused() {
        let place = Place::in_folder(Path::new("/m/a\nExecStartPost=/bin/false"));
        let error = text(Path::new("/b"), &place).unwrap_err().to_string();
        assert!(error.contains("cannot stand in a systemd unit"), "{error}");
    }
}
