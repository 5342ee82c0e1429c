//! Lines of at most 100 columns.

use unicode_width::UnicodeWidthStr as _;

use super::escape::{line_start, markdown, markdown_within, relaxed};

/// As wide as any line of the digest but one that holds a URL.
pub(super) const COLUMNS: usize = 100;
/// A title keeps at least so many columns; facts give way.
const TITLE_AT_LEAST: usize = 44;

/// Of who speaks, so much stays.
const WHO_AT_LEAST: usize = 34;

/// Returns `prefix title · fact · fact` in one line: the title is cut where it must be, after
/// the last facts were dropped that would leave it no room; the first stays. `prefix` is Markdown, the rest text.
pub(super) fn line(prefix: &str, title: &str, facts: &[String]) -> String {
    let whole = markdown(title).width();
    let mut facts: Vec<String> = facts.iter().map(|fact| markdown(fact)).collect();
    if let Some((who, rest)) = facts.split_first_mut() {
        let rest: usize = rest.iter().map(|fact| fact.width() + 3).sum();
        let room = COLUMNS.saturating_sub(prefix.width() + whole + rest + 3);
        *who = fewer_names(who, room.max(WHO_AT_LEAST));
    }
    for kept in (0..=facts.len()).rev() {
        let tail: String = facts[..kept].iter().map(|fact| format!(" · {fact}")).collect();
        let room = COLUMNS.saturating_sub(prefix.width() + tail.width());
        if kept <= 1 || whole.min(TITLE_AT_LEAST) <= room {
            return relaxed(&format!("{prefix}{}{tail}", markdown_within(title, room)));
        }
    }
    prefix.to_owned()
}

/// `3 voices: Ines, Tomas, Priya` with fewer names, until it fits or one is left.
fn fewer_names(who: &str, columns: usize) -> String {
    let mut who = who;
    while columns < who.width() {
        let Some((fewer, _)) = who.rsplit_once(", ") else { break };
        who = fewer;
    }
    who.to_owned()
}

/// Wraps Markdown at spaces to lines of so many columns; no line but the first begins anything but text.
pub(super) fn wrap(markdown: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let markdown = relaxed(markdown);
    for word in markdown.split(' ') {
        if !line.is_empty() && columns < line.width() + 1 + word.width() {
            lines.push(std::mem::take(&mut line));
        }
        if line.is_empty() {
            line = if lines.is_empty() { word.to_owned() } else { continued(word) };
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.push(line);
    lines
}

/// A word at the start of a later line. What is escaped already is left as it is.
fn continued(word: &str) -> String {
    if word.starts_with('[') { word.to_owned() } else { line_start(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(all: &[&str]) -> Vec<String> {
        all.iter().map(|fact| (*fact).to_owned()).collect()
    }

    #[test]
    fn a_short_line_is_whole() {
        let line = line("- [t3fd] .79 · ", "CRDT undo is unsolved", &facts(&["3 voices", "up 8x"]));
        assert_eq!(line, "- [t3fd] .79 · CRDT undo is unsolved · 3 voices · up 8x");
    }

    #[test]
    fn a_long_title_is_cut_before_its_facts() {
        let line = line("- [t3fd] .79 · ", &"word ".repeat(40), &facts(&["3 voices", "up 8x"]));
        assert!(line.width() <= COLUMNS && line.ends_with("… · 3 voices · up 8x"), "{line}");
    }

    #[test]
    fn the_last_facts_give_way_to_the_title() {
        let many =
            facts(&["3 voices: Ines Okafor, Tomas Brandt", "up 8x", "asks for test reports"]);
        let line = line("- [t3fd] .79 · ", &"word ".repeat(40), &many);
        assert!(line.width() <= COLUMNS && !line.contains("asks for"), "{line}");
    }

    #[test]
    fn names_give_way_to_the_title() {
        let who = facts(&["4 voices: Ines Okafor, Tomas Brandt, Priya Nair, Ana Reyes"]);
        let short = line("- [t3fd] .79 · ", "CRDT undo", &who);
        assert!(short.ends_with("Ana Reyes"), "{short}");
        let long = line("- [t3fd] .79 · ", &"word ".repeat(10), &who);
        assert!(long.ends_with("4 voices: Ines Okafor"), "{long}");
    }

    #[test]
    fn escapes_count_as_columns() {
        let line = line("- [t3fd] .79 · ", &"*a* ".repeat(60), &[]);
        assert!(line.width() <= COLUMNS, "{line}");
    }

    #[test]
    fn a_wrapped_line_begins_no_list() {
        let long = format!("{} + heat .16 - 1. # x", "word ".repeat(19).trim());
        let lines = wrap(&long, COLUMNS);
        assert!(lines.iter().all(|line| line.width() <= COLUMNS));
        assert!(lines[1].starts_with("\\+") || !lines[1].starts_with('+'), "{lines:?}");
    }
}
