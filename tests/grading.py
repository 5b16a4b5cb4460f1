"""Grading without a kernel: cells run in this process, for tests of what stands around them."""

from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading import Job, grade
from autograder.submission import LocalTransport

POINTS = {"squared_error": 2, "squared_error_grad": 3, "mse": 3, "mse_grad": 5}
RIGHT = {
    "squared_error": "def squared_error(y, y_hat):\n    return (y - y_hat) ** 2 / 2",
    "squared_error_grad": "def squared_error_grad(y, y_hat):\n    return y_hat - y",
    "mse": "def mse(y, y_hat):\n    return np.mean((y - y_hat) ** 2)",
    "mse_grad": "def mse_grad(y, y_hat):\n    return 2 * (y_hat - y) / len(y)",
}
UNWRITTEN = "def {}(*arguments):\n    raise NotImplementedError()"


class Here:
    """Runs cells in this process. Its students are our own."""

    def __init__(self, notebook, files, limits):
        self.notebook = notebook
        self.restarts = 0
        self.names = {}
        exec("import numpy as np", self.names)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def run_cell(self, index):
        exec(self.notebook.cells[index].source, self.names)

    def call(self, calls):
        return LocalTransport(self.names).call(calls)


def check_cell(task, source="# Checks"):
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = {
        "grade_id": f"{task}_checks",
        "grade": True,
        "solution": False,
        "points": POINTS[task],
    }
    return cell


def notebook_of(*parts):
    """Return a notebook of sources and, where a part is the name of a task, of its check cells."""
    cells = [check_cell(part) if part in POINTS else new_code_cell(part) for part in parts]
    return new_notebook(cells=cells)


def job_of(*parts, **changes):
    settings = {"seed": "a seed", "submission": "0" * 64, **changes}
    return Job(unit="mse", student="ann", notebook=notebook_of(*parts), **settings)


def graded(*parts, **changes):
    return grade(job_of(*parts, **changes), Here)


def scores(result):
    return {task.task: task.score for task in result.record.tasks}
