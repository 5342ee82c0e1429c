"""The program under test: its commands, its daemon with a driven clock, and how they are killed."""
import contextlib, datetime, os, pathlib, signal, subprocess, threading, time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Longer than anything takes here, also on a busy computer.
PATIENCE = 120


class Breach(Exception):
    """Something that must never be."""


def binary():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "bellwether"


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Process:
    """One process; its pipes are drained all the while, as a full one would stop it."""

    def __init__(self, folder, words, hear=lambda line: None, **options):
        self.words = words
        environment = {name: value for name, value in os.environ.items() if name not in ("RUST_LOG", "BELLWETHER_HOME")}
        self.inner = subprocess.Popen([binary(), "--dir", folder, *words], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True, env=environment, **options)
        self.out, self.err, self.hear = [], [], hear
        self.drains = [threading.Thread(target=self.drain, args=pair)
                       for pair in ((self.inner.stdout, self.out), (self.inner.stderr, self.err))]
        for thread in self.drains:
            thread.start()

    def drain(self, stream, lines):
        for line in stream:
            lines.append(line)
            self.hear(line)

    def lives(self):
        return self.inner.poll() is None

    def kill(self):
        """Says whether it died of it."""
        self.inner.kill()
        return self.end() == -signal.SIGKILL

    def end(self, patience=PATIENCE):
        """Waits for its end; its exit code."""
        try:
            code = self.inner.wait(patience)
        except subprocess.TimeoutExpired:
            self.inner.send_signal(signal.SIGABRT)
            raise Breach(f"`{self}` does not end within {patience} s")
        for thread in self.drains:
            thread.join()
        if code not in (0, 1, 2, -signal.SIGKILL):
            raise Breach(f"`{self}` ends with {code}: {self.tail()}")
        return code

    def tail(self):
        return "".join(self.err).strip()[-800:]

    def __str__(self):
        return f"bellwether {' '.join(map(str, self.words))}"


class Daemon(Process):
    """`bellwether run` with a clock that only moves when it is told to."""

    def __init__(self, folder, now, hear, rested):
        self.rested, self.rests, self.turn = rested, [], threading.Condition()
        super().__init__(folder, ["-v", "run", "--clock", "-"], hear, stdin=subprocess.PIPE)
        self.jump(now)

    def drain(self, stream, lines):
        super().drain(stream, lines)
        with self.turn:
            self.turn.notify_all()

    def jump(self, moment):
        with contextlib.suppress(BrokenPipeError):
            self.inner.stdin.write(iso(moment) + "\n")
            self.inner.stdin.flush()

    def idle(self, moment, patience=PATIENCE):
        """Waits until all that is due at `moment` is done; false if it died before."""
        deadline = time.monotonic() + patience
        line = f"idle {iso(moment)}\n"
        while line not in self.out:
            if not self.lives():
                return False
            if deadline < time.monotonic():
                raise Breach(f"the daemon does not come to rest at {iso(moment)}: {self.tail()}")
            time.sleep(.005)
        self.rested(moment)
        return True

    def stop(self):
        """SIGTERM ends it within 5 s."""
        began = time.monotonic()
        self.inner.send_signal(signal.SIGTERM)
        code = self.end()
        took = time.monotonic() - began
        if code != 0 or 5 < took:
            raise Breach(f"after SIGTERM it ended with {code} in {took:.1f} s: {self.tail()}")


class Aim:
    """When to kill: after a part of the usual time, after an answer of a server, or right after
    one of the program's files moved."""

    KINDS = ("time", "answer", "write")

    def __init__(self, world, what):
        self.world, self.rng, self.what = world, world.rng, what
        # Only what reads feeds gets answers.
        self.kind = self.rng.choice(["time", "write", "write"] + ["answer"] * (what in ("fetch", "run")))

    def wait(self, process, patience=20):
        """Returns when the moment has come, or the process has ended by itself."""
        deadline = time.monotonic() + patience
        if self.kind == "time":
            deadline = time.monotonic() + self.rng.uniform(0, 1.1 * self.world.spans.get(self.what, .5))
            moved = lambda: False
        elif self.kind == "answer":
            feeds = self.world.feeds
            goal = feeds.answered + self.rng.randint(1, 2 * len(feeds.feeds))
            moved = lambda: goal <= feeds.answered
        else:
            moved = self.writes(self.rng.choice([1, 1, 2, 3, 5, 8, 13, 21, 34]),
                                self.rng.choice([("", "tantivy", "digests"), ("", "digests"), ("digests",), ("tantivy",)]))
        while process.lives() and time.monotonic() < deadline and not moved():
            time.sleep(.0002)
        if self.kind != "time":
            time.sleep(self.rng.choice([0, 0, self.rng.uniform(0, .004)]))

    def writes(self, left, places):
        index = self.world.folder / "index"
        seen = signature(index, places)
        def moved():
            nonlocal seen, left
            now = signature(index, places)
            left, seen = left - (now != seen), now
            return left <= 0
        return moved


def signature(index, places):
    """What one sees of the program's writes from outside."""
    found = []
    for place in places:
        with contextlib.suppress(OSError), os.scandir(index / place) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    status = entry.stat()
                    found.append((entry.path, status.st_size, status.st_mtime_ns))
    return found
