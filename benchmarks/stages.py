"""Where the time of one submission goes: wall and processor time of each stage, in one process.

The processor time is the trusted process's own; what a stage waits for is mostly the student's
kernel.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

from autograder import class_grading, gradebook, grading, records, walled
from autograder.course import open_course
from benchmarks import course, measure

SUBMISSIONS = 40
STAGES = {
    "read and restore the notebook": (grading, "restore_file"),
    "fork a kernel, raise its walls": (walled.WalledKernel, "__enter__"),
    "run the student's cells": (walled.WalledKernel, "run_cell"),
    "run the checks, calls included": (grading, "run_task"),
    "of these, calls into the kernel": (walled.WalledKernel, "call"),
    "end the kernel": (walled.WalledKernel, "__exit__"),
    "draw the tables": (grading, "show"),
    "save to the gradebook": (gradebook.Saving, "save"),
    "write the record": (records, "to_json"),
}


class Inline:
    """An executor that grades at once, in this process."""

    count = 1

    def submit(self, function, argument) -> Future:
        """Return the finished future of a call."""
        future = Future()
        future.set_result(function(argument))
        return future


def main(submissions: int = SUBMISSIONS) -> None:
    """Print a row for each stage, with and without figures."""
    for figures in (False, True):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            place = course.make(Path(folder) / "ours", figures=figures, stock=False)
            course.hand_in(place, submissions + 2)
            rows, wall, processor = _measure(place, submissions)
        print(f"{'with' if figures else 'without'} figures, per submission:")
        for stage, (spent, own) in rows.items():
            print(f"  {stage:<34} {spent * 1e3:7.1f} ms wall  {own * 1e3:7.1f} ms of processor")
        print(f"  {'all':<34} {wall * 1e3:7.1f} ms wall  {processor * 1e3:7.1f} ms of processor")


def _measure(place: Path, submissions: int):
    opened = open_course(place)
    work = class_grading.find_work(opened, course.UNIT)
    list(class_grading.grade_class(opened, work[:2], Inline()))  # starts the zygote
    with _timed() as spent:
        start, own = time.perf_counter(), time.process_time()
        list(class_grading.grade_class(opened, work[2:], Inline()))
        wall, processor = time.perf_counter() - start, time.process_time() - own
    rows = {
        stage: (spent[stage][0] / submissions, spent[stage][1] / submissions) for stage in STAGES
    }
    return rows, wall / submissions, processor / submissions


@contextlib.contextmanager
def _timed() -> Iterator[dict]:
    spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    originals = {stage: getattr(owner, name) for stage, (owner, name) in STAGES.items()}
    for stage, (owner, name) in STAGES.items():
        setattr(owner, name, _wrapped(originals[stage], spent[stage]))
    try:
        yield spent
    finally:
        for stage, (owner, name) in STAGES.items():
            setattr(owner, name, originals[stage])


def _wrapped(function, total):
    def timed(*arguments, **options):
        start, own = time.perf_counter(), time.process_time()
        try:
            return function(*arguments, **options)
        finally:
            total[0] += time.perf_counter() - start
            total[1] += time.process_time() - own

    return timed


if __name__ == "__main__":
    print(measure.machine())
    main()
