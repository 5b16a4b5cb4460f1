"""The command `lossgrad`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder import assignments, demo, doctor, explain, records
from autograder.course import CourseError, open_course
from autograder.samples import SampleError
from autograder.sources import AuthorError

app = typer.Typer(
    help="An auto-graded course on the losses of machine learning and their gradients.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
console = Console()

# Mistakes of people, told in a line or two; everything else is a fault of ours and shows its traceback.
MISTAKES = (AuthorError, CourseError, SampleError, records.RecordError, OSError)


def main() -> None:
    """Run the command; exit with 1 and a short message on an ordinary mistake."""
    try:
        app()
    except MISTAKES as mistake:
        print(f"lossgrad: {mistake}", file=sys.stderr)
        raise SystemExit(1) from None


@app.command(name="build", epilog="Example: lossgrad build mse")
def build_command(
    unit: Annotated[list[str] | None, typer.Argument(help="Units to build; all if none is named.")] = None,
) -> None:
    """Make the lecturer's notebooks in classroom/source/ from exercises/ and solutions/."""
    course = open_course(Path.cwd())
    for name in unit or assignments.units(course.root):
        path = assignments.build_unit(name, course.root, course.classroom / "source")
        console.print(f"built {path.relative_to(course.root) if path.is_relative_to(course.root) else path}")
    console.print(f"next: nbgrader generate_assignment {(unit or assignments.units(course.root))[0]}")


@app.command(name="demo", epilog="Example: lossgrad demo")
def demo_command() -> None:
    """Build, release, grade and feed back a sample class in classroom/."""
    if not demo.run(open_course(Path.cwd()), console):
        raise typer.Exit(2)


@app.command(name="explain", epilog="Example: lossgrad explain missing-mean mse")
def explain_command(
    student: Annotated[str, typer.Argument(help="The student's id.")],
    unit: Annotated[str, typer.Argument(help="The unit, for example mse.")],
) -> None:
    """Tell why a grade is what it is."""
    path = open_course(Path.cwd()).record_file(student, unit)
    print(explain.explain(records.read(path)))


@app.command(name="doctor", epilog="Example: lossgrad doctor")
def doctor_command() -> None:
    """Check that everything is here that building and grading need."""
    findings = list(doctor.examine(open_course(Path.cwd())))
    for finding in findings:
        mark = "[green]ok[/]  " if finding.well else "[bold red]mend[/]"
        console.print(f"{mark} {finding.name:<22} {finding.seen}", soft_wrap=True, highlight=False)
        if not finding.well:
            console.print(f"     {finding.remedy}", soft_wrap=True, highlight=False)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
