"""The learner's folder: handing notebooks out without ever overwriting work, and starting anew."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.mistakes import Mistake

if TYPE_CHECKING:  # it needs nbgrader, whose import takes seconds that `%check` has not
    from autograder.practice.released import Unit

MAX_FILES = 50 * 2**20  # bytes of all files beside a notebook that its cells find
OWN = ".lossgrad"


class HandedOut(StrEnum):
    """What became of a unit's notebook when it was to be handed out."""

    NEW = "new"
    KEPT = "kept"
    RENEWED = "renewed"  # nobody had touched it, so it could be replaced
    CHANGED = "changed"  # the exercise has, and so has the learner's copy, which stays


@dataclass(frozen=True)
class Folder:
    """Where a learner works: a folder for each unit, and `.lossgrad` for what belongs to us."""

    root: Path

    @property
    def own(self) -> Path:
        """Our own folder in it."""
        return self.root / OWN

    @property
    def progress(self) -> Path:
        """The file of the learner's progress."""
        return self.own / "progress.json"

    def unit(self, name: str) -> Path:
        """The folder of a unit."""
        return self.root / name

    def notebook(self, name: str) -> Path:
        """The notebook of a unit."""
        return self.root / name / f"{name}.ipynb"

    def prepare(self) -> None:
        """Make the folder. Raises Mistake if that, or writing in it, is not possible."""
        try:
            self.own.mkdir(parents=True, exist_ok=True)
            trial = self.own / f"trial-{os.getpid()}"
            trial.touch()
            trial.unlink()
        except OSError as error:
            raise Mistake(
                f"cannot write in {self.root} ({error.strerror}).\n"
                "Choose another folder: lossgrad practice --folder FOLDER"
            ) from None

    def files_beside(self, name: str) -> dict[str, bytes]:
        """Return the other files of a unit's folder by relative path, as far as they are small."""
        found: dict[str, bytes] = {}
        room = MAX_FILES
        for path in sorted(self.unit(name).rglob("*")):
            place = path.relative_to(self.unit(name))
            hidden = any(part.startswith((".", "__")) for part in place.parts)
            if hidden or path.suffix == ".ipynb" or path.is_symlink() or not path.is_file():
                continue
            size = path.stat().st_size
            if size <= room and str(place).isprintable():
                room -= size
                found[place.as_posix()] = path.read_bytes()
        return found


def found_from(place: Path) -> Folder | None:
    """Return the learner's folder that a place lies in, if it does."""
    for folder in (place, *place.parents):
        if (folder / OWN / "progress.json").is_file():
            return Folder(folder)
    return None


def hand_out(
    unit: Unit, folder: Folder, handed: dict[str, str]
) -> tuple[HandedOut, dict[str, str]]:
    """Put a unit's files into the learner's folder, all but those that the learner has changed.

    `handed` is by name the SHA-256 of what was handed out before. Returns what became of the
    notebook, and the same for now.
    """
    own = f"{unit.name}.ipynb"
    contents = {own: unit.notebook.encode(), **unit.files}
    became, now = HandedOut.KEPT, {}
    folder.unit(unit.name).mkdir(exist_ok=True)
    for name, content in contents.items():
        path = folder.unit(unit.name) / name
        done = _put(path, content, handed.get(name))
        kept = done in (HandedOut.KEPT, HandedOut.CHANGED)
        if name in handed or not kept:
            now[name] = handed[name] if kept else sha(content)
        if name == own:
            became = done
    return became, now


def set_aside(unit: str, folder: Folder, now: datetime) -> Path:
    """Move a unit's folder to a dated backup, and return that."""
    backup = folder.root / "backups" / f"{unit}-{now:%Y-%m-%d-%H%M%S}"
    if backup.exists():
        raise Mistake(f"{backup} is there already; wait a second and try again")
    backup.parent.mkdir(exist_ok=True)
    if folder.unit(unit).exists():
        shutil.move(folder.unit(unit), backup)
    else:
        backup.mkdir()
    return backup


def write(path: Path, content: bytes) -> None:
    """Replace a file at once: nobody sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def sha(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def _put(path: Path, content: bytes, handed: str | None) -> HandedOut:
    if not path.exists():
        write(path, content)
        return HandedOut.NEW
    found, wanted = sha(path.read_bytes()), sha(content)
    if found == wanted or handed in (None, wanted):
        return HandedOut.KEPT
    if found != handed:
        return HandedOut.CHANGED
    write(path, content)
    return HandedOut.RENEWED
