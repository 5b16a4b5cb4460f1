"""The command `lossgrad practice`."""

import contextlib
import os

import pytest
from filelock import FileLock

from autograder.mistakes import Mistake
from autograder.practice import command, session
from autograder.practice.folder import Folder
from tests.classroom import found
from tests.practice.conftest import Learner, Quick


@contextlib.contextmanager
def quick_kernels():
    yield Quick


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "warm_kernels", quick_kernels)
    return found(tmp_path / "course").root


def practise(place, console, **asked):
    console.file.truncate(console.file.seek(0))
    code = command.run(place, command.Asked(**asked), console)
    return code, console.file.getvalue()


def test_once_says_what_is_left_and_whether_all_is_done(course, console):
    code, text = practise(course, console, units=("mse",), once=True)
    assert code == 3
    assert "new in" in text
    assert "0 of 5 tasks done.  Next: squared_error in mse/mse.ipynb" in text
    learner = Learner(course / "practice", course)
    learner.write(mse="return 0.0")
    code, text = practise(course, console, units=("mse",), once=True)
    assert code == 3
    assert "✗ mse  1.12 / 3   failed tries: 1" in text
    learner.write(**dict.fromkeys(learner.desk.units["mse"].tasks, True))
    code, text = practise(course, console, units=("mse",), once=True)
    assert code == 0
    assert "All of it is done." in text


def test_a_notebook_that_cannot_be_read_is_told(course, console):
    practise(course, console, units=("mse",), once=True)
    (course / "practice" / "mse" / "mse.ipynb").write_text("{")
    code, text = practise(course, console, units=("mse",), once=True)
    assert code == 3
    assert "cannot be read as JSON" in text


def test_a_hint_goes_one_step_further_each_time(course, console):
    practise(course, console, units=("mse",), once=True)
    Learner(course / "practice", course).write(mse="return np.sum((y - y_hat) ** 2)")
    assert "Your loss is N times too large" in practise(course, console, hint="mse")[1]
    assert "The rule: The mean" in practise(course, console, hint="mse")[1]
    assert "def log_cosh(y, y_hat)" in practise(course, console, hint="mse")[1]


def test_a_solution_is_shown_and_recorded(course, console):
    code, text = practise(course, console, solution="mse")
    assert code == 0
    assert "return np.mean((y - y_hat) ** 2)" in text
    learner = Learner(course / "practice", course)
    assert learner.progress("mse").solution == "before passing"
    assert "pulls ten times as hard" in practise(course, console, solution="outliers")[1]


def test_a_unit_starts_anew(course, console):
    learner = Learner(course / "practice", course)
    learner.write(mse=True)
    code, text = practise(course, console, reset="mse")
    assert code == 0
    assert "mse starts anew. What you had is in" in text.replace("\n", " ")
    assert learner.path.read_text() == learner.desk.units["mse"].notebook


def test_it_goes_on_from_within_the_learners_folder(course, console):
    practise(course, console, units=("mse",), once=True)
    code, text = practise(course / "practice" / "mse", console, units=("mse",), once=True)
    assert code == 3
    assert "new in" not in text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"units": ("nix",)}, "there is no unit 'nix'"),
        ({"hint": "mse_gard"}, "did you mean mse_grad"),
        ({"hint": "outliers"}, "is answered in words"),
        ({"solution": "nix"}, "there is no task 'nix'"),
        ({"reset": "nix"}, "there is no unit 'nix'"),
    ],
)
def test_a_mistake_is_told(course, console, asked, told):
    with pytest.raises(Mistake, match=told):
        practise(course, console, **asked)


def test_another_folder_is_no_course(tmp_path, console):
    with pytest.raises(Mistake, match="is not the folder of a course"):
        practise(tmp_path, console, once=True)


def test_two_sessions_in_one_folder_are_refused(course, console):
    learner = Learner(course / "practice", course)
    with (
        FileLock(learner.folder.own / "session.lock"),
        pytest.raises(Mistake, match="lossgrad practice is running in"),
    ):
        practise(course, console, units=("mse",), lab=False)


def test_a_session_ends_with_a_summary(course, console, monkeypatch):
    class Pressing:
        """A terminal in which somebody presses q."""

        def __init__(self, on_key):
            on_key("q")

        def __enter__(self):
            return False

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(session.keys, "listening", Pressing)
    code, text = practise(course, console, units=("mse",), lab=False)
    assert code == 0
    assert "Your progress is kept. To go on, type: lossgrad practice" in text
    assert os.access(Folder(course / "practice").notebook("mse"), os.W_OK)
