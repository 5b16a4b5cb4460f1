"""Each wall is attacked as it stands, where that must fail, and switched off, where it succeeds."""

import os
import socket
import textwrap
from dataclasses import dataclass

import pytest

from autograder.kernels import seccomp, zygotes
from tests.kernels.kernels import (
    FULL,
    kernel,
    needs_namespaces,
    numbers,
    open_python,
    processes_with,
    run,
    without,
)

pytestmark = needs_namespaces


@dataclass(frozen=True)
class Attack:
    """Code that says BREACHED if a wall does not stand.

    `off` names the walls to switch off for it to succeed: several where more than one of them stops
    it. `before` is run in another kernel, which goes on beside it.
    """

    off: tuple[str, ...]
    code: str
    before: str = ""

    def succeeds(self, settings) -> bool:
        with kernel(settings) as neighbour:
            if self.before:
                assert neighbour.run(prepared(self.before)) == ""
            return "BREACHED" in run(prepared(self.code), settings)


def prepared(code: str) -> str:
    return SYSTEM_CALLS + textwrap.dedent(code)


SYSTEM_CALLS = """
import ctypes, os, socket, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
"""

ATTACKS = {
    # ---- what other submissions have
    "read a neighbour's files": Attack(
        ("mount",),
        "if os.path.exists('/tmp/answers'): print('BREACHED')",
        before="open('/tmp/answers', 'w').close()",
    ),
    "read a neighbour's shared memory": Attack(
        ("ipc", "seccomp"),  # seccomp forbids it altogether, for nothing counts its pages
        "if libc.shmget(4321, 4096, 0) >= 0: print('BREACHED')",
        before="_ = libc.shmget(4321, 4096, 0o1666)",
    ),
    "talk to a neighbour": Attack(
        ("net",),
        "socket.socket(socket.AF_UNIX).connect('\\0meeting'); print('BREACHED')",
        before="s = socket.socket(socket.AF_UNIX); s.bind('\\0meeting'); s.listen()",
    ),
    "see a neighbour's processes": Attack(
        ("pid",),
        """
        for process in filter(str.isdigit, os.listdir('/proc')):
            try:
                if b'2718281' in open(f'/proc/{process}/cmdline', 'rb').read(): print('BREACHED')
            except OSError:
                pass
        """,
        before="p = subprocess.Popen(['sleep', '2718281'])",
    ),
    # ---- what the machine has
    "learn the machine's name": Attack(
        ("uts",), f"if socket.gethostname() == {socket.gethostname()!r}: print('BREACHED')"
    ),
    "use all memory": Attack(("limits",), "x = bytearray(600 * 2**20); print('BREACHED')"),
    "use all memory, each process a little": Attack(
        ("limits",),
        """
        for _ in range(4):
            if os.fork() == 0:
                x = bytearray(120 * 2**20)
                for i in range(0, len(x), 4096): x[i] = 1
                import time; time.sleep(60); os._exit(0)
        import time; time.sleep(1.5); print('BREACHED')
        """,
    ),
    "use memory that belongs to no process": Attack(
        ("seccomp",), "if os.memfd_create('x') >= 0: print('BREACHED')"
    ),
    "fork for ever": Attack(
        ("limits",),
        """
        children = 0
        while children < 60:
            if os.fork() == 0:
                import time; time.sleep(60); os._exit(0)
            children += 1
        print('BREACHED')
        """,
    ),
    "open too many files": Attack(
        ("limits",), "x = [open('/dev/null') for _ in range(200)]; print('BREACHED')"
    ),
    "write a large file": Attack(
        ("limits",),
        "if open('x', 'wb', 0).write(bytes(25 * 2**20)) > 24 * 2**20: print('BREACHED')",
    ),
    "fill the memory with files": Attack(
        ("mount",),
        "for i in range(3): open(f'x{i}', 'wb').write(bytes(20 * 2**20))\nprint('BREACHED')",
    ),
    "make too many files": Attack(
        ("mount",), "for i in range(600): open(f'x{i}', 'w').close()\nprint('BREACHED')"
    ),
    "compute for ever": Attack(
        ("limits",),
        "import time, signal\nsignal.signal(signal.SIGXCPU, lambda *_: None)\n"
        "while time.process_time() < 4: pass\nprint('BREACHED')",
    ),
    # ---- ways out
    "mount something": Attack(
        ("capabilities", "seccomp"),  # seccomp forbids the call, whoever makes it
        "if libc.mount(b'tmpfs', b'/work', b'tmpfs', 0, None) == 0: print('BREACHED')",
    ),
    "make namespaces, and be root therein": Attack(
        ("seccomp",),
        "if subprocess.run(['unshare', '--user', 'true']).returncode == 0: print('BREACHED')",
    ),
    "trace a process": Attack(("seccomp",), "if libc.ptrace(0, 0, 0, 0) == 0: print('BREACHED')"),
    "open an Internet socket": Attack(
        ("seccomp",), "socket.socket(socket.AF_INET); print('BREACHED')"
    ),
    "switch off the randomisation of addresses": Attack(
        ("seccomp",), "if libc.personality(0xFFFFFFFF) >= 0: print('BREACHED')"
    ),
    "outlive one's end": Attack(
        ("seccomp",), "if libc.prctl(1, 0, 0, 0, 0) == 0: print('BREACHED')"
    ),
    "set a process's limits": Attack(
        ("seccomp",), "if libc.prlimit(os.getpid(), 4, None, None) == 0: print('BREACHED')"
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_fails(name):
    assert not ATTACKS[name].succeeds(FULL)


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_succeeds_without_the_wall(name):
    assert ATTACKS[name].succeeds(without(*ATTACKS[name].off))


@pytest.mark.parametrize("name", [name for name in ATTACKS if len(ATTACKS[name].off) > 1])
def test_attack_fails_as_long_as_one_of_its_walls_stands(name):
    for wall in ATTACKS[name].off:
        assert not ATTACKS[name].succeeds(without(wall))


def test_attacks_are_on_every_wall():
    attacked = {wall for attack in ATTACKS.values() for wall in attack.off}
    assert attacked | {"user"} == set(FULL.inner)


READ = "try: print(open({path!r}).read())\nexcept OSError as error: print(error)"


def test_outer_wall_hides_the_host(tmp_path_factory, monkeypatch):
    path = secret_file(tmp_path_factory)
    assert "No such file" in run(READ.format(path=str(path)))
    with open_python(monkeypatch):  # the wall of mounts needs the folders that bubblewrap makes
        assert "grades" in run(READ.format(path=str(path)), without("outer", "mount"))


def secret_file(tmp_path_factory):
    """A file that any user of this machine may read."""
    path = tmp_path_factory.mktemp("secret") / "gradebook"
    path.write_text("grades")
    for folder in path.parents:
        if folder.owner() == path.owner() and len(folder.parts) > 2:
            folder.chmod(0o755)
    return path


DAEMON = """
import os, subprocess
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "{marker}"])
    os._exit(0)
"""


@pytest.mark.parametrize("walls_off", [(), ("pid",)])
def test_nothing_runs_on_when_a_kernel_has_ended(walls_off):
    marker = str(next(numbers))
    with kernel(without(*walls_off)) as started:
        started.run(DAEMON.format(marker=marker))
        started.run(
            f"while not {marker!r} in os.popen('cat /proc/*/cmdline 2>/dev/null').read(): pass"
        )
    left = processes_with(marker)
    for process in left:
        os.kill(process, 9)
    assert bool(left) == bool(walls_off)


def test_no_wall_of_namespaces_stands_without_that_of_users():
    with pytest.raises(RuntimeError, match="Operation not permitted"):
        run("", without("user"))


# ---- what has no switch


def test_environment_is_a_fixed_one(monkeypatch):
    monkeypatch.setenv("LOSSGRAD_SECRET_OF_THE_LECTURER", "1")
    assert "LECTURER" not in run("import os; print(os.environ, open('/proc/self/environ').read())")


def test_every_place_to_write_in_is_private_and_small():
    code = """
    import os
    for folder, _, _ in os.walk('/'):
        if folder.startswith('/proc') or not os.access(folder, os.W_OK): continue
        print(folder, os.statvfs(folder).f_blocks * os.statvfs(folder).f_frsize // 2**20)
    """
    found = dict(line.split() for line in run(textwrap.dedent(code)).splitlines())
    assert found == {"/tmp": "32", "/work": "32", "/dev/shm": "32"}


def test_control_socket_is_not_inherited():
    code = """
    import os, socket, stat
    for name in os.listdir('/proc/self/fd'):
        try:
            if stat.S_ISSOCK(os.stat(int(name)).st_mode):
                found = socket.socket(fileno=os.dup(int(name)))
                print(found.type.name, end=' ')
        except OSError:
            pass
    """
    # The zygote listens on SOCK_SEQPACKET.
    assert set(run(textwrap.dedent(code)).split()) == {"SOCK_STREAM"}


def test_open_files_have_positions_of_their_own():
    """Two forks that read the same font at the same time must not move each other's position."""
    code = """
    import os, matplotlib.pyplot, stat
    for name in sorted(os.listdir('/proc/self/fd')):
        try:
            if stat.S_ISREG(os.stat(int(name)).st_mode):
                print(os.lseek(int(name), {to}, os.SEEK_{whence}), end=' ')
        except OSError:
            pass
    """
    settings = FULL.__class__(allowance=FULL.allowance)
    with kernel(settings) as first, kernel(settings) as second:
        moved = first.run(textwrap.dedent(code).format(to=12345, whence="SET"))
        there = second.run(textwrap.dedent(code).format(to=0, whence="CUR"))
    assert "12345" in moved
    assert "12345" not in there


def test_calls_younger_than_the_filter_are_unknown(monkeypatch):
    # 452 is fchmodat2.
    code = prepared("print(libc.syscall(452, -1, b'x', 0, 0), os.strerror(ctypes.get_errno()))")
    monkeypatch.setattr(seccomp, "NEWEST_KNOWN", 451)
    with zygotes.Zygote(FULL.__class__(preload=(), environment={"FILTER": "older"})) as zygote:
        monkeypatch.setattr(zygotes, "zygote_for", lambda *_: zygote)
        assert "Function not implemented" in run(code)
    monkeypatch.undo()
    assert "Function not implemented" not in run(code)


def test_hidden_packages_are_not_seen():
    settings = FULL.__class__(allowance=FULL.allowance, preload=(), hidden=("nbformat",))
    assert "ModuleNotFoundError" in run("import nbformat.v4", settings)


def test_files_of_the_assignment_can_be_changed_only_in_the_copy():
    files = {"data/points.csv": b"1,2", "helper.py": b"answer = 42"}
    with kernel(FULL, files) as started:
        assert started.run("import helper; print(helper.answer)") == "42\n"
        assert started.run("open('data/points.csv', 'w').write('9')") == "1"
        assert started.run("open('/assignment/data/points.csv', 'w')") == "OSError"
        assert started.run("print(open('/assignment/data/points.csv').read())") == "1,2\n"


def test_files_with_names_that_lead_elsewhere_are_refused():
    for name in ("../../etc/passwd", "/etc/passwd", "a\nb"):
        with pytest.raises(ValueError, match="no name for an assignment's file"):
            run("", FULL, **{name: b""})


def test_random_numbers_differ_between_kernels():
    code = "import random, numpy, os; print(random.random(), numpy.random.rand(), os.urandom(4))"
    assert len({run(code) for _ in range(2)}) == 2


def test_children_run_in_the_same_environment():
    said = run("!python -c 'import numpy, sys; print(numpy.sqrt(4), sys.prefix)'")
    assert said.split() == ["2.0", "/opt/environment"]
