//! What a set of posts speaks of again and again: proposals for interests, for a person to choose.
//!
//! Counts posts, but of one feed only a few: what one forum calls each of its posts is not what
//! many speak of.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Named, is_empty_word, names, plain, tag};
use crate::model::{FeedId, Post};
use crate::text::{stem, words};

/// A theme that could be an interest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// As people write it.
    pub name: String,
    /// A query of the one language that finds it.
    pub query: String,
    /// Posts that name it.
    pub posts: usize,
    /// Feeds that name it.
    pub feeds: usize,
}

/// A theme that more than this share of many feeds name tells nothing.
const COMMON: f64 = 0.6;
/// Feeds from which on [`COMMON`] counts.
const MANY: usize = 8;
/// The user's own posts count so many times.
const OWN: f64 = 3.0;
/// Posts of others, and their feeds, that a theme of theirs has at least.
const FEWEST: (usize, usize) = (3, 2);
/// The user's own posts that a theme has at least.
const FEWEST_OWN: usize = 2;
/// Two themes whose posts are the same to this share (Jaccard) are one.
const SAME: f64 = 0.5;
/// Two words belong together from this share of their posts on (Dice).
const TOGETHER: f64 = 0.25;
/// A word of the user's own is a theme where it is so many times as frequent as with others.
const TYPICAL: f64 = 8.0;
/// A plain word or pair counts less than a name or a tag.
const PLAIN: f64 = 0.7;

/// Where a theme was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Name,
    Tag,
    Pair,
    Word,
}

#[derive(Default)]
struct Tally {
    /// Spellings and how often each was seen; a tag's own comes last.
    spellings: BTreeMap<(bool, String), usize>,
    posts: BTreeSet<usize>,
    feeds: BTreeMap<FeedId, usize>,
}

/// Returns at most `limit` themes, the most telling first: what at least two feeds speak of, or
/// the user (`own` feeds) in at least two posts. Names of authors are none.
pub fn themes(posts: &[&Post], own: &BTreeSet<FeedId>, limit: usize) -> Vec<Theme> {
    let mut tallies: BTreeMap<(How, String), Tally> = BTreeMap::new();
    for (place, post) in posts.iter().enumerate() {
        for (how, found) in candidates(post) {
            for (key, spelling) in found {
                let tally = tallies.entry((how, key)).or_default();
                *tally.spellings.entry((how == How::Tag, spelling)).or_default() += 1;
                tally.posts.insert(place);
                *tally.feeds.entry(post.feed).or_default() += 1;
            }
        }
    }
    let sizes = sizes(posts);
    let authors = authors(posts);
    let world = World { own, sizes: &sizes, mine: count(posts, own), all: posts.len() };
    let lower = |key: &str| tallies.get(&(How::Word, key.to_owned()));
    let keep = |(how, key): &(How, String), tally: &Tally| match how {
        How::Name => {
            // Seen more often in lower case, it is no name but a word in a headline.
            let plain = lower(key).map_or(0, |tally| tally.posts.len());
            plain < tally.posts.len() && !authors.contains(key)
        }
        How::Tag => true,
        How::Pair => belongs_together(key, tally, lower),
        How::Word => world.is_typical(tally),
    };
    let kept: Vec<bool> = tallies.iter().map(|(key, tally)| keep(key, tally)).collect();
    let mut merged: BTreeMap<String, (How, Tally)> = BTreeMap::new();
    for (((how, key), tally), _) in tallies.into_iter().zip(kept).filter(|(_, keep)| *keep) {
        let (_, all) = merged.entry(key).or_insert_with(|| (how, Tally::default()));
        all.add(tally);
    }
    let mut found: Vec<(f64, String, Tally)> = merged
        .into_iter()
        .filter(|(_, (_, tally))| world.is_shared(tally))
        .map(|(key, (how, tally))| (world.score(how, &tally), key, tally))
        .filter(|(score, ..)| *score > 0.0)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    choose(found, limit)
}

/// The best, of several that mean the same only the first.
fn choose(found: Vec<(f64, String, Tally)>, limit: usize) -> Vec<Theme> {
    let mut chosen: Vec<(String, Tally)> = Vec::new();
    for (_, key, tally) in found {
        if chosen.len() == limit {
            break;
        }
        let within = |a: &str, b: &str| a.split(' ').all(|word| b.split(' ').any(|w| w == word));
        let told = |(other, its): &(String, Tally)| {
            within(other, &key) || within(&key, other) || jaccard(&its.posts, &tally.posts) >= SAME
        };
        if !chosen.iter().any(told) {
            chosen.push((key, tally));
        }
    }
    chosen.into_iter().map(|(_, tally)| theme(&tally)).collect()
}

fn theme(tally: &Tally) -> Theme {
    // People's own spelling is nicer than a tag's, which has no capitals.
    let best = |tag: bool| {
        let own = tally.spellings.iter().filter(|((of_tag, _), _)| *of_tag == tag);
        own.max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|((_, text), _)| text)
    };
    let name = best(false).or_else(|| best(true)).cloned().unwrap_or_default();
    let query = query(&name, tally.spellings.keys().map(|(_, text)| text.as_str()));
    Theme { name, query, posts: tally.posts.len(), feeds: tally.feeds.len() }
}

/// Returns a query for the name, and for those of its spellings that the name alone would not
/// find.
fn query<'a>(name: &str, spellings: impl Iterator<Item = &'a str>) -> String {
    let name = name.to_lowercase();
    if !is_word(&name) {
        return format!("\"{}\"", name.replace('"', ""));
    }
    let mut forms = vec![name];
    for spelling in spellings.map(str::to_lowercase).filter(|text| is_word(text)) {
        if !forms.iter().any(|form| stem(form, None) == stem(&spelling, None)) {
            forms.push(spelling);
        }
    }
    forms.join(" OR ")
}

fn is_word(text: &str) -> bool {
    text.chars().all(char::is_alphanumeric)
}

impl Tally {
    fn add(&mut self, other: Tally) {
        for (spelling, count) in other.spellings {
            *self.spellings.entry(spelling).or_default() += count;
        }
        for (feed, count) in other.feeds {
            let known = self.feeds.entry(feed).or_default();
            *known = (*known).max(count);
        }
        self.posts.extend(other.posts);
    }
}

/// What counts are compared with.
struct World<'a> {
    own: &'a BTreeSet<FeedId>,
    /// Posts of each feed.
    sizes: &'a BTreeMap<FeedId, usize>,
    /// The user's own posts.
    mine: usize,
    all: usize,
}

impl World<'_> {
    fn mine_of(&self, tally: &Tally) -> usize {
        let own = tally.feeds.iter().filter(|(feed, _)| self.own.contains(feed));
        own.map(|(_, count)| *count).sum()
    }

    fn is_shared(&self, tally: &Tally) -> bool {
        let of_many = FEWEST.0 <= tally.posts.len() && FEWEST.1 <= tally.feeds.len();
        let common =
            MANY <= self.sizes.len() && tally.feeds.len() as f64 > COMMON * self.sizes.len() as f64;
        !common && (of_many || FEWEST_OWN <= self.mine_of(tally))
    }

    /// A plain word is a theme only of the user's own.
    fn is_typical(&self, tally: &Tally) -> bool {
        let mine = self.mine_of(tally);
        let others = tally.posts.len().saturating_sub(mine);
        let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
        mine.pow(2) >= self.mine.max(16)
            && share(mine, self.mine) >= TYPICAL * share(others + 1, self.all - self.mine + 1)
    }

    /// Each feed adds the logarithm of its count, but what names most of its posts is only its
    /// label; what few feeds name tells more.
    fn score(&self, how: How, tally: &Tally) -> f64 {
        let part = |(feed, count): (&FeedId, &usize)| {
            let size = self.sizes.get(feed).copied().unwrap_or(1);
            let label = 5 <= size && 2 * count > size;
            let own = self.own.contains(feed);
            let voice = if label && !own { 0.5 } else { (1.0 + *count as f64).ln() };
            if own { OWN * voice } else { voice }
        };
        let voices: f64 = tally.feeds.iter().map(part).sum();
        let rare = (1.0 + self.sizes.len() as f64 / tally.feeds.len() as f64).ln();
        let kind = if matches!(how, How::Pair | How::Word) { PLAIN } else { 1.0 };
        voices * rare * kind
    }
}

fn belongs_together<'a>(
    pair: &str,
    tally: &Tally,
    lower: impl Fn(&str) -> Option<&'a Tally>,
) -> bool {
    let parts = pair.split(' ').map(|word| lower(word).map_or(0, |tally| tally.posts.len()));
    let sum: usize = parts.sum();
    2.0 * tally.posts.len() as f64 >= TOGETHER * sum as f64
}

fn candidates(post: &Post) -> Vec<(How, Named)> {
    let lang = post.language.as_deref();
    let tags: Named = post.tags.iter().filter_map(|text| tag(text, lang)).collect();
    let mut all = vec![(How::Tag, tags)];
    let title = post.title.as_deref().unwrap_or("");
    let repeats = post.text.starts_with(title.trim_end_matches('…'));
    let (mut named, mut single, mut pairs) = (Named::new(), Named::new(), Named::new());
    for text in [if repeats { "" } else { title }, &post.text] {
        named.append(&mut names(text, lang));
        let (mut words, mut two) = plain(text, lang);
        single.append(&mut words);
        pairs.append(&mut two);
    }
    all.extend([(How::Name, named), (How::Word, single), (How::Pair, pairs)]);
    all
}

/// Keys of the names of those who write, whole and in parts: a person is followed, not searched.
fn authors(posts: &[&Post]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for post in posts {
        let lang = post.language.as_deref();
        let name = words(&post.author.name);
        let stems: Vec<String> = name.iter().map(|word| stem(&word.text, lang)).collect();
        if (2..=3).contains(&stems.len())
            && !name.iter().any(|word| is_empty_word(&word.text, lang))
        {
            keys.insert(stems.join(" "));
            keys.extend(stems);
        }
    }
    keys
}

fn sizes(posts: &[&Post]) -> BTreeMap<FeedId, usize> {
    let mut sizes = BTreeMap::new();
    posts.iter().for_each(|post| *sizes.entry(post.feed).or_default() += 1);
    sizes
}

fn count(posts: &[&Post], own: &BTreeSet<FeedId>) -> usize {
    posts.iter().filter(|post| own.contains(&post.feed)).count()
}

fn jaccard(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> f64 {
    let both = a.intersection(b).count();
    both as f64 / (a.len() + b.len() - both).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples;

    fn feed(name: &str) -> FeedId {
        FeedId::new(&[name])
    }

    /// Posts of (feed, tags, text), each by an author named as the feed is.
    fn posts(all: &[(&str, &str, &str)]) -> Vec<Post> {
        let post = |(at, (name, tags, text)): (usize, &(&str, &str, &str))| Post {
            text: (*text).to_owned(),
            tags: tags.split_whitespace().map(str::to_owned).collect(),
            ..samples::post(feed(name), &at.to_string(), name, &[])
        };
        all.iter().enumerate().map(post).collect()
    }

    #[track_caller]
    fn check(all: &[(&str, &str, &str)], own: &str, expected: &[(&str, &str)]) {
        let posts = posts(all);
        let posts: Vec<&Post> = posts.iter().collect();
        let own = BTreeSet::from([feed(own)]);
        let found = themes(&posts, &own, 5);
        let pairs: Vec<(&str, &str)> =
            found.iter().map(|theme| (theme.name.as_str(), theme.query.as_str())).collect();
        assert_eq!(pairs, expected);
    }

    #[test]
    fn a_theme_is_what_several_feeds_name_spelled_as_people_spell_it() {
        check(
            &[
                ("a", "sqlite", "today"),
                ("b", "", "I moved it to SQLite last night"),
                ("c", "", "why SQLite wins"),
                ("c", "", "I like Postgres"),
            ],
            "",
            &[("SQLite", "sqlite")],
        );
    }

    #[test]
    fn what_the_user_wrote_of_twice_is_a_theme_and_comes_first() {
        check(
            &[
                ("me", "crdt", "x"),
                ("me", "crdt", "y"),
                ("a", "rust", "x"),
                ("b", "rust", "y"),
                ("a", "rust", "z"),
            ],
            "me",
            &[("crdt", "crdt"), ("rust", "rust")],
        );
    }

    #[test]
    fn a_plural_of_an_abbreviation_is_the_same_and_the_query_finds_both() {
        check(
            &[("a", "", "we use LLMs"), ("b", "", "an LLM here"), ("b", "", "the LLM is slow")],
            "",
            &[("LLM", "llm OR llms")],
        );
    }

    #[test]
    fn words_that_always_stand_together_are_one_theme() {
        check(
            &[
                ("a", "", "the merge policy of this"),
                ("b", "", "a merge policy at night"),
                ("c", "", "your merge policies"),
            ],
            "",
            &[("merge policy", "\"merge policy\"")],
        );
    }

    #[test]
    fn people_are_no_theme() {
        check(
            &[
                ("Ines Okafor", "", "x"),
                ("a", "", "as Ines Okafor said"),
                ("b", "", "when Ines was here"),
                ("c", "", "so Ines Okafor told"),
            ],
            "",
            &[],
        );
    }

    #[test]
    fn a_word_that_is_mostly_in_lower_case_is_no_name() {
        check(
            &[
                ("a", "", "see the Index here"),
                ("b", "", "my Index there"),
                ("c", "", "an index and"),
                ("c", "", "no Index"),
                ("d", "", "one index"),
                ("e", "", "some index"),
                ("e", "", "index it"),
            ],
            "",
            &[],
        );
    }
}
