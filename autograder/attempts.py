"""Every hand-in is kept; which of a student's attempts counts is a setting.

Kept are attempts where they came in. The exchange's inbound folder has each as
`<student>+<assignment>+<time>+<random>`, and nothing here removes one. What came another way (an
archive from Moodle or Canvas, a folder put into `submitted/` by hand) is kept as
`attempts/<assignment>/<student>/<time>/submission` in the course directory before another takes its
place.

`c.ClassGrading.attempts` says what counts:

- "last on time" (the default): the last attempt before the due date, or the student's extension of
  it; if all are late, the last one, with nbgrader's late penalty. `nbgrader collect` does this.
- "best": of the attempts on time that with the most points from the hidden checks, of equals the
  last. `lossgrad grade` does this; see `autograder.best_attempt`.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatch
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import parse_utc

from autograder.course import Course, CourseError
from autograder.gradebook import RunGradebook
from autograder.submitted import Submission, submission

STORE = "attempts"
FOLDER = "submission"


class Policy(StrEnum):
    """Which attempt counts."""

    LAST_ON_TIME = "last on time"
    BEST = "best"


@dataclass(frozen=True)
class Attempt:
    """One hand-in: its folder, and when it was handed in, in UTC, if that is known."""

    student: str
    assignment: str
    folder: Path
    timestamp: datetime | None

    @property
    def name(self) -> str:
        """What tells it from the student's other attempts; can be the name of a folder."""
        return self.folder.parent.name if self.folder.name == FOLDER else folder_of(self.timestamp)

    def order(self) -> tuple[datetime, str]:
        """Return by what attempts are put in order, the first one first."""
        return self.timestamp or datetime.min, self.name

    def submission(self) -> Submission:
        """Return it as what was handed in."""
        return submission(self.student, self.assignment, self.folder)


@dataclass(frozen=True)
class DueDates:
    """When an assignment is due, in UTC: for all, and for those with an extension."""

    everyone: datetime | None
    extensions: Mapping[str, timedelta]

    def of(self, student: str) -> datetime | None:
        """Return when it is due for a student, or None if it never is."""
        if self.everyone is None:
            return None
        return self.everyone + self.extensions.get(student, timedelta(0))


class CollectLastOnTime(ExchangeCollect):
    """`nbgrader collect` that knows of extensions, which nbgrader's own forgets here."""

    def init_src(self):
        """Choose each student's last attempt on time, else the last one."""
        super().init_src()
        if self.duedate is None or not self.before_duedate:
            return
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            due = due_dates(gradebook, self.coursedir.assignment_id)
        for place, record in enumerate(self.src_records):
            student = record["username"]
            if student in due.extensions:
                pattern = f"{glob.escape(student)}+{self.coursedir.assignment_id}+*"
                paths = glob.glob(os.path.join(self.inbound_path, pattern))
                records = self._sort_by_timestamp(map(self._path_to_record, paths))
                in_time = [each for each in records if each["timestamp"] <= due.of(student)]
                self.src_records[place] = (in_time or records)[0]


def policy(course: Course) -> Policy:
    """Return what counts. Raises CourseError if the setting is none of the two."""
    chosen = course.config.ClassGrading.get("attempts", Policy.LAST_ON_TIME)
    try:
        return Policy(chosen)
    except ValueError:
        raise CourseError(
            f"c.ClassGrading.attempts is {chosen!r} in nbgrader_config.py; "
            f'it can be "{Policy.LAST_ON_TIME}" or "{Policy.BEST}".'
        ) from None


def due_dates(gradebook: Gradebook, assignment: str) -> DueDates:
    """Return when an assignment is due. Raises CourseError if the gradebook does not know it."""
    try:
        entry = gradebook.find_assignment(assignment)
    except MissingEntry:
        raise CourseError(
            f"No assignment {assignment!r} is in the gradebook.\n"
            f"To make it, type: nbgrader generate_assignment {assignment}"
        ) from None
    extensions = gradebook.db.query(
        SubmittedAssignment.student_id, SubmittedAssignment.extension
    ).filter(
        SubmittedAssignment.assignment_id == entry.id, SubmittedAssignment.extension.is_not(None)
    )
    return DueDates(entry.duedate, dict(extensions.all()))


def due_dates_of(course: Course, assignment: str) -> DueDates:
    """Return when an assignment is due. Raises CourseError if there is no gradebook."""
    book = RunGradebook(course.coursedir)
    try:
        with book.transaction():
            return due_dates(book, assignment)
    finally:
        book.end()


def attempts(course: Course, assignment: str) -> dict[str, list[Attempt]]:
    """Return everybody's attempts at an assignment, the first one first, by student."""
    found: dict[str, dict[tuple, Attempt]] = defaultdict(dict)
    for attempt in [*_in_exchange(course, assignment), *_in_store(course, assignment)]:
        key = (attempt.timestamp,) if attempt.timestamp else (None, attempt.name)
        found[attempt.student].setdefault(key, attempt)
    return {
        student: sorted(each.values(), key=Attempt.order) for student, each in sorted(found.items())
    }


def on_time(those: Sequence[Attempt], due: datetime | None) -> list[Attempt]:
    """Return the attempts that may count: those on time, or the last one if all are late."""
    good = [each for each in those if due is None or (each.timestamp or datetime.min) <= due]
    return good or list(those[-1:])


def install(course: Course, attempt: Attempt, those: Sequence[Attempt]) -> bool:
    """Put an attempt where `nbgrader collect` would, and say whether that is a change.

    What was there is kept, unless it is one of `those`, the student's attempts.
    """
    folder = submitted_folder(course, attempt.assignment, attempt.student)
    if folder.is_dir():
        if same(attempt.folder, folder):
            return False
        if not any(same(each.folder, folder) for each in those):
            there = submission(attempt.student, attempt.assignment, folder)
            keep(course, attempt.assignment, attempt.student, folder, there.timestamp)
    copy_folder(attempt.folder, folder, course.coursedir.ignore)
    return True


def keep(
    course: Course, assignment: str, student: str, folder: Path, timestamp: datetime | None
) -> Attempt:
    """Keep a copy of a folder as an attempt of a student, handed in at a time if that is known."""
    taken = {each.name for each in _folders(store(course, assignment, student))}
    number, name = 1, folder_of(timestamp)
    while name in taken:
        number += 1
        name = f"{folder_of(timestamp)}-{number:04}"
    place = store(course, assignment, student) / name / FOLDER
    copy_folder(folder, place, course.coursedir.ignore)
    return Attempt(student, assignment, place, timestamp)


def store(course: Course, assignment: str, student: str) -> Path:
    """Return the folder of a student's attempts that did not come through the exchange."""
    return course.classroom / STORE / assignment / student


def submitted_folder(course: Course, assignment: str, student: str) -> Path:
    """Return where nbgrader looks for what is to be graded."""
    coursedir = course.coursedir
    return Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same hand-in."""
    return _content(one) == _content(other)


def folder_of(timestamp: datetime | None) -> str:
    """Return the name of a folder for what was handed in at a time, in UTC."""
    return timestamp.strftime("%Y-%m-%dT%H%M%S.%fZ") if timestamp else "unknown-time"


def copy_folder(source: Path, destination: Path, ignored: Iterable[str]) -> None:
    """Copy what was handed in, in place of what is there, all or nothing.

    Links and special files stay behind: a link could point anywhere. Raises CourseError if it
    cannot be written.
    """
    ignored = tuple(ignored)

    def left_out(folder: str, names: list[str]) -> set[str]:
        return {
            name
            for name in names
            if any(fnmatch(name, pattern) for pattern in ignored)
            or not _is_plain(os.path.join(folder, name))
        }

    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=destination.parent, prefix=".copying-"))
        try:
            shutil.copytree(source, made / "new", ignore=left_out, copy_function=shutil.copyfile)
            for folder, _, _ in os.walk(made / "new"):
                os.chmod(folder, 0o755)
            if destination.exists():
                destination.rename(made / "old")
            (made / "new").rename(destination)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise CourseError(f"{destination} cannot be written ({reason}).") from error


def _in_exchange(course: Course, assignment: str) -> Iterable[Attempt]:
    root = course.config.Exchange.get("root", "")
    inbound = Path(root, course.coursedir.course_id, "inbound")
    form = re.compile(
        rf"(?P<student>.+)\+{re.escape(assignment)}\+(?P<time>[^+]+)(\+[^+]*)?", re.DOTALL
    )
    for folder in _folders(inbound):
        match = form.fullmatch(folder.name)
        try:
            timestamp = parse_utc(match["time"]) if match else None
        except (ValueError, OverflowError):
            continue  # students can write there; `nbgrader collect` would stop at such a name
        if match:
            yield Attempt(match["student"], assignment, folder, timestamp)


def _in_store(course: Course, assignment: str) -> Iterable[Attempt]:
    for student in _folders(course.classroom / STORE / assignment):
        for folder in _folders(student):
            if (folder / FOLDER).is_dir():
                kept = submission(student.name, assignment, folder / FOLDER)
                yield Attempt(student.name, assignment, folder / FOLDER, kept.timestamp)


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    inside = (Path(each.path) for each in os.scandir(folder) if each.is_dir(follow_symlinks=False))
    return sorted(each for each in inside if not each.name.startswith("."))


def _content(folder: Path) -> dict[str, bytes]:
    visible = (
        path
        for path in folder.rglob("*")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in visible
        if path.is_file() and not path.is_symlink()
    }


def _is_plain(path: str | Path) -> bool:
    return not os.path.islink(path) and (os.path.isfile(path) or os.path.isdir(path))
