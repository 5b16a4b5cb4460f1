"""The modules that an author hands out, compiled once for all kernels that will import them."""

from __future__ import annotations

import importlib.util
import py_compile
import tempfile
from pathlib import Path


def compiled_modules(folder: Path) -> dict[str, bytes]:
    """Return the bytecode of the modules in a folder, by the path at which Python looks for it.

    It holds for the very same source only: who changes a module gets the changed one. The folder
    must be a trusted author's. One that cannot be compiled is left to fail where it is imported.
    """
    return {name: code for path in sorted(folder.glob("*.py")) for name, code in _compiled(path)}


def _compiled(module: Path) -> list[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as place:
        target = Path(place, "module.pyc")
        checked = py_compile.PycInvalidationMode.CHECKED_HASH
        try:
            py_compile.compile(
                str(module), str(target), module.name, doraise=True, invalidation_mode=checked
            )
        except (py_compile.PyCompileError, OSError):
            return []
        return [(importlib.util.cache_from_source(module.name), target.read_bytes())]
