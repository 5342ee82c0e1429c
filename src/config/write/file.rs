//! A whole new file.

use std::collections::BTreeSet;

use super::answers::{Answers, Follow, Wanted};
use super::entries::{self, padded, width_of};
use super::quote::{one_line, scalar};
use crate::config::resolve;

const HEAD: &str = "\
# What Bellwether reads for you, and what matters to you in it. Edit it as you like;
# `bellwether check` says what it makes of it, and where a line is wrong.
# Everything is optional. An address or a handle on a line of its own is enough to follow it.
";

const TAIL: &str = r#"
# When a digest comes, and how many lines each section has. Without a word it is as here.
# digest:
#   schedules:
#     - {name: morning, cron: "0 7 * * *", to: [file]}
#   limits: {waiting: 5, topics: 4, asks: 3, campaigns: 2, reconnect: 2, promote: 2, voices: 2,
#            ideas: 1}

# What never to show.
# mute: {tags: [giveaway], phrases: ["price prediction"], domains: [spam.example]}
"#;

/// Returns a new file. What the settings would refuse, and what is there twice, is left out.
pub fn write(answers: &Answers) -> String {
    let mut taken = BTreeSet::new();
    let mut file = HEAD.to_owned();
    file.push_str(&me(answers, &mut taken));
    file.push_str(&interests(&answers.interests));
    let (people, sources) = sort(&answers.follows, &mut taken);
    file.push_str(&circles(&people));
    file.push_str(&people_text(&people));
    file.push_str(&sources_text(&sources));
    file.push_str(&doubts(answers));
    file.push_str(TAIL);
    file.push_str(&fetch(&answers.allow));
    file
}

fn me(answers: &Answers, taken: &mut BTreeSet<String>) -> String {
    let profiles: Vec<String> = answers
        .me
        .iter()
        .filter(|follow| follow.doubt.is_none() && take(follow, taken))
        .map(|follow| format!("    - {}\n", entries::profile(follow, "blog")))
        .collect();
    let names: Vec<String> = answers.names.iter().map(|name| scalar(&one_line(name))).collect();
    if profiles.is_empty() && names.is_empty() {
        return r#"
# Who you are: with it, whoever answers you waits for you at the top of the digest.
# me:
#   names: ["Your Name"]
#   profiles:
#     - "@you@mastodon.example"
#     - https://you.example
"#
        .to_owned();
    }
    let mut text =
        "\n# You: whoever answers you waits for you at the top of the digest.\nme:\n".to_owned();
    if !names.is_empty() {
        text.push_str(&format!("  names: [{}]\n", names.join(", ")));
    }
    if !profiles.is_empty() {
        text.push_str(&format!("  profiles:\n{}", profiles.concat()));
    }
    text
}

fn interests(interests: &[Wanted]) -> String {
    let about =
        "\n# What to look out for: words, \"phrases\", AND, OR, NOT. A weight goes from 0 to 1.\n";
    if interests.is_empty() {
        let sample = r#"# interests:
#   - {name: search engines, query: 'tantivy OR lucene OR "inverted index"', weight: 1.0}
"#;
        return format!("{about}{sample}");
    }
    let lines = entries::interests(interests).into_iter().map(|line| format!("  - {line}\n"));
    format!("{about}interests:\n{}", lines.collect::<String>())
}

/// A person as one entry has it.
struct Somebody<'a> {
    name: Option<String>,
    circle: Option<String>,
    follows: Vec<&'a Follow>,
}

/// A heading, and the sources below it.
type Shelf<'a> = (Option<String>, Vec<&'a Follow>);

/// Divides what is followed into people, by circle, and sources, by folder; both in the order
/// in which they came.
fn sort<'a>(
    follows: &'a [Follow],
    taken: &mut BTreeSet<String>,
) -> (Vec<Somebody<'a>>, Vec<Shelf<'a>>) {
    let mut people: Vec<Somebody> = Vec::new();
    let mut sources: Vec<Shelf> = Vec::new();
    for follow in follows {
        let Some(claims) = follow.claims() else { continue };
        if follow.doubt.is_some() || !take(follow, taken) {
            continue;
        }
        let (name, folder) = (follow.person_name(), follow.own_folder());
        let same = |other: &&mut Somebody| {
            name.is_some()
                && other.name.as_ref().map(|name| name.to_lowercase())
                    == name.as_ref().map(|name| name.to_lowercase())
        };
        if let Some(somebody) = people.iter_mut().find(same) {
            somebody.follows.push(follow);
        } else if follow.is_person(&claims) {
            people.push(Somebody { name, circle: folder, follows: vec![follow] });
        } else if let Some((_, shelf)) = sources.iter_mut().find(|(head, _)| *head == folder) {
            shelf.push(follow);
        } else {
            sources.push((folder, vec![follow]));
        }
    }
    people.sort_by_key(|somebody| first_of(&circle_names(follows), somebody.circle.as_deref()));
    sources.sort_by_key(|(heading, _)| heading.is_some());
    (people, sources)
}

fn circle_names(follows: &[Follow]) -> Vec<String> {
    follows.iter().filter_map(Follow::own_folder).collect()
}

/// People of no circle come first, then circle by circle as they came.
fn first_of(circles: &[String], circle: Option<&str>) -> usize {
    circle.map_or(0, |circle| circles.iter().position(|name| name == circle).unwrap_or(0) + 1)
}

/// Says whether nothing before claimed what `follow` claims, and claims it.
fn take(follow: &Follow, taken: &mut BTreeSet<String>) -> bool {
    let Some(claims) = follow.claims() else { return false };
    if claims.keys.iter().any(|key| taken.contains(key)) {
        return false;
    }
    taken.extend(claims.keys);
    true
}

fn circles(people: &[Somebody]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for circle in people.iter().filter_map(|somebody| somebody.circle.as_deref()) {
        if !names.contains(&circle) {
            names.push(circle);
        }
    }
    let about = "
# Circles: how much one voice counts (0 to 1), and after how long you want to be reminded of
# somebody (cadence: 21d; none: never). `promote: true` looks for their work to be credited.
";
    if names.is_empty() {
        let sample = "# circles:\n#   friends: {weight: 0.7, cadence: 30d, promote: true}\n";
        return format!("{about}{sample}");
    }
    let line = |name: &&str| format!("  {}: {{weight: 0.5}}\n", scalar(name));
    format!("{about}circles:\n{}", names.iter().map(line).collect::<String>())
}

fn people_text(people: &[Somebody]) -> String {
    if people.is_empty() {
        return r#"
# People: all that one person writes, wherever it is, counts as one voice.
# people:
#   - "@ines@mastodon.example"
#   - {name: Tomas Brandt, circle: friends, profiles: ["@tomas.example", https://tomas.example]}
"#
        .to_owned();
    }
    let mut text = "
# People: all that one person writes, wherever it is, counts as one voice.
people:
"
    .to_owned();
    let names = people.iter().filter_map(|somebody| somebody.name.as_deref()).map(scalar);
    let names: Vec<String> = names.collect();
    let width = width_of(names.iter().map(String::as_str));
    let mut heading = None;
    let mut taken = BTreeSet::new();
    for somebody in people {
        if somebody.circle.is_some() && somebody.circle != heading {
            heading.clone_from(&somebody.circle);
            text.push_str(&format!("  # {}\n", heading.as_deref().unwrap_or_default()));
        }
        text.push_str(&somebody_text(somebody, width, &mut taken));
    }
    text
}

fn somebody_text(somebody: &Somebody, width: usize, names: &mut BTreeSet<String>) -> String {
    let profiles: Vec<String> =
        somebody.follows.iter().map(|follow| entries::profile(follow, "blog")).collect();
    let known_by = resolve::name_of(&somebody.follows[0].place());
    let told = somebody.name.as_ref().is_none_or(|name| *name == known_by);
    if let (true, None, [only]) = (told, &somebody.circle, profiles.as_slice())
        && !only.starts_with('{')
    {
        return format!("  - {only}\n");
    }
    let kind = somebody.follows[0].claims().map_or("", |claims| claims.kind);
    let name = somebody.name.as_ref().unwrap_or(&known_by);
    let name = scalar(&entries::free_name(name, kind, names));
    let circle = somebody.circle.as_deref().map(|circle| format!("circle: {}", scalar(circle)));
    if let [only] = profiles.as_slice() {
        let circle = circle.map(|circle| format!("{circle}, ")).unwrap_or_default();
        return format!("  - {{name: {}{circle}profiles: [{only}]}}\n", padded(&name, width));
    }
    let circle = circle.map(|circle| format!("    {circle}\n")).unwrap_or_default();
    let lines: String = profiles.iter().map(|profile| format!("      - {profile}\n")).collect();
    format!("  - name: {name}\n{circle}    profiles:\n{lines}")
}

fn sources_text(sources: &[Shelf]) -> String {
    let about =
        "\n# Sources: blogs of many, news, forums; whoever writes there counts for himself.\n";
    if sources.is_empty() {
        return format!("{about}# sources:\n#   - https://planet.example/atom.xml\n");
    }
    let mut text = format!("{about}sources:\n");
    for (heading, shelf) in sources {
        if let Some(heading) = heading {
            text.push_str(&format!("  # {}\n", one_line(heading)));
        }
        for follow in shelf {
            text.push_str(&format!("  - {}\n", entries::source(follow)));
        }
    }
    text
}

/// What was given but is no feed: nothing that the user named is lost.
fn doubts(answers: &Answers) -> String {
    let all = answers.me.iter().chain(&answers.follows);
    let doubted = all.filter(|follow| follow.doubt.is_some());
    let lines: BTreeSet<String> = doubted.map(entries::doubted).collect();
    if lines.is_empty() {
        return String::new();
    }
    let about =
        "  # No feeds when they were looked at; to ask one all the same, remove its first mark.\n";
    let lines = lines.iter().map(|line| format!("  # {line}\n"));
    format!("{about}{}", lines.collect::<String>())
}

fn fetch(allow: &[String]) -> String {
    if allow.is_empty() {
        return String::new();
    }
    let nets: Vec<String> = allow.iter().map(|net| scalar(net)).collect();
    format!(
        "\n# Private networks that feeds may lead to.\nfetch: {{allow: [{}]}}\n",
        nets.join(", ")
    )
}
