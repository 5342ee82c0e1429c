#!/usr/bin/env python3
"""What the daemon costs while it has nothing to do: memory and wake-ups with 100,000 posts.

    benches/idle.py                        100,000 posts of 120 days, then 60 s of idling in each mode
    benches/idle.py --days 30              the same posts, all inside the digest's window
    benches/idle.py --posts 5000 --feeds 50 --seconds 10     a quick look

The posts are invented and served on loopback by this script, so that they come in through real
feeds. The daemon is driven (`run --clock -`) through a first reading, hourly polls and a digest,
then left alone; afterwards it runs on the system's clock with the next poll months away.
Linux (reads /proc), Python 3.11, standard library only. On demand, not part of CI.
"""
import argparse, contextlib, datetime, email.utils, gzip, http.server, os, pathlib, random
import socket, socketserver, sys, tempfile, threading, time

from driven import HOUR, Daemon, say

COMMON = ("the a of to and in is it for that on with as this are be was not by at from or an have but has "
          "which can we they when what one how more than into will about been would only other some if new "
          "used you our all also its first after most over such two even work time people make find need "
          "does anyone know why should could good better small large same much many often still while").split()


# ---------------------------------------------------------------- invented feeds

class Invented:
    """Feeds whose posts are a function of the seed; `now` decides how many of them are out."""

    def __init__(self, posts, feeds, days, now):
        self.feeds, self.each, self.now = feeds, posts // feeds, now
        self.step = datetime.timedelta(days=days) / self.each
        self.start = now
        dice = random.Random(1)
        syllables = [a + b for a in "b d f g k l m n p r s t v".split() for b in "a e i o u".split()]
        word = lambda: "".join(dice.choices(syllables, k=dice.choice((2, 3, 3, 4))))
        self.topics = [[word() for _ in range(60)] for _ in range(200)]
        self.rare = [word() for _ in range(30_000)]
        self.requests, self.lock = 0, threading.Lock()

    def post(self, feed, number):
        """(instant, title, text): number 0 is the oldest; one comes with every step."""
        dice = random.Random(feed * 1_000_003 + number)
        words = self.topics[(feed * 7 + dice.choice((0, 1, 1, 2, 2, 2))) % len(self.topics)]
        draw = lambda: (dice.choice(COMMON) if (roll := dice.random()) < .5
                        else words[int(len(words) * dice.random() ** 2)] if roll < .8 else dice.choice(self.rare))
        age = (self.each - 1 - number) + (feed % 97) / 97
        return (self.start - age * self.step, " ".join(draw() for _ in range(8)),
                ". ".join(" ".join(draw() for _ in range(12)) for _ in range(dice.randint(3, 14))))

    def answer(self, feed, known):
        """(ETag, gzip body or None where `known` is still true)."""
        out = self.each
        while self.start - ((self.each - 1 - out) + (feed % 97) / 97) * self.step <= self.now:
            out += 1
        tag = f'"{out}"'
        if known == tag:
            return tag, None
        items = []
        for number in range(out):
            at, title, text = self.post(feed, number)
            link = f"https://site{feed}.example/{number}"
            items.append(f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>"
                         f"{email.utils.format_datetime(at)}</pubDate><description>{text}</description></item>")
        body = (f'<?xml version="1.0"?><rss version="2.0"><channel><title>Site {feed}</title>'
                f"<link>https://site{feed}.example/</link>{''.join(items)}</channel></rss>")
        return tag, gzip.compress(body.encode(), 1)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        world = self.server.world
        with world.lock:
            world.requests += 1
        tag, body = world.answer(int(self.path.strip("/f.xml")), self.headers.get("If-None-Match"))
        self.send_response(304 if body is None else 200)
        self.send_header("ETag", tag)
        if body is not None:
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads, request_queue_size = True, 1024

    def server_bind(self):
        # All of 127.0.0.0/8 through one socket, and nothing but the loopback device.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
        socketserver.TCPServer.server_bind(self)


@contextlib.contextmanager
def serving(world):
    server = Server(("0.0.0.0", 0), Handler)
    server.world = world
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def settings(world, port, polls, digests):
    lines = ["fetch:", "  allow: [127.0.0.0/16]", "  requests_per_second: 0", *([f'  cron: "{polls}"'] if polls else []),
             "digest:", "  schedules:", f'    - {{name: morning, cron: "{digests}", tz: UTC, to: [file]}}', "sources:"]
    lines += [f'  - {{name: "Site {n}", url: "http://127.0.{n // 250}.{n % 250 + 1}:{port}/f{n}.xml"}}'
              for n in range(world.feeds)]
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- measuring

@contextlib.contextmanager
def manager(folder):
    """Listens as systemd would; gives the environment for the daemon and a list of what it says."""
    heard, path = [], str(folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        listener.settimeout(.2)
        ends = threading.Event()

        def listen():
            while not ends.is_set():
                with contextlib.suppress(TimeoutError):
                    heard.append(listener.recv(4096).decode())

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield {"NOTIFY_SOCKET": path}, heard
        finally:
            ends.set()
            thread.join()
            os.unlink(path)


def rest(daemon, name, seconds, world):
    """Leaves it alone; prints what it cost. Returns its memory and how often it woke."""
    time.sleep(75)  # connections that were just used are closed, and freed memory is given back
    before, asked = daemon.wakes(), world.requests
    time.sleep(seconds)
    after = daemon.wakes()
    woken = {thread: count - before.get(thread, 0) for thread, count in after.items() if count != before.get(thread, 0)}
    total = sum(woken.values())
    say(f"  {name}: {daemon.memory():.1f} MiB RssAnon, {len(after)} threads, "
        f"{total} wake-ups and {world.requests - asked} requests in {seconds} s {woken or ''}")
    return daemon.memory(), total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=120, help="days that the posts of the first reading span")
    parser.add_argument("--seconds", type=int, default=60, help="of real time to idle in each mode")
    parser.add_argument("--keep", help="work in this folder and leave it")
    args = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(args.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="bellwether-idle-")))
        folder.mkdir(parents=True, exist_ok=True)
        # A day before the last midnight, so that the system's clock goes on where the driven one ends.
        start = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0) - 24 * HOUR
        world = Invented(args.posts, args.feeds, args.days, start)
        port = stack.enter_context(serving(world))
        file, log = folder / "feeds.yaml", folder / "log"
        file.write_text(settings(world, port, None, "0 7 * * *"), encoding="utf-8")
        say(f"{args.posts} invented posts of {args.days} days in {args.feeds} feeds")

        def drive(daemon, hours, what):
            began = time.monotonic()
            for hour in hours:
                world.now = start + hour * HOUR
                daemon.to(world.now)
            say(f"  {what}: {time.monotonic() - began:.1f} s, {daemon.memory():.1f} MiB RssAnon, "
                f"peak of all memory {daemon.status('VmHWM') / 1024:.0f} MiB")

        daemon = Daemon(folder, log)
        drive(daemon, [0], "first reading, indexed")
        drive(daemon, range(1, 7), "six polls")
        drive(daemon, [7], "a poll and a digest")
        drive(daemon, range(8, 24), "sixteen polls")
        figures = [rest(daemon, "driven clock, after a first reading", args.seconds, world)]
        daemon.stop()
        with manager(folder) as (environment, heard):
            daemon = Daemon(folder, log, environment=[*environment.items(), ("WATCHDOG_USEC", "20000000")])
            drive(daemon, range(24, 31), "restarted, six polls")
            drive(daemon, [31], "a poll and a digest")
            drive(daemon, range(32, 36), "four polls")
            figures.append(rest(daemon, "driven clock, watchdog of 20 s", args.seconds, world))
            say(f"    signs of life in all: {sum('WATCHDOG=1' in text for text in heard)}")
            daemon.stop()
        far = (start + datetime.timedelta(days=180)).strftime("0 0 %-d %-m *")
        file.write_text(settings(world, port, far, far), encoding="utf-8")
        daemon = Daemon(folder, log, clock=None)
        time.sleep(5)
        figures.append(rest(daemon, "the system's clock, next poll months away", args.seconds, world))
        say(f"  SIGTERM: ended in {daemon.stop():.2f} s")
        said = (folder / "log").read_text(encoding="utf-8").splitlines()
        say(f"  log: {len(said)} lines, {sum(' WARN ' in line or ' ERROR ' in line for line in said)} of them warnings or errors")
        most = max(memory for memory, _ in figures)
        say(f"{'holds' if most <= 64 else 'does not hold'}: {most:.1f} MiB RssAnon at most, 64 allowed")
        return most > 64


if __name__ == "__main__":
    sys.exit(main())
