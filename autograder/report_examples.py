"""An example of a mistake that may be shown to a class: code without a trace of who wrote it.

A person may be in comments, docstrings, texts, names of variables and long numbers, and in what
stands beside the function. So only the function itself is shown, printed anew from its syntax tree;
texts, long numbers and every name that is not common to the course become placeholders. Whatever is
not understood in full is not shown.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import keyword
import math
import re
import textwrap
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.restoring import Unreadable, read_cells
from solutions.misconceptions import Misconception

MAX_CELL = 5_000  # characters of a cell that is read
MAX_DEPTH, MAX_NODES = 40, 600
MAX_LINES, MAX_WIDTH = 24, 100  # of an example that is shown
MAX_DIGITS = 5  # a longer number may be that of a person
PLACEHOLDER = "…"

KEPT = (
    *(ast.FunctionDef, ast.arguments, ast.arg, ast.Lambda, ast.Return, ast.Expr, ast.Pass),
    *(ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.While, ast.If, ast.Break),
    *(ast.Continue, ast.With, ast.withitem, ast.Raise, ast.Assert, ast.operator, ast.unaryop),
    *(ast.BoolOp, ast.boolop, ast.BinOp, ast.UnaryOp, ast.Compare, ast.cmpop, ast.IfExp),
    *(ast.Call, ast.keyword, ast.Starred, ast.Name, ast.Attribute, ast.Constant),
    *(ast.Subscript, ast.Slice, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.expr_context),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension),
    *(ast.JoinedStr, ast.FormattedValue),  # replaced as a whole
)
PYTHON = set(dir(builtins)) | set(keyword.kwlist)
NUMPY = {
    name
    for place in (np, np.linalg, np.random, np.ndarray, math)
    for name in dir(place)
    if not name.startswith("_")
} | {"np", "numpy", "math", "linalg", "random", "scipy", "special", "axis", "keepdims", "dtype"}
# What people call things in this field; names like these tell nothing about who chose them.
FIELD = set(
    re.findall(
        r"\w+",
        """
        acc batch beta bias cls column correct count cost data delta denominator denom der
        deriv derivative diff difference dist distance dot entropy eps epsilon err error
        errors exp factor features first gradient grad grads grad_w grad_b idx index inner
        input inside item k_fold label labels left length log logits loss losses lower
        margin margins mask matrix maximum mean minimum minus model negative new norm norms
        num number numerator one one_hot ones out outer output part parts per plus pos
        positive pred prediction predictions preds prob probs product ratio res resid
        residual residuals residues result results right root row rows sample samples scale
        score scores second shape shifted sign slope softmax sq sqrt square squared squares
        std step sum sums target targets temp term terms tmp total true upper val value
        values var vec vector weight weights x_minus x_plus zero zeros
        """,
    )
)
SHORT = re.compile(r"_?[A-Za-z]{1,2}\d?|_")


@dataclass(frozen=True)
class Example:
    """Code that shows a mistake. `people` wrote it so, of those looked at; 0 if it is ours."""

    code: str
    people: int


def vocabulary(solutions: Path, unit: str) -> frozenset[str]:
    """Return the names that are common to a unit: those of its solutions, known mistakes, NumPy."""
    names = PYTHON | NUMPY | FIELD
    for path in (solutions / f"{unit}.py", solutions / "misconceptions" / f"{unit}.py"):
        if path.is_file():
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names |= set(_names(node))
    return frozenset(names)


def from_students(
    notebooks: Iterable[bytes], task: str, common: Collection[str], wanted: int = 12
) -> Example | None:
    """Return the most usual way in which the students of these notebooks wrote a task, or None.

    Reading stops after `wanted` answers that may be shown. Of two equally usual ones, the shorter
    one is taken.
    """
    found: Counter[str] = Counter()
    for content in notebooks:
        code = anonymised(_answer(content, task), task, common)
        if code:
            found[code] += 1
        if found.total() >= wanted:
            break
    if not found:
        return None
    best = min(found, key=lambda code: (-found[code], len(code), code))
    return Example(best, found[best])


def of_ours(misconception: Misconception) -> Example:
    """Return a misconception's own function as an example, under the name of its task."""
    source = textwrap.dedent(inspect.getsource(misconception.function))
    function = ast.parse(source).body[0]
    function.decorator_list, function.name = [], misconception.task
    return Example(ast.unparse(function), 0)


def anonymised(source: str, task: str, common: Collection[str]) -> str:
    """Return the function `task` in a cell's source without what could tell its author, or "".

    `common` are the names that are kept. Nothing is returned if the source is not Python, too long,
    or if it uses what is not understood here.
    """
    function = _function(source, task)
    if function is None or not _is_plain(function):
        return ""
    try:
        shown = _Anonymous({*common, task}).visit(function)
        code = ast.unparse(ast.fix_missing_locations(shown))
    except (ValueError, RecursionError):
        return ""
    lines = code.splitlines()
    fits = len(lines) <= MAX_LINES and all(len(line) <= MAX_WIDTH for line in lines)
    return code if fits and len(function.body) > 0 else ""


def _answer(content: bytes, task: str) -> str:
    """Return the source of the last solution cell of a task in a submitted file, or ""."""
    try:
        cells = read_cells(content)
    except Unreadable:
        return ""
    sources = [source for kind, source, grade_id in cells if (kind, grade_id) == ("code", task)]
    return sources[-1] if sources else ""


def _function(source: str, task: str) -> ast.FunctionDef | None:
    if len(source) > MAX_CELL:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == task]
    return found[-1] if found else None


def _is_plain(function: ast.FunctionDef) -> bool:
    """Whether a function is made of what is understood here; looks without recursion."""
    pending: list[tuple[ast.AST, int]] = [(function, 1)]
    count = 0
    while pending:
        node, depth = pending.pop()
        count += 1
        if not isinstance(node, KEPT) or depth > MAX_DEPTH or count > MAX_NODES:
            return False
        if isinstance(node, ast.FunctionDef):
            node.decorator_list, node.returns = [], None
        pending += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return True


class _Anonymous(ast.NodeTransformer):
    """Takes out of a syntax tree all that is not common; one name gets one new name throughout."""

    def __init__(self, common: set[str]):
        self.common = common
        self.renamed: dict[str, str] = {}

    def name(self, name: str) -> str:
        if name in self.common or SHORT.fullmatch(name):
            return name
        return self.renamed.setdefault(name, f"name{len(self.renamed) + 1}")

    def visit_FunctionDef(self, node):
        node.name, node.type_comment = self.name(node.name), None
        node.body = [line for line in node.body if not _is_text(line)] or [ast.Pass()]
        return self.generic_visit(node)

    def visit_arg(self, node):
        return ast.arg(self.name(node.arg))

    def visit_keyword(self, node):
        node.arg = node.arg and self.name(node.arg)
        return self.generic_visit(node)

    def visit_Name(self, node):
        node.id = self.name(node.id)
        return node

    def visit_Attribute(self, node):
        node.attr = self.name(node.attr)
        return self.generic_visit(node)

    def visit_AnnAssign(self, node):
        value = node.value or ast.Constant(None)
        return self.visit(ast.Assign([node.target], value, lineno=node.lineno))

    def visit_JoinedStr(self, node):
        return ast.Constant(PLACEHOLDER)

    def visit_Constant(self, node):
        if node.value is None or node.value is Ellipsis or isinstance(node.value, bool):
            return node
        if isinstance(node.value, (int, float)) and _is_short(node.value):
            return node
        is_number = isinstance(node.value, (int, float, complex))
        return ast.Name(PLACEHOLDER) if is_number else ast.Constant(PLACEHOLDER)


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant | ast.JoinedStr)


def _is_short(number: float) -> bool:
    digits = re.sub(r"e.*|[^0-9]", "", str(number)) if abs(number) < 1e300 else "9" * 99
    return len(digits.strip("0")) < MAX_DIGITS


def _names(node: ast.AST) -> Sequence[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            return [name]
        case ast.FunctionDef(name=name) | ast.keyword(arg=str(name)):
            return [name]
    return []
