"""(c) Processor time per submission against the floor: the same cells in a bare forked process.

The floor has no messages, no walls, no checks and no gradebook: a process that has NumPy and
Matplotlib imported forks, the child runs the code cells with `exec` and draws open figures as PNG.
The forking counts, as it does in grading.
As many run at a time as in grading, on the same processors: what runs beside it slows a process.
The warm floor's process has loaded, besides, all that a zygote has. For `lossgrad grade` it is the
cost of one more submission (the difference of two class sizes); its start is printed beside it.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from benchmarks import course, measure

SMALL, LARGE = 16, 112
PAIRS = 3
FORKS = 12


def main(small: int = SMALL, large: int = LARGE, pairs: int = PAIRS) -> None:
    """Print the ratios with and without figures, as the medians of several pairs."""
    for figures in (False, True):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            place = course.make(Path(folder) / "ours", figures=figures, stock=False)
            for jobs in (1, measure.PROCESSORS):
                rows = [_pair(place, small, large, jobs) for _ in range(pairs)]
                _print(figures, jobs, rows)


def _pair(place: Path, small: int, large: int, jobs: int) -> tuple[float, float, float, float]:
    costs = {}
    for count in (small, large):
        course.hand_in(place, count)
        command = [course.tool("lossgrad"), "grade", course.UNIT, "--jobs", str(jobs)]
        costs[count] = measure.run(command, place).processor
    each = (costs[large] - costs[small]) / (large - small)
    folder = place / "classroom" / "submitted" / "student-00000" / course.UNIT
    floors = (_floor(folder, jobs, warm=warm) for warm in (False, True))
    return each, *floors, costs[small] - small * each


def _print(figures: bool, jobs: int, rows) -> None:
    ours, floor, warm, start = (measure.median([row[i] for row in rows]) for i in range(4))
    ratio, to_warm = (measure.median([row[0] / row[i] for row in rows]) for i in (1, 2))
    print(
        f"{'with' if figures else 'without'} figures, {jobs} at a time: {ours * 1e3:.0f} ms of "
        f"processor for one more submission, floor {floor * 1e3:.0f} ms, ratio {ratio:.2f}; "
        f"warm floor {warm * 1e3:.0f} ms, ratio {to_warm:.2f} "
        f"(start of the run: {start:.1f} s of processor)"
    )


def _floor(folder: Path, jobs: int, *, warm: bool) -> float:
    """Return the median of the seconds of processor time for a submission, in a new process."""
    command = [sys.executable, "-m", "benchmarks.floor", str(folder), str(jobs)]
    command += ["--warm"] if warm else []
    said = subprocess.run(command, cwd=course.ROOT, check=True, capture_output=True, text=True)
    return float(said.stdout)


def _median_of_forks(folder: Path, at_once: int) -> float:
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: measure.PROCESSORS]))
    cells = json.loads((folder / f"{course.UNIT}.ipynb").read_text())["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    students = [source for source in sources if "### BEGIN HIDDEN TESTS" not in source]
    costs = []
    for _ in range(FORKS):
        start = time.process_time()
        children = [_fork(folder, students) for _ in range(at_once)]
        forking = (time.process_time() - start) / at_once
        costs += [forking + _cost(child) for child in children]
    return measure.median(costs)


def _fork(folder: Path, sources: list[str]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        os.chdir(folder)
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        sys.path.insert(0, str(folder))
        names = {"__name__": "__main__"}
        with contextlib.redirect_stdout(io.StringIO()):
            for source in sources:
                exec(compile(source, "<cell>", "exec"), names)
                _draw()
        os._exit(0)
    finally:
        os._exit(1)


def _cost(child: int) -> float:
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise RuntimeError("the floor's child failed")
    return usage.ru_utime + usage.ru_stime


def _draw() -> None:
    for number in plt.get_fignums():
        plt.figure(number).savefig(io.BytesIO(), bbox_inches="tight")
    plt.close("all")


def _load() -> None:
    figure = plt.figure()
    figure.add_subplot(title="$x^2$").plot(np.arange(3))
    _draw()


def _load_as_a_zygote() -> None:
    from IPython.core.interactiveshell import InteractiveShell

    from autograder.kernels import settings, warming

    for module in settings.PRELOAD:
        importlib.import_module(module)
    warming.warm_cells(InteractiveShell.instance())
    _load()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        (_load_as_a_zygote if "--warm" in sys.argv else _load)()
        print(_median_of_forks(Path(sys.argv[1]), int(sys.argv[2])))
    else:
        print(measure.machine())
        main()
