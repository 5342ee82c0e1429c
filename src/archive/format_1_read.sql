-- Lets a reader see an archive of format 1 as one of format 2 in which nothing new was said.
-- Names of the temporary schema go before the file's own.

CREATE TEMP TABLE mark (seq, intent, at, kind, undone, item, identity, section, title, url, posts, people, until);
CREATE TEMP TABLE happening (seq, kind, at, text, hint);
CREATE TEMP TABLE size (seq, day, at, posts, archive, search, digests);
CREATE TEMP TABLE recipient (digest, channel);
CREATE TEMP VIEW digest AS SELECT *, NULL AS due FROM main.digest;
CREATE TEMP VIEW intent_done AS SELECT *, NULL AS result FROM main.intent_done;
