//! The few words of a post that a digest shows.

use crate::model::Post;
use crate::text::shorten;

/// As wide as a title may be, in columns; the screen cuts further.
const TITLE: usize = 120;
/// A question of fewer words says too little without what stands before it.
const ASKING_WORDS: usize = 8;
/// A title of so many words tells more of an ask than a sentence out of its text.
const TELLING_WORDS: usize = 5;
/// As wide as an excerpt may be, in columns.
const EXCERPT: usize = 240;

/// Returns a title for the post: its own, else the beginning of its text without the names it
/// is addressed to; its URL where it has no words.
pub(crate) fn title(post: &Post) -> String {
    let own = post.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let heading = match own {
        Some(title) if !is_cut(title, &post.text) => title,
        _ => post.text.trim(),
    };
    let said = unaddressed(heading);
    let said = if said.is_empty() { heading } else { said };
    let one_line = said.lines().map(str::trim).find(|line| line.chars().any(char::is_alphanumeric));
    match one_line {
        Some(line) if words(line) >= 3 => shorten(&bare(line), TITLE),
        _ if !said.trim().is_empty() => shorten(&bare(said), TITLE),
        _ => post.url.clone().unwrap_or_default(),
    }
}

/// Returns the beginning of the text, where it says more than the title.
pub(crate) fn excerpt(post: &Post) -> Option<String> {
    let text = shorten(post.text.trim(), EXCERPT);
    let title = title(post);
    let title = title.trim_end_matches('…').trim_end();
    let more = !text.is_empty() && text.trim_end_matches('…').trim_end() != title;
    more.then_some(text)
}

/// Returns what an ask is about: a title that asks or says enough to know by; else the sentence
/// that asks, where it says enough by itself; else its title or beginning.
pub(crate) fn question(post: &Post) -> String {
    let heading = title(post);
    let own = post.title.as_deref().unwrap_or("").trim();
    let titled = !own.is_empty() && !is_cut(own, &post.text) && own != post.text.trim();
    let asks = |sentence: &&str| sentence.ends_with('?') && ASKING_WORDS <= words(sentence);
    match sentences(&post.text).find(asks) {
        Some(sentence) if !(titled && (own.contains('?') || TELLING_WORDS <= words(own))) => {
            shorten(&bare(unaddressed(sentence)), TITLE)
        }
        _ => heading,
    }
}

/// The sentences of a text, line by line, each with its own mark.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .flat_map(|line| line.split_inclusive(['?', '!']).flat_map(|part| part.split(". ")))
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
}

/// Whether a title is only the beginning of the text.
fn is_cut(title: &str, text: &str) -> bool {
    let start = title.trim_end_matches(['…', '.', ' ']);
    start.len() < text.trim().len() && text.trim_start().starts_with(start)
}

/// Without the `@names` (and `R to @name:` of bridges) at its beginning.
fn unaddressed(text: &str) -> &str {
    let mut rest = text.trim_start();
    if let Some((_, said)) = rest.strip_prefix("R to @").and_then(|rest| rest.split_once(": ")) {
        rest = said.trim_start();
    }
    while rest.starts_with('@') {
        let Some((_, said)) = rest.split_once(char::is_whitespace) else { break };
        rest = said.trim_start();
    }
    rest
}

/// Without its addresses, which say nothing on a screen, unless hardly a word is left.
fn bare(text: &str) -> String {
    let kept: Vec<&str> = text.split_whitespace().filter(|word| !word.contains("://")).collect();
    if kept.len() < 3 { text.to_owned() } else { kept.join(" ") }
}

fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{feed, post};

    fn said(title: Option<&str>, text: &str) -> Post {
        let venue = feed("https://planet.example/atom", None).id;
        Post { title: title.map(Into::into), text: text.into(), ..post(venue, "1", "jun", &[]) }
    }

    #[test]
    fn a_title_that_is_a_cut_text_gives_way_to_the_text() {
        let note = said(Some("We moved the ..."), "We moved the segment merges to a queue");
        assert_eq!(title(&note), "We moved the segment merges to a queue");
        assert_eq!(excerpt(&note), None);
    }

    #[test]
    fn names_at_the_beginning_are_not_the_title() {
        let answer = said(None, "@jun @ana I would measure that first");
        assert_eq!(title(&answer), "I would measure that first");
    }

    #[test]
    fn a_post_without_words_is_called_by_its_address() {
        assert_eq!(title(&said(None, "")), "https://posts.example/1");
    }

    #[test]
    fn an_ask_is_called_by_its_question_or_by_a_title_that_asks() {
        let note = "We ship one. Has anyone here ever measured BM25F on it? Thanks!";
        assert_eq!(question(&said(None, note)), "Has anyone here ever measured BM25F on it?");
        assert_eq!(question(&said(Some("Small indexes?"), note)), "Small indexes?");
        let short = "BM25F on short posts. Anyone?";
        assert_eq!(question(&said(None, short)), short);
    }

    #[test]
    fn addresses_are_no_part_of_a_title() {
        let note = said(None, "We are hiring: https://t.example/x! highly recommended");
        assert_eq!(title(&note), "We are hiring: highly recommended");
    }
}
