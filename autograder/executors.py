"""Where notebooks are graded: worker processes of this machine, or workers of a Dask cluster."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import multiprocessing.util
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib.metadata import version
from typing import Protocol

from autograder import walls as standard_walls
from autograder.kernels import zygotes

RETRIES = 2  # how often a cluster tries again a submission whose worker failed
SECONDS_TO_CONNECT = 10
SECONDS_WITHOUT_WORKERS = 120  # then a cluster is given up
SECONDS_BETWEEN_COUNTS = 5


class ClusterError(OSError):
    """The cluster cannot be used; the message says why and what to do."""


class Workers(Protocol):
    """Something that makes calls elsewhere, several at a time."""

    @property
    def count(self) -> int:
        """How many calls are made at the same time; may change."""

    def submit(self, function: Callable, argument: object) -> Future:
        """Have one call made. Raises ClusterError if nobody is there any more to make it."""

    def check(self) -> None:
        """Raise ClusterError if waiting is in vain. Called when nothing has come for a while."""


def default_jobs() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def pool(jobs: int, *, walls: bool = True) -> Iterator[Workers]:
    """Yield worker processes of this machine. Forked ones share this process's zygote.

    Left by an exception, it ends them at once, whatever they are doing. Raises
    `kernels.host.NoWalls` where walls are wanted and cannot be built.
    """
    if walls:
        standard_walls.standard_settings()  # found out once, before the fork; says what is missing
    workers = _Pool(jobs, walls)
    try:
        yield workers
    except BaseException:
        workers.kill()
        raise
    finally:
        workers.close()


@contextmanager
def cluster(address: str, *, walls: bool = True) -> Iterator[Workers]:
    """Yield the workers of a Dask scheduler. Lost workers and retries are Dask's.

    Raises ClusterError if Dask is not installed, the scheduler does not answer, it has no workers,
    or one of them cannot grade.
    """
    try:
        from dask.distributed import Client
    except ImportError:
        raise ClusterError(
            "Dask is not installed here. Type: pip install 'lossgrad[cluster]'"
        ) from None
    try:
        client = Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ClusterError(f"No Dask scheduler answers at {address} ({reason}).") from None
    for name in logging.root.manager.loggerDict:
        if name.startswith("distributed"):  # it writes tracebacks; what matters is told here
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with client:
        workers = _Cluster(client, address)
        workers.make_ready(walls)
        yield workers


class _Pool:
    """Processes of this machine; all of them are replaced when one of them is killed."""

    def __init__(self, jobs: int, walls: bool):
        self.count = jobs
        self._walls = walls
        self._zygote: zygotes.Zygote | None = None
        self._others = set(multiprocessing.active_children())
        # Forked workers have everything imported already, and no thread of ours has begun by now.
        # Later a fork could copy a lock that another thread holds.
        alone = sys.platform == "linux" and threading.active_count() == 1
        self._start("fork" if alone else "spawn")

    def submit(self, function: Callable, argument: object) -> Future:
        try:
            return self._executor.submit(function, argument)
        except BrokenProcessPool:
            self.kill()
            self.close()
            self._start("spawn")
            return self._executor.submit(function, argument)

    def check(self) -> None:
        """Do nothing: the death of a process is noticed at once."""

    def kill(self) -> None:
        for process in set(multiprocessing.active_children()) - self._others:
            process.terminate()

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)
        if self._zygote is not None:
            self._zygote.close()

    def _start(self, method: str) -> None:
        context = multiprocessing.get_context(method)
        lines, taken = [], context.Value("i", 0)
        if method == "fork" and self._walls:
            self._zygote = standard_walls.start_zygote()
            lines = self._zygote.lines(self.count)
        self._executor = ProcessPoolExecutor(
            self.count, context, initializer=_start_worker, initargs=(self._walls, lines, taken)
        )
        self._executor.submit(os.getpid)  # the processes begin with the first call
        for line in lines:
            line.close()


class _Cluster:
    """The workers of a Dask scheduler; there may be more or fewer of them from time to time."""

    def __init__(self, client, address: str):
        self._client = client
        self._address = address
        # Each submission is its own task: the same file of two students is graded for both.
        self._executor = client.get_executor(pure=False, retries=RETRIES)
        self._counted = self._threads()
        self._time = self._seen = time.monotonic()

    @property
    def count(self) -> int:
        if time.monotonic() - self._time > SECONDS_BETWEEN_COUNTS:
            self._counted = self._threads()
            self._time = time.monotonic()
            if self._counted:
                self._seen = self._time
        return max(1, self._counted)

    def submit(self, function: Callable, argument: object) -> Future:
        try:
            return self._executor.submit(function, argument)
        except Exception as error:
            raise self._gone(error) from None

    def check(self) -> None:
        if self.count and time.monotonic() - self._seen > SECONDS_WITHOUT_WORKERS:
            raise ClusterError(f"The scheduler at {self._address} has lost all of its workers.")

    def make_ready(self, walls: bool) -> None:
        """Have every worker start its zygote. Raises ClusterError if one cannot grade."""
        if not self._counted:
            raise ClusterError(
                f"The scheduler at {self._address} has no workers.\n"
                f"Start some: dask worker {self._address} --nthreads 1"
            )
        ours = version("lossgrad")
        found = self._client.run(_make_ready, walls, on_error="return")
        for worker, theirs in found.items():
            if isinstance(theirs, Exception) and "No module named" in str(theirs):
                raise ClusterError(
                    f"The worker {worker} has no lossgrad ({theirs}).\n"
                    f"Type there: pip install 'lossgrad[cluster]=={ours}'"
                )
            if isinstance(theirs, Exception):
                raise ClusterError(f"The worker {worker} cannot grade: {theirs}")
            if theirs != ours:
                raise ClusterError(
                    f"The worker {worker} has lossgrad {theirs}, and here is {ours}. "
                    "Install the same everywhere."
                )

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except Exception as error:
            raise self._gone(error) from None

    def _gone(self, error: Exception) -> ClusterError:
        return ClusterError(
            f"The scheduler at {self._address} is gone ({type(error).__name__}).\n"
            "What was graded is kept: start it and type the same command again."
        )


_common: list[zygotes.Line] = []  # in a worker, the lines to the zygote of its parent


def _start_worker(walls: bool, lines: list[zygotes.Line], taken) -> None:
    """Begin as a worker. `lines` are for all workers; of them so many are `taken` already."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that writes
    signal.signal(signal.SIGTERM, _end_worker)
    multiprocessing.util.Finalize(None, zygotes.close_all, exitpriority=1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if lines:
        _common.extend(lines)
        with taken.get_lock():
            own, taken.value = taken.value, taken.value + 1
        for number, line in enumerate(lines):
            zygotes.adopt(line) if number == own else line.close()
    elif walls:
        with contextlib.suppress(OSError):  # told where a submission needs it
            standard_walls.start_zygote()


def _make_ready(walls: bool) -> str:
    if walls:
        standard_walls.start_zygote().await_start()
    return version("lossgrad")


def _end_worker(*_) -> None:
    with contextlib.suppress(Exception):
        zygotes.close_all()
    os._exit(1)


def _end_with_parent() -> None:
    """Wait for the death of the parent, of which a worker that waits for work would not learn."""
    multiprocessing.parent_process().join()
    for line in _common:
        zygotes.remove(line.run)  # the parent would have done so
    os.kill(os.getpid(), signal.SIGTERM)
