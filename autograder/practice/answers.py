"""The course's own answers: which unit a task belongs to, and what is shown as its solution."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping
from pathlib import Path

from autograder import assignments
from autograder.mistakes import Mistake
from autograder.sources import Solutions, read_solutions


def solution(name: str, task: str, root: Path) -> str:
    """Return the course's solution of a task as code, without the docstring that students see.

    For a question that is answered in words, its model answer. Raises Mistake if there is none.
    """
    solutions = solutions_of(name, root)
    if task in solutions.answers:
        return solutions.answers[task].strip()
    if task not in solutions.functions:
        known = ", ".join([*solutions.functions, *solutions.answers])
        raise Mistake(f"the unit {name} has no task {task!r}; its tasks are {known}")
    function = solutions.functions[task]
    docstring = ast.parse(function.head).body[0].body[0]
    head = function.head.split("\n")[: docstring.lineno - 1]
    return "\n".join([*head, function.body])


def unit_of(task: str, root: Path) -> str:
    """Return the unit that a task, or a question in words, belongs to. Raises Mistake."""
    units = {}
    for unit in assignments.units(root):
        solutions = solutions_of(unit, root)
        units |= dict.fromkeys([*solutions.functions, *solutions.answers], unit)
    return named(task, units)


def named(task: str, units: Mapping[str, str]) -> str:
    """Return the unit of a task, given those of all. Raises Mistake, with what may be meant."""
    if task in units:
        return units[task]
    near = difflib.get_close_matches(task, units, n=3)
    advice = f"did you mean {' or '.join(near)}?" if near else "its name is that of the function."
    raise Mistake(f"there is no task {task!r}; {advice}")


def solutions_of(name: str, root: Path) -> Solutions:
    """Return the solutions of a unit. Raises AuthorError if they have a mistake."""
    path = f"solutions/{name}.py"
    return read_solutions(path, (root / path).read_text(encoding="utf-8"))
