#!/usr/bin/env python3
"""Runs Bellwether on the recorded world: real posts, replayed as feeds on loopback.

    benches/world.py check            three days, hourly: what must hold (CI)
    benches/world.py score            all days with an independent digest, and their scores
    benches/world.py read --out DIR   three days: the Markdown digests, to be read by a person

The world lies beside the clone, in ../shared; without it the script says so and ends well.
Python 3.11, standard library only. Everything it writes goes to a temporary folder (or --out).
"""
import argparse, contextlib, datetime, gzip, html, json, os, pathlib, re, shutil, socket, sqlite3
import subprocess, sys, tempfile, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
BENCH = SHARED / "bench" / "world"
HOUR = datetime.timedelta(hours=1)


def say(text):
    print(text, flush=True)


def parse(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


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
        self.folder, self.people = folder, people
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
            return json.load(answer)

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


def binary():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "bellwether"


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


# ---------------------------------------------------------------- what must hold

class Checks:
    def __init__(self):
        self.failed = 0

    def check(self, claim, holds, detail=""):
        say(f"  {'ok    ' if holds else 'FAILED'} {claim}{': ' + str(detail) if detail and not holds else ''}")
        self.failed += not holds


def kept_urls(world):
    with contextlib.closing(sqlite3.connect(f"file:{world.folder}/index/archive.db?mode=ro", uri=True)) as archive:
        return {url for (url,) in archive.execute("SELECT DISTINCT url FROM post WHERE url IS NOT NULL")}


def query_for(post):
    """Words that a person would remember of the post: its title's, else its text's, else its link."""
    title, text = html.unescape(post["title"] or ""), html.unescape(post["text"] or "")
    # Titles of notes are the recorder's, cut from the text; the feeds have none.
    whole = text if title and text.startswith(title.rstrip(".…")) else f"{title} {text}"
    plain = re.sub(r"https?://\S+|[@#]\S+", " ", whole)
    words = []
    for word in re.findall(r"[^\W_]{2,}", plain):
        if word.lower() not in words and word not in ("AND", "OR", "NOT"):
            words.append(word.lower())
        if len(words) == 8:
            break
    link = re.search(r"https?://\S+", text)
    return " ".join(words) or (link[0] if link else post["url"])


def check_search(world, checks, sent):
    posts = {}
    with gzip.open(world.posts, "rt", encoding="utf-8") as lines:
        for line in lines:
            post = json.loads(line)
            posts.setdefault(post["url"], post)
    wanted = [(url, query_for(posts[url])) for url in sent]
    answers = world.run("search", "--json", "--limit", "5000", "-", fine=(0, 1),
                        input="\n".join(query for _, query in wanted) + "\n")
    hits = {}
    for line in answers.splitlines():
        hit = json.loads(line)
        hits.setdefault(hit["query"], set()).add(hit["url"])
    missing = [pair for pair in wanted if pair[0] not in hits.get(pair[1], ())]
    checks.check(f"each of {len(wanted)} posts is found by words of its title or text", not missing, f"{len(missing)} not: {missing[:8]}")


def check(args, data, folder):
    start, checks = parse("2026-01-05T00:00Z"), Checks()
    world = World(data, folder, start, args.people)
    try:
        say(f"the world: {args.people} people and all sources, hourly for 3 days, no interests, no me")
        began = time.time()
        world.fetch(start)
        moment, shown = start, {}
        for day, at in [(day, at) for day, at in times(world) if start < at <= start + 72 * HOUR]:
            moment = step_to(world, moment, at)
            shown[at] = world.digest(at, "--format", "json", "--send")
            say(f"  {day}: {sum(len(s['items']) for s in json.loads(shown[at])['sections'])} items")
        say(f"  {time.time() - began:.0f} s")
        sent = world.control("/_sent")
        kept = kept_urls(world)
        missing = [url for url in sent if url not in kept]
        checks.check(f"each of {len(sent)} posts that the server sent is in the archive", not missing, missing[:5])
        check_search(world, checks, sent)
        again = world.fetch(moment)
        checks.check("another fetch is all 304", again["unchanged"] == again["asked"] and again["asked"] > 400, again)
        checks.check("and changes nothing", again["new"] == again["changed"] == 0, again)
        before = world.digest(moment, "--format", "json")
        checks.check("the same archive, feeds.yaml and now give the same digest",
                     before == world.digest(moment, "--format", "json"))
        for later in (1, 2, 3):
            world.fetch(moment + later * HOUR)
        checks.check("also after posts outside its windows were added",
                     before == world.digest(moment, "--format", "json"))
        last = max(shown)
        checks.check("a sent digest is given again as it was",
                     shown[last] == world.digest(last, "--format", "json"))
        checks.check("three digests were sent, none of them empty",
                     len(shown) == 3 and all(json.loads(text)["sections"] for text in shown.values()))
    finally:
        world.stop()
    say(f"{'all holds' if not checks.failed else f'{checks.failed} do not hold'}")
    return checks.failed


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
    start = parse(args.start)
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
    parser.add_argument("task", choices=["check", "score", "read"])
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--start", default="2026-01-05T00:00Z", help="read: the first virtual instant")
    parser.add_argument("--out", help="folder for the digests")
    parser.add_argument("--keep", help="score: copy the archive to this folder afterwards")
    args = parser.parse_args()
    if not BENCH.is_dir():
        say("skipped: the recorded world (../shared does not stand beside this clone)")
        return 0
    with tempfile.TemporaryDirectory(prefix="bellwether-world-") as name:
        folder = pathlib.Path(name)
        cache = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "shared-data"
        data = subprocess.run([SHARED / "data/unpack.sh", cache], check=True, capture_output=True, text=True).stdout
        return {"check": check, "score": score, "read": read}[args.task](args, pathlib.Path(data.strip()), folder)


if __name__ == "__main__":
    sys.exit(main())
