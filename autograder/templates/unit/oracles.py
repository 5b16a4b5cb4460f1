"""Oracles of the unit `UNIT`."""

import mpmath

from tests.oracles import exact, mean, oracle, slopes


def targets(rng):
    n = rng.integers(1, 8)
    return rng.normal(size=n), 3 * rng.normal(size=n)


@oracle(targets)
def UNIT(y, y_hat):
    pairs = zip(exact(y), exact(y_hat), strict=True)
    return mean(mpmath.log(mpmath.cosh(q - p)) for p, q in pairs)


@oracle(targets)
def UNIT_grad(y, y_hat):
    return slopes(lambda point: UNIT(y, point), exact(y_hat))
