#!/usr/bin/env python3
"""Kills Bellwether at random points, again and again, and looks at what is left.

    benches/kill.py check             30 kills (CI)
    benches/kill.py run --runs 1000   as many as one likes; --seed gives the same choices again
    benches/kill.py disk --runs 20    a full disk at 20 points, where mounting is allowed

Invented feeds on loopback grow at each virtual hour; the real program follows them, as a daemon
and by commands, and gets kill -9 while it reads, indexes, sends a digest or takes an intent. After
each kill, and after a last run in peace: the archive is sound; what was acknowledged is there, and
once; no validator stands without its posts; the index agrees with the archive; each digest is
written once, each intent applied once. Exit 1 on any breach, and the folder stays to be looked at.
Python 3.11, standard library only.
"""
import argparse, collections, datetime, os, pathlib, random, re, shutil, sys, tempfile, threading, time

from dying.checks import QUICK, index_agrees, look, reading
from dying.disk import PLACES, Disk, small_disk
from dying.feeds import Feeds
from dying.program import Aim, Breach, Daemon, Process, iso

HOUR = datetime.timedelta(hours=1)
# Commands beside the daemon go by the computer's clock: its own begins there, and runs ahead.
START = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0)
# A world is left for a fresh one after so many kills: a small archive is looked through quickly.
LIFE = 50


def say(text):
    print(text, flush=True)


class World:
    """One folder, the feeds that it follows, and what the program said of what it keeps."""

    def __init__(self, folder, seed, figures):
        self.folder, self.figures = folder, figures
        self.rng = random.Random(seed)
        self.feeds = Feeds(self.rng, START)
        self.now = START
        helped = Process(folder, ["--help"])
        helped.end()
        self.verbs = [verb for verb in QUICK if f"\n  {verb} " in "".join(helped.out)]
        self.spans = {"run": 2}                      # command → seconds that it takes in peace
        self.written = set()                         # files of digests that were told as written
        self.ticked = 0                              # the last tick at which the daemon was done
        self.asked = collections.Counter()           # what was said, as often as it was
        self.acknowledged = collections.Counter()    # (verb, item) that a command said was done
        (folder / "feeds.yaml").write_text(self.feeds.settings(), encoding="utf-8")

    def later(self, hours=1):
        self.now += hours * HOUR
        self.feeds.grow(self.now)

    def hear(self, line):
        """Takes down what the program tells while it works."""
        if "feed read" in line:
            self.feeds.acknowledge(line)
        if written := re.search(r"^written: .*/(\S+\.md)$", line):
            self.written.add(written[1])

    def rested(self, moment):
        """The daemon said that all that is due at `moment` is done."""
        every, before = self.feeds.EVERY, self.feeds.BEFORE
        tick = (int(moment.timestamp()) * 1_000_000 + before) // every * every - before
        if int(START.timestamp()) * 1_000_000 < tick:
            self.ticked = max(self.ticked, tick)

    def command(self, *words, beside=False):
        """Begins a command; `beside` the daemon it cannot be a replay."""
        self.asked[words[0] if words[0] not in QUICK else words[:2]] += 1
        now = [] if beside else ["--now", iso(self.now)]
        return Process(self.folder, [*words, *now], self.hear)

    def ended(self, process):
        """A command has ended by itself: what it was for is done if it says so."""
        words = process.words
        if process.end() == 0 and words[0] in QUICK:
            self.acknowledged[tuple(words[:2])] += 1

    def run(self, *words):
        """Runs a command in peace."""
        began = time.monotonic()
        process = self.command(*words)
        self.ended(process)
        if process.end() == 2:
            raise Breach(f"`{process}` fails: {process.tail()}")
        self.spans[words[0]] = max(self.spans.get(words[0], 0), time.monotonic() - began)
        return "".join(process.out)

    def daemon(self):
        return Daemon(self.folder, self.now, self.hear, self.rested)

    def any_command(self):
        """A command that writes."""
        with reading(self.folder / "index/archive.db") as archive:
            items = [item for (item,) in archive.execute(
                "SELECT DISTINCT item FROM presentation WHERE item <> '' ORDER BY digest DESC LIMIT 40")]
        verb = self.rng.choice(["fetch", "reindex", "digest"] + ["quick"] * (3 if items and self.verbs else 0))
        if verb == "quick":
            verb = self.rng.choice(self.verbs)
            return (verb, self.rng.choice(items)) + (("3d",) if verb == "snooze" else ())
        return {"fetch": ("fetch", "-v"), "reindex": ("reindex",), "digest": ("digest", "--send")}[verb]


class Figures:
    def __init__(self):
        self.kills, self.traces = collections.Counter(), collections.Counter()
        self.looks = self.posts = self.digests = self.intents = self.litter = 0


# ---------------------------------------------------------------- rounds

def kill_a_command(world):
    """Kills one command at its work; it is said again, as its user would."""
    words = world.any_command()
    what = [word for word in words if word[0] != "-"][0]
    if what == "fetch":
        world.later()
    aim = Aim(world, what)
    process = world.command(*words)
    aim.wait(process)
    died = process.kill()
    if died:
        world.figures.kills["a quick word" if what in QUICK else what, aim.kind] += 1
    else:
        world.ended(process)
    look(world, at_rest=False)
    if what == "digest" or world.rng.random() < .3:
        world.run(*words)
        look(world, at_rest=False)
    return died


def kill_the_daemon(world):
    """Kills the daemon while hours pass and commands come in."""
    aim, daemon, commands = Aim(world, "run"), world.daemon(), []
    plan = random.Random(world.rng.random())

    def hours_pass():
        # Before it has the lock a command would work by itself, and keep the daemon out.
        rests = True
        while (not rests or daemon.idle(world.now)) and daemon.lives():
            rests = plan.random() < .5
            for _ in range(plan.choice([0, 0, 1, 2])):
                commands.append(world.command(*world.any_command(), beside=True))
                if plan.random() < .1:
                    time.sleep(plan.uniform(0, .1))
                    if commands.pop().kill():
                        world.figures.kills["a client of the daemon", "time"] += 1
            world.later()
            daemon.jump(world.now)

    failed = []
    def guarded():
        try:
            hours_pass()
        except Breach as breach:
            failed.append(breach)

    script = threading.Thread(target=guarded)
    script.start()
    aim.wait(daemon, patience=4)
    died = daemon.kill()
    script.join()
    if failed:
        raise failed[0]
    if not died:
        raise Breach(f"the daemon ended by itself with {daemon.end()}: {daemon.tail()}")
    world.figures.kills["run", aim.kind] += 1
    # Commands that waited for the daemon find that it is gone.
    for process in commands:
        world.ended(process)
    look(world, at_rest=False)
    return died


def tear(world):
    """A power cut may leave the search index torn: files that are short, or not there."""
    files = sorted(path for path in (world.folder / "index/tantivy").glob("*") if path.is_file())
    if files:
        file = world.rng.choice(files)
        size = file.stat().st_size
        file.unlink() if world.rng.random() < .3 else os.truncate(file, world.rng.randrange(size + 1))
        world.figures.traces["(made here) a torn file of the index"] += 1


def one_kill(world):
    if world.rng.random() < .35:
        died = kill_a_command(world)
    else:
        died = kill_the_daemon(world)
    if world.rng.random() < .1:
        tear(world)
    if world.rng.random() < .4:
        index_agrees(world)
    if world.rng.random() < .3:
        rest(world)
    return died


def rest(world):
    """The daemon makes up for everything, and ends when it is told to."""
    daemon = world.daemon()
    if not daemon.idle(world.now):
        raise Breach(f"the daemon ended by itself with {daemon.end()}: {daemon.tail()}")
    daemon.stop()
    look(world, at_rest=True)


def peace(world):
    """After the last kill everything comes to what it would have been."""
    world.feeds.in_peace = True
    for _ in range(3):
        world.later(72)
        rest(world)
    index_agrees(world)
    with reading(world.folder / "index/archive.db") as archive:
        kept = set(archive.execute("SELECT json_extract(rest, '$.guid'), title FROM post"))
    missing = world.feeds.standing() - kept
    if missing:
        raise Breach(f"{len(missing)} posts stand in the feeds and were never read: {sorted(missing)[:5]}")


def life(folder, seed, kills, figures):
    """One world, and so many kills."""
    world = World(folder, seed, figures)
    try:
        for words in (("fetch", "-v"), ("reindex",), ("digest", "--send")):
            world.run(*words)
        died = 0
        while died < kills:
            died += one_kill(world)
        peace(world)
    finally:
        world.feeds.stop()


def kills(runs, seed):
    figures, left, began = Figures(), runs, time.time()
    while 0 < left:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="bellwether-kill-"))
        try:
            life(folder, seed, min(left, LIFE), figures)
        except Breach as breach:
            say(f"BREACH (seed {seed}, after {sum(figures.kills.values())} kills): {breach}\n  the folder stays: {folder}")
            return 1
        shutil.rmtree(folder)
        left, seed = left - LIFE, seed + 1
    table(figures, time.time() - began)
    return 0


def disk(runs, seed):
    figures, began = Figures(), time.time()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bellwether-disk-"))
    with small_disk(folder) as is_small:
        if not is_small:
            say("skipped: a full disk (no file system may be mounted here)")
            return 0
        world = World(folder, seed, figures)
        world.feeds.in_peace = True
        try:
            one = Disk(world)
            for _ in range(runs):
                one.round()
            one.daemon.stop()
            peace(world)
        except Breach as breach:
            say(f"BREACH (seed {seed}): {breach}")
            return 1
        finally:
            one.daemon.kill()
            world.feeds.stop()
    folder.rmdir()
    met = ", ".join(f"{what} {count} times" for what, count in figures.traces.most_common() if what in PLACES)
    say(f"a disk full at {runs} points in {time.time() - began:.0f} s, one daemon all the while: met first by {met}; "
        f"{figures.looks} looks, up to {figures.posts} posts, {figures.digests} digests; 0 breaches")
    return 0


def table(figures, took):
    say(f"{sum(figures.kills.values())} kills in {took:.0f} s; {figures.looks} looks; "
        f"up to {figures.posts} posts, {figures.digests} digests, {figures.intents} intents")
    say("  killed while it ran      by time  by answer   by write")
    for what in sorted({what for what, _ in figures.kills}):
        say(f"  {what:22}" + "".join(f"{figures.kills[what, kind]:10}" for kind in Aim.KINDS))
    say("  what the looks found")
    for what, count in figures.traces.most_common():
        say(f"  {count:6}  {what}")
    if figures.litter:
        say(f"  {figures.litter:6}  unfinished files in digests/ that stayed")
    say("0 breaches: nothing acknowledged lost, nothing doubled, no validator without its posts")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["check", "run", "disk"])
    parser.add_argument("--runs", type=int, help="how many kills (30), or points at which the disk is full (20)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.task == "disk":
        return disk(args.runs or 20, args.seed)
    return kills(args.runs or 30, args.seed)


if __name__ == "__main__":
    sys.exit(main())
