//! What to write down: from the arguments, then from questions where they left something open.

use std::path::{Path, PathBuf};

use crate::cli::talk::Talk;
use super::Arguments;
use crate::cli::list::{file, skipped};
use crate::cli::sight::Sights;
use crate::cli::trouble;
use crate::config::write::{Answers, Follow, also_mine};
use crate::digest::escape::terminal;
use crate::source::lists;


/// Reads what the arguments name.
///
/// # Errors
/// A file that cannot be read or holds nothing, an argument that names nothing.
pub(super) fn given(arguments: &Arguments) -> anyhow::Result<Answers> {
    let mut answers = Answers { names: arguments.name.clone(), ..Answers::default() };
    answers.allow = arguments.allow.clone();
    for text in &arguments.me {
        answers.me.extend(named(text, "--me")?);
    }
    for text in &arguments.follow {
        answers.follows.extend(named(text, "--follow")?);
    }
    let files = [&arguments.opml, &arguments.csv, &arguments.list];
    for path in files.into_iter().flatten() {
        let (listed, problems) = file(path)?;
        skipped(&path.display().to_string(), &problems);
        if listed.is_empty() {
            let text = format!("{} names nothing that can be followed", path.display());
            let hint = "OPML, a Mastodon following CSV, or addresses and handles in any text";
            return Err(trouble::mistake(text, hint));
        }
        answers.follows.extend(listed.into_iter().map(Follow::from_listed));
    }
    Ok(answers)
}

fn named(text: &str, option: &str) -> anyhow::Result<Vec<Follow>> {
    let (listed, _) = lists::pasted(text);
    if listed.is_empty() {
        let problem = format!("{option} `{text}` is neither an address nor a handle");
        return Err(trouble::mistake(problem, lists::advice(text)));
    }
    Ok(listed.into_iter().map(Follow::from_listed).collect())
}

const NAMES: &str = "\
What are you called? All names under which people know you, so that the digest sees who speaks
to you. For example: Mara Lindqvist, mlq          (Enter: say nothing of yourself)";

const PROFILES: &str = "\
Where do you publish yourself? One a line. For example:
  mara.example              your site; its feed is found
  @mara@mastodon.example    Mastodon;  @mara.example is Bluesky
  github.com/mara           or the address of any other profile
(Enter on an empty line: that was all)";

const FOLLOW: &str = "\
What do you want to follow? One a line, or a whole list pasted. For example:
  https://blog.example                     a site or its feed
  @ines@mastodon.example, @tomas.example   Mastodon, Bluesky
  github.com/inesok, r/rust, youtube.com/@ines
  ~/feeds.opml                             the list of another feed reader
  ~/following_accounts.csv                 of Mastodon: Preferences, Import and export
(Enter on an empty line: that was all)";

/// Asks who the user is, and looks at what was answered.
pub(super) fn ask_me(talk: &mut Talk, sights: &mut Sights, answers: &mut Answers) -> anyhow::Result<()> {
    super::heading("Who are you?");
    talk.say(NAMES);
    let names = talk.line()?.unwrap_or_default();
    talk.stays()?;
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match lists::pasted(name).0 {
            listed if listed.is_empty() => answers.names.push(name.to_owned()),
            listed => {
                talk.say("That is an address: it is taken as a profile of yours.");
                answers.me.extend(listed.into_iter().map(Follow::from_listed));
            }
        }
    }
    talk.say(PROFILES);
    answers.me.extend(typed(talk)?);
    look_at_me(talk, sights, answers)
}

/// Looks at the user's profiles, and asks for those that their pages name.
pub(super) fn look_at_me(talk: &mut Talk, sights: &mut Sights, answers: &mut Answers) -> anyhow::Result<()> {
    let (me, seen) = sights.look(talk, std::mem::take(&mut answers.me))?;
    answers.me = me;
    let more = also_mine(&answers.me, seen.iter());
    if more.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = more.iter().map(Follow::text).collect();
    talk.say(&format!("Your page says that these are yours, too: {}", terminal(&names.join(", "))));
    if talk.agree("Take them?", true)? {
        answers.me.extend(sights.look(talk, more)?.0);
    }
    Ok(())
}

/// Asks what to follow, and looks at what was answered.
pub(super) fn ask_follows(talk: &mut Talk, sights: &mut Sights, answers: &mut Answers) -> anyhow::Result<()> {
    super::heading("What to follow");
    talk.say(FOLLOW);
    loop {
        let new = typed(talk)?;
        talk.stays()?;
        if new.is_empty() {
            return Ok(());
        }
        answers.follows.extend(sights.look(talk, new)?.0);
        talk.say("Anything else? (Enter on an empty line: no)");
    }
}

/// Reads lines of addresses, handles and names of files.
fn typed(talk: &mut Talk) -> anyhow::Result<Vec<Follow>> {
    let mut follows = Vec::new();
    let mut text = String::new();
    for line in talk.lines()? {
        if let Some(path) = path(&line) {
            let (listed, _) = file(&path)?;
            talk.say(&format!("  {}: {} addresses and handles", path.display(), listed.len()));
            follows.extend(listed.into_iter().map(Follow::from_listed));
            continue;
        }
        let heads_others = line.trim_start().starts_with('#');
        if lists::pasted(&line).0.is_empty() && !line.is_empty() && !heads_others {
            talk.say(&format!("  ? {}: {}", terminal(&line), lists::advice(&line)));
        }
        text.push_str(&line);
        text.push('\n');
    }
    follows.extend(lists::pasted(&text).0.into_iter().map(Follow::from_listed));
    Ok(follows)
}

/// The file that a line names, also as a terminal writes one that was dropped on it.
fn path(line: &str) -> Option<PathBuf> {
    let line = line.trim().trim_matches(['\'', '"']).replace("\\ ", " ");
    let path = match (line.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(line),
    };
    path.is_file().then_some(path)
}
