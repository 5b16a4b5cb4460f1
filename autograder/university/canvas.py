"""Grades for Canvas's gradebook."""

from __future__ import annotations

import re

from autograder.course import CourseError
from autograder.university.exports import Class, LmsExport
from autograder.university.rosters import POINTS_POSSIBLE, Kind, Person, Roster, RosterError
from autograder.university.tables import Table, harmless


class CanvasExport(LmsExport):
    """A CSV file for Canvas's *Grades > Import*.

    The form is that of Canvas's own export: identifying columns, a column `Title (id)` for each
    assignment, a line `    Points Possible`, then the students; UTF-8. Canvas finds a student by
    ID, then SIS User ID, then SIS Login ID, and an assignment by the number in parentheses. It
    takes an empty cell for a change that removes a grade, so a cell without a grade here keeps what
    Canvas exported, and so does one of an excused student (`EX`).

    Sources: Canvas `lib/gradebook_importer.rb` (`process_student`, `parse_assignments`,
    `no_change_to_value?`), `lib/gradebook_exporter.rb`; the guide "How do I import grades in the
    Gradebook?".
    """

    default_file = "canvas.csv"
    COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")

    def table(self, the_class: Class, roster: Roster | None) -> Table:
        """Return the file to import into Canvas."""
        if roster is None:
            raise CourseError(
                "Canvas knows students by its own ids. Download its gradebook (Grades > Export),\n"
                "and type the same command with --roster and the name of that file."
            )
        if roster.kind not in (Kind.CANVAS, Kind.OWN):
            raise RosterError(f"{roster.path} is {roster.kind}; a file for Canvas needs Canvas's.")
        found = roster.match(the_class.students)
        self._tell_unknown(the_class, found, roster)
        self.report.how_to_import = f"In Canvas: Grades > Import, choose {self.report.path}"
        if roster.kind is Kind.OWN:
            return self._from_own(the_class, roster, found)
        return self._from_canvas(the_class, roster, found)

    def _from_canvas(self, the_class: Class, roster: Roster, found: dict[str, Person]) -> Table:
        table, owner = roster.table, {person.row: student for student, person in found.items()}
        identifying = range(table.place("Section") + 1)
        places = {name: self._column(table, name) for name in the_class.points}
        possible = next((row for row in table.rows if POINTS_POSSIBLE in row[0]), None)
        header = [table.header[place] for place in identifying]
        points = [f"    {POINTS_POSSIBLE}"] + [""] * (len(header) - 1)
        factors = {}
        for name, place in places.items():
            worth = f"{the_class.points[name]:.2f}"
            header.append(self.columns.get(name, name) if place is None else table.header[place])
            points.append(possible[place] if possible and place is not None else worth)
            factors[name] = self._factor(name, the_class.points[name], points[-1], str(table.path))
            self._tell_column(name, place, table)
        rows = [points]
        for person in roster.people:
            there = table.rows[person.row]
            row = [self._identifying(table, place, there[place]) for place in identifying]
            for name, place in places.items():
                cell = there[place] if place is not None else ""
                row.append(self._grade(the_class, owner.get(person.row), name, cell, factors[name]))
            rows.append(row)
        return table.with_rows(header, rows)

    def _from_own(self, the_class: Class, roster: Roster, found: dict[str, Person]) -> Table:
        titles = [str(self.columns.get(name, name)) for name in the_class.points]
        worth = [f"{points:.2f}" for points in the_class.points.values()]
        rows = [[f"    {POINTS_POSSIBLE}", "", "", "", "", *worth]]
        for student, person in found.items():
            if not (person.canvas_id or person.sis_user_id or person.sis_login_id):
                self.report.left_out.append(
                    f"{student}: {roster.path}, line {roster.table.line(person.row)} has no "
                    "canvas_id, sis_user_id or sis_login_id"
                )
                continue
            name = person.name or _last_first(person)
            row = [harmless(name), person.canvas_id, person.sis_user_id, person.sis_login_id]
            cells = [self._cell(the_class, student, each) for each in the_class.points]
            rows.append([*row, harmless(person.section), *cells])
        for title in titles:
            if not re.search(r"\(\d+\)$", title):
                self.report.notes.append(
                    f"{title}: Canvas will ask which assignment that is, or make a new one"
                )
        return Table(self.report.path, (), ()).with_rows([*self.COLUMNS, *titles], rows)

    def _column(self, table: Table, name: str) -> int | None:
        """Return the place of an assignment's column in Canvas's gradebook, or None."""
        if name in self.columns:
            place = table.column(str(self.columns[name]))
            if place is None:
                raise CourseError(f"{table.path} has no column {self.columns[name]!r}.")
            return place
        titles = {
            place: re.sub(r"\s\(\d+\)$", "", title)
            for place, title in enumerate(table.header)
            if place > table.place("Section")
        }
        places = [place for place, title in titles.items() if _same(title, name)]
        if len(places) > 1:
            both = " and ".join(repr(table.header[place]) for place in places)
            raise CourseError(
                f"{table.path} has two columns for {name}: {both}.\n"
                f'Say which: add --column "{name}={table.header[places[0]]}"'
            )
        return places[0] if places else None

    def _tell_column(self, name: str, place: int | None, table: Table) -> None:
        if place is None:
            self.report.notes.append(
                f"{name}: {table.path} has no such assignment, so Canvas will ask. "
                f'If it has another name there, add --column "{name}=its title (its number)"'
            )
        elif any(re.match(r"\s*(Muted|Manual Posting)", row[place]) for row in table.rows):
            self.report.notes.append(
                f"{name}: Canvas posts its grades by hand; students see them when you post them"
            )

    def _identifying(self, table: Table, place: int, cell: str) -> str:
        free = table.header[place].casefold() in ("student", "lastname", "firstname", "section")
        return harmless(cell) if free else cell

    def _grade(self, the_class: Class, student: str | None, name: str, there: str,
               factor: float) -> str:  # fmt: skip
        if there.strip().upper() != "EX" or student is None:
            return self._cell(the_class, student, name, there, factor)
        if the_class.score(student, name) is not None:
            self.report.left_out.append(f"{name}, {student}: is excused in Canvas, and stays so")
        return there


def _last_first(person: Person) -> str:
    return ", ".join(name for name in (person.last_name, person.first_name) if name)


def _same(title: str, name: str) -> bool:
    """Whether a title is an assignment's name, but for capital letters, spaces and signs."""
    one, other = (re.sub(r"[\W_]+", "", text.casefold()) for text in (title, name))
    return one == other
