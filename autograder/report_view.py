"""A class report as plain data, ready to be shown: what is counted, in which order and words."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder import report_figures, report_items, report_mistakes
from autograder.course import Course
from autograder.report_class import Entry, UnitClass
from autograder.report_figures import Row
from autograder.report_gradebook import Known
from autograder.report_items import Item
from autograder.report_mistakes import ENOUGH_TO_HIDE, ClassMistake

EXAMPLES = 5  # misconceptions that are shown with an example
MAX_STUDENTS = 1_000  # rows of the table of students
A_TURNOUT = 0.25  # of the best attended unit's; a unit with less has only just begun
UNITS_OF_SILENCE = 2  # not handed in one after another: somebody may have given up
A_HARD_TASK = 0.9  # mean share of the points above which there is nothing to go over again


@dataclass(frozen=True)
class Person:
    """A student by a number that tells nothing, and by name, which is empty in a report without."""

    number: int
    name: str


@dataclass(frozen=True)
class Task:
    """How a task went: its counts, its item analysis and the check that failed most often.

    `unnamed` are the wrong answers, written ones, for which no misconception was named.
    """

    row: Row
    points: float
    item: Item
    failed: str
    failures: int
    unnamed: int

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.row.task


@dataclass(frozen=True)
class Incident:
    """Something that went wrong with the running of the code of these students' answers."""

    task: str
    what: str
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Unit:
    """One unit of the report. Shares are of the points that the hidden checks give.

    `absent` are the students of the gradebook who did not hand in; None if it cannot be known.
    `by_hand` counts the submissions with an answer that waits to be graded by hand.
    """

    name: str
    title: str
    lesson: str
    points: float
    shares: tuple[float, ...]
    handed_in: int
    turnout: float
    absent: tuple[Person, ...] | None
    due: str
    bins: tuple[int, ...]
    tasks: tuple[Task, ...]
    mistakes: tuple[ClassMistake, ...]
    more_mistakes: tuple[ClassMistake, ...]
    attention: tuple[tuple[Person, tuple[str, ...]], ...]
    ungraded: tuple[Person, ...]
    by_hand: int
    incidents: tuple[Incident, ...]
    late: tuple[tuple[Person, str], ...]
    figures: Mapping[str, str]

    @property
    def graded(self) -> int:
        """How many submissions have a record that could be read."""
        return len(self.shares)

    @property
    def quartiles(self) -> tuple[float, float, float] | None:
        """The quartiles of the shares, None if nothing is graded."""
        if not self.shares:
            return None
        low, middle, high = np.percentile(self.shares, (25, 50, 75))
        return float(low), float(middle), float(high)

    @property
    def mean(self) -> float:
        """The mean share."""
        return float(np.mean(self.shares))

    @property
    def most_widespread(self) -> ClassMistake | None:
        """The misconception that most students have, None if no known one was found."""
        return next(iter((*self.mistakes, *self.more_mistakes)), None)

    @property
    def to_talk_about(self) -> ClassMistake | None:
        """The most widespread misconception, if it is that of more than one student in many."""
        most = self.most_widespread
        return most if most and (most.count > 1 or self.graded < ENOUGH_TO_HIDE) else None

    @property
    def hardest(self) -> Task | None:
        """The task with the smallest share of its points, None if all went well."""
        hardest = min(self.tasks, key=lambda task: task.item.difficulty, default=None)
        return hardest if hardest and hardest.item.difficulty < A_HARD_TASK else None


@dataclass(frozen=True)
class Cell:
    """A student in a unit: what is shown of the score, and whether it was late or needs a human."""

    said: str
    late: bool = False
    attention: bool = False


NOTHING = Cell("–")


@dataclass(frozen=True)
class Student:
    """One student over the units of the report."""

    person: Person
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Report:
    """All that a report shows.

    `current` is the unit that tomorrow is about, `size` the number of students of the class and
    `left_out` of those who are not listed. `silent` are those who handed in before and have
    stopped. `fault` says why the gradebook could not be read.
    """

    units: tuple[Unit, ...]
    current: Unit
    size: int
    students: tuple[Student, ...]
    left_out: int
    silent: tuple[Person, ...]
    anonymous: bool
    whole_course: bool
    progress: str
    fault: str

    @property
    def attention(self) -> int:
        """How many submissions need a human, over all units."""
        return sum(len(unit.attention) for unit in self.units)

    @property
    def by_hand(self) -> int:
        """How many submissions have an answer that waits to be graded by hand."""
        return sum(unit.by_hand for unit in self.units)

    @property
    def ungraded(self) -> int:
        """How many submissions have no record of a grading."""
        return sum(len(unit.ungraded) for unit in self.units)


def view(
    course: Course,
    classes: Sequence[UnitClass],
    known: Known,
    *,
    whole_course: bool,
    anonymous: bool,
) -> Report:
    """Return the report on these units, of which at least one has an entry."""
    _add_submitted(classes, known)
    everyone = set(known.names).union(*(each.handed_in for each in classes))
    people = _people(classes, everyone, known.names, anonymous)
    shown = [each for each in classes if each.handed_in] or list(classes)
    current = _current(shown)
    units = tuple(
        _unit(course, each, known, people, EXAMPLES if each is current else 0) for each in shown
    )
    students = sorted(_students(shown, known, people), key=_need)
    return Report(
        units=units,
        current=units[shown.index(current)],
        size=len(everyone),
        students=tuple(students[:MAX_STUDENTS]),
        left_out=max(0, len(students) - MAX_STUDENTS),
        silent=_silent(shown[: shown.index(current) + 1], people),
        anonymous=anonymous,
        whole_course=whole_course,
        progress=_progress(units) if len(units) > 1 else "",
        fault=known.fault,
    )


def _add_submitted(classes: Sequence[UnitClass], known: Known) -> None:
    """Add those who handed in according to the gradebook, and have no record of it."""
    for each in classes:
        each.ungraded += sorted(known.submitted.get(each.unit, set()) - each.handed_in)


def _people(
    classes: Sequence[UnitClass], everyone: set[str], names: Mapping[str, str], anonymous: bool
) -> dict[str, Person]:
    """Return everyone by id, with numbers that cannot be found out from a list of the class.

    Their order depends on the seeds of the records, which nobody else knows.
    """
    key = hashlib.sha256("".join(e.seed for c in classes for e in c.entries).encode()).digest()

    def place(student: str) -> bytes:
        return hmac.new(key, student.encode("utf-8", "surrogateescape"), hashlib.sha256).digest()

    people = {}
    for number, student in enumerate(sorted(everyone, key=place), 1):
        known_as = f"{names[student]} ({student})" if names.get(student) else student
        people[student] = Person(number, "" if anonymous else known_as)
    return people


def _current(classes: Sequence[UnitClass]) -> UnitClass:
    """Return the last unit that a good part of the class handed in."""
    most = max(len(each.entries) for each in classes)
    return [each for each in classes if len(each.entries) >= A_TURNOUT * most][-1]


def _silent(classes: Sequence[UnitClass], people: Mapping[str, Person]) -> tuple[Person, ...]:
    """Return who handed in before, but not the last units; nobody while there are too few units."""
    if len(classes) <= UNITS_OF_SILENCE:
        return ()
    handed_in = [each.handed_in for each in classes]
    before = set().union(*handed_in[:-UNITS_OF_SILENCE])
    return _sorted(people, before.difference(*handed_in[-UNITS_OF_SILENCE:]))


# ---- one unit


def _unit(
    course: Course, found: UnitClass, known: Known, people: Mapping[str, Person], examples: int
) -> Unit:
    entries = found.entries
    shares = tuple(entry.share for entry in entries)
    tasks = tuple(_tasks(found))
    mistakes = report_mistakes.mistakes_of(course, found, examples)
    late = known.late.get(found.unit, {})
    due = known.due.get(found.unit)
    absent = None if known.fault else _sorted(people, set(known.names) - found.handed_in)
    return Unit(
        name=found.unit,
        title=_lesson_title(course, found.unit),
        lesson=f"course/lessons/{found.unit}.md",
        points=max((entry.points for entry in entries), default=0.0),
        shares=shares,
        handed_in=len(found.handed_in),
        turnout=len(found.handed_in) / len(people),
        absent=absent,
        due=f"{due:%Y-%m-%d %H:%M} UTC" if due else "",
        bins=tuple(report_figures.histogram(shares)),
        tasks=tasks,
        mistakes=mistakes[:examples],
        more_mistakes=mistakes[examples:],
        attention=tuple(_attention(found, people)),
        ungraded=_sorted(people, found.ungraded),
        by_hand=len(known.by_hand.get(found.unit, ())),
        incidents=_incidents(entries, people),
        late=tuple(
            (people[student], duration(late[student]))
            for student in sorted(late, key=lambda each: -late[each])
            if student in people
        ),
        figures=_figures(found.unit, shares, tasks),
    )


def _tasks(found: UnitClass) -> Iterator[Task]:
    names = list(dict.fromkeys(a.task for entry in found.entries for a in entry.answers))
    if not names:
        return
    answers = [{a.task: a for a in entry.answers} for entry in found.entries]
    points = np.array([max(a[n].points for a in answers if n in a) for n in names])
    scores = np.array([[a[n].score if n in a else np.nan for n in names] for a in answers])
    items = report_items.analyse(names, scores, points)
    for name, worth, item in zip(names, points, items, strict=True):
        taken = [each[name] for each in answers if name in each]
        written = [answer for answer in taken if answer.written]
        failures = Counter(check for answer in written for check in answer.failed)
        check, count = min(failures.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))
        full = sum(answer.score >= answer.points for answer in written)
        nothing = sum(answer.score <= 0 for answer in written if answer.points > 0)
        row = Row(
            name, full, len(written) - full - nothing, nothing, unwritten=len(taken) - len(written)
        )
        unnamed = sum(bool(answer.failed) and not answer.mistakes for answer in written)
        sentence = found.sentences.get((name, check), "")
        yield Task(row, float(worth), item, sentence, count, unnamed)


def _attention(
    found: UnitClass, people: Mapping[str, Person]
) -> list[tuple[Person, tuple[str, ...]]]:
    """Return who needs a human, and why; by number, since the order of names would tell names."""
    reasons = {people[s]: (f"The record cannot be read: {fault}.",) for s, fault in found.unread}
    for entry in found.entries:
        told = tuple(problem for problem in entry.problems if problem)
        if entry.restarts:
            times = "once" if entry.restarts == 1 else f"{entry.restarts} times"
            told += (f"Its kernel had to be replaced {times}.",)
        if told:
            reasons[people[entry.student]] = told
    return sorted(reasons.items(), key=lambda pair: pair[0].number)


def _incidents(entries: Iterable[Entry], people: Mapping[str, Person]) -> tuple[Incident, ...]:
    found = defaultdict(list)
    for entry in entries:
        for key in entry.incidents:
            found[key].append(entry.student)
    ordered = sorted(found, key=lambda key: (-len(found[key]), key))
    return tuple(Incident(task, what, _sorted(people, found[task, what])) for task, what in ordered)


def _figures(unit: str, shares: Sequence[float], tasks: Sequence[Task]) -> dict[str, str]:
    if not tasks:
        return {}
    scores = f"Histogram of {len(shares)} scores of {unit}; its numbers are in the table below."
    bars = f"How each task of {unit} went, as stacked bars; the numbers are in the table below."
    return {
        "scores": report_figures.distribution(shares, f"{unit}-scores", scores),
        "tasks": report_figures.tasks([task.row for task in tasks], f"{unit}-tasks", bars),
    }


def _progress(units: Sequence[Unit]) -> str:
    steps = [report_figures.Progress(unit.name, unit.turnout, unit.quartiles) for unit in units]
    said = "Hand-ins and scores, unit by unit; the numbers are in the table below."
    return report_figures.progress(steps, "progress", said)


def _lesson_title(course: Course, unit: str) -> str:
    path = course.root / "course" / "lessons" / f"{unit}.md"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return next((line[2:].strip() for line in lines if line.startswith("# ")), unit)


# ---- the students


def _students(
    classes: Sequence[UnitClass], known: Known, people: Mapping[str, Person]
) -> Iterator[Student]:
    columns = [_cells(each, known) for each in classes]
    for student, person in people.items():
        yield Student(person, tuple(column.get(student, NOTHING) for column in columns))


def _cells(found: UnitClass, known: Known) -> dict[str, Cell]:
    """Return the cells of those who handed in a unit."""
    late = known.late.get(found.unit, {})
    cells = {each: Cell("?", each in late, attention=True) for each in found.handed_in}
    for entry in found.entries:
        needs_a_human = bool(entry.problems or entry.restarts)
        cells[entry.student] = Cell(
            f"{100 * entry.share:.0f}", entry.student in late, needs_a_human
        )
    return cells


def _need(student: Student) -> tuple[int, float, int]:
    """Order by need: who handed in least goes first, then who has the lowest scores."""
    scores = [float(cell.said) for cell in student.cells if cell.said.isdigit()]
    handed_in = sum(cell != NOTHING for cell in student.cells)
    return handed_in, sum(scores), student.person.number


def _sorted(people: Mapping[str, Person], students: Iterable[str]) -> tuple[Person, ...]:
    return tuple(
        people[student] for student in sorted(students, key=lambda each: people[each].number)
    )


def duration(seconds: float) -> str:
    """Return a time as people say it: minutes, then hours, then days."""
    for size, name in ((86_400, "day"), (3_600, "hour")):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {name}{'s' * (count != 1)}"
    count = max(1, round(seconds / 60))
    return f"{count} minute{'s' * (count != 1)}"
