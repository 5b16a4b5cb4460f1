"""One submitted notebook in, one graded notebook and its record out.

A pure function of its arguments: no gradebook, no shared disk, so any executor may run it anywhere.
"""

from __future__ import annotations

import copy
import functools
import hashlib
import itertools
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nbformat import NotebookNode

from autograder import feedback, nodes, outputs, records, walled
from autograder.execution import Limits, StudentKernel
from autograder.records import Record
from autograder.restoring import TIMESTAMP, ReleasedCell, restore_file
from autograder.results import CheckResult, TaskResult, Verdict
from autograder.submission import Call, Outcome, Submission, Transport
from autograder.tasks import checks_of, run_task
from autograder.walled import WalledKernel

log = logging.getLogger(__name__)

CHECKS_SUFFIX = "_checks"
UNDEFINED = ("NameError", "NotImplementedError")  # the second is what an unwritten cell raises


@dataclass(frozen=True)
class Job:
    """What is needed to grade one notebook.

    `notebook` is sanitized: its graded cells are the released ones. `files` are the assignment's
    other files by relative path. `seed` comes from `autograder.seeds`, `submission` is the SHA-256
    of the submitted file. `authored` and `handed_in` are as in `Submitted`.
    """

    unit: str
    student: str
    notebook: NotebookNode
    seed: str
    submission: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    limits: Limits = Limits()
    authored: tuple[str, ...] = ()
    handed_in: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Graded:
    """The executed notebook, with the verdicts as outputs of its graded cells, and the record."""

    notebook: NotebookNode
    record: Record


@dataclass(frozen=True)
class Submitted:
    """A file as it was handed in, with all that is needed to grade it anywhere.

    `content` is the file, `released` the cells that the gradebook knows, `authored` the sources of
    the code cells that students were given, `handed_in` the names of those files that are the
    student's; the rest is as in `Job`. `walled` is off only where the lecturer said so.
    """

    unit: str
    student: str
    content: bytes
    released: tuple[ReleasedCell, ...]
    seed: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = Limits()
    walled: bool = True
    authored: tuple[str, ...] = ()
    handed_in: frozenset[str] = frozenset()


def grade_submitted(submitted: Submitted) -> Graded:
    """Restore a submitted file to a notebook that can be graded, and grade it.

    Raises `kernels.host.NoWalls` where walls are wanted and cannot be built.
    """
    notebook, problem = restore_file(submitted.content, submitted.released)
    job = Job(
        unit=submitted.unit,
        student=submitted.student,
        notebook=notebook,
        seed=submitted.seed,
        submission=digest(submitted.content),
        files=submitted.files,
        problems=(problem,) if problem else (),
        limits=submitted.limits,
        authored=submitted.authored,
        handed_in=submitted.handed_in,
    )
    return grade(job, walled_kernel(job) if submitted.walled else StudentKernel)


def walled_kernel(job: Job) -> Callable:
    """Return what opens a kernel behind walls for a job, to be given to `grade`.

    The cells that all students were given are made ready, and the first of them have run.
    Raises `kernels.host.NoWalls`, or `zygotes.ZygoteError` if there is no zygote.
    """
    walled.prepare(job.authored)
    return functools.partial(
        WalledKernel,
        opening=_opening(job),
        opening_files={
            name: content for name, content in job.files.items() if name not in job.handed_in
        },
    )


def _opening(job: Job) -> tuple[str, ...]:
    """Return the first code cells, as far as they are those that all students were given.

    None if there are files of the student's, which the cells might read or import.
    """
    if not job.handed_in <= {TIMESTAMP}:
        return ()
    cells = (c for c in job.notebook.cells if c.cell_type == "code" and c.source.strip())
    authored = (source for source in job.authored if source.strip())
    same = itertools.takewhile(
        lambda pair: pair[0].source == pair[1] and not pair[0].metadata.get("nbgrader"),
        zip(cells, authored, strict=False),
    )
    return tuple(source for _, source in same)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a submitted file, by which a record knows it."""
    return hashlib.sha256(content).hexdigest()


def grade(job: Job, open_kernel: Callable = WalledKernel) -> Graded:
    """Run the student's cells in a kernel of their own and the hidden checks here.

    Each task is checked where its graded cell stands. One that lacked its function there, or a name
    that this uses, is checked again at the end, so that the order of cells costs nothing.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    notebook = _own(job.notebook)
    results: dict[int, TaskResult] = {}
    too_early: list[int] = []
    with open_kernel(notebook, job.files, job.limits) as kernel:
        for index, cell in enumerate(notebook.cells):
            if task := graded_task(cell, job.unit):
                watched = _Watched(kernel)
                results[index] = _check(job, task, cell, watched)
                if watched.lacked_a_name:
                    too_early.append(index)
            elif cell.cell_type == "code":
                kernel.run_cell(index)
        for index in too_early:
            cell = notebook.cells[index]
            again = _check(job, graded_task(cell, job.unit), cell, kernel)
            results[index] = max(results[index], again, key=lambda result: result.score)
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
    """Put a task's verdicts and score into its graded cell, in a form that nbgrader reads."""
    table = {"text/html": feedback.render_html(result), "text/plain": feedback.render_text(result)}
    # nbgrader takes the first result that is a number for partial credit. The table shows the score
    # already.
    score = {"text/plain": f"{result.score:.2f}", "text/html": "<!-- score -->"}
    cell.source = _without_hidden_region(cell.source)
    cell.execution_count = None
    cell.outputs = [
        nodes.display(table),
        nodes.result(score),
    ]


def _own(notebook: NotebookNode) -> NotebookNode:
    """Return a copy as deep as grading changes it; `copy.deepcopy` takes milliseconds."""
    kept = copy.copy(notebook)
    kept.metadata = copy.copy(notebook.metadata)
    kept.cells = [copy.copy(cell) for cell in notebook.cells]
    return kept


class _Watched:
    """A student's kernel, and whether a call failed for want of what a later cell may define."""

    def __init__(self, kernel: Transport):
        self.kernel = kernel
        self.lacked_a_name = False

    def call(self, calls: Sequence[Call]) -> list[Outcome]:
        """Make the calls and return one outcome for each."""
        outcomes = self.kernel.call(calls)
        self.lacked_a_name |= any(
            outcome.problem == "missing" or outcome.error_type in UNDEFINED for outcome in outcomes
        )
        return outcomes


def _check(job, task, cell, transport) -> TaskResult:
    points = float(cell.metadata.nbgrader["points"])
    try:
        return run_task(job.unit, task, points, Submission(transport), job.seed)
    except Exception as error:
        # A fault of a grader must not stop the class; a human looks at this one.
        log.exception("the checks of %s failed for %s", task, job.student)
        problem = f"The grader itself failed ({type(error).__name__})."
        return _unchecked(job.unit, task, points, problem)


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
