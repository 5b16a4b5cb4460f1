"""Exercises without their figures, which take most of the time that a notebook runs."""

from __future__ import annotations

import ast
import re

CELL = re.compile(r"(?<=^```\{code-cell\}\n)(?:(?!^```).*\n)+(?=^```$)", re.MULTILINE)


def without_figures(text: str) -> str:
    """Return the text of an exercise whose cells draw nothing, and otherwise do the same."""
    return CELL.sub(_without_figure, text)


def _without_figure(cell: re.Match) -> str:
    """Return the source of a cell without the statements that draw, and those that need them."""
    source, drawing = cell[0], {"plt"}
    if "plt.show()" not in source:
        return source
    kept = []
    for statement in ast.parse(source).body:
        names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
        if drawing & {node.id for node in names}:
            drawing |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
        else:
            kept.append(ast.get_source_segment(source, statement))
    return "".join(f"{statement}\n" for statement in kept or ["pass"])
