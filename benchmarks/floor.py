"""(c) Processor time per submission against the floor: the same cells in a bare forked process.

The floor has no messages, no walls, no checks and no gradebook: a warm process forks, the child
runs the code cells with `exec` and draws open figures as PNG. For `lossgrad grade` it is the cost
of one more submission (the difference of two class sizes); its start is printed beside it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import tempfile
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from benchmarks import course, measure

SMALL, LARGE = 16, 112
PAIRS = 3


def main(small: int = SMALL, large: int = LARGE, pairs: int = PAIRS) -> None:
    """Print the ratio with and without figures, as the median of several pairs."""
    _warm_up()
    for figures in (False, True):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            place = course.make(Path(folder) / "ours", figures=figures, stock=False)
            rows = [_pair(place, small, large) for _ in range(pairs)]
        ours = measure.median([row[0] for row in rows])
        floor = measure.median([row[1] for row in rows])
        start = measure.median([row[2] for row in rows])
        ratio = measure.median([row[0] / row[1] for row in rows])
        print(
            f"{'with' if figures else 'without'} figures: {ours * 1e3:.0f} ms of processor for one "
            f"more submission, floor {floor * 1e3:.0f} ms, ratio {ratio:.2f} "
            f"(start of the run: {start:.1f} s of processor)"
        )


def _pair(place: Path, small: int, large: int) -> tuple[float, float, float]:
    costs = {}
    for count in (small, large):
        course.hand_in(place, count)
        jobs = str(measure.PROCESSORS)
        command = [course.tool("lossgrad"), "grade", course.UNIT, "--jobs", jobs]
        costs[count] = measure.run(command, place).processor
    each = (costs[large] - costs[small]) / (large - small)
    folder = place / "classroom" / "submitted" / "student-00000" / course.UNIT
    floor = measure.median([_bare(folder) for _ in range(small)])
    return each, floor, costs[small] - small * each


def _bare(folder: Path) -> float:
    """Return the seconds of processor time that a forked child needs for the code cells."""
    cells = json.loads((folder / f"{course.UNIT}.ipynb").read_text())["cells"]
    graded = "### BEGIN HIDDEN TESTS"
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        names = {"__name__": "__main__"}
        import sys

        sys.path.insert(0, str(folder))
        with contextlib.redirect_stdout(io.StringIO()):
            for source in sources:
                if graded not in source:
                    exec(compile(source, "<cell>", "exec"), names)
                    _draw()
        os._exit(0)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        raise RuntimeError("the floor's child failed")
    return usage.ru_utime + usage.ru_stime


def _draw() -> None:
    for number in plt.get_fignums():
        plt.figure(number).savefig(io.BytesIO(), bbox_inches="tight")
    plt.close("all")


def _warm_up() -> None:
    figure = plt.figure()
    figure.add_subplot(title="$x^2$").plot(np.arange(3))
    _draw()


if __name__ == "__main__":
    print(measure.machine())
    main()
