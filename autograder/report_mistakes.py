"""The misconceptions of a class in one unit, counted, with examples and the right answers."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from autograder import grading, report_examples
from autograder.course import Course
from autograder.report_class import Entry, UnitClass
from autograder.report_examples import Example
from autograder.sources import read_solutions
from autograder.submitted import read_notebook
from solutions.misconceptions import misconceptions_of

ENOUGH_TO_HIDE = 5  # submissions below which everyone knows whose example it is
READ_FOR_AN_EXAMPLE = 40  # notebooks at most


@dataclass(frozen=True)
class ClassMistake:
    """A misconception of the class: how many have it, what to say, and how it looks."""

    name: str
    task: str
    hint: str
    count: int
    share: float
    right: str = ""
    example: Example | None = None


def mistakes_of(course: Course, found: UnitClass, examples: int) -> tuple[ClassMistake, ...]:
    """Return the misconceptions of a unit's class, the most widespread first.

    The first `examples` of them have an example and the right answer.
    """
    having = defaultdict(list)
    for entry in found.entries:
        for name in {name for answer in entry.answers for name in answer.mistakes}:
            having[name].append(entry)
    ordered = sorted(having, key=lambda name: (-len(having[name]), name))
    example = _Examples(course, found.unit, len(found.entries)) if examples else None
    mistakes = []
    for place, name in enumerate(ordered):
        task, hint = found.hints[name]
        count, share = len(having[name]), len(having[name]) / len(found.entries)
        mistake = ClassMistake(name, task, hint, count, share)
        if place < examples:
            code = example.of(name, task, having[name])
            mistake = replace(mistake, right=example.right(task), example=code)
        mistakes.append(mistake)
    return tuple(mistakes)


class _Examples:
    """Finds the examples of a unit; each notebook is read at most once for each of them."""

    def __init__(self, course: Course, unit: str, class_size: int):
        self.course, self.unit, self.class_size = course, unit, class_size
        self.common = report_examples.vocabulary(course.solutions, unit)
        self.ours = {m.name: m for m in misconceptions_of(unit)}
        path = course.solutions / f"{unit}.py"
        text = path.read_text(encoding="utf-8")
        self.solutions = read_solutions(f"solutions/{unit}.py", text).functions

    def right(self, task: str) -> str:
        """Return the reference solution of a task without its docstring, "" if it has none."""
        if task not in self.solutions:
            return ""
        head, body = self.solutions[task].head, self.solutions[task].body
        docstring = ast.parse(head).body[0].body[0]
        return "\n".join([*head.splitlines()[: docstring.lineno - 1], body])

    def of(self, name: str, task: str, entries: Iterable[Entry]) -> Example | None:
        """Return how a student wrote a mistake; where that cannot be shown, how we do."""
        found = None
        if self.class_size >= ENOUGH_TO_HIDE:
            # An order that does not follow from the names.
            some = sorted(entries, key=lambda entry: entry.submission)[:READ_FOR_AN_EXAMPLE]
            found = report_examples.from_students(self._notebooks(some), task, self.common)
        if found is None and name in self.ours:
            return report_examples.of_ours(self.ours[name])
        return found

    def _notebooks(self, entries: Iterable[Entry]) -> Iterator[bytes]:
        """Yield the submitted files that are still those which were graded."""
        for entry in entries:
            folder = self.course.classroom / "submitted" / entry.student / self.unit
            path = folder / f"{self.unit}.ipynb"
            if path.is_file() and not path.is_symlink():
                content = read_notebook(path)
                if grading.digest(content) == entry.submission:
                    yield content
