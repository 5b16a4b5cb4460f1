"""A simulated class: records, submissions and a gradebook, as a real class would leave them.

Every answer is one of the unit's known right or wrong ones and was really graded, once, in this
process; who gave which one is drawn at random, from an ability for each student and a difficulty
for each task. So what a report must find is known beforehand. The same seed makes the same class.

`python -m benchmarks.simulated FOLDER [SIZE [UNIT ...]]` makes one, to look at its report.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import json
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from nbgrader.api import (
    Assignment,
    Base,
    Grade,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from autograder import grading, records, seeds
from autograder.assignments import units as units_of_course
from autograder.course import Course, open_course
from autograder.results import TaskResult
from autograder.sources import read_exercise
from autograder.submission import LocalTransport, Submission
from autograder.tasks import checks_of, run_task
from solutions.misconceptions import misconceptions_of
from tests.alternatives import alternatives_of

ROOT = Path(__file__).parents[1]
SIZE = 300
UNREADABLE = "The submitted file is not a notebook: it cannot be read as JSON."
GIVEN = (
    "Zoë",
    "芳",
    "Seán",
    "Fatima",
    "José",
    "Øyvind",
    "Łucja",
    "Jürgen",
    "Anaïs",
    "Priya",
)
FAMILY = ("Müller", "O'Connor", "王", "García", "Nguyễn", "Okafor", "d'Angelo", "Yılmaz", "Jensen")
FIRST_DUE = datetime(2026, 10, 12, 12, 0)


@dataclass(frozen=True)
class Option:
    """One way to answer a task: of which kind it is, its source, and what its grading came to."""

    kind: str
    source: str
    result: TaskResult
    text: str


@dataclass(frozen=True)
class Drawn:
    """What one student handed in for a unit."""

    student: str
    options: tuple[Option, ...]
    late: timedelta
    restarts: int
    unreadable: bool


def found(folder: Path) -> Course:
    """Make a course folder whose texts are those of this repository."""
    folder.mkdir(parents=True)
    for name in ("course", "exercises", "solutions"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return open_course(folder)


def make(
    course: Course,
    size: int,
    units: Sequence[str] | None = None,
    *,
    mistakes_a_task: int | None = None,
    complete: bool = False,
    seed: int = 0,
) -> dict[str, list[Drawn]]:
    """Fill a course's `classroom/` with a class of `size` and return what each one handed in.

    `mistakes_a_task` is the number of misconceptions that are used; all if None. In a `complete`
    class everybody hands in everything.
    """
    units = units or units_of_course(ROOT)
    random = np.random.default_rng(seed)
    students = [f"s{number:04d}" for number in range(size)]
    names = [(str(random.choice(GIVEN)), str(random.choice(FAMILY))) for _ in students]
    ability = random.normal(0.9, 1.0, size)
    stays = random.geometric(0.03, size)  # units until a student gives up
    drawn = {}
    for week, unit in enumerate(units):
        options = options_of(unit, mistakes_a_task)
        difficulty = {task: random.normal(0.0, 0.7) for task in options}
        favourites = {task: random.permutation(len(options[task])) for task in options}
        drawn[unit] = [
            _draw(random, student, options, difficulty, favourites, skill)
            for student, skill, until in zip(students, ability, stays, strict=True)
            if complete or (week < until and random.random() < 0.97)
        ]
        for each, name in zip(drawn[unit], _names_of(drawn[unit], students, names), strict=True):
            _write(course.classroom, unit, each, " ".join(name))
    _gradebook(course, drawn, students, names)
    return drawn


@functools.cache
def options_of(unit: str, mistakes: int | None = None) -> dict[str, tuple[Option, ...]]:
    """Return the ways to answer each task of a unit, each of them graded once."""
    points = {
        block.name: block.points
        for block in read_exercise(unit, (ROOT / "exercises" / f"{unit}.md").read_text("utf-8"))
        if block.kind == "check"
    }
    right = vars(importlib.import_module(f"solutions.{unit}"))
    found = {}
    for task in checks_of(unit):
        known = [m for m in misconceptions_of(unit) if m.task == task]
        # Students do not call the reference solution, as some of the misconceptions do.
        own = [m for m in known if "reference." not in inspect.getsource(m.function)] or known
        answers = [("right", right[task])]
        answers += [("right", a.function) for a in alternatives_of(unit) if a.task == task][:3]
        answers += [("mistake", m.function) for m in own[:mistakes]]
        answers += [("unwritten", _unwritten), ("raises", _raises), ("endless", _endless)]
        found[task] = tuple(
            _option(unit, task, points[task], kind, function) for kind, function in answers
        )
    return found


def _option(unit: str, task: str, points: float, kind: str, function) -> Option:
    functions = dict(vars(importlib.import_module(f"solutions.{unit}"))) | {task: function}
    submission = Submission(LocalTransport(functions, seconds=0.01 if kind == "endless" else 5.0))
    result = run_task(unit, task, points, submission, seeds.PRACTICE_SEED)
    text = json.dumps(asdict(result) | {"score": result.score}, indent=1, ensure_ascii=False)
    return Option(kind, _source(function, task), result, text)


def _source(function, task: str) -> str:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    tree.decorator_list, tree.name = [], task
    return ast.unparse(tree)


def _unwritten(*arguments):
    raise NotImplementedError


def _raises(*arguments):
    return arguments[0].no_such_method()


def _endless(*arguments):
    while True:
        pass


def _draw(random, student, options, difficulty, favourites, skill) -> Drawn:
    chosen = []
    for task, choices in options.items():
        by_kind = {kind: [] for kind in ("right", "mistake", "unwritten", "raises", "endless")}
        for place in favourites[task]:
            by_kind[choices[place].kind].append(choices[place])
        chance = 1 / (1 + np.exp(-1.6 * (skill - difficulty[task])))
        wrong = ("mistake", "unwritten", "raises", "endless")
        kind = (
            "right" if random.random() < chance else random.choice(wrong, p=(0.8, 0.12, 0.06, 0.02))
        )
        weights = 1 / np.arange(1, 1 + len(by_kind[kind])) ** 1.3
        chosen.append(by_kind[kind][random.choice(len(weights), p=weights / weights.sum())])
    late = (
        timedelta(hours=float(random.exponential(20))) if random.random() < 0.06 else timedelta(0)
    )
    unreadable = random.random() < 0.006
    if unreadable:
        chosen = [next(o for o in choices if o.kind == "unwritten") for choices in options.values()]
    return Drawn(student, tuple(chosen), late, int(random.random() < 0.01), unreadable)


def _names_of(drawn, students, names):
    by_student = dict(zip(students, names, strict=True))
    return [by_student[each.student] for each in drawn]


def _write(classroom: Path, unit: str, each: Drawn, name: str) -> None:
    """Write one submission and its record, with the student's name where students write it."""
    content = b"no notebook" if each.unreadable else _notebook(each, name)
    for place, file, written in (
        ("submitted", f"{unit}.ipynb", content),
        ("autograded", f"{unit}.record.json", _record(unit, each, content).encode()),
    ):
        folder = classroom / place / each.student / unit
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(written)


def _notebook(each: Drawn, name: str) -> bytes:
    cells = []
    for option in each.options:
        head, _, body = option.source.partition("\n")
        signed = f'# {name}, {each.student}\n{head}\n    """{name}"""\n{body}'
        cells.append(
            {
                "cell_type": "code",
                "metadata": {"nbgrader": {"grade_id": option.result.task, "solution": True}},
                "source": signed,
                "outputs": [],
                "execution_count": None,
            }
        )
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def _record(unit: str, each: Drawn, content: bytes) -> str:
    # The texts of the tasks are put in as they are: a real record is as long, and written slower.
    head = {
        "schema": records.SCHEMA,
        "score": round(sum(option.result.score for option in each.options), 2),
        "points": sum(option.result.points for option in each.options),
        "unit": unit,
        "student": each.student,
        "submission": grading.digest(content),
        "seed": seeds.student_seed(b"simulated", each.student, unit),
        "graded": "2026-10-12T13:00:00+00:00",
        "seconds": 1.0,
        "restarts": each.restarts,
        "problems": [UNREADABLE] if each.unreadable else [],
        "versions": _versions(),
    }
    tasks = ",\n".join(option.text for option in each.options)
    return f'{json.dumps(head, indent=1, ensure_ascii=False)[:-2]},\n "tasks": [{tasks}]\n}}\n'


@functools.cache
def _versions() -> dict[str, str]:
    return records.versions()


def _gradebook(
    course: Course,
    drawn: Mapping[str, list[Drawn]],
    students: Sequence[str],
    names: Sequence[tuple[str, str]],
) -> None:
    """Write what nbgrader knows: who is who, what was due, and what waits for a human."""
    coursedir = course.api().coursedir
    course.classroom.mkdir(parents=True, exist_ok=True)
    engine = create_engine(coursedir.db_url)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        people = zip(students, names, strict=True)
        rows = [{"id": s, "first_name": first, "last_name": last} for s, (first, last) in people]
        session.execute(insert(Student), rows)
        for week, (unit, submissions) in enumerate(drawn.items()):
            due = FIRST_DUE + timedelta(weeks=week)
            _add_unit(session, coursedir.course_id, unit, due, submissions)
        session.commit()
    engine.dispose()


def _add_unit(session, course_id, unit, due, submissions) -> None:
    assignment = Assignment(name=unit, duedate=due, course_id=course_id)
    notebook = Notebook(name=unit, assignment=assignment)
    question = GradeCell(name="why", notebook=notebook, max_score=2, cell_type="markdown")
    session.add_all([assignment, notebook, question])
    session.flush()
    handed_in, notebooks, grades = [], [], []
    for place, each in enumerate(submissions):
        key = f"{unit}-{each.student}"
        in_time = due - timedelta(hours=1 + place % 40)
        timestamp = due + each.late if each.late else in_time
        handed_in.append(
            {
                "id": key,
                "assignment_id": assignment.id,
                "student_id": each.student,
                "timestamp": timestamp,
            }
        )
        notebooks.append({"id": key, "assignment_id": key, "notebook_id": notebook.id})
        grades.append(
            {
                "id": key,
                "notebook_id": key,
                "cell_id": question.id,
                "needs_manual_grade": not each.unreadable and place % 5 == 0,
            }
        )
    session.execute(insert(SubmittedAssignment), handed_in)
    session.execute(insert(SubmittedNotebook), notebooks)
    session.execute(insert(Grade), grades)


def main(place: str, size: str = str(SIZE), *named: str) -> None:
    """Make a class of this size in a new folder and say what to type next."""
    make(found(Path(place)), int(size), named)
    print(f"now type: cd {place} && lossgrad report {' '.join(named)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
