"""The command `lossgrad`."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder import completion
from autograder.mistakes import Mistake
from autograder.university.commands import collect_app, export_app

app = typer.Typer(
    help="An auto-graded course on the losses of machine learning and their gradients.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(export_app, name="export")
app.add_typer(collect_app, name="collect")
console = Console()

# Each command imports what it needs itself: together they take seconds to load.


def main() -> None:
    """Run the command; exit with 1 and a short message on an ordinary mistake."""
    os.environ.setdefault("NBFORMAT_VALIDATOR", "fastjsonschema")  # ten times as fast
    try:
        app()
    except (Mistake, OSError) as mistake:  # anything else is a fault of ours, with its traceback
        print(f"lossgrad: {mistake}", file=sys.stderr)
        raise SystemExit(1) from None


@app.command(name="build", epilog="Example: lossgrad build mse")
def build_command(
    unit: Annotated[
        list[str] | None,
        typer.Argument(
            help="Units to build; all if none is named.", autocompletion=completion.units
        ),
    ] = None,
) -> None:
    """Make the lecturer's notebooks in classroom/source/ from exercises/ and solutions/."""
    from autograder import assignments

    course = _course()
    for name in unit or assignments.units(course.root):
        path = assignments.build_unit(name, course.root, course.classroom / "source")
        console.print(
            f"built {path.relative_to(course.root) if path.is_relative_to(course.root) else path}"
        )
    console.print(
        f"next: nbgrader generate_assignment {(unit or assignments.units(course.root))[0]}"
    )


@app.command(name="new", epilog="Example: lossgrad new log_cosh")
def new_command(
    unit: Annotated[str, typer.Argument(help="Its name: small letters, digits, underscores.")],
) -> None:
    """Make the files of a new unit: a small example that works, to be changed to your own."""
    from autograder import new_unit

    root = Path.cwd()
    for path in new_unit.make_unit(unit, root):
        print(f"made {path}")
    if new_unit.add_to_syllabus(unit, root):
        print(f"added {unit} to {new_unit.SYLLABUS}, which orders the units")
    else:
        print(f"to do: link lessons/{unit}.md in {new_unit.SYLLABUS}, which orders the units")
    print("It works, with log-cosh as its loss. docs/author.md says how to make it your own.")
    print(f"next: lossgrad build {unit}")


@app.command(name="demo", epilog="Example: lossgrad demo")
def demo_command() -> None:
    """Build, release, grade and feed back a sample class in classroom/."""
    from autograder import demo

    if not demo.run(_course(), console):
        raise typer.Exit(2)


@app.command(name="grade", epilog="Example: lossgrad grade mse --jobs 4")
def grade_command(
    unit: Annotated[
        str,
        typer.Argument(
            help="The unit (nbgrader's assignment), for example mse.",
            autocompletion=completion.units,
        ),
    ],
    student: Annotated[
        list[str] | None,
        typer.Option(
            help="Grade this student only; may be repeated.", autocompletion=completion.students
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Worker processes; one per processor if not set.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Grade again what has been graded.")
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, in place of this machine.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be graded.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON line for each submission.")
    ] = False,
    without_walls: Annotated[
        bool,
        typer.Option(
            "--without-walls", help="Run the code as yourself. For your own notebooks only."
        ),
    ] = False,
) -> None:
    """Grade a class in parallel, in warm kernels behind walls.

    Exits with 0 if all is graded, 1 on a mistake, 3 if not everything could be, 130 if stopped.
    """
    with _no_collections():
        if not (dry_run or scheduler or without_walls):
            from autograder import walls

            walls.start_zygote()  # it warms up while this process does

        from autograder import grade_command as command

    asked = command.Asked(
        unit, tuple(student or ()), jobs, force, scheduler, dry_run, as_json, not without_walls
    )
    raise typer.Exit(command.run(_course(), asked, console))


@app.command(name="practice", epilog="Example: lossgrad practice mse")
def practice_command(
    unit: Annotated[
        list[str] | None, typer.Argument(help="Units to practise; all if none is named.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Your folder; practice/ in the course's folder if not set.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Check everything once and end.")] = False,
    no_lab: Annotated[
        bool, typer.Option("--no-lab", help="Do not start JupyterLab; edit with what you like.")
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Start JupyterLab, but do not open a browser.")
    ] = False,
    hint: Annotated[
        str | None, typer.Option(metavar="TASK", help="Show more help for a task.")
    ] = None,
    solution: Annotated[
        str | None, typer.Option(metavar="TASK", help="Show the course's solution of a task.")
    ] = None,
    reset: Annotated[
        str | None, typer.Option(metavar="UNIT", help="Start a unit anew; a backup is kept.")
    ] = None,
) -> None:
    """Practise alone: each time you save a notebook, see what is right and what is not.

    Exits with 0, 1 on a mistake, and with --once 3 as long as a task is not done.
    """
    from autograder.practice import command

    asked = command.Asked(
        tuple(unit or ()), folder, once, not no_lab, not no_browser, hint, solution, reset
    )
    raise typer.Exit(command.run(Path.cwd(), asked, console))


@app.command(name="explain", epilog="Example: lossgrad explain missing-mean mse")
def explain_command(
    student: Annotated[
        str, typer.Argument(help="The student's id.", autocompletion=completion.students)
    ],
    unit: Annotated[
        str,
        typer.Argument(help="The unit, for example mse.", autocompletion=completion.units),
    ],
) -> None:
    """Tell why a grade is what it is."""
    from autograder import explain, records

    path = _course().record_file(student, unit)
    print(explain.explain(records.read(path)))


@app.command(name="report", epilog="Example: lossgrad report mse --open")
def report_command(
    unit: Annotated[
        str | None, typer.Argument(help="The unit, for example mse; the whole course if not named.")
    ] = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Leave names out of the file, to pass it on.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(help="The file to write; classroom/reports/UNIT.html if not set."),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the report in the browser.")] = False,
) -> None:
    """Write how the class did: scores, tasks, its misconceptions, and what to do tomorrow.

    One HTML file that loads nothing, made from the records of the gradings. Names are in it, hidden
    until you tick "Show names", unless you say --anonymous.

    Exits with 0, with 1 on a mistake, with 3 if a record could not be read: it is named, and the
    report is made from the others.
    """
    from autograder import report as command

    asked = command.Asked(unit, anonymous, output, show)
    raise typer.Exit(command.run(_course(), asked, console))


@app.command(name="doctor", epilog="Example: lossgrad doctor")
def doctor_command() -> None:
    """Check that everything is here that building and grading need."""
    from autograder import doctor

    findings = list(doctor.examine(_course()))
    for finding in findings:
        mark = "[green]ok[/]  " if finding.well else "[bold red]mend[/]"
        console.print(f"{mark} {finding.name:<22} {finding.seen}", soft_wrap=True, highlight=False)
        if not finding.well:
            console.print(f"     {finding.remedy}", soft_wrap=True, highlight=False)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


@contextlib.contextmanager
def _no_collections() -> Iterator[None]:
    """Load modules without looking for garbage among them, a tenth of the time that it takes.

    What is loaded stays; no later collection looks at it, here or in the processes forked from it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _course():
    from autograder.course import open_course

    return open_course(Path.cwd())


if __name__ == "__main__":
    main()
