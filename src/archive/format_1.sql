-- The archive, format 1. Instants are microseconds since 1970 (UTC): in SQL,
-- datetime(seen / 1000000, 'unixepoch'). Ids are the 16 bytes of the program's ids.
-- Every appended row takes its seq from the one counter in `sequence`, so that "all that was
-- there at seq N" is the same for ever. Nothing in the appended tables is updated or deleted.

PRAGMA application_id = 1113943148; -- "Bell"

CREATE TABLE sequence (last INTEGER NOT NULL);
INSERT INTO sequence VALUES (0);

-- Appended: every version of every post. Short columns first: long ones overflow the page.
CREATE TABLE post (
  seq         INTEGER PRIMARY KEY,
  id          BLOB NOT NULL,
  version     INTEGER NOT NULL,
  feed        BLOB NOT NULL,
  at          INTEGER NOT NULL, -- when this version was seen
  seen        INTEGER NOT NULL, -- when the post was first seen
  published   INTEGER,
  instant     INTEGER,          -- where it belongs in time; NULL: undated backlog
  backlog     INTEGER NOT NULL,
  story       BLOB,             -- the first post of its story, if another one
  content     BLOB NOT NULL,    -- hashes of title, text, address: equal is no edit
  language    TEXT,
  author      TEXT NOT NULL,
  canonical   TEXT,
  url         TEXT,
  title       TEXT,
  rest        TEXT NOT NULL,    -- JSON: guid, aliases, handles, form, links, mentions, tags, …
  text        TEXT NOT NULL,
  html        TEXT NOT NULL
);
CREATE UNIQUE INDEX post_version ON post (id, version);
CREATE INDEX post_instant ON post (instant, id, version);
CREATE INDEX post_story ON post (story) WHERE story IS NOT NULL;

-- Appended: canonical URLs and aliases of posts, the first post of an address first.
CREATE TABLE address (
  url  TEXT NOT NULL,
  seq  INTEGER NOT NULL,
  post BLOB NOT NULL,
  feed BLOB NOT NULL,
  PRIMARY KEY (url, seq, post)
) WITHOUT ROWID;

-- Appended: other ids under which a feed has sent a post.
CREATE TABLE spelling (
  id   BLOB PRIMARY KEY,
  post BLOB NOT NULL
) WITHOUT ROWID;

-- Derived, of the last days only: parts of the fingerprints of texts, to find near-identical ones.
CREATE TABLE near (
  band  INTEGER NOT NULL,
  seq   INTEGER NOT NULL,
  print INTEGER NOT NULL,
  at    INTEGER NOT NULL,
  PRIMARY KEY (band, seq)
) WITHOUT ROWID;
CREATE INDEX near_at ON near (at);

-- Appended: counters, when they differ from those before.
CREATE TABLE counters (
  post    BLOB NOT NULL,
  seq     INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  replies INTEGER,
  boosts  INTEGER,
  likes   INTEGER,
  views   INTEGER,
  PRIMARY KEY (post, seq)
) WITHOUT ROWID;

-- Appended: a row when a feed begins to succeed or to fail, fails otherwise, or changes its title
-- or the address that its page names.
CREATE TABLE feed_transition (
  seq           INTEGER PRIMARY KEY,
  feed          BLOB NOT NULL,
  at            INTEGER NOT NULL,
  outcome       TEXT,
  error         TEXT,
  title         TEXT,
  found         TEXT,             -- where the feed is, if the address leads to a page that names it
  first_read    INTEGER,
  succeeded     INTEGER,
  failures      INTEGER NOT NULL,
  failing_since INTEGER
);
CREATE INDEX feed_transition_feed ON feed_transition (feed, seq);

-- What moves with every poll; the rest of a feed's state is in its last transition.
CREATE TABLE feed_poll (
  feed          BLOB PRIMARY KEY,
  outcome       TEXT,
  checked       INTEGER,
  succeeded     INTEGER,
  failures      INTEGER NOT NULL,
  next_check    INTEGER,
  not_before    INTEGER,
  etag          TEXT,
  last_modified TEXT,
  validator_url TEXT
) WITHOUT ROWID;

-- Settings that a sent digest was made with, once each.
CREATE TABLE settings (
  hash BLOB PRIMARY KEY,
  text TEXT NOT NULL
) WITHOUT ROWID;

-- Appended: digests. Printed ones have no as_of, settings, zone, sections or rendering.
CREATE TABLE digest (
  seq      INTEGER PRIMARY KEY,
  name     TEXT NOT NULL,
  now      INTEGER NOT NULL,
  sent     INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  day      TEXT NOT NULL,
  as_of    INTEGER,
  settings BLOB,
  zone     TEXT, -- the system's, where the settings name none
  sections TEXT, -- names, divided by commas; empty for all of the schedule's
  program  TEXT NOT NULL,
  markdown TEXT
);
CREATE INDEX digest_name ON digest (name, sent, now);

-- Appended: what a digest showed.
CREATE TABLE presentation (
  digest   INTEGER NOT NULL,
  place    INTEGER NOT NULL,
  item     TEXT NOT NULL,
  identity TEXT NOT NULL,
  section  TEXT NOT NULL,
  state    TEXT,
  title    TEXT,
  posts    TEXT, -- JSON list of ids
  people   TEXT, -- JSON list of keys
  PRIMARY KEY (digest, place)
) WITHOUT ROWID;
CREATE INDEX presentation_item ON presentation (item, digest);
CREATE INDEX presentation_identity ON presentation (identity, digest);

-- Appended: a digest reached a channel.
CREATE TABLE delivery (
  seq     INTEGER PRIMARY KEY,
  digest  INTEGER NOT NULL,
  channel TEXT NOT NULL,
  at      INTEGER NOT NULL,
  UNIQUE (digest, channel)
);

-- Appended: what the user told a command to do, and that it was done.
CREATE TABLE intent (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  verb     TEXT NOT NULL,
  target   TEXT NOT NULL,
  argument TEXT
);
CREATE TABLE intent_done (
  intent INTEGER PRIMARY KEY,
  seq    INTEGER NOT NULL,
  at     INTEGER NOT NULL
);
