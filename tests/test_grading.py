"""One notebook in, one graded notebook and its record out."""

import pytest
from nbformat.v4 import new_markdown_cell

from autograder import grading, walled
from autograder.results import Verdict
from tests.grading import RIGHT, UNWRITTEN, Here, check_cell, graded, job_of, scores

MEAN = {"squared_error": 2.0, "squared_error_grad": 3.0, "mse": 3.0, "mse_grad": 5.0}


def test_right_answers_get_all_points():
    parts = [part for task in RIGHT for part in (RIGHT[task], task)]
    result = graded(*parts)
    assert scores(result) == MEAN
    assert result.record.score == result.record.points == 13
    assert result.record.problems == ()


def test_the_checked_cell_shows_the_table_and_the_score_that_nbgrader_reads():
    cell = graded(RIGHT["mse"], "mse").notebook.cells[1]
    table, score = cell.outputs
    assert "lossgrad-result" in table.data["text/html"]
    assert "mse" in table.data["text/plain"]
    assert score.output_type == "execute_result"
    assert float(score.data["text/plain"]) == 3.0


def test_the_submitted_notebook_is_left_alone():
    job = job_of(RIGHT["mse"], "mse")
    grading.grade(job, Here)
    assert job.notebook.cells[1].outputs == []


@pytest.mark.parametrize(
    ("parts", "score"),
    [
        pytest.param(["mse", RIGHT["mse"]], 3, id="defined below its checks"),
        pytest.param([UNWRITTEN.format("mse"), "mse", RIGHT["mse"]], 3, id="the stub is left"),
        pytest.param(["mse = 3", "mse"], 0, id="not a function"),
        pytest.param(["mse"], 0, id="defined nowhere"),
        pytest.param([RIGHT["mse"], "mse", "mse = None"], 3, id="overwritten below its checks"),
        pytest.param(
            [
                "def mse(y, y_hat):\n    return mean((y - y_hat) ** 2)",
                "mse",
                "mean = np.mean",
            ],
            3,
            id="a part of it is defined below",
        ),
    ],
)
def test_the_order_of_cells_costs_nothing(parts, score):
    assert scores(graded(*parts)) == {"mse": score}


def test_a_wrong_answer_is_not_mended_by_a_later_cell():
    wrong = "def mse(y, y_hat):\n    return 0.0"
    assert scores(graded(wrong, "mse", RIGHT["mse"]))["mse"] < 3


def test_a_function_that_is_missing_is_said_to_be():
    (task,) = graded("mse").record.tasks
    assert "no function named `mse`" in task.checks[0].reason
    assert {check.verdict for check in task.checks[1:]} == {Verdict.NOT_CHECKED}


def test_a_fault_of_a_grader_stops_nothing_and_is_told(monkeypatch, caplog):
    def broken(unit, task, *rest):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(grading, "run_task", broken)
    record = graded(RIGHT["mse"], "mse", RIGHT["mse_grad"], "mse_grad").record
    assert record.score == 0
    assert len(record.problems) == 2
    assert "mse: The grader itself failed (ZeroDivisionError)." in record.problems
    assert {check.verdict for task in record.tasks for check in task.checks} == {
        Verdict.NOT_CHECKED
    }
    assert "ours" in caplog.text


def test_problems_of_the_file_are_in_the_record():
    assert graded("mse", problems=("It is cut short.",)).record.problems == ("It is cut short.",)


def test_only_locked_cells_of_known_tasks_are_checked():
    cell = check_cell("mse")
    assert grading.graded_task(cell, "mse") == "mse"
    cell.metadata.nbgrader["solution"] = True  # a question that is graded by hand
    assert grading.graded_task(cell, "mse") is None
    other = check_cell("mse")
    other.metadata.nbgrader["grade_id"] = "something_checks"
    assert grading.graded_task(other, "mse") is None
    markdown = check_cell("mse")
    markdown.cell_type = "markdown"
    assert grading.graded_task(markdown, "mse") is None


def test_nothing_hidden_is_left_in_a_checked_cell():
    source = "# Checks of mse\nshown()\n### BEGIN HIDDEN TESTS\nsecret()\n### END HIDDEN TESTS\n"
    job = job_of(RIGHT["mse"], "mse")
    job.notebook.cells[1].source = source
    assert grading.grade(job, Here).notebook.cells[1].source == "# Checks of mse\nshown()"


def test_the_same_seed_gives_the_same_record():
    def outcome(seed):
        wrong = "def mse(y, y_hat):\n    return np.sum((y - y_hat) ** 2)"
        (task,) = graded(wrong, "mse", seed=seed).record.tasks
        return [(check.verdict, check.expected, check.actual) for check in task.checks]

    assert outcome("one") == outcome("one")
    assert outcome("one") != outcome("another")


class TestOpening:
    """The cells that may have run before the kernel is forked."""

    GIVEN = "import numpy as np", "x = 1", "guess = None", UNWRITTEN.format("mse"), "# Checks"

    @pytest.fixture(autouse=True)
    def _no_zygote(self, monkeypatch):
        monkeypatch.setattr(walled, "prepare", lambda cells: None)

    def opening(self, *parts, **changes):
        job = job_of(*parts, authored=self.GIVEN, **changes)
        return grading.walled_kernel(job).keywords["opening"]

    def test_it_ends_where_the_student_began(self):
        first, second, guess, *_ = self.GIVEN
        assert self.opening(first, second, "guess = 3", RIGHT["mse"], "mse") == (first, second)
        assert self.opening(first, second, guess, RIGHT["mse"], "mse") == (first, second, guess)
        assert self.opening(first, "x = 2", guess, RIGHT["mse"], "mse") == (first,)
        assert self.opening("y = 1", first, second) == ()
        assert self.opening(second, first) == ()

    def test_it_ends_before_what_nbgrader_knows(self):
        assert self.opening(*self.GIVEN[:4], "mse") == self.GIVEN[:4]
        job = job_of(*self.GIVEN[:4], authored=self.GIVEN)
        job.notebook.cells[1].metadata["nbgrader"] = {"solution": True, "grade_id": "x"}
        assert grading.walled_kernel(job).keywords["opening"] == self.GIVEN[:1]

    def test_text_and_empty_cells_do_not_end_it(self):
        job = job_of(self.GIVEN[0], " ", self.GIVEN[1], authored=("", *self.GIVEN))
        job.notebook.cells.insert(1, new_markdown_cell("text"))
        assert grading.walled_kernel(job).keywords["opening"] == self.GIVEN[:2]

    def test_without_the_release_there_is_none(self):
        job = job_of(*self.GIVEN[:2])
        assert grading.walled_kernel(job).keywords["opening"] == ()

    def test_files_of_the_student_could_change_what_the_cells_do(self):
        files = {"data.csv": b"1", "numpy.py": b"", "timestamp.txt": b"now"}
        both = self.GIVEN[:2]
        assert self.opening(*both, files=files, handed_in=frozenset({"numpy.py"})) == ()
        assert self.opening(*both, files=files, handed_in=frozenset({"timestamp.txt"})) == both

    def test_it_finds_the_files_that_all_students_have(self):
        files = {"data.csv": b"1", "timestamp.txt": b"now"}
        job = job_of(files=files, handed_in=frozenset({"timestamp.txt"}))
        assert grading.walled_kernel(job).keywords["opening_files"] == {"data.csv": b"1"}
