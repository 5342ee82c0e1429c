//! OPML, as programs write it and as people mend it by hand.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::Problem;
use crate::source::decode;
use crate::source::xml::{self, Element, decode_references, escape};

use super::{Listed, once};

/// Reads an OPML document: each outline with an address, in order. Bare ampersands, missing end
/// tags and an end in mid-document cost nothing but themselves.
pub fn opml(bytes: &[u8]) -> (Vec<Listed>, Vec<Problem>) {
    let text = decode::text(bytes, None);
    let mut problems = Vec::new();
    let reading = match xml::read(text.trim_start()) {
        Ok(reading) => reading,
        Err(error) => return (Vec::new(), vec![Problem::new("the list", error.to_string())]),
    };
    if reading.truncated {
        problems.push(Problem::new("the list", "ends before it is closed"));
    }
    let mut listed = Vec::new();
    gather(&reading.root, None, &mut listed, &mut problems);
    let listed = once(listed);
    let listed = with_lost(listed, &text, &mut problems);
    if listed.is_empty() {
        problems.push(Problem::new("the list", "holds no outline with an address"));
    }
    (listed, problems)
}

/// An address as an outline gives it, wherever it stands.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)\bxmlurl\s*=\s*(?:"([^"<>]+)"|'([^'<>]+)')"#)
        .expect("a fixed pattern that was tested")
});

/// A title as an outline gives it.
static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)\b(?:title|text)\s*=\s*"([^"<>]+)""#)
        .expect("a fixed pattern that was tested")
});

/// Adds the addresses that a stray quotation mark hid from the reader of tags. Their folder is
/// not known.
fn with_lost(mut listed: Vec<Listed>, text: &str, problems: &mut Vec<Problem>) -> Vec<Listed> {
    let known: BTreeSet<String> = listed.iter().map(|one| one.url.to_lowercase()).collect();
    let before = listed.len();
    for found in ADDRESS.captures_iter(text) {
        let (Some(whole), Some(value)) = (found.get(0), found.get(1).or_else(|| found.get(2)))
        else {
            continue;
        };
        let url = decode_references(value.as_str().trim()).into_owned();
        if known.contains(&url.to_lowercase()) || !is_web(&url) {
            continue;
        }
        let tag = text[..whole.start()].rfind("<outline").map_or("", |at| &text[at..whole.start()]);
        let title = TITLE.captures(tag).map(|title| decode_references(&title[1]).into_owned());
        listed.push(Listed { title, url, folder: None });
    }
    let listed = once(listed);
    if listed.len() > before {
        let text = format!("broken outlines, whose folders are lost: {}", listed.len() - before);
        problems.push(Problem::new("the list", text));
    }
    listed
}

/// Goes through the outlines in `element`; no deeper than a document is read.
fn gather(
    element: &Element,
    folder: Option<&str>,
    listed: &mut Vec<Listed>,
    problems: &mut Vec<Problem>,
) {
    for child in element.elements() {
        if child.name != "outline" {
            gather(child, folder, listed, problems);
            continue;
        }
        let title = attribute(child, &["title", "text"]);
        let address = attribute(child, &["xmlurl", "feedurl"]).or_else(|| page_of(child));
        match address {
            Some(url) if is_web(&url) => {
                listed.push(Listed { title, url, folder: folder.map(str::to_owned) });
                // Some readers put a feed's own outlines below it.
                gather(child, folder, listed, problems);
            }
            Some(url) => {
                problems.push(Problem::new(url, "is not a web address"));
            }
            None => {
                let path = match (folder, title) {
                    (Some(folder), Some(title)) => Some(format!("{folder}/{title}")),
                    (folder, title) => title.or_else(|| folder.map(str::to_owned)),
                };
                gather(child, path.as_deref(), listed, problems);
            }
        }
    }
}

/// A subscription or link that gives only its page; a folder has neither.
fn page_of(outline: &Element) -> Option<String> {
    attribute(outline, &["htmlurl", "url"]).filter(|_| outline.elements().next().is_none())
}

fn attribute(outline: &Element, names: &[&str]) -> Option<String> {
    let values = names.iter().filter_map(|name| outline.attribute(name));
    values.map(str::trim).find(|value| !value.is_empty()).map(str::to_owned)
}

fn is_web(url: &str) -> bool {
    crate::normalize::url::resolve("", url).is_some()
}

/// Writes an OPML 2.0 document of that title: feeds, and pages without one as links; folders in
/// the order of their first entry.
pub fn opml_write(title: &str, feeds: &[Listed], pages: &[Listed]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>",
    );
    escape(title, &mut out);
    out.push_str("</title>\n  </head>\n  <body>\n");
    let mut folders: Vec<Option<&str>> = Vec::new();
    for one in feeds.iter().chain(pages) {
        if !folders.contains(&one.folder.as_deref()) {
            folders.push(one.folder.as_deref());
        }
    }
    for folder in folders {
        if let Some(name) = folder {
            out.push_str("    <outline text=\"");
            escape(name, &mut out);
            out.push_str("\">\n");
        }
        for (entries, kind, key) in [(feeds, "rss", "xmlUrl"), (pages, "link", "url")] {
            for one in entries.iter().filter(|one| one.folder.as_deref() == folder) {
                out.push_str(if folder.is_some() { "      " } else { "    " });
                out.push_str(&format!("<outline type=\"{kind}\" text=\""));
                escape(one.title.as_deref().unwrap_or(&one.url), &mut out);
                out.push_str(&format!("\" {key}=\""));
                escape(&one.url, &mut out);
                out.push_str("\"/>\n");
            }
        }
        if folder.is_some() {
            out.push_str("    </outline>\n");
        }
    }
    out.push_str("  </body>\n</opml>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(title: &str, url: &str, folder: Option<&str>) -> Listed {
        Listed { title: Some(title.into()), url: url.into(), folder: folder.map(Into::into) }
    }

    #[test]
    fn broken_opml_gives_what_it_has() {
        let (found, problems) = opml(
            br#"<?xml version="1.0"?><opml version="1.1"><head><title>T & U</title></head><body>
            <outline text="Rust & co"><outline text="A" xmlUrl="https://a.example/f?x=1&y=2" type="rss"/>
              <outline title="B" text="b" XMLURL="https://b.example/f"></outline>
              <outline text="Deep"><outline text="C" xmlUrl="https://c.example/f"/></outline>
            </outline>
            <outline text="D" xmlUrl="https://a.example/f?x=1&amp;y=2"/>
            <outline text="E" htmlUrl="https://e.example/"/>
            <outline text="F" xmlUrl="feed://f.example/"/>
            <outline text="H" description="He calls it "the world's best"" xmlUrl="https://h.example/f"/>
            <outline text="G" xmlUrl="https://g.example/f" <outline text="#,
        );
        assert!(found.contains(&listed("H", "https://h.example/f", None)));
        assert!(found.contains(&listed("G", "https://g.example/f", None)));
        assert_eq!(
            found[..4],
            [
                listed("A", "https://a.example/f?x=1&y=2", Some("Rust & co")),
                listed("B", "https://b.example/f", Some("Rust & co")),
                listed("C", "https://c.example/f", Some("Rust & co/Deep")),
                listed("E", "https://e.example/", None),
            ]
        );
        assert!(problems.iter().any(|problem| problem.subject == "feed://f.example/"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let list = [
            listed("A & \"B\"", "https://a.example/f?x=1&y=2", Some("Rust")),
            listed("C", "https://c.example/f", None),
        ];
        let (found, problems) = opml(opml_write("Mine <3", &list[..1], &list[1..]).as_bytes());
        assert_eq!(found, list);
        assert_eq!(problems, []);
    }

    #[test]
    fn what_is_no_list_says_so() {
        for text in ["", "hello", "<html><body>x</body></html>"] {
            let (found, problems) = opml(text.as_bytes());
            assert!(found.is_empty() && !problems.is_empty(), "{text}");
        }
    }
}
