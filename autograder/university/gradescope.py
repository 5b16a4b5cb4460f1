"""Grades as Gradescope writes them."""

from __future__ import annotations

from datetime import UTC

from autograder.university.exports import Class, LmsExport, as_known
from autograder.university.final_grades import State
from autograder.university.rosters import Known, Person, Roster
from autograder.university.tables import Table, harmless


class GradescopeExport(LmsExport):
    """A CSV file of the form that Gradescope's *Download Grades* has, for programs that read those.

    One assignment: Total Score, Max Points, Status, Submission Time, Lateness. Several: those for
    each, named after it. Gradescope itself imports no grades. There is no published specification;
    the columns are those of files that it makes.
    """

    default_file = "gradescope.csv"
    WHO = ("First Name", "Last Name", "SID", "Email", "Sections")

    def table(self, the_class: Class, roster: Roster | None) -> Table:
        """Return the file."""
        found = {}
        if roster is not None:
            found = roster.match(the_class.students)
            self._tell_unknown(the_class, found, roster)
        one = len(the_class.points) == 1
        rows = []
        for known in the_class.students:
            if roster is not None and known.student not in found:
                continue
            row = self._who(known, found.get(known.student))
            for name in the_class.points:
                row += self._assignment(the_class, known.student, name, one)
            rows.append(row)
        self.report.how_to_import = "Read it with any program that reads Gradescope's grades"
        header = [*self.WHO, *(title for name in the_class.points for title in _titles(name, one))]
        return Table(self.report.path, (), ()).with_rows(header, rows)

    def _who(self, known: Known, person: Person | None) -> list[str]:
        person = person or as_known(known)
        first, last = person.first_name or known.first_name, person.last_name or known.last_name
        if person.name and not (first or last):
            last, comma, first = person.name.partition(", ")
            if not comma:
                first, _, last = person.name.partition(" ")
        number = person.id_number or person.sis_user_id or known.lms_user_id or known.student
        who = [first, last, number, person.email or known.email, person.section]
        return [harmless(cell) for cell in who]

    def _assignment(self, the_class: Class, student: str, name: str, one: bool) -> list[str]:
        score = self._cell(the_class, student, name)
        most = f"{the_class.points[name]:.2f}"
        grade = the_class.grades[name].get(student)
        when = late = ""
        status = "Missing"
        if grade is not None:
            status = "Graded" if grade.state is State.GRADED else "Ungraded"
            late = _hours(grade.seconds_late)
            if grade.timestamp is not None:
                when = grade.timestamp.replace(tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S %z")
        return [score, most, status, "", when, late] if one else [score, most, when, late]


def _titles(name: str, one: bool) -> list[str]:
    if one:
        return [
            "Total Score",
            "Max Points",
            "Status",
            "Submission ID",
            "Submission Time",
            "Lateness (H:M:S)",
        ]
    return [name, f"{name} - Max Points", f"{name} - Submission Time", f"{name} - Lateness (H:M:S)"]


def _hours(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
