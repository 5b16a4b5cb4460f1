"""Who is who: a student's id here and in the university's system, read from one CSV file.

A roster is any of

- what Canvas exports (*Grades > Export*): columns Student, ID, SIS User ID, SIS Login ID, Section;
- a grading worksheet of one Moodle assignment: Identifier, Full name, Email address, Status, Grade;
- what Moodle's gradebook exports as plain text: First name, Last name, ID number, Email address;
- a file of one's own, with a column `student` for the id here and any others of `OWN_COLUMNS`.

In the first three a student is found by the login or number that is the id here: `Roster.match`.

Sources: Canvas `lib/gradebook_importer.rb` and `lib/gradebook_exporter.rb`, Moodle
`mod/assign/gradingtable.php` and `grade/export/txt`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from autograder.mistakes import Mistake
from autograder.university.tables import Table, read_table

OWN_COLUMNS = (
    "student", "name", "first_name", "last_name", "email", "section",
    "canvas_id", "sis_user_id", "sis_login_id", "id_number", "username", "participant",
)  # fmt: skip
POINTS_POSSIBLE = "Points Possible"
TEST_STUDENT = "Student, Test"


class RosterError(Mistake):
    """A roster that does not say clearly who is who; says where and what to do."""


class Kind(StrEnum):
    """Which file a roster is."""

    OWN = "your own file"
    CANVAS = "Canvas's gradebook"
    WORKSHEET = "Moodle's grading worksheet"
    MOODLE = "Moodle's gradebook"


@dataclass(frozen=True)
class Person:
    """One line of a roster, `row` in its table; what the file does not say is empty."""

    row: int
    student: str = ""
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    section: str = ""
    canvas_id: str = ""
    sis_user_id: str = ""
    sis_login_id: str = ""
    id_number: str = ""
    username: str = ""
    participant: str = ""

    @property
    def mailbox(self) -> str:
        """What stands before the @ of the email address."""
        return self.email.partition("@")[0]


@dataclass(frozen=True)
class Known:
    """A student as nbgrader knows them."""

    student: str
    email: str = ""
    lms_user_id: str = ""
    first_name: str = ""
    last_name: str = ""


_HEADERS = {
    Kind.CANVAS: {
        "student": "name",
        "lastname": "last_name",
        "firstname": "first_name",
        "id": "canvas_id",
        "sis user id": "sis_user_id",
        "sis login id": "sis_login_id",
        "section": "section",
    },
    Kind.WORKSHEET: {
        "identifier": "participant",
        "full name": "name",
        "email address": "email",
        "id number": "id_number",
        "username": "username",
    },
    Kind.MOODLE: {
        "first name": "first_name",
        "last name": "last_name",
        "surname": "last_name",
        "id number": "id_number",
        "username": "username",
        "email address": "email",
    },
    Kind.OWN: {name: name for name in OWN_COLUMNS} | {"student_id": "student"},
}
_TELLING = (
    (Kind.CANVAS, ("Student", "ID", "Section")),
    (Kind.CANVAS, ("LastName", "FirstName", "ID", "Section")),
    (Kind.WORKSHEET, ("Identifier", "Grade", "Last modified (grade)")),
    (Kind.MOODLE, ("First name", "Email address")),
    (Kind.OWN, ("student",)),
    (Kind.OWN, ("student_id",)),
)
# By what a student may be known here, most likely first.
_KEYS = {
    Kind.CANVAS: ("sis_login_id", "sis_user_id", "canvas_id"),
    Kind.WORKSHEET: ("username", "id_number", "mailbox", "email"),
    Kind.MOODLE: ("username", "id_number", "mailbox", "email"),
    Kind.OWN: ("student",),
}
_UNIQUE = ("student", "canvas_id", "participant")


@dataclass(frozen=True)
class Roster:
    """A file that says who is who: its table, and a person for each line about a student."""

    kind: Kind
    table: Table
    people: tuple[Person, ...]

    @property
    def path(self) -> Path:
        """The file."""
        return self.table.path

    def match(self, known: Iterable[Known]) -> dict[str, Person]:
        """Return the person of each student that nbgrader knows and the roster has.

        Students are known here by one thing, say the login: that by which most are found. Where
        that finds nobody, the next is tried. Raises RosterError if one student could be two people,
        or one person two students.
        """
        known = list(known)
        keys = self._keys_by_use(known)
        found: dict[str, Person] = {}
        owner: dict[int, str] = {}
        for student in known:
            person = self._find(student, keys)
            if person is None:
                continue
            if person.row in owner:
                raise RosterError(
                    f"{self.path}, line {self.table.line(person.row)}: {_about(person)} could be "
                    f"{owner[person.row]} and {student.student}.\n{self._remedy()}"
                )
            owner[person.row] = student.student
            found[student.student] = person
        return found

    def students(self, known: Iterable[Known]) -> dict[int, str]:
        """Return the id here of each person, by row: the one nbgrader knows, or a new one.

        A new id is what most others are known by; if there are no others, the first of login,
        number and email address that everybody has. Raises RosterError if there is no such thing,
        or an id cannot be the name of a folder, as nbgrader needs it.
        """
        known = list(known)
        ids = {person.row: student for student, person in self.match(known).items()}
        keys = self._keys_by_use(known)
        people = [person for person in self.people if person.name != TEST_STUDENT]
        for key in keys if self.kind is not Kind.OWN else ():
            values = [_fold(getattr(person, key)) for person in people]
            if all(values) and len(set(values)) == len(values):
                break
        else:
            if self.kind is not Kind.OWN:
                raise RosterError(
                    f"{self.path}: no column has an id of its own for each student.\n"
                    f"{self._remedy()}"
                )
            key = "student"
        for person in people:
            if person.row not in ids:
                ids[person.row] = _folder(self, person, getattr(person, key))
        _check_apart(self, ids)
        return ids

    def _keys_by_use(self, known: Sequence[Known]) -> list[str]:
        here = {_fold(student.student) for student in known}
        uses = Counter()
        for key in _KEYS[self.kind]:
            uses[key] = sum(_fold(getattr(person, key)) in here for person in self.people)
        return sorted(_KEYS[self.kind], key=lambda key: -uses[key])

    def _find(self, student: Known, keys: Sequence[str]) -> Person | None:
        # The email address and the id of a student there, if nbgrader has been told of them.
        told = [(student.student, key) for key in keys]
        told += [(student.lms_user_id, key) for key in keys]
        told += [(student.email, "email"), (student.email, "sis_login_id")]
        for value, key in told:
            people = self.with_the_same(key).get(_fold(value), ()) if value else ()
            if len(people) > 1:
                lines = " and ".join(str(self.table.line(person.row)) for person in people)
                raise RosterError(
                    f"{self.path}: {student.student} is in it twice, in lines {lines} "
                    f"(by {key.replace('_', ' ')}).\n{self._remedy()}"
                )
            if people:
                return people[0]
        return None

    def with_the_same(self, key: str) -> dict[str, list[Person]]:
        """Return who has which value of a field, by the value without regard to capital letters."""
        return self._index[key]

    @cached_property
    def _index(self) -> dict[str, dict[str, list[Person]]]:
        index = {key: defaultdict(list) for key in (*OWN_COLUMNS, "mailbox")}
        for person in self.people:
            for key, people in index.items():
                if value := _fold(getattr(person, key)):
                    people[value].append(person)
        return {key: dict(people) for key, people in index.items()}

    def _remedy(self) -> str:
        if self.kind is Kind.OWN:
            return "Correct the file: one line for each student."
        return "Say who is who in a file of your own, with the columns student and " + (
            "canvas_id." if self.kind is Kind.CANVAS else "participant or email."
        )


def read_roster(path: Path) -> Roster:
    """Return the roster in a file.

    Raises TableError if it is none of the files listed above, RosterError if a student is in it
    twice.
    """
    table = read_table(path, [names for _, names in _TELLING])
    titles = [title.casefold() for title in table.header]
    kind = next(
        kind for kind, names in _TELLING if {name.casefold() for name in names} <= set(titles)
    )
    fields = {
        place: _HEADERS[kind][title]
        for place, title in enumerate(titles)
        if title in _HEADERS[kind]
    }
    people = []
    for number, row in enumerate(table.rows):
        cells = {name: _clean(row[place]) for place, name in fields.items()}
        if kind is Kind.CANVAS and not _is_student(row):
            continue
        cells["participant"] = _number(cells.get("participant", ""))
        people.append(Person(number, **cells))
    roster = Roster(kind, table, tuple(people))
    _check_once(roster)
    return roster


def folder_name(student: str) -> str | None:
    """Return what keeps an id from being the name of a folder, or None if nothing does.

    nbgrader keeps a student's work in a folder of that name, looks for it with wildcards, and
    refuses `*` and `+` in the exchange.
    """
    if not student or student in (".", ".."):
        return "is no name"
    if student.startswith((".", "-")) or student != student.strip():
        return "begins with a dot or a hyphen, or has a space at an end"
    if bad := re.search(r'[/\\:*?"<>|\[\]{}\x00-\x1f\x7f]', student):
        return f"has the character {bad[0]!r}"
    if len(student.encode()) > 100:
        return "is longer than 100 bytes"
    return None


def _folder(roster: Roster, person: Person, student: str) -> str:
    student = unicodedata.normalize("NFC", student)
    if fault := folder_name(student):
        raise RosterError(
            f"{roster.path}, line {roster.table.line(person.row)}: the id {student!r} {fault}, so "
            f"nbgrader could not make a folder of that name.\n{roster._remedy()}"
        )
    return student


def _check_once(roster: Roster) -> None:
    for key in _UNIQUE:
        for people in roster.with_the_same(key).values():
            if len(people) > 1:
                lines = " and ".join(str(roster.table.line(person.row)) for person in people)
                raise RosterError(
                    f"{roster.path}: {getattr(people[0], key)} is in it twice, in lines {lines}.\n"
                    "Remove one of them, or download the file again."
                )


def _check_apart(roster: Roster, ids: dict[int, str]) -> None:
    for student, count in Counter(_fold(student) for student in ids.values()).items():
        if count > 1:
            raise RosterError(
                f"{roster.path}: the id {student} would belong to {count} people.\n"
                f"{roster._remedy()}"
            )


def _is_student(row: Sequence[str]) -> bool:
    """Whether a line of Canvas's gradebook is about a student, not about the columns."""
    about_columns = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
    return POINTS_POSSIBLE not in row[0] and not all(map(about_columns.fullmatch, row))


def _number(identifier: str) -> str:
    """Return the number in "Participant 1234", which a Moodle worksheet calls Identifier."""
    number = re.search(r"(\d+)\s*$", identifier)
    return str(int(number[1])) if number else ""


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip())


def _fold(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip().casefold()


def _about(person: Person) -> str:
    name = person.name or f"{person.first_name} {person.last_name}".strip()
    return name or person.email or person.canvas_id or person.participant
