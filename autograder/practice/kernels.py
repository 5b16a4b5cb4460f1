"""Kernels that are ready at once: behind walls where these can be built, else started ahead."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from nbformat import NotebookNode

from autograder import nodes, walls
from autograder.execution import Limits, StudentKernel, write_files
from autograder.kernels import host, zygotes
from autograder.practice.grader import LIMITS
from autograder.walled import WalledKernel


@contextlib.contextmanager
def warm_kernels() -> Iterator[Callable]:
    """Start what kernels come from; yield a function that opens one as `WalledKernel` does."""
    try:
        walls.start_zygote().await_start()
    except host.NoWalls:  # one's own code on one's own machine may run without
        with _Ahead() as ahead:
            yield ahead.open
        return
    try:
        yield WalledKernel
    finally:
        zygotes.close_all()


class _Ahead:
    """Ordinary kernels, of which the next one is always started already."""

    def __init__(self):
        self._starting = ThreadPoolExecutor(1)
        self._next = self._starting.submit(_Started)

    def __enter__(self) -> _Ahead:
        return self

    def __exit__(self, *_) -> None:
        self._next.result().close()
        self._starting.shutdown()

    def open(
        self, notebook: NotebookNode, files: Mapping[str, bytes], limits: Limits
    ) -> StudentKernel:
        """Return the kernel that was started ahead, for this notebook and with these files."""
        ready, self._next = self._next.result(), self._starting.submit(_Started)
        ready.take(notebook, files, limits)
        return ready


class _Started(StudentKernel):
    """A kernel that runs before it is known for what."""

    def __init__(self):
        super().__init__(nodes.notebook([]), {}, LIMITS)
        super().__enter__()

    def __enter__(self) -> _Started:
        return self

    def take(self, notebook: NotebookNode, files: Mapping[str, bytes], limits: Limits) -> None:
        """Go on with a notebook and the files beside it; the time for it begins now."""
        self.begin(notebook, files, limits)
        write_files(self._folder, files)
        self._client.nb = notebook

    def close(self) -> None:
        """End the kernel."""
        self.__exit__(None, None, None)
