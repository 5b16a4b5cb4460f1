"""Oracles of the unit `mse`."""

import mpmath

from tests.oracles import dot, exact, mean, oracle, slopes


def targets(rng):
    n = rng.integers(1, 8)
    return rng.normal(size=n), 10 * rng.normal(size=n)


def regression(rng):
    n, d = rng.integers(1, 7, size=2)
    return rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d), rng.normal()


@oracle(targets)
def squared_error(y, y_hat):
    return [(p - q) ** 2 / 2 for p, q in zip(exact(y), exact(y_hat), strict=True)]


@oracle(targets)
def squared_error_grad(y, y_hat):
    pairs = zip(exact(y), exact(y_hat), strict=True)
    return [mpmath.diff(lambda t, p=p: (p - t) ** 2 / 2, q) for p, q in pairs]


@oracle(targets)
def mse(y, y_hat):
    return mean((p - q) ** 2 for p, q in zip(exact(y), exact(y_hat), strict=True))


@oracle(targets)
def mse_grad(y, y_hat):
    return slopes(lambda point: mse(exact(y), point), exact(y_hat))


@oracle(regression)
def linear_mse_grad(X, y, w, b):
    X, y, w, b = map(exact, (X, y, w, b))

    def loss(w, b):
        return mse(y, [dot(row, w) + b for row in X])

    return slopes(lambda w: loss(w, b), w), slopes(lambda b: loss(w, b), b)
