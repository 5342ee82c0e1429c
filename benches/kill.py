#!/usr/bin/env python3
"""Kills Bellwether at random points, again and again, and looks at what is left.

    benches/kill.py check             30 kills (CI)
    benches/kill.py run --runs 1000   as many as one likes; --seed gives the same choices again

Invented feeds on loopback grow at each virtual hour; the real program follows them, and gets
kill -9 while it reads, indexes, sends a digest or takes an intent. After each kill, and after a
last run in peace: the archive is sound; what was acknowledged is there, and once; no validator
stands without its posts; the index agrees with the archive; each digest is written once, each
intent applied once. Exit 1 on any breach, and the folder stays to be looked at.
Python 3.11, standard library only.
"""
import argparse, collections, contextlib, datetime, json, os, pathlib, random, shutil, signal, sqlite3
import subprocess, sys, tempfile, threading, time

from kill_feeds import Feeds

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOUR = datetime.timedelta(hours=1)
START = datetime.datetime(2026, 3, 2, 6, tzinfo=datetime.timezone.utc)
SCHEDULE = "morning"
# A world is left for a fresh one after so many kills: a small archive is looked through quickly.
LIFE = 50


def say(text):
    print(text, flush=True)


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def binary():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "bellwether"


class Breach(Exception):
    """Something that must never be."""


# ---------------------------------------------------------------- the program, and how it dies

class Aim:
    """When to kill: after a part of the usual time, or right after something moved."""

    def __init__(self, rng, spans, what):
        self.rng, self.spans, self.what = rng, spans, what
        self.kind = rng.choice(["clock", "write", "write", "answer"] if what in ("fetch", "run") else ["clock", "write"])

    def wait(self, process, world):
        """Returns when the moment has come, or the process has ended by itself."""
        deadline = time.monotonic() + 20
        if self.kind == "clock":
            deadline = time.monotonic() + self.rng.uniform(0, 1.1 * self.spans.get(self.what, .5))
            moved = lambda: False
        elif self.kind == "answer":
            goal = world.feeds.answered + self.rng.randint(1, len(world.feeds.feeds))
            moved = lambda: goal <= world.feeds.answered
        else:
            seen, left = signature(world.folder), self.rng.choice([1, 1, 2, 3, 5, 8, 13, 21, 34])
            def moved():
                nonlocal seen, left
                now = signature(world.folder)
                left, seen = left - (now != seen), now
                return left <= 0
        while process.poll() is None and time.monotonic() < deadline and not moved():
            time.sleep(.0003)
        if self.kind != "clock":
            time.sleep(self.rng.choice([0, 0, self.rng.uniform(0, .004)]))


def signature(folder):
    """What one sees of the program's writes from outside."""
    found = []
    for place in ("index", "index/tantivy", "index/digests"):
        with contextlib.suppress(OSError), os.scandir(folder / place) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    status = entry.stat()
                    found.append((entry.path, status.st_size, status.st_mtime_ns))
    return found


class World:
    """One folder, the feeds that it follows, and what the program said of what it keeps."""

    def __init__(self, folder, seed, figures):
        self.folder, self.figures = folder, figures
        self.rng = random.Random(seed)
        self.feeds = Feeds(self.rng, START)
        self.now = START
        self.spans = {}
        self.sent = set()      # instants of digests that the program said were written
        self.said = {}         # intents that the program said it had taken: words to verb
        (folder / "feeds.yaml").write_text(self.feeds.settings(SCHEDULE), encoding="utf-8")

    def command(self, *words):
        return [binary(), "--dir", self.folder, "--now", iso(self.now), *words]

    def start(self, *words):
        return subprocess.Popen(self.command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env={**os.environ, "RUST_LOG": ""})

    def run(self, *words, fine=(0, 1)):
        """Runs a command in peace."""
        began = time.monotonic()
        process = self.start(*words)
        out, err = process.communicate(timeout=120)
        if process.returncode not in fine:
            raise Breach(f"`bellwether {' '.join(words)}` ends with {process.returncode}: {err.strip()[-600:]}")
        self.spans[words[0]] = max(self.spans.get(words[0], 0), time.monotonic() - began)
        self.heard(words, out, err)
        return out

    def kill(self, *words):
        """Runs a command until the moment comes; says whether it died of it."""
        aim = Aim(self.rng, self.spans, words[0])
        process = self.start(*words)
        # Pipes are drained all the while: one that is full would stop the program.
        told = collections.defaultdict(str)
        def drain(stream, name):
            for line in stream:
                told[name] += line
        drains = [threading.Thread(target=drain, args=(getattr(process, name), name)) for name in ("stdout", "stderr")]
        for thread in drains:
            thread.start()
        aim.wait(process, self)
        process.send_signal(signal.SIGKILL)
        for thread in drains:
            thread.join()
        died = process.wait() == -signal.SIGKILL
        if not died and process.returncode not in (0, 1):
            raise Breach(f"`bellwether {' '.join(words)}` ends with {process.returncode}: {told['stderr'].strip()[-600:]}")
        self.heard(words, told["stdout"], told["stderr"])
        if died:
            self.figures.kills[words[0], aim.kind] += 1
        return died

    def heard(self, words, out, err):
        """Takes down what the program acknowledged."""
        for line in err.splitlines():
            if "feed read" in line:
                self.feeds.acknowledge(line)
            if line.startswith("written: ") and words[0] == "digest":
                self.sent.add(self.now)

    def later(self, hours=1):
        self.now += hours * HOUR
        self.feeds.grow(self.now)

    # ------------------------------------------------------------ what must hold

    def look(self, at_rest):
        """Compares what is left with what was acknowledged."""
        path = self.folder / "index/archive.db"
        if not path.exists():
            if self.feeds.acknowledged or self.sent:
                raise Breach("the archive is gone")
            return
        self.traces()
        with contextlib.closing(sqlite3.connect(path)) as archive:
            sound = archive.execute("PRAGMA integrity_check").fetchone()[0]
            if sound != "ok":
                raise Breach(f"integrity check: {sound}")
            if not archive.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                if self.feeds.acknowledged:
                    raise Breach("the archive is empty")
                return
            self.posts(archive)
            self.digests(archive, at_rest)
        self.figures.looks += 1

    def posts(self, archive):
        rows = archive.execute("SELECT id, version, json_extract(rest, '$.guid'), title FROM post").fetchall()
        kept = {(guid, title) for _, _, guid, title in rows}
        lost = self.feeds.acknowledged - kept
        if lost:
            raise Breach(f"{len(lost)} acknowledged posts are lost: {sorted(lost)[:5]}")
        if len({(id, version) for id, version, *_ in rows}) < len(rows):
            raise Breach("a version of a post is there twice")
        ids = collections.defaultdict(set)
        for id, _, guid, _ in rows:
            ids[guid].add(id)
        doubled = [guid for guid, several in ids.items() if 1 < len(several)]
        if doubled:
            raise Breach(f"{len(doubled)} posts are there twice: {doubled[:5]}")
        if len(kept) < len(rows):
            raise Breach("an edit is there twice")
        for (etag,) in archive.execute("SELECT etag FROM feed_poll WHERE etag IS NOT NULL"):
            hidden = self.feeds.documents[etag] - kept
            if hidden:
                raise Breach(f"validator {etag} stands without its posts {sorted(hidden)[:5]}")
        last = archive.execute("SELECT last FROM sequence").fetchone()[0]
        highest = archive.execute("SELECT max(coalesce((SELECT max(seq) FROM post), 0), "
                                  "coalesce((SELECT max(seq) FROM digest), 0))").fetchone()[0]
        if last < highest:
            raise Breach(f"the sequence stands at {last}, but there is a row {highest}")
        self.figures.posts = max(self.figures.posts, len(rows))

    def digests(self, archive, at_rest):
        sent = archive.execute("SELECT seq, now, day, markdown FROM digest WHERE sent = 1").fetchall()
        instants = collections.Counter(now for _, now, *_ in sent)
        if any(1 < count for count in instants.values()):
            raise Breach("a digest was sent twice")
        missing = {int(at.timestamp()) * 1_000_000 for at in self.sent} - set(instants)
        if missing:
            raise Breach(f"{len(missing)} digests that were written are not recorded")
        texts = collections.Counter(markdown for *_, markdown in sent)
        files = collections.Counter()
        with contextlib.suppress(FileNotFoundError):
            for file in (self.folder / "index/digests").iterdir():
                if file.name.startswith("."):
                    self.figures.litter += at_rest
                elif file.suffix == ".md":
                    files[file.read_text(encoding="utf-8")] += 1
                    json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        delivered = archive.execute("SELECT count(DISTINCT digest) FROM delivery").fetchone()[0]
        whole = sum((texts & files).values())
        if whole < delivered:
            raise Breach(f"{delivered} digests are noted as delivered, {whole} of them lie in digests/")
        if at_rest and files != texts:
            raise Breach(f"{len(sent)} digests sent, {sum(files.values())} files, {whole} agree")
        self.figures.digests = max(self.figures.digests, len(sent))

    def search(self):
        """The index agrees with the archive."""
        out = self.run("search", "--json", "--limit", "1000000", "NOT nothinglikethis")
        found = collections.Counter(json.loads(line)["id"] for line in out.splitlines())
        with contextlib.closing(sqlite3.connect(self.folder / "index/archive.db")) as archive:
            kept = {id.hex() for (id,) in archive.execute("SELECT DISTINCT id FROM post")}
            newest = archive.execute("SELECT title FROM post ORDER BY seq DESC LIMIT 1").fetchone()
        if any(1 < count for count in found.values()):
            raise Breach("the index holds a post twice")
        if len(found) != len(kept):
            raise Breach(f"the index holds {len(found)} posts, the archive {len(kept)}")
        if newest:
            word = newest[0].split()[0]
            if word not in self.run("search", "--json", word):
                raise Breach(f"the newest post is not found by its word {word}")

    def traces(self):
        """Counts what the kill interrupted, as far as one sees it."""
        index, seen = self.folder / "index", self.figures.traces
        with contextlib.suppress(OSError):
            seen["a log that SQLite has to replay"] += 0 < (index / "archive.db-wal").stat().st_size
        with contextlib.suppress(OSError):
            seen["a half-written digest"] += any(file.name.startswith(".") for file in (index / "digests").iterdir())
        with contextlib.suppress(OSError, ValueError, KeyError):
            meta = json.loads((index / "tantivy/meta.json").read_text())
            through = json.loads(meta["payload"])["through"]
            known = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
            files = {file.name.split(".")[0] for file in (index / "tantivy").iterdir() if file.suffix not in (".json", ".lock")}
            seen["files of a segment that was never committed"] += bool({name for name in files if len(name) == 32} - known)
            uri = f"file:{index}/archive.db?mode=ro"
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as archive:
                highest = archive.execute("SELECT max(seq) FROM post").fetchone()[0] or 0
            seen["an index behind the archive"] += through < highest


class Figures:
    def __init__(self):
        self.kills, self.traces = collections.Counter(), collections.Counter()
        self.looks = self.posts = self.digests = self.litter = 0


# ---------------------------------------------------------------- rounds

def one_kill(world):
    """Kills one thing that works; repeats it as its user would."""
    what = world.rng.choice(["fetch", "fetch", "reindex", "digest"])
    if what == "fetch":
        world.later()
        words = ("fetch", "-v")
    else:
        words = {"reindex": ("reindex",), "digest": ("digest", "--send")}[what]
    died = world.kill(*words)
    world.look(at_rest=False)
    if what == "digest" or world.rng.random() < .3:
        # A timer or a person says it again, for the same instant.
        world.run(*words)
        world.look(at_rest=what == "digest")
    if world.rng.random() < .5:
        world.search()
    return died


def life(folder, seed, kills, figures):
    """One world, and so many kills."""
    world = World(folder, seed, figures)
    try:
        world.run("fetch", "-v")
        world.run("reindex")
        world.run("digest", "--send")
        died = 0
        while died < kills:
            died += one_kill(world)
        peace(world)
    finally:
        world.feeds.stop()


def peace(world):
    """After the last kill everything comes to what it would have been."""
    world.later(72)
    world.feeds.in_peace = True
    for _ in range(2):
        world.run("fetch", "-v")
        world.later(48)
    world.run("digest", "--send")
    world.run("fetch", "-v")
    world.search()
    world.look(at_rest=True)
    with contextlib.closing(sqlite3.connect(world.folder / "index/archive.db")) as archive:
        kept = set(archive.execute("SELECT json_extract(rest, '$.guid'), title FROM post"))
    missing = world.feeds.standing() - kept
    if missing:
        raise Breach(f"{len(missing)} posts stand in the feeds and were never read: {sorted(missing)[:5]}")


def kills(runs, seed):
    figures, left, began = Figures(), runs, time.time()
    while 0 < left:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="bellwether-kill-"))
        try:
            life(folder, seed, min(left, LIFE), figures)
        except Breach as breach:
            say(f"BREACH (seed {seed}): {breach}\n  the folder stays: {folder}")
            return 1
        shutil.rmtree(folder)
        left, seed = left - LIFE, seed + 1
    table(figures, time.time() - began)
    return 0


def table(figures, took):
    total = sum(figures.kills.values())
    say(f"{total} kills in {took:.0f} s; {figures.looks} looks; up to {figures.posts} posts, {figures.digests} digests")
    say("  killed while it ran      by time  by write  by answer")
    for what in sorted({what for what, _ in figures.kills}):
        say(f"  {what:24}" + "".join(f"{figures.kills[what, kind]:9}" for kind in ("clock", "write", "answer")))
    say("  the kill left")
    for what, count in figures.traces.most_common():
        say(f"  {count:6}  {what}")
    if figures.litter:
        say(f"  {figures.litter} unfinished files in digests/ were not cleared away")
    say("0 breaches: nothing acknowledged lost, nothing doubled, no validator without its posts")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["check", "run"])
    parser.add_argument("--runs", type=int, default=30, help="how many kills")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    return kills(args.runs, args.seed)


if __name__ == "__main__":
    sys.exit(main())
