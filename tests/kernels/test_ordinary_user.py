"""The walls of both kinds, started by an ordinary user; root becomes one first."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib
import pytest

from tests.kernels.kernels import cannot_open, closed_folder, opening
from tests.units import ROOT

USER = "12345"
CHOSEN = {
    "test_walls.py": "every_place or children or (nothing_runs_on and walls_off0)"
    " or (test_attack_fails and (files or memory or fork or mount or namespaces))",
    "test_opening.py": "there or numbers or nothing_of_each_other or walls or replaced or kept",
    "test_fallback.py": "ordinary_work or whatever or neighbours"
    " or (test_attack_fails and (read or talk or attributes))",
}


@pytest.fixture
def home():
    """A folder of the ordinary user's; short, for paths of sockets."""
    folder = tempfile.mkdtemp(prefix="lg-user-")
    for path in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):  # making one takes seconds
        shutil.copy(path, folder)
    for path in (folder, *Path(folder).iterdir()):
        os.chown(path, int(USER), int(USER))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="an ordinary user runs these tests already")
@pytest.mark.skipif(
    shutil.which("setpriv") is None, reason="setpriv is missing (Debian: apt install util-linux)"
)
@pytest.mark.parametrize("module", CHOSEN)
def test_walls_stand_for_an_ordinary_user(module, home):
    if reason := cannot_open():
        pytest.skip(reason)
    if closed := closed_folder(str(ROOT / "tests")) or closed_folder(f"{sys.prefix}/lib"):
        pytest.skip(f"an ordinary user may not enter {closed}")
    become = [
        "setpriv",
        "--reuid",
        USER,
        "--regid",
        USER,
        "--clear-groups",
        "--inh-caps=-all",
        "--bounding-set=-all",
    ]
    pytest_options = [
        "-q",
        "--durations=9",
        "-x",
        "-p",
        "no:cacheprovider",
        "--basetemp",
        f"{home}/t",
        "-k",
        CHOSEN[module],
    ]
    command = [
        sys.executable,
        "-m",
        "pytest",
        str(Path(__file__).with_name(module)),
        *pytest_options,
    ]
    environment = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, "MPLCONFIGDIR": home}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        [*opening(), *become, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    print(ended.stdout[-2500:])
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-1000:]
    assert " passed" in ended.stdout
    assert "skipped" not in ended.stdout.splitlines()[-1]
