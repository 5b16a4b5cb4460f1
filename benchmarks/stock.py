"""(a) `lossgrad grade` against stock `nbgrader autograde`, on the same submissions."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import course, measure

SUBMISSIONS = 64
PAIRS = 3


def main(submissions: int = SUBMISSIONS, pairs: int = PAIRS) -> None:
    """Print throughput of both, with and without figures, as the median of several pairs."""
    for figures in (False, True):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            ours = course.make(Path(folder) / "ours", figures=figures, stock=False)
            theirs = course.make(Path(folder) / "stock", figures=figures, stock=True)
            for place in (ours, theirs):
                course.hand_in(place, submissions)
            costs = [_pair(ours, theirs) for _ in range(pairs)]
        _print(figures, submissions, costs)


def _pair(ours: Path, theirs: Path) -> tuple[measure.Cost, measure.Cost]:
    for place in (ours, theirs):
        course.forget_grades(place)
    jobs = str(measure.PROCESSORS)
    walled = measure.run([course.tool("lossgrad"), "grade", course.UNIT, "--jobs", jobs], ours)
    stock = measure.run([course.tool("nbgrader"), "autograde", course.UNIT], theirs)
    return walled, stock


def _print(figures: bool, submissions: int, costs) -> None:
    ratio = measure.median([stock.wall / walled.wall for walled, stock in costs])
    less = measure.median([stock.processor / walled.processor for walled, stock in costs])
    print(f"{submissions} submissions of {course.UNIT}, {'with' if figures else 'without'} figures")
    for name, index in (("lossgrad grade", 0), ("nbgrader autograde", 1)):
        wall = measure.median([pair[index].wall for pair in costs]) / submissions
        processor = measure.median([pair[index].processor for pair in costs]) / submissions
        memory = max(pair[index].memory for pair in costs)
        print(
            f"  {name:<20} {1 / wall:6.2f} submissions/s  {processor:6.3f} s of processor each  "
            f"{memory:5.0f} MiB peak (main process)"
        )
    print(f"  throughput {ratio:.1f} times stock's, processor time {less:.1f} times less")


if __name__ == "__main__":
    print(measure.machine())
    main()
