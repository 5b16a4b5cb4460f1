"""Grades for a Moodle assignment or for Moodle's gradebook."""

from __future__ import annotations

from autograder.course import CourseError
from autograder.university.exports import Class, LmsExport, as_known
from autograder.university.rosters import Kind, Person, Roster, RosterError
from autograder.university.tables import Table, harmless, is_formula

SEPARATORS = {",": "Comma", ";": "Semicolon", "\t": "Tab"}


class MoodleExport(LmsExport):
    """A CSV file for Moodle: a filled-in grading worksheet, or one for the gradebook.

    With a grading worksheet as roster (*Assignment > Submissions > Download grading worksheet*) the
    same worksheet with its column Grade filled in, for *Upload grading worksheet*: the rest stays
    as Moodle wrote it, since Moodle compares "Last modified (grade)" with what it has. This is the
    better way: grades stay editable in the assignment, and students are told.

    Otherwise a file for *Grades > Import > CSV file*: names, ID number, Username, Email address and
    a column for each assignment. Moodle asks which column says who is who. An empty cell would
    remove a grade there, so students without any grade are left out.

    Sources: Moodle `mod/assign/feedback/offline/importgradeslib.php` and `locallib.php`,
    `grade/import/csv/classes/load_data.php`; https://docs.moodle.org/en/Grade_import.
    """

    default_file = "moodle.csv"

    def table(self, the_class: Class, roster: Roster | None) -> Table:
        """Return the file to upload to Moodle."""
        if roster is not None and roster.kind is Kind.CANVAS:
            raise RosterError(f"{roster.path} is {roster.kind}; a file for Moodle needs Moodle's.")
        found = None
        if roster is not None:
            found = roster.match(the_class.students)
            self._tell_unknown(the_class, found, roster)
        if roster is not None and roster.kind is Kind.WORKSHEET:
            return self._worksheet(the_class, roster, found)
        return self._gradebook(the_class, found)

    def _worksheet(self, the_class: Class, roster: Roster, found: dict[str, Person]) -> Table:
        if len(the_class.points) != 1:
            raise CourseError(
                f"{roster.path} is the worksheet of one assignment. Say which, for example:\n"
                f"lossgrad export moodle {next(iter(the_class.points))} --roster {roster.path}"
            )
        ((name, points),) = the_class.points.items()
        table, owner = roster.table, {person.row: student for student, person in found.items()}
        grade, maximum = table.place("Grade"), table.column("Maximum grade")
        closed = table.column("Grade can be changed")
        rows = []
        for number, line in enumerate(table.rows):
            row = [self._told(table, place, cell) for place, cell in enumerate(line)]
            student = owner.get(number)
            most = line[maximum] if maximum is not None else ""
            factor = self._factor(name, points, most, str(table.path))
            row[grade] = self._cell(the_class, student, name, line[grade], factor)
            refused = closed is not None and line[closed].strip().casefold() == "no"
            if refused and row[grade] != line[grade]:
                self.report.notes.append(f"{name}, {student}: Moodle says this grade is locked")
            rows.append(row)
        self.report.how_to_import = (
            f"In Moodle: the assignment > Submissions > Upload grading worksheet, choose "
            f"{self.report.path}; separator {SEPARATORS[table.delimiter]}, encoding UTF-8"
        )
        return table.with_rows(table.header, rows)

    def _told(self, table: Table, place: int, cell: str) -> str:
        """Return a cell as it may be: what Moodle reads back stays, the rest is made harmless."""
        title = table.header[place].casefold()
        read_back = title in ("identifier", "grade", "last modified (grade)")
        return cell if read_back or title.startswith("feedback") else harmless(cell)

    def _gradebook(self, the_class: Class, found: dict[str, Person] | None) -> Table:
        titles = [str(self.columns.get(name, name)) for name in the_class.points]
        header = ["First name", "Last name", "ID number", "Username", "Email address", *titles]
        rows = []
        for known in the_class.students:
            person = as_known(known) if found is None else found.get(known.student)
            if person is None:
                continue
            before = self.report.written
            cells = [self._cell(the_class, known.student, name) for name in the_class.points]
            if self.report.written == before:
                continue
            who = [person.id_number, person.username or known.student, person.email or known.email]
            self.report.notes += [
                f"{known.student}: {cell!r} begins like a formula; do not open the file in a "
                "spreadsheet program"
                for cell in who
                if is_formula(cell)
            ]
            names = [person.first_name or person.name or known.first_name,
                     person.last_name or known.last_name]  # fmt: skip
            rows.append([*map(harmless, names), *who, *cells])
            if "" in cells:
                self.report.notes.append(
                    f"{known.student}: has no grade in some of these, and this file would remove "
                    "one that Moodle has; export them one by one to avoid that"
                )
        self.report.how_to_import = (
            f"In Moodle: Grades > Import > CSV file, choose {self.report.path}; say there which "
            "column identifies a student"
        )
        return Table(self.report.path, (), ()).with_rows(header, rows)
