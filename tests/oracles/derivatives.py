"""Oracles of the unit `derivatives`."""

import mpmath
import numpy as np

from autograder.wire import Formula
from tests.oracles import entries_of, exact, oracle, slopes

CURVES = [
    ("np.sin(x)", mpmath.sin),
    ("np.exp(x) - x**3", lambda x: mpmath.exp(x) - x**3),
    ("1 / (1 + x**2)", lambda x: 1 / (1 + x**2)),
]
FIELDS = [
    ("np.sum(x**3)", lambda entries: mpmath.fsum(x**3 for x in entries)),
    ("np.sum(np.sin(x)) ** 2", lambda entries: mpmath.fsum(map(mpmath.sin, entries)) ** 2),
]


def curve(rng):
    return Formula(CURVES[rng.integers(len(CURVES))][0]), rng.normal(), rng.uniform(1e-3, 0.3)


def field(rng):
    shape = [(3,), (2, 3), ()][rng.integers(3)]
    return Formula(FIELDS[rng.integers(2)][0]), rng.normal(size=shape), rng.uniform(1e-3, 0.3)


@oracle(curve, h=1e-5)
def forward_difference(f, x, h):
    f, x, h = dict(CURVES)[f.source], exact(x), exact(h)
    return (f(x + h) - f(x)) / h


@oracle(curve, h=1e-5)
def central_difference(f, x, h):
    f, x, h = dict(CURVES)[f.source], exact(x), exact(h)
    return (f(x + h) - f(x - h)) / (2 * h)


@oracle(field, h=1e-5)
def numerical_gradient(f, x, h):
    f, h, shape = dict(FIELDS)[f.source], exact(h), np.shape(x)
    entries = entries_of(exact(x))

    def moved(i, step):
        return f([e + step if j == i else e for j, e in enumerate(entries)])

    slopes = [(moved(i, h) - moved(i, -h)) / (2 * h) for i in range(len(entries))]
    return np.array(slopes, dtype=object).reshape(shape).tolist()


@oracle(lambda rng: (rng.normal(size=4), rng.normal(size=4) * 10.0 ** rng.integers(-12, 3, size=4)))
def relative_error(a, b):
    pairs = zip(exact(a), exact(b), strict=True)
    return max(abs(p - q) / max(abs(p), abs(q), mpmath.mpf(1e-8)) for p, q in pairs)


@oracle(lambda rng: tuple(rng.normal(size=4)))
def linear_chain(x, w, b, y):
    x, w, b, y = map(exact, (x, w, b, y))
    return (
        slopes(lambda w: (y - (w * x + b)) ** 2 / 2, w),
        slopes(lambda b: (y - (w * x + b)) ** 2 / 2, b),
    )
