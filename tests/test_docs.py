"""The guides in docs/ can be followed to the letter; see `tests.guides`."""

import dataclasses
import os
import shutil
from pathlib import Path

import pytest

from autograder import samples
from tests import classroom, guides
from tests.classroom import sample_named
from tests.guides import Reader, Shell
from tests.units import ROOT

GUIDES = ROOT / "docs"
WRITE = os.environ.get("LOSSGRAD_GUIDES") == "write"  # as `make guides` does
CLASS = {"ann": "all-right", "ben": "missing-mean", "eve": "truncated-file", "zoe": "empty"}
OTHERS = ("ben", "eve", "zoe")

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,mse (77)
    Points Possible,,,,,20
"Lee, Ann",101,s101,ann,Monday,
"Ng, Ben",102,s102,ben,Monday,
"Roe, Eve",103,s103,eve,Monday,
"Zhu, Zoe",104,s104,zoe,Monday,
"""


def environment_of(home: Path) -> dict[str, str]:
    """Nothing is read from or written to the folders of whoever runs the tests."""
    return {
        "HOME": str(home),
        "PATH": f"{guides.BIN}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "LOSSGRAD_EXCHANGE": str(home / "exchange"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / ".local" / "share" / "jupyter"),
        "JUPYTER_RUNTIME_DIR": str(home / ".local" / "runtime"),
    }


class Home:
    """The home folder of those who read a guide, with a course in `lossgrad/`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.exchange = folder / "exchange"
        self.environment = environment_of(folder)
        self.course = classroom.found(folder / "lossgrad")
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        # One user plays everybody here, which nbgrader would call a cheating attempt.
        with (self.course.root / "nbgrader_config.py").open("a") as config:
            config.write("\nc.ExchangeCollect.check_owner = False\n")

    def notebook(self, student: str, destination: Path) -> Path:
        """Write what a student of the class hands in; return its folder."""
        sample = dataclasses.replace(sample_named("mse", CLASS[student]), student=student)
        released = self.course.folder / "release" / "mse"
        solutions = ROOT / "solutions" / "mse.py"
        folder = samples.submit(sample, released / "mse.ipynb", solutions, destination).parent
        for other in released.iterdir():
            if other.suffix != ".ipynb":
                shutil.copy(other, folder)
        return folder

    def hand_in(self, student: str, when: str) -> None:
        """Put a student's notebook where `nbgrader submit` puts it."""
        folder = self.notebook(student, self.folder / "handed-in")
        (folder / "timestamp.txt").write_text(f"{when} UTC")
        (folder / "submission_secret.txt").write_text("0" * 128)
        inbound = self.exchange / "lossgrad" / "inbound"
        folder.rename(inbound / f"{student}+mse+{when} UTC+0")


def read(name):
    return (GUIDES / f"{name}.md").read_text(encoding="utf-8")


def keep(name, page):
    """Under `make guides`, write a guide anew, with what its commands have printed."""
    if WRITE:
        (GUIDES / f"{name}.md").write_text(page, encoding="utf-8")


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def test_the_guides_of_lecturers_and_students(home):
    """Both are followed at once, since each waits for what the other does."""
    folder = home.folder / "course"
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.course_id = 'lossgrad'\n"
        "c.CourseDirectory.student_id = 'ann'\n"
        f"c.Exchange.root = {str(home.exchange)!r}\n"
    )

    def write(student):
        shutil.copy(home.notebook(student, home.folder / "solved") / "mse.ipynb", folder / "mse")

    def practise():
        solved = home.notebook("ben", home.folder / "practised") / "mse.ipynb"
        shutil.copy(solved, home.course.root / "practice" / "mse")

    def download():
        (home.course.root / "gradebook.csv").write_text(CANVAS, encoding="utf-8")

    waiting = "<!-- guide: the teacher grades and gives feedback -->"
    before, after = read("student").split(waiting)
    with Shell(home.environment) as shell:
        student = Reader(home.folder, home.folder, shell)
        student.acts = {
            "you solve it, but for a slip": lambda: write("ben"),
            "you mend it": lambda: write("ann"),
            "you solve it alone, but for a slip": practise,
        }
        done = []

        def hand_in():
            done.append(student.follow(before, refresh=WRITE))
            for hour, other in enumerate(OTHERS, start=18):
                home.hand_in(other, f"2026-11-20 {hour}:00:00")
            (home.course.folder / ".lossgrad-secret").write_text("0" * 64)  # the same inputs always

        acts = {"students hand in": hand_in, "you download Canvas's gradebook": download}
        lecturer = Reader(home.folder, home.course.root, shell, acts)
        keep("lecturer", lecturer.follow(read("lecturer"), refresh=WRITE))
        done.append(student.follow(after, refresh=WRITE))
    keep("student", waiting.join(done))


@pytest.fixture
def checkout(tmp_path):
    """A copy of the repository, without the exercises of other units and the sample class.

    Their tests need not be collected.
    """
    folder = tmp_path / "home" / "lossgrad"
    folder.mkdir(parents=True)
    others = [path.name for path in (ROOT / "exercises").glob("*.md")]
    left_out = shutil.ignore_patterns("__pycache__", "class")
    for name in ("autograder", "course", "solutions", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    shutil.copytree(
        ROOT / "exercises", folder / "exercises", ignore=shutil.ignore_patterns(*others)
    )
    for name in ("nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_the_guide_of_authors(checkout):
    """A unit of one's own, made as the guide says, in a copy of the repository."""
    home = checkout.parent
    environment = environment_of(home) | {"PYTHONPATH": str(checkout)}
    with Shell(environment) as shell:
        author = Reader(home, checkout, shell)
        keep("author", author.follow(read("author"), refresh=WRITE))
