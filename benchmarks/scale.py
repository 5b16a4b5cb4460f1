"""(d) Throughput and memory of the main process for 100, 1,000 and 10,000 submissions."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import course, measure

SIZES = (100, 1_000, 10_000)


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print throughput and memory for each class size, and their ratios to the smallest."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = course.make(Path(folder) / "ours", figures=False, stock=False)
        costs = {}
        for size in sizes:
            course.hand_in(place, size)
            (place / "classroom" / "gradebook.db").unlink()
            course.open_course(place).api().generate_assignment(course.UNIT)
            jobs = str(measure.PROCESSORS)
            costs[size] = measure.run(
                [course.tool("lossgrad"), "grade", course.UNIT, "--jobs", jobs], place
            )
    first = sizes[0] / costs[sizes[0]].wall
    for size, cost in costs.items():
        speed = size / cost.wall
        print(
            f"{size:>6} submissions: {speed:6.2f}/s ({speed / first:.2f} of the smallest class's), "
            f"{cost.processor / size:.3f} s of processor each, "
            f"main process {cost.memory:.0f} MiB at most"
        )


if __name__ == "__main__":
    print(measure.machine())
    main()
