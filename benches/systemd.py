#!/usr/bin/env python3
"""Runs Bellwether's two units under a real systemd, and does to them what happens in years.

    benches/systemd.py              as root: system unit, user unit, both measured

A systemd of its own is started as the first process of new namespaces (pid, mount, network,
cgroup), over a copy-on-write view of this machine's files that is gone afterwards: nothing outside
is changed, nothing leaves loopback. Exit 1 on any breach; where no systemd can be started it says
so and is 0. Python 3.11, standard library, util-linux, systemd and dbus.
"""
import contextlib, json, os, pathlib, re, shutil, signal, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FEEDS = 30
# Units that speak to devices or to the real network, and have no business in here.
MASKED = """systemd-udevd.service systemd-udev-trigger.service systemd-sysctl.service
    systemd-timesyncd.service systemd-networkd.service systemd-resolved.service
    systemd-modules-load.service getty@tty1.service console-getty.service
    systemd-remount-fs.service systemd-random-seed.service systemd-firstboot.service
    dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount
    sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount
    proc-sys-fs-binfmt_misc.mount""".split()
TARGET = """[Unit]
Requires=basic.target dbus.service systemd-logind.service
After=basic.target dbus.service systemd-logind.service
"""
SERVER = f"""
import http.server, time, email.utils
class Feed(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        n = self.path.strip("/")
        if n == "slow": time.sleep(60)
        item = "<item><guid>{{0}}-{{1}}</guid><title>Merges {{1}} of {{0}}</title><link>http://{{0}}.example/{{1}}</link></item>"
        items = "".join(item.format(n, i) for i in range(20))
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{{n}}</title>{{items}}</channel></rss>'.encode()
        self.send_response(200)
        self.send_header("content-type", "application/rss+xml")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.2", 8700), Feed).serve_forever()
"""


def settings(more=()):
    names = [f"f{at}" for at in range(FEEDS)] + list(more)
    lines = [f"  - {{name: {name}, url: \"http://127.0.0.2:8700/{name}\"}}" for name in names]
    head = "fetch: {allow: [\"127.0.0.0/16\"], requests_per_second: 0}\nsources:\n"
    return head + "\n".join(lines) + "\n"


def boot(folder):
    """Inside the new namespaces: makes the root that systemd sees, and becomes systemd."""
    run = lambda *words: subprocess.run(words, check=True)
    over, root = folder / "over", folder / "over" / "root"
    run("mount", "-t", "tmpfs", "tmpfs", over)
    for name in ("up", "work", "root"):
        (over / name).mkdir()
    run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={over}/up,workdir={over}/work", root)
    run("mount", "-t", "proc", "proc", root / "proc")
    # The kernel's settings are the machine's.
    run("mount", "-o", "bind,ro", "/proc/sys", root / "proc/sys")
    run("mount", "-o", "ro", "-t", "sysfs", "sysfs", root / "sys")
    run("mount", "-t", "cgroup2", "cgroup2", root / "sys/fs/cgroup")
    run("mount", "--bind", "/dev", root / "dev")
    for name in ("run", "tmp"):
        run("mount", "-t", "tmpfs", "tmpfs", root / name)
    (root / "shared").mkdir()
    run("mount", "--bind", folder / "shared", root / "shared")
    run("ip", "link", "set", "lo", "up")
    for unit in MASKED:
        (root / "etc/systemd/system" / unit).unlink(missing_ok=True)
        (root / "etc/systemd/system" / unit).symlink_to("/dev/null")
    (root / "etc/systemd/system/bench.target").write_text(TARGET)
    (root / "old").mkdir()
    os.chdir(root)
    run("pivot_root", ".", "old")
    run("umount", "-l", "/old")
    clean = {"container": "bench", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    os.execve("/lib/systemd/systemd", ["systemd", "--unit=bench.target"], clean)


class Bed:
    """A running systemd, and ways to have something done under it."""

    def __init__(self, pid):
        self.pid = pid

    def run(self, *words, user=None, check=True):
        enter = ["nsenter", "-t", str(self.pid), "-a", "-r", "-w", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
        if user:
            enter += ["runuser", "-u", user, "--", "env", f"HOME=/home/{user}", f"USER={user}",
                      "XDG_RUNTIME_DIR=/run/user/1500"]
        done = subprocess.run([*enter, *map(str, words)], capture_output=True, text=True)
        if check and done.returncode:
            raise Breach(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def until(self, what, moment, seconds=60):
        """Waits for something of systemd's; the only clock in here that is not measured."""
        end = time.monotonic() + seconds
        while not moment():
            if end < time.monotonic():
                raise Breach(f"{what}: not within {seconds} s")
            time.sleep(.05)


class Breach(Exception):
    """Something that must never be."""


@contextlib.contextmanager
def bed(program):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bellwether-systemd-"))
    for name in ("over", "shared"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    shutil.copy(program, folder / "shared/bellwether")
    for unit in (ROOT / "packaging").iterdir():
        shutil.copy(unit, folder / "shared")
    (folder / "shared/feeds.py").write_text(SERVER)
    words = "unshare --mount --pid --fork --net --cgroup --ipc --uts --propagation private".split()
    with open(folder / "log", "w") as log:
        outer = subprocess.Popen([*words, sys.executable, __file__, "boot", folder], stdout=log, stderr=log,
                                 stdin=subprocess.DEVNULL, start_new_session=True)
    inner = None
    try:
        for _ in range(200):
            children = pathlib.Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text().split()
            inner = int(children[0]) if children else None
            ready = inner and Bed(inner).run("systemctl", "is-active", "bench.target", check=False)
            if ready and ready.stdout.strip() == "active":
                break
            if outer.poll() is not None:
                raise OSError((folder / "log").read_text() or "it ended at once")
            time.sleep(.1)
        else:
            raise OSError("it does not come up\n" + (folder / "log").read_text())
        yield Bed(inner)
    finally:
        if inner:
            with contextlib.suppress(ProcessLookupError):
                os.kill(inner, signal.SIGKILL)
        outer.wait()
        shutil.rmtree(folder)


def ms(work):
    begun = time.monotonic()
    work()
    return round((time.monotonic() - begun) * 1000)


def holds(fact, what):
    if not fact:
        raise Breach(what)


class Service:
    """One of the two units, by the words that reach it."""

    def __init__(self, bed, name, user, settings_file, program, places):
        self.bed, self.name, self.user, self.file = bed, name, user, settings_file
        self.manager = ["systemctl", "--user"] if name == "user" else ["systemctl"]
        self.words = [*places, program]

    def ctl(self, *words):
        return self.bed.run(*self.manager, *words, user=self.user if self.name == "user" else None).stdout.strip()

    def show(self, key):
        return self.ctl("show", "-P", key, "bellwether")

    def status(self):
        done = self.bed.run("env", *self.words, "status", "--json", user=self.user, check=False)
        return done.returncode, json.loads(done.stdout)

    def write(self, text):
        self.bed.run("sh", "-c", 'printf %s "$0" > "$1"', text, self.file)

    def was_read(self, feeds):
        self.bed.until("feeds were read", lambda: self.status()[1].get("ok") == feeds)

    def live(self):
        """What happens to it in years."""
        told = {}
        self.was_read(FEEDS)
        code, status = self.status()
        holds(code == 0 and status["running"]["answers"], f"status: {status}")
        told["reload"] = ms(lambda: self.ctl("reload", "bellwether"))
        told["memory"] = self.memory()
        told["start"], told["stop"] = 0, 0
        for _ in range(3):
            told["stop"] = max(told["stop"], ms(lambda: self.ctl("stop", "bellwether")))
            told["start"] = max(told["start"], ms(lambda: self.ctl("start", "bellwether")))
        self.ctl("stop", "bellwether")
        self.write(settings(["slow"]))
        self.ctl("start", "bellwether")
        self.bed.until("a slow poll", lambda: "poll" in self.status()[1]["running"]["doing"], 90)
        told["stop in mid-poll"] = ms(lambda: self.ctl("stop", "bellwether"))
        holds(self.show("Result") == "success", "it did not end well")
        self.write(settings())
        self.ctl("start", "bellwether")
        self.killed(told)
        self.hung(told)
        self.broken()
        return told

    def memory(self):
        text = self.bed.run("cat", f"/proc/{self.show('MainPID')}/status").stdout
        holds("NoNewPrivs:\t1" in text and "Seccomp:\t2" in text, "it is not confined")
        return int(re.search(r"RssAnon:\s+(\d+)", text)[1]) // 1024

    def came_back(self, pid):
        self.bed.until("it came back", lambda: self.show("ActiveState") == "active" and self.show("MainPID") != pid)

    def killed(self, told):
        pid = self.show("MainPID")
        self.ctl("kill", "-s", "KILL", "bellwether")
        self.bed.until("it is missed", lambda: "ended without a word" in str(self.status()[1]["trouble"]), 10)
        told["back after kill -9"] = ms(lambda: self.came_back(pid))
        holds(self.status()[0] == 0, "not well after kill -9")

    def hung(self, told):
        """The watchdog, six seconds instead of two minutes."""
        folder = "/run/user/1500/systemd/user.control" if self.name == "user" else "/run/systemd/system"
        self.bed.run("mkdir", "-p", f"{folder}/bellwether.service.d", user=self.user if self.name == "user" else None)
        drop_in = f"{folder}/bellwether.service.d/watchdog.conf"
        self.bed.run("sh", "-c", 'printf "[Service]\\nWatchdogSec=6s\\n" > "$0"; chmod 644 "$0"', drop_in)
        self.ctl("daemon-reload")
        self.ctl("restart", "bellwether")
        fed = self.show("WatchdogTimestampMonotonic")
        self.bed.until("it feeds the watchdog", lambda: self.show("WatchdogTimestampMonotonic") != fed, 10)
        pid = self.show("MainPID")
        self.bed.run("kill", "-STOP", pid)
        code, status = self.status()
        holds(code == 1 and "does not answer" in str(status["trouble"]), f"status of a hung one: {status}")
        killed = lambda: self.bed.until("the watchdog bites", lambda: self.show("MainPID") != pid)
        told["watchdog of 6 s bites after"] = ms(killed)
        self.came_back(pid)
        self.bed.run("rm", drop_in)
        self.ctl("daemon-reload")
        self.ctl("restart", "bellwether")

    def broken(self):
        self.write("sources: [\n")
        self.ctl("reload", "bellwether")
        self.bed.until("it tells of broken settings", lambda: self.status()[0] == 1, 10)
        holds(self.show("ActiveState") == "active", "broken settings ended it")
        self.bed.run(*self.manager, "restart", "bellwether", user=self.user if self.name == "user" else None, check=False)
        holds(self.show("ExecMainStatus") == "78" and self.show("NRestarts") == "0", "it was started again in vain")
        self.write(settings())
        self.ctl("start", "bellwether")
        self.bed.until("it is well again", lambda: self.status()[0] == 0, 10)


def system_unit(bed):
    bed.run("install", "-m", "755", "/shared/bellwether", "/usr/bin/bellwether")
    bed.run("cp", "/shared/bellwether.service", "/usr/lib/systemd/system/")
    bed.run("cp", "/shared/bellwether.sysusers", "/usr/lib/sysusers.d/bellwether.conf")
    bed.run("systemd-sysusers")
    bed.run("mkdir", "-p", "/etc/bellwether")
    places = ["XDG_CONFIG_HOME=/etc", "XDG_DATA_HOME=/var/lib"]
    service = Service(bed, "system", "bellwether", "/etc/bellwether/feeds.yaml", "/usr/bin/bellwether", places)
    service.write(settings())
    bed.run("systemctl", "daemon-reload")
    bed.run("systemctl", "enable", "--now", "bellwether")
    return service


def user_unit(bed):
    bed.run("useradd", "-m", "-u", "1500", "mara")
    bed.run("loginctl", "enable-linger", "mara")
    bed.until("the user manager", lambda: bed.run("systemctl", "is-active", "user@1500", check=False).returncode == 0)
    # A path with all that systemd would take for something of its own.
    home = '/home/mara/reading "100%" $HOME'
    program = "/home/mara/my 50%h/bellwether"
    bed.run("mkdir", "-p", home, "/home/mara/my 50%h")
    bed.run("install", "-m", "755", "/shared/bellwether", program)
    bed.run("chown", "-R", "mara:", "/home/mara")
    service = Service(bed, "user", "mara", f"{home}/feeds.yaml", program, [])
    service.words += ["--dir", home]
    service.write(settings())
    bed.run("env", *service.words, "service", "install", "--start", user="mara")
    return service


def main():
    program = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/bellwether"
    if not program.is_file():
        sys.exit(f"{program} is not there: cargo build --release")
    if os.geteuid() != 0 or not pathlib.Path("/lib/systemd/systemd").exists():
        return print("skipped: it needs root and a systemd")
    try:
        with bed(program) as running:
            running.run("systemd-run", "--unit=feeds", "python3", "/shared/feeds.py")
            for unit in (system_unit, user_unit):
                service = unit(running)
                told = service.live()
                print(f"{service.name} unit: " + ", ".join(
                    f"{what} {figure} {'MiB' if what == 'memory' else 'ms'}" for what, figure in told.items()))
                if service.name == "user":
                    running.run("systemctl", "restart", "user@1500")
                    running.until("lingering brings it back", lambda: service.status()[0] == 0 and service.status()[1]["running"])
                    running.run("env", *service.words, "service", "uninstall", "--stop", user="mara")
                    running.until("it is gone", lambda: not service.status()[1]["running"], 10)
                service.bed.run("systemctl", "stop", "bellwether", check=False)
    except OSError as error:
        return print(f"skipped: no systemd can be started here: {error}")
    except Breach as breach:
        sys.exit(f"BREACH {breach}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["boot"]:
        boot(pathlib.Path(sys.argv[2]))
    else:
        main()
