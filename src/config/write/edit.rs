//! Additions to a file that is there: every line of it stays as it is.

use std::collections::BTreeSet;

use super::answers::{Answers, Follow, Wanted};
use super::quote::{one_line, scalar};
use super::{entries, insert};
use crate::config::resolve;
use crate::config::{Config, Error, Surroundings, read};

/// What an addition came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Added {
    /// The lines that were added, without their indentation, in their order.
    pub lines: Vec<String>,
    /// How many were followed already, or stood twice among the new ones.
    pub known: usize,
    /// How many the settings would refuse.
    pub refused: usize,
}

/// Why nothing could be added.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The file as it is cannot be read.
    #[error(transparent)]
    Faulty(#[from] Error),
    /// The list of that name is written in a way that cannot be added to.
    #[error("{file}: the list `{list}` is written in a way that I cannot add to")]
    NoPlace {
        /// As it was called.
        file: String,
        /// `people`, `sources`, `profiles`, `names` or `interests`.
        list: &'static str,
    },
}

impl EditError {
    /// The user's next step.
    pub fn hint(&self) -> Option<String> {
        match self {
            EditError::Faulty(error) => error.hint(),
            EditError::NoPlace { .. } => {
                Some("write one entry on each line, after `- `".to_owned())
            }
        }
    }
}

/// Returns `text`, the content of `file`, with those of `follows` that it does not follow yet,
/// and what was done. Comments, order and spelling of what is there stay as they are.
///
/// # Errors
/// When the file has faults, or when there is no place for an entry.
pub fn add(text: &str, file: &str, follows: &[Follow]) -> Result<(String, Added), EditError> {
    let answers = Answers { follows: follows.to_vec(), ..Answers::default() };
    add_all(text, file, &answers)
}

/// As [`add`], with everything that the answers say: names and profiles of the user, interests,
/// follows. Networks (`allow`) are not added.
///
/// # Errors
/// As [`add`].
pub fn add_all(text: &str, file: &str, answers: &Answers) -> Result<(String, Added), EditError> {
    let around = Surroundings::fixed(&[]);
    let config = match read(text, file, &around) {
        Ok(config) => Some(config),
        Err(Error::Empty { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let bare = config.is_some() && text_is_list(text);
    let mut added = Added::default();
    let new = New::sort(answers, config.as_ref(), text, bare, &mut added);
    let keyed = [&new.names, &new.profiles, &new.interests];
    let becomes_mapping = bare && keyed.iter().any(|lines| !lines.is_empty());
    let no_place = |list| EditError::NoPlace { file: file.to_owned(), list };
    let mut text = text.to_owned();
    if becomes_mapping {
        text = insert::list_to_sources(&text).ok_or_else(|| no_place("sources"))?;
    }
    let sources: &[&str] = if bare && !becomes_mapping { &[] } else { &["sources"] };
    let lists: [(&[&str], &'static str, &[String]); 5] = [
        (&["me", "names"], "names", &new.names),
        (&["me", "profiles"], "profiles", &new.profiles),
        (&["interests"], "interests", &new.interests),
        (&["people"], "people", &new.people),
        (sources, "sources", &new.sources),
    ];
    for (path, list, lines) in lists {
        if !lines.is_empty() {
            text = insert::entries(&text, path, lines)
                .filter(|new| read(new, file, &around).is_ok())
                .ok_or_else(|| no_place(list))?;
        }
    }
    if !new.doubts.is_empty() {
        let about = "No feeds when they were looked at; they are not asked:".to_owned();
        let lines: Vec<String> = [about].into_iter().chain(new.doubts.clone()).collect();
        text = insert::comment(&text, "", &lines);
    }
    let New { names, profiles, interests, people, sources, doubts } = new;
    let names = Some(names.join(", ")).filter(|names| !names.is_empty());
    let names = names.map(|names| format!("names: [{names}]")).into_iter().collect();
    added.lines = [names, profiles, interests, people, sources].concat();
    added.lines.extend(doubts.into_iter().map(|doubt| format!("# {doubt}")));
    Ok((text, added))
}

/// Returns `text` with `interests` as a comment that the user can make valid by removing marks.
pub fn propose(text: &str, interests: &[Wanted]) -> String {
    let about =
        "From what your feeds speak of; remove the `# ` of the first line and of what you want:";
    let lines = entries::interests(interests).into_iter().map(|line| format!("  - {line}"));
    let head = [about.to_owned(), "interests:".to_owned()];
    insert::comment(text, "interests", &head.into_iter().chain(lines).collect::<Vec<_>>())
}

/// Lines that are new, by the list to which they go.
#[derive(Default)]
struct New {
    names: Vec<String>,
    profiles: Vec<String>,
    interests: Vec<String>,
    people: Vec<String>,
    sources: Vec<String>,
    doubts: Vec<String>,
}

impl New {
    fn sort(
        answers: &Answers,
        config: Option<&Config>,
        text: &str,
        bare: bool,
        added: &mut Added,
    ) -> New {
        let mut new = New::default();
        let mut taken = config.map(resolve::claimed).unwrap_or_default();
        let mut people = config.map(names_of).unwrap_or_default();
        let me = config.and_then(Config::me);
        let known = |name: &str| {
            let names = me.iter().flat_map(|me| std::iter::once(&me.name).chain(&me.also));
            names.map(|name| name.to_lowercase()).any(|other| other == name.to_lowercase())
        };
        let names = answers.names.iter().map(|name| one_line(name)).filter(|name| !known(name));
        new.names = names.map(|name| scalar(&name)).collect();
        let wanted: Vec<Wanted> =
            answers.interests.iter().filter(|one| !has(config, one)).cloned().collect();
        new.interests = entries::interests(&wanted);
        let all = answers.me.iter().map(|follow| (follow, true));
        for (follow, mine) in all.chain(answers.follows.iter().map(|follow| (follow, false))) {
            let Some(claims) = follow.claims() else {
                added.refused += 1;
                continue;
            };
            let doubted = follow.doubt.is_some() && text.contains(follow.text());
            if doubted || claims.keys.iter().any(|key| taken.contains(key)) {
                added.known += 1;
                continue;
            }
            let is_person = follow.is_person(&claims) && !bare;
            taken.extend(claims.keys);
            if follow.doubt.is_some() {
                new.doubts.push(entries::doubted(follow));
            } else if mine {
                new.profiles.push(entries::profile(follow, "blog"));
            } else if is_person {
                new.people.push(person(follow, claims.kind, &mut people));
            } else {
                new.sources.push(entries::source(follow));
            }
        }
        new
    }
}

fn has(config: Option<&Config>, wanted: &Wanted) -> bool {
    config.is_some_and(|config| config.interests.iter().any(|one| one.text == wanted.query))
}

fn text_is_list(text: &str) -> bool {
    let is_content =
        |line: &&str| !line.is_empty() && !line.starts_with(['#', '%']) && *line != "---";
    text.lines().map(str::trim).find(is_content).is_some_and(|line| line.starts_with(['-', '[']))
}

fn names_of(config: &Config) -> BTreeSet<String> {
    config.people.iter().map(|person| person.name.to_lowercase()).collect()
}

/// Somebody of a name that is taken is told apart by the kind of the profile.
fn person(follow: &Follow, kind: &str, names: &mut BTreeSet<String>) -> String {
    let profile = entries::profile(follow, "blog");
    let circle = follow.own_folder();
    let known_by = resolve::name_of(&follow.place());
    let own = follow.own_name().filter(|name| *name != known_by);
    if own.is_none() && circle.is_none() && !profile.starts_with('{') {
        return profile;
    }
    let name = own.unwrap_or(known_by);
    let free = scalar(&entries::free_name(&name, kind, names));
    let circle = circle.map(|circle| format!("circle: {}, ", scalar(&circle))).unwrap_or_default();
    format!("{{name: {free}, {circle}profiles: [{profile}]}}")
}
