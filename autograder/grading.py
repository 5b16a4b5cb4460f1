"""One submitted notebook in, one graded notebook and its record out.

A pure function of its arguments: no gradebook, no shared disk, so any executor may run it anywhere.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder import feedback, outputs, records
from autograder.execution import Limits, StudentKernel
from autograder.records import Record
from autograder.results import CheckResult, TaskResult, Verdict
from autograder.submission import Submission
from autograder.tasks import checks_of, run_task

log = logging.getLogger(__name__)

CHECKS_SUFFIX = "_checks"


@dataclass(frozen=True)
class Job:
    """What is needed to grade one notebook.

    `notebook` is sanitized: its graded cells are the released ones. `files` are the assignment's other files by
    relative path. `seed` comes from `autograder.seeds`, `submission` is the SHA-256 of the submitted file.
    """

    unit: str
    student: str
    notebook: NotebookNode
    seed: str
    submission: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    limits: Limits = Limits()


@dataclass(frozen=True)
class Graded:
    """The executed notebook, with the verdicts as outputs of its graded cells, and the record."""

    notebook: NotebookNode
    record: Record


def grade(job: Job, open_kernel: Callable = StudentKernel) -> Graded:
    """Run the student's cells in a kernel of their own and the hidden checks here.

    Each task is checked where its graded cell stands; one whose function is not defined there is checked
    again at the end, so that the order of cells costs nothing.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    notebook = copy.deepcopy(job.notebook)
    results: dict[int, TaskResult] = {}
    with open_kernel(notebook, job.files, job.limits) as kernel:
        for index, cell in enumerate(notebook.cells):
            if task := graded_task(cell, job.unit):
                results[index] = _check(job, task, cell, kernel)
            elif cell.cell_type == "code":
                kernel.run_cell(index)
        for index in [i for i, result in results.items() if result.problem == _MISSING]:
            cell = notebook.cells[index]
            results[index] = _check(job, graded_task(cell, job.unit), cell, kernel, final=True)
        restarts = kernel.restarts
    for index, cell in enumerate(notebook.cells):
        if index in results:
            show(cell, results[index])
        elif cell.cell_type == "code":
            cell.outputs = outputs.clean(cell.outputs)
    return Graded(notebook, _record(job, results, started, time.perf_counter() - clock, restarts))


def graded_task(cell: NotebookNode, unit: str) -> str | None:
    """Return the task that a cell's hidden checks belong to, or None for any other cell."""
    metadata = cell.metadata.get("nbgrader", {})
    if cell.cell_type != "code" or not metadata.get("grade") or metadata.get("solution"):
        return None
    task = metadata["grade_id"].removesuffix(CHECKS_SUFFIX)
    return task if task in checks_of(unit) else None


def show(cell: NotebookNode, result: TaskResult) -> None:
    """Put a task's verdicts and score into its graded cell, in the form that nbgrader reads a score from."""
    table = {"text/html": feedback.render_html(result), "text/plain": feedback.render_text(result)}
    # nbgrader takes the first result that is a number for partial credit. The table shows the score already.
    score = {"text/plain": f"{result.score:.2f}", "text/html": "<!-- score -->"}
    cell.source = _without_hidden_region(cell.source)
    cell.execution_count = None
    cell.outputs = [
        new_output("display_data", table),
        new_output("execute_result", score, execution_count=None),
    ]


_MISSING = "the function was not defined when its checks ran"


def _check(job, task, cell, kernel, *, final=False) -> TaskResult:
    submission = Submission(kernel)
    points = float(cell.metadata.nbgrader["points"])
    try:
        result = run_task(job.unit, task, points, submission, job.seed)
    except (
        Exception
    ) as error:  # a fault of a grader must not stop the class; a human looks at this one
        log.exception("the checks of %s failed for %s", task, job.student)
        return _unchecked(
            job.unit, task, points, f"The grader itself failed ({type(error).__name__})."
        )
    if task in submission.missing and not final:
        return TaskResult(task, points, result.checks, _MISSING)
    return result


def _unchecked(unit, task, points, problem) -> TaskResult:
    reason = "Not checked, because of a fault in the grader. Your lecturer has been told."
    results = tuple(
        CheckResult(
            check.name, check.sentence, check.marks.weight, Verdict.NOT_CHECKED, reason=reason
        )
        for check in checks_of(unit)[task]
    )
    return TaskResult(task, points, results, problem)


def _record(job, results, started, seconds, restarts) -> Record:
    tasks = tuple(results.values())
    faults = tuple(f"{result.task}: {result.problem}" for result in tasks if result.problem)
    return Record(
        unit=job.unit,
        student=job.student,
        submission=job.submission,
        seed=job.seed,
        graded=started.isoformat(timespec="seconds"),
        seconds=round(seconds, 3),
        restarts=restarts,
        problems=job.problems + faults,
        tasks=tasks,
        versions=records.versions(),
    )


def _without_hidden_region(source: str) -> str:
    kept, hidden = [], False
    for line in source.split("\n"):
        if "BEGIN HIDDEN TESTS" in line:
            hidden = True
        elif "END HIDDEN TESTS" in line:
            hidden = False
        elif not hidden:
            kept.append(line)
    return "\n".join(kept).rstrip("\n")
