"""Symbolic answers typed as text, such as `3*x**2 + 2*exp(2*x)`, read without running them as code.

A whitelist of syntax turns the text into a short postfix program of floats, variable names and
NumPy functions. Its length, depth and number of parts are bounded and every number is a float, so
the time of an evaluation is bounded too.
"""

import ast
import re
import warnings
from dataclasses import dataclass

import numpy as np

MAX_CHARACTERS = 500
MAX_DEPTH = 50
MAX_NODES = 300

OPERATORS = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
}
# `E` and `Abs` are how SymPy prints e and the absolute value.
CONSTANTS = {"pi": np.pi, "e": np.e, "E": np.e}
FUNCTIONS = {
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
    "sqrt": np.sqrt,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "abs": np.absolute,
    "Abs": np.absolute,
}
PREFIXES = ("np", "math")
FORBIDDEN_OPERATORS = {
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.MatMult: "@",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.Invert: "~",
    ast.Not: "not",
}
MISSING_STAR = re.compile(r"(?<![\w.])(\d+\.?\d*|\.\d+)\s*([A-Za-z]\w*)")


class ExpressionError(ValueError):
    """A text that is not an expression we accept; its message says why and what to write."""


@dataclass(frozen=True)
class Expression:
    """A parsed expression: a function of its variables, in their order.

    `program` is the expression in postfix order: floats, names of variables, NumPy functions.
    """

    text: str
    variables: tuple[str, ...]
    program: tuple[float | str | np.ufunc, ...]

    def __call__(self, *values):
        """Return the values at the points `values`, one array per variable: a float64 array.

        The arrays are broadcast against one another. Where the expression is undefined or
        overflows, the result is NaN or infinite, without a warning.
        """
        if len(values) != len(self.variables):
            raise TypeError(
                f"{self.text!r} takes {len(self.variables)} arrays "
                f"({', '.join(self.variables)}), not {len(values)}."
            )
        arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
        point = dict(zip(self.variables, arrays, strict=True))
        stack = []
        with np.errstate(all="ignore"):
            for step in self.program:
                if isinstance(step, np.ufunc):
                    operands = stack[-step.nin :]
                    del stack[-step.nin :]
                    stack.append(step(*operands))
                else:
                    stack.append(point[step] if isinstance(step, str) else np.float64(step))
        shape = arrays[0].shape if arrays else ()
        return np.array(np.broadcast_to(stack[0], shape), dtype=np.float64)


def parse(text, variables=("x",)):
    """Parse the expression `text` in the given variables.

    Accepted are + - * / **, numbers, the variables, pi, e and the functions of `FUNCTIONS`, which
    may be written np.exp or math.exp too. Raises ExpressionError for everything else.
    """
    if not isinstance(text, str):
        raise ExpressionError(f"an expression is text in quotes, not {_kind(text)}.")
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(
            f"the text has {len(text)} characters; at most {MAX_CHARACTERS} are read."
        )
    text = text.strip()
    if not text:
        raise ExpressionError("the text is empty.")
    tree = _syntax_tree(text)
    _check_size(tree)
    return Expression(text, tuple(variables), tuple(_postfix(tree, tuple(variables))))


def equivalent(a, b, points, *, rtol=1e-7, atol=1e-12):
    """Return whether the expressions `a` and `b` have the same values at `points`.

    `points` has shape (P,) for one variable, (V, P) for V variables. A difference counts when it
    exceeds `rtol` of the magnitude there or of the median magnitude, whichever is larger (an
    expanded polynomial cancels near its zeros); `atol` is for expressions that vanish. Points where
    both are undefined are left out, but at least half of the points must remain.
    """
    columns = np.atleast_2d(np.asarray(points, dtype=np.float64))
    return agree(a(*columns), b(*columns), rtol=rtol, atol=atol)


def agree(left, right, *, rtol=1e-7, atol=1e-12):
    """Return whether two arrays of values are alike, by the rule of `equivalent`."""
    defined = np.isfinite(left) | np.isfinite(right)
    if not defined.any() or 2 * np.count_nonzero(defined) < defined.size:
        return False
    left, right = left[defined], right[defined]
    if not (np.isfinite(left) & np.isfinite(right)).all():
        return False
    magnitude = np.maximum(np.abs(left), np.abs(right))
    allowed = rtol * np.maximum(magnitude, np.median(magnitude)) + atol
    with np.errstate(over="ignore"):
        return bool((np.abs(left - right) <= allowed).all())


def slope(expression, x, *others, step=1e-3):
    """Return the derivative of `expression` by its first variable at the points `x`.

    `others` are the values of the other variables. Measured at x +- step and x +- 2 step, where the
    expression must be defined; the error is that of the step to the power of 4.
    """
    x = np.asarray(x, dtype=np.float64)
    with np.errstate(all="ignore"):
        near, far = (
            expression(x + h, *others) - expression(x - h, *others) for h in (step, 2 * step)
        )
        return (8 * near - far) / (12 * step)


def _syntax_tree(text):
    """Python's syntax tree of `text`; every failure of the parser becomes an ExpressionError."""
    for character in text:
        if not (" " <= character <= "~" or character in "\t\r\n"):
            raise ExpressionError(
                f"the character U+{ord(character):04X} at position "
                f"{text.index(character) + 1} is not plain ASCII; type it on the keyboard."
            )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError, Warning) as error:
        missing = MISSING_STAR.search(text)
        if missing:
            number, name = missing.groups()
            raise ExpressionError(f"a * is missing: write {number}*{name}.") from error
        if isinstance(error, (RecursionError, MemoryError)):
            raise ExpressionError(
                f"the expression is nested more than {MAX_DEPTH} deep."
            ) from error
        raise ExpressionError(
            "this is not one complete expression; look for a missing *, operand or parenthesis."
        ) from error


def _check_size(tree):
    """Bound depth and number of nodes, without recursion."""
    pending, count = [(tree, 1)], 0
    while pending:
        node, depth = pending.pop()
        count += 1
        if depth > MAX_DEPTH:
            raise ExpressionError(f"the expression is nested more than {MAX_DEPTH} deep.")
        if count > MAX_NODES:
            raise ExpressionError(f"the expression has more than {MAX_NODES} parts.")
        children = (
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, (ast.operator, ast.unaryop, ast.expr_context))
        )
        pending.extend((child, depth + 1) for child in children)


def _postfix(node, variables):
    """The steps of `node` in postfix order; what is not on the whitelist raises ExpressionError."""
    if isinstance(node, ast.Constant):
        return [_number(node.value)]
    if isinstance(node, ast.Name):
        return [_name(node.id, variables)]
    if isinstance(node, ast.Attribute):
        return [_qualified(node, CONSTANTS, "constant")]
    if isinstance(node, ast.BinOp):
        operands = [node.left, node.right]
    elif isinstance(node, ast.UnaryOp):
        operands = [node.operand]
    elif isinstance(node, ast.Call):
        function, argument = _call(node, variables)
        return [*_postfix(argument, variables), function]
    else:
        raise ExpressionError(
            f"{_construct(node)} is not allowed; use numbers, {', '.join(variables)}, "
            "+ - * / ** and functions such as exp."
        )
    operator = _operator(node.op)
    return [step for operand in operands for step in _postfix(operand, variables)] + [operator]


def _number(value):
    if type(value) not in (int, float):
        raise ExpressionError(f"{_kind(value)} is not allowed as a number.")
    try:
        number = float(value)
    except OverflowError:
        number = np.inf
    if not np.isfinite(number):
        raise ExpressionError("a number is too large for floating point.")
    return number


def _name(name, variables):
    if name in variables:
        return name
    if name in CONSTANTS:
        return CONSTANTS[name]
    if name in FUNCTIONS:
        raise ExpressionError(
            f"the function {name} needs an argument: write {name}({variables[0]})."
        )
    raise ExpressionError(
        f"unknown name {name!r}; known are {', '.join(variables)}, pi, e and functions."
    )


def _operator(node):
    if isinstance(node, ast.BitXor):
        raise ExpressionError("^ is not a power in Python: write ** instead.")
    if type(node) not in OPERATORS:
        raise ExpressionError(
            f"the operator {FORBIDDEN_OPERATORS[type(node)]} is not allowed; use + - * / **."
        )
    return OPERATORS[type(node)]


def _call(node, variables):
    """The function and the single argument of a call."""
    if node.keywords:
        raise ExpressionError(
            f"the keyword argument {node.keywords[0].arg or '**'!r} is not allowed."
        )
    if isinstance(node.func, ast.Attribute):
        function = _qualified(node.func, FUNCTIONS, "function")
    elif not isinstance(node.func, ast.Name) or node.func.id in (*variables, *CONSTANTS):
        called = node.func.id if isinstance(node.func, ast.Name) else "a factor"
        raise ExpressionError(f"a * is missing: write * between {called} and the parenthesis.")
    elif node.func.id not in FUNCTIONS:
        raise ExpressionError(
            f"unknown function {node.func.id!r}; known are {', '.join(FUNCTIONS)}."
        )
    else:
        function = FUNCTIONS[node.func.id]
    if len(node.args) != 1:
        raise ExpressionError(f"a function takes one argument, not {len(node.args)}.")
    return function, node.args[0]


def _qualified(node, table, what):
    """The entry of `table` that `np.name` or `math.name` stands for."""
    if isinstance(node.value, ast.Name):
        if node.value.id in PREFIXES and node.attr in table:
            return table[node.attr]
        raise ExpressionError(
            f"unknown {what} '{node.value.id}.{node.attr}'; write the name alone, as in exp(x)."
        )
    raise ExpressionError(f"the attribute {node.attr!r} is not allowed.")


def _kind(value):
    return {type(None): "None (an empty value)", bool: "a truth value", str: "text in quotes"}.get(
        type(value), f"a value of type {type(value).__name__}"
    )


def _construct(node):
    """What a student would call a forbidden piece of syntax."""
    names = {
        ast.Lambda: "a lambda",
        ast.Compare: "a comparison",
        ast.NamedExpr: "the operator :=",
        ast.JoinedStr: "an f-string",
        ast.Subscript: "an index in square brackets",
        ast.Tuple: "a comma",
        ast.Starred: "a star argument",
        ast.BoolOp: "and / or",
        ast.IfExp: "if / else",
    }
    return names.get(type(node), f"the Python construct {type(node).__name__}")
