"""A whole class graded in parallel, on this machine or on a cluster.

Workers run `grading.grade_submitted`, a pure function, wherever `executors` has them. This process
alone writes: the gradebook, in one transaction for each submission, then the graded notebook and at
last its record. A run that was stopped goes on where it was: what has its record is done.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde

from autograder import gradebook, records, seeds
from autograder.bytecode import compiled_modules
from autograder.course import Course, CourseError
from autograder.executors import Workers
from autograder.grading import Graded, Submitted, digest, grade_submitted
from autograder.nbgrader_plugin import GradeTasks
from autograder.records import ChosenAttempt, Record, RecordError
from autograder.restoring import TIMESTAMP, authored_cells
from autograder.submitted import (
    Submission,
    files_beside,
    handed_in,
    read_notebook,
    source_files,
    submissions,
)
from autograder.tasks import has_graders

IN_FLIGHT = 4  # notebooks for each worker: enough to keep it busy, few enough to keep memory flat
TRIES = 2  # how often a notebook whose worker died is tried
SECONDS_OF_PATIENCE = 5  # without any result, before the workers are looked at

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """One notebook to grade: whose, where it is, and where the graded one goes.

    `fault` says what is known already to keep it from being graded. `attempt` says which of the
    student's hand-ins this is. Of a `trial` only the record is kept: see `autograder.best_attempt`.
    """

    submission: Submission
    notebook: Path
    destination: Path
    fault: str = ""
    attempt: ChosenAttempt | None = None
    trial: bool = False

    @property
    def unit(self) -> str:
        """The unit, which is the notebook's name."""
        return self.notebook.stem

    @property
    def record_file(self) -> Path:
        """The record of its grading."""
        return self.destination / f"{self.unit}{records.SUFFIX}"


@dataclass(frozen=True)
class Done:
    """One notebook that has been graded, or the fault that kept it from being graded."""

    work: Work
    record: Record | None
    fault: str = ""


def find_work(
    course: Course, assignment: str, students: tuple[str, ...] = (), force: bool = False
) -> list[Work]:
    """Return the notebooks that wait to be graded: all with `force`, else those not yet graded.

    Raises CourseError if the assignment is not in the gradebook, has no unit of this course, or a
    student handed in nothing for it.
    """
    coursedir = course.coursedir
    units = units_of(course, assignment)
    found = list(submissions(coursedir, assignment))
    _check_students(assignment, found, students)
    work = []
    for submission in found:
        if students and submission.student not in students:
            continue
        place = Path(
            coursedir.format_path(coursedir.autograded_directory, submission.student, assignment)
        )
        items = _work(submission, units, place)
        work += [item for item in items if force or not _is_done(item)]
    return work


def units_of(course: Course, assignment: str) -> list[str]:
    """Return the names of an assignment's notebooks that are units of this course.

    Raises CourseError if the assignment is not in the gradebook, or has none.
    """
    units = [name for name in _notebooks(course, assignment) if has_graders(name)]
    if not units:
        raise CourseError(
            f"{assignment} has no notebook of a unit with hidden checks.\n"
            f"To let nbgrader grade it, type: nbgrader autograde {assignment}"
        )
    return units


def left_to_nbgrader(course: Course, assignment: str) -> list[str]:
    """Return the names of an assignment's notebooks that are no units of this course."""
    return [name for name in _notebooks(course, assignment) if not has_graders(name)]


def grade_class(
    course: Course, work: list[Work], workers: Workers, *, walled: bool = True
) -> Iterator[Done]:
    """Grade notebooks and yield each as it is saved, in any order.

    Raises CourseError if results cannot be saved, ClusterError if the workers are gone for good;
    what was yielded before is kept.
    """
    book = gradebook.RunGradebook(course.coursedir)
    try:
        run = _Run(course, book, workers, walled)
        for item in work:
            if not item.fault:
                with _writing(item.record_file):  # now it counts as not graded, also with force
                    item.record_file.unlink(missing_ok=True)
        yield from run.all(work)
    finally:
        book.end()


@dataclass(frozen=True)
class _Flight:
    """A notebook that is being graded, and the how manieth attempt this is."""

    work: Work
    submitted: Submitted
    attempt: int = 1


class _Run:
    """One run over a class: what is in flight, and what is known of each assignment."""

    def __init__(
        self, course: Course, book: gradebook.RunGradebook, workers: Workers, walled: bool
    ):
        self.book = book
        self.workers = workers
        self.coursedir = course.coursedir
        self.autograde = course.configured(Autograde, coursedir=self.coursedir)
        settings = course.configured(GradeTasks)
        self.saving = gradebook.Saving(book, self.autograde)
        self.walled = walled and settings.walled
        self.limits = settings.limits
        with _writing(course.classroom):
            self.secret = seeds.course_secret(course.classroom / settings.secret_file)
        self._released: dict[tuple[str, str], tuple] = {}
        self._compiled: dict[str, dict[str, bytes]] = {}
        self._authored: dict[tuple[str, str], tuple[str, ...]] = {}
        self._sources: dict[str, dict[str, bytes]] = {}
        self._flying: dict[Future, _Flight] = {}
        self._again: deque[_Flight] = deque()

    def all(self, work: list[Work]) -> Iterator[Done]:
        """Keep a window of work in flight and yield what is done."""
        waiting = iter(work)
        try:
            while True:
                yield from self._fill(waiting)
                if not self._flying:
                    return
                finished, _ = wait(self._flying, SECONDS_OF_PATIENCE, return_when=FIRST_COMPLETED)
                if not finished:
                    self.workers.check()
                for future in finished:
                    if (done := self._finish(future)) is not None:
                        yield done
        except GeneratorExit:  # the workers live on, and others may want them
            for future in self._flying:
                future.cancel()
            raise

    def _fill(self, waiting: Iterator[Work]) -> Iterator[Done]:
        """Send out work; yield what cannot be.

        What was in flight when a worker died is tried again one by one, so that the one that killed
        it, if any did, takes no other with it.
        """
        if self._again and not self._flying:
            self._send(self._again.popleft())
        if self._again or any(flight.attempt > 1 for flight in self._flying.values()):
            return
        window = self.workers.count * IN_FLIGHT
        while len(self._flying) < window and (item := next(waiting, None)) is not None:
            try:
                if item.fault:
                    yield Done(item, None, item.fault)
                else:
                    self._send(_Flight(item, self._submitted(item)))
            except PermissionError as error:
                yield Done(item, None, f"{error.filename} cannot be read ({error.strerror})")
            except FileNotFoundError as error:
                yield Done(item, None, f"{error.filename} is not there any more")

    def _send(self, flight: _Flight) -> None:
        self._flying[self.workers.submit(grade_submitted, flight.submitted)] = flight

    def _finish(self, future: Future) -> Done | None:
        flight = self._flying.pop(future)
        try:
            graded = future.result()
        except (BrokenProcessPool, CancelledError) as error:
            if flight.attempt < TRIES:
                self._again.append(_Flight(flight.work, flight.submitted, flight.attempt + 1))
                return None
            return Done(flight.work, None, f"its worker died {TRIES} times ({_say(error)})")
        except Exception as error:  # a fault of that place or of ours; it must not stop the class
            log.debug("not graded: %s", flight.work.notebook, exc_info=error)
            return Done(flight.work, None, _say(error))
        graded = replace(graded, record=replace(graded.record, attempt=flight.work.attempt))
        try:
            self._save(flight, graded)
        except MissingEntry as error:
            return Done(flight.work, None, str(error))
        return Done(flight.work, graded.record)

    def _submitted(self, item: Work) -> Submitted:
        student, assignment = item.submission.student, item.submission.assignment
        kept = self.autograde.exclude_overwriting.get(assignment, ())
        source = self._source_files(assignment)
        files = files_beside(
            self.coursedir, student, assignment, kept, item.submission.folder, source
        )
        return Submitted(
            unit=item.unit,
            student=student,
            content=read_notebook(item.notebook),
            released=self._released_cells(item.unit, assignment),
            seed=seeds.student_seed(self.secret, student, item.unit),
            files=files | self._bytecode(assignment),
            limits=self.limits,
            walled=self.walled,
            authored=self._authored_cells(item.unit, assignment),
            handed_in=handed_in(files, source, kept),
        )

    def _released_cells(self, unit: str, assignment: str) -> tuple:
        key = (unit, assignment)
        if key not in self._released:
            with self.book.transaction():
                self._released[key] = tuple(gradebook.released_cells(self.book, *key))
        return self._released[key]

    def _bytecode(self, assignment: str) -> dict[str, bytes]:
        if assignment not in self._compiled:
            folder = self.coursedir.format_path(self.coursedir.source_directory, ".", assignment)
            self._compiled[assignment] = compiled_modules(Path(folder))
        return self._compiled[assignment]

    def _authored_cells(self, unit: str, assignment: str) -> tuple[str, ...]:
        """Return the sources of a released notebook's code cells; none if it is not there."""
        key = (unit, assignment)
        if key not in self._authored:
            folder = self.coursedir.format_path(self.coursedir.release_directory, ".", assignment)
            self._authored[key] = authored_cells(Path(folder, f"{unit}.ipynb"))
        return self._authored[key]

    def _source_files(self, assignment: str) -> dict[str, bytes]:
        if assignment not in self._sources:
            self._sources[assignment] = source_files(self.coursedir, assignment)
        return self._sources[assignment]

    def _save(self, flight: _Flight, graded: Graded) -> None:
        """Write scores first and the record last: what has a record is complete."""
        item, submission = flight.work, flight.work.submission
        if item.trial:
            self._write(item.record_file, records.to_json(graded.record).encode())
            return
        place = gradebook.Place(
            submission.student,
            submission.assignment,
            item.unit,
            handed_in=submission.notebooks.keys(),
            timestamp=submission.timestamp,
        )
        notebook = self.saving.save(graded.notebook, place)
        _clear(item.destination)
        for name, content in flight.submitted.files.items():
            if name not in self._bytecode(submission.assignment):
                self._write(item.destination / name, content)
        self._write(item.destination / item.notebook.name, _text(notebook).encode())
        if self.coursedir.groupshared:
            self.autograde.set_permissions(submission.assignment, submission.student)
        self._write(item.record_file, records.to_json(graded.record).encode())

    def _write(self, path: Path, content: bytes) -> None:
        write_file(path, content, int(str(self.autograde.permissions), 8))


def _text(notebook: NotebookNode) -> str:
    """Return a notebook as nbformat writes it, but not indented, which takes ten times as long."""
    lines = split_lines(strip_transient(notebook))
    return json.dumps(lines, sort_keys=True, ensure_ascii=False) + "\n"


def write_file(path: Path, content: bytes, permissions: int) -> None:
    """Write a file at once or not at all. Raises CourseError if it cannot."""
    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(name, permissions)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


def _notebooks(course: Course, assignment: str) -> tuple[str, ...]:
    book = gradebook.RunGradebook(course.coursedir)
    try:
        return gradebook.notebooks_of(book, assignment)
    finally:
        book.end()


def _check_students(assignment: str, found: list[Submission], students: tuple[str, ...]) -> None:
    absent = sorted(set(students) - {submission.student for submission in found})
    if absent or not found:
        whom = f" by {', '.join(absent)}" if absent else ""
        raise CourseError(
            f"Nothing was handed in for {assignment}{whom}.\n"
            f"To collect what was handed in, type: nbgrader collect {assignment}"
        )


def _work(submission: Submission, units: list[str], destination: Path) -> list[Work]:
    """Return the notebooks to grade in a submission; the missing ones get zeros with these."""
    ours = [name for name in units if name in submission.notebooks]
    if ours:
        return [
            Work(submission, submission.notebooks[name], destination, submission.fault)
            for name in ours
        ]
    there = ", ".join(path.name for path in submission.notebooks.values()) or "none"
    fault = f"no notebook {units[0]}.ipynb was handed in; there is: {there}"
    return [Work(submission, submission.folder / f"{units[0]}.ipynb", destination, fault)]


def _is_done(item: Work) -> bool:
    if item.fault:
        return False
    try:
        record = records.read(item.record_file)
        return record.submission == digest(read_notebook(item.notebook)) and _same(
            item.submission.folder / TIMESTAMP, item.destination / TIMESTAMP
        )
    except (RecordError, OSError):
        return False


def _same(one: Path, other: Path) -> bool:
    if not one.exists():
        return not other.exists()
    return other.exists() and one.read_bytes() == other.read_bytes()


def _clear(folder: Path) -> None:
    """Remove what an earlier grading left beside the notebooks."""
    with _writing(folder):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.suffix != ".ipynb" and not path.name.endswith(records.SUFFIX):
                path.unlink()


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CourseError(
            f"{error.filename or path} cannot be written ({error.strerror or error}).\n"
            "What was graded is kept. Mend this, and type the same command again."
        ) from error


def _say(error: BaseException) -> str:
    if isinstance(error, OSError) and str(error):
        return str(error)
    return f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
