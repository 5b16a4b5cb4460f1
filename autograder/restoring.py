"""A submitted file as a notebook that can be graded, whatever was done to it.

Of what a student hands in, three things are believed: the kind of a cell, its source, and which of
the released cells it says it is. Everything else is rebuilt from the gradebook's copy of the
released notebook.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder import nodes

TIMESTAMP = "timestamp.txt"  # when a submission was handed in; nbgrader puts it beside
MAX_FILE = 50 * 2**20  # bytes
MAX_CELLS = 2_000
MAX_SOURCE = 200_000  # characters of one cell


@dataclass(frozen=True)
class ReleasedCell:
    """A cell that nbgrader knows: its released id, kind and metadata, and its source if locked."""

    grade_id: str
    cell_type: str
    metadata: dict
    locked: bool
    source: str


class Unreadable(ValueError):
    """A submitted file that is not a notebook at all; the message is a sentence for the student."""


def restore_file(content: bytes, released: Sequence[ReleasedCell]) -> tuple[NotebookNode, str]:
    """Return the notebook to grade for a submitted file, and what was wrong with the file, or "".

    In the place of a file that is no notebook stands an unanswered one that says so.
    """
    try:
        return restore(read_cells(content), released), ""
    except Unreadable as error:
        notebook = restore([], released)
        notebook.cells.insert(0, nodes.markdown_cell(f"**{error}**", "unreadable"))
        return notebook, str(error)


def authored_cells(released: Path) -> tuple[str, ...]:
    """Return the sources of the code cells in a released notebook; none if it cannot be read."""
    try:
        cells = read_cells(released.read_bytes())
    except (OSError, Unreadable):
        return ()
    return tuple(source for kind, source, _ in cells if kind == "code")


def read_cells(content: bytes) -> list[tuple[str, str, str | None]]:
    """Return (cell type, source, grade id or None) of the cells in a submitted file's content.

    Raises `Unreadable` if it is not a notebook.
    """
    if len(content) > MAX_FILE:
        raise Unreadable(f"The submitted file is larger than {MAX_FILE // 2**20} MB.")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        message = "The submitted file is not a notebook: it cannot be read as JSON."
        raise Unreadable(message) from error
    cells = _cells_of(data) if isinstance(data, dict) else None
    if not isinstance(cells, list):
        raise Unreadable("The submitted file is not a notebook: it has no cells.")
    return [cell for cell in map(_believed, cells[:MAX_CELLS]) if cell is not None]


def restore(
    cells: Sequence[tuple[str, str, str | None]], released: Sequence[ReleasedCell]
) -> NotebookNode:
    """Return a clean notebook of these cells, every released cell that nbgrader knows in its place.

    A locked cell has its released source. Of several copies of one released cell the last one
    counts, as in nbgrader; the others stay as ordinary cells. A missing one is put back.
    """
    known = {cell.grade_id: cell for cell in released}
    last = {grade_id: index for index, (_, _, grade_id) in enumerate(cells) if grade_id in known}
    rebuilt: list[NotebookNode] = []
    for index, (cell_type, source, grade_id) in enumerate(cells):
        if grade_id in known and last[grade_id] == index:
            rebuilt.append(_released(known[grade_id], source))
        else:
            rebuilt.append(_ordinary(cell_type, source, index))
    _add_missing(rebuilt, released, present=set(last))
    return nodes.notebook(rebuilt)


def _cells_of(data: dict) -> object:
    """Return the cells of a notebook, which an older format has in worksheets."""
    sheets = data.get("worksheets")
    if not isinstance(sheets, list):
        return data.get("cells")
    found = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    cells = [cell for part in found if isinstance(part, list) for cell in part]
    return [
        cell | {"source": cell["input"]} if isinstance(cell, dict) and "input" in cell else cell
        for cell in cells
    ]


def _believed(cell: object) -> tuple[str, str, str | None] | None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return None
    source = source.encode("utf-8", "replace").decode()[:MAX_SOURCE]
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return cell["cell_type"], source, grade_id if isinstance(grade_id, str) else None


def _released(cell: ReleasedCell, source: str) -> NotebookNode:
    make = nodes.code_cell if cell.cell_type == "code" else nodes.markdown_cell
    node = make(cell.source if cell.locked else source, _cell_id(cell.grade_id))
    node.metadata["nbgrader"] = NotebookNode(cell.metadata)
    return node


def _ordinary(cell_type: str, source: str, index: int) -> NotebookNode:
    make = nodes.code_cell if cell_type == "code" else nodes.markdown_cell
    return make(source, f"submitted-{index}")


def _add_missing(
    rebuilt: list[NotebookNode], released: Sequence[ReleasedCell], present: set[str]
) -> None:
    """Put a missing graded cell after the solution cell it belongs to, any other one at the end."""
    for cell in released:
        if cell.grade_id in present:
            continue
        before = cell.grade_id.removesuffix("_checks")
        place = next(
            (i + 1 for i, other in enumerate(rebuilt) if _grade_id(other) == before), len(rebuilt)
        )
        rebuilt.insert(place, _released(cell, _absent(cell)))


def _absent(cell: ReleasedCell) -> str:
    # The released stub of a function would hide one that the student wrote in another cell.
    return (
        "# This cell was missing from the submission." if cell.cell_type == "code" else cell.source
    )


def _grade_id(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _cell_id(grade_id: str) -> str:
    return "".join(c if c.isalnum() and c.isascii() else "-" for c in grade_id)[:64]
