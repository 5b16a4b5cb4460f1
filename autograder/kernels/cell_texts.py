"""What IPython works out of a cell's text several times for each cell, worked out once.

Only what depends on nothing but the text; the results are those of the stock functions.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable

import ipykernel.compiler
from IPython.core.inputtransformer2 import TransformerManager

REMEMBERED = 256  # texts
FACTOR, MASK = 0x5BD1E995, 0xFFFFFFFF  # of MurmurHash2


def remember(manager: TransformerManager) -> None:
    """Let a shell's input transformer, and the names of cells, be worked out once for each text."""
    manager.transform_cell = _Transformed(manager)
    ipykernel.compiler.murmur2_x86 = functools.lru_cache(REMEMBERED)(murmur2)


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
