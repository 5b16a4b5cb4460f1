"""The command `lossgrad grade`: a class graded in parallel, with progress and a summary."""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder import attempts, best_attempt, executors
from autograder.attempts import Policy
from autograder.class_grading import Done, Work, find_work, grade_class, left_to_nbgrader
from autograder.course import Course
from autograder.executors import Workers

ALL_GRADED, SOME_NOT_GRADED, STOPPED = 0, 3, 130  # 1 is a mistake, 2 a wrong option


@dataclass(frozen=True)
class Asked:
    """What was typed after `lossgrad grade`."""

    unit: str
    students: tuple[str, ...] = ()
    jobs: int | None = None
    force: bool = False
    scheduler: str | None = None
    dry_run: bool = False
    as_json: bool = False
    walled: bool = True


@dataclass
class Tally:
    """The state of a run: how many are graded, and which need a human."""

    total: int
    graded: int = 0
    attention: list[str] = field(default_factory=list)
    not_graded: list[str] = field(default_factory=list)

    def count(self, done: Done) -> None:
        """Take one result into account."""
        who = done.work.submission.student
        if done.record is None:
            self.not_graded.append(f"{who}: {done.fault}")
            return
        self.graded += 1
        self.attention += [f"{who}: {problem}" for problem in done.record.problems]

    def line(self) -> str:
        """Return the counts as a few words."""
        waiting = self.total - self.graded - len(self.not_graded)
        problems = len(self.attention) + len(self.not_graded)
        return f"{self.graded} graded, {waiting} waiting, {problems} with problems"


def run(course: Course, asked: Asked, console: Console) -> int:
    """Grade what was asked for and return the exit code.

    Raises CourseError, kernels.host.NoWalls or executors.ClusterError with what to do.
    """
    trials = _trials(course, asked)
    if asked.dry_run:
        work = find_work(course, asked.unit, asked.students, asked.force)
        for item in [*trials, *work]:
            would = "try an attempt of" if item.trial else "grade"
            _print(console, f"would {would} {item.submission.student} {item.unit}")
        _print(console, f"{len(work)} to grade. Type the command without --dry-run.")
        return ALL_GRADED
    tried = tally = Tally(len(trials))
    try:
        if trials:
            _grade(course, asked, trials, tried, console)
        if attempts.policy(course) is Policy.BEST:
            best_attempt.choose(course, asked.unit, asked.students)
        work = find_work(course, asked.unit, asked.students, asked.force)
        tally = Tally(len(work))
        if work:
            work = best_attempt.told(course, asked.unit, work)
            _grade(course, asked, work, tally, console)
    except KeyboardInterrupt:
        again = "the same command" + (" without --force" if asked.force else "")
        print(f"Stopped: {tally.line()}. To go on, type {again}.", file=sys.stderr)
        return STOPPED
    if not asked.as_json:
        _summary(course, asked, tally, console)
    not_graded = tried.not_graded + tally.not_graded
    for line in not_graded:
        print(f"not graded  {line}", file=sys.stderr)
    return SOME_NOT_GRADED if not_graded else ALL_GRADED


def _trials(course: Course, asked: Asked) -> list[Work]:
    if attempts.policy(course) is not Policy.BEST:
        return []
    return best_attempt.trials(course, asked.unit, asked.students, asked.force)


def _grade(course: Course, asked: Asked, work: list[Work], tally: Tally, console: Console) -> None:
    title = f"{'Trying attempts at' if work[0].trial else 'Grading'} {asked.unit}"
    with (
        _workers(course, asked, len(work)) as workers,
        _progress(console, asked.as_json) as progress,
    ):
        bar = progress.add_task(title, total=len(work), said=tally.line())
        with closing(grade_class(course, work, workers, walled=asked.walled)) as results:
            for done in results:
                tally.count(done)
                progress.update(bar, advance=1, said=tally.line())
                if asked.as_json and not done.work.trial:
                    print(json.dumps(_as_json(done)), flush=True)


def _workers(course: Course, asked: Asked, size: int) -> AbstractContextManager[Workers]:
    scheduler = asked.scheduler or course.config.ClassGrading.get("scheduler")
    if scheduler and asked.jobs is None:
        return executors.cluster(scheduler, walls=asked.walled)
    return executors.pool(min(asked.jobs or executors.default_jobs(), size), walls=asked.walled)


def _progress(console: Console, quiet: bool) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[said]}"),
    )
    return Progress(*columns, console=console, disable=quiet)


def _as_json(done: Done) -> dict:
    said = {"student": done.work.submission.student, "unit": done.work.unit}
    if done.record is None:
        return said | {"fault": done.fault}
    return said | {
        "score": done.record.score,
        "points": done.record.points,
        "problems": list(done.record.problems),
    }


def _summary(course: Course, asked: Asked, tally: Tally, console: Console) -> None:
    if tally.total:
        _print(console, f"{tally.graded} of {tally.total} graded.")
    else:
        _print(console, f"All of {asked.unit} is graded already. To grade it again: add --force")
    for line in tally.attention:
        _print(console, f"look at  {line}")
    for name in left_to_nbgrader(course, asked.unit):
        _print(
            console,
            f"{name} is no unit of this course. "
            f"Type: nbgrader autograde {asked.unit} --notebook {name}",
        )
    _print(console, f"next: nbgrader generate_feedback {asked.unit}")


def _print(console: Console, line: str) -> None:
    """Print a line as it is, whatever is in a name."""
    console.print(line, highlight=False, markup=False, soft_wrap=True)
