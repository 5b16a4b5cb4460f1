"""The commands `lossgrad export` and `lossgrad collect`."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder import completion
from autograder.mistakes import Mistake

NOT_ALL = 3  # as of `lossgrad grade`: something was left out, and told

export_app = typer.Typer(
    help="Write grades and feedback for Canvas, Moodle, or as Gradescope does.",
    epilog="Example: lossgrad export canvas mse --roster gradebook.csv",
    no_args_is_help=True,
)
collect_app = typer.Typer(
    help="Collect hand-ins from an archive of Moodle or Canvas.",
    epilog="Example: lossgrad collect moodle mse submissions.zip --roster worksheet.csv",
    no_args_is_help=True,
)
console = Console()

Units = Annotated[
    list[str] | None,
    typer.Argument(help="Units; all if none is named.", autocompletion=completion.units),
]
Unit = Annotated[str, typer.Argument(help="The unit.", autocompletion=completion.units)]
Archive = Annotated[Path, typer.Argument(help="The zip archive, as downloaded.")]
To = Annotated[Path | None, typer.Option(help="The file to write.")]
MissingAsZero = Annotated[
    bool, typer.Option("--missing-as-zero", help="Zero, not nothing, for who handed in nothing.")
]
Rescale = Annotated[
    bool, typer.Option("--rescale", help="Convert scores where the maximum there is another.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help="Which column is a unit's: 'mse=Homework 2 (4711)'; may be repeated.",
    ),
]


@export_app.command(
    "canvas", epilog="Example: lossgrad export canvas mse hinge --roster gradebook.csv"
)
def export_canvas(
    unit: Units = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="Canvas's gradebook (Grades > Export), or a file of your own."),
    ] = None,
    to: To = None,
    missing_as_zero: MissingAsZero = False,
    rescale: Rescale = False,
    column: Columns = None,
) -> None:
    """Write grades for Canvas's Grades > Import.

    Exits with 0 if all grades are in it, 1 on a mistake, 3 if some had to be left out.
    """
    _export("canvas", unit, roster, to, missing_as_zero, rescale, column)


@export_app.command("moodle", epilog="Example: lossgrad export moodle mse --roster worksheet.csv")
def export_moodle(
    unit: Units = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            help="The assignment's grading worksheet, what Moodle's gradebook exports, "
            "or a file of your own."
        ),
    ] = None,
    to: To = None,
    missing_as_zero: MissingAsZero = False,
    rescale: Rescale = False,
    column: Columns = None,
) -> None:
    """Fill in a grading worksheet of Moodle; without one, write grades for Moodle's gradebook.

    Exits with 0 if all grades are in it, 1 on a mistake, 3 if some had to be left out.
    """
    _export("moodle", unit, roster, to, missing_as_zero, rescale, column)


@export_app.command("gradescope", epilog="Example: lossgrad export gradescope mse --to grades.csv")
def export_gradescope(
    unit: Units = None,
    roster: Annotated[
        Path | None, typer.Option(help="A file that has names, numbers and email addresses.")
    ] = None,
    to: To = None,
    missing_as_zero: MissingAsZero = False,
) -> None:
    """Write grades as Gradescope's "Download Grades" does.

    Exits with 0 if all grades are in it, 1 on a mistake, 3 if some had to be left out.
    """
    _export("gradescope", unit, roster, to, missing_as_zero, False, None)


@export_app.command("feedback", epilog="Example: lossgrad export feedback moodle mse")
def export_feedback(
    system: Annotated[
        str,
        typer.Argument(help="moodle or canvas.", autocompletion=completion.systems),
    ],
    unit: Unit,
    roster: Annotated[
        Path | None,
        typer.Option(help="Moodle's grading worksheet, if the archive was not collected here."),
    ] = None,
    to: To = None,
) -> None:
    """Pack everybody's feedback into a zip archive that Moodle or Canvas takes.

    Exits with 0 if all feedback is in it, 1 on a mistake, 3 if some had to be left out.
    """
    from autograder.university import feedback_archive

    if system not in completion.SYSTEMS:
        there = ", ".join(completion.SYSTEMS)
        raise Mistake(f"There is no system {system!r}; there is: {there}.")
    path = to or Path(f"{unit}-feedback-{system}.zip")
    packed = feedback_archive.pack(_course(), system, unit, path, roster)
    size = max(1, round(packed.bytes / 2**20))
    _print(f"wrote the feedback of {packed.students} students to {packed.path} ({size} MB)")
    _print_lines(packed.left_out, packed.notes)
    way = {
        "moodle": "the assignment > Submissions > Upload multiple feedback files in a zip",
        "canvas": "the assignment > Upload Submissions (it is there once you have downloaded them)",
    }
    _print(f"next: in {system.title()}: {way[system]}")
    if packed.left_out:
        raise typer.Exit(NOT_ALL)


@collect_app.command(
    "moodle", epilog="Example: lossgrad collect moodle mse submissions.zip --roster worksheet.csv"
)
def collect_moodle(
    unit: Unit,
    archive: Archive,
    roster: Annotated[
        Path,
        typer.Option(
            help="The assignment's grading worksheet: only it says whose the archive's numbers are."
        ),
    ],
) -> None:
    """Collect from Moodle's Submissions > Download all submissions, with folders or without.

    Exits with 0 if all was collected, 1 on a mistake, 3 if some files are of nobody in the roster.
    """
    _collect("moodle", unit, archive, roster)


@collect_app.command(
    "canvas", epilog="Example: lossgrad collect canvas mse submissions.zip --roster gradebook.csv"
)
def collect_canvas(
    unit: Unit,
    archive: Archive,
    roster: Annotated[Path, typer.Option(help="Canvas's gradebook (Grades > Export).")],
) -> None:
    """Collect from Canvas's Download Submissions.

    Exits with 0 if all was collected, 1 on a mistake, 3 if some files are of nobody in the roster.
    """
    _collect("canvas", unit, archive, roster)


def _export(system, unit, roster, to, missing_as_zero, rescale, column) -> None:
    from autograder.gradebook import RunGradebook
    from autograder.university.canvas import CanvasExport
    from autograder.university.gradescope import GradescopeExport
    from autograder.university.moodle import MoodleExport

    kinds = {"canvas": CanvasExport, "moodle": MoodleExport, "gradescope": GradescopeExport}
    course = _course()
    columns = _columns(column or ())
    if unit and (others := sorted(columns.keys() - set(unit))):
        raise Mistake(f"--column: {others[0]} is none of the units to export.")
    plugin = course.configured(
        kinds[system],
        assignment=list(unit or ()),
        missing_as_zero=missing_as_zero,
        rescale=rescale,
    )
    plugin.to = str(to) if to else plugin.to
    plugin.roster = str(roster) if roster else plugin.roster
    plugin.columns = plugin.columns | columns
    book = RunGradebook(course.coursedir)
    try:
        with book.transaction():
            report = plugin.export(book)
    finally:
        book.end()
    _print(f"wrote {report.written} grades to {report.path}")
    _print_lines(report.left_out, report.notes)
    _print(f"next: {report.how_to_import}")
    if report.left_out:
        raise typer.Exit(NOT_ALL)


def _collect(system: str, unit: str, archive: Path, roster: Path) -> None:
    from autograder.university import collecting

    result = collecting.collect(_course(), system, unit, archive, roster)
    again = f"; of {result.again} nothing new" if result.again else ""
    _print(f"collected {unit} of {result.new} students from {archive}{again}")
    _print_lines(result.left_out, result.notes)
    if result.times:
        zone = "/".join(dict.fromkeys(time.tzname))
        _print(
            f"Times of hand-in were read as {zone}. If Moodle shows you those of another zone, "
            "begin the command with, say, TZ=Europe/Berlin"
        )
    _print(f"next: lossgrad grade {shlex.quote(unit)}")
    if result.left_out:
        raise typer.Exit(NOT_ALL)


def _columns(pairs: Iterable[str]) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        unit, sign, title = pair.partition("=")
        if not (unit and sign and title):
            raise Mistake(
                f'--column {pair!r} has no "=": write for example "mse=Homework 2 (4711)".'
            )
        columns[unit] = title
    return columns


def _print_lines(left_out: list[str], notes: list[str]) -> None:
    for line in left_out:
        _print(f"left out  {line}")
    for line in notes:
        _print(f"look at  {line}")


def _print(line: str) -> None:
    """Print a line as it is, whatever is in a name, but for signs that steer a terminal."""
    line = "".join(sign if sign.isprintable() else "�" for sign in line)
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def _course():
    from autograder.course import open_course

    return open_course(Path.cwd())
