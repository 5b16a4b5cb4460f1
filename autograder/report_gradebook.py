"""What only nbgrader's gradebook knows of a class, read without ever writing to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.api import (
    Assignment,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import create_engine, select
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError


@dataclass
class Known:
    """What the gradebook says: all by student's id, per unit where it is about a submission.

    `names` holds every student of the course, with an empty text for one without a name. `late` is
    in seconds, extensions taken into account; `due` in UTC without saying so, as nbgrader has it.
    `by_hand` are those with an answer that waits for a grade by hand. `fault` says why the
    gradebook could not be read; then all else is empty.
    """

    names: dict[str, str] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    late: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    submitted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    by_hand: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    fault: str = ""


def read_gradebook(db_url: str) -> Known:
    """Return what the gradebook at this address knows; a fault in it is told, not raised."""
    try:
        url = make_url(db_url)
        if url.get_backend_name() == "sqlite":
            if not Path(url.database or "").is_file():
                return Known(fault=f"there is no gradebook {url.database}")
            url = _read_only(url)
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                return _known(connection)
        finally:
            engine.dispose()
    except ModuleNotFoundError as error:
        return Known(fault=f"the gradebook needs the package {error.name}")
    except ArgumentError:
        return Known(fault="the gradebook's address (CourseDirectory.db_url) is none")
    except SQLAlchemyError as error:
        lines = str(getattr(error, "orig", None) or error).strip().splitlines() or ["unknown fault"]
        return Known(fault=f"the gradebook cannot be read: {lines[0]}")


def _read_only(url: URL) -> URL:
    """Return the address of an SQLite file that cannot be written, or made, through it."""
    path = Path(url.database).absolute().as_uri()  # percent-encodes a `?` in a folder's name
    return url.set(database=path).update_query_dict({"mode": "ro", "uri": "true"})


def _known(connection: Connection) -> Known:
    known = Known()
    for student, first, last in connection.execute(
        select(Student.id, Student.first_name, Student.last_name)
    ):
        known.names[student] = " ".join(part for part in (first, last) if part)
    for unit, due in connection.execute(select(Assignment.name, Assignment.duedate)):
        if due is not None:
            known.due[unit] = due
    for unit, student, timestamp, extension in connection.execute(
        select(
            Assignment.name,
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
        ).join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id)
    ):
        known.submitted[unit].add(student)
        if unit in known.due and timestamp is not None:
            due = known.due[unit] + extension if extension else known.due[unit]
            if timestamp > due:
                known.late[unit][student] = (timestamp - due).total_seconds()
    for unit, student in connection.execute(_ungraded_by_hand()):
        known.by_hand[unit].add(student)
    return known


def _ungraded_by_hand():
    return (
        select(Assignment.name, SubmittedAssignment.student_id)
        .join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .where(Grade.needs_manual_grade)
        .distinct()
    )
