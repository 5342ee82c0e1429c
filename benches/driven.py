"""The daemon under a driven clock (`bellwether run --clock -`), for the benches beside this file."""
import datetime, os, pathlib, select, subprocess, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HOUR = datetime.timedelta(hours=1)


def say(text):
    print(text, flush=True)


def parse(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def binary():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "bellwether"


def iso(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Daemon:
    """One running daemon. `clock="-"`: it lives at the instants that `to` gives it; else at the system's."""

    def __init__(self, folder, log, clock="-", environment=()):
        # Not this shell's service manager: only who listens in a bench is told.
        inherited = {name: value for name, value in os.environ.items()
                     if name not in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")}
        self.log = open(log, "a", encoding="utf-8")
        self.process = subprocess.Popen(
            [binary(), "--dir", folder, "run", *(["--clock", clock] if clock else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, env=inherited | dict(environment))
        self.pid = self.process.pid

    def to(self, moment, patience=900):
        """Lets the clock jump to `moment` and waits until all that was due then is done."""
        self.process.stdin.write(f"{iso(moment)}\n".encode())
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], patience)[0]:
            raise SystemExit(f"the daemon did not come to rest at {iso(moment)} within {patience} s")
        said = self.process.stdout.readline().decode().strip()
        if said != f"idle {iso(moment)}":
            raise SystemExit(f"the daemon said {said!r} at {iso(moment)}; its log: {self.log.name}")

    def status(self, name):
        """A number of /proc/PID/status: kB, or a count."""
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        raise KeyError(name)

    def memory(self):
        """Its own memory (`RssAnon`), in MiB: not the files that it maps."""
        return self.status("RssAnon") / 1024

    def wakes(self):
        """How often its threads were put on a processor so far, by thread."""
        counts = {}
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            lines = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines() if ":" in line)
            counts[f"{task.name} {lines['Name'].strip()}"] = (
                int(lines["voluntary_ctxt_switches"]) + int(lines["nonvoluntary_ctxt_switches"]))
        return counts

    def stop(self):
        """Ends it; returns how long that took, in seconds."""
        began = time.monotonic()
        self.process.terminate()
        code = self.process.wait(30)
        self.log.close()
        if code:
            raise SystemExit(f"the daemon ended with {code}; its log: {self.log.name}")
        return time.monotonic() - began
