//! Names that nobody wrote: a person's slug, a feed's name from its address.

use url::Url;

/// Longest name made from an address, in characters.
const LONGEST: usize = 48;

/// Ends of a feed's address that say nothing about it.
const FEED_FILES: [&str; 11] = [
    "feed",
    "feeds",
    "rss",
    "atom",
    ".rss",
    "feed.xml",
    "rss.xml",
    "atom.xml",
    "index.xml",
    "feed.json",
    "feed.atom",
];

/// Returns `name` in lower case, its words joined by hyphens; `person` where it has none.
pub(super) fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if words.is_empty() { "person".to_owned() } else { words.join("-") }
}

/// Returns a short name for what stands at `url`: its host and what its path adds.
pub(super) fn of_address(url: &Url) -> String {
    let host = url.host_str().unwrap_or("");
    let host = host.strip_prefix("www.").unwrap_or(host);
    let mut path: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    while path.last().is_some_and(|last| FEED_FILES.contains(&last.to_lowercase().as_str())) {
        path.pop();
    }
    let mut name = host.to_owned();
    for part in path {
        name.push('/');
        name.push_str(part.strip_suffix(".atom").or(part.strip_suffix(".rss")).unwrap_or(part));
    }
    if name == host && url.query().is_some() && url.path().len() > 1 {
        name.push_str(url.query().map(|query| format!("?{query}")).unwrap_or_default().as_str());
    }
    if name.chars().count() <= LONGEST {
        return name;
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_letters_of_every_script() {
        assert_eq!(slug("Ines Okafor"), "ines-okafor");
        assert_eq!(slug("  Dr. Åsa  Öberg! "), "dr-åsa-öberg");
        assert_eq!(slug("名前"), "名前");
        assert_eq!(slug("—"), "person");
    }

    #[test]
    fn an_address_is_named_by_host_and_path() {
        let name = |text: &str| of_address(&Url::parse(text).unwrap());
        assert_eq!(name("https://planet.example/atom.xml"), "planet.example");
        assert_eq!(name("https://www.reddit.example/r/rust/.rss"), "reddit.example/r/rust");
        assert_eq!(name("https://git.example/o/r/releases.atom"), "git.example/o/r/releases");
        assert_eq!(name("https://a.example/feed/"), "a.example");
        assert!(name(&format!("https://a.example/{}", "x".repeat(200))).chars().count() <= LONGEST);
    }
}
