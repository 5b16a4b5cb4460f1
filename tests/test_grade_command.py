"""`lossgrad grade` as it is typed: what it prints, how it exits, and what stopping it costs."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from nbgrader.api import Gradebook

from autograder import cli, gradebook, walls
from autograder.class_grading import find_work
from autograder.kernels import host
from tests.classroom import BIN, sample_named

# A test run has threads of its own; the command has none when its workers begin.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

HANDFUL = ("deleted-cells", "missing-mean", "truncated-file")


@pytest.fixture
def course(released, tmp_path):
    course = released.copy_to(tmp_path / "course")
    for name in HANDFUL:
        course.submit(sample_named("mse", name))
    return course


@pytest.fixture
def lossgrad(course, monkeypatch, capsys):
    """Type a command in the course folder; return its exit code, output and errors."""

    def lossgrad(*words):
        monkeypatch.chdir(course.root)
        monkeypatch.setenv("LOSSGRAD_EXCHANGE", course.environment["LOSSGRAD_EXCHANGE"])
        monkeypatch.setattr(sys, "argv", ["lossgrad", *words])
        with pytest.raises(SystemExit) as left:
            cli.main()
        output = capsys.readouterr()
        return left.value.code or 0, output.out, output.err

    return lossgrad


class TestOutput:
    def test_of_a_whole_run_and_of_the_next(self, course, lossgrad):
        code, out, err = lossgrad("grade", "mse")
        assert (code, err) == (0, "")
        assert "3 of 3 graded." in out
        assert "look at  truncated-file: The submitted file is not a notebook" in out
        assert out.endswith("next: nbgrader generate_feedback mse\n")
        for name in HANDFUL:
            assert course.score(name, "mse") == sample_named("mse", name).score

        code, out, err = lossgrad("grade", "mse")
        assert (code, err) == (0, "")
        assert out.startswith("All of mse is graded already. To grade it again: add --force\n")

    def test_of_a_dry_run(self, course, lossgrad):
        code, out, _ = lossgrad("grade", "mse", "--dry-run", "--student", "missing-mean")
        assert code == 0
        assert out.splitlines()[0] == "would grade missing-mean mse"
        assert not (course.folder / "autograded").exists()

    def test_as_json(self, lossgrad):
        code, out, _ = lossgrad("grade", "mse", "--json", "--student", "missing-mean")
        assert code == 0
        assert json.loads(out) == {
            "student": "missing-mean",
            "unit": "mse",
            "score": sample_named("mse", "missing-mean").score,
            "points": 18,
            "problems": [],
        }

    def test_of_what_is_not_graded(self, course, lossgrad):
        path = course.submitted("missing-mean", "mse")
        path.rename(path.with_name("[bold]mse.ipynb"))
        with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "lossgrad") as book:
            book.add_notebook("essay", "mse")
        code, out, err = lossgrad("grade", "mse", "--jobs", "2")
        assert code == 3
        assert "2 of 3 graded." in out
        assert "essay is no unit of this course. Type: nbgrader autograde mse --noteb" in out
        assert err == (
            "not graded  missing-mean: "
            "no notebook mse.ipynb was handed in; there is: [bold]mse.ipynb\n"
        )


class TestMistakes:
    """One or two lines each on standard error, and the exit code 1."""

    def told(self, answer):
        code, out, err = answer
        assert (code, out) == (1, "")
        assert 1 <= len(err.splitlines()) <= 2
        assert err.startswith("lossgrad: ")
        assert "Traceback" not in err
        return err

    def test_an_unknown_unit(self, lossgrad):
        assert "No assignment 'msee'" in self.told(lossgrad("grade", "msee"))

    def test_nothing_handed_in(self, lossgrad):
        assert "nbgrader collect hinge" in self.told(lossgrad("grade", "hinge"))

    def test_an_unknown_student(self, lossgrad):
        assert "by zoe" in self.told(lossgrad("grade", "mse", "--student", "zoe"))

    def test_no_gradebook(self, course, lossgrad):
        (course.folder / "gradebook.db").unlink()
        assert "There is no gradebook" in self.told(lossgrad("grade", "mse"))

    def test_a_locked_gradebook(self, course, lossgrad, monkeypatch):
        monkeypatch.setattr(gradebook, "SQLITE_TIMEOUT", 0.1)
        other = sqlite3.connect(course.folder / "gradebook.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert "database is locked" in self.told(lossgrad("grade", "mse"))
        other.close()

    def test_a_classroom_that_cannot_be_written(self, course, lossgrad):
        (course.folder / "autograded").write_text("in the way")
        code, _, err = lossgrad("grade", "mse", "--without-walls")
        assert code == 1
        assert "cannot be written" in err

    def test_no_walls(self, lossgrad, monkeypatch):
        def no_walls():
            raise host.NoWalls("no walls can be built here: bubblewrap is missing")

        monkeypatch.setattr(walls, "standard_settings", no_walls)
        assert "bubblewrap is missing" in self.told(lossgrad("grade", "mse"))

    def test_no_scheduler(self, course, lossgrad):
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + "\nc.ClassGrading.scheduler = 'none://here'\n")
        assert "No Dask scheduler answers at none://here" in self.told(lossgrad("grade", "mse"))

    def test_a_wrong_setting(self, course, lossgrad):
        config = course.root / "nbgrader_config.py"
        config.write_text(config.read_text() + "\nc.Execute.timeout = 'long'\n")
        code, _, err = lossgrad("grade", "mse")
        assert code == 1
        assert "expected an int, not the str 'long'" in err
        assert len(err.splitlines()) == 2

    def test_no_course(self, course, lossgrad):
        (course.root / "nbgrader_config.py").unlink()
        assert "is not the folder of a course" in self.told(lossgrad("grade", "mse"))

    def test_a_wrong_option_exits_with_2(self, lossgrad):
        assert lossgrad("grade", "mse", "--jobs", "0")[0] == 2


class TestStopping:
    @pytest.fixture
    def stopped(self, course):
        """Start grading, and send a signal when the first is graded and the last never ends."""
        path = course.submitted("truncated-file", "mse")
        notebook = json.loads(course.submitted("deleted-cells", "mse").read_text())
        notebook["cells"][1] |= {"cell_type": "code", "outputs": [], "execution_count": None}
        notebook["cells"][1]["source"] = "import time; time.sleep(60)"
        path.write_text(json.dumps(notebook))

        def stop(number, *options):
            process = subprocess.Popen(
                [BIN / "lossgrad", "grade", "mse", "--jobs", "1", "--json", *options],
                cwd=course.root,
                env=course.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                # A test run in the background of a shell ignores Ctrl-C, and would pass that on.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
            with process.stdout, process.stderr:
                first = json.loads(process.stdout.readline())
                json.loads(process.stdout.readline())
                process.send_signal(number)
                started = time.monotonic()
                code = process.wait(60)
                assert time.monotonic() - started < 20
                return first, code, process.stderr.read()

        return stop

    def test_ctrl_c_says_how_to_go_on(self, course, stopped):
        _, code, err = stopped(signal.SIGINT, "--force")
        assert code == 130
        assert err == (
            "Stopped: 2 graded, 1 waiting, 0 with problems. "
            "To go on, type the same command without --force.\n"
        )
        left = find_work(course.course, "mse")
        assert [item.submission.student for item in left] == ["truncated-file"]

    def test_a_killed_run_goes_on_where_it_was(self, course, stopped, lossgrad):
        first, _, _ = stopped(signal.SIGKILL)
        before = course.record(first["student"], "mse")
        shutil.copy(
            course.submitted("deleted-cells", "mse"), course.submitted("truncated-file", "mse")
        )
        code, out, _ = lossgrad("grade", "mse")
        assert code == 0
        assert "1 of 1 graded." in out
        assert course.record(first["student"], "mse") == before
        for name in ("deleted-cells", "missing-mean"):
            assert course.score(name, "mse") == sample_named("mse", name).score
        assert course.score("truncated-file", "mse") == sample_named("mse", "deleted-cells").score
