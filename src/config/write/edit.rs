//! Additions to a file that is there: every line of it stays as it is.

use std::collections::BTreeSet;

use super::answers::{Answers, Follow, Wanted};
use super::quote::{one_line, scalar};
use super::{entries, insert};
use crate::config::resolve;
use crate::config::{Config, Error, Surroundings, read};
use crate::model::{ME, Person};

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
    /// The entry in that line is written in a way that it cannot be taken out of.
    #[error("{file}:{line}: I cannot take this entry out of the file as it is written")]
    Stuck {
        /// As it was called.
        file: String,
        /// From 1 on.
        line: usize,
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
            EditError::Stuck { .. } => Some("remove it by hand: nothing was changed".to_owned()),
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
    let keyed = [&new.names, &new.profiles, &new.interests, &new.people];
    let becomes_mapping = bare && keyed.iter().any(|lines| !lines.is_empty());
    let no_place = |list| EditError::NoPlace { file: file.to_owned(), list };
    let mut text = text.to_owned();
    if becomes_mapping {
        text = insert::list_to_sources(&text).ok_or_else(|| no_place("sources"))?;
    }
    let sources: &[&str] = if bare && !becomes_mapping { &[] } else { &["sources"] };
    for (index, lines) in &new.of_people {
        text = insert::profiles(&text, *index, lines)
            .filter(|new| read(new, file, &around).is_ok())
            .ok_or_else(|| no_place("profiles"))?;
    }
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
    let New { names, profiles, interests, people, of_people, sources, doubts } = new;
    let names = Some(names.join(", ")).filter(|names| !names.is_empty());
    let names = names.map(|names| format!("names: [{names}]")).into_iter().collect();
    let of = |(index, lines): (usize, Vec<String>)| {
        let name = config.as_ref().and_then(|config| others(config).nth(index));
        let name = name.map(|person| one_line(&person.name)).unwrap_or_default();
        lines.into_iter().map(move |line| format!("{line}   # of {name}")).collect::<Vec<_>>()
    };
    let of_people: Vec<String> = of_people.into_iter().flat_map(of).collect();
    added.lines = [names, profiles, interests, people, of_people, sources].concat();
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
    /// Profiles of people who are there, by the place of each in `people`.
    of_people: Vec<(usize, Vec<String>)>,
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
        let mut people: Vec<Somebody> = Vec::new();
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
            let is_person = follow.person.is_some() || (follow.is_person(&claims) && !bare);
            let there = follow.person.as_deref().and_then(|name| config?.person_named(name));
            let profile = || entries::profile(follow, "blog");
            taken.extend(claims.keys);
            if follow.doubt.is_some() {
                new.doubts.push(entries::doubted(follow));
            } else if mine || there.is_some_and(|(index, _)| index.is_none()) {
                new.profiles.push(profile());
            } else if let Some((Some(index), _)) = there {
                match new.of_people.iter_mut().find(|(other, _)| *other == index) {
                    Some((_, lines)) => lines.push(profile()),
                    None => new.of_people.push((index, vec![profile()])),
                }
            } else if is_person {
                Somebody::gather(follow, claims.kind, &mut people);
            } else {
                new.sources.push(entries::source(follow));
            }
        }
        let mut names = config.map(names_of).unwrap_or_default();
        new.people = people.into_iter().map(|somebody| somebody.entry(&mut names)).collect();
        new
    }
}

/// A person who is new, with all profiles that came with the same name.
struct Somebody {
    name: Option<String>,
    known_by: String,
    kind: &'static str,
    circle: Option<String>,
    profiles: Vec<String>,
}

impl Somebody {
    fn gather(follow: &Follow, kind: &'static str, people: &mut Vec<Somebody>) {
        let profile = entries::profile(follow, "blog");
        let known_by = resolve::name_of(&follow.place());
        let name = follow.person_name().filter(|name| *name != known_by || follow.person.is_some());
        let is_same = |other: &&mut Somebody| {
            let lower = |name: &Option<String>| name.as_ref().map(|name| name.to_lowercase());
            name.is_some() && lower(&other.name) == lower(&name)
        };
        match people.iter_mut().find(is_same) {
            Some(somebody) => somebody.profiles.push(profile),
            None => {
                let (circle, profiles) = (follow.own_folder(), vec![profile]);
                people.push(Somebody { name, known_by, kind, circle, profiles });
            }
        }
    }

    /// Somebody of a name that is taken is told apart by the kind of the profile.
    fn entry(self, names: &mut BTreeSet<String>) -> String {
        let Somebody { name, known_by, kind, circle, profiles } = self;
        if let (None, None, [only]) = (&name, &circle, profiles.as_slice())
            && !only.starts_with('{')
        {
            return only.clone();
        }
        let name = name.unwrap_or(known_by);
        let free = scalar(&entries::free_name(&name, kind, names));
        let circle =
            circle.map(|circle| format!("circle: {}, ", scalar(&circle))).unwrap_or_default();
        format!("{{name: {free}, {circle}profiles: [{}]}}", profiles.join(", "))
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

/// People but the user, as `people` lists them.
fn others(config: &Config) -> impl Iterator<Item = &Person> {
    config.people.iter().filter(|person| person.slug != ME)
}

fn names_of(config: &Config) -> BTreeSet<String> {
    config.people.iter().map(|person| person.name.to_lowercase()).collect()
}
