//! Rust text as a reader of rules sees it: comments, strings and tests blanked out, so that what
//! is left is code that ships. Line numbers stay what they were.

use std::collections::BTreeSet;

/// Returns `text` with every comment, string and character literal turned into spaces.
pub(crate) fn only_code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = blank_end(&chars, at);
        if end > at {
            code.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            code.push(chars[at]);
            at += 1;
        }
    }
    code
}

/// Returns `code` with every item under `#[cfg(test)]` blanked. Wants the output of `only_code`.
pub(crate) fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut left = code.to_owned();
    while let Some(start) = left.find(MARK) {
        let after = start + MARK.len();
        let end = item_end(&left[after..]).map_or(left.len(), |length| after + length);
        let blank: String =
            left[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        left.replace_range(start..end, &blank);
    }
    left
}

/// Names that stand at the crate's root in `code`, with their lines: `crate::x`,
/// `crate::{x, y::z}`, and the same after `depth` times `super::`. Sorted, each once per line.
pub(crate) fn names_at_root(code: &str, depth: usize) -> Vec<(usize, String)> {
    let up = "super::".repeat(depth);
    let mut names = BTreeSet::new();
    for root in ["crate::", up.as_str()] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            names.extend(first_names(&code[at + root.len()..]).into_iter().map(|n| (line, n)));
        }
    }
    names.into_iter().collect()
}

/// The first name of a path, or of each path in a group `{…}`.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let mut names = vec![name(group)];
    let mut depth = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    names
}

/// Returns where the first item of `code` ends: at its `;` or at the brace that closes it.
fn item_end(code: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at + 1),
            '}' => depth -= 1,
            ';' if depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Returns where the comment or literal that begins at `at` ends; `at` itself where none begins.
fn blank_end(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    let within_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match chars[at] {
        '/' if next == Some('/') => until_line_end(chars, at),
        '/' if next == Some('*') => block_comment_end(chars, at),
        '"' => string_end(chars, at + 1),
        'r' if !within_word => raw_string_end(chars, at + 1).unwrap_or(at),
        'b' if !within_word && next == Some('r') => raw_string_end(chars, at + 2).unwrap_or(at),
        '\'' => char_end(chars, at),
        _ => at,
    }
}

fn until_line_end(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|&c| c == '\n').map_or(chars.len(), |length| at + length)
}

fn block_comment_end(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut here = at;
    while here < chars.len() {
        match (chars[here], chars.get(here + 1)) {
            ('/', Some('*')) => (depth, here) = (depth + 1, here + 2),
            ('*', Some('/')) if depth == 1 => return here + 2,
            ('*', Some('/')) => (depth, here) = (depth - 1, here + 2),
            _ => here += 1,
        }
    }
    chars.len()
}

fn string_end(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

fn raw_string_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at..].iter().take_while(|&&c| c == '#').count();
    if chars.get(at + hashes) != Some(&'"') {
        return None;
    }
    let mut here = at + hashes + 1;
    while here < chars.len() {
        let closes = chars[here] == '"'
            && chars[here + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes;
        if closes {
            return Some(here + 1 + hashes);
        }
        here += 1;
    }
    Some(chars.len())
}

/// A lifetime (`'a`) is no literal: a character closes after one character or one escape.
fn char_end(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), Some(_)) => chars[at + 3..]
            .iter()
            .position(|&c| c == '\'')
            .map_or(chars.len(), |length| at + 3 + length + 1),
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}

#[test]
fn comments_and_literals_become_spaces_and_lines_stay() {
    let text = "let a = \"x // y\"; // z\n/* b\n */ let c = 'q'; let d: &'a str = r#\"w\"#;";
    let code = only_code(text);
    assert_eq!(code.lines().count(), text.lines().count());
    assert_eq!(code.len(), text.len());
    for word in ["x", "y", "z", "b", "q", "w"] {
        assert!(!code.contains(word), "{word} is left in {code:?}");
    }
    assert!(code.contains("let d: &'a str = "));
}

#[test]
fn an_escaped_quote_does_not_end_a_literal() {
    assert_eq!(only_code(r#"a("\"b", '\'', '"') + c"#), r#"a(     ,     ,    ) + c"#);
}

#[test]
fn what_is_only_for_tests_is_left_out() {
    let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}\n#[cfg(test)] use d;\n";
    let left = without_tests(code);
    assert!(left.contains("fn a") && left.contains("fn c"));
    assert!(!left.contains("fn b") && !left.contains("use d"));
    assert_eq!(left.lines().count(), code.lines().count());
}
