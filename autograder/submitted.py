"""What was handed in: which submissions there are, and the files beside a notebook."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from autograder.restoring import MAX_FILE, TIMESTAMP

MAX_FILES = 50 * 2**20  # bytes of all files that a student hands in beside a notebook


@dataclass(frozen=True)
class Submission:
    """One student's folder for an assignment.

    `notebooks` are by name, `timestamp` is in UTC without saying so, as nbgrader has it; `fault`
    says what keeps the submission from being graded.
    """

    student: str
    assignment: str
    folder: Path
    notebooks: dict[str, Path]
    timestamp: datetime | None
    fault: str = ""


def submissions(coursedir: CourseDirectory, assignment: str) -> Iterator[Submission]:
    """Yield what was handed in for an assignment, by name of the student."""
    submitted = coursedir.submitted_directory
    student_in = re.compile(
        coursedir.format_path(submitted, "(?P<student>.*)", re.escape(assignment), escape=True)
    )
    excluded = coursedir.student_id_exclude.split(",")
    for folder in sorted(glob.glob(coursedir.format_path(submitted, "*", glob.escape(assignment)))):
        student = student_in.fullmatch(os.path.normpath(folder))["student"]
        if student not in excluded and os.path.isdir(folder):
            yield submission(student, assignment, Path(folder))


def submission(student: str, assignment: str, folder: Path) -> Submission:
    """Return what a student handed in, as it is in a folder."""
    plain = (path for path in sorted(folder.glob("*.ipynb")) if _is_plain(path))
    notebooks = {path.stem: path for path in plain}
    timestamp, fault = None, ""
    try:
        timestamp = _timestamp(folder / TIMESTAMP)
    except (ValueError, OverflowError, OSError):
        fault = f"{folder / TIMESTAMP} has no readable date; correct it"
    return Submission(student, assignment, folder, notebooks, timestamp, fault)


def read_notebook(path: Path) -> bytes:
    """Return a submitted file, of one that is too large only as much as shows that it is."""
    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)


def files_beside(
    coursedir: CourseDirectory,
    student: str,
    assignment: str,
    kept: Collection[str] = (),
    folder: Path | None = None,
    source: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Return the files that a notebook finds beside it, by relative path, as nbgrader places them.

    They are what the student handed in (in `folder`, if it is not where nbgrader keeps it) and, in
    its place where both have it, what is in the source folder (`source`, if it was read already),
    but for `kept`. Notebooks and `CourseDirectory.ignore` are left out. So are links and special
    files that were handed in: a link could point anywhere.
    """
    submitted = coursedir.format_path(coursedir.submitted_directory, student, assignment)
    files: dict[str, bytes] = {}
    room = MAX_FILES
    for name, path in _files(folder or Path(submitted), coursedir.ignore):
        size = path.lstat().st_size
        if not path.is_symlink() and name.isprintable() and size <= room:
            room -= size
            files[name] = path.read_bytes()
    released = source_files(coursedir, assignment) if source is None else source
    return files | {name: released[name] for name in released if name not in kept}


def handed_in(
    files: Mapping[str, bytes], source: Mapping[str, bytes], kept: Collection[str]
) -> frozenset[str]:
    """Return the names of those `files_beside` that are the student's, not the source folder's."""
    return frozenset(name for name in files if name in kept or name not in source)


def source_files(coursedir: CourseDirectory, assignment: str) -> dict[str, bytes]:
    """Return the files in an assignment's source folder, by relative path, without notebooks."""
    folder = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    return {name: path.read_bytes() for name, path in _files(folder, coursedir.ignore)}


def _timestamp(path: Path) -> datetime | None:
    if not path.exists():
        return None
    return parse_utc(path.read_text().strip() or None)


def _files(folder: Path, ignored: list[str]) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        left_out = any(fnmatch(part, pattern) for part in place.parts for pattern in ignored)
        if path.is_file() and path.suffix != ".ipynb" and not left_out:
            yield place.as_posix(), path


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
