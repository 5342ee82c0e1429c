//! Contents: one line for each file of tests.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// What several of them share.
mod support;

/// The rules of the house: floors, purity, sizes, names.
mod tidy;

/// Documents say what is true.
mod papers;

/// The README tells nothing that the program does not do.
mod readme;

/// The demo's world and its server.
mod world;

/// The demo finds the stories that are planted there.
mod demo;

/// The door to the web: requests, answers, redirects, limits, manners, the address guard.
mod fetch;

/// What the archive keeps, and that it keeps it.
mod archive;

/// That nothing is lost by kill -9, Ctrl-C and a full disk.
mod crash;

/// That every single write may fail, and the old content stays.
mod failing;

/// What is said of an archive that is damaged, older or newer, and of a torn search index.
mod damaged;

/// Where digests arrive.
mod deliver;

/// Cron lines on the days on which clocks change.
mod schedule;

/// What `feeds.yaml` may say, and what is said where it may not.
mod settings;

/// Setting up: from questions and lists to a first digest.
mod init;

/// Following and unfollowing, and lists in and out.
mod following;

/// What the index finds, and that it can be lost.
mod index;

/// Which posts find each other.
mod topics;

/// What feeds and pages of each kind become.
mod sources;

/// What forums and works become, and which questions each takes.
mod forums;

/// What accounts read by their services' interfaces become.
mod accounts;

/// The whole path as a person runs it, and what bad input gets.
mod pipeline;

/// Whole articles where a feed gives teasers.
mod articles;

/// Digests that were sent are given again as they were.
mod issued;

/// What belongs in which section of the digest.
mod agenda;

/// That what the user said of items is honored, and nothing told twice without news.
mod marks;

/// The digest as a person reads it, and as programs do.
mod digest;

/// The units that let it run by itself, and the command that writes them.
mod service;

/// What `status` tells of a daemon, of feeds, of troubles.
mod status;

/// Where log lines go.
mod log;

/// What the user tells a command to do is done, with a daemon and without.
#[cfg(unix)]
mod commands;

/// That it runs by itself: what wakes it, and what it does then.
#[cfg(unix)]
mod daemon;
