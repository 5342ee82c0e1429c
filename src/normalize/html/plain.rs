//! What HTML says, in plain text.

use std::sync::LazyLock;

use regex::Regex;
use scraper::{Html, Node};

use super::{bounded, has_markup};

/// Elements that stand apart from what is around them.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
    "caption",
];

/// Elements that begin a line.
const LINES: [&str; 3] = ["li", "tr", "summary"];

/// Elements that say nothing to a reader.
const SILENT: [&str; 9] =
    ["script", "style", "template", "iframe", "object", "noscript", "head", "svg", "math"];

/// Tags that really occur in titles. Others (`Vec<T>`) are meant as text.
static TITLE_TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)</?(?:a|abbr|b|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|mark|p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*|/)?>",
    )
    .expect("a fixed pattern that was tested")
});

/// Elements that can do harm, with what is in them.
static HARMFUL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?is)<(?:script|style|iframe|object)\b[^<>]*>.*?</(?:script|style|iframe|object)\s*>",
    )
    .expect("a fixed pattern that was tested")
});

/// Returns the text of `html`: paragraphs divided by blank lines, list entries on lines of their
/// own, white space folded, references decoded once. Where it holds no text but images, their
/// alternative texts. Text without any tag keeps its line breaks.
pub fn plain(html: &str) -> String {
    let html = &*bounded(html);
    if !has_markup(html) {
        return fold_lines(&decode(html));
    }
    let tree = Html::parse_fragment(html);
    let root = tree.tree.root();
    let mut reading = Reading::default();
    let mut node = root;
    // Down, else aside, else up: a walk without recursion, however deep the tree.
    'walk: loop {
        reading.enter(node.value());
        if let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            reading.leave(node.value());
            match (node.next_sibling(), node.parent()) {
                (Some(sibling), _) => {
                    node = sibling;
                    break;
                }
                (None, Some(parent)) => node = parent,
                (None, None) => break 'walk,
            }
        }
    }
    let text = reading.out.finish();
    if text.is_empty() { reading.alternatives.join("\n") } else { text }
}

/// What was read so far of a tree.
#[derive(Default)]
struct Reading {
    out: Lines,
    alternatives: Vec<String>,
    /// Silent elements around.
    silent: usize,
    /// `pre` elements around.
    verbatim: usize,
}

impl Reading {
    fn enter(&mut self, node: &Node) {
        match node {
            Node::Text(text) if self.silent == 0 && self.verbatim > 0 => self.out.verbatim(text),
            Node::Text(text) if self.silent == 0 => self.out.words(text),
            Node::Element(element) => {
                let name = element.name();
                self.silent += usize::from(SILENT.contains(&name));
                self.verbatim += usize::from(name == "pre");
                self.part(name);
                match name {
                    "li" => self.out.mark("- "),
                    "td" | "th" => self.out.words(" "),
                    "br" => self.out.break_to(1),
                    "img" => {
                        let alternative = element.attr("alt").map(str::trim).unwrap_or("");
                        if !alternative.is_empty() {
                            self.alternatives.push(alternative.to_owned());
                        }
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn leave(&mut self, node: &Node) {
        if let Node::Element(element) = node {
            let name = element.name();
            self.silent -= usize::from(SILENT.contains(&name));
            self.verbatim -= usize::from(name == "pre");
            self.part(name);
        }
    }

    /// Divides what is around the edge of an element from what is in it.
    fn part(&mut self, name: &str) {
        if BLOCKS.contains(&name) {
            self.out.break_to(2);
        } else if LINES.contains(&name) {
            self.out.break_to(1);
        }
    }
}

/// Returns `text`, a title, as one line of plain text. A title may be HTML, text that looks like
/// it, or escaped once too often: references that are left after decoding are decoded again.
pub fn title(text: &str) -> String {
    let text = bounded(text);
    let text = HARMFUL.replace_all(&text, " ");
    let text = if TITLE_TAG.is_match(&text) { plain(&text) } else { decode(&text) };
    let text = if double_escaped(&text) { decode(&text) } else { text };
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().filter(|c| !c.is_control()).collect()
}

/// Tells whether decoding left what only escaping makes.
fn double_escaped(text: &str) -> bool {
    const TRACES: [&str; 6] = ["&amp;", "&quot;", "&#", "&lt;", "&gt;", "&nbsp;"];
    TRACES.iter().any(|trace| text.contains(trace))
}

fn decode(text: &str) -> String {
    html_escape::decode_html_entities(text).replace('\u{a0}', " ")
}

/// Folds the white space in each line, and blank lines to one.
fn fold_lines(text: &str) -> String {
    let mut out = Lines::default();
    for line in text.lines() {
        if line.trim().is_empty() {
            out.break_to(2);
        } else {
            out.break_to(1);
            out.words(line);
        }
    }
    out.finish()
}

/// Text that grows by words and breaks.
#[derive(Default)]
struct Lines {
    text: String,
    /// Line breaks that the next word needs before it.
    breaks: usize,
    /// A space that the next word needs before it.
    space: bool,
    /// What the next word needs before it on its line.
    mark: &'static str,
}

impl Lines {
    fn break_to(&mut self, breaks: usize) {
        self.breaks = self.breaks.max(breaks);
        self.space = false;
        self.mark = "";
    }

    fn mark(&mut self, mark: &'static str) {
        self.mark = mark;
    }

    fn words(&mut self, text: &str) {
        let mut words = text.split(|c: char| c.is_whitespace()).peekable();
        while let Some(word) = words.next() {
            if !word.is_empty() {
                self.word(word);
            }
            if words.peek().is_some() {
                self.space = true;
            }
        }
    }

    fn word(&mut self, word: &str) {
        self.before_word();
        // JSON may escape controls into a text; no reader means them.
        self.text.extend(word.chars().filter(|c| !c.is_control()));
    }

    fn before_word(&mut self) {
        if !self.text.is_empty() {
            match self.breaks {
                0 if self.space => self.text.push(' '),
                breaks => self.text.extend(std::iter::repeat_n('\n', breaks)),
            }
        }
        self.text.push_str(self.mark);
        self.mark = "";
        self.breaks = 0;
        self.space = false;
    }

    fn verbatim(&mut self, text: &str) {
        for (position, line) in text.split('\n').enumerate() {
            if position > 0 {
                self.breaks = (self.breaks + 1).min(2);
                self.space = false;
            }
            if !line.trim().is_empty() {
                self.before_word();
                self.text.push_str(line.trim_end());
            }
        }
    }

    fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(plain(html), expected, "{html}");
    }

    #[test]
    fn blocks_become_paragraphs_and_lines_stay_lines() {
        check("<p>One\n two</p><p>Three<br>four</p>", "One two\n\nThree\nfour");
        check("<div>a<div>b</div>c</div>", "a\n\nb\n\nc");
        check("x<ul><li>a</li><li><b>b</b> c</li></ul>y", "x\n\n- a\n- b c\n\ny");
        check("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc");
        check("<pre>fn main() {\n    x();\n}</pre>", "fn main() {\n    x();\n}");
    }

    #[test]
    fn words_are_not_torn_or_glued() {
        check("<b>bold</b>er <i>and</i> more", "bolder and more");
        check("<span>https://</span><span>a.example/x</span>", "https://a.example/x");
        check("a<br><br><br>b", "a\nb");
    }

    #[test]
    fn scripts_are_silent_and_references_decoded_once() {
        check("<p>a</p><script>alert(1)</script><style>p{}</style>b", "a\n\nb");
        check("AT&amp;T &lt;b&gt; caf&eacute;", "AT&T <b> café");
        check("<p>&amp;lt;b&amp;gt;</p>", "&lt;b&gt;");
    }

    #[test]
    fn text_without_tags_keeps_its_lines() {
        check("one\ntwo  three\n\n\nfour", "one\ntwo three\n\nfour");
        check("1 < 2 && 3 > 2", "1 < 2 && 3 > 2");
    }

    #[test]
    fn images_speak_only_where_nothing_else_does() {
        check("<img alt='A cat' src=x><img alt='A dog'>", "A cat\nA dog");
        check("<p>Look<img alt='A cat'></p>", "Look");
    }

    #[test]
    fn a_title_is_one_line_and_never_escaped() {
        for (text, expected) in [
            ("AT&amp;T", "AT&T"),
            ("AT&amp;amp;T &amp;#8217;s", "AT&T ’s"),
            ("Vec<T> in <em>Rust</em>", "Vec in Rust"),
            ("Vec<T> in Rust", "Vec<T> in Rust"),
            ("Why <b>we</b>\n left", "Why we left"),
            ("a < b", "a < b"),
            ("x<script>alert(1)</script>y", "x y"),
            ("The <title> element", "The <title> element"),
        ] {
            assert_eq!(title(text), expected, "{text}");
        }
    }

    #[test]
    fn a_hundred_thousand_open_tags_are_read_in_time() {
        let deep = "<div>".repeat(100_000) + "x";
        assert_eq!(plain(&deep), "");
        let bold: String = (0..100_000).map(|n| format!("<b id={n}><p>")).collect();
        assert_eq!(plain(&bold), "");
        let closed: String = (0..100_000).map(|n| format!("<b>{n}</b><i>")).collect();
        assert!(plain(&closed).starts_with("0123"));
    }
}
