//! Answers of real services, recorded elsewhere. They are other people's texts and lie outside the
//! repository; where they are not, their tests say so and pass.

use std::path::PathBuf;

/// Where `shared/data/unpack.sh` puts them.
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("BELLWETHER_DATA").map(PathBuf::from);
    let usual = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/bellwether-data"));
    named.or_else(usual).map(|folder| folder.join("api")).filter(|folder| folder.is_dir())
}

/// The recorded answer `SERVICE/FILE`; `None`, and a line about it, where there are none.
pub(crate) fn answer(name: &str) -> Option<Vec<u8>> {
    let Some(folder) = folder() else {
        eprintln!("skipped: {name} is not here (BELLWETHER_DATA)");
        return None;
    };
    let path = folder.join(name);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// The folder of all answers of a service; `None`, and a line about it, where there are none.
pub(crate) fn service(name: &str) -> Option<PathBuf> {
    let found = folder().map(|folder| folder.join(name));
    if found.is_none() {
        eprintln!("skipped: {name} is not here (BELLWETHER_DATA)");
    }
    found
}
