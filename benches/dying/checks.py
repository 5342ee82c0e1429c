"""What must hold after a death: the archive, the files and the index against what the program said."""
import collections, contextlib, json, sqlite3

from .program import Breach

# Verbs of an item that are done at once.
QUICK = ("done", "mute", "save", "snooze")


@contextlib.contextmanager
def reading(path):
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as archive:
        yield archive


def look(world, at_rest):
    """Compares what is left with what was acknowledged. `at_rest`: nothing is left to be done."""
    path = world.folder / "index/archive.db"
    world.figures.looks += 1
    if path.exists():
        traces(world)
        with reading(path) as archive:
            sound = archive.execute("PRAGMA integrity_check").fetchone()[0]
            if sound != "ok":
                raise Breach(f"integrity check: {sound}")
            if archive.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                posts(world, archive)
                digests(world, archive, at_rest)
                intents(world, archive, at_rest)
                return
    if world.feeds.acknowledged or world.written:
        raise Breach("the archive is gone")


def posts(world, archive):
    rows = archive.execute("SELECT id, version, json_extract(rest, '$.guid'), title FROM post").fetchall()
    kept = {(guid, title) for _, _, guid, title in rows}
    lost = world.feeds.acknowledged - kept
    if lost:
        raise Breach(f"{len(lost)} acknowledged posts are lost: {sorted(lost)[:5]}")
    if len({(id, version) for id, version, *_ in rows}) < len(rows) or len(kept) < len(rows):
        raise Breach("a version of a post is there twice")
    ids = collections.defaultdict(set)
    for id, _, guid, _ in rows:
        ids[guid].add(id)
    doubled = [guid for guid, several in ids.items() if 1 < len(several)]
    if doubled:
        raise Breach(f"{len(doubled)} posts are there twice: {doubled[:5]}")
    for (etag,) in archive.execute("SELECT etag FROM feed_poll WHERE etag IS NOT NULL"):
        hidden = world.feeds.documents[etag] - kept
        if hidden:
            raise Breach(f"validator {etag} stands without its posts {sorted(hidden)[:5]}")
    (last,) = archive.execute("SELECT last FROM sequence").fetchone()
    for table in ("post", "digest", "intent"):
        (highest,) = archive.execute(f"SELECT max(seq) FROM {table}").fetchone()
        if highest and last < highest:
            raise Breach(f"the sequence stands at {last}, but {table} has a row {highest}")
    world.figures.posts = max(world.figures.posts, len(rows))


def digests(world, archive, at_rest):
    sent = archive.execute("SELECT now, coalesce(due, now), markdown FROM digest WHERE sent = 1").fetchall()
    ticks = collections.Counter(tick for _, tick, _ in sent)
    if any(1 < count for count in ticks.values()):
        raise Breach("a digest was sent twice")
    by_hand = [tick for tick in ticks if tick % world.feeds.EVERY != world.feeds.EVERY - world.feeds.BEFORE]
    if world.asked["digest"] < len(by_hand):
        raise Breach(f"{len(by_hand)} digests were sent by hand, but only {world.asked['digest']} were asked for")
    newest = max((now for now, *_ in sent), default=0)
    if newest < world.ticked:
        raise Breach(f"the daemon was done, but the digest due at {world.ticked} was not sent")
    texts = collections.Counter(markdown for *_, markdown in sent)
    files, names = collections.Counter(), set()
    with contextlib.suppress(FileNotFoundError):
        for file in (world.folder / "index/digests").iterdir():
            names.add(file.name)
            if file.name.startswith("."):
                world.figures.litter += at_rest
            elif file.suffix == ".md":
                files[file.read_text(encoding="utf-8")] += 1
                json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    if files - texts:
        raise Breach(f"{sum((files - texts).values())} files in digests/ are no sent digest, or are there twice")
    if not world.written <= names:
        raise Breach(f"digests that were told as written are gone: {sorted(world.written - names)[:5]}")
    (delivered,) = archive.execute("SELECT count(DISTINCT digest) FROM delivery").fetchone()
    if sum(files.values()) < delivered:
        raise Breach(f"{delivered} digests are noted as delivered, {sum(files.values())} lie in digests/")
    if at_rest and not len(sent) == sum(files.values()) == delivered:
        raise Breach(f"{len(sent)} digests sent, {delivered} delivered, {sum(files.values())} files")
    world.figures.digests = max(world.figures.digests, len(sent))


def written(world):
    """The digests as they lie there: name → content."""
    with contextlib.suppress(FileNotFoundError):
        return {file.name: file.read_bytes() for file in (world.folder / "index/digests").iterdir()
                if not file.name.startswith(".")}
    return {}


def intents(world, archive, at_rest):
    rows = archive.execute(
        "SELECT i.verb, i.target, d.intent IS NOT NULL, (SELECT count(*) FROM mark m WHERE m.intent = i.seq), d.result "
        "FROM intent i LEFT JOIN intent_done d ON d.intent = i.seq").fetchall()
    said, applied = collections.Counter(), collections.Counter()
    for verb, target, is_done, marks, result in rows:
        said[verb, target] += 1
        if verb not in QUICK:
            continue
        applied[verb, target] += marks
        if 1 < marks or (marks and not is_done):
            raise Breach(f"`{verb} {target}` has {marks} marks and is {'' if is_done else 'not '}done")
        if is_done and not marks and "failed" not in (result or ""):
            raise Breach(f"`{verb} {target}` is done ({result}) and left no mark")
    for key, count in said.items():
        if key[0] in QUICK and world.asked[key] < count:
            raise Breach(f"`{' '.join(key)}` was said {world.asked[key]} times, and stands there {count} times")
    for key, count in world.acknowledged.items():
        if applied[key] < count:
            raise Breach(f"`{' '.join(key)}` was acknowledged {count} times, and applied {applied[key]} times")
    waiting = sum(not is_done for _, _, is_done, *_ in rows)
    if at_rest and waiting:
        raise Breach(f"{waiting} intents still wait")
    world.figures.intents = max(world.figures.intents, len(rows))


def index_agrees(world):
    """The search finds each post once, and the newest by its word."""
    out = world.run("search", "--json", "--limit", "1000000", "NOT nothinglikethis")
    found = collections.Counter(json.loads(line)["id"] for line in out.splitlines())
    with reading(world.folder / "index/archive.db") as archive:
        kept = {id.hex() for (id,) in archive.execute("SELECT DISTINCT id FROM post")}
        newest = archive.execute("SELECT title FROM post ORDER BY seq DESC LIMIT 1").fetchone()
    if any(1 < count for count in found.values()):
        raise Breach("the index holds a post twice")
    if len(found) != len(kept):
        raise Breach(f"the index holds {len(found)} posts, the archive {len(kept)}")
    if newest and newest[0] not in world.run("search", "--json", newest[0].split()[0]):
        raise Breach(f"the newest post is not found by its words: {newest[0]}")


def traces(world):
    """Counts what the kill interrupted, as far as one sees it."""
    index, seen = world.folder / "index", world.figures.traces
    with contextlib.suppress(OSError):
        seen["a log that SQLite has to work in"] += 0 < (index / "archive.db-wal").stat().st_size
    with contextlib.suppress(OSError):
        seen["an unfinished digest"] += any(file.name.startswith(".") for file in (index / "digests").iterdir())
    with contextlib.suppress(sqlite3.Error), reading(f"{index}/archive.db") as archive:
        waiting = "SELECT count(*) FROM intent WHERE seq NOT IN (SELECT intent FROM intent_done)"
        seen["an intent that was not done"] += 0 < archive.execute(waiting).fetchone()[0]
        waiting = "SELECT count(*) FROM recipient r WHERE NOT EXISTS " \
                  "(SELECT 1 FROM delivery d WHERE d.digest = r.digest AND d.channel = r.channel)"
        seen["a digest that was recorded and not delivered"] += 0 < archive.execute(waiting).fetchone()[0]
        highest = archive.execute("SELECT max(seq) FROM post").fetchone()[0] or 0
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            meta = json.loads((index / "tantivy/meta.json").read_text())
            seen["an index behind the archive"] += json.loads(meta["payload"])["through"] < highest
            known = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
            files = {file.name.split(".")[0] for file in (index / "tantivy").iterdir()}
            seen["a segment that was never committed"] += bool({name for name in files if len(name) == 32} - known)
