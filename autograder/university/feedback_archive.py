"""Feedback for all students in one zip archive that the university's system takes.

Moodle (*Submissions > Upload multiple feedback files in a zip*) finds a student by the number in
the folder's or file's name, Canvas (*Upload Submissions*) by the numbers of user and file: so each
name begins as it did in the archive that was collected.

Sources: Moodle `mod/assign/feedback/file/importziplib.php`
(`is_valid_filename_for_import`), Canvas `AbstractAssignment#generate_comments_from_files`.
"""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course import Course, CourseError
from autograder.gradebook import RunGradebook
from autograder.university.archives import write_archive
from autograder.university.collecting import remembered
from autograder.university.final_grades import known_students
from autograder.university.rosters import Kind, Person, Roster, read_roster


@dataclass
class Packed:
    """What packing came to: how many students' feedback is in the archive, and whose is not."""

    path: Path
    students: int = 0
    bytes: int = 0
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def pack(course: Course, system: str, unit: str, to: Path, roster_file: Path | None) -> Packed:
    """Write the feedback of an assignment for a system, "moodle" or "canvas".

    Raises CourseError if there is no feedback, or it is not known how to name it.
    """
    pages = _pages(course, unit)
    before = _before(course, system, unit, roster_file)
    packed = Packed(to)
    files = {}
    for student, paths in sorted(pages.items()):
        if student not in before:
            packed.left_out.append(f"{student}: was not in the archive from {system.title()}")
            continue
        files |= {f"{before[student]}{path.name}": path for path in paths}
        packed.students += 1
        if _is_old(course, student, unit, paths):
            packed.notes.append(f"{student}: was graded again after this feedback was made")
    packed.notes += [
        f"{student}: has no feedback" for student in sorted(before.keys() - pages.keys())
    ]
    write_archive(to, files)
    packed.bytes = to.stat().st_size
    return packed


def _pages(course: Course, unit: str) -> dict[str, list[Path]]:
    coursedir = course.coursedir
    form = coursedir.format_path(coursedir.feedback_directory, "*", glob.escape(unit))
    student_in = re.compile(
        coursedir.format_path(
            coursedir.feedback_directory, "(?P<student>.*)", re.escape(unit), escape=True
        )
    )
    pages = {}
    for folder in sorted(glob.glob(form)):
        found = sorted(Path(folder).glob("*.html"))
        if found:
            pages[student_in.fullmatch(folder)["student"]] = found
    if not pages:
        raise CourseError(
            f"There is no feedback on {unit} yet.\n"
            f"To make it, type: nbgrader generate_feedback {unit}"
        )
    return pages


def _before(course: Course, system: str, unit: str, roster_file: Path | None) -> dict[str, str]:
    """Return how the names of each student's files have to begin."""
    roster = read_roster(roster_file) if roster_file else None
    if roster is not None and system == "moodle" and roster.kind in (Kind.WORKSHEET, Kind.OWN):
        return _from_roster(course, roster)
    known = remembered(course, system, unit)
    if known is None:
        how = f"lossgrad collect {system} {unit} <archive> --roster <file>"
        other = ", or add --roster with the grading worksheet" if system == "moodle" else ""
        raise CourseError(
            f"{system.title()} finds students by how their files were called, which is not known.\n"
            f"Type first: {how}{other}"
        )
    return known


def _from_roster(course: Course, roster: Roster) -> dict[str, str]:
    book = RunGradebook(course.coursedir)
    try:
        with book.transaction():
            found = roster.match(known_students(book))
    finally:
        book.end()
    return {student: _folder(person) for student, person in found.items() if person.participant}


def _folder(person: Person) -> str:
    """Return a student's folder as Moodle calls it: of the name only the number has a meaning."""
    name = person.name or f"{person.first_name} {person.last_name}".strip() or "Participant"
    name = re.sub(r"""[\x00-\x1f\x7f&<>"`|':\\/]""", "", name.replace("_", " "))
    return f"{name}_{person.participant}_assignsubmission_file/"


def _is_old(course: Course, student: str, unit: str, pages: list[Path]) -> bool:
    coursedir = course.coursedir
    folder = Path(coursedir.format_path(coursedir.autograded_directory, student, unit))
    graded = [path.stat().st_mtime for path in folder.glob("*.ipynb")]
    return bool(graded) and min(page.stat().st_mtime for page in pages) < max(graded)
