"""Hand-ins from an archive of Moodle or Canvas, put where nbgrader grades them.

Each is kept as an attempt (see `autograder.attempts`), and the one that counts goes to
`submitted/`. The dates in such an archive say when it was made, not when somebody handed in;
Moodle's grading worksheet says that.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import find_all_notebooks

from autograder import attempts
from autograder.attempts import Attempt, DueDates
from autograder.course import Course, CourseError
from autograder.gradebook import RunGradebook
from autograder.restoring import TIMESTAMP
from autograder.submitted import MAX_FILES
from autograder.university.archives import Entry, open_archive
from autograder.university.downloads import (
    LAYOUTS,
    Place,
    name_of_notebook,
    numbers,
    path_in_submission,
)
from autograder.university.final_grades import known_students
from autograder.university.rosters import Kind, Roster, read_roster
from autograder.university.tables import Table, read_table

DOWNLOADED = "downloaded"
SUBMITTED_AT = "Last modified (submission)"
TIMES = (  # as Moodle writes them in English
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %I:%M:%S %p",
    "%A, %d %B %Y, %H:%M",
    "%A, %B %d, %Y, %I:%M %p",
    "%d %B %Y, %I:%M %p",
)


@dataclass
class Collected:
    """What collecting came to.

    `new` and `again` count students by whether something new was in the archive, `times` those
    whose time of hand-in is known; `left_out` are files of nobody, `notes` what a human should look
    at.
    """

    new: int = 0
    again: int = 0
    times: int = 0
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def collect(course: Course, system: str, unit: str, archive: Path, roster_file: Path) -> Collected:
    """Collect an assignment from an archive that a system ("moodle" or "canvas") made.

    Raises Mistake if the archive or the roster cannot be used, or the assignment was not released.
    What was collected before is kept, and the same command goes on from there.
    """
    roster = read_roster(roster_file)
    people = numbers(system, roster)
    released = _released(course, unit)
    students, due = _known(course, unit, roster)
    there = attempts.attempts(course, unit)
    result = Collected()
    found: dict[str, list[tuple[Place, Entry]]] = defaultdict(list)
    with open_archive(archive) as entries:
        for entry in entries:
            place = LAYOUTS[system](entry.path, roster)
            if place is None or place.number not in people:
                result.left_out.append(f"{entry.path}: nobody in {roster_file} has handed this in")
                continue
            found[students[people[place.number].row]].append((place, entry))
        if not found:
            raise CourseError(
                f"{archive} has nothing of anybody in {roster_file}.\n"
                f"Is it {system.title()}'s archive, and is that the file of the same "
                f"{'assignment' if system == 'moodle' else 'course'}?"
            )
        rows = {students[person.row]: person.row for person in people.values()}
        with _workshop(course) as folder:
            for student, files in sorted(found.items()):
                made = folder / student
                _unpack(student, files, released, made, result)
                timestamp = _handed_in(roster, rows[student])
                if timestamp:
                    result.times += 1
                    text = f"{timestamp:%Y-%m-%d %H:%M:%S} UTC"
                    (made / TIMESTAMP).write_text(text, encoding="utf-8")
                those = there.get(student, [])
                if any(attempts.same(each.folder, made) for each in those):
                    result.again += 1
                else:
                    result.new += 1
                    those = [*those, attempts.keep(course, unit, student, made, timestamp)]
                    those.sort(key=Attempt.order)
                attempts.install(course, attempts.on_time(those, due.of(student))[-1], those)
    _tell(found, result)
    _remember(course, system, unit, found)
    return result


def remembered(course: Course, system: str, unit: str) -> dict[str, str] | None:
    """Return how files of each student began in the archive last collected, or None."""
    path = _memory(course, system, unit)
    if not path.is_file():
        return None
    table = read_table(path, [("student", "before")])
    return dict(table.rows)


def _released(course: Course, unit: str) -> list[str]:
    folder = course.coursedir.format_path(course.coursedir.release_directory, ".", unit)
    released = find_all_notebooks(folder)
    if not released:
        raise CourseError(
            f"{unit} has not been released: there is no notebook in {folder}.\n"
            f"To release it, type: nbgrader generate_assignment {unit}"
        )
    return released


def _known(course: Course, unit: str, roster: Roster) -> tuple[dict[int, str], DueDates]:
    book = RunGradebook(course.coursedir)
    try:
        with book.transaction():
            return roster.students(known_students(book)), attempts.due_dates(book, unit)
    finally:
        book.end()


@contextmanager
def _workshop(course: Course) -> Iterator[Path]:
    """Give a folder beside the submissions that is gone afterwards."""
    try:
        folder = Path(tempfile.mkdtemp(dir=course.classroom, prefix=".collecting-"))
    except OSError as error:
        raise CourseError(f"{course.classroom} cannot be written ({error.strerror}).") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpack(
    student: str,
    files: list[tuple[Place, Entry]],
    released: list[str],
    folder: Path,
    result: Collected,
) -> None:
    """Write a student's files, and tell of those that cannot be."""
    folder.mkdir(parents=True)
    room = MAX_FILES
    chosen: dict[str, Entry] = {}
    # The notebook of that very name, and of Canvas's numbered ones the last, take their place.
    for place, entry in sorted(files, key=lambda each: (each[0].attachment, each[0].file)):
        name = path_in_submission(place.file)
        if name is None:
            result.notes.append(f"{student}: {place.file!r} is left out because of its name")
            continue
        notebook = name_of_notebook(name, released)
        if notebook in chosen:
            result.notes.append(
                f"{student}: several files are {notebook}; taken is {place.file} "
                f"in place of {Path(chosen[notebook].path).name}"
            )
        chosen[notebook] = entry
    for name, entry in chosen.items():
        content = entry.read(room) if entry.size <= room else None
        if content is None:
            result.notes.append(f"{student}: {name} is left out; it is too large")
            continue
        room -= len(content)
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            result.notes.append(f"{student}: {name} is left out; a file and a folder share a name")
    if not any((folder / name).is_file() for name in released):
        there = ", ".join(sorted(chosen)) or "nothing"
        result.notes.append(f"{student}: {released[0]} was not handed in; there is: {there}")


def _handed_in(roster: Roster, row: int) -> datetime | None:
    """Return when the worksheet says that a student handed in, in UTC, or None if it does not.

    Moodle writes the time of the place where the lecturer is; that of this machine is taken.
    """
    column = roster.table.column(SUBMITTED_AT) if roster.kind is Kind.WORKSHEET else None
    if column is None:
        return None
    cell = " ".join(roster.table.rows[row][column].split())  # also the narrow space before PM
    for form in TIMES:
        try:
            here = datetime.strptime(cell, form)
        except ValueError:
            continue
        return here.astimezone(UTC).replace(tzinfo=None)
    return None


def _tell(found: Mapping[str, list[tuple[Place, Entry]]], result: Collected) -> None:
    late = sorted(student for student, files in found.items() if any(f.late for f, _ in files))
    if late:
        result.notes.append(
            f"Canvas marks as late: {', '.join(late)}. Its archive does not say how late, so "
            "no late penalty is taken off here"
        )


def _memory(course: Course, system: str, unit: str) -> Path:
    return course.classroom / DOWNLOADED / unit / f"{system}.csv"


def _remember(
    course: Course, system: str, unit: str, found: Mapping[str, list[tuple[Place, Entry]]]
) -> None:
    """Keep how each student's files began: feedback has to begin in the same way."""
    known = remembered(course, system, unit) or {}
    known |= {student: files[-1][0].before for student, files in found.items()}
    path = _memory(course, system, unit)
    path.parent.mkdir(parents=True, exist_ok=True)
    Table(path, ("student", "before"), tuple(sorted(known.items()))).write(path)
