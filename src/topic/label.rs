//! What to call a topic: words that a person wrote, never a bag of stems.

use super::{Clustering, Doc};
use crate::text::{Kind, first_sentence, shorten, words};

/// Columns of a label: fits a line of a digest beside its facts.
pub const LABEL_COLUMNS: usize = 90;

/// Posts nearest the center that are asked for a label.
const ASKED: usize = 12;

impl Clustering {
    /// Returns the label of a topic of `docs` (the same that were clustered): the title nearest
    /// its center, else the first sentence of the post nearest its center, shortened. An answer
    /// (`@ines I think so`), a bare link or two words name a topic only where nothing else does.
    pub fn label(&self, topic: usize, docs: &[Doc]) -> String {
        let central = self.central(topic);
        let candidates = central.iter().take(ASKED).enumerate().map(|(place, &post)| {
            let (name, title) = name(&docs[post]);
            (penalty(&name, title) + place as f32 * 0.2, name)
        });
        let best = candidates.min_by(|a, b| a.0.total_cmp(&b.0));
        best.map(|(_, name)| name).unwrap_or_default()
    }
}

/// Returns what a post calls itself, and whether that is a title. A title that only repeats the
/// beginning of the text (as microblogs in a feed have it) is none.
fn name(doc: &Doc) -> (String, bool) {
    let title = doc.title.unwrap_or("").trim();
    let shown = title.trim_end_matches(['…', '.', ' ']);
    if !title.is_empty() && !doc.text.trim_start().starts_with(shown) {
        return (shorten(title, LABEL_COLUMNS), true);
    }
    let text = if doc.text.trim().is_empty() { title } else { doc.text };
    let short = text.trim() == title && title.lines().count() == 1;
    (shorten(&bare(first_sentence(text)), LABEL_COLUMNS), short)
}

/// Returns `sentence` without URLs.
fn bare(sentence: &str) -> String {
    let urls = crate::text::links(sentence);
    urls.into_iter().fold(sentence.to_owned(), |rest, url| rest.replacen(url, "", 1))
}

/// Returns how badly `name` names a topic; 0 for a title of some words.
fn penalty(name: &str, title: bool) -> f32 {
    let found = words(name);
    let said = found.iter().filter(|word| word.kind != Kind::Handle).count();
    let answer = name.starts_with('@') || name.starts_with("RT @");
    let shouts = name.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let few = match said {
        0 => 20.0,
        1 | 2 => 4.0,
        3 => 1.0,
        _ => 0.0,
    };
    few + if title { 0.0 } else { 1.0 }
        + if answer { 6.0 } else { 0.0 }
        + if shouts { 1.0 } else { 0.0 }
        + if name.ends_with('…') { 0.5 } else { 0.0 }
        + if name.ends_with('?') { 0.5 } else { 0.0 }
}
