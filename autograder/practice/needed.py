"""Which cells of a notebook the checks of a task depend on, read from their source.

Figures and training runs take seconds and change no verdict, so practice leaves them out. A cell is
left out only if it can be seen not to matter: it gives none of the names that are needed a value,
and touches none of them.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import symtable
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

# Whoever calls one of these may set any name; such cells always run.
ANYTHING = {"exec", "eval", "compile", "globals", "locals", "vars", "setattr", "__import__"}
# Magics and shell commands that set no name. `%timeit` would take its time.
IDLE_MAGICS = {
    *("check", "hint", "solution", "timeit", "matplotlib", "config", "load_ext", "reload_ext"),
    *("who", "whos", "who_ls", "pinfo", "pinfo2", "psource", "pdoc", "pip", "conda", "system"),
    *("getoutput", "precision", "xmode", "pwd", "ls", "lsmagic", "autoreload", "history"),
}
COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}


@dataclass(frozen=True)
class CellNames:
    """What a cell does with global names.

    `binds` are given a value, `touches` may be changed in place. `uses` are read when the cell
    runs, `uses_later` when a function of it is called. `anything` is said of a cell that may do
    more than can be seen, `reaches_out` of one whose functions set global names, and `broken` of
    one that is no Python.
    """

    binds: frozenset[str] = frozenset()
    touches: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    uses_later: frozenset[str] = frozenset()
    anything: bool = False
    reaches_out: bool = False
    broken: bool = False


@functools.lru_cache(maxsize=1024)
def names_of(source: str) -> CellNames:
    """Return what a code cell does with global names."""
    tree = _parsed(source)
    if tree is None:
        return CellNames(broken=True)
    binds, uses, uses_later, reaches_out = set(), set(), set(), False
    for table, at_once in _tables(symtable.symtable(ast.unparse(tree), "<cell>", "exec")):
        for symbol in table.get_symbols():
            if table.get_type() != "module" and not symbol.is_global():
                continue
            if symbol.is_assigned() or symbol.is_imported():
                binds.add(symbol.get_name())
                reaches_out |= table.get_type() == "function"
            if symbol.is_referenced():
                (uses if at_once else uses_later).add(symbol.get_name())
    anything = bool((uses | uses_later) & ANYTHING) or any(map(_does_anything, ast.walk(tree)))
    names = map(frozenset, (binds, _touched(tree), uses, uses_later))
    return CellNames(*names, anything=anything, reaches_out=reaches_out)


def needed(sources: Sequence[str], names: Collection[str]) -> list[int]:
    """Return the indices of the code cells that the values of these names depend on.

    Cells run in their order: what a cell uses when it runs comes from the cells above it, what its
    functions use may come from any. A cell that is no Python is not among them: it does not run.
    """
    cells = [names_of(source) for source in sources]
    if any(cell.reaches_out for cell in cells):  # who calls such a function cannot be seen
        return [index for index, cell in enumerate(cells) if not cell.broken]
    end = len(cells)
    chosen: set[int] = set()
    wanted = [(name, end) for name in names]  # each with the cell that it has to stand above
    pending = [index for index, cell in enumerate(cells) if cell.anything]
    seen = set(wanted)
    while wanted or pending:
        if pending:
            index = pending.pop()
            if index in chosen:
                continue
            chosen.add(index)
            more = {(name, index) for name in cells[index].uses}
            more |= {(name, end) for name in cells[index].uses_later}
            wanted += more - seen
            seen |= more
        else:
            name, above = wanted.pop()
            pending += [i for i in range(above) if name in cells[i].binds | cells[i].touches]
    return sorted(chosen)


def digest(sources: Sequence[str]) -> str:
    """Return a digest of cells that stays the same when only comments or blanks change."""
    trees = ((source, _parsed(source)) for source in sources)
    parts = [source if tree is None else ast.dump(tree) for source, tree in trees]
    return _sha("\0".join(parts))


def own_code(sources: Sequence[str], name: str) -> str:
    """Return a digest of the statement that gives `name` its value, "" if there is none.

    A change of it is a new try of the task; of several statements the last one counts.
    """
    statement = _statement(sources, name)
    return "" if statement is None else _sha(ast.dump(statement))


def is_unfinished(sources: Sequence[str], name: str) -> bool:
    """Whether the function of this name still raises NotImplementedError, whatever it is given."""
    statement = _statement(sources, name)
    return isinstance(statement, ast.FunctionDef) and any(map(_is_stub, statement.body))


def syntax_error(source: str) -> str:
    """Return in words why a cell is no Python, "" if it is."""
    if _parsed(source) is not None:
        return ""
    try:
        compile(source, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        lines = source.splitlines()
        known = error.lineno is not None and 0 < error.lineno <= len(lines)
        line = f": `{lines[error.lineno - 1].strip()}`" if known else ""
        return f"{error.msg}, line {error.lineno}{line}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return "a line that starts with % or ! cannot be read"


def _statement(sources, name) -> ast.stmt | None:
    for source in reversed(sources):
        tree = _parsed(source)
        for statement in reversed(tree.body if tree else []):
            if _gives_value(statement, name):
                return statement
    return None


def _gives_value(statement: ast.stmt, name: str) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return statement.name == name
    return any(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name
        for node in ast.walk(statement)
    )


def _is_stub(statement: ast.stmt) -> bool:
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


@functools.lru_cache(maxsize=1024)
def _parsed(source: str) -> ast.Module | None:
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
        compile(tree, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)  # finds some more
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree


def _tables(table: symtable.SymbolTable, at_once: bool = True):
    """Yield the scopes of a cell, each with whether it is run at once, with the cell."""
    yield table, at_once
    for child in table.get_children():
        waits = child.get_type() == "function" and child.get_name() not in COMPREHENSIONS
        yield from _tables(child, at_once and not waits)


def _touched(tree: ast.Module):
    """Yield the names of objects that are changed in place, or handed to a call that may do so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield from _base(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if isinstance(call.func, ast.Attribute):  # a method may change its object
                yield from _base(call.func, ast.Subscript | ast.Attribute | ast.Call)
            elif isinstance(call.func, ast.Name) and call.func.id == "print":
                continue
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
                yield from _base(value, ast.Subscript | ast.Starred)


def _base(node: ast.expr, through=ast.Subscript | ast.Attribute):
    """Yield the name that an expression such as `x[0].y` starts from."""
    while isinstance(node, through):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def _does_anything(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return any(alias.name == "*" for alias in node.names)
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if ast.unparse(node.func.value) != "get_ipython()":
        return False
    magic = node.func.attr
    if magic in ("run_line_magic", "run_cell_magic") and isinstance(node.args[0], ast.Constant):
        magic = node.args[0].value
    return magic not in IDLE_MAGICS


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
