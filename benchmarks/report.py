"""(g) The class report of 1,000 students over all units, from 10,000 records."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import course, measure, simulated

SIZES = (100, 1_000)
RUNS = 3


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print what the report of the course and of one unit costs for each class size."""
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            place = Path(folder) / "ours"
            simulated.make(simulated.found(place), size, complete=True)
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


if __name__ == "__main__":
    print(measure.machine())
    main()
