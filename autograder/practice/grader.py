"""Checking tasks of a saved notebook: what changed, and the verdicts, by the same code as in class.

Only the cells that the checks depend on are run (see `needed`), in a kernel of their own.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from nbformat import NotebookNode

from autograder import grading, nodes, seeds
from autograder.execution import Limits
from autograder.practice import needed
from autograder.practice.released import Unit
from autograder.restoring import read_cells, restore
from autograder.results import TaskResult
from autograder.submission import Call, LocalTransport, Outcome, Submission
from autograder.tasks import run_task

LIMITS = Limits(cell_seconds=10.0, notebook_seconds=60.0)
LINE = re.compile(r"\s*\([^()]*, (line \d+)\)$")


@dataclass(frozen=True)
class Saved:
    """A notebook as it was saved, and by task a digest of all that its verdict depends on."""

    unit: Unit
    notebook: NotebookNode
    sources: tuple[str, ...]
    digests: dict[str, str]


@dataclass(frozen=True)
class Checked:
    """What checking a task came to.

    `result` is None if the function is not written yet, or its cell cannot run; `note` says why, or
    which cell stopped with an error. `code` and `digest` are those of the task's code and of all
    that the verdict depends on; `calls` the calls that its checks made.
    """

    unit: str
    task: str
    result: TaskResult | None
    code: str
    digest: str
    note: str = ""
    calls: tuple[tuple[str, tuple, Outcome], ...] = field(default=(), repr=False)


def read(unit: Unit, content: bytes, files: Mapping[str, bytes]) -> Saved:
    """Return a saved notebook. Raises `restoring.Unreadable` if it is none, or only half of one."""
    notebook = restore(read_cells(content), unit.cells)
    sources = tuple(cell.source for cell in notebook.cells if _is_own(cell, unit.name))
    modules = [f"{name}\0{files[name]!r}" for name in sorted(files) if name.endswith(".py")]
    digests = {}
    for task in unit.tasks:
        cells = needed.needed(sources, {task, *functions_called(unit.name, task)})
        broken = [source for source in sources if needed.names_of(source).broken]
        digests[task] = needed.digest([*(sources[i] for i in cells), *broken, *modules])
    return Saved(unit, notebook, sources, digests)


def check(
    saved: Saved, tasks: Collection[str], files: Mapping[str, bytes], open_kernel: Callable
) -> list[Checked]:
    """Check tasks of a saved notebook, in the order of the unit."""
    notes = {task: _unwritten(saved, task) for task in saved.unit.tasks if task in tasks}
    written = [task for task, note in notes.items() if note is None]
    calls: list[tuple[str, tuple, Outcome]] = []
    results, stopped = {}, ""
    if written:
        job = grading.Job(
            unit=saved.unit.name,
            student="",
            notebook=_reduced(saved, written),
            seed=seeds.PRACTICE_SEED,
            submission="",
            files=files,
            limits=LIMITS,
        )
        graded = grading.grade(job, functools.partial(_Recording, open_kernel, calls))
        results = {result.task: result for result in graded.record.tasks}
        stopped = _first_error(graded.notebook)
    return [
        Checked(
            saved.unit.name,
            task,
            results.get(task),
            needed.own_code(saved.sources, task) if note is None else "",
            saved.digests[task],
            note if note is not None else stopped,
            tuple(call for call in calls if call[0] == task),
        )
        for task, note in notes.items()
    ]


@functools.cache
def functions_called(unit: str, task: str) -> frozenset[str]:
    """Return the names of a student's functions that the checks of a task call.

    Found out by running the checks against the course's own solutions: right, and with a factor,
    because a gradient that is right is not compared with the learner's own loss.
    """
    functions = vars(importlib.import_module(f"solutions.{unit}"))
    wrong = functions | {task: lambda *arguments: _enlarged(functions[task](*arguments))}
    names: set[str] = set()
    for each in (functions, wrong):
        transport = _Listening(LocalTransport(each, seconds=None), names)
        run_task(unit, task, 1.0, Submission(transport), seeds.PRACTICE_SEED)
    return frozenset(names)


def _enlarged(value):
    if isinstance(value, tuple | list):
        return type(value)(map(_enlarged, value))
    return 1.5 * value if isinstance(value, float | np.ndarray) else value


def _is_own(cell: NotebookNode, unit: str) -> bool:
    """Whether it is a code cell of the learner's, and not one of the released checks."""
    return cell.cell_type == "code" and grading.graded_task(cell, unit) is None


def _unwritten(saved: Saved, task: str) -> str | None:
    """Return why a task cannot be checked yet ("" if nobody has begun), or None if it can."""
    if needed.is_unfinished(saved.sources, task):
        stub = next(cell.source for cell in saved.unit.cells if cell.grade_id == task)
        if needed.own_code([stub], task) == needed.own_code(saved.sources, task):
            return ""
        return f"`{task}` still raises NotImplementedError; when it is written, delete that line."
    if needed.own_code(saved.sources, task):
        return None
    for cell in saved.notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == task:
            error = needed.syntax_error(cell.source)
            return f"The cell of `{task}` is not Python yet: {error}" if error else None
    return None


def _reduced(saved: Saved, tasks: Sequence[str]) -> NotebookNode:
    """Return a notebook of the cells that these tasks depend on, and their graded cells."""
    names = set(tasks).union(*(functions_called(saved.unit.name, task) for task in tasks))
    chosen = set(needed.needed(saved.sources, names))
    cells, number = [], -1
    for cell in saved.notebook.cells:
        if _is_own(cell, saved.unit.name):
            number += 1
            if number in chosen:
                cells.append(cell)
        elif grading.graded_task(cell, saved.unit.name) in tasks:
            cells.append(cell)
    return nodes.notebook(cells)


def _first_error(notebook: NotebookNode) -> str:
    """Return a sentence about the first cell that stopped with an error, "" if none did."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                first = next((line for line in cell.source.splitlines() if line.strip()), "")
                what = f"{output.ename}: {output.evalue}"
                if output.ename in ("TimeLimit", "KernelDied", "OutputLimit"):
                    what = output.evalue
                return f"The cell that starts with `{first.strip()}` stopped. {LINE.sub('', what)}"
    return ""


class _Listening:
    """A transport that notes which functions are called."""

    def __init__(self, transport: LocalTransport, names: set[str]):
        self.transport = transport
        self.names = names

    def call(self, calls: Sequence[Call]) -> list[Outcome]:
        self.names.update(name for name, _ in calls)
        return self.transport.call(calls)


class _Recording:
    """A kernel whose calls and their outcomes are kept."""

    def __init__(self, open_kernel: Callable, kept: list, *arguments):
        self.kernel = open_kernel(*arguments)
        self.kept = kept

    def __enter__(self):
        self.kernel.__enter__()
        return self

    def __exit__(self, *error):
        return self.kernel.__exit__(*error)

    @property
    def restarts(self) -> int:
        return self.kernel.restarts

    def run_cell(self, index: int) -> None:
        self.kernel.run_cell(index)

    def call(self, calls: Sequence[Call]) -> list[Outcome]:
        outcomes = self.kernel.call(calls)
        self.kept += [(*call, outcome) for call, outcome in zip(calls, outcomes, strict=True)]
        return outcomes
