"""Small checks of your own functions. Open, read and use them: they know no answers.

`check_value` compares a result with a number worked out by hand. `check_gradient` compares your
gradient with the slope of your own loss: it moves one number by a small step h in both directions
and divides the change of the loss by 2h. It cannot know whether that loss is the right one.
"""

import ast
import contextlib
import copy
import os
import sys
import traceback

import numpy as np

GRADED_RUN = os.environ.get("NBGRADER_EXECUTION") == "autograde"  # it does its own checks
FINE = "Shape and inputs are fine. The graded run also tests more."


class CheckFailed(Exception):
    """Says in a sentence what is not right yet."""

    def _render_traceback_(self):  # Jupyter shows this line in place of a traceback.
        return [str(self)]


def check_value(name, at, expected):
    """Check that your function called `name` returns `expected` for the arguments `at`."""
    if GRADED_RUN:
        return
    several = isinstance(expected, tuple)
    wanted = [np.asarray(part, dtype=float) for part in (expected if several else [expected])]
    results = _results(name, at, [part.shape for part in wanted], several)
    for result, value in zip(results, wanted, strict=True):
        _compare(result, [value], 1e-6, f"{name}: your result", "the expected value")
    print(f"{name}: right at this point. {FINE}")


def check_gradient(name, of, at, wrt):
    """Check your gradient `name` against the slope of your own loss at the arguments `at`.

    `of` is the name of the loss, or a function of the same arguments that calls it. `wrt` is the
    position of the argument that moves, counted from 0, or a tuple of positions. If that argument
    is a tuple of arrays, all of them move.
    """
    if GRADED_RUN:
        return
    several = isinstance(wrt, tuple) or isinstance(at[wrt], tuple)
    if isinstance(wrt, tuple):
        places = [(i,) for i in wrt]
    else:
        places = [(wrt, part) for part in range(len(at[wrt]))] if several else [(wrt,)]
    results = _results(name, at, [np.shape(_part(at, place)) for place in places], several)
    own, loss = (of, _function(of)) if isinstance(of, str) else ("loss", of)
    for result, place in zip(results, places, strict=True):
        # A large step for float32, a small one for steep losses: the better of the two counts.
        slopes = [_slope(loss, own, at, place, h) for h in (1e-3, 1e-5)]
        _compare(result, slopes, 1e-4, f"{name}: your gradient", f"the slope of your own {own}")
    print(f"{name}: agrees with the slope of your own {own} at this point. {FINE}")


def check_text(name, keys):
    """Check that your function called `name` returns a dict of formulas with these keys."""
    if GRADED_RUN:
        return
    texts = _call(_function(name), name, [])
    for key in keys:
        text = texts.get(key) if isinstance(texts, dict) else None
        if not isinstance(text, str):
            raise CheckFailed(f"{name} should return a dict with a text in quotes under {key!r}.")
        try:
            ast.parse(text.strip().replace("^", "?"), mode="eval")
        except (SyntaxError, ValueError):
            raise CheckFailed(f"{name}: cannot read {text!r}. Write 2*x, x**2, exp(x).") from None
    print(f"{name}: every answer can be read. The graded run tests whether they are right.")


def _function(name):
    function = getattr(sys.modules["__main__"], name, None)
    if not callable(function):
        problem = "does not exist yet" if function is None else "is not a function"
        raise CheckFailed(f"{name} {problem}. Run the cell that defines it.")
    return function


def _call(function, name, arguments):
    try:
        with contextlib.redirect_stderr(sys.stdout):  # for validate, a warning is an error
            result = function(*arguments)
    except NotImplementedError as error:
        innermost = traceback.extract_tb(error.__traceback__)[-1].name
        raise CheckFailed(f"{innermost} is not written yet.") from None
    except Exception as error:
        raise CheckFailed(f"{name} stops with {type(error).__name__}: {error}") from None
    if result is None:
        raise CheckFailed(f"{name}: it returns nothing; did you print instead of return?")
    return result


def _copies(at):
    """Copy the arguments, lists as float arrays."""
    return [np.array(x, dtype=float) if isinstance(x, list) else copy.deepcopy(x) for x in at]


def _results(name, at, shapes, several):
    """Call a function; check what it returns, and that it leaves its arguments alone."""
    arguments = _copies(at)
    result = _call(_function(name), name, arguments)
    if several and not (isinstance(result, tuple | list) and len(result) == len(shapes)):
        raise CheckFailed(f"{name} should return {len(shapes)} values, with commas between them.")
    results = [_numbers(name, part) for part in (result if several else [result])]
    for part, shape in zip(results, shapes, strict=True):
        if part.shape != shape:
            found, wanted = (f"shape {s}" if s else "a single number" for s in (part.shape, shape))
            raise CheckFailed(f"{name} returns {found}, expected is {wanted}.")
    if repr(arguments) != repr(_copies(at)):
        raise CheckFailed(f"{name} changes its arguments. Work on copies of them.")
    return results


def _numbers(name, result):
    try:
        numbers = np.asarray(result)
    except ValueError:  # rows of different length
        numbers = np.asarray(None)
    if numbers.dtype.kind not in "iuf":
        raise CheckFailed(f"{name} should return numbers, it returns {type(result).__name__}.")
    return numbers.astype(float)


@np.errstate(all="ignore")
def _slope(loss, own, at, place, h):
    """Return the central difference (loss(x + h) - loss(x - h)) / 2h for every number x."""
    slope = np.zeros(np.shape(_part(at, place)))
    for index in np.ndindex(slope.shape):
        for step in (h, -h):
            arguments = _moved(tuple(_copies(at)), (*place, *index), step)
            slope[index] += _numbers(own, _call(loss, own, arguments)).sum() / (2 * step)
    return slope


def _part(at, place):
    return at[place[0]] if len(place) == 1 else at[place[0]][place[1]]


def _moved(x, path, step):
    """Copy x, a number of it moved by a step; the path leads there, through tuples first."""
    if isinstance(x, tuple):
        return (*x[: path[0]], _moved(x[path[0]], path[1:], step), *x[path[0] + 1 :])
    x = np.array(x, dtype=float)
    x[path] += step
    return x if x.shape else float(x)


def _compare(result, candidates, tolerance, ours, theirs):
    """Show the worst place, unless every difference is small beside the largest number."""
    with np.errstate(invalid="ignore"):
        gaps = [np.where(result == value, 0, np.abs(result - value)) for value in candidates]
    gaps = [np.nan_to_num(gap, nan=np.inf) for gap in gaps]
    gap, wanted = min(zip(gaps, candidates, strict=True), key=lambda pair: pair[0].max())
    if gap.max() <= tolerance * np.max(np.abs(wanted), where=np.isfinite(wanted), initial=0.01):
        return
    worst = np.unravel_index(gap.argmax(), gap.shape)
    where = f" at index {', '.join(map(str, worst))}" if worst else ""
    raise CheckFailed(f"{ours}{where} is {result[worst]:.8g}, {theirs} is {wanted[worst]:.8g}.")
