"""Invented feeds on loopback for benches/kill.py: they grow, answer 304, are slow, and break off.

A client that presents the ETag of a document says that it keeps the document: its posts are
acknowledged from then on.
"""
import asyncio, datetime, random, re, threading
from email.utils import format_datetime

HOSTS, FEEDS_EACH, WINDOW = 12, 2, 20
WORDS = """merge segment index query token ranking feed daemon archive cursor shard replica vector
cluster burst topic lock journal page cache thread socket timer signal parser schema column snapshot
compaction checkpoint garden bicycle harbor violin bakery glacier lantern orchard pottery quarry
""".split()


class Feed:
    def __init__(self, number, host):
        self.number, self.host = number, host
        self.posts = []        # [guid, title, text, published], oldest first
        self.made = 0
        self.document = None, None   # ETag and body, replaced at once


class Feeds:
    """The server and what it has sent. `acknowledged` holds (guid, title)."""

    # A digest is due half an hour before each third hour; in microseconds.
    EVERY, BEFORE = 3 * 3_600_000_000, 1_800_000_000

    def __init__(self, rng, now):
        self.rng = random.Random(rng.random())
        self.asked = self.answered = 0
        self.in_peace = False
        self.acknowledged, self.documents = set(), {}
        self.served = {}       # feed's name → ETag of the last whole answer
        self.feeds = [Feed(host * FEEDS_EACH + part, f"127.0.0.{host + 2}")
                      for host in range(HOSTS) for part in range(FEEDS_EACH)]
        for _ in range(3):
            self.grow(now)
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self.serve, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait()

    def settings(self):
        """The feeds.yaml that follows them."""
        def url(feed):
            return f"http://{feed.host}:{self.port}/{feed.number}.xml"
        lines = ["fetch: {allow: [\"127.0.0.0/16\"], requests_per_second: 0, cron: \"0 * * * *\", min: 15m, max: 1h}",
                 "digest:", "  schedules: [{name: morning, cron: \"30 2,5,8,11,14,17,20,23 * * *\", tz: UTC, to: [file]}]",
                 "interests: [{name: search, query: \"merge OR index OR ranking\"}]", "people:"]
        half = len(self.feeds) // 2
        for feed in self.feeds[:half]:
            lines.append(f"  - {{name: Person {feed.number}, profiles: [{{kind: blog, feed: \"{url(feed)}\"}}]}}")
        lines.append("sources:")
        for feed in self.feeds[half:]:
            lines.append(f"  - {{name: Source {feed.number}, url: \"{url(feed)}\"}}")
        return "\n".join(lines) + "\n"

    # ------------------------------------------------------------ what they say

    def grow(self, now):
        """Each feed gets some posts, and sometimes an edit."""
        for feed in self.feeds:
            for _ in range(self.rng.choice([0, 1, 1, 2, 5])):
                feed.made += 1
                guid = f"f{feed.number}-p{feed.made}"
                title = f"{guid.replace('-', '')} {' '.join(self.rng.sample(WORDS, 3))}"
                text = " ".join(self.rng.choices(WORDS, k=self.rng.choice([20, 80, 400])))
                feed.posts.append([guid, title, text, now - datetime.timedelta(minutes=self.rng.randint(0, 50))])
            if feed.posts and self.rng.random() < .1:
                self.rng.choice(feed.posts[-WINDOW:])[1] += f" {self.rng.choice(WORDS)}"
            feed.posts = feed.posts[-WINDOW:]
            items = "".join(
                f"<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title>"
                f"<link>http://{feed.host}/{guid}</link><pubDate>{format_datetime(at)}</pubDate>"
                f"<description>{text}</description></item>"
                for guid, title, text, at in reversed(feed.posts))
            body = f"<rss version=\"2.0\"><channel><title>Feed {feed.number}</title>{items}</channel></rss>".encode()
            if body != feed.document[1]:
                etag = f"\"{feed.number}-{len(self.documents)}\""
                self.documents[etag] = {(guid, title) for guid, title, *_ in feed.posts}
                feed.document = etag, body

    def standing(self):
        """All posts that stand in the feeds now."""
        return {(guid, title) for feed in self.feeds for guid, title, *_ in feed.posts}

    def acknowledge(self, line):
        """`line` of the log tells that the last answer of a feed was kept."""
        number = re.search(r"feed=\"?(?:Person|Source) (\d+)", line)
        etag = number and self.served.get(int(number[1]))
        if etag:
            self.acknowledged |= self.documents[etag]

    # ------------------------------------------------------------ the server

    def serve(self, ready):
        asyncio.set_event_loop(self.loop)
        async def start():
            hosts = sorted({feed.host for feed in self.feeds})
            first = await asyncio.start_server(self.client, hosts[0], 0)
            self.port = first.sockets[0].getsockname()[1]
            for host in hosts[1:]:
                await asyncio.start_server(self.client, host, self.port)
        self.loop.run_until_complete(start())
        ready.set()
        self.loop.run_forever()

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def client(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if not await self.answer(head.decode("latin-1"), writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, head, writer):
        """Answers one request; says whether the connection stays."""
        path = head.split(" ")[1]
        name = re.fullmatch(r"/(\d+)\.xml", path)
        if not name:
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return True
        self.asked += 1
        feed = self.feeds[int(name[1])]
        known = re.search(r"(?im)^if-none-match: *(.*?)\r$", head)
        if known:
            self.acknowledged |= self.documents[known[1]]
        # The document may grow while the answer is under way: this one is sent.
        etag, body = feed.document
        await asyncio.sleep(self.rng.choice([0, 0, .002, .01]))
        if known and known[1] == etag:
            writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode())
            await writer.drain()
            self.answered += 1
            return True
        torn = not self.in_peace and self.rng.random() < .02
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {etag}\r\n"
                     f"Content-Length: {len(body)}\r\n\r\n".encode())
        for part in (body[:len(body) // 2], b"" if torn else body[len(body) // 2:]):
            writer.write(part)
            await writer.drain()
        if not torn:
            self.served[feed.number] = etag
        self.answered += 1
        return not torn
