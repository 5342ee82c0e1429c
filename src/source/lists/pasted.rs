//! A list as people paste one: addresses and handles, in lines or between commas, in Markdown.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::Problem;

use super::{Listed, once};

/// `[title](address)` and `<a href="address">title</a>`.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)\[([^\]]*)\]\(<?([^\s)>]+)>?[^)]*\)|<a\s[^>]*href=["']?([^"'\s>]+)["']?[^>]*>([^<]*)</a>"#)
        .expect("a fixed pattern that was tested")
});

/// A list's number: `1.`, `2)`.
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d{1,4}[.)]\s+").expect("a fixed pattern that was tested"));

/// Reads addresses (with or without scheme) and handles. A heading (`## Rust`) is the folder of
/// what follows; a name before the only address of a line is its title.
pub fn pasted(text: &str) -> (Vec<Listed>, Vec<Problem>) {
    let (mut listed, mut problems) = (Vec::new(), Vec::new());
    let mut folder: Option<String> = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(heading) = heading(line) {
            folder = Some(heading.to_owned());
            continue;
        }
        let mut found = links(line);
        if found.is_empty() {
            found = words(line);
        }
        if found.is_empty() && !line.is_empty() {
            let shown: String = line.chars().take(60).collect();
            problems.push(Problem::new(
                format!("line {}", number + 1),
                format!("no address or handle in `{shown}`"),
            ));
        }
        listed.extend(found.into_iter().map(|one| Listed { folder: folder.clone(), ..one }));
    }
    (once(listed), problems)
}

/// The text of a Markdown heading.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let is_heading = rest.len() < line.len() && rest.starts_with(' ');
    is_heading.then(|| rest.trim()).filter(|text| !text.is_empty())
}

fn links(line: &str) -> Vec<Listed> {
    let link = |found: regex::Captures<'_>| {
        let part = |one: usize, other: usize| found.get(one).or_else(|| found.get(other));
        let url = part(2, 3)?.as_str();
        let title = part(1, 4).map(|title| title.as_str().trim()).filter(|title| !title.is_empty());
        let url = address(url)?;
        Some(Listed { title: title.map(str::to_owned), url, folder: None })
    };
    LINK.captures_iter(line).filter_map(link).collect()
}

fn words(line: &str) -> Vec<Listed> {
    let line = NUMBER.replace(line, "");
    let parts = || {
        line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"' | '|'))
    };
    let found: Vec<String> = parts().filter_map(address).collect();
    let first = parts().find(|part| address(part).is_some());
    let before = first.and_then(|first| line.find(first)).map_or("", |at| &line[..at]);
    let is_edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '-' | '–' | '—' | '*' | '+' | ':' | '<' | ',' | '"' | '(' | '.' | '•' | '|'
            )
    };
    let title = Some(before.trim_matches(is_edge)).filter(|title| !title.is_empty());
    let single = found.len() == 1;
    found
        .into_iter()
        .map(|url| Listed { title: title.filter(|_| single).map(str::to_owned), url, folder: None })
        .collect()
}

/// Returns `word` as an address or handle, if it is one.
fn address(word: &str) -> Option<String> {
    let word = word
        .trim_matches(['(', ')', '[', ']', '`', '\'', '*'])
        .trim_end_matches(['.', ':', '!', '?']);
    let lower = word.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return crate::normalize::url::resolve("", word).map(|_| word.to_owned());
    }
    if word.contains("://") {
        return lower.strip_prefix("feed://").map(|_| format!("https://{}", &word[7..]));
    }
    if let Some(hit) = crate::source::shapes::recognize(word) {
        return (!hit.handle.is_empty()).then(|| word.to_owned());
    }
    // `ines.example` or `ines.example/feed.xml`, but neither `e.g.` nor a mail address.
    let host = word.split('/').next().unwrap_or("");
    let labels: Vec<&str> = host.split('.').collect();
    let is_label =
        |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    let top = labels.last().copied().unwrap_or("");
    let is_host = labels.len() > 1
        && labels.iter().all(is_label)
        && top.len() > 1
        && top.chars().all(char::is_alphabetic);
    is_host.then(|| format!("https://{word}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Option<&str>, Option<&str>)]) {
        let (listed, _) = pasted(text);
        let found: Vec<_> = listed
            .iter()
            .map(|one| (one.url.as_str(), one.title.as_deref(), one.folder.as_deref()))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn addresses_and_handles_are_found_in_whatever_form() {
        check(
            "https://a.example/feed.xml\n@ines@social.example, @tomas.example u/priya_n",
            &[
                ("https://a.example/feed.xml", None, None),
                ("@ines@social.example", None, None),
                ("@tomas.example", None, None),
                ("u/priya_n", None, None),
            ],
        );
        check(
            "# Follow\n## Rust\n- [Ines](https://ines.example/) and *[Jun](http://jun.example)*\n",
            &[
                ("https://ines.example/", Some("Ines"), Some("Rust")),
                ("http://jun.example", Some("Jun"), Some("Rust")),
            ],
        );
        check(
            "1. Ines Okafor: ines.example\n2) Jun <https://jun.example/f>",
            &[
                ("https://ines.example", Some("Ines Okafor"), None),
                ("https://jun.example/f", Some("Jun"), None),
            ],
        );
    }

    #[test]
    fn text_that_names_nobody_is_told() {
        let (listed, problems) = pasted("my friends, e.g. the nice ones\n\nmail@a.example");
        assert_eq!(listed, []);
        assert_eq!(problems.len(), 2);
    }
}
