"""Numerical derivatives with an error estimate, and the comparisons that a gradient check needs.

Pure NumPy. A function `f` takes a batch of points, shape (m, *x.shape), and returns m values, so
that a function in another process is asked once for many points. Difference quotients on a ladder
of step sizes are extrapolated to step 0; the entry of the extrapolation table that agrees best with
the two it comes from gives the value, the larger of the two differences plus rounding the error
(Ridders 1982, Adv. Eng. Softw. 4(2):75-76; Press et al. 2007, Numerical Recipes, section 5.7).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Batch = Callable[[np.ndarray], np.ndarray]

# Step sizes relative to x, 8e-3 down to 3e-8: wide ones for noisy functions, narrow ones for
# functions with a kink or a pole close by.
LADDER = 2.0 ** -np.arange(7, 26, 2)
ROUGH_STEP = 2.0**-13  # good enough to see which coordinate is worst
RTOL = 1e-5  # of the largest magnitude: a float32 computation passes, a missing factor never does
ATOL = 1e-8
WORST_ERROR = 1e-2  # of a slope's size: one that cannot be measured that well agrees with nothing


@dataclass(frozen=True)
class Estimate:
    """A numerical derivative and how far off it may be; NaN and inf where `f` was not finite."""

    value: float
    error: float


@dataclass(frozen=True)
class Disagreement:
    """Where a gradient is wrong: the worst coordinate, or None if only a direction showed it."""

    index: tuple[int, ...] | None
    analytical: float
    numerical: float
    error: float


def tolerance(expected: np.ndarray, *, rtol: float = RTOL, atol: float = ATOL) -> float:
    """Return the largest allowed deviation: `atol` plus `rtol` of the largest magnitude."""
    return float(atol + rtol * _largest(np.asarray(expected, dtype=float)))


def directional_derivative(f: Batch, x: np.ndarray, direction: np.ndarray) -> Estimate:
    """Return the derivative of `f` at `x` along `direction`, by central differences.

    At a kink this is the mean of the two one-sided derivatives.
    """
    return _central(f, np.asarray(x, dtype=float), [np.asarray(direction, dtype=float)])[0]


def one_sided_derivative(f: Batch, x: np.ndarray, direction: np.ndarray) -> Estimate:
    """Return lim t->0+ of (f(x + t direction) - f(x)) / t, which exists at a kink too."""
    return _one_sided(f, np.asarray(x, dtype=float), [np.asarray(direction, dtype=float)])[0]


def gradient(f: Batch, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the numerical gradient of `f` at `x` and its error, both shaped like `x`."""
    x = np.asarray(x, dtype=float)
    estimates = _central(f, x, _unit_vectors(x))
    values = np.array([estimate.value for estimate in estimates]).reshape(x.shape)
    errors = np.array([estimate.error for estimate in estimates]).reshape(x.shape)
    return values, errors


def clarke_interval(f: Batch, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, coordinate by coordinate, the smallest and largest one-sided slope of `f` at `x`.

    For a separable or one-dimensional piecewise smooth `f` this is Clarke's generalized gradient
    (Clarke 1990, Optimization and Nonsmooth Analysis, section 2.1); in general a box around its
    projections.
    """
    x = np.asarray(x, dtype=float)
    units = _unit_vectors(x)
    slopes = [estimate.value for estimate in _one_sided(f, x, units + [-unit for unit in units])]
    right, left = np.array(slopes[: x.size]), -np.array(slopes[x.size :])
    return np.minimum(left, right).reshape(x.shape), np.maximum(left, right).reshape(x.shape)


def check_gradient(
    f: Batch,
    x: np.ndarray,
    candidate: np.ndarray,
    *,
    rng: np.random.Generator,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> Disagreement | None:
    """Return None if `candidate` is the gradient of `f` at `x`, otherwise where it is not.

    Two directions are compared first, and only if one disagrees all coordinates, to name the worst.
    The first direction has the candidate's signs, so that no term of the sum cancels another and a
    wrong factor always shows; the second is random. The numerical error estimate widens the
    tolerance, but never beyond `WORST_ERROR` of the slope's size.

    Raises ValueError if the shapes of `x` and `candidate` differ.
    """
    x, candidate = _same_shape(x, candidate)
    signs = np.where(candidate == 0, rng.choice([-1.0, 1.0], size=x.shape), np.sign(candidate))
    aligned = rng.uniform(0.5, 1.5, size=x.shape) * np.where(np.isnan(signs), 1.0, signs)
    for direction in (aligned, rng.normal(size=x.shape)):
        analytical, size = _inner(candidate, direction)
        numerical = directional_derivative(f, x, direction)
        if not _deviation(analytical, numerical) <= _allowed(size, numerical, rtol, atol):
            worst = _worst_coordinate(f, x, candidate, rtol, atol)
            return worst or Disagreement(None, analytical, numerical.value, numerical.error)
    return None


def check_subgradient(
    f: Batch,
    x: np.ndarray,
    candidate: np.ndarray,
    *,
    rng: np.random.Generator,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> Disagreement | None:
    """Return None if `candidate` is a subgradient of the convex `f` at `x`, otherwise where not.

    g is a subgradient exactly if g.d <= f'(x; d) for every direction d (Rockafellar 1970, Convex
    Analysis, theorem 23.2). Tried are plus and minus the coordinates, the sums of two of them, of
    rows and of all, and random directions.

    Raises ValueError if the shapes of `x` and `candidate` differ.
    """
    x, candidate = _same_shape(x, candidate)
    directions = _telling_directions(x, rng)
    for direction, slope in zip(directions, _one_sided(f, x, directions), strict=True):
        inner, size = _inner(candidate, direction)
        if not inner - slope.value <= _allowed(size, slope, rtol, atol):
            return Disagreement(_only_coordinate(direction), inner, slope.value, slope.error)
    return None


# ---- difference quotients


def _central(f, x, directions: Sequence[np.ndarray]) -> list[Estimate]:
    steps = np.array([LADDER * _scale(x, direction) for direction in directions])
    both = np.concatenate([steps, -steps], axis=1)
    values = _along(f, x, directions, both)
    forward, backward = np.split(values, 2, axis=1)
    with np.errstate(all="ignore"):
        slopes = (forward - backward) / (2 * steps)
    # The error of a central difference has even powers of the step only.
    ratio = float((LADDER[0] / LADDER[1]) ** 2)
    return _extrapolate(slopes, steps, values, directions, x, ratio)


def _one_sided(f, x, directions: Sequence[np.ndarray]) -> list[Estimate]:
    ladder = LADDER[::2]  # half of the points are enough: kinks lie at x, not near it
    steps = np.array([ladder * _scale(x, direction) for direction in directions])
    values = _along(f, x, directions, np.concatenate([np.zeros((len(steps), 1)), steps], axis=1))
    with np.errstate(all="ignore"):
        slopes = (values[:, 1:] - values[:, :1]) / steps
    ratio = float(ladder[0] / ladder[1])
    return _extrapolate(slopes, steps, values, directions, x, ratio)


def _scale(x, direction) -> float:
    """How far to go along `direction` so that every coordinate changes by its own size at most.

    A power of two, so that the points lie where they are meant to.
    """
    moved = direction != 0
    if not moved.any():
        return 1.0
    reach = float(np.min(np.maximum(1.0, np.abs(x[moved])) / np.abs(direction[moved])))
    return float(2.0 ** np.floor(np.log2(reach)))


def _along(f, x, directions, steps) -> np.ndarray:
    """Return f(x + t d) for each direction d and each of its steps t, from a single call of `f`."""
    stencils = [x + np.multiply.outer(t, d) for t, d in zip(steps, directions, strict=True)]
    return np.asarray(f(np.concatenate(stencils)), dtype=float).reshape(steps.shape)


def _extrapolate(slopes, steps, values, directions, x, ratio) -> list[Estimate]:
    """Return for each direction the best entry of the Neville table of its slopes.

    The steps of a direction shrink geometrically; `ratio` is what the leading error shrinks by.
    """
    rounding = _rounding(slopes, steps, values, directions, x)
    column, entries, errors = slopes, [], []
    for order in range(1, slopes.shape[1]):
        wide, narrow = column[:, :-1], column[:, 1:]
        with np.errstate(all="ignore"):
            column = narrow + (narrow - wide) / (ratio**order - 1)
            change = np.maximum(np.abs(column - narrow), np.abs(column - wide))
            entries.append(column)
            errors.append(change + rounding[:, order:])
    entries, errors = np.concatenate(entries, axis=1), np.concatenate(errors, axis=1)
    errors[~np.isfinite(errors)] = np.inf
    best = np.arange(len(errors)), np.argmin(errors, axis=1)
    return [
        Estimate(float(value) if error < np.inf else float("nan"), float(error))
        for value, error in zip(entries[best], errors[best], strict=True)
    ]


def _rounding(slopes, steps, values, directions, x) -> np.ndarray:
    """Bound what rounding of the values of `f` and of the points does to each slope."""
    bounds = []
    for row, direction, seen in zip(slopes, directions, values, strict=True):
        moved = direction != 0
        with np.errstate(all="ignore"):
            # f may compute in float32; but a line through numbers of few bits only looks like it.
            single = np.array_equal(seen.astype(np.float32), seen) and np.ptp(row) > 0
            displaced = _largest(x[moved] / direction[moved]) * _largest(row)
        eps = np.finfo(np.float32 if single else np.float64).eps
        bounds.append(4 * eps * (_largest(seen) + displaced))
    with np.errstate(all="ignore"):
        return np.array(bounds)[:, None] / steps


# ---- comparing


def _same_shape(x, candidate):
    x, candidate = np.asarray(x, dtype=float), np.asarray(candidate, dtype=float)
    if candidate.shape != x.shape:
        raise ValueError(f"the gradient has shape {candidate.shape}, the point {x.shape}")
    return x, candidate


def _inner(candidate, direction) -> tuple[float, float]:
    """Return the inner product and the sum of the magnitudes of its terms."""
    with np.errstate(all="ignore"):
        terms = candidate * direction
        return float(np.sum(terms)), float(np.sum(np.abs(terms)))


def _deviation(analytical: float, numerical: Estimate) -> float:
    return abs(analytical - numerical.value)


def _allowed(size: float, numerical: Estimate, rtol: float, atol: float) -> float:
    """Return how far off a slope may be; NaN, with which nothing agrees, if it is not finite."""
    size = max(size, abs(numerical.value))
    if not np.isfinite(size):
        return float("nan")
    return atol + rtol * size + min(numerical.error, WORST_ERROR * size)


def _worst_coordinate(f, x, candidate, rtol, atol) -> Disagreement | None:
    """Find the coordinate by one step each, and measure only that one with care."""
    units = _unit_vectors(x)
    steps = np.array([[ROUGH_STEP * _scale(x, unit)] for unit in units])
    values = _along(f, x, units, np.concatenate([steps, -steps], axis=1))
    with np.errstate(all="ignore"):
        rough = (values[:, 0] - values[:, 1]) / (2 * steps[:, 0])
        deviation = np.abs(candidate.ravel() - rough)
    deviation[~np.isfinite(deviation)] = np.inf
    worst = int(np.argmax(deviation))
    numerical = _central(f, x, [units[worst]])[0]
    analytical = float(candidate.ravel()[worst])
    if abs(analytical - numerical.value) <= _allowed(_largest(candidate), numerical, rtol, atol):
        return None
    index = tuple(map(int, np.unravel_index(worst, x.shape)))
    return Disagreement(index, analytical, numerical.value, numerical.error)


def _telling_directions(x, rng) -> list[np.ndarray]:
    units = _unit_vectors(x)
    pairs = [a + b for i, a in enumerate(units) for b in units[:i]]
    rows = [np.zeros(x.shape) for _ in range(len(x) if x.ndim > 1 else 0)]
    for i, row in enumerate(rows):
        row[i] = 1.0
    fixed = [*units, *pairs, *rows, np.ones(x.shape)]
    signs = [rng.choice([-1.0, 1.0], size=x.shape) for _ in range(10)]
    chance = [rng.normal(size=x.shape) for _ in range(10)]
    return [*fixed, *[-direction for direction in fixed], *signs, *chance]


def _only_coordinate(direction) -> tuple[int, ...] | None:
    moved = np.argwhere(direction)
    return tuple(map(int, moved[0])) if len(moved) == 1 else None


def _largest(values) -> float:
    """The largest finite magnitude, 0 if there is none."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size else 0.0


def _unit_vectors(x) -> list[np.ndarray]:
    return list(np.eye(x.size).reshape(x.size, *x.shape))
