"""What IPython works out of a cell's text several times for each cell, worked out once.

Only what depends on nothing but the text; the results are those of the stock functions. Cells that
all kernels will run, such as an author's, can be prepared before the fork.
"""

from __future__ import annotations

import functools
import struct
import warnings
from collections.abc import Callable

import ipykernel.compiler
from IPython.core import interactiveshell
from IPython.core.inputtransformer2 import TransformerManager

REMEMBERED = 256  # texts
FACTOR, MASK = 0x5BD1E995, 0xFFFFFFFF  # of MurmurHash2


def remember(manager: TransformerManager) -> None:
    """Let a shell's input transformer, and the names of cells, be worked out once for each text."""
    manager.transform_cell = _Transformed(manager)
    ipykernel.compiler.murmur2_x86 = functools.lru_cache(REMEMBERED)(murmur2)
    if not isinstance(interactiveshell._should_be_async, _Asynchronous):
        interactiveshell._should_be_async = _Asynchronous(interactiveshell._should_be_async)


def prepare(shell: interactiveshell.InteractiveShell, text: str) -> None:
    """Work out what will be asked of a cell. One that is no Python is left as it is."""
    try:
        transformed = shell.transform_cell(text)
    except SyntaxError:
        return
    interactiveshell._should_be_async.prepare(transformed)
    ipykernel.compiler.get_file_name(text)


class _Asynchronous:
    """IPython's test whether a cell awaits something, known for what was prepared."""

    def __init__(self, test: Callable[[str], bool]):
        self._test = test
        self._known: dict[str, bool] = {}

    def __call__(self, cell: str) -> bool:
        known = self._known.get(cell)
        return self._test(cell) if known is None else known

    def prepare(self, cell: str) -> None:
        """Test a cell now, but for one about which the test, which compiles it, warns each time."""
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            found = self._test(cell)
        if not warned and len(self._known) < REMEMBERED:
            self._known[cell] = found


class _Transformed:
    """The transformer's `transform_cell`, as long as its transforms are those of the start."""

    def __init__(self, manager: TransformerManager):
        self._manager = manager
        self._transform: Callable[[str], str] = manager.transform_cell
        self._stock = self._steps()
        self._known = functools.lru_cache(REMEMBERED)(self._transform)

    def __call__(self, cell: str) -> str:
        return (self._known if self._steps() == self._stock else self._transform)(cell)

    def _steps(self) -> list:
        manager = self._manager
        return [
            *manager.cleanup_transforms,
            *manager.line_transforms,
            *manager.token_transformers,
        ]


def murmur2(text: str, seed: int) -> int:
    """Return the 32-bit MurmurHash2 of a text, after which ipykernel names the text's file.

    Faster than `ipykernel.compiler.murmur2_x86`, which takes the bytes one by one.
    """
    data = text.encode()
    whole, rest = divmod(len(data), 4)
    value = seed ^ len(data)
    for (word,) in struct.iter_unpack("<I", data[: 4 * whole]):
        word = word * FACTOR & MASK
        word = (word ^ word >> 24) * FACTOR & MASK
        value = value * FACTOR & MASK ^ word
    if rest:
        value = (value ^ int.from_bytes(data[4 * whole :], "little")) * FACTOR & MASK
    value = (value ^ value >> 13) * FACTOR & MASK
    return value ^ value >> 15
