"""(e) A Dask cluster with one and with two workers, on this machine."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import course, measure

SUBMISSIONS = 128
PAIRS = 3


def main(submissions: int = SUBMISSIONS, pairs: int = PAIRS) -> None:
    """Print the throughput of two workers over that of one."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = course.make(Path(folder) / "ours", figures=True, stock=False)
        course.hand_in(place, submissions)
        rows = [[_grade(place, workers) for workers in (1, 2)] for _ in range(pairs)]
    one, two = (measure.median([submissions / row[i] for row in rows]) for i in (0, 1))
    ratio = measure.median([row[0] / row[1] for row in rows])
    print(f"Dask, one worker {one:.2f} submissions/s, two workers {two:.2f}/s, ratio {ratio:.2f}")


def _grade(place: Path, workers: int) -> float:
    course.forget_grades(place)
    with _scheduler(workers) as address:
        # A few first, so that every worker has its zygote: their start is not what is compared.
        few = [part for i in range(4 * workers) for part in ("--student", f"student-{i:05d}")]
        command = [course.tool("lossgrad"), "grade", course.UNIT, "--scheduler", address]
        measure.run([*command, *few], place, processors=4)
        course.forget_grades(place)
        return measure.run(command, place, processors=4).wall


@contextlib.contextmanager
def _scheduler(workers: int) -> Iterator[str]:
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(
        [*dask, "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    address = next(line.split()[-1] for line in scheduler.stderr if "Scheduler at:" in line)
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--nthreads",
        "1",
        "--no-dashboard",
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [subprocess.Popen(worker, **quiet) for _ in range(workers)]
    try:
        from dask.distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield address
    finally:
        for process in [*processes, scheduler]:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    print(measure.machine())
    main()
