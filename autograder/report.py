"""The command `lossgrad report`: how a class did, on one page, and what to do about it tomorrow."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from autograder import assignments, report_class, report_gradebook, report_page, report_view
from autograder.course import Course, CourseError
from autograder.report_class import UnitClass
from autograder.report_view import Report

WRITTEN, SOME_UNREAD = 0, 3  # 1 is a mistake, 2 a wrong option


@dataclass(frozen=True)
class Asked:
    """What was typed after `lossgrad report`; without a unit the report is on the course."""

    unit: str | None = None
    anonymous: bool = False
    output: Path | None = None
    show: bool = False


def run(course: Course, asked: Asked, console: Console) -> int:
    """Write the report that was asked for, say where it is, and return the exit code.

    Raises CourseError if there is no such unit, or nothing of it is graded.
    """
    units = assignments.units(course.root)
    if asked.unit is not None and asked.unit not in units:
        raise CourseError(
            f"{asked.unit!r} is no unit of this course; there are: {', '.join(units)}.\n"
            "For all of them, type: lossgrad report"
        )
    with console.status("Reading the records"):
        report, classes = make(course, [asked.unit] if asked.unit else units, asked)
        page = report_page.render(report, datetime.now(UTC))
    path = asked.output or course.classroom / "reports" / f"{asked.unit or 'course'}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    _say(course, asked, report, classes, path, console)
    if asked.show and not webbrowser.open(path.absolute().as_uri()):
        print(f"No browser is to be found; open {path} yourself.", file=sys.stderr)
    return SOME_UNREAD if any(each.unread for each in classes) else WRITTEN


def make(course: Course, units: Sequence[str], asked: Asked) -> tuple[Report, list[UnitClass]]:
    """Return the report on these units, and what the records say that it was made from.

    Raises CourseError if nothing is graded.
    """
    classes = report_class.read_class(course, units)
    if not any(each.entries for each in classes):
        raise CourseError(_nothing(course, asked, classes))
    known = report_gradebook.read_gradebook(course.api().coursedir.db_url)
    report = report_view.view(
        course, classes, known, whole_course=asked.unit is None, anonymous=asked.anonymous
    )
    return report, classes


def _nothing(course: Course, asked: Asked, classes: Sequence[UnitClass]) -> str:
    unread = [each.unit for each in classes if each.unread]
    waiting = [each.unit for each in classes if each.ungraded]
    unit = asked.unit or (unread or waiting or [classes[0].unit])[0]
    what = f"of {asked.unit}" if asked.unit else "of this course"
    if unread:
        return (
            f"No record {what} in {course.classroom / 'autograded'} can be read.\n"
            f"To make them anew, type: lossgrad grade {unit} --force"
        )
    return (
        f"Nothing {what} is graded: there is no record in {course.classroom / 'autograded'}.\n"
        f"To grade what was handed in, type: lossgrad grade {unit}"
    )


def _say(
    course: Course,
    asked: Asked,
    report: Report,
    classes: Sequence[UnitClass],
    path: Path,
    console: Console,
) -> None:
    shown = path.relative_to(course.root) if path.is_relative_to(course.root) else path
    count = sum(unit.graded for unit in report.units)
    names = "without names" if asked.anonymous else "with names, hidden until you show them"
    _print(console, f"report  {shown}")
    _print(console, f"        {count} graded submissions of {report.size} students; {names}")
    for each in classes:
        for student, fault in each.unread:
            broken = course.record_file(student, each.unit)
            print(f"left out  {broken}: {fault}", file=sys.stderr)
    _print(console, f"next: {_next(course, asked, report, classes)}")


def _next(course: Course, asked: Asked, report: Report, classes: Sequence[UnitClass]) -> str:
    """Return the command that what was found asks for."""
    for each in classes:
        if each.unread:
            return f"lossgrad grade {each.unit} --force --student {each.unread[0][0]}"
        if each.ungraded:
            return f"lossgrad grade {each.unit}"
    for each in classes:
        for entry in each.entries:
            if entry.problems or entry.restarts:
                return f"lossgrad explain {entry.student} {each.unit}"
    return f"nbgrader generate_feedback {report.current.name}"


def _print(console: Console, line: str) -> None:
    """Print a line as it is, whatever is in a name."""
    console.print(line, highlight=False, markup=False, soft_wrap=True)
