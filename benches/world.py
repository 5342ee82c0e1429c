#!/usr/bin/env python3
"""Runs Bellwether on the recorded world: real posts, replayed as feeds on loopback.

    benches/world.py check            three days, hourly, by the daemon: what must hold (CI)
    benches/world.py month            the same for all 25 days of the record (--days)
    benches/world.py score            all days with an independent digest, and their scores
    benches/world.py read --out DIR   three days: the Markdown digests, to be read by a person

The world lies beside the clone, in ../shared; without it the script says so and ends well.
Python 3.11, standard library only. Everything it writes goes to a temporary folder (or --out).
"""
import argparse, contextlib, json, os, pathlib, shutil, socket, subprocess, sys, tempfile, time
import urllib.request

import month
from driven import HOUR, ROOT, binary, iso, parse, say

SHARED = ROOT.parent / "shared"
BENCH = SHARED / "bench" / "world"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class World:
    """The replaying server and one Bellwether that follows it."""

    def __init__(self, data, folder, start, people):
        self.posts = data / "norm/dev/ai_news_dev_posts.jsonl.gz"
        self.gold = data / "norm/dev/ai_news_digest_gold_dev.jsonl.gz"
        self.silver = data / "norm/dev/ai_news_dev_silver_items.jsonl.gz"
        self.folder, self.people, self.controls = folder, people, 0
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.server = subprocess.Popen(
            [sys.executable, BENCH / "world.py", "serve", self.posts, "--port", str(self.port), "--now", iso(start)],
            stdout=subprocess.DEVNULL, cwd=folder)
        for _ in range(200):
            with contextlib.suppress(OSError):
                self.control("/_now")
                break
            if self.server.poll() is not None:
                raise SystemExit("the world's server did not start")
            time.sleep(.1)
        yaml = subprocess.run(
            [sys.executable, BENCH / "world.py", "feeds-yaml", self.posts, "--base", self.base, "--people", str(people)],
            check=True, capture_output=True, text=True, cwd=folder).stdout
        # The bench asks hundreds of feeds at each virtual hour: no limit of new requests in a second.
        yaml = yaml.replace("fetch:\n", "fetch:\n  requests_per_second: 0\n", 1)
        (folder / "feeds.yaml").write_text(yaml, encoding="utf-8")

    def stop(self):
        self.server.terminate()
        self.server.wait()

    def control(self, path):
        with urllib.request.urlopen(self.base + path, timeout=60) as answer:
            self.controls += 1
            return json.load(answer)

    def requests(self):
        """How often a feed was asked for so far."""
        before = None
        # The server counts an answer after it was given: the last ones may not be in yet.
        while (count := self.control("/_stats")["requests"] + 1 - self.controls) != before:
            before = count
            time.sleep(.01)
        return count

    def run(self, *arguments, fine=(0, 1), **options):
        done = subprocess.run([binary(), "--dir", self.folder, *arguments],
                              capture_output=True, text=True, **options)
        if done.returncode not in fine:
            raise SystemExit(f"bellwether {' '.join(map(str, arguments))}: {done.returncode}\n{done.stderr}")
        return done.stdout

    def fetch(self, moment):
        self.control(f"/_now?t={iso(moment)}")
        return json.loads(self.run("fetch", "--now", iso(moment), "--json"))

    def digest(self, moment, *more):
        return self.run("digest", "--now", iso(moment), *more)


def times(world, hours=24):
    """[(gold day, instant of its digest)], as the scorer wants them."""
    lines = subprocess.run([sys.executable, BENCH / "digest_score.py", world.gold, world.posts, "--times"],
                           check=True, capture_output=True, text=True).stdout.split("\n")
    return [(day, parse(at)) for day, at in (line.split() for line in lines if line.strip())]


def step_to(world, moment, until):
    """Polls hour by hour; returns `until`."""
    while moment < until:
        moment = min(moment + HOUR, until)
        world.fetch(moment)
    return moment


def check(args, data, folder):
    return live(args, data, folder, args.start or "2026-01-05T00:00Z", 3)


def whole_month(args, data, folder):
    return live(args, data, folder, args.start or "2025-12-25T01:00Z", args.days)


def live(args, data, folder, start, days):
    world = World(data, folder, parse(start), args.people)
    try:
        failed = month.live(world, parse(start), days)
    finally:
        world.stop()
        for wanted, what in ((args.out, folder / "index/digests"), (args.keep, folder / "index")):
            if wanted and what.is_dir():
                shutil.copytree(what, wanted, dirs_exist_ok=True, ignore=shutil.ignore_patterns("door"))
        if args.keep:
            for file in ("log", "feeds.yaml"):
                shutil.copy(folder / file, args.keep)
    return failed


# ---------------------------------------------------------------- scores, and digests to read

def score(args, data, folder):
    start = parse("2026-01-02T00:00Z")
    world = World(data, folder, start, args.people)
    out = pathlib.Path(args.out or folder / "digests")
    out.mkdir(parents=True, exist_ok=True)
    try:
        world.fetch(start)
        moment = start
        for day, at in times(world):
            moment = step_to(world, moment, at)
            (out / f"{day}.json").write_text(world.digest(at, "--format", "json", "--send"), encoding="utf-8")
            say(f"{day} done")
    finally:
        world.stop()
    if args.keep:
        shutil.copytree(folder / "index", args.keep, dirs_exist_ok=True)
        shutil.copy(folder / "feeds.yaml", pathlib.Path(args.keep).parent / "feeds.yaml")
    return subprocess.run(
        [sys.executable, BENCH / "digest_score.py", world.gold, world.posts, *sorted(out.glob("*.json")),
         "--people", str(args.people), "--silver", world.silver, "--per-item", "3"]).returncode


def read(args, data, folder):
    start = parse(args.start or "2026-01-05T00:00Z")
    world = World(data, folder, start, args.people)
    out = pathlib.Path(args.out or ".")
    out.mkdir(parents=True, exist_ok=True)
    try:
        world.fetch(start)
        moment = start
        for day in range(1, 4):
            moment = step_to(world, moment, start + day * 24 * HOUR)
            name = out / f"{(moment - HOUR).date()}.md"
            name.write_text(world.digest(moment, "--send"), encoding="utf-8")
            say(str(name))
    finally:
        world.stop()
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["check", "month", "score", "read"])
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--start", help="the first virtual instant (month: 2025-12-25T01:00Z, else 2026-01-05T00:00Z)")
    parser.add_argument("--days", type=int, default=25, help="month: how many")
    parser.add_argument("--out", help="folder for the digests")
    parser.add_argument("--keep", help="copy the archive to this folder afterwards")
    args = parser.parse_args()
    if not BENCH.is_dir():
        say("skipped: the recorded world (../shared does not stand beside this clone)")
        return 0
    with tempfile.TemporaryDirectory(prefix="bellwether-world-") as name:
        folder = pathlib.Path(name)
        cache = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "shared-data"
        data = subprocess.run([SHARED / "data/unpack.sh", cache], check=True, capture_output=True, text=True).stdout
        tasks = {"check": check, "month": whole_month, "score": score, "read": read}
        return tasks[args.task](args, pathlib.Path(data.strip()), folder)


if __name__ == "__main__":
    sys.exit(main())
