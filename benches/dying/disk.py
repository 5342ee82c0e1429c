"""A full disk: a small file system of its own, filled at random points under a running daemon."""
import contextlib, json, os, re, subprocess

from .checks import index_agrees, look, written
from .program import Aim, Breach

# Of the file system, in MiB: room for the archive and the index of some hundred hours.
SIZE = 96
# Virtual hours after which a daemon on a full disk must have met it.
HOURS = 48
# What may meet it, below index/.
PLACES = ("archive", "tantivy", "digests")


@contextlib.contextmanager
def small_disk(folder):
    """Mounts one at `folder`; False where that is not allowed."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "bellwether", folder],
                          capture_output=True) if os.geteuid() == 0 else None
    if done is None or done.returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(path, leave):
    """Takes all room but `leave` bytes."""
    with open(path, "ab", buffering=0) as ballast:
        for step in (1 << 20, 4096):
            with contextlib.suppress(OSError):
                while True:
                    os.posix_fallocate(ballast.fileno(), ballast.tell(), step)
                    ballast.seek(step, os.SEEK_CUR)
        ballast.truncate(max(0, ballast.tell() - leave))


class Disk:
    """The rounds of one daemon on one small disk."""

    def __init__(self, world):
        self.world, self.rng = world, world.rng
        self.ballast = world.folder / "ballast"
        self.daemon = world.daemon()
        # `idle` on a full disk means that nothing can be done.
        self.daemon.rested = lambda moment: None

    def round(self):
        world, daemon = self.world, self.daemon
        self.come_to_rest()
        before = written(world)
        told = len(daemon.err)
        world.later()
        aim = Aim(world, "run")
        daemon.jump(world.now)
        aim.wait(daemon, patience=.3)
        fill(self.ballast, self.rng.choice([0, 0, 4096, 16384, 65536, 262144]))
        self.meets_it(told)
        self.holds_out(told, before)
        self.recovers(told)

    def meets_it(self, told):
        """Hours pass until something could not be written."""
        for _ in range(HOURS):
            self.come_to_rest()
            met = re.findall(r"disk full: could not write \S*?/index/(" + "|".join(PLACES) + ")", self.said(told))
            if met:
                self.world.figures.traces[met[0]] += 1
                return
            self.world.later()
            self.daemon.jump(self.world.now)
        raise Breach(f"the disk is full, and in {HOURS} hours the daemon has not said so: {self.daemon.tail()}")

    def holds_out(self, told, before):
        """It stays up, asks nobody in vain, says what is wrong; what was written stays."""
        world, rooms = self.world, "".join(self.said(told)).lower()
        if "make room" not in rooms:
            raise Breach(f"the log does not say what to do: {self.said(told)}")
        status = world.command("status", "--json", beside=True)
        if status.end() != 1 or "disk full" not in json.dumps(json.loads("".join(status.out))["trouble"]):
            raise Breach(f"status does not tell of the full disk ({status.end()}): {''.join(status.out + status.err)}")
        for _ in range(self.rng.randint(0, 3)):
            world.later()
            asked = world.feeds.asked
            self.daemon.jump(world.now)
            self.come_to_rest()
            # The archive may have room for a while, also after it once had none.
            if len(world.feeds.feeds) < world.feeds.asked - asked:
                raise Breach(f"{world.feeds.asked - asked} documents were asked for at one instant of a full disk")
        now = written(world)
        changed = [name for name, content in before.items() if now.get(name) != content]
        if changed:
            raise Breach(f"digests of before have changed: {changed}")
        if self.rng.random() < .3:
            world.run("search", "--json", "merge")
        look(world, at_rest=False)

    def recovers(self, told):
        """Room is made, a quarter of an hour passes, and all is as if nothing had been."""
        self.ballast.unlink()
        world = self.world
        for _ in range(2):
            world.later()
            self.daemon.jump(world.now)
            self.come_to_rest()
        if "again" not in self.said(told):
            raise Breach(f"it did not say that it works again: {self.said(told)[-800:]}")
        if trouble := self.sick():
            raise Breach(f"there is room again, and it still says: {trouble}")
        world.rested(world.now)
        look(world, at_rest=True)
        index_agrees(world)

    def sick(self):
        status = self.world.command("status", "--json", beside=True)
        status.end()
        trouble = json.loads("".join(status.out))["trouble"]
        return json.dumps([one for one in trouble if "full" in json.dumps(one)]) if trouble else ""

    def said(self, told):
        return "".join(self.daemon.err[told:])

    def come_to_rest(self):
        if not self.daemon.idle(self.world.now):
            raise Breach(f"the daemon ended with {self.daemon.end()} on a full disk: {self.daemon.tail()}")
