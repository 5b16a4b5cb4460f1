"""(g) The class report of 1,000 students over all units, from 10,000 records."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from autograder.course import open_course
from benchmarks import course, measure, simulated

SIZES = (100, 1_000)
RUNS = 3


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print what the report of the course and of one unit costs for each class size."""
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            place = make(Path(folder) / "ours", size)
            written = len(list(place.glob("classroom/autograded/*/*/*.record.json")))
            for named in ([], [course.UNIT]):
                command = [course.tool("lossgrad"), "report", *named]
                costs = [measure.run(command, place) for _ in range(RUNS)]
                print(
                    f"{size:>6} students, {written} records, {' '.join(command[1:]):<11}: "
                    f"{measure.median([cost.wall for cost in costs]):5.2f} s, "
                    f"{measure.median([cost.processor for cost in costs]):5.2f} s of processor, "
                    f"{max(cost.memory for cost in costs):.0f} MiB at most "
                    f"(median of {RUNS})"
                )


def make(folder: Path, size: int) -> Path:
    """Make a course with a simulated class of this size that has been graded; return its folder."""
    folder.mkdir(parents=True)
    for name in ("course", "exercises", "solutions"):
        (folder / name).symlink_to(course.ROOT / name)
    shutil.copy(course.ROOT / "nbgrader_config.py", folder)
    simulated.make(open_course(folder), size)
    return folder


if __name__ == "__main__":
    print(measure.machine())
    main()
