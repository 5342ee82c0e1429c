-- The archive, format 2: what the user said of items, what befell the program, how it grows.
-- Each table's rows can be told from those of all others by the types of their first columns,
-- so that `repair` can tell whose row it has found on a page that nothing leads to any more.

-- Appended: what the user said of an item. An intent is applied once.
CREATE TABLE mark (
  seq      INTEGER PRIMARY KEY,
  intent   INTEGER NOT NULL UNIQUE,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  undone   INTEGER NOT NULL, -- takes back what an earlier one of this kind said
  item     TEXT NOT NULL,    -- the id as it was typed
  identity TEXT NOT NULL,
  section  TEXT,
  title    TEXT NOT NULL,
  url      TEXT,
  posts    TEXT NOT NULL,    -- JSON list of ids
  people   TEXT NOT NULL,    -- JSON list of keys
  until    INTEGER           -- NULL: for ever
);
CREATE INDEX mark_identity ON mark (kind, identity);

-- Appended: what befell the program: started, settings refused, disk full, recovered, …
CREATE TABLE happening (
  seq  INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  at   INTEGER NOT NULL,
  text TEXT NOT NULL,
  hint TEXT
);
CREATE INDEX happening_kind ON happening (kind);

-- Appended: sizes on disk in bytes, one row a day.
CREATE TABLE size (
  seq     INTEGER PRIMARY KEY,
  day     TEXT NOT NULL UNIQUE,
  at      INTEGER NOT NULL,
  posts   INTEGER NOT NULL,
  archive INTEGER NOT NULL,
  search  INTEGER NOT NULL,
  digests INTEGER NOT NULL
);

-- Appended: the channels that a sent digest is for; those without a row in `delivery` wait.
CREATE TABLE recipient (
  digest  INTEGER NOT NULL,
  channel TEXT NOT NULL,
  PRIMARY KEY (digest, channel)
) WITHOUT ROWID;

-- The tick of its schedule that a digest was for, if it was late.
ALTER TABLE digest ADD COLUMN due INTEGER;

-- What came of it, as JSON.
ALTER TABLE intent_done ADD COLUMN result TEXT;
