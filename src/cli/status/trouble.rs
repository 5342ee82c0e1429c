//! What needs a person's look, and what that person can do.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::Serialize;

use super::health::Health;
use super::keeper::Keeper;
use super::show::date;
use crate::archive::{self, Archive};
use crate::config::{self, Config};
use crate::pipeline::{self, due, record};

/// Something that needs a look.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Trouble {
    /// One line.
    pub(super) error: String,
    /// The next step.
    pub(super) hint: Option<String>,
}

/// When and where one looks.
pub(super) struct Moment<'a> {
    /// When.
    pub(super) now: Timestamp,
    /// Whose clocks.
    pub(super) zone: &'a TimeZone,
    /// How systemd is told whose service is meant: `--user `, or nothing for the machine's.
    pub(super) manager: &'a str,
}

impl Moment<'_> {
    fn date(&self, at: Timestamp) -> String {
        date(at, self.zone)
    }
}

/// A daemon takes no longer to open its door, or to end.
const COMING_OR_GOING: SignedDuration = SignedDuration::from_secs(60);

/// The gravest first.
pub(super) fn of(
    archive: &Archive,
    config: &Result<Config, config::Error>,
    keeper: &Keeper,
    feeds: Option<&Health>,
    moment: &Moment<'_>,
) -> Result<Vec<Trouble>, pipeline::Error> {
    let mut trouble = Vec::new();
    trouble.extend(of_the_daemon(archive, keeper, moment)?);
    if let (Keeper::Nobody, Ok(config)) = (keeper, config) {
        trouble.extend(of_missed_digests(archive, config, moment)?);
    }
    if let Err(error) = config {
        trouble.push(of_settings(error, matches!(keeper, Keeper::Daemon(_))));
    }
    if let Keeper::Daemon(standing) = keeper {
        // The same, were it known twice.
        let refused = standing.settings_trouble.iter().filter(|_| config.is_ok());
        trouble.extend(refused.map(|error| Trouble {
            error: format!("feeds.yaml was not taken: {error}"),
            hint: Some(format!("`systemctl {}reload bellwether` has it read again", moment.manager)),
        }));
        trouble.extend(standing.trouble.iter().map(|one| Trouble {
            error: format!("{} (since {}; tried again by itself)", one.error, moment.date(one.since)),
            hint: one.hint.clone(),
        }));
    }
    let undelivered = match config {
        Ok(config) => record::waiting(archive, config)?,
        Err(_) => archive.undelivered()?,
    };
    for one in undelivered {
        trouble.push(Trouble {
            error: format!(
                "digest {} of {} has not reached {}",
                one.name,
                moment.date(one.now),
                one.channels.join(", ")
            ),
            hint: Some("`bellwether run` tries again by itself; its log says why".to_owned()),
        });
    }
    trouble.extend(feeds.filter(|feeds| !feeds.failing.is_empty()).map(of_feeds));
    Ok(trouble)
}

fn of_the_daemon(
    archive: &Archive,
    keeper: &Keeper,
    moment: &Moment<'_>,
) -> Result<Option<Trouble>, archive::Error> {
    let error = match keeper {
        Keeper::Silent(holder, why) => {
            let who = holder.as_ref().map_or("the daemon".to_owned(), |holder| holder.to_string());
            format!("{who} does not answer: {why}")
        }
        Keeper::Closed(holder)
            if holder.since.is_some_and(|at| moment.now.duration_since(at) > COMING_OR_GOING) =>
        {
            format!("{holder} has the archive in hand, but is not at its door")
        }
        // One that ends says so in the archive, whatever ended it, as long as it can write.
        Keeper::Nobody => {
            let last = archive.last_happening(&["started", "stopped"], Timestamp::MAX, None)?;
            let Some(started) = last.filter(|last| last.kind == "started") else {
                return Ok(None);
            };
            format!("the daemon that started at {} ended without a word", moment.date(started.at))
        }
        _ => return Ok(None),
    };
    let user = moment.manager;
    let hint = format!(
        "`journalctl {user}-u bellwether -n 50` shows its last lines, `systemctl {user}restart \
         bellwether` starts it again"
    );
    Ok(Some(Trouble { error, hint: Some(hint) }))
}

/// Where a daemon has run before, its absence is worth a look once a digest was due.
fn of_missed_digests(
    archive: &Archive,
    config: &Config,
    moment: &Moment<'_>,
) -> Result<Vec<Trouble>, pipeline::Error> {
    if archive.last_happening(&["started"], Timestamp::MAX, None)?.is_none() {
        return Ok(Vec::new());
    }
    let fallen = due::fallen(archive, config, &archive.states()?, moment.now)?;
    let missed = fallen.iter().map(|fallen| Trouble {
        error: format!(
            "digest {} was due {}, and no daemon runs",
            fallen.name,
            moment.date(fallen.tick.at)
        ),
        hint: Some(format!(
            "`systemctl {}start bellwether`, or `bellwether run`: it is sent then, late",
            moment.manager
        )),
    });
    Ok(missed.collect())
}

fn of_settings(error: &config::Error, runs: bool) -> Trouble {
    let text = error.to_string();
    let mut lines = text.lines();
    let mut told = lines.next().unwrap_or("feeds.yaml cannot be read").to_owned();
    let more = lines.count();
    if more > 0 {
        told.push_str(&format!(" (and {more} more: `bellwether check`)"));
    }
    if runs {
        told.push_str("; the daemon goes on with the settings that it had");
    }
    Trouble { error: told, hint: error.hint() }
}

pub(super) fn of_feeds(health: &Health) -> Trouble {
    let Health { feeds, failing, .. } = health;
    Trouble {
        error: match (failing.len(), feeds) {
            (1, 1) => "the only feed fails".to_owned(),
            (1, feeds) => format!("1 of {feeds} feeds fails"),
            (failing, feeds) => format!("{failing} of {feeds} feeds fail"),
        },
        hint: Some(
            "each is tried again by itself; `bellwether fetch NAME` asks one now and says more"
                .to_owned(),
        ),
    }
}
