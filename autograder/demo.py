"""The main job on a sample class: build, release, submit, grade, feed back, export."""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder import assignments, executors, records, samples
from autograder.class_grading import find_work, grade_class
from autograder.course import Course, CourseError
from autograder.samples import Sample

SAMPLE_CLASS = Path("tests/class")


@dataclass(frozen=True)
class Line:
    """One submission of the sample class: the score it got, in the record and in the gradebook."""

    sample: Sample
    recorded: float
    in_gradebook: float
    mistakes: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether both scores are the one that the sample's name states."""
        return self.recorded == self.in_gradebook == self.sample.score


def run(course: Course, console: Console) -> bool:
    """Run the whole job in `classroom/`, which is emptied first, and print what happened.

    Returns whether every score was the expected one. Raises CourseError if a step fails.
    """
    course = _with_own_exchange(course)
    _start_afresh(course.classroom)
    api = course.api()
    everyone = samples.samples(course.root / SAMPLE_CLASS)
    units = assignments.units(course.root)
    with _quiet(), _progress(console) as progress:
        for unit in _tracked(progress, "Building and releasing", units):
            assignments.build_unit(unit, course.root, course.classroom / "source")
            _succeed(api.generate_assignment(unit), f"nbgrader generate_assignment {unit}")
            _succeed(api.release_assignment(unit), f"nbgrader release_assignment {unit}")
        for sample in _tracked(progress, "Handing in", everyone):
            _hand_in(course, sample)
    work = [item for unit in units for item in find_work(course, unit)]
    jobs = min(executors.default_jobs(), len(work))
    with executors.pool(jobs) as pool, _quiet(), _progress(console) as progress:
        for done in _tracked(progress, "Grading", grade_class(course, work, pool), len(work)):
            if done.record is None:
                raise CourseError(f"{done.work.submission.student}, {done.work.unit}: {done.fault}")
    with _quiet(), _progress(console) as progress:
        for sample in _tracked(progress, "Writing feedback", everyone):
            result = api.generate_feedback(sample.unit, sample.student)
            _succeed(result, f"nbgrader generate_feedback {sample.unit} --student {sample.student}")
    lines = _lines(course, everyone)
    export_grades(course, course.classroom / "grades.csv")
    _print_table(lines, console)
    _print_next_steps(course, lines, console)
    return all(line.right for line in lines)


def export_grades(course: Course, path: Path) -> None:
    """Write all grades as nbgrader's own CSV exporter does."""
    with (
        _quiet(),
        Gradebook(
            course.api().coursedir.db_url, course.config.CourseDirectory.course_id
        ) as gradebook,
    ):
        CsvExportPlugin(to=str(path)).export(gradebook)


def _with_own_exchange(course: Course) -> Course:
    """Return the course with its exchange in `classroom/`: samples are handed in to nobody else."""
    config = copy.deepcopy(course.config)
    config.Exchange.root = str(course.classroom / "exchange")
    return replace(course, config=config)


def _start_afresh(classroom: Path) -> None:
    real = any((classroom / name).exists() for name in ("gradebook.db", "submitted"))
    if real and not (classroom / MARK).exists():
        raise CourseError(
            f"{classroom} holds a class already, and the demo would overwrite it.\n"
            f"Move it away, or run the demo in a fresh clone."
        )
    shutil.rmtree(classroom, ignore_errors=True)
    classroom.mkdir(parents=True)
    (classroom / MARK).write_text("This folder was made by `make demo`, which may remove it.\n")


def _hand_in(course: Course, sample: Sample) -> None:
    """Put a sample where `nbgrader collect` would, with the files that came with the release."""
    released = course.released(sample.unit)
    path = samples.submit(
        sample, released, course.solutions / f"{sample.unit}.py", course.classroom / "submitted"
    )
    for other in released.parent.iterdir():
        if other.suffix != ".ipynb":
            shutil.copy(other, path.parent)
    (path.parent / "timestamp.txt").write_text(datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S %Z"))


def _lines(course: Course, everyone: list[Sample]) -> list[Line]:
    with Gradebook(
        course.api().coursedir.db_url, course.config.CourseDirectory.course_id
    ) as gradebook:
        return [_line(course, gradebook, sample) for sample in everyone]


def _line(course: Course, gradebook: Gradebook, sample: Sample) -> Line:
    record = records.read(course.record_file(sample.student, sample.unit))
    submission = gradebook.find_submission_notebook(sample.unit, sample.unit, sample.student)
    scores = [grade.auto_score or 0.0 for grade in submission.grades]
    checks = [check for task in record.tasks for check in task.checks]
    mistakes = [check.hint or check.reason for check in checks if check.verdict == "failed"]
    return Line(
        sample, record.score, round(sum(scores), 2), tuple(record.problems) + tuple(mistakes)
    )


def _print_table(lines: list[Line], console: Console) -> None:
    table = Table(title="The sample class", title_justify="left", pad_edge=False)
    unit = max(len(line.sample.unit) for line in lines)
    student = max(len(line.sample.student) for line in lines)
    for name, justify, width in (
        ("unit", "left", unit),
        ("student", "left", student),
        ("score", "right", len("score")),
        ("expected", "right", len("expected")),
    ):
        table.add_column(name, justify=justify, no_wrap=True, min_width=width)
    table.add_column("first mistake", ratio=1, no_wrap=True, overflow="ellipsis")
    for line in lines:
        score = (
            f"{line.in_gradebook:.2f}" if line.right else f"[bold red]{line.in_gradebook:.2f}[/]"
        )
        mistake = line.mistakes[0] if line.mistakes else "[dim]none[/]"
        table.add_row(
            line.sample.unit, line.sample.student, score, f"{line.sample.score:.2f}", mistake
        )
    console.print(table)


def _print_next_steps(course: Course, lines: list[Line], console: Console) -> None:
    partly = (line for line in lines if line.mistakes and line.in_gradebook > 0)
    example = next(partly, lines[0]).sample
    page = course.classroom / "feedback" / example.student / example.unit / f"{example.unit}.html"
    console.print(f"{sum(line.right for line in lines)} of {len(lines)} scores are as expected.\n")
    console.print("Where to look:", style="bold")
    for what, path in (
        ("feedback of one student", page),
        ("grades of the class", course.classroom / "grades.csv"),
        ("graded notebooks", course.classroom / "autograded"),
    ):
        console.print(f"  {what:<25} {_relative(path, course)}", soft_wrap=True, highlight=False)
    console.print()
    console.print("What to type next:", style="bold")
    console.print("  source .venv/bin/activate")
    console.print(f"  lossgrad explain {example.student} {example.unit}")
    console.print("  jupyter lab               then choose Nbgrader > Formgrader")


def _relative(path: Path, course: Course) -> Path:
    return path.relative_to(course.root) if path.is_relative_to(course.root) else path


def _succeed(result: dict, command: str) -> None:
    if not result["success"]:
        last = (result.get("error") or result.get("log") or "").strip().splitlines()[-1:]
        raise CourseError(
            f"`{command}` failed: {''.join(last)}\nRun it by hand to see the whole message."
        )


def _tracked(progress: Progress, title: str, items, total: int | None = None) -> Iterator:
    yield from progress.track(items, description=f"{title:<24}", total=total)


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep nbgrader's log away from the progress bar; a step that fails shows its last line."""
    logging.disable(logging.CRITICAL)
    try:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
            yield
    finally:
        logging.disable(logging.NOTSET)


MARK = ".made-by-demo"
