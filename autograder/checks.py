"""What a grader may assert about a student's function; an expectation not met is a `CheckFailed`.

A check is a method `test_<name>` of a class with the attribute `task`, marked with `@check`. Its
docstring is the sentence that the student reads. Expected and actual numbers are shown, the inputs
they belong to are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from autograder import gradcheck
from autograder.gradcheck import ATOL, RTOL
from autograder.submission import CheckFailed, Function
from autograder.wire import Opaque

__all__ = [
    "CheckFailed",
    "Marks",
    "check",
    "expect_own_gradient",
    "expect_repeatable",
    "expect_shape",
    "expect_subgradient",
    "expect_unmodified",
    "expect_values",
    "fail",
]

Calls = Sequence[tuple]


@dataclass(frozen=True)
class Marks:
    """How much a check weighs within its task, and which others must have passed before it."""

    weight: float
    after: tuple[str, ...]


def check(*, weight: float, after: str | Sequence[str] = ()) -> Callable:
    """Mark a method as a check of its class's task.

    Raises ValueError if the weight is not positive or the method has no docstring to show.
    """
    if not weight > 0:
        raise ValueError(f"the weight of a check must be positive, not {weight}")
    marks = Marks(float(weight), (after,) if isinstance(after, str) else tuple(after))

    def mark(method):
        if not method.__doc__:
            raise ValueError(
                f"the check {method.__qualname__} has no docstring for the student to read"
            )
        method.marks = marks
        return method

    return mark


def fail(
    reason: str,
    expected: object = None,
    actual: object = None,
    seen_as: Callable[[object], object] | None = None,
) -> NoReturn:
    """Let the check fail with this reason; expected and actual are shown beside it.

    `seen_as` is for checks that judge only a part of what was returned: see `CheckFailed`.
    """
    shown = [None if value is None else str(value) for value in (expected, actual)]
    raise CheckFailed(reason, *shown, seen_as)


def expect_shape(function: Function, calls: Calls, reference: Callable) -> None:
    """The function runs and returns numbers of the type and shape that the reference returns."""
    for value, arguments in zip(function.batch(calls), calls, strict=True):
        as_numbers(value, reference(*arguments))


def expect_values(
    function: Function,
    calls: Calls,
    reference: Callable | Sequence,
    *,
    rtol: float = RTOL,
    atol: float = ATOL,
    parts: Sequence[int] | None = None,
) -> None:
    """The function returns what the reference (a function, or a list of results) returns.

    Of several results, those at the indices `parts` have to be right, by default all.
    """
    results = (
        [reference(*arguments) for arguments in calls] if callable(reference) else list(reference)
    )
    for value, expected in zip(function.batch(calls), results, strict=True):
        actual = as_numbers(value, expected)
        pairs = list(zip(_parts(actual), _parts(expected), strict=True))
        for part, wanted in pairs if parts is None else [pairs[i] for i in parts]:
            _expect_close(part, wanted, rtol, atol)


def expect_own_gradient(
    gradient: Function,
    loss: Function,
    calls: Calls,
    *,
    wrt: int | tuple[int, ...],
    reference: Callable,
    loss_arguments: Callable | None = None,
    loss_value: Callable | None = None,
    extra: Callable | None = None,
) -> None:
    """The gradient is the derivative of the student's own loss, or the right gradient.

    A right gradient passes even beside a wrong loss, whose own checks say that it is wrong. `wrt`
    is the index of the argument, or of several for a gradient that returns several; an argument may
    be a tuple of arrays. `loss_arguments` turns the gradient's arguments into the loss's;
    `loss_value` turns what the loss returned, and the gradient's arguments, into one number;
    `extra` of the arguments is added to the loss.
    """
    values = gradient.batch(calls)
    positions = wrt if isinstance(wrt, tuple) else (wrt,)
    for value, arguments in zip(values, calls, strict=True):
        expected = reference(*arguments)
        candidate = as_numbers(value, expected)
        _expect_finite(candidate)
        if _all_close(candidate, expected):
            continue
        f = _flat_loss(loss, arguments, positions, loss_arguments, loss_value, extra)
        point, parts = _flatten([arguments[i] for i in positions]), _flatten(_parts(candidate))
        wrong = gradcheck.check_gradient(f, point, parts, rng=np.random.default_rng(0))
        if wrong is not None and not np.isfinite(wrong.numerical):
            raise CheckFailed(
                f"Your own `{loss.name}` is nan or infinite near the inputs: it has no slope there."
            )
        if wrong is not None:
            raise CheckFailed(
                f"It is not the slope of your own `{loss.name}`, measured with small steps.",
                f"{_show(wrong.numerical)} (slope of your {loss.name})",
                _show(wrong.analytical),
            )


def expect_subgradient(
    function: Function, calls: Calls, loss: Callable, *, wrt: int | tuple[int, ...]
) -> None:
    """At a kink of the convex reference loss, the function returns any of its subgradients."""
    positions = wrt if isinstance(wrt, tuple) else (wrt,)
    for value, arguments in zip(function.batch(calls), calls, strict=True):
        targets = tuple(np.asarray(arguments[i], dtype=float) for i in positions)
        candidate = as_numbers(value, targets if isinstance(wrt, tuple) else targets[0])
        _expect_finite(candidate)
        f = _flat_loss(loss, arguments, positions)
        point, parts = _flatten(targets), _flatten(_parts(candidate))
        if len(targets) == 1:  # keeps the rows, whose sums are telling directions
            point, parts = point.reshape(targets[0].shape), parts.reshape(targets[0].shape)
        wrong = gradcheck.check_subgradient(f, point, parts, rng=np.random.default_rng(0))
        if wrong is not None:
            raise CheckFailed(
                "At a kink any slope between those of the two sides is right; yours lies outside.",
                None if wrong.index is None else f"one-sided slope {_show(wrong.numerical)}",
                None if wrong.index is None else _show(wrong.analytical),
            )


def expect_unmodified(function: Function, calls: Calls) -> None:
    """The function leaves its arguments as they were."""
    function.batch(calls)
    for _, _, outcome in function.submission.log[len(function.submission.log) - len(calls) :]:
        if outcome.modified:
            which = ", ".join(
                _ORDINALS[i] if i < len(_ORDINALS) else f"{i + 1}th" for i in outcome.modified
            )
            raise CheckFailed(f"It changed its {which} argument in place.")


def expect_repeatable(function: Function, calls: Calls) -> None:
    """The function gives the same answer for the same arguments, whatever came in between."""
    values = function.batch([*calls, *calls])
    for first, second in zip(values[: len(calls)], values[len(calls) :], strict=True):
        if not same_value(first, second):
            raise CheckFailed(
                "The same inputs gave two different results: it remembers earlier calls."
            )


def as_numbers(value: object, expected: object):
    """Return a student's value in the form of the expected one: a float array, or a tuple of these.

    Raises `CheckFailed` if it has another type or shape, or is not numeric.
    """
    if isinstance(expected, (tuple, list)):
        if not isinstance(value, (tuple, list)) or len(value) != len(expected):
            raise CheckFailed(
                f"It should return {len(expected)} values; it returned {_describe(value)}."
            )
        return tuple(as_numbers(part, wanted) for part, wanted in zip(value, expected, strict=True))
    expected = np.asarray(expected)
    array = _numeric_array(value, expected)
    if array.shape != expected.shape:
        wanted = _describe_shape(expected.shape)
        raise CheckFailed(
            f"It should return {wanted}; it returned {_describe(value)}."
            f"{_column_hint(array, expected)}"
        )
    return array


def same_value(first: object, second: object, rtol: float = 1e-7) -> bool:
    """Return whether two values from the wire are alike: in structure, and numbers up to `rtol`.

    A list of numbers and the array of them are alike too.
    """
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        pairs = zip(first, second, strict=False)
        return len(first) == len(second) and all(same_value(a, b, rtol) for a, b in pairs)
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(
            same_value(first[key], second[key], rtol) for key in first
        )
    if isinstance(first, list) and isinstance(second, np.ndarray):
        first = _array_of_list(first)
    if isinstance(second, list) and isinstance(first, np.ndarray):
        second = _array_of_list(second)
    if _is_numeric(first) and _is_numeric(second):
        first, second = _to_array(first), _to_array(second)
        if first.shape != second.shape:
            return False
        with np.errstate(all="ignore"):
            allowed = gradcheck.tolerance(np.abs(second), rtol=rtol, atol=1e-300)
            close = np.abs(first - second) <= allowed
        return bool(np.all(close | (first == second) | (np.isnan(first) & np.isnan(second))))
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return first.dtype == second.dtype and np.array_equal(first, second)
    return type(first) is type(second) and bool(first == second)


# ---- numbers of a student


def _is_numeric(value):
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "iufc"
    return isinstance(value, (int, float, complex)) and not isinstance(value, bool)


def _to_array(number):
    """An array of a number or a numeric array; an integer of any size becomes a float."""
    return number if isinstance(number, np.ndarray) else np.asarray(number, dtype=_dtype(number))


def _dtype(number):
    return complex if isinstance(number, complex) else float


def _array_of_list(values):
    """An array of nested lists of numbers; None if they hold something else or are ragged.

    Looked at leaf by leaf: from a list with one long text in it, NumPy would make an array of texts
    that long.
    """
    leaves, pending = [], [values]
    while pending:
        part = pending.pop()
        if isinstance(part, (list, tuple)):
            pending.extend(part)
        else:
            leaves.append(part)
    if not all(_is_numeric(leaf) or isinstance(leaf, bool) for leaf in leaves):
        return None
    kinds = {leaf.dtype.kind if isinstance(leaf, np.ndarray) else _dtype(leaf) for leaf in leaves}
    try:
        return np.array(values, dtype=complex if kinds & {"c", complex} else float)
    except ValueError:
        return None


def _numeric_array(value, expected):
    if value is None:
        raise CheckFailed("It returns nothing (None). Does it end with a `return`?")
    if isinstance(value, (list, tuple)) and expected.ndim:
        array = _array_of_list(value)
        if array is None:
            raise CheckFailed(
                f"It returned {_describe(value)} that is not a table of numbers: its rows have "
                "different lengths, or it holds something else."
            )
        value = array
    if not _is_numeric(value):
        wanted = _describe_shape(expected.shape)
        raise CheckFailed(f"It should return {wanted}; it returned {_describe(value)}.")
    array = _to_array(value)
    if array.dtype.kind == "c":
        raise CheckFailed("It returned complex numbers; the result should be real.")
    return array.astype(float)


def _describe(value) -> str:
    if value is None:
        return "nothing (None)"
    if isinstance(value, Opaque):
        return f"a value of type {value.type_name}"
    if isinstance(value, np.ndarray):
        kind = "an array of True and False" if value.dtype.kind == "b" else "an array"
        return f"{kind} of shape {value.shape}" if value.ndim else "one number"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of length {len(value)}"
    if isinstance(value, bool):
        return "True or False"
    return {str: "a text", dict: "a dict"}.get(type(value), "one number")


def _describe_shape(shape) -> str:
    return f"an array of shape {shape}" if shape else "one number"


def _column_hint(array, expected) -> str:
    if expected.ndim == 1 and array.shape == (expected.size, 1):
        return (
            " An array of shape (N, 1) is a matrix with one column, "
            "and broadcasting treats it as one."
        )
    if expected.ndim == 0 and array.size > 1:
        return " Is the mean, or another reduction to one number, missing?"
    return ""


# ---- comparing


def _expect_close(actual, expected, rtol, atol):
    actual, expected = np.asarray(actual, dtype=float), np.asarray(expected, dtype=float)
    with np.errstate(all="ignore"):
        deviation = np.array(np.abs(actual - expected))
    deviation[actual == expected] = 0.0  # equal infinities
    wrong = np.array(~(deviation <= gradcheck.tolerance(expected, rtol=rtol, atol=atol)))
    if not wrong.any():
        return
    deviation[~np.isfinite(deviation)] = np.inf
    worst = np.unravel_index(int(np.argmax(np.where(wrong, deviation, -1.0))), expected.shape)
    raise CheckFailed(
        _reason(actual, expected, wrong, worst), _show(expected[worst]), _show(actual[worst])
    )


def _reason(actual, expected, wrong, worst) -> str:
    if not np.isfinite(actual[worst]):
        return _not_finite(actual, worst)
    factor = _common_factor(actual, expected)
    if factor is not None:
        each = "Every entry is" if actual.size > 1 else "It is"
        times = (
            "the right one with the sign flipped"
            if factor == -1
            else f"{factor:.4g} times the right one"
        )
        return f"{each} {times}."
    if actual.size == 1:
        return "The value is wrong."
    return f"{int(wrong.sum())} of {actual.size} entries are wrong; the worst is shown."


def _expect_finite(candidate):
    for part in map(np.asarray, _parts(candidate)):
        if not np.isfinite(part).all():
            raise CheckFailed(_not_finite(part, tuple(np.argwhere(~np.isfinite(part))[0])))


def _not_finite(array, where) -> str:
    what = "nan (not a number)" if np.isnan(array[where]) else "an infinite value"
    return f"It {'contains' if array.ndim else 'returns'} {what}."


def _common_factor(actual, expected) -> float | None:
    """The number that all entries are off by, if there is one worth naming."""
    counts = np.abs(expected) > 1e-6 * np.max(np.abs(expected))  # where a ratio means something
    if not np.isfinite(actual).all() or not np.isfinite(expected).all() or not counts.any():
        return None
    if np.any(np.abs(actual[~counts]) > 1e-6 * np.max(np.abs(actual))):
        return None
    ratios = np.asarray(actual[counts] / expected[counts]).ravel()
    if ratios.size == 1 and not np.isclose(abs(ratios[0]), (0.25, 0.5, 1, 2, 4), rtol=1e-5).any():
        return None
    if np.ptp(ratios) > 1e-5 * np.max(np.abs(ratios)) or ratios[0] == 0:
        return None
    return -1.0 if np.isclose(ratios[0], -1.0) else float(ratios[0])


def _all_close(actual, expected) -> bool:
    pairs = zip(_parts(actual), _parts(expected), strict=True)
    with np.errstate(all="ignore"):
        return all(np.all(np.abs(a - e) <= gradcheck.tolerance(np.asarray(e))) for a, e in pairs)


# ---- losses as functions of one flat point


def _flat_loss(
    loss, arguments, positions, loss_arguments=None, loss_value=None, extra=None
) -> gradcheck.Batch:
    """Return the loss as a batch function of the arguments at `positions`, flattened and joined."""
    targets = [arguments[i] for i in positions]

    def f(points):
        calls = []
        for point in points.reshape(len(points), -1):
            changed = list(arguments)
            for position, part in zip(positions, _unflatten(point, targets), strict=True):
                changed[position] = part
            calls.append(tuple(changed))
        asked = [tuple(loss_arguments(*call)) if loss_arguments else call for call in calls]
        values = (
            _own_values(loss, asked, calls, loss_value)
            if isinstance(loss, Function)
            else [loss(*call) for call in asked]
        )
        return np.array(values) + np.array([extra(*call) if extra else 0.0 for call in calls])

    return f


def _own_values(loss: Function, asked, calls, loss_value) -> list[float]:
    try:
        values = loss.batch(asked)
        if loss_value:
            values = [loss_value(v, *call) for v, call in zip(values, calls, strict=True)]
        return [float(as_numbers(value, 0.0)) for value in values]
    except CheckFailed as failure:
        reason = f"Your own `{loss.name}` has no slope to compare with. {failure.reason}"
        raise CheckFailed(reason) from None


def _flatten(parts):
    flat = [_flatten(p) if isinstance(p, tuple) else np.ravel(p) for p in parts]
    return np.concatenate(flat).astype(float)


def _unflatten(point, parts):
    """Cut a point into pieces of the shapes of `parts`, a tuple among them into a tuple."""
    pieces, start = [], 0
    for part in parts:
        end = start + (len(_flatten(part)) if isinstance(part, tuple) else np.size(part))
        piece, start = point[start:end], end
        if isinstance(part, tuple):
            pieces.append(tuple(_unflatten(piece, part)))
        else:
            pieces.append(piece.reshape(np.shape(part)) if np.shape(part) else float(piece[0]))
    return pieces


def _parts(value):
    return list(value) if isinstance(value, (tuple, list)) else [value]


def _show(number) -> str:
    return f"{float(number):.6g}"


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
