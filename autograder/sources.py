"""The two texts of a unit, as their author wrote them: its exercise and its solutions.

Both are read, not run. Every cell and every function keeps its line, so that an author's mistake
can be named with file, line and what to do about it (`AuthorError`).
"""

from __future__ import annotations

import ast
import contextlib
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml
from jupytext import myst

from autograder.mistakes import Mistake

TAGS = {"code": ("solution", "check", "points"), "markdown": ("why", "points")}
EXAMPLES = {"code": ":solution: mse", "markdown": '+++ {"why": "outliers", "points": 2}'}


class AuthorError(Mistake):
    """A mistake in the text of a unit: where it is, what it is, and what to do about it.

    Parameters
    ----------
    path
        The file, relative to the repository, such as `exercises/mse.md`.
    line
        The line, counted from 1; None when the whole file is meant.
    problem
        What is wrong, with the value.
    remedy
        What to do next.
    """

    def __init__(self, path: str, line: int | None, problem: str, remedy: str):
        super().__init__(path, line, problem, remedy)
        self.path, self.line, self.problem, self.remedy = path, line, problem, remedy

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.problem}\n  {self.remedy}"


@dataclass(frozen=True)
class Function:
    """A reference function in two parts: what students see, and what they write."""

    name: str
    line: int
    head: str
    body: str


@dataclass(frozen=True)
class Solutions:
    """The answers of a unit: functions in order, and model answers by slug, with their lines."""

    path: str
    functions: dict[str, Function]
    answers: dict[str, str]
    answer_lines: dict[str, int]


@dataclass(frozen=True)
class Block:
    """One cell of the exercise text.

    `kind` is text, code, solution, check or why; `name` is the function, or the slug of a `why`;
    `line` is where the cell starts: its fence, its `+++` when that carries tags, or its first line
    of text.
    """

    line: int
    kind: str
    name: str
    points: float
    source: str

    @property
    def grade_id(self) -> str:
        """nbgrader's name for the cell; empty when nbgrader has nothing to do with it."""
        return f"{self.name}_checks" if self.kind == "check" else self.name


# The exercise


def read_exercise(path: str, text: str) -> Iterator[Block]:
    """Yield the cells of an exercise in MyST Markdown.

    Raises
    ------
    AuthorError
        If front matter or tags cannot be read or are unknown, or if points are missing or wrong.
    """
    _check_syntax(path, text)
    lines = text.splitlines()
    notebook = myst.myst_to_notebook(_without_front_matter(text), add_source_map=True)
    for cell, start in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        line = start
        if cell.cell_type == "markdown" and not cell.metadata:
            line = next(n for n in range(start, len(lines)) if lines[n].strip()) + 1
        kind, name, points = _understand(path, line, cell.cell_type, cell.metadata)
        yield Block(line, kind, name, points, cell.source)


def _check_syntax(path: str, text: str) -> None:
    """Raise at the line of front matter, options or tags that jupytext cannot read."""
    for token in myst.get_parser().parse(text + "\n"):
        if token.type == "front_matter":
            _check_front_matter(path, token.content)
        elif token.level == 0 and token.type == "myst_block_break":
            _check_tags(path, token, "markdown", lambda token: myst.read_cell_metadata(token, 0))
        elif token.level == 0 and token.info.startswith(myst.CODE_DIRECTIVE):
            _check_tags(path, token, "code", lambda token: myst.read_fenced_cell(token, 0, "")[0])
        elif token.level == 0 and token.info.startswith(myst.RAW_DIRECTIVE):
            line = token.map[0] + 1
            raise AuthorError(path, line, "a raw cell", "Write a {code-cell}, or plain text.")


def _check_front_matter(path: str, content: str) -> None:
    remedy = "Copy the lines between the two `---` from another exercise."
    try:
        front_matter = yaml.safe_load(content)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 2 + (mark.line if mark else 0)
        raise AuthorError(path, line, "the front matter is not readable YAML", remedy) from None
    if not isinstance(front_matter, dict):
        raise AuthorError(path, 1, "the front matter has no `key: value` lines", remedy)


def _check_tags(path: str, token, cell_type: str, read) -> None:
    """Raise unless the tags of a cell can be read and are known."""
    line = token.map[0] + 1
    try:
        tags = read(token)
    except (myst.MystMetadataParsingError, yaml.YAMLError, ValueError):
        tags = None
    if not isinstance(tags, dict):
        problem = f"the tags of this {cell_type} cell cannot be read"
        raise AuthorError(path, line, problem, f"Write them like this: {EXAMPLES[cell_type]}")
    unknown = [tag for tag in tags if tag not in TAGS[cell_type]]
    if unknown:
        known = listed(TAGS[cell_type])
        problem = f"unknown tag `{unknown[0]}`"
        raise AuthorError(path, line, problem, f"The tags of a {cell_type} cell are {known}.")


def _without_front_matter(text: str) -> str:
    """Blank the front matter, which is for editors only, without moving a line."""
    token = next(iter(myst.get_parser().parse(text)), None)
    if token is None or token.type != "front_matter":
        return text
    return "\n" * token.map[1] + "\n".join(text.splitlines()[token.map[1] :])


def _understand(path: str, line: int, cell_type: str, tags: dict) -> tuple[str, str, float]:
    """Return kind, name and points of a cell."""
    kinds = [tag for tag in tags if tag != "points"]
    if len(kinds) > 1:
        remedy = "Make a cell of its own for each of them."
        raise AuthorError(path, line, f"{listed(kinds)} in one cell", remedy)
    kind = kinds[0] if kinds else None
    if kind in ("check", "why"):
        return kind, str(tags[kind]), _points(path, line, tags)
    if "points" in tags:
        remedy = "Points belong to cells with `check` or `why`."
        raise AuthorError(path, line, "`points` on a cell that is not graded", remedy)
    if kind == "solution":
        return kind, str(tags[kind]), 0
    return ("text" if cell_type == "markdown" else "code"), "", 0


def _points(path: str, line: int, tags: dict) -> float:
    points = tags.get("points")
    if points is None:
        raise AuthorError(path, line, "points are missing", "Say how many, such as `points: 4`.")
    number = isinstance(points, int | float) and not isinstance(points, bool)
    if not number or not math.isfinite(points) or points <= 0:
        remedy = "Points are a number above 0."
        raise AuthorError(path, line, f"`{points}` is not a number of points", remedy)
    return points


# The solutions


def read_solutions(path: str, text: str) -> Solutions:
    """Return functions and model answers of a module, with the comments in their bodies.

    Raises
    ------
    AuthorError
        If the module is not Python, a function lacks docstring or body, or `WHY` is computed.
    """
    try:
        module = ast.parse(text)
    except SyntaxError as error:
        raise AuthorError(path, error.lineno, error.msg, "Mend the Python syntax.") from None
    lines = text.split("\n")
    nodes = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    functions = [_function(path, node, lines) for node in nodes]
    answers, answer_lines = _model_answers(path, module)
    return Solutions(path, {each.name: each for each in functions}, answers, answer_lines)


def _function(path: str, node: ast.FunctionDef, lines: list[str]) -> Function:
    """Cut a function behind its docstring."""
    if ast.get_docstring(node) is None or len(node.body) < 2:
        remedy = "Students read its docstring and write its body: give it both."
        raise AuthorError(path, node.lineno, f"`{node.name}` lacks docstring or body", remedy)
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    cut = node.body[0].end_lineno
    head = lines[first - 1 : cut]
    body = "\n".join(lines[cut : _last_line(node, lines)]).strip("\n")
    return Function(node.name, node.lineno, "\n".join(head), body)


def _last_line(node: ast.FunctionDef, lines: list[str]) -> int:
    """Return the last line of a function, with the indented comments that end it."""
    last = node.end_lineno
    for number in range(last, len(lines)):
        if lines[number].strip() and not re.match(r"\s+#", lines[number]):
            break
        if lines[number].strip():
            last = number + 1
    return last


def _model_answers(path: str, module: ast.Module) -> tuple[dict[str, str], dict[str, int]]:
    """Return the dict `WHY` of a module of solutions, and the line of each of its entries."""
    for node in module.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "WHY":
            break
    else:
        return {}, {}
    with contextlib.suppress(ValueError, TypeError, AttributeError):
        answers = ast.literal_eval(node.value)
        lines = {ast.literal_eval(key): key.lineno for key in node.value.keys}
        slugs = all(re.fullmatch(r"[a-z][a-z0-9_-]{0,50}", slug) for slug in answers)
        if slugs and all(isinstance(answer, str) for answer in answers.values()):
            return answers, lines
    remedy = 'Write WHY = {"slug": """answer"""}, without computing anything.'
    raise AuthorError(path, node.lineno, "`WHY` is not a dict of slugs and plain strings", remedy)


def listed(names: Iterable[str]) -> str:
    """Return names in backticks, with commas."""
    return ", ".join(f"`{name}`" for name in names)
