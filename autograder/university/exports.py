"""Grades for the university's system: plugins of `nbgrader export`, and of `lossgrad export`.

    nbgrader export --exporter=autograder.university.canvas.CanvasExport \\
        --CanvasExport.roster=gradebook.csv --assignment "['mse']" --to canvas.csv

No grade is an empty cell, not a zero: whether a student who handed in nothing has failed, is ill or
has an extension is known to the lecturer and to that system, not here. `missing_as_zero` says
otherwise. A grade that is in that system already is replaced by one from here, never removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Dict, Unicode

from autograder.course import CourseError
from autograder.mistakes import Mistake
from autograder.university import final_grades
from autograder.university.final_grades import FinalGrade, State
from autograder.university.rosters import (
    Known,
    Person,
    Roster,
    read_roster,
)
from autograder.university.tables import Table


@dataclass
class Report:
    """What an export came to: the file, the number of grades in it, and what to look at.

    `left_out` are grades that are not in the file; `notes` are about those that are.
    """

    path: Path
    written: int = 0
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    how_to_import: str = ""


@dataclass(frozen=True)
class Class:
    """What there is to export: the points of each assignment, the students, and their grades."""

    points: dict[str, float]
    students: list[Known]
    grades: dict[str, dict[str, FinalGrade]]

    def score(self, student: str, assignment: str) -> float | None:
        """Return a student's score, or None if there is none."""
        grade = self.grades[assignment].get(student)
        return grade.score if grade else None


class LmsExport(ExportPlugin):
    """What the exporters have in common: what to export, for whom, and what to tell."""

    default_file = "grades.csv"

    roster = Unicode(
        "",
        help="File that says who is who: the gradebook or worksheet as downloaded, or your own.",
    ).tag(config=True)
    missing_as_zero = Bool(
        False, help="Whether who handed in nothing gets a zero in place of an empty cell."
    ).tag(config=True)
    rescale = Bool(
        False, help="Whether scores are converted where the system has another maximum."
    ).tag(config=True)
    columns = Dict(help="Column of the system for an assignment, where the names differ.").tag(
        config=True
    )

    def export(self, gradebook: Gradebook) -> Report:
        """Write the file and return what is to be told; `nbgrader export` logs it."""
        try:
            return self._export(gradebook)
        except Mistake as mistake:
            if isinstance(self.parent, NbGrader):  # which would show a traceback
                self.parent.fail(str(mistake))
            raise

    def _export(self, gradebook: Gradebook) -> Report:
        self.report = Report(Path(self.to or self.default_file))
        roster = read_roster(Path(self.roster)) if self.roster else None
        the_class = self._class(gradebook)
        table = self.table(the_class, roster)
        try:
            table.write(self.report.path)
        except OSError as error:
            raise CourseError(
                f"{self.report.path} cannot be written ({error.strerror or error})."
            ) from None
        self._tell_states(the_class)
        for line in self.report.left_out + self.report.notes:
            self.log.warning(line)
        self.log.info("%d grades written to %s", self.report.written, self.report.path)
        return self.report

    def table(self, the_class: Class, roster: Roster | None) -> Table:
        """Return the file for a system."""
        raise NotImplementedError

    def _class(self, gradebook: Gradebook) -> Class:
        points = final_grades.assignments(gradebook, [str(name) for name in self.assignment])
        wanted = {str(name) for name in self.student}
        students = final_grades.known_students(gradebook)
        absent = sorted(wanted - {known.student for known in students})
        if absent:
            raise CourseError(f"No student {', '.join(absent)} is in the gradebook.")
        students = [known for known in students if not wanted or known.student in wanted]
        grades = {name: final_grades.grades(gradebook, name) for name in points}
        return Class(points, students, grades)

    def _tell_states(self, the_class: Class) -> None:
        chosen = {known.student for known in the_class.students}
        for name, grades in the_class.grades.items():
            for state, told in ((State.HAND_GRADING_OPEN, self.report.notes),
                                (State.NOT_GRADED, self.report.left_out)):  # fmt: skip
                who = [each.student for each in grades.values() if each.state is state]
                told += [
                    f"{name}, {student}: {state}" for student in sorted(who) if student in chosen
                ]

    def _tell_unknown(self, the_class: Class, found: Iterable[str], roster: Roster) -> None:
        unknown = {known.student for known in the_class.students} - set(found)
        for student in sorted(unknown):
            names = [
                name for name in the_class.points if the_class.score(student, name) is not None
            ]
            if names:
                self.report.left_out.append(
                    f"{', '.join(names)}, {student}: nobody of that id is in {roster.path}"
                )

    def _cell(self, the_class: Class, student: str | None, name: str, there: str = "",
              factor: float = 1.0) -> str:  # fmt: skip
        """Return the cell for a grade; `there` is what that system has in it already."""
        score = the_class.score(student, name) if student else None
        if score is None:
            handed_in = student in the_class.grades[name]
            none_yet = self.missing_as_zero and student and not handed_in and not there.strip()
            self.report.written += bool(none_yet)
            return "0.00" if none_yet else there
        self.report.written += 1
        return f"{score * factor:.2f}"

    def _factor(self, name: str, points: float, maximum: str, where: str) -> float:
        """Return what to multiply scores by if the system's maximum is another.

        Raises CourseError if it is, and `rescale` is not set.
        """
        other = _decimal(maximum)
        if other is None or abs(other - points) < 0.005:
            return 1.0
        if self.rescale and points > 0:
            return other / points
        raise CourseError(
            f"{name} has {points:g} points here and {other:g} in {where}. "
            f"Set it to {points:g} there and download the file again,\n"
            "or let the scores be converted: add --rescale"
        )


def as_known(known: Known) -> Person:
    """Return a student of whom only nbgrader knows."""
    return Person(
        0,
        known.student,
        "",
        known.first_name,
        known.last_name,
        known.email,
        username=known.student,
    )


def _decimal(cell: str) -> float | None:
    """Return a number as Canvas and Moodle write it, with a point or a comma, or None."""
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None
