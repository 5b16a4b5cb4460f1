"""The second choice, without namespaces: Landlock, seccomp, limits, and own folders."""

import dataclasses
import os
import socket
import textwrap
import time

import pytest

from autograder.kernels import host, landlock, zygotes
from tests.kernels.kernels import FULL, kernel, open_python, run

pytestmark = pytest.mark.skipif(not landlock.version(), reason="this host has no Landlock")
FALLBACK = FULL.fallback()


@pytest.fixture(autouse=True)
def _python_can_be_read(monkeypatch):
    with open_python(monkeypatch):
        yield


def without(*walls):
    inner = tuple(wall for wall in FALLBACK.inner if wall not in walls)
    return dataclasses.replace(FALLBACK, inner=inner)


@pytest.fixture
def lecturer(tmp_path):
    """Files and a socket of the user who grades, which this user may reach."""
    user = 65534 if os.getuid() == 0 else os.getuid()
    folder = tmp_path / "lecturer"
    folder.mkdir()
    (folder / "gradebook").write_text("grades")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "socket"))
    listener.listen()
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)
        os.chown(path, user, user)
    for parent in folder.parents:
        if parent.stat().st_uid == os.getuid() and len(parent.parts) > 2:
            parent.chmod(0o755)
    with listener:
        yield folder


ATTACKS = {
    "read": ("landlock", "print(open(path + '/gradebook').read())"),
    "write": ("landlock", "open(path + '/gradebook', 'a').close(); print('grades')"),
    "delete": ("landlock", "import os; os.remove(path + '/gradebook'); print('grades')"),
    "list": ("landlock", "import os; print(os.listdir(path), 'grades')"),
    "read the memory of the grader": (
        "landlock",
        "import os\nprint(open(f'/proc/{os.getppid()}/environ').read()[:0] + 'grades')",
    ),
    "change attributes": (
        "seccomp",
        "import os\nos.chmod(path + '/gradebook', 0o600)\n"
        "print('grades' if os.stat(path + '/gradebook').st_mode & 0o777 == 0o600 else '')",
    ),
    "talk to services of the user": (
        "seccomp",
        "import socket; socket.socket(socket.AF_UNIX).connect(path + '/socket'); print('grades')",
    ),
    "talk to services through a pair of sockets": (
        "seccomp",
        "import socket\nsocket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); print('grades')",
    ),
    "start programs": ("seccomp", "import os; print('grades' if os.system('true') == 0 else '')"),
    "open an Internet socket": ("seccomp", "import socket; socket.socket(); print('grades')"),
    "slow down others": (
        "seccomp",
        "import os; os.setpriority(os.PRIO_USER, 0, 19); print('grades')",
    ),
    "use all memory": ("limits", "x = bytearray(600 * 2**20); print('grades')"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_fails(name, lecturer):
    _, code = ATTACKS[name]
    assert "grades" not in run(f"path = {str(lecturer)!r}\n{code}", FALLBACK)
    assert (lecturer / "gradebook").read_text() == "grades"


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_succeeds_without_the_wall(name, lecturer):
    wall, code = ATTACKS[name]
    assert "grades" in run(f"path = {str(lecturer)!r}\n{code}", without(wall))


def test_ordinary_work_goes_on():
    code = """
    import numpy as np, shutil, tempfile, threading
    import matplotlib.pyplot as plt
    plt.plot(np.loadtxt('data.csv', delimiter=',')); plt.savefig('figure.png'); plt.close()
    np.save('copy.npy', np.ones(3)); shutil.copy('copy.npy', 'again.npy')
    with tempfile.NamedTemporaryFile() as file: file.write(b'x')
    t = threading.Thread(target=print, args=(np.load('again.npy'),)); t.start(); t.join()
    import helper; print(helper.answer)
    """
    with kernel(FALLBACK, {"data.csv": b"1,2", "helper.py": b"answer = 42"}) as started:
        assert started.run(textwrap.dedent(code)) == "[1. 1. 1.]\n42\n"


def test_neighbours_do_not_see_one_another():
    with kernel(FALLBACK) as first, kernel(FALLBACK) as second:
        first.run("open('answer', 'w').write('a')")
        folder = first.run("print(__import__('os').getcwd())").strip()
        assert second.run(f"print(open('{folder}/answer').read())") == "PermissionError"
        assert second.run(f"import os; os.listdir('{folder}/../..')") == "PermissionError"
        process = first.run("import os; print(os.getpid())").strip()
        assert second.run(f"print(open('/proc/{process}/environ').read())") == "PermissionError"
        assert second.run(f"os.kill({process}, 9)") == "PermissionError"
        assert first.alive


def test_kernel_can_be_interrupted_and_ended():
    with kernel(FALLBACK) as started:
        started.loop.call_later(
            0.3, lambda: setattr(started, "task", started.loop.create_task(stop(started)))
        )
        assert started.run("import time\nwhile True: time.sleep(0.01)") == "KeyboardInterrupt"
        handle = int(started.provisioner.pid)
    assert not os.path.exists(f"/proc/{handle}")


async def stop(started):
    await started.manager.interrupt_kernel()


def test_whatever_a_submission_makes_is_removed():
    code = """
    import os
    os.symlink('/etc/passwd', 'link')
    os.mkdir('closed'); open('closed/file', 'w').close(); os.mkdir('closed/none', 0)
    for _ in range(1500):
        os.mkdir('d'); os.chdir('d')
    """
    with kernel(FALLBACK) as started:
        started.run(textwrap.dedent(code))
        folder = started.provisioner.folder
        assert folder.exists()
    assert not folder.exists()


def test_link_of_an_earlier_kernel_does_not_lead_a_restart_out(lecturer):
    """Files are written anew at a restart, into a folder with nothing of the kernel before."""
    with kernel(FALLBACK, {"data.csv": b"1"}) as started:
        started.run(
            f"import os; os.remove('data.csv'); os.symlink('{lecturer}/gradebook', 'data.csv')"
        )
        started.await_(started.manager.restart_kernel(now=True))
        started.await_(started.client.wait_for_ready(timeout=30))
        assert started.run("print(open('data.csv').read())") == "1\n"
    assert (lecturer / "gradebook").read_text() == "grades"


def test_kernel_ends_with_its_zygote():
    with zygotes.Zygote(FALLBACK) as zygote, pytest.MonkeyPatch.context() as patch:
        patch.setattr(zygotes, "zygote_for", lambda *_: zygote)
        with kernel(FALLBACK) as started:
            process = started.provisioner.pid
            zygote._process.kill()
            deadline = time.monotonic() + 5
            while os.path.exists(f"/proc/{process}/exe") and time.monotonic() < deadline:
                time.sleep(0.01)
            assert not os.path.exists(f"/proc/{process}/exe")


def test_hidden_packages_cannot_be_read_though_their_neighbours_can():
    settings = dataclasses.replace(FALLBACK, hidden=("nbformat",))
    assert run("import nbformat.v4", settings) in ("PermissionError", "ModuleNotFoundError")
    assert run("import numpy; print(numpy.ones(1))", settings) == "[1.]\n"


def test_paths_beside_something_hidden(tmp_path):
    for name in ("site/a/x", "site/b", "site/c/x", "other"):
        (tmp_path / name).mkdir(parents=True)
    found = landlock.paths_beside([str(tmp_path)], [tmp_path / "site" / "b"])
    assert sorted(found.readable) == [
        str(tmp_path / name) for name in ("other", "site/a", "site/c")
    ]
    assert sorted(found.listable) == [str(tmp_path), str(tmp_path / "site")]


def test_second_choice_is_made_where_there_are_no_namespaces(monkeypatch):
    monkeypatch.setattr(
        host, "missing_for_namespaces", lambda: ("user namespaces do not work here",)
    )
    monkeypatch.setattr(host, "missing_for_landlock", lambda: ())
    assert host.best(FULL) == FALLBACK


def test_refused_with_reasons_where_neither_is_possible(monkeypatch):
    monkeypatch.setattr(host, "missing_for_namespaces", lambda: ("bubblewrap is missing",))
    monkeypatch.setattr(host, "missing_for_landlock", lambda: ("Landlock is not enabled",))
    with pytest.raises(
        host.NoWalls,
        match=r"bubblewrap is missing; Landlock is not enabled\.\nSee `lossgrad doctor`",
    ):
        host.best(FULL)


def test_signals_are_refused_where_landlock_does_not_know_them(monkeypatch):
    """With the scopes of older versions taken away, seccomp alone keeps signals in."""
    monkeypatch.setattr(landlock, "version", lambda: 5)
    settings = dataclasses.replace(FALLBACK, environment={"LANDLOCK": "5"})
    assert run("import os; os.kill(os.getppid(), 0)", settings) == "PermissionError"
