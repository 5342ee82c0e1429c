//! What a text names: words that a person would write on a list of interests.
//!
//! Names (capitalized in the midst of a sentence), tags, and pairs of words that stand together.
//! German writes every noun with a capital, so its texts give tags only.

use std::collections::BTreeMap;

use crate::text::{Kind, Word, is_stop_word, stem, words};

/// Words of a text that are read: its beginning tells what it is about.
const FIRST_WORDS: usize = 250;
/// A name has at most so many words.
const LONGEST: usize = 3;

/// Words that are capitalized or frequent and yet nobody's interest: time, amount, judgment, the
/// calendar, nationalities, talk about the text itself. Sorted.
#[rustfmt::skip]
const WEAK: &[&str] = &[
    "able", "absolutely", "actually", "added", "adding", "age", "ago", "aka", "almost", "already",
    "always", "ama", "amazing", "american", "amount", "another", "answer", "answers", "anyone",
    "anything", "api", "april", "around", "article", "asap", "ask", "asked", "asking", "asks",
    "august", "autumn", "available", "awesome", "back", "become", "becomes", "best", "better",
    "big", "billion", "bit", "blog", "book", "british", "btw", "build", "building", "built",
    "call", "came", "case", "ceo", "cfo", "change", "check", "checked", "chinese", "christmas",
    "close", "com", "come", "comes", "coming", "comment", "comments", "cool", "course", "cto",
    "currently", "day", "days", "december", "definitely", "didn", "different", "diy", "doesn",
    "doing", "early", "easter", "easy", "edit", "eg", "email", "end", "ended", "ends", "english",
    "entire", "eod", "episode", "especially", "eta", "etc", "eu", "european", "even", "event",
    "ever", "everyone", "everything", "example", "false", "family", "faq", "far", "february",
    "feed", "feel", "feels", "felt", "file", "files", "final", "find", "finding", "finds", "first",
    "five", "folks", "form", "found", "four", "free", "french", "friday", "friend", "friends",
    "full", "fyi", "gave", "general", "german", "gets", "getting", "git", "give", "given",
    "giving", "goes", "going", "gone", "good", "got", "great", "guide", "guys", "half", "happy",
    "hard", "help", "high", "hn", "home", "hope", "hour", "hours", "http", "https", "hundred",
    "idea", "ie", "image", "images", "imho", "imo", "important", "indian", "information",
    "instead", "internet", "isn", "issue", "january", "japanese", "july", "june", "keep",
    "keeping", "keeps", "kept", "kids", "kind", "knew", "know", "large", "last", "late", "later",
    "lead", "leads", "left", "less", "let", "lets", "letting", "level", "life", "like", "likes",
    "line", "link", "list", "literally", "little", "live", "lol", "long", "look", "looking",
    "looks", "lot", "lots", "love", "made", "main", "major", "make", "makes", "man", "many",
    "march", "max", "may", "maybe", "mean", "means", "men", "million", "millions", "mine", "mini",
    "minutes", "monday", "month", "months", "morning", "multi", "name", "names", "nd", "need",
    "needed", "needs", "never", "new", "news", "next", "nice", "night", "note", "notes", "nothing",
    "november", "number", "numbers", "october", "often", "ok", "old", "one", "online", "op",
    "open", "out", "page", "part", "pdf", "people", "per", "percent", "person", "personal",
    "place", "plus", "point", "possible", "post", "posts", "pr", "pretty", "pro", "probably",
    "problem", "problems", "ps", "put", "question", "quite", "rd", "read", "reading", "real",
    "really", "recently", "rest", "result", "results", "right", "run", "running", "runs",
    "russian", "said", "saturday", "saw", "say", "says", "second", "see", "seeing", "seem",
    "seems", "seen", "sees", "september", "service", "services", "set", "several", "show",
    "showed", "shown", "shows", "side", "similar", "simple", "single", "site", "small", "someone",
    "something", "soon", "sound", "sounds", "source", "specific", "spring", "st", "start",
    "started", "starting", "starts", "step", "steps", "stop", "stuff", "summer", "sunday", "super",
    "sure", "take", "taken", "taking", "talk", "talks", "tell", "telling", "test", "tests", "th",
    "thank", "thanks", "thing", "things", "think", "thinking", "thought", "thousand", "thread",
    "three", "thursday", "time", "tldr", "today", "told", "tomorrow", "tonight", "took", "top",
    "tried", "true", "try", "trying", "tuesday", "turn", "turns", "tv", "two", "type", "uk",
    "understand", "update", "url", "us", "usa", "use", "used", "user", "users", "using", "usually",
    "version", "via", "video", "vs", "wait", "want", "wanted", "wants", "way", "ways", "website",
    "wednesday", "week", "weekend", "weeks", "welcome", "well", "went", "whole", "winter",
    "without", "woman", "women", "won", "word", "words", "work", "worked", "working", "works",
    "world", "write", "writing", "written", "wrong", "wrote", "www", "year", "years", "yes",
    "yesterday", "yet",
];

/// What one text names: by key (stems, joined by a space), as it is spelled there.
pub(super) type Named = BTreeMap<String, String>;

/// Returns the names in `text`: runs of capitalized words that do not begin a sentence. Where
/// everything has capitals (a headline in title case), only spellings such as `SQLite` or `GPU`.
pub(super) fn names(text: &str, lang: Option<&str>) -> Named {
    let mut named = Named::new();
    if lang.is_some_and(|lang| lang.starts_with("de") || lang == "lb") {
        return named;
    }
    let words: Vec<Word> = read(text);
    for sentence in sentences(text, &words) {
        let titled = is_title(text, sentence);
        let mut run: Vec<&Word> = Vec::new();
        for (place, word) in sentence.iter().enumerate() {
            let special = is_special(&text[word.start..word.end]);
            let named_here = special || (is_capital(text, word) && place > 0 && !titled);
            let joins = run.last().is_some_and(|last| &text[last.end..word.start] == " ");
            if !(named_here && joins) {
                keep(text, &run, lang, &mut named);
                run.clear();
            }
            if named_here {
                run.push(word);
            }
        }
        keep(text, &run, lang, &mut named);
    }
    named
}

/// Returns the words and the pairs of neighbors in `text` that say something, in lower case.
pub(super) fn plain(text: &str, lang: Option<&str>) -> (Named, Named) {
    let (mut single, mut pairs) = (Named::new(), Named::new());
    let words = read(text);
    let tells = |word: &Word| {
        let spelled = &text[word.start..word.end];
        4 <= word.text.chars().count()
            && spelled.chars().all(|c| c.is_lowercase() || c == '-')
            && !is_empty_word(&word.text, lang)
    };
    for (at, word) in words.iter().enumerate().filter(|(_, word)| tells(word)) {
        let spelled = text[word.start..word.end].to_owned();
        single.entry(key(text, &[word], lang)).or_insert(spelled);
        if let Some(next) = words.get(at + 1).filter(|next| tells(next))
            && &text[word.end..next.start] == " "
            && !next.text.ends_with("ed")
        {
            let spelled = text[word.start..next.end].to_owned();
            pairs.entry(key(text, &[word, next], lang)).or_insert(spelled);
        }
    }
    (single, pairs)
}

/// Returns a tag as a name, if it can be one: not of a series (`100days`, `searchsaturday`).
pub(super) fn tag(tag: &str, lang: Option<&str>) -> Option<(String, String)> {
    let found = words(tag);
    let series = tag.starts_with(|c: char| c.is_ascii_digit())
        || ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "day"]
            .iter()
            .any(|day| tag.ends_with(day));
    let says = found.iter().any(|word| !is_empty_word(&word.text, lang));
    let long = 3 <= tag.chars().count() || tag == "ai";
    let path = tag.contains('/');
    let all: Vec<&Word> = found.iter().collect();
    let fine = !series && !path && says && long && (1..=LONGEST).contains(&all.len());
    fine.then(|| (key(tag, &all, lang), tag.to_owned()))
}

/// A word that nobody is interested in by itself.
pub(super) fn is_empty_word(folded: &str, lang: Option<&str>) -> bool {
    is_stop_word(folded, lang)
        || is_stop_word(folded, None)
        || WEAK.binary_search(&folded).is_ok()
        || !folded.chars().any(char::is_alphabetic)
}

fn read(text: &str) -> Vec<Word> {
    let plain = words(text).into_iter().filter(|word| word.kind == Kind::Plain);
    plain.take(FIRST_WORDS).collect()
}

/// Runs of words without an end of a sentence between them.
fn sentences<'a>(text: &str, words: &'a [Word]) -> Vec<&'a [Word]> {
    words.chunk_by(|a, b| !text[a.end..b.start].contains(ENDS)).collect()
}

/// Nearly all of its longer words have capitals: a headline, or shouting.
fn is_title(text: &str, sentence: &[Word]) -> bool {
    let long: Vec<&Word> = sentence.iter().skip(1).filter(|word| word.text.len() > 3).collect();
    let capitals = long.iter().filter(|word| is_capital(text, word)).count();
    2 < long.len() && capitals * 10 >= long.len() * 8
}

const ENDS: [char; 13] = ['.', '!', '?', ':', ';', '\n', '"', '“', '”', '•', '|', '—', '–'];

fn is_capital(text: &str, word: &Word) -> bool {
    text[word.start..].chars().next().is_some_and(char::is_uppercase)
}

/// `GPU`, `SQLite`, `iPhone`: spelled so wherever it stands.
fn is_special(spelled: &str) -> bool {
    let upper = spelled.chars().filter(|c| c.is_uppercase()).count();
    let later = spelled.chars().skip(1).any(char::is_uppercase);
    later && upper <= 6 && spelled.chars().count() <= 14
}

fn keep(text: &str, run: &[&Word], lang: Option<&str>, named: &mut Named) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
    let spelled = text[first.start..last.end].to_owned();
    // Folding takes the possessive `'s` off, the spelling has it.
    let spelled = spelled.trim_end_matches("'s").trim_end_matches("’s").to_owned();
    let says = run.iter().all(|word| !is_empty_word(&word.text, lang));
    let long = 3 <= spelled.chars().count() || spelled == "AI";
    if run.len() <= LONGEST && says && long {
        named.entry(key(text, run, lang)).or_insert(spelled);
    }
}

/// An abbreviation has its plural's key, which no stemmer knows: `LLMs` is `llm`.
fn key(text: &str, run: &[&Word], lang: Option<&str>) -> String {
    let stems = run.iter().map(|word| {
        let spelled = &text[word.start..word.end];
        let plural = spelled.strip_suffix('s').is_some_and(|rest| {
            1 < rest.len() && (is_shouted(rest) || !rest.contains(|c| "aeiouy".contains(c)))
        });
        let folded = word.text.strip_suffix('s').filter(|_| plural).unwrap_or(&word.text);
        stem(folded, lang)
    });
    stems.collect::<Vec<_>>().join(" ")
}

fn is_shouted(text: &str) -> bool {
    text.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        names(text, Some("en")).into_values().collect()
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(WEAK.is_sorted());
    }

    #[test]
    fn names_are_capitalized_within_a_sentence() {
        assert_eq!(
            named("Today we moved Tantivy to Apache Arrow. It works."),
            ["Apache Arrow", "Tantivy"]
        );
        assert_eq!(named("Yesterday was nice. Great. I know."), Vec::<String>::new());
        assert_eq!(named("On Friday and in January we use SQLite's index"), ["SQLite"]);
    }

    #[test]
    fn a_headline_in_title_case_names_only_what_is_spelled_so_anywhere() {
        assert_eq!(named("How We Made SQLite Faster Than Real Images"), ["SQLite"]);
    }

    #[test]
    fn german_nouns_are_no_names() {
        assert!(names("Wir haben den Betrieb im Haus geändert", Some("de")).is_empty());
    }

    #[test]
    fn a_tag_of_a_series_is_no_theme() {
        let fine = |text: &str| tag(text, Some("en")).is_some();
        assert!(fine("rust") && fine("local-first") && fine("ai"));
        assert!(
            !fine("100daystooffload") && !fine("searchsaturday") && !fine("news") && !fine("x")
        );
    }

    #[test]
    fn forms_of_a_word_have_one_key() {
        let (single, pairs) = plain("two search engines and a search engine", Some("en"));
        assert_eq!(single.len(), 2);
        assert_eq!(pairs.into_values().collect::<Vec<_>>(), ["search engines"]);
    }
}
