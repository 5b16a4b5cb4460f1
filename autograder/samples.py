"""A sample class: folders named after unit and expected score, made submissions for nbgrader.

A folder `<unit>_<score>_<student>` holds `answers.py`, whose functions take the place of the
solution cells of the released notebook, and optionally `submission.toml`:

    others = "right"              # what answers.py lacks: "right" or "unwritten" (the default)
    why = "An answer in words."   # to the hand-graded question
    edits = ["delete mse_checks"] # what else the student did to the notebook; see `EDITS`

The score is that of the tasks, without the hand-graded question.
"""

from __future__ import annotations

import ast
import copy
import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.mistakes import Mistake
from autograder.sources import read_solutions


class SampleError(Mistake, ValueError):
    """A sample submission that breaks the rules; says which folder and how to mend it."""


@dataclass(frozen=True)
class Sample:
    """One sample submission: who hands in which unit, the score it must get, and its folder."""

    unit: str
    score: float
    student: str
    folder: Path


def samples(folder: Path) -> list[Sample]:
    """Return the sample class in a folder; a folder named otherwise raises `SampleError`."""
    return [_sample(path) for path in sorted(folder.iterdir()) if path.is_dir()]


def submit(sample: Sample, released: Path, solutions: Path, destination: Path) -> Path:
    """Write a sample as a submitted notebook and return its path.

    `released` is the released notebook, `solutions` the unit's reference, `destination` the folder
    of submissions (`<student>/<unit>/` is made below it).
    """
    notebook = json.loads(released.read_text(encoding="utf-8"))
    settings = _settings(sample.folder)
    answers = _chunks(sample.folder / "answers.py")
    if settings.get("others") == "right":
        functions = read_solutions(solutions.name, solutions.read_text(encoding="utf-8")).functions
        answers = {name: _whole(function) for name, function in functions.items()} | answers
    for cell in notebook["cells"]:
        name = _grade_id(cell)
        if name in answers:
            cell["source"] = answers[name]
        elif "why" in settings and cell["cell_type"] == "markdown" and name:
            cell["source"] = settings["why"]
    text = json.dumps(notebook, indent=1)
    for edit in settings.get("edits", []):
        verb, _, argument = edit.partition(" ")
        if verb not in EDITS:
            raise SampleError(
                f"{sample.folder}: unknown edit {edit!r}; known are {', '.join(EDITS)}"
            )
        text = EDITS[verb](text, argument)
    path = destination / sample.student / sample.unit / f"{sample.unit}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _sample(path: Path) -> Sample:
    try:
        unit, score, student = path.name.rsplit("_", 2)
        return Sample(unit, float(score), student, path)
    except ValueError:
        raise SampleError(
            f"{path}: the name of a sample must be <unit>_<score>_<student>"
        ) from None


def _settings(folder: Path) -> dict:
    path = folder / "submission.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _chunks(path: Path) -> dict[str, str]:
    """Return each top-level function's text, with what stands between it and the one before."""
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    marked = text.split("# cell ")
    if len(marked) > 1:  # text that Python cannot parse says itself which cell it belongs to
        return {
            chunk.partition("\n")[0].strip(): chunk.partition("\n")[2].strip()
            for chunk in marked[1:]
        }
    lines, chunks, start = text.splitlines(), {}, 0
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            chunks[node.name] = "\n".join(lines[start : node.end_lineno]).strip()
            start = node.end_lineno
    return chunks


def _whole(function) -> str:
    return f"{function.head}\n{function.body}"


def _grade_id(cell: dict) -> str | None:
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


# ---- what students do to notebooks besides answering: each takes the file's text and an argument


def _on_cells(change: Callable[[list, str], None]) -> Callable[[str, str], str]:
    def edit(text: str, argument: str) -> str:
        notebook = json.loads(text)
        change(notebook["cells"], argument)
        return json.dumps(notebook, indent=1)

    return edit


def _find(cells, grade_id) -> int:
    return next(i for i, cell in enumerate(cells) if _grade_id(cell) == grade_id)


def _delete(cells, grade_id):
    del cells[_find(cells, grade_id)]


def _move_last(cells, grade_id):
    cells.append(cells.pop(_find(cells, grade_id)))


def _duplicate(cells, grade_id):
    place = _find(cells, grade_id)
    cells.insert(place, copy.deepcopy(cells[place]))


def _split(cells, grade_id):
    place = _find(cells, grade_id)
    upper, lower = copy.deepcopy(cells[place]), cells[place]
    source = "".join(lower["source"]).split("\n")
    upper["source"], lower["source"] = "\n".join(source[:1]), "\n".join(source[1:])
    cells.insert(place, upper)


def _retype(cells, grade_id):
    cell = cells[_find(cells, grade_id)]
    cell["cell_type"] = "code" if cell["cell_type"] == "markdown" else "markdown"
    for key in ("outputs", "execution_count"):
        cell.pop(key, None)


def _forge(cells, grade_id):
    cell = cells[_find(cells, grade_id)]
    cell["source"] = "100.0"
    cell["metadata"]["nbgrader"] |= {
        "points": 100,
        "locked": False,
        "schema_version": 99,
        "checksum": [],
    }


def _append(cells, source):
    cells.append(
        {
            "cell_type": "code",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
    )


def _kernel(text, name):
    notebook = json.loads(text)
    notebook["metadata"]["kernelspec"] = {"name": name, "display_name": name}
    return json.dumps(notebook)


def _truncate(text, _):
    return text[: len(text) // 2]


EDITS: dict[str, Callable[[str, str], str]] = {
    "append": _on_cells(_append),
    "delete": _on_cells(_delete),
    "duplicate": _on_cells(_duplicate),
    "forge": _on_cells(_forge),
    "kernel": _kernel,
    "move-last": _on_cells(_move_last),
    "retype": _on_cells(_retype),
    "split": _on_cells(_split),
    "truncate": _truncate,
}
