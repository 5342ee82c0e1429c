//! Lists in JSON: what Bluesky answers to `getFollows`, and what `export json` writes.

use serde::Deserialize;

use crate::model::Problem;

use super::{Listed, once};

/// An answer of `app.bsky.graph.getFollows`, an array of such entries, or several pages of it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Page { follows: Vec<serde_json::Value> },
    Entries(Vec<serde_json::Value>),
}

/// One entry: Bluesky's, ours, or one of another program that calls things alike.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    handle: Option<String>,
    did: Option<String>,
    #[serde(rename = "displayName")]
    display_name: Option<String>,
    title: Option<String>,
    #[serde(alias = "feed_url", alias = "xmlUrl")]
    feed: Option<String>,
    #[serde(alias = "page", alias = "htmlUrl")]
    url: Option<String>,
    #[serde(alias = "folder")]
    circle: Option<String>,
}

/// Reads a list in JSON, also several documents one after the other; `None`: it is no JSON.
pub fn json(text: &str) -> Option<(Vec<Listed>, Vec<Problem>)> {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with(['[', '{']) {
        return None;
    }
    let text = text.trim_start_matches('\u{feff}');
    let (mut listed, mut problems) = (Vec::new(), Vec::new());
    let mut number = 0;
    for document in serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>() {
        let document = match document {
            Ok(document) => document,
            // `[title](address)` in a pasted text is no JSON.
            Err(_) if number == 0 => return None,
            Err(error) => {
                problems.push(Problem::new("the list", format!("breaks off: {error}")));
                break;
            }
        };
        let entries = match Written::deserialize(&document) {
            Ok(Written::Page { follows }) => follows,
            Ok(Written::Entries(entries)) => entries,
            Err(_) => vec![document],
        };
        for entry in entries {
            number += 1;
            match read(&entry) {
                Some(one) => listed.push(one),
                None => {
                    let about = format!("entry {number}");
                    problems.push(Problem::new(about, "holds neither an address nor a handle"));
                }
            }
        }
    }
    Some((once(listed), problems))
}

fn read(entry: &serde_json::Value) -> Option<Listed> {
    if let Some(text) = entry.as_str() {
        return super::pasted(text).0.into_iter().next();
    }
    let entry = Entry::deserialize(entry).ok()?;
    let full = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    // `handle.invalid` stands where a name no longer leads to its account.
    let handle = full(&entry.handle).filter(|handle| handle != "handle.invalid");
    let handle = handle.map(|handle| format!("@{}", handle.trim_start_matches('@')));
    let by_id = || full(&entry.did).map(|did| format!("https://bsky.app/profile/{did}"));
    let is_known = |text: &String| !super::pasted(text).0.is_empty();
    let url = full(&entry.feed)
        .or_else(|| full(&entry.url))
        .or_else(|| handle.filter(is_known))
        .or_else(by_id)?;
    let title = full(&entry.display_name).or_else(|| full(&entry.title));
    Some(Listed { title, url, folder: full(&entry.circle) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(text: &str) -> Vec<String> {
        json(text).unwrap().0.into_iter().map(|one| one.url).collect()
    }

    #[test]
    fn a_bluesky_follow_list_is_read_by_handle_or_id() {
        let text = r#"{"subject": {"did": "did:plc:me", "handle": "mara.example"}, "cursor": "x",
            "follows": [
              {"did": "did:plc:a", "handle": "tomas.example", "displayName": "Tomas Brandt",
               "viewer": {"muted": false}, "labels": []},
              {"did": "did:plc:b", "handle": "handle.invalid", "displayName": ""},
              {"indexedAt": "2026-01-02T00:00:00Z"}]}"#;
        let (listed, problems) = json(text).unwrap();
        assert_eq!(listed[0].title.as_deref(), Some("Tomas Brandt"));
        assert_eq!(urls(text), ["@tomas.example", "https://bsky.app/profile/did:plc:b"]);
        assert_eq!(problems[0].subject, "entry 3");
    }

    #[test]
    fn pages_one_after_the_other_and_bare_arrays_are_read() {
        let page = |name: &str| format!("{{\"follows\": [{{\"handle\": \"{name}.example\"}}]}}");
        assert_eq!(urls(&[page("a"), page("b")].concat()), ["@a.example", "@b.example"]);
        let bare = r#"["@ines@social.example", {"handle": "a.example"}, "nothing"]"#;
        assert_eq!(urls(bare), ["@ines@social.example", "@a.example"]);
    }

    #[test]
    fn a_pasted_text_is_no_json() {
        assert!(json("[Ines](https://ines.example)").is_none());
        assert!(json("https://ines.example").is_none());
    }
}
