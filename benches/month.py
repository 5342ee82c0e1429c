"""What must hold when the daemon lives through days of the recorded world (`world.py check`, `month`).

It is driven hour by hour. Each day's line tells how many posts came, how often feeds were asked, what
the digest shows, and how much memory the daemon has; afterwards all of it is compared with what the
server sent, and the daemon must give the same digests again.
"""
import contextlib, datetime, gzip, html, json, re, sqlite3, time, zoneinfo

from driven import HOUR, Daemon, iso, say

ZONE = "Europe/Stockholm"
SCHEDULE = f'''
digest:
  schedules:
    - {{name: morning, cron: "0 7 * * *", tz: {ZONE}, to: [file]}}
'''
LINES, COLUMNS = 26, 100  # of the screen, above the rule
MOST = 10_000             # posts that are searched for; of more, every second or third
REST = 40                 # seconds until freed memory is given back and connections are closed
JOINED = 3                # people who must have joined a topic before it is told again


class Checks:
    def __init__(self):
        self.failed = 0

    def check(self, claim, holds, detail=""):
        say(f"  {'ok    ' if holds else 'FAILED'} {claim}{': ' + str(detail) if detail and not holds else ''}")
        self.failed += not holds


def ask(world, query, *values):
    with contextlib.closing(sqlite3.connect(f"file:{world.folder}/index/archive.db?mode=ro", uri=True)) as archive:
        return archive.execute(query, values).fetchall()


def microseconds(moment):
    return int(moment.timestamp()) * 1_000_000


# ---------------------------------------------------------------- living

def live(world, start, days):
    """Lives through `days` days from `start`; returns how many claims do not hold."""
    with open(world.folder / "feeds.yaml", "a", encoding="utf-8") as file:
        file.write(SCHEDULE)
    say(f"the world: {world.people} people and all sources, hourly for {days} days, by the daemon; no interests, no me")
    daemon = Daemon(world.folder, world.folder / "log")
    try:
        began, moment, memory, rude = time.time(), start, [], []
        daemon.to(start)
        asked = world.requests()
        for day in range(1, days + 1):
            since, first = time.time(), asked
            for _ in range(24):
                moment += HOUR
                due, before = step(world, daemon, moment), asked
                asked = settled(world, before + due)
                if due != asked - before:
                    rude.append((iso(moment), due, asked - before))
            if day % 5 == 0 or day == days:
                time.sleep(REST)
                memory.append(daemon.memory())
            posts, = ask(world, "SELECT count(*) FROM post WHERE version = 1")[0]
            items, = ask(world, "SELECT count(*) FROM presentation")[0]
            say(f"  to {moment:%d %b}: {posts} posts, {asked - first} requests, {items} items told in all, "
                f"{daemon.memory():.1f} MiB, {time.time() - since:.0f} s")
        say(f"  {time.time() - began:.0f} s, log of {log_lines(world)} lines")
        checks = Checks()
        check_manners(checks, rude, memory)
        sent = world.control("/_sent")
        check_posts(world, checks, sent)
        check_digests(world, checks, start, moment)
        check_topics(world, checks)
        check_search(world, checks, sent)
        check_again(world, checks, daemon, moment)
        say(f"{'all holds' if not checks.failed else f'{checks.failed} do not hold'}")
        return checks.failed
    finally:
        daemon.process.kill()


def step(world, daemon, moment):
    """Lets the daemon live until `moment`; returns how many feeds were due by then."""
    due, = ask(world, "SELECT count(*) FROM feed_poll WHERE coalesce(next_check, 0) <= ?1 AND "
                      "coalesce(not_before, 0) <= ?1", microseconds(moment))[0]
    world.control(f"/_now?t={iso(moment)}")
    daemon.to(moment)
    return due


def settled(world, wanted):
    """How many requests the server counts, which it does after an answer is sent: two seconds are given."""
    for _ in range(40):
        if (asked := world.requests()) >= wanted:
            break
        time.sleep(.05)
    return asked


def log_lines(world):
    return len((world.folder / "log").read_text(encoding="utf-8").splitlines())


# ---------------------------------------------------------------- what must hold

def check_manners(checks, rude, memory):
    checks.check("each hour exactly the feeds whose time had come were asked, once each", not rude, rude[:5])
    # In the first half the digest's window fills.
    after = ", ".join(f"{one:.1f}" for one in memory)
    checks.check(f"memory is flat: at rest {after} MiB every five days",
                 max(memory) <= 64 and max(memory) <= memory[len(memory) // 2] + 8)


def check_posts(world, checks, sent):
    kept = {url for (url,) in ask(world, "SELECT DISTINCT url FROM post WHERE url IS NOT NULL")}
    missing = [url for url in sent if url not in kept]
    checks.check(f"each of {len(sent)} posts that the server sent is in the archive", not missing, missing[:5])
    twice = ask(world, "SELECT url, count(*) FROM post WHERE version = 1 AND url IS NOT NULL GROUP BY feed, url HAVING count(*) > 1")
    checks.check("and once: no feed has two posts of one address", not twice, twice[:5])


def check_digests(world, checks, start, end):
    """One a day, each of them readable, each given again as it was."""
    zone = zoneinfo.ZoneInfo(ZONE)
    day, ticks = start.astimezone(zone).date(), []
    while (tick := datetime.datetime.combine(day, datetime.time(7), zone)) <= end:
        ticks += [tick.astimezone(datetime.timezone.utc)] if start < tick else []
        day += datetime.timedelta(days=1)
    files = sorted(path.name for path in (world.folder / "index/digests").iterdir())
    wanted = sorted(f"{tick.astimezone(zone):%Y-%m-%d}-morning.{kind}" for tick in ticks for kind in ("md", "json"))
    checks.check(f"{len(ticks)} days, {len(ticks)} digests, and no other file", files == wanted, set(files) ^ set(wanted))
    faults, differ = [], []
    for tick in ticks:
        path = world.folder / f"index/digests/{tick.astimezone(zone):%Y-%m-%d}-morning.md"
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            faults += [(path.name, fault) for fault in unreadable(text)]
            if world.digest(tick).rstrip() != text.rstrip():
                differ.append(path.name)
    checks.check("each is readable", not faults, faults[:5])
    checks.check("each is given again as it was sent", not differ, differ)


def unreadable(text):
    """What is wrong with a digest's Markdown for whoever reads it in a terminal."""
    screen, rule, rest = text.partition("\n---\n")
    lines = screen.strip().splitlines()
    told = re.findall(r"^- (?:[^\[\n]*: )?\[(\w+)\]", screen, re.M)
    explained = re.findall(r"^## \[(\w+)\]", rest, re.M)
    if not rule:
        yield "no rule"
    if not told:
        yield "tells nothing"
    if len(lines) > LINES:
        yield f"{len(lines)} lines above the rule"
    if long := [line for line in lines if len(line) > COLUMNS]:
        yield f"a line of {len(long[0])} characters"
    if any(ord(letter) < 32 and letter != "\n" or 0x7f <= ord(letter) < 0xa0 for letter in text):
        yield "a control character"
    if sorted(told) != sorted(explained):
        yield f"told and explained differ: {set(told) ^ set(explained)}"


def check_topics(world, checks):
    """No topic is told twice without news, nor under another name."""
    rows = ask(world, "SELECT day, identity, state, people, posts, title FROM presentation JOIN digest ON digest.seq = digest "
                      "WHERE sent AND section = 'topics' ORDER BY now, place")
    people, told, again, same, updates = {}, {}, [], [], 0
    for day, identity, state, joined, posts, title in rows:
        joined, posts = set(json.loads(joined or "[]")), set(json.loads(posts))
        if identity in people:
            updates += 1
            if state != "update" or len(joined - people[identity]) < JOINED:
                again.append((day, title, state, len(joined - people[identity])))
        others = [name for name, before in told.items() if name != identity and 2 * len(posts & before) > len(posts)
                  and len(joined - people[name]) < JOINED]
        if others:
            same.append((day, title))
        people.setdefault(identity, set()).update(joined)
        told.setdefault(identity, set()).update(posts)
    checks.check(f"none of {len(rows)} topics is told twice without {JOINED} people who joined since ({updates} updates)",
                 not again, again[:5])
    checks.check("none is told under two names", not same, same[:5])


def query_for(post):
    """Words that a person would remember of the post: its title's, else its text's, else its link."""
    title, text = html.unescape(post["title"] or ""), html.unescape(post["text"] or "")
    # What arXiv puts before each abstract is no text of the post's.
    text = re.sub(r"^arXiv:\S+ Announce Type: \S+\s+Abstract: ", "", text)
    # Titles of notes are the recorder's, cut from the text; the feeds have none.
    whole = text if title and text.startswith(title.rstrip(".…")) else f"{title} {text}"
    plain = re.sub(r"https?://\S+|www\.\S+|[@#]\S+", " ", whole)
    words = []
    # Words of Indic scripts would be cut at their vowel signs, which are no letters to this pattern.
    for word in re.findall(r"[^\W_\u0900-\u0dff]{2,}", plain):
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
    wanted = [(url, query_for(posts[url])) for url in sent[::1 + len(sent) // MOST]]
    answers = world.run("search", "--json", "--limit", "5000", "-", fine=(0, 1),
                        input="\n".join(query for _, query in wanted) + "\n")
    hits = {}
    for line in answers.splitlines():
        hit = json.loads(line)
        hits.setdefault(hit["query"], set()).add(hit["url"])
    missing = [pair for pair in wanted if pair[0] not in hits.get(pair[1], ())]
    checks.check(f"each of {len(wanted)} posts is found by words of its title or text", not missing, f"{len(missing)} not: {missing[:8]}")


def check_again(world, checks, daemon, moment):
    """Nothing moves without a reason."""
    world.run("fetch", "--json")
    again = json.loads(world.run("fetch", "--json"))
    checks.check("a fetch after a fetch is all 304", again["unchanged"] == again["asked"] > 400, again)
    checks.check("and changes nothing", again["new"] == again["changed"] == 0, again)
    before = world.digest(moment, "--format", "json")
    checks.check("the same archive, feeds.yaml and now give the same digest",
                 before == world.digest(moment, "--format", "json"))
    for later in (1, 2, 3):
        step(world, daemon, moment + later * HOUR)
    checks.check("also after posts outside its windows were added",
                 before == world.digest(moment, "--format", "json"))
    took, asked = daemon.stop(), world.requests()
    checks.check(f"SIGTERM ends it ({took:.2f} s)", took < 5)
    restarted = Daemon(world.folder, world.folder / "log")
    restarted.to(moment + 3 * HOUR)
    checks.check("a restart asks nobody", world.requests() == asked, world.requests() - asked)
    restarted.stop()
