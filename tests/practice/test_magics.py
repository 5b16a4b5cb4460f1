"""`%check` in a notebook."""

import json
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from autograder.practice import magics
from autograder.practice.progress import Seen, State

SUM = "def mse(y, y_hat):\n    return np.sum((y - y_hat) ** 2)"


class Notebook:
    def __init__(self):
        InteractiveShell.clear_instance()
        self.shell = InteractiveShell.instance(
            config=Config({"HistoryManager": {"enabled": False}})
        )
        magics.load_ipython_extension(self.shell)
        self.run("import numpy as np")

    def run(self, source):
        """Run a cell; return what it shows as text, and its HTML and Markdown."""
        with capture_output() as said:
            self.shell.run_cell(source, store_history=True)
        rich = [data for output in said.outputs for data in output.data.items()]
        text = said.stdout + "\n".join(str(value) for kind, value in rich if kind == "text/plain")
        return text, "".join(str(value) for kind, value in rich if kind != "text/plain")


@pytest.fixture
def notebook(learner, monkeypatch):
    monkeypatch.chdir(learner.path.parent)
    yield Notebook()
    InteractiveShell.clear_instance()


def test_it_shows_the_same_table_as_feedback(notebook, learner):
    notebook.run(SUM)
    text, html = notebook.run("%check mse")
    assert text.startswith("mse  1.12 / 3  (3 passed, 1 failed, 1 not checked)")
    assert "lossgrad-result" in html
    assert "What this looks like" not in text
    assert (learner.progress("mse").state, learner.progress("mse").tries) == (State.FAILED, 1)


def test_help_grows_with_tries_as_in_the_terminal(notebook, learner):
    notebook.run(SUM)
    notebook.run("%check mse")
    assert "What this looks like" not in notebook.run("%check mse")[0]  # the same code
    notebook.run(SUM.replace("y - y_hat", "y_hat - y"))
    assert "What this looks like" in notebook.run("%check mse")[0]
    text, rich = notebook.run("%hint mse")
    assert "The rule: The mean (course/lessons/mse.md#the-mean)" in text
    assert r"\frac2N" in rich
    assert learner.progress("mse").tries == 2


def test_a_try_in_the_notebook_is_the_same_try_when_it_is_saved(notebook, learner):
    learner.write(mse="return np.sum((y - y_hat) ** 2)")
    saved, _ = learner.desk.saved_notebook("mse")
    notebook.run(next(source for source in saved.sources if "def mse(" in source))
    notebook.run("%check mse")
    learner.check()
    assert learner.progress("mse").tries == 1


def test_a_solution_is_shown_after_passing_or_on_request(notebook, learner):
    assert "np.mean" in notebook.run("%solution mse")[0]
    assert learner.progress("mse").solution is Seen.BEFORE
    notebook.run("def squared_error(y, y_hat):\n    return (y - y_hat) ** 2 / 2")
    assert "0.5 * (y - y_hat) ** 2" in notebook.run("%check squared_error")[0]
    assert learner.progress("squared_error").solution is Seen.AFTER


def test_a_question_has_a_model_answer(notebook):
    assert "pulls ten times as hard" in notebook.run("%solution outliers")[1]


def test_without_a_name_it_checks_what_is_written(notebook):
    notebook.run(SUM)
    text, _ = notebook.run("%check")
    assert "mse  1.12 / 3" in text
    assert "Not written yet: squared_error, squared_error_grad, mse_grad" in text


def test_a_task_that_is_not_written_costs_no_try(notebook, learner):
    notebook.run("def mse(y, y_hat):\n    raise NotImplementedError()")
    assert "`mse` is not written yet." in notebook.run("%check mse")[0]
    assert learner.progress("mse").tries == 0
    assert "The rule" in notebook.run("%hint mse")[0]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("%check mse_gard", "there is no task 'mse_gard'; did you mean mse_grad"),
        ("%hint", "name one task, such as: %hint mse_grad"),
        ("%solution a b", "name one task, such as: %solution mse_grad"),
    ],
)
def test_a_mistake_is_one_line(notebook, line, told):
    text, _ = notebook.run(line)
    assert text.startswith(told)
    assert len(text.strip().splitlines()) == 1


def test_it_works_outside_of_a_learners_folder(notebook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    notebook.run(SUM)
    assert "1 failed" in notebook.run("%check mse")[0]
    assert notebook.run("%check")[0].startswith("say which task to check")
    assert "where the course is" in notebook.run("%solution mse")[0]


def test_an_endless_loop_ends(notebook, monkeypatch):
    monkeypatch.setattr(magics.LocalTransport.__init__, "__defaults__", (0.2,))
    notebook.run("def mse(y, y_hat):\n    while True: pass")
    assert "It did not finish in time." in notebook.run("%check mse")[0]


def test_a_kernel_starts_without_nbgrader():
    """Its import takes seconds, and each kernel would wait for it."""
    code = "import sys, json, autograder.practice.magics; print(json.dumps(list(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"nbgrader", "watchfiles", "prompt_toolkit.input"} & set(json.loads(run.stdout))
