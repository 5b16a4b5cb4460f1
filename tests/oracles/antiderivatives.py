"""Oracles of the unit `antiderivatives`."""

import itertools

import mpmath

from tests.oracles import exact, oracle


def samples(count):
    """Draw samples at so many points, of one function or of several, and a spacing."""

    def drawn(rng):
        size, functions = count(rng.integers(1, 5)), [(), (3,)][rng.integers(2)]
        return rng.normal(size=(size, *functions)), rng.choice([-1, 1]) * rng.uniform(0.01, 1)

    return drawn


def by_column(rule, y):
    """Apply a rule for the samples of one function, to columns if there are several."""
    y = exact(y)
    several = isinstance(y[0], list)
    return [rule(list(column)) for column in zip(*y, strict=True)] if several else rule(y)


@oracle(samples(lambda n: n + 1))
def trapezoid(y, dx):
    dx = exact(dx)
    return by_column(lambda y: mpmath.fsum((p + q) / 2 * dx for p, q in itertools.pairwise(y)), y)


@oracle(samples(lambda n: 2 * n + 1))
def simpson(y, dx):
    dx = exact(dx)

    def under_parabola(p, q, r):  # through (-dx, p), (0, q), (dx, r)
        curvature, slope = (p - 2 * q + r) / dx**2, (r - p) / (2 * dx)
        return mpmath.quad(lambda t: q + slope * t + curvature / 2 * t**2, [-dx, dx])

    def rule(y):
        return mpmath.fsum(under_parabola(*y[i : i + 3]) for i in range(0, len(y) - 2, 2))

    return by_column(rule, y)


@oracle(lambda rng: (3 * rng.normal(size=rng.integers(1, 6)), rng.uniform(0.3, 3)), delta=1.0)
def huber_from_clip(r, delta):
    delta = exact(delta)

    def loss(r):
        kinks = [s * delta for s in (-1, 1) if abs(r) > delta and s * r > 0]
        return mpmath.quad(lambda t: max(-delta, min(t, delta)), [0, *kinks, r])

    return [loss(entry) for entry in exact(r)]


@oracle(lambda rng: (3 * rng.normal(size=rng.integers(1, 6)),))
def log_cosh_from_tanh(r):
    return [mpmath.quad(mpmath.tanh, [0, entry]) for entry in exact(r)]


@oracle(lambda rng: (3 * rng.normal(size=rng.integers(1, 6)),))
def softplus_from_sigmoid(z):
    def sigmoid(t):
        return 1 / (1 + mpmath.exp(-t))

    return [mpmath.quad(sigmoid, [-mpmath.inf, -20, 0, entry]) for entry in exact(z)]
