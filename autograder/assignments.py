"""Exercise text and solutions joined into the notebook that nbgrader releases and grades.

`exercises/<unit>.md` says where a task stands, `solutions/<unit>.py` what its answer is. Cells of
three kinds carry tags; every other cell is copied as it is:

- `:solution: mse`, left empty, becomes the function: its body is the solution, the rest is shown;
- `:check: mse` with `:points: 4` becomes a locked graded cell: the author's lines, and the hidden
  grader, whose value is the score;
- `+++ {"why": "outliers", "points": 2}` becomes a question graded by hand, with its model answer.

The notebook depends on the two texts and on nothing else: two builds are the same to the byte.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from autograder.sources import (
    AuthorError,
    Block,
    Solutions,
    listed,
    read_exercise,
    read_solutions,
)

__all__ = ["AuthorError", "build_notebook", "build_unit", "units"]

MAX_WORDS_A_CELL = 60
MAX_WORDS = 900
MAX_CODE_LINES = 15
STUB_LINES = 2  # nbgrader's for a solution: YOUR CODE HERE, NotImplementedError
CELLS = (25, 35)

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE_INFO = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def units(root: Path) -> tuple[str, ...]:
    """Return the units that have an exercise, in the order of the course.

    That is the order in which `course/syllabus.md` first links their lessons (`lessons/mse`). Units
    that it does not link come last, by name; without a syllabus all are ordered by name.
    """
    names = {path.stem for path in (root / "exercises").glob("*.md")}
    syllabus = root / "course" / "syllabus.md"
    text = syllabus.read_text(encoding="utf-8") if syllabus.is_file() else ""
    linked = re.findall(r"\blessons/([a-z][a-z0-9_]*)", text)
    unlinked = sorted(name for name in names if re.fullmatch(r"[a-z][a-z0-9_]*", name))
    return tuple(name for name in dict.fromkeys(linked + unlinked) if name in names)


def build_unit(unit: str, root: Path, destination: Path) -> Path:
    """Write the source notebook of a unit, with the files that it needs beside it.

    Parameters
    ----------
    unit
        The slug of the unit, such as `mse`.
    root
        The repository: the directory of `exercises/` and `solutions/`.
    destination
        nbgrader's `source` directory; `<unit>/<unit>.ipynb` is written in it.

    Returns
    -------
    Path
        The notebook.

    Raises
    ------
    AuthorError
        If there is a mistake in the text or the solutions; nothing is written then.
    """
    exercise = _read(root, f"exercises/{unit}.md")
    solutions = _read(root, f"solutions/{unit}.py")
    notebook = build_notebook(unit, exercise, solutions)
    files = {"selfcheck.py": root / "exercises" / "selfcheck.py"}
    files |= _data_files(notebook, unit, exercise, root)
    contents = {name: _read(root, str(path.relative_to(root))) for name, path in files.items()}
    contents[f"{unit}.ipynb"] = nbformat.writes(notebook) + "\n"

    folder = destination / unit
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        _write(folder / name, content)
    return folder / f"{unit}.ipynb"


def build_notebook(unit: str, exercise: str, solutions: str) -> NotebookNode:
    """Return the source notebook of a unit, made of the texts of its two files.

    Parameters
    ----------
    unit
        The slug of the unit; messages name `exercises/<unit>.md` and `solutions/<unit>.py`.
    exercise
        The exercise as MyST Markdown.
    solutions
        The module of the solutions; it is read, not run.

    Raises
    ------
    AuthorError
        If there is a mistake in either of them.
    """
    path = f"exercises/{unit}.md"
    answers = read_solutions(f"solutions/{unit}.py", solutions)
    blocks = list(read_exercise(path, exercise))
    _check_tasks(path, blocks, answers)
    _check_bounds(path, blocks, answers)
    cells = [_cell(block, unit, answers) for block in blocks]
    for cell, cell_id in zip(cells, _cell_ids(unit, blocks), strict=True):
        cell.id = cell_id
    notebook = v4.new_notebook(
        cells=cells, metadata={"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    )
    nbformat.validate(notebook)
    return notebook


# What must hold between the two, and the bounds of a notebook


def _check_tasks(path: str, blocks: list[Block], solutions: Solutions) -> None:
    """Raise unless tasks and solutions fit one to one, each check behind its solution cell."""
    seen: set[str] = set()
    for block in blocks:
        if block.kind in ("text", "code"):
            continue
        _check_known(path, block, solutions)
        if block.grade_id in seen:
            remedy = "A function has one solution cell and one check, a question one answer cell."
            raise AuthorError(path, block.line, f"second {block.kind} of `{block.name}`", remedy)
        if block.kind == "check" and block.name not in seen:
            problem = f"the check of `{block.name}` stands before its solution cell"
            remedy = f"Put a code cell with `:solution: {block.name}` above it."
            raise AuthorError(path, block.line, problem, remedy)
        if block.kind == "solution" and block.source.strip():
            remedy = f"Empty it: it is filled from {solutions.path}."
            raise AuthorError(path, block.line, "the solution cell is not empty", remedy)
        seen.add(block.grade_id)
    _check_complete(path, seen, solutions)


def _check_known(path: str, block: Block, solutions: Solutions) -> None:
    """Raise if the solutions have no such function or model answer."""
    if block.kind == "why":
        known, what = solutions.answers, "model answer"
    else:
        known, what = solutions.functions, "function"
    if block.name in known:
        return
    problem = f"no {what} `{block.name}` in {solutions.path}"
    remedy = f"It has {listed(known)}." if known else f"Write the {what} there."
    raise AuthorError(path, block.line, problem, remedy)


def _check_complete(path: str, seen: set[str], solutions: Solutions) -> None:
    """Raise if a function or a model answer is asked for nowhere."""
    for function in solutions.functions.values():
        if function.name not in seen:
            problem = f"`{function.name}` has no task in {path}"
            remedy = f"Add its `:solution:` and `:check:` cells to {path}, or remove it here."
            raise AuthorError(solutions.path, function.line, problem, remedy)
        if f"{function.name}_checks" not in seen:
            problem = f"`{function.name}` has no check in {path}"
            remedy = f"Add a code cell with `:check: {function.name}` and `:points:` to {path}."
            raise AuthorError(solutions.path, function.line, problem, remedy)
    for slug, line in solutions.answer_lines.items():
        if slug not in seen:
            problem = f"the model answer `{slug}` has no question in {path}"
            remedy = f'Add +++ {{"why": "{slug}", "points": 2}} and a line of text to {path}.'
            raise AuthorError(solutions.path, line, problem, remedy)


def _check_bounds(path: str, blocks: list[Block], solutions: Solutions) -> None:
    """Raise if a cell or the notebook is longer than students read."""
    for block in blocks:
        _check_length(path, block, solutions)
    least, most = CELLS
    if not least <= len(blocks) <= most:
        problem = f"the notebook has {len(blocks)} cells"
        raise AuthorError(path, 1, problem, f"Make it {least} to {most} cells.")
    words = sum(_words(block.source) for block in blocks if block.kind in ("text", "why"))
    if words > MAX_WORDS:
        problem = f"the notebook has {words} words"
        raise AuthorError(path, 1, problem, f"Shorten it: {MAX_WORDS} is the limit.")


def _check_length(path: str, block: Block, solutions: Solutions) -> None:
    """Raise if students see more than they can take in at a glance."""
    line, limit = block.line, MAX_CODE_LINES
    found, what = len(block.source.splitlines()), "a cell of {} lines of code"
    if block.kind in ("text", "why"):
        found, limit, what = _words(block.source), MAX_WORDS_A_CELL, "a cell of {} words"
    elif block.kind == "check":
        found += 1  # the title
    elif block.kind == "solution":
        function = solutions.functions[block.name]
        path, line, limit = solutions.path, function.line, MAX_CODE_LINES - STUB_LINES
        found, what = len(function.head.splitlines()), "signature and docstring of {} lines"
    if found > limit:
        raise AuthorError(path, line, what.format(found), f"Shorten it: {limit} is the limit.")


def _words(source: str) -> int:
    """Count the words of a Markdown text; a formula counts as one."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$]+\$", " formula ", source, flags=re.DOTALL)
    return sum(any(letter.isalnum() for letter in word) for word in text.split())


# The cells


def _cell(block: Block, unit: str, solutions: Solutions) -> NotebookNode:
    if block.kind == "text":
        return v4.new_markdown_cell(block.source)
    if block.kind == "code":
        return v4.new_code_cell(block.source)
    if block.kind == "solution":
        function = solutions.functions[block.name]
        source = f"{function.head}\n{_region('SOLUTION', function.body, indent='    ')}"
        return v4.new_code_cell(source, metadata=_metadata(block))
    if block.kind == "check":
        return v4.new_code_cell(_check_source(block, unit), metadata=_metadata(block))
    answer = solutions.answers[block.name].strip()
    return v4.new_markdown_cell(_region("SOLUTION", answer), metadata=_metadata(block))


def _check_source(block: Block, unit: str) -> str:
    """Return the author's visible lines, and the grader whose value is the score, hidden."""
    unit_of_points = "point" if block.points == 1 else "points"
    title = f"# Checks of {block.name} ({block.points:g} {unit_of_points})"
    grader = (
        "from autograder.stock import grade_task\n"
        f'grade_task("{unit}", "{block.name}", points={block.points:g})'
    )
    return "\n".join([title, *block.source.splitlines(), _region("HIDDEN TESTS", grader)])


def _region(name: str, content: str, indent: str = "") -> str:
    """Wrap a text in the markers that nbgrader cuts at."""
    return f"{indent}### BEGIN {name}\n{content}\n{indent}### END {name}"


def _metadata(block: Block) -> dict:
    """Return nbgrader's metadata of a cell of a task."""
    nbgrader = {
        "grade": block.kind != "solution",
        "grade_id": block.grade_id,
        "locked": block.kind == "check",
        "schema_version": 3,
        "solution": block.kind != "check",
        "task": False,
    }
    if nbgrader["grade"]:
        nbgrader["points"] = block.points
    return {"nbgrader": nbgrader}


def _cell_ids(unit: str, blocks: list[Block]) -> Iterator[str]:
    """Yield a name for each cell that changes only when the cell itself does."""
    repeats: Counter[str] = Counter()
    for block in blocks:
        if block.grade_id:
            yield block.grade_id
            continue
        digest = hashlib.sha256(f"{unit}\n{block.kind}\n{block.source}".encode()).hexdigest()[:12]
        repeats[digest] += 1
        yield f"{block.kind}-{digest}-{repeats[digest]}"


# Files


def _data_files(notebook: NotebookNode, unit: str, exercise: str, root: Path) -> dict[str, Path]:
    """Return the data sets that code cells name, by the name under which they are shipped."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    names = re.findall(r"""["']([^"'\s]+\.csv)["']""", code)
    for name in names:
        if "/" not in name and (root / "exercises" / "data" / name).is_file():
            continue
        line = next(n for n, text in enumerate(exercise.splitlines(), 1) if name in text)
        remedy = "Put it there, and name it without a directory: it is shipped beside the notebook."
        problem = f"there is no exercises/data/{name}"
        raise AuthorError(f"exercises/{unit}.md", line, problem, remedy)
    return {name: root / "exercises" / "data" / name for name in names}


def _read(root: Path, path: str) -> str:
    try:
        return (root / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AuthorError(path, None, "this file is missing", "Every unit needs it.") from None
    except UnicodeDecodeError:
        raise AuthorError(path, None, "this file is not UTF-8 text", "Save it as UTF-8.") from None


def _write(path: Path, content: str) -> None:
    """Replace a file at once: nobody sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(content, encoding="utf-8", newline="\n")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
