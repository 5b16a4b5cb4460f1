"""(g) Practice: from saving a notebook to the verdict on the screen, the watching included."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from rich.console import Console

from autograder.practice import desk as desks
from autograder.practice.answers import solutions_of
from autograder.practice.folder import Folder
from autograder.practice.kernels import warm_kernels
from autograder.practice.session import Session
from benchmarks import measure

ROOT = Path(__file__).parents[1]
TIMES = 20
TASKS = {"mse": "mse_grad", "backprop": "backward_hinge"}  # an ordinary one, and the slowest
# Every second save has a mistake, so that its name and help are looked for, too.
WRONG = """

def _twice(value):
    return tuple(map(_twice, value)) if isinstance(value, tuple) else 2 * value


_right = {task}


def {task}(*arguments):
    return _twice(_right(*arguments))
"""


def main(times: int = TIMES) -> None:
    """Print the median time, and the longest, for an ordinary unit and for the slowest."""
    for unit, task in TASKS.items():
        seconds = _measure(unit, task, times + 1)[1:]
        print(
            f"{unit}, all its cells and figures in it: {measure.median(seconds):.2f} s "
            f"(median of {times}; the longest {max(seconds):.2f} s)"
        )


def _measure(unit: str, task: str, times: int) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="bench-") as place, warm_kernels() as kernels:
        desk = desks.prepare(ROOT, Folder(Path(place)), (unit,), lambda told: None)
        session = Session(desk, kernels, Console(file=io.StringIO(), width=100))
        return asyncio.run(_save_often(session, _Notebook(desk.folder.notebook(unit), task), times))


async def _save_often(session: Session, notebook: _Notebook, times: int) -> list[float]:
    running = asyncio.create_task(session.run())
    seconds = []
    try:
        await _until(lambda: "Save a notebook" in session.console.file.getvalue())
        await asyncio.sleep(0.5)  # until the watching has begun
        for number in range(times):
            said = session.console.file
            said.truncate(said.seek(0))
            verdict = "✗ " if number % 2 else "✓ "
            started = time.perf_counter()
            notebook.save(number, wrong=bool(number % 2))
            await _until(lambda: f"{verdict}{notebook.task} " in said.getvalue())  # noqa: B023
            seconds.append(time.perf_counter() - started)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return seconds


async def _until(seen) -> None:
    async with asyncio.timeout(60):
        while not seen():
            await asyncio.sleep(0.002)


@dataclass
class _Notebook:
    """A notebook in which everything is solved, saved as JupyterLab saves."""

    path: Path
    task: str

    def __post_init__(self):
        functions = solutions_of(self.path.stem, ROOT).functions
        self.content = nbformat.read(self.path, as_version=4)
        for cell in self.content.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in functions:
                cell.source = f"{functions[name].head}\n{functions[name].body}"
            if name == self.task:
                self.cell, self.source = cell, cell.source

    def save(self, number: int, *, wrong: bool) -> None:
        """Save a version that differs from all others."""
        first, rest = self.source.split("\n", 1)
        self.cell.source = f"{first.replace('):', f', *, version={number}):')}\n{rest}"
        if wrong:
            self.cell.source += WRONG.format(task=self.task).replace("2 *", f"{number + 2} *")
        temporary = self.path.with_name(f".~{self.path.name}")
        nbformat.write(self.content, temporary)
        os.replace(temporary, self.path)


if __name__ == "__main__":
    print(measure.machine())
    main()
