"""A course in a temporary folder, run with nbgrader's own commands, for tests of the whole job."""

import atexit
import fcntl
import functools
import os
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook

from autograder import records, samples
from autograder.course import Course, open_course
from benchmarks.figures import without_figures
from tests.commands import Commands
from tests.units import ROOT

SAMPLES = samples.samples(ROOT / "tests" / "class")
UNITS = sorted({sample.unit for sample in SAMPLES})
BIN = Path(sys.executable).parent
WITH_FIGURES = "cross_entropy"
SECONDS_A_CELL = 10


def samples_of(unit):
    return [sample for sample in SAMPLES if sample.unit == unit]


def sample_named(unit, student):
    return next(s for s in SAMPLES if (s.unit, s.student) == (unit, student))


@functools.cache
def commands() -> Commands:
    """Return the process that runs the commands of all classrooms of this test process."""
    started = Commands()
    atexit.register(started.close)
    return started


@dataclass(frozen=True)
class Classroom:
    """A course folder of its own, and the commands that people type in it."""

    root: Path

    @property
    def course(self) -> Course:
        return open_course(self.root)

    @property
    def folder(self) -> Path:
        return self.root / "classroom"

    @property
    def environment(self) -> dict[str, str]:
        """Nothing is read from or written to the folders of whoever runs the tests."""
        own = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "LOSSGRAD_EXCHANGE": str(self.root / "exchange"),
            "JUPYTER_CONFIG_DIR": str(self.root / "jupyter" / "config"),
            "JUPYTER_DATA_DIR": str(self.root / "jupyter" / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.root / "jupyter" / "runtime"),
        }
        return os.environ | own

    def run(self, *command, expected=0):
        """Run a command in the course folder; return its standard output and error."""
        code, output = commands().run(command, self.root, self.environment)
        assert code == expected, f"{' '.join(command)}\n{output}"
        return output

    def through_api(self, action, *arguments):
        """Do what a command or a button of nbgrader does, without the time that a command takes."""
        result = getattr(self.course.api(), action)(*arguments)
        assert result["success"], result

    def submit(self, sample):
        """Put a sample where `nbgrader collect` puts it; return the notebook."""
        released = self.folder / "release" / sample.unit / f"{sample.unit}.ipynb"
        path = samples.submit(
            sample, released, ROOT / "solutions" / f"{sample.unit}.py", self.folder / "submitted"
        )
        for other in released.parent.iterdir():
            if other.suffix != ".ipynb":
                shutil.copy(other, path.parent)
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S %Z")
        (path.parent / "timestamp.txt").write_text(now)
        return path

    def submitted(self, student, unit):
        return self.folder / "submitted" / student / unit / f"{unit}.ipynb"

    def autograded(self, student, unit):
        return self.folder / "autograded" / student / unit / f"{unit}.ipynb"

    def feedback(self, student, unit):
        return self.folder / "feedback" / student / unit / f"{unit}.html"

    def record(self, student, unit):
        return records.read(self.course.record_file(student, unit))

    def score(self, student, unit):
        """The score of the tasks in the gradebook, without the hand-graded question."""
        with Gradebook(f"sqlite:///{self.folder}/gradebook.db", "lossgrad") as gradebook:
            notebook = gradebook.find_submission_notebook(unit, unit, student)
            return round(sum(grade.auto_score or 0.0 for grade in notebook.grades), 2)

    def copy_to(self, folder):
        """Return the same course at another place."""
        shutil.copytree(self.root, folder, symlinks=True)
        return Classroom(folder)


def found(folder) -> Classroom:
    """Make a course folder whose texts are those of this repository.

    All but one exercise are without figures: they change no score, and take most of the time.
    """
    folder.mkdir(parents=True)
    for name in ("course", "solutions"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "exercises", folder / "exercises")
    for text in (folder / "exercises").glob("*.md"):
        if text.stem != WITH_FIGURES:
            text.write_text(without_figures(text.read_text("utf-8")), "utf-8")
    config = (ROOT / "nbgrader_config.py").read_text("utf-8")
    config += f"\nc.Execute.timeout = {SECONDS_A_CELL}  # which endless cells take\n"
    (folder / "nbgrader_config.py").write_text(config, "utf-8")
    (folder / "exchange").mkdir()
    (folder / "exchange").chmod(0o777)  # nbgrader asks for this
    return Classroom(folder)


def release(folder, units=UNITS) -> Classroom:
    """Found a course and release units, those of the sample class, as a lecturer does."""
    classroom = found(folder)
    classroom.run("lossgrad", "build", *units)
    classroom.run("nbgrader", "generate_assignment", units[0])
    for unit in units[1:]:
        classroom.through_api("generate_assignment", unit)
    return classroom


def once(tmp_path_factory, name, make):
    """Return what `make(folder)` made; the workers of a test run make it once between them."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder, done = base / name, base / f"{name}.done"
    with open(base / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            done.touch()
    return Classroom(folder)
