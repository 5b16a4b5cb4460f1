"""Checking tasks of a saved notebook."""

import pytest

from autograder.practice import grader
from autograder.practice.progress import State
from autograder.restoring import Unreadable
from autograder.results import Verdict
from tests.practice.conftest import Quick

DOUBLE = "return 4 * (y_hat - y) / len(y)"


@pytest.fixture(autouse=True)
def _nothing_ran_yet():
    Quick.ran.clear()


def test_right_and_wrong_answers_get_their_verdicts(learner):
    learner.write(mse=True, mse_grad=DOUBLE)
    checked = learner.check()
    assert checked["mse"].result.score == 3
    failed = [c for c in checked["mse_grad"].result.checks if c.verdict is Verdict.FAILED]
    assert failed[0].name == "gradient"
    assert learner.progress("mse").state is State.PASSED
    assert (learner.progress("mse_grad").state, learner.progress("mse_grad").tries) == ("failed", 1)


def test_only_the_cells_that_matter_are_run(learner):
    learner.write(mse=True, mse_grad=True)
    learner.check()
    assert [source.split("(")[0].split("\n")[0] for source in Quick.ran] == [
        "import matplotlib.pyplot as plt",
        "def mse",
        "def mse_grad",
    ]


def test_what_did_not_change_is_not_checked_again(learner):
    learner.write(mse=True, squared_error=True)
    learner.check()
    assert learner.check() == {}
    learner.write(mse="return np.mean((y_hat - y) ** 2)")
    # The gradients are compared with the slope of one's own loss.
    assert set(learner.check()) == {"mse", "mse_grad", "linear_mse_grad"}


def test_a_changed_comment_is_no_change(learner):
    learner.write(mse="return np.mean((y - y_hat) ** 2)")
    learner.check()
    learner.write(mse="# the mean\n    return np.mean((y - y_hat) ** 2)  # of squares")
    assert learner.check() == {}


def test_a_changed_module_of_ones_own_is_a_change(learner):
    learner.write(mse=True)
    learner.check()
    (learner.folder.unit("mse") / "mine.py").write_text("x = 1")
    assert "mse" in learner.check()


def test_what_nobody_began_is_not_run(learner):
    checked = learner.check()
    assert {each.result for each in checked.values()} == {None}
    assert {each.note for each in checked.values()} == {""}
    assert Quick.ran == []
    assert learner.progress("mse").tries == 0


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("a = 1\n    raise NotImplementedError()", "`mse` still raises NotImplementedError"),
        ("return (1", "The cell of `mse` is not Python yet: '(' was never closed, line 10"),
    ],
)
def test_what_is_half_written_costs_no_try(learner, body, note):
    learner.write(mse=body)
    checked = learner.check()["mse"]
    assert checked.note.startswith(note)
    assert checked.result is None
    assert (learner.progress("mse").state, learner.progress("mse").tries) == (State.OPEN, 0)


def test_a_task_that_was_right_is_open_again_when_its_cell_breaks(learner):
    learner.write(mse=True)
    learner.check()
    learner.write(mse="return (1")
    learner.check()
    assert learner.progress("mse").state is State.OPEN
    assert learner.progress("mse").passed


def test_another_tasks_change_is_no_new_try(learner):
    learner.write(mse=True, mse_grad=DOUBLE)
    learner.check()
    learner.write(mse="return np.mean((y_hat - y) ** 2)")
    assert "mse_grad" in learner.check()
    assert learner.progress("mse_grad").tries == 1


def test_a_cell_that_stops_is_named(learner):
    class Stopping(Quick):
        def run_cell(self, index):
            cell = self.notebook.cells[index]
            if "def mse(" in cell.source:
                cell.outputs = [grader.nodes.error("TimeLimit", "It was stopped.", [])]
                return
            super().run_cell(index)

    learner.write(mse=True)
    saved, files = learner.desk.saved_notebook("mse")
    (checked,) = grader.check(saved, ["mse"], files, Stopping)
    assert checked.note == "The cell that starts with `def mse(y, y_hat):` stopped. It was stopped."


@pytest.mark.parametrize("content", [b"", b'{"cells": [', b"[]", b"\xff"])
def test_half_a_notebook_is_unreadable(learner, content):
    learner.path.write_bytes(content)
    with pytest.raises(Unreadable):
        learner.desk.saved_notebook("mse")


@pytest.mark.parametrize(
    ("task", "called"),
    [
        ("mse", {"mse"}),
        ("mse_grad", {"mse", "mse_grad"}),
        ("linear_mse_grad", {"mse", "linear_mse_grad"}),
    ],
)
def test_the_functions_that_checks_call_are_found(task, called):
    assert grader.functions_called("mse", task) == called
