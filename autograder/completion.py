"""What the shell offers after a Tab: the names of units and of students.

Looked up in folders' names alone: a shell waits for this at every Tab.
"""

from __future__ import annotations

import os
from pathlib import Path

SYSTEMS = ("moodle", "canvas")


def units(incomplete: str) -> list[str]:
    """Return the units of the course in this folder that begin so."""
    return _names(Path("exercises"), incomplete, ".md")


def students(incomplete: str) -> list[str]:
    """Return the students who have handed in something and begin so."""
    return _names(Path("classroom", "submitted"), incomplete)


def systems(incomplete: str) -> list[str]:
    """Return the universities' systems that begin so."""
    return [name for name in SYSTEMS if name.startswith(incomplete)]


def _names(folder: Path, begin: str, suffix: str = "") -> list[str]:
    if not folder.is_dir():
        return []
    names = (entry.name for entry in os.scandir(folder) if entry.name.endswith(suffix))
    return sorted(
        name.removesuffix(suffix)
        for name in names
        if name.startswith(begin) and not name.startswith((".", "_"))
    )
