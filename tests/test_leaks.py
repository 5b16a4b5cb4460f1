"""No answer, no test, no seed is in anything that students get."""

import ast
import functools
import html
import json
import re
from pathlib import Path

import pytest

from autograder.sources import read_solutions
from autograder.tasks import checks_of
from tests.classroom import UNITS, samples_of
from tests.units import ROOT

# Lines that say nothing: they stand in every other program.
TRIVIAL = re.compile(
    r"""import\ .*|from\ .*|"+|\w*|\W*|
    return(\ \w+)?|pass|else:|try:|continue|break|raise|
    for\ \w+\ in\ range\(len\(\w+\)\):|if\ __name__.*|\w+\ =\ [\w.]+|print\(\w*\)""",
    re.VERBOSE,
)


def telling(lines):
    return {line for each in lines if not TRIVIAL.fullmatch(line := each.strip()) and len(line) > 9}


def body_lines(path):
    """The lines of a module but for its docstrings."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(
            node
        ):
            first = node.body[0]
            for number in range(first.lineno - 1, first.end_lineno):
                lines[number] = ""
    return lines


def answers(unit):
    path = ROOT / "solutions" / f"{unit}.py"
    solutions = read_solutions(str(path), path.read_text(encoding="utf-8"))
    bodies = [function.body for function in solutions.functions.values()]
    return telling("\n".join([*bodies, *solutions.answers.values()]).splitlines())


def mistakes(unit):
    """The lines of known wrong answers, without their hints, which students read."""
    path = ROOT / "solutions" / "misconceptions" / f"{unit}.py"
    module = ast.parse(path.read_text(encoding="utf-8"))
    lines = path.read_text(encoding="utf-8").splitlines()
    bodies = [
        lines[node.body[0].lineno - 1 : node.end_lineno]
        for node in module.body
        if isinstance(node, ast.FunctionDef)
    ]
    return telling(line for body in bodies for line in body)


def checks(unit):
    return telling(body_lines(ROOT / "autograder" / "graders" / f"test_{unit}.py"))


def written_by_authors(unit):
    """What students may see: the exercise, and the heads of the functions."""
    path = ROOT / "solutions" / f"{unit}.py"
    solutions = read_solutions(str(path), path.read_text(encoding="utf-8"))
    heads = [function.head for function in solutions.functions.values()]
    shown = (ROOT / "exercises" / f"{unit}.md", ROOT / "exercises" / "selfcheck.py")
    texts = [path.read_text(encoding="utf-8") for path in shown]
    return {line.strip() for text in [*texts, *heads] for line in text.splitlines()}


@functools.cache
def secrets(unit):
    """The lines that nobody may find, and where each comes from."""
    public = written_by_authors(unit)
    return {
        line: room
        for room, lines in (
            ("misconceptions", mistakes(unit) - public),
            ("solutions", answers(unit)),
            ("graders", checks(unit)),
        )
        for line in lines
    }


def text_of(path):
    """The text of a notebook's cells and outputs, or what a page shows."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        notebook = json.loads(content)
        return "\n".join(strings(notebook))
    if path.suffix == ".html":
        return html.unescape(re.sub(r"<[^>]*>", "", content)) + content
    return content


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if all(isinstance(each, str) for each in value):
            yield "".join(value)
        else:
            for each in value:
                yield from strings(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)


def leaks(unit, path, own=""):
    """The secret lines in a file, but for those that its student handed in."""
    lines = {line.strip() for line in text_of(path).splitlines()}
    mine = {line.strip() for line in own.splitlines()}
    return {line: room for line, room in secrets(unit).items() if line in lines - mine}


def shown_files(course, unit):
    """Every text file that students get or could be shown, with its student's notebook."""
    for sample in samples_of(unit):
        handed_in = course.submitted(sample.student, unit)
        own = handed_in.read_text(encoding="utf-8")
        if sample.student != "truncated-file":
            own = text_of(handed_in)
        for path in (
            course.autograded(sample.student, unit),
            course.feedback(sample.student, unit),
        ):
            yield path, own


@pytest.mark.parametrize("unit", UNITS)
class TestUnit:
    """What holds for the files of each unit."""

    def test_the_search_would_find_something(self, unit, graded):
        course, tasks = graded(unit), len(checks_of(unit))
        assert len(answers(unit)) > 2 * tasks
        assert len(checks(unit)) > 10 * tasks
        assert len(mistakes(unit)) > 5 * tasks
        assert leaks(unit, course.folder / "source" / unit / f"{unit}.ipynb")
        assert leaks(unit, course.autograded("all-right", unit))
        assert leaks(unit, course.feedback("all-right", unit))

    def test_nothing_is_in_the_release(self, unit, graded):
        for path in sorted((graded(unit).folder / "release" / unit).iterdir()):
            if path.suffix != ".csv":
                assert leaks(unit, path) == {}, path

    def test_nothing_is_in_what_comes_back(self, unit, graded):
        for path, own in shown_files(graded(unit), unit):
            assert leaks(unit, path, own) == {}, path

    def test_no_check_is_named_as_in_the_code(self, unit, graded):
        names = {f"test_{check.name}" for each in checks_of(unit).values() for check in each}
        for path, own in shown_files(graded(unit), unit):
            text = text_of(path)
            assert not [name for name in names if name in text and name not in own], path

    def test_neither_seed_nor_secret_is_anywhere(self, unit, graded):
        course = graded(unit)
        secret = (course.folder / ".lossgrad-secret").read_text()
        for sample in samples_of(unit):
            seed = course.record(sample.student, unit).seed
            for path in (
                course.autograded(sample.student, unit),
                course.feedback(sample.student, unit),
            ):
                content = path.read_text(encoding="utf-8")
                assert seed not in content
                assert secret not in content

    def test_records_stay_with_the_lecturer(self, unit, graded):
        course = graded(unit)
        places = {path.parents[2].name for path in course.folder.rglob("*.record.json")}
        assert places == {"autograded"}

    def test_hidden_regions_are_gone(self, unit, graded):
        course = graded(unit)
        released = course.folder / "release" / unit / f"{unit}.ipynb"
        for path in [released, *(path for path, _ in shown_files(course, unit))]:
            content = Path(path).read_text(encoding="utf-8")
            assert "HIDDEN TESTS" not in content
            assert "grade_task" not in content
            assert "BEGIN SOLUTION" not in content
