//! How strongly a text asks its readers something.
//!
//! Points for calls, questions and polls, less for questions that want no answer; the words are
//! in `ask_rules`. Measured: docs/technotes/topics.md.

use std::collections::BTreeSet;

use super::ask_rules::{RULES, Rules};
use super::{Kind, Word, base_language, words};

/// From this strength on a post counts as an ask.
pub const ASK_THRESHOLD: f32 = 0.5;

/// Words of a text that are looked at: who asks further down does not ask first.
const LONGEST_WORDS: usize = 400;

/// Returns the strength in 0..=1, in quarters: call phrase 3, question 1, question with a person
/// (you, anyone, I) or a request (the best, how to) 1 more, tag question −2, a title that is a
/// question to nobody −1, poll 2; their sum through 4. Adding a call phrase never lowers it.
///
/// Questions inside quotation marks are somebody else's. Without rules for `lang` only question
/// marks and `poll` count.
pub fn ask_strength(title: Option<&str>, text: &str, lang: Option<&str>, poll: bool) -> f32 {
    let rules = RULES.iter().find(|rules| rules.lang == base_language(lang));
    let title = title.map(str::trim).filter(|title| !title.is_empty());
    let body = text.trim();
    let body = title.map_or(body, |title| body.strip_prefix(title).unwrap_or(body));
    let mut call = false;
    let mut best = 0;
    for (part, is_title) in [(title.unwrap_or(""), true), (body, false)] {
        let part = unquoted(part);
        let all: Vec<Word> = words(&part).into_iter().take(LONGEST_WORDS).collect();
        if let Some(rules) = rules {
            // Most texts hold the first word of hardly any call: looked up once, not at each word.
            let said: BTreeSet<&str> = all.iter().map(|word| word.text.as_str()).collect();
            let begins = |phrase: &str| phrase.split(' ').next().is_some_and(|w| said.contains(w));
            let mut calls = rules.calls.iter().filter(|phrase| begins(phrase));
            call |= calls.any(|phrase| find(&all, phrase, 0).is_some());
        }
        best = best.max(question(&part, &all, rules, is_title && body.is_empty()));
    }
    let points = best + if call { 3 } else { 0 } + if poll { 2 } else { 0 };
    (points as f32 / 4.0).clamp(0.0, 1.0)
}

/// Returns the points of the best question in `text`, whose words are `all`; at least −2, and 0
/// where there is none.
fn question(text: &str, all: &[Word], rules: Option<&Rules>, alone: bool) -> i32 {
    let marks = text.char_indices().filter(|(_, c)| matches!(c, '?' | '？' | '؟' | '՞'));
    let mut best: Option<i32> = None;
    for (at, _) in marks {
        let last = all.partition_point(|word| word.end <= at);
        let begin = sentence_start(text, at);
        let first = all.partition_point(|word| word.start < begin);
        if first >= last || text[all[last - 1].end..at].contains(['.', '!', '\n']) {
            continue;
        }
        let sentence = &all[first..last];
        let mut points = 1;
        if let Some(rules) = rules {
            let named = sentence.iter().any(|word| rules.persons.contains(&&*word.text));
            let person =
                named || rules.seeks.iter().any(|phrase| find(sentence, phrase, 0).is_some());
            let tag = rules.tags.iter().any(|tag| ends_with(sentence, tag));
            let show = rules.rhetorical.iter().any(|phrase| find(sentence, phrase, 0) == Some(0));
            points += i32::from(person) - 2 * i32::from(tag || show);
            points -= i32::from(alone && !person);
        }
        best = Some(best.map_or(points, |best| best.max(points)));
    }
    best.unwrap_or(0)
}

/// Returns where the sentence that ends at byte `end` begins.
fn sentence_start(text: &str, end: usize) -> usize {
    let before = &text[..end];
    let mut next = ' ';
    for (at, c) in before.char_indices().rev() {
        if c == '\n' || (matches!(c, '.' | '!' | '?' | '…' | '？' | '。') && next.is_whitespace())
        {
            return at + c.len_utf8();
        }
        next = c;
    }
    0
}

/// Returns `text` with everything between quotation marks, and quoted lines, left out.
fn unquoted(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.lines().filter(|line| !line.trim_start().starts_with('>')) {
        let mut rest = line;
        while let Some(at) = rest.find(['"', '“', '„', '«', '‘']) {
            let open = rest[at..].chars().next().unwrap_or('"');
            let inside = &rest[at + open.len_utf8()..];
            let close: &[char] = match open {
                '“' => &['”'],
                '„' => &['“', '”'],
                '«' => &['»'],
                '‘' => &['’'],
                _ => &['"'],
            };
            let Some(end) = inside.find(close) else { break };
            kept.push_str(&rest[..at]);
            let mark = inside[end..].chars().next().map_or(1, char::len_utf8);
            rest = &inside[end + mark..];
        }
        kept.push_str(rest);
        kept.push('\n');
    }
    kept
}

/// Returns the index of the first word of `phrase` in `all`, from `from` on.
fn find(all: &[Word], phrase: &str, from: usize) -> Option<usize> {
    let length = phrase.split(' ').count();
    let starts = from..(all.len() + 1).saturating_sub(length);
    starts.into_iter().find(|&start| equal(&all[start..start + length], phrase))
}

fn ends_with(all: &[Word], phrase: &str) -> bool {
    let length = phrase.split(' ').count();
    all.len() > length && equal(&all[all.len() - length..], phrase)
}

fn equal(some: &[Word], phrase: &str) -> bool {
    let same = |(word, part): (&Word, &str)| word.kind != Kind::Handle && word.text == part;
    some.iter().zip(phrase.split(' ')).all(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(title: Option<&str>, text: &str, expected: f32) {
        assert_eq!(ask_strength(title, text, Some("en"), false), expected, "{title:?} {text}");
    }

    #[test]
    fn a_call_with_a_question_is_as_strong_as_can_be() {
        check(None, "Has anyone measured BM25F on short posts?", 1.0);
        check(None, "Feedback welcome on the merge policy post.", 0.75);
    }

    #[test]
    fn a_question_to_you_is_an_ask_and_one_to_nobody_is_none() {
        check(None, "Did your index survive the power cut?", 0.5);
        check(Some("How to measure recall?"), "", 0.5);
        check(Some("Is Postgres enough?"), "", 0.0);
        check(Some("Is Postgres enough?"), "We measured it for a year. It is.", 0.25);
    }

    #[test]
    fn a_tag_question_or_a_show_of_one_wants_no_answer() {
        check(None, "You knew that, right?", 0.0);
        check(None, "Did you know? Rust turns ten.", 0.0);
        check(None, "Want to sell your car?", 0.0);
    }

    #[test]
    fn a_question_in_quotation_marks_is_somebody_elses() {
        check(None, "She said “has anyone seen my keys?” and left.", 0.0);
        check(None, "> does anyone know?\nYes.", 0.0);
    }

    #[test]
    fn the_mark_in_an_address_is_no_question() {
        check(None, "See https://a.example/?q=you for more", 0.0);
    }

    #[test]
    fn each_language_has_its_words_and_others_their_question_mark() {
        assert_eq!(ask_strength(None, "Kennt jemand einen guten Parser?", Some("de"), false), 1.0);
        assert_eq!(ask_strength(None, "Alguien usa Tantivy?", Some("es-MX"), false), 1.0);
        assert_eq!(ask_strength(None, "Czy ktoś zna?", Some("pl"), false), 0.25);
        assert_eq!(ask_strength(None, "Tea or coffee", Some("en"), true), 0.5);
    }

    #[test]
    fn every_phrase_is_written_as_words_are_folded() {
        for rules in &RULES {
            let lists = [rules.calls, rules.persons, rules.seeks, rules.tags, rules.rhetorical];
            for phrase in lists.into_iter().flatten() {
                let folded: Vec<String> = words(phrase).into_iter().map(|word| word.text).collect();
                assert_eq!(&folded.join(" "), phrase);
            }
        }
    }

    proptest! {
        #[test]
        fn adding_a_call_phrase_never_lowers(
            text in "([a-z]{1,6}|you|right|\\?|\\.|!|\"| |\n){0,30}", pick in 0_usize..1000, poll: bool,
        ) {
            let calls = RULES[0].calls;
            let more = format!("{text}\n{}", calls[pick % calls.len()]);
            let before = ask_strength(None, &text, Some("en"), poll);
            assert!(ask_strength(None, &more, Some("en"), poll) >= before);
        }
    }
}
