"""Cells and outputs of notebooks, made without a validation of each.

`nbformat.v4.new_code_cell` and its like check every single one against a JSON Schema, which took a
third of this process's time in grading. What is made here has the right form; the tests validate
whole notebooks.
"""

from __future__ import annotations

from nbformat import NotebookNode


def code_cell(source: str, cell_id: str) -> NotebookNode:
    """Return a code cell that has not run."""
    return NotebookNode(
        cell_type="code",
        id=cell_id,
        metadata=NotebookNode(),
        source=source,
        execution_count=None,
        outputs=[],
    )


def markdown_cell(source: str, cell_id: str) -> NotebookNode:
    """Return a Markdown cell."""
    return NotebookNode(cell_type="markdown", id=cell_id, metadata=NotebookNode(), source=source)


def stream(name: str, text: str) -> NotebookNode:
    """Return a piece of standard output or standard error."""
    return NotebookNode(output_type="stream", name=name, text=text)


def error(name: str, message: str, traceback: list[str]) -> NotebookNode:
    """Return an error with the lines of its traceback."""
    return NotebookNode(output_type="error", ename=name, evalue=message, traceback=traceback)


def display(data: dict) -> NotebookNode:
    """Return something displayed, by MIME type."""
    return NotebookNode(
        output_type="display_data", data=NotebookNode(data), metadata=NotebookNode()
    )


def result(data: dict) -> NotebookNode:
    """Return the value of a cell, by MIME type."""
    return NotebookNode(
        output_type="execute_result",
        data=NotebookNode(data),
        metadata=NotebookNode(),
        execution_count=None,
    )


def notebook(cells: list[NotebookNode]) -> NotebookNode:
    """Return a notebook of these cells for the kernel `python3`."""
    kernelspec = NotebookNode(name="python3", display_name="Python 3", language="python")
    return NotebookNode(
        nbformat=4, nbformat_minor=5, metadata=NotebookNode(kernelspec=kernelspec), cells=cells
    )
